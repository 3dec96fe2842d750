//! Any HTML becomes safe text.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countermand::domain::fuzz_support::html(text));
