#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| livectl_fuzz::items::run(data));
