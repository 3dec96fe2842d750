//! Any settings file is read, or refused at its place.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| countermand::settings::fuzz_support::file(text));
