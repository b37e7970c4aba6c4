#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|bytes: &[u8]| huoyan_fuzz::ruleset_bytes(bytes));
fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| {
    huoyan_fuzz::mutate_ruleset(data, size, max, seed)
});
