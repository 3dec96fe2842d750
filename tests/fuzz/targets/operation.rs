//! Any body as each form of an answer.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| countermand::service::cpp::fuzz_support::operation_json(body));
