//! Any `Retry-After`, with any `Date` on the line below it.

#![no_main]

libfuzzer_sys::fuzz_target!(|head: &[u8]| {
    let line_end = head.iter().position(|byte| *byte == b'\n').unwrap_or(head.len());
    let (asked, date) = head.split_at(line_end);
    countermand::service::cpp::fuzz_support::retry_after(asked, date.get(1..).unwrap_or_default());
});
