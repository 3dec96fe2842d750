//! Bytes of a terminal as events: where each sequence begins and ends.
//!
//! A terminal sends what a person types and what it answers on one line. Of a sequence that is not known not a byte becomes a
//! key: a late answer would press whatever its letters are bound to. So a sequence is read to its end before anything is
//! made of it, and whatever tears one apart (the network, a stall) must not change where that is.

use std::{collections::VecDeque, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::{keys, mouse};

/// After so long without a byte an escape was the key.
const ESCAPE: Duration = Duration::from_millis(50);
/// After so long without a byte a sequence has no end: a person's Alt-] makes nobody deaf.
const PATIENCE: Duration = Duration::from_secs(1);
/// So much of a sequence without an end is no sequence.
const LONGEST: usize = 64 * 1024;
/// The most of a paste that is kept; no field takes as much.
const PASTE: usize = 64 * 1024;
/// The most parameters of a sequence that can be known.
const PARAMETERS: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CTRL_C: u8 = 0x03;
const PASTE_END: &[u8] = b"\x1b[201~";

/// Where in what is typed one stands.
#[derive(Debug)]
enum State {
    /// Between two events.
    Ground,
    /// Inside a letter of several bytes.
    Letter {
        bytes: Vec<u8>,
        wanted: usize,
        alt: bool,
    },
    /// After an escape, or two of them, which is what some terminals send for Alt.
    Escape { twice: bool },
    /// The same, and the key was told.
    Escaped,
    /// `CSI`: parameters, up to a final byte.
    Control { parameters: Vec<u8>, alt: bool },
    /// `CSI [`, the function keys of the Linux console.
    Console,
    /// `CSI M`, and three more of any kind; a wide one may take two bytes.
    Clicked { bytes: Vec<u8> },
    /// `SS3`: one more.
    Single { alt: bool },
    /// A string that nobody here asked for: `DCS`, `OSC`, `APC`, `PM`, `SOS`.
    Text { is_ending: bool },
    /// A bracketed paste, with so many bytes of its end seen. An old one has paused for long.
    Paste {
        text: Vec<u8>,
        ending: usize,
        is_old: bool,
    },
}

/// Makes events of bytes.
#[derive(Debug)]
pub(super) struct Parser {
    state: State,
    /// How long the sequence is by now.
    length: usize,
    events: VecDeque<Event>,
}

impl Parser {
    pub(super) fn new() -> Self {
        Self {
            state: State::Ground,
            length: 0,
            events: VecDeque::new(),
        }
    }

    /// Takes what one read brought.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for (at, byte) in bytes.iter().enumerate() {
            self.take(*byte, at + 1 < bytes.len());
        }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Forgets the events so far, and not where in a sequence it stands.
    pub(super) fn forget(&mut self) {
        self.events.clear();
    }

    /// Whether what has come is an event, or may yet become one.
    pub(super) fn is_waiting(&self) -> bool {
        !self.events.is_empty() || !matches!(self.state, State::Ground | State::Escaped)
    }

    /// How long to wait for the next byte before [`Self::give_up`]; none where that changes nothing.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground | State::Paste { is_old: true, .. } => None,
            State::Escape { .. } => Some(ESCAPE),
            _ => Some(PATIENCE),
        }
    }

    /// No byte came in time.
    pub(super) fn give_up(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape { twice } => {
                for _ in 0..=usize::from(twice) {
                    self.press(KeyCode::Esc, false);
                }
                State::Escaped
            }
            // Its rest must not become keys, however late it comes.
            State::Paste { text, ending, .. } => State::Paste {
                text,
                ending,
                is_old: true,
            },
            _ => State::Ground,
        };
    }

    fn take(&mut self, byte: u8, is_more_behind: bool) {
        self.length += 1;
        let state = std::mem::replace(&mut self.state, State::Ground);
        self.state = match state {
            State::Letter { bytes, wanted, alt } => self.letter(bytes, wanted, alt, byte),
            State::Escape { twice } => self.escaped(twice, byte),
            // What is typed after the key comes alone; a sequence that was torn after its first byte does not. Nothing is
            // bound to what begins the two that keys send.
            State::Escaped if is_more_behind || matches!(byte, b'[' | b'O') => {
                introduced(byte, false).unwrap_or_else(|| self.begin(byte, false))
            }
            State::Ground | State::Escaped => self.begin(byte, false),
            State::Paste { text, ending, is_old } => self.paste(text, ending, is_old, byte),
            // All others end so; whoever wants out gets out.
            _ if byte == CTRL_C => self.begin(byte, false),
            _ if self.length > LONGEST => State::Ground,
            State::Text { is_ending } => in_text(is_ending, byte),
            _ if byte == ESC => self.begin(byte, false),
            State::Control { parameters, alt } => self.control(parameters, alt, byte),
            State::Console => {
                if let b'A'..=b'E' = byte {
                    self.press(KeyCode::F(byte - b'A' + 1), false);
                }
                State::Ground
            }
            State::Clicked { bytes } => self.clicked(bytes, byte),
            State::Single { alt } => {
                if let Some(code) = keys::single(byte) {
                    self.press(code, alt);
                }
                State::Ground
            }
        };
    }

    /// The first byte of anything.
    fn begin(&mut self, byte: u8, alt: bool) -> State {
        self.length = 1;
        let wanted = match byte {
            ESC => return State::Escape { twice: false },
            0x80..=0x9f => return introduced(byte - 0x40, alt).unwrap_or(State::Ground),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0xa0..=0xc1 | 0xf5..=0xff => return State::Ground,
            _ => {
                self.events.push_back(Event::Key(with(keys::plain(byte), alt)));
                return State::Ground;
            }
        };
        State::Letter {
            bytes: vec![byte],
            wanted,
            alt,
        }
    }

    fn letter(&mut self, mut bytes: Vec<u8>, wanted: usize, alt: bool, byte: u8) -> State {
        if !matches!(byte, 0x80..=0xbf) {
            return self.begin(byte, false);
        }
        bytes.push(byte);
        if bytes.len() < wanted {
            return State::Letter { bytes, wanted, alt };
        }
        let letter = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| text.chars().next());
        match letter {
            // A control of eight bits, in UTF-8.
            Some('\u{80}'..='\u{9f}') => introduced(byte - 0x40, alt).unwrap_or(State::Ground),
            Some(letter) => {
                self.events.push_back(Event::Key(with(keys::letter(letter), alt)));
                State::Ground
            }
            None => State::Ground,
        }
    }

    fn escaped(&mut self, twice: bool, byte: u8) -> State {
        if let Some(state) = introduced(byte, twice) {
            return state;
        }
        if byte == ESC && !twice {
            return State::Escape { twice: true };
        }
        if twice {
            self.press(KeyCode::Esc, false);
        }
        match byte {
            ESC => State::Escape { twice: true },
            CTRL_C => self.begin(byte, false),
            _ => self.begin(byte, true),
        }
    }

    fn control(&mut self, mut parameters: Vec<u8>, alt: bool, byte: u8) -> State {
        match byte {
            // CAN and SUB break a sequence off.
            0x18 | 0x1a => return State::Ground,
            b'[' if parameters.is_empty() => return State::Console,
            b'M' if parameters.is_empty() => {
                return State::Clicked { bytes: Vec::new() };
            }
            b'~' if parameters == b"200" => {
                return State::Paste {
                    text: Vec::new(),
                    ending: 0,
                    is_old: false,
                };
            }
            0x40..=0x7e => {
                let event = match parameters.strip_prefix(b"<") {
                    Some(parameters) => mouse::reported(parameters, byte),
                    None => keys::control(&parameters, byte),
                };
                self.events.extend(event.map(|event| match event {
                    Event::Key(key) => Event::Key(with(key, alt)),
                    other => other,
                }));
                return State::Ground;
            }
            _ if parameters.len() < PARAMETERS => parameters.push(byte),
            // Longer than any that is known: nothing is made of it.
            _ => parameters.fill(b'?'),
        }
        State::Control { parameters, alt }
    }

    fn clicked(&mut self, mut bytes: Vec<u8>, byte: u8) -> State {
        let is_within = matches!(bytes.last(), Some(0xc2..=0xdf)) && matches!(byte, 0x80..=0xbf);
        if mouse::positions(&bytes) == 3 && !is_within {
            return self.begin(byte, false);
        }
        bytes.push(byte);
        if mouse::positions(&bytes) < 3 || matches!(byte, 0xc2..=0xdf) {
            return State::Clicked { bytes };
        }
        self.events.extend(mouse::clicked(&bytes));
        State::Ground
    }

    fn paste(&mut self, mut text: Vec<u8>, mut ending: usize, is_old: bool, byte: u8) -> State {
        if byte == CTRL_C && is_old {
            // The end of it was lost, and somebody wants out.
            self.events.push_back(pasted(&text));
            return self.begin(byte, false);
        }
        if byte == PASTE_END[ending] {
            ending += 1;
        } else {
            keep(&mut text, &PASTE_END[..ending]);
            ending = usize::from(byte == ESC);
            if ending == 0 {
                keep(&mut text, &[byte]);
            }
        }
        if ending == PASTE_END.len() {
            self.events.push_back(pasted(&text));
            return State::Ground;
        }
        State::Paste {
            text,
            ending,
            is_old: false,
        }
    }

    fn press(&mut self, code: KeyCode, alt: bool) {
        self.events.push_back(Event::Key(with(code.into(), alt)));
    }
}

