//! What must hold for whatever a terminal sends; panics where it does not.

#![expect(
    clippy::missing_panics_doc,
    reason = "a broken promise is told by a panic, to whoever looks for one"
)]

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::parser::Parser;

/// However `bytes` are torn, they are the same events; and whatever they are, somebody who wants out gets out.
pub fn typed(bytes: &[u8]) {
    let whole = events([bytes]);
    assert_eq!(whole, events(bytes.chunks(1)), "one by one");
    for at in [1, bytes.len() / 2, bytes.len().saturating_sub(1)] {
        let (head, tail) = bytes.split_at(at.min(bytes.len()));
        assert_eq!(whole, events([head, tail]), "torn at {at}");
    }
    let mut parser = Parser::new();
    parser.feed(bytes);
    while parser.next().is_some() {}
    parser.give_up();
    parser.feed(b"\x03");
    let out = Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
    assert_eq!(std::iter::from_fn(|| parser.next()).last(), Some(out));
}

/// The events of what comes in these pieces.
pub(super) fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Event> {
    let mut parser = Parser::new();
    for piece in pieces {
        parser.feed(piece);
    }
    std::iter::from_fn(|| parser.next()).collect()
}
