//! Whatever a terminal sends is the same events however it is torn, and makes nobody deaf.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countermand::tui::terminal::fuzz_support::typed(bytes));