/// What `byte` begins after an escape, other than a key with Alt.
fn introduced(byte: u8, alt: bool) -> Option<State> {
    Some(match byte {
        b'[' => State::Control {
            parameters: Vec::new(),
            alt,
        },
        b'O' => State::Single { alt },
        b'P' | b']' | b'_' | b'^' | b'X' => State::Text { is_ending: false },
        _ => return None,
    })
}

/// Inside of a string: it ends where it says, or where something else begins.
fn in_text(is_ending: bool, byte: u8) -> State {
    match byte {
        BEL => State::Ground,
        b'\\' if is_ending => State::Ground,
        _ if is_ending
            && byte != b'O'
            && let Some(state) = introduced(byte, false) =>
        {
            state
        }
        _ => State::Text {
            is_ending: byte == ESC,
        },
    }
}

fn with(mut key: KeyEvent, alt: bool) -> KeyEvent {
    key.modifiers.set(
        KeyModifiers::ALT,
        alt || key.modifiers.contains(KeyModifiers::ALT),
    );
    key
}

fn keep(text: &mut Vec<u8>, more: &[u8]) {
    if text.len() + more.len() <= PASTE {
        text.extend_from_slice(more);
    }
}

fn pasted(text: &[u8]) -> Event {
    Event::Paste(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests;
