//! Any text is made safe, and stays so.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countermand::domain::proof::safe_text(text));
