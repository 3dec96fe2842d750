use crossterm::event::{KeyEventKind, MouseEventKind};
use proptest::prelude::*;

use super::*;
use crate::tui::terminal::input::fuzz_support::{self, events};

/// What terminals answer, to questions of whoever had them before.
const ANSWERS: &[&[u8]] = &[
    b"\x1b[?64;1;2;6;9;15;18;21;22c",
    b"\x1b[>41;354;0c",
    b"\x1b[=00000000c",
    b"\x1bP!|00000000\x1b\\",
    b"\x1b[?2026;2$y",
    b"\x1b[?2004;1$y",
    b"\x1b[0n",
    b"\x1b[12;40R",
    b"\x1b[?1u",
    b"\x1b[8;24;80t",
    b"\x1b[4;480;640t",
    b"\x1b]52;c;Y29udG9zby12bQ==\x07",
    b"\x1b]52;c;Y29udG9zby12bQ==\x1b\\",
    b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\",
    b"\x1b]10;rgb:cccc/cccc/cccc\x07",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    b"\x1b]lccc\x1b\\",
    b"\x1bP>|XTerm(388)\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1bP1$r0 q\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private\x1b\\",
    b"\x1bXstring\x1b\\",
    b"\x9b>41;354;0c",
    b"\xc2\x9d52;c;Y2M=\xc2\x9c\x07",
    b"\x1b[I",
    b"\x1b[O",
];

fn key(code: KeyCode) -> Event {
    Event::Key(code.into())
}

fn keys(events: &[Event]) -> Vec<&Event> {
    let is_input = |event: &&Event| matches!(event, Event::Key(_) | Event::Paste(_) | Event::Mouse(_));
    events.iter().filter(is_input).collect()
}

fn control(letter: char) -> Event {
    Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL))
}

/// The events of two pieces with a pause of more than any patience between them.
fn paused(head: &[u8], tail: &[u8]) -> Vec<Event> {
    let mut parser = Parser::new();
    parser.feed(head);
    if parser.patience() == Some(ESCAPE) {
        parser.give_up();
    }
    parser.feed(tail);
    std::iter::from_fn(|| parser.next()).collect()
}

#[test]
fn an_answer_of_the_terminal_is_no_key_however_it_is_torn() {
    for answer in ANSWERS {
        let shown = answer.escape_ascii();
        for at in 0..=answer.len() {
            let (head, tail) = answer.split_at(at);
            assert_eq!(
                keys(&events([head, tail])),
                Vec::<&Event>::new(),
                "{shown} at {at}"
            );
            let [then, after] = [[tail, b"j"].concat(), [answer, &b"j"[..]].concat()];
            assert_eq!(
                keys(&events([head, &then])),
                [&key(KeyCode::Char('j'))],
                "{shown} at {at}"
            );
            assert_eq!(
                events([&after[..]]).last(),
                Some(&key(KeyCode::Char('j'))),
                "{shown}"
            );
        }
    }
}

#[test]
fn an_answer_that_stalls_after_its_escape_presses_no_more_than_that() {
    for answer in ANSWERS {
        let told = paused(&answer[..1], &answer[1..]);
        let told = keys(&told);
        let is_escape = told.iter().all(|event| **event == key(KeyCode::Esc));
        assert!(
            is_escape && told.len() <= 1,
            "{}: {told:?}",
            answer.escape_ascii()
        );
    }
}

#[test]
fn an_escape_alone_is_the_key_and_what_follows_is_typed() {
    for (head, tail, expected) in [
        (&b"\x1b"[..], &b""[..], vec![key(KeyCode::Esc)]),
        (b"\x1b\x1b", b"", vec![key(KeyCode::Esc), key(KeyCode::Esc)]),
        (b"\x1b", b"j", vec![key(KeyCode::Esc), key(KeyCode::Char('j'))]),
        (b"\x1b", b"]", vec![key(KeyCode::Esc), key(KeyCode::Char(']'))]),
        (b"\x1b", b"\x1b[A", vec![key(KeyCode::Esc), key(KeyCode::Up)]),
        (b"\x1b", b"[A", vec![key(KeyCode::Esc), key(KeyCode::Up)]),
        (b"\x1b", b"OB", vec![key(KeyCode::Esc), key(KeyCode::Down)]),
    ] {
        assert_eq!(
            paused(head, tail),
            expected,
            "{} {}",
            head.escape_ascii(),
            tail.escape_ascii()
        );
    }
}

