//! Any body as that of a refusal.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| countermand::service::cpp::fuzz_support::error_json(body));
