//! Any body as each form of an answer.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| countermand::marketplace::cpp::proof::operation_json(body));
