//! Checks on output, for a pipe and for a terminal.

use crate::hostile_text::{TEXTS, bites, is_foul};

/// Sequences that the program itself sends to a terminal, without their numbers: the final byte, and whether it is
/// private. A new one is one line.
const SEQUENCES: &[(bool, char)] = &[
    (false, 'm'),
    (false, 'H'),
    (false, 'J'),
    (false, 'K'),
    (true, 'h'),
    (true, 'l'),
    (false, 't'),
];

/// Prefixes of the operating system commands that the program sends: title, notification, clipboard. The rest, up to
/// the terminator, must be as clean as any text. A new one is one line.
const COMMANDS: &[&str] = &["\x1b]2;", "\x1b]9;", "\x1b]777;notify;", "\x1b]52;c;"];
/// Terminators of a possibly open command.
const END: &str = "\x1b\\";

/// Longest run of marks on one letter.
const STACKED: usize = 4;

/// Asserts clean text lines: no hostile character, and no control but line breaks.
pub(crate) fn is_clean(bytes: &[u8], what: &str) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    for line in text.split('\n') {
        if let Some(foul) = line.chars().find(|c| is_foul(*c)) {
            panic!("{what}: {foul:?} in {line:?}");
        }
        has_no_flood(line, what);
    }
}

fn has_no_flood(line: &str, what: &str) {
    let mut run = 0;
    for c in line.chars() {
        let is_mark = matches!(u32::from(c), 0x300..=0x36f);
        run = if is_mark { run + 1 } else { 0 };
        assert!(run <= STACKED, "{what}: a flood in {line:?}");
    }
}

/// Asserts that everything sent to a terminal is clean text, apart from the program's own sequences.
pub(crate) fn is_ours(raw: &str, what: &str) {
    for text in TEXTS {
        for bite in bites(text) {
            assert!(!raw.contains(&bite), "{what}: {bite:?} of {text:?}");
        }
    }
    let mut text = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('\x1b') {
        text.push_str(&rest[..at]);
        text.push('\n');
        rest = after(&rest[at..], what);
    }
    text.push_str(rest);
    is_clean(text.as_bytes(), what);
}

/// Returns the rest after the sequence at the beginning of `raw`, which must be one of the program's own.
fn after<'a>(raw: &'a str, what: &str) -> &'a str {
    if let Some(sequence) = raw.strip_prefix("\x1b[") {
        let end = sequence
            .find(|c: char| !matches!(c, '0'..='9' | ';' | '?'))
            .unwrap_or(0);
        let (numbers, rest) = sequence.split_at(end);
        let last = rest.chars().next().unwrap_or('\0');
        let is_known = SEQUENCES.contains(&(numbers.starts_with('?'), last));
        assert!(is_known, "{what}: {:?}", shown(raw));
        return &rest[last.len_utf8()..];
    }
    if let Some(rest) = raw.strip_prefix(END) {
        return rest;
    }
    for command in COMMANDS {
        if let Some(body) = raw.strip_prefix(command) {
            let end = body.find(['\x07', '\x1b']).unwrap_or(body.len());
            is_clean(&body.as_bytes()[..end], what);
            let rest = &body[end..];
            return rest
                .strip_prefix(END)
                .or_else(|| rest.strip_prefix('\x07'))
                .unwrap_or(rest);
        }
    }
    panic!("{what}: {:?}", shown(raw));
}

fn shown(raw: &str) -> String {
    raw.chars().take(40).collect()
}

#[test]
fn hostile_output_is_detected() {
    for text in TEXTS
        .iter()
        .filter(|text| text.contains(|c| c != '\n' && is_foul(c)))
    {
        let found = std::panic::catch_unwind(|| is_clean(text.as_bytes(), "it"));
        assert!(found.is_err(), "{text:?}");
        let found = std::panic::catch_unwind(|| is_ours(&format!("\x1b[1mours\x1b[0m{text}"), "it"));
        assert!(found.is_err(), "{text:?}");
    }
    is_ours("\x1b[?2026h\x1b[2;7H\x1b[38;5;9mours\x1b[0m\x1b[?25l", "ours");
    is_ours(
        "\x1b[22;2t\x1b]2;1 cancelling\x1b\\\x1b]52;c;YQ==\x1b\\\x1b[23;2t",
        "ours",
    );
    for title in ["\x1b]2;a\u{202e}b\x1b\\", "\x1b]9;a\rb\x1b\\", "\x1b]0;a\x1b\\"] {
        let found = std::panic::catch_unwind(|| is_ours(title, "it"));
        assert!(found.is_err(), "{title:?}");
    }
}
