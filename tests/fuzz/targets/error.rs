//! Any body as that of a refusal.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| countermand::marketplace::cpp::proof::error_json(body));
