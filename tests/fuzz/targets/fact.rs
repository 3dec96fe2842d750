//! Any fact of a journal is refused, or whole.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countermand::domain::fuzz_support::fact(text));
