#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|calls: &[u8]| huoyan_fuzz::make_calls(calls));