#[test]
fn nothing_makes_deaf_for_long() {
    for opening in [
        &b"\x1b]"[..],
        b"\x1bP",
        b"\x1b_",
        b"\x1b^",
        b"\x1bX",
        b"\x1b[",
        b"\x1b[>41",
        b"\x1b[[",
        b"\x1b[M",
        b"\x1bO",
        b"\xc3",
    ] {
        let mut parser = Parser::new();
        parser.feed(opening);
        assert!(parser.is_waiting());
        assert_eq!(parser.patience(), Some(PATIENCE), "{}", opening.escape_ascii());
        parser.give_up();
        assert_eq!(parser.patience(), None);
        parser.feed(b"j");
        assert_eq!(
            parser.next(),
            Some(key(KeyCode::Char('j'))),
            "{}",
            opening.escape_ascii()
        );
        let out = events([opening, b"\x03"]);
        assert_eq!(out, [control('c')], "{}", opening.escape_ascii());
    }
    for opening in [&b"\x1b]"[..], b"\x1b["] {
        let endless = [opening, &vec![b'0'; LONGEST]].concat();
        assert_eq!(
            events([&endless[..], b"j"]).last(),
            Some(&key(KeyCode::Char('j')))
        );
    }
}

#[test]
fn a_click_in_the_oldest_form_is_no_key() {
    for bytes in [
        &b"\x1b[M   "[..],
        b"\x1b[M cc",
        b"\x1b[M \xc2\x84c",
        b"\x1b[M \xc8c",
        b"\x1b[Mc\xc2\x84\xc2\x84",
        b"\x1b[M\xff\xff\xff",
    ] {
        let told = events([bytes]);
        let keys = told.iter().filter(|event| matches!(event, Event::Key(_)));
        assert_eq!(keys.count(), 0, "{}: {told:?}", bytes.escape_ascii());
        assert_eq!(events([bytes, b"j"]).last(), Some(&key(KeyCode::Char('j'))));
    }
    let told = events([&b"\x1b[M !\"\x1b[<64;3;4M"[..]]);
    let kinds: Vec<MouseEventKind> = told
        .iter()
        .filter_map(|event| match event {
            Event::Mouse(event) => Some(event.kind),
            _ => None,
        })
        .collect();
    assert_eq!(
        kinds,
        [
            MouseEventKind::Down(crossterm::event::MouseButton::Left),
            MouseEventKind::ScrollUp
        ]
    );
}

#[test]
fn what_keys_send_is_those_keys() {
    let alt = |code| Event::Key(KeyEvent::new(code, KeyModifiers::ALT));
    for (bytes, expected) in [
        (
            &b"cy\r"[..],
            vec![
                key(KeyCode::Char('c')),
                key(KeyCode::Char('y')),
                key(KeyCode::Enter),
            ],
        ),
        (
            b"\x7f\t\x03\x1a",
            vec![
                key(KeyCode::Backspace),
                key(KeyCode::Tab),
                control('c'),
                control('z'),
            ],
        ),
        (
            "é漢🦀".as_bytes(),
            "é漢🦀".chars().map(|letter| key(KeyCode::Char(letter))).collect(),
        ),
        (b"\x1bj", vec![alt(KeyCode::Char('j'))]),
        (b"\x1b\x1b[A", vec![alt(KeyCode::Up)]),
        (b"\x1b\x1b\x1b[A", vec![key(KeyCode::Esc), alt(KeyCode::Up)]),
        (
            b"\x1b[A\x1bOA\x1bOP\x1b[[B",
            vec![
                key(KeyCode::Up),
                key(KeyCode::Up),
                key(KeyCode::F(1)),
                key(KeyCode::F(2)),
            ],
        ),
        (b"\x1b[\x1b[B", vec![key(KeyCode::Down)]),
        (b"\x1b]11;\x1b[B", vec![key(KeyCode::Down)]),
        (b"\xff\xfe\xc3c", vec![key(KeyCode::Char('c'))]),
    ] {
        assert_eq!(events([bytes]), expected, "{}", bytes.escape_ascii());
    }
    let upper = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
    assert_eq!(events([&b"G"[..]]), [Event::Key(upper)]);
    let held = KeyEvent::new_with_kind(KeyCode::Char('y'), KeyModifiers::NONE, KeyEventKind::Repeat);
    assert_eq!(events([&b"\x1b[121;1:2u"[..]]), [Event::Key(held)]);
}

