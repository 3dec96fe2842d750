//! No location leads away from what was cancelled.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countermand::service::cpp::fuzz_support::location(text));
