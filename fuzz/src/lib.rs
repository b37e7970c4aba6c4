//! What the targets of `fuzz_targets` share.
//!
//! Inputs of most targets are plain text, so that a corpus can be read; a
//! mutator that knows the packs' terms and disguises makes it worth the while.
//! What is compared with what is the tests' own code, taken by path.

#![allow(clippy::missing_panics_doc)]

// The slow reference of `core/tests`, with what it asks of the engine.
#[allow(dead_code)]
#[path = "../../core/tests/reference/alternatives.rs"]
mod alternatives;
#[allow(dead_code)]
#[path = "../../core/tests/reference/bench.rs"]
mod bench;
#[allow(dead_code)]
#[path = "../../core/tests/reference/check.rs"]
mod check;
#[allow(dead_code)]
#[path = "../../core/tests/reference/matcher.rs"]
mod matcher;
#[allow(dead_code)]
#[path = "../../core/tests/reference/recipe.rs"]
mod recipe;

#[allow(dead_code)]
#[path = "../../core/tests/common/damage.rs"]
mod damage;
#[path = "../../core/tests/common/told.rs"]
mod told;

mod calls;
mod checks;
mod inflate;
mod mutate;
mod packs;
mod pieces;
mod random;
mod rulesets;

pub use calls::make_calls;
pub use checks::{fold, mask, scan_paths, scan_reference, steps, stream};
pub use mutate::{mutate_pack, mutate_text};
pub use packs::pack_toml;
pub use rulesets::{mutate_ruleset, ruleset_bytes};

/// A target whose inputs are text.
#[macro_export]
macro_rules! text_target {
    ($check:path) => {
        libfuzzer_sys::fuzz_target!(|text: &[u8]| $check(text));
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8],
                                      size: usize,
                                      max: usize,
                                      seed: u32| {
            $crate::mutate_text(data, size, max, seed)
        });
    };
}
