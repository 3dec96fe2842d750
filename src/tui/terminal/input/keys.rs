//! The keys that a terminal sends, each as its bytes say; none for what no key sends.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A byte that stands for itself.
pub(super) fn plain(byte: u8) -> KeyEvent {
    let control = |letter: u8| KeyEvent::new(KeyCode::Char(letter.into()), KeyModifiers::CONTROL);
    match byte {
        0 => control(b' '),
        b'\r' | b'\n' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x7f => KeyCode::Backspace.into(),
        0x1b => KeyCode::Esc.into(),
        0x01..=0x1a => control(byte - 1 + b'a'),
        0x1c..=0x1f => control(byte - 0x1c + b'4'),
        _ => letter(byte.into()),
    }
}

/// A letter, whose case says whether shift was held.
pub(super) fn letter(letter: char) -> KeyEvent {
    let shift = if letter.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(letter), shift)
}

/// What follows `SS3`.
pub(super) fn single(byte: u8) -> Option<KeyCode> {
    match byte {
        b'M' => Some(KeyCode::Enter),
        b'R' => Some(KeyCode::F(3)),
        _ => cursor(byte),
    }
}

/// `CSI`, `parameters`, and its final byte. With a private marker or an intermediate it is an answer of the terminal, and so
/// is what ends in `R`: it says where the cursor is.
pub(super) fn control(parameters: &[u8], end: u8) -> Option<Event> {
    match (parameters, end) {
        (b"", b'I') => return Some(Event::FocusGained),
        (b"", b'O') => return Some(Event::FocusLost),
        _ => {}
    }
    let fields = fields(parameters)?;
    let field = |at: usize, within: usize| {
        fields
            .get(at)
            .and_then(|field| field.get(within))
            .copied()
            .flatten()
    };
    let first = field(0, 0);
    let (held, kind) = (held(field(1, 0)), kind(field(1, 1)));
    let key = |code| Some(KeyEvent::new_with_kind(code, held, kind));
    let key = match end {
        b'~' if first == Some(27) => coded(field(2, 0)?, None, held, kind),
        b'~' => key(numbered(first?)?),
        b'u' => coded(first?, field(0, 1), held, kind),
        b'Z' if matches!(first, None | Some(1)) => Some(KeyEvent::new_with_kind(
            KeyCode::BackTab,
            held | KeyModifiers::SHIFT,
            kind,
        )),
        _ if matches!(first, None | Some(1)) => key(cursor(end)?),
        _ => None,
    };
    key.map(Event::Key)
}

fn cursor(end: u8) -> Option<KeyCode> {
    Some(match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    let function = |before: u32| u8::try_from(number - before).ok().map(KeyCode::F);
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(10),
        17..=21 => function(11),
        23..=26 => function(12),
        28 | 29 => function(15),
        31..=34 => function(17),
        _ => None,
    }
}

/// A key by its character, as `CSI u` and `modifyOtherKeys` tell it; `shifted` is what shift makes of it there.
fn coded(code: u32, shifted: Option<u32>, held: KeyModifiers, kind: KeyEventKind) -> Option<KeyEvent> {
    let is_shifted = held.contains(KeyModifiers::SHIFT);
    let code = match code {
        9 if is_shifted => KeyCode::BackTab,
        9 => KeyCode::Tab,
        10 | 13 | KEYPAD_ENTER => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        KEYPAD..KEYPAD_ENTER => KeyCode::Char(char::from(*b"0123456789./*-+".get((code - KEYPAD) as usize)?)),
        KEYPAD_ENTER..=KEYPAD_LAST => keypad(code)?,
        PRIVATE_FIRST..=PRIVATE_LAST => return None,
        _ => {
            let letter = shifted.filter(|_| is_shifted).unwrap_or(code);
            let letter = char::from_u32(letter).filter(|letter| !letter.is_control())?;
            // A terminal that tells no other letter tells the one without shift.
            let is_plain = is_shifted && shifted.is_none();
            KeyCode::Char(if is_plain {
                letter.to_ascii_uppercase()
            } else {
                letter
            })
        }
    };
    Some(KeyEvent::new_with_kind(code, held, kind))
}

