//! What a terminal reports of its mouse.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// In the form that was asked for: `CSI < button ; column ; row M`, or `m` where it was let go.
pub(super) fn reported(parameters: &[u8], end: u8) -> Option<Event> {
    let mut numbers = std::str::from_utf8(parameters).ok()?.split(';');
    let mut number = || numbers.next()?.parse::<u16>().ok();
    let (button, column, row) = (number()?, number()?, number()?);
    let is_down = match end {
        b'M' => true,
        b'm' => false,
        _ => return None,
    };
    event(button.try_into().ok()?, column, row, is_down)
}

/// In the oldest form, which some terminals know alone: three bytes after `CSI M`, each 32 more than what it says.
pub(super) fn clicked(bytes: &[u8]) -> Option<Event> {
    let [button, column, row] = <[u8; 3]>::try_from(bytes).ok()?;
    let button = button.checked_sub(32)?;
    let at = |byte: u8| byte.checked_sub(32).map(u16::from);
    event(button, at(column)?, at(row)?, true)
}

/// How many of the three have come, where a wide one may be of two bytes.
pub(super) fn positions(bytes: &[u8]) -> usize {
    let is_pair = |pair: &&[u8]| matches!(pair, [0xc2..=0xdf, 0x80..=0xbf]);
    bytes.len() - bytes.windows(2).filter(is_pair).count()
}

fn event(button: u8, column: u16, row: u16, is_down: bool) -> Option<Event> {
    let modifiers = [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ];
    let held = modifiers.into_iter().filter(|(bit, _)| button & bit != 0);
    Some(Event::Mouse(MouseEvent {
        kind: kind(button, is_down)?,
        column: column.checked_sub(1)?,
        row: row.checked_sub(1)?,
        modifiers: held.map(|(_, held)| held).collect(),
    }))
}

fn kind(button: u8, is_down: bool) -> Option<MouseEventKind> {
    let is_moving = button & 32 != 0;
    let which = match button & 0b1100_0011 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        64 if !is_moving => return Some(MouseEventKind::ScrollUp),
        65 if !is_moving => return Some(MouseEventKind::ScrollDown),
        66 if !is_moving => return Some(MouseEventKind::ScrollLeft),
        67 if !is_moving => return Some(MouseEventKind::ScrollRight),
        3 if !is_moving => return Some(MouseEventKind::Up(MouseButton::Left)),
        3 => return Some(MouseEventKind::Moved),
        _ => return None,
    };
    Some(match (is_moving, is_down) {
        (true, _) => MouseEventKind::Drag(which),
        (false, true) => MouseEventKind::Down(which),
        (false, false) => MouseEventKind::Up(which),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(event: Option<Event>) -> Option<(MouseEventKind, u16, u16, KeyModifiers)> {
        match event? {
            Event::Mouse(at) => Some((at.kind, at.column, at.row, at.modifiers)),
            _ => None,
        }
    }

    #[test]
    fn buttons_and_the_wheel_are_told_in_both_forms() {
        use MouseEventKind::{Down, Drag, Moved, ScrollUp, Up};
        let none = KeyModifiers::NONE;
        for (parameters, end, expected) in [
            ("0;1;1", b'M', Some((Down(MouseButton::Left), 0, 0, none))),
            ("0;300;99", b'm', Some((Up(MouseButton::Left), 299, 98, none))),
            (
                "18;5;6",
                b'M',
                Some((Down(MouseButton::Right), 4, 5, KeyModifiers::CONTROL)),
            ),
            ("64;2;3", b'M', Some((ScrollUp, 1, 2, none))),
            ("32;2;3", b'M', Some((Drag(MouseButton::Left), 1, 2, none))),
            ("35;2;3", b'M', Some((Moved, 1, 2, none))),
            ("0;0;1", b'M', None),
            ("0;1", b'M', None),
            ("999;1;1", b'M', None),
            ("0;1;1", b'c', None),
            ("", b'M', None),
        ] {
            assert_eq!(
                told(reported(parameters.as_bytes(), end)),
                expected,
                "{parameters}"
            );
        }
        assert_eq!(
            told(clicked(b"\x20\x21\x22")),
            Some((Down(MouseButton::Left), 0, 1, none))
        );
        assert_eq!(told(clicked(b"\x20\x20\x22")), None);
        assert_eq!(told(clicked(b"\x20\x21")), None);
    }
}