#[test]
fn a_paste_is_one_event_however_long_it_pauses() {
    let pasted = |text: &str| Event::Paste(text.into());
    let whole = b"\x1b[200~c\x1by\x1b[201\r\x1b[201~";
    for at in 6..whole.len() {
        let (head, tail) = whole.split_at(at);
        let mut parser = Parser::new();
        parser.feed(head);
        while parser.patience().is_some() {
            parser.give_up();
        }
        assert!(parser.is_waiting(), "nothing arms inside of a paste");
        parser.feed(tail);
        assert_eq!(parser.next(), Some(pasted("c\x1by\x1b[201\r")), "{at}");
        assert_eq!(parser.next(), None);
    }
    // One that never ends can be left once it has paused, and a control inside of one means nothing.
    let mut parser = Parser::new();
    parser.feed(b"\x1b[200~a\x03b");
    assert_eq!(parser.next(), None);
    parser.give_up();
    parser.feed(b"\x03");
    assert_eq!(parser.next(), Some(pasted("a\x03b")));
    assert_eq!(parser.next(), Some(control('c')));
}

#[test]
fn of_a_paste_no_more_is_kept_than_anything_takes() {
    let long = [&b"\x1b[200~"[..], &vec![b'x'; 10 * PASTE], b"\x1b[201~j"].concat();
    let told = events([&long[..]]);
    let [Event::Paste(text), last] = &told[..] else {
        panic!("{} events", told.len())
    };
    assert_eq!((text.len(), last), (PASTE, &key(KeyCode::Char('j'))));
}

/// A sequence that no key sends.
fn unknown() -> impl Strategy<Value = Vec<u8>> {
    let bytes = |range: std::ops::RangeInclusive<u8>, most| prop::collection::vec(range, 0..most);
    let private = (
        prop::sample::select(b"=>?".to_vec()),
        bytes(0x30..=0x3f, 80),
        bytes(0x20..=0x2f, 4),
        0x40u8..=0x7e,
    )
        .prop_map(|(mark, parameters, between, end)| {
            [b"\x1b[", &[mark][..], &parameters, &between, &[end]].concat()
        });
    let between = (
        bytes(0x30..=0x3b, 12),
        bytes(0x20..=0x2f, 4),
        0x20u8..=0x2f,
        0x40u8..=0x7e,
    )
        .prop_map(|(parameters, between, one, end)| {
            [b"\x1b[", &parameters[..], &between, &[one, end]].concat()
        });
    let kinds = prop::sample::select(b"P]_^X".to_vec());
    let ends = prop::sample::select(vec![&b"\x07"[..], b"\x1b\\"]);
    let text = (kinds, "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{0,80}", ends)
        .prop_map(|(kind, text, end)| [&[0x1b, kind][..], text.as_bytes(), end].concat());
    prop_oneof![private, between, text]
}

proptest! {
    #[test]
    fn no_unknown_sequence_presses_a_key(sequences in prop::collection::vec(unknown(), 1..4), at in any::<prop::sample::Index>()) {
        let bytes = sequences.concat();
        let (head, tail) = bytes.split_at(at.index(bytes.len() + 1));
        let told = events([head, tail, b"j"]);
        prop_assert_eq!(told, [key(KeyCode::Char('j'))], "{}", bytes.escape_ascii());
    }

    #[test]
    fn whatever_comes_is_the_same_however_it_is_torn(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        fuzz_support::typed(&bytes);
    }

    #[test]
    fn what_is_nearly_right_is_the_same_however_it_is_torn(bytes in crate::domain::fuzz_support::mutant("typed")) {
        fuzz_support::typed(&bytes);
    }

    #[test]
    fn what_looks_like_sequences_is_the_same_however_it_is_torn(bytes in prop::collection::vec(
        prop::sample::select(b"\x1b\x1b\x1b[[]]OPM<>?;:0123456789~cuRAmyt\\\x07\x03\x18\xc2\x9b\x9d\xe6 ".to_vec()), 0..60,
    )) {
        fuzz_support::typed(&bytes);
    }
}