/// Where kitty's protocol has keys that are no characters.
const PRIVATE_FIRST: u32 = 0xe000;
const PRIVATE_LAST: u32 = 0xf8ff;
const KEYPAD: u32 = 57_399;
const KEYPAD_ENTER: u32 = 57_414;
const KEYPAD_LAST: u32 = 57_426;

fn keypad(code: u32) -> Option<KeyCode> {
    Some(match code {
        57_415 => KeyCode::Char('='),
        57_416 => KeyCode::Char(','),
        57_417 => KeyCode::Left,
        57_418 => KeyCode::Right,
        57_419 => KeyCode::Up,
        57_420 => KeyCode::Down,
        57_421 => KeyCode::PageUp,
        57_422 => KeyCode::PageDown,
        57_423 => KeyCode::Home,
        57_424 => KeyCode::End,
        57_425 => KeyCode::Insert,
        57_426 => KeyCode::Delete,
        _ => return None,
    })
}

fn held(mask: Option<u32>) -> KeyModifiers {
    let bits = mask.unwrap_or(1).saturating_sub(1);
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .map(|(_, held)| held)
    .collect()
}

fn kind(code: Option<u32>) -> KeyEventKind {
    match code {
        Some(2) => KeyEventKind::Repeat,
        Some(3) => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    }
}

/// The numbers between semicolons, each with what colons add to it; none where there is anything else.
fn fields(parameters: &[u8]) -> Option<Vec<Vec<Option<u32>>>> {
    let number = |text: &str| match text {
        "" => Some(None),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    };
    let text = std::str::from_utf8(parameters).ok()?;
    text.split(';')
        .map(|field| field.split(':').map(number).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, held: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, held))
    }

    #[test]
    fn each_form_of_a_key_is_read() {
        use KeyCode::{BackTab, Char, Delete, Down, Enter, Esc, F, Home, PageUp, Up};
        let (none, control, shift) = (KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::SHIFT);
        for (parameters, end, expected) in [
            ("", b'A', key(Up, none)),
            ("1;5", b'B', key(Down, control)),
            ("", b'Z', key(BackTab, shift)),
            ("3", b'~', key(Delete, none)),
            ("5;5", b'~', key(PageUp, control)),
            ("1", b'~', key(Home, none)),
            ("15", b'~', key(F(5), none)),
            ("24", b'~', key(F(12), none)),
            ("1;2", b'P', key(F(1), shift)),
            ("27;5;99", b'~', key(Char('c'), control)),
            ("99;5", b'u', key(Char('c'), control)),
            ("27", b'u', key(Esc, none)),
            ("97;2", b'u', key(Char('A'), shift)),
            ("49:33;2", b'u', key(Char('!'), shift)),
            ("57414", b'u', key(Enter, none)),
            ("57400", b'u', key(Char('1'), none)),
        ] {
            assert_eq!(
                control_of(parameters, end),
                Some(expected),
                "{parameters} {}",
                char::from(end)
            );
        }
        let release = KeyEvent::new_with_kind(Up, none, KeyEventKind::Release);
        assert_eq!(control_of("1;1:3", b'A'), Some(Event::Key(release)));
    }

    #[test]
    fn what_no_key_sends_is_none() {
        for (parameters, end) in [
            ("?64;1;2", b'c'),
            (">41;354;0", b'c'),
            ("", b'c'),
            ("12;40", b'R'),
            ("1;1", b'R'),
            ("0", b'n'),
            ("?2026;2$", b'y'),
            ("?1", b'u'),
            ("8;24;80", b't'),
            ("5", b'A'),
            ("200000", b'~'),
            ("57358", b'u'),
            ("3", b'u'),
            ("1114112", b'u'),
            ("99999999999", b'u'),
            ("1;+5", b'A'),
            ("\u{7}", b'A'),
        ] {
            assert_eq!(
                control_of(parameters, end),
                None,
                "{parameters} {}",
                char::from(end)
            );
        }
    }

    fn control_of(parameters: &str, end: u8) -> Option<Event> {
        control(parameters.as_bytes(), end)
    }
}
