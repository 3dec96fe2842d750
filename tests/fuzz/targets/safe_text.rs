//! Any text is made safe, and stays so.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countermand::domain::fuzz_support::safe_text(text));
