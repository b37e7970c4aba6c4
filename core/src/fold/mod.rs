//! Folding: from a code point to its plain form.
//!
//! A code point folds to itself, to one plain character (`Ｖ` to `v`, `冊` to
//! `册`), to a short sequence (`⑩` to `10`), and it may be [`Noise`]: what
//! disguises put between the letters of a word. Only mappings with *one*
//! target are made here. What is ambiguous (homophones, look-alike hanzi,
//! letters for digits) is an alternative of a rule's term instead.
//!
//! The tables come from `data/fold.tsv` and `data/noise.tsv`; their headers
//! name the sources and versions.
//!
//! ```
//! use huoyan::fold;
//!
//! let plain: String = fold::fold("ＶＸ註\u{200B}冊").map(|f| f.char).collect();
//! assert_eq!(plain, "vx注册");
//! ```

mod decode;
mod disguise;
mod escape;
mod hidden;
mod table;
mod text;

pub use decode::{REPLACEMENT, decode, decode_last};
pub(crate) use decode::{
    bits_of_three, bits_of_two_threes, decode_three_at, halves_of_three,
};
pub use disguise::{Disguise, DisguiseSet};
pub use escape::decode_escaped;
pub(crate) use escape::{
    ESCAPE_BYTES_MAX, begins_escape, decode_escaped_number, decode_last_escaped,
    end_of_escape_around, may_have_escape,
};
pub use hidden::is_hidden;
pub(crate) use table::only_seen;
#[cfg(feature = "compile")]
pub(crate) use table::{BLOCK, block};
pub use table::{Fold, Noise, lookup};
pub use text::{FoldedChar, FoldedText, fold, fold_bytes};
