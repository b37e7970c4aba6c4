#![no_main]

huoyan_fuzz::text_target!(huoyan_fuzz::scan_reference);
