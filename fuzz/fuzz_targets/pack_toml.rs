#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|source: &[u8]| huoyan_fuzz::pack_toml(source));
fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| {
    huoyan_fuzz::mutate_pack(data, size, max, seed)
});
