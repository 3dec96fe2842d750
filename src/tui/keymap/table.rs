//! Every key, what it does, where, and how that is told.

use crossterm::event::KeyCode;

use crate::tui::keymap::{
    Command, Entry,
    Place::{
        self, Addresses, Asked, Cancellations, Copying, Details, Filter, Help, History, Offers, Palette,
        Profiles, Record, Status, Told, Typing,
    },
    chord::Chord,
};

const fn key(code: KeyCode) -> Chord {
    Chord { code, control: false }
}

const fn letter(letter: char) -> Chord {
    key(KeyCode::Char(letter))
}

const fn control(letter: char) -> Chord {
    Chord {
        code: KeyCode::Char(letter),
        control: true,
    }
}

const PANES: &[Place] = &[Offers, Status, Cancellations];
const MOVING: &[Place] = &[
    Offers,
    Status,
    Cancellations,
    Details,
    History,
    Record,
    Profiles,
    Help,
];
/// Where something is read that has more to it.
const READING: &[Place] = &[Offers, Status, Cancellations, Details, History, Record];
const STEPPING: &[Place] = &[
    Offers,
    Status,
    Cancellations,
    Details,
    History,
    Record,
    Profiles,
    Help,
    Copying,
];
const ARROWS: &[Place] = &[
    Offers,
    Status,
    Cancellations,
    Details,
    History,
    Record,
    Profiles,
    Help,
    Copying,
    Palette,
    Filter,
    Told,
    Asked,
    Typing,
];
/// Where the list under a text that is typed moves by pages.
const PAGING: &[Place] = &[
    Offers,
    Status,
    Cancellations,
    Details,
    History,
    Record,
    Help,
    Told,
    Asked,
    Typing,
];
pub(super) const EVERYWHERE: &[Place] = &[
    Offers,
    Status,
    Cancellations,
    Details,
    History,
    Record,
    Profiles,
    Help,
    Filter,
    Told,
    Asked,
    Typing,
    Addresses,
    Palette,
    Copying,
];

/// Every key that does something, in the order of the footer and the help.
pub static TABLE: &[Entry] = &[
    Entry {
        keys: &[letter('j')],
        command: Command::Down,
        places: STEPPING,
        hint: "",
        help: "down, up",
    },
    Entry {
        keys: &[key(KeyCode::Down)],
        command: Command::Down,
        places: ARROWS,
        hint: "",
        help: "down, up",
    },
    Entry {
        keys: &[letter('k')],
        command: Command::Up,
        places: STEPPING,
        hint: "",
        help: "",
    },
    Entry {
        keys: &[key(KeyCode::Up)],
        command: Command::Up,
        places: ARROWS,
        hint: "",
        help: "",
    },
    Entry {
        keys: &[letter('g'), key(KeyCode::Home)],
        command: Command::First,
        places: MOVING,
        hint: "",
        help: "to the first, to the last",
    },
    Entry {
        keys: &[letter('G'), key(KeyCode::End)],
        command: Command::Last,
        places: MOVING,
        hint: "",
        help: "",
    },
    Entry {
        keys: &[control('d')],
        command: Command::HalfDown,
        places: MOVING,
        hint: "",
        help: "half a page down, up",
    },
    Entry {
        keys: &[control('u')],
        command: Command::HalfUp,
        places: MOVING,
        hint: "",
        help: "",
    },
    Entry {
        keys: &[key(KeyCode::PageDown)],
        command: Command::PageDown,
        places: PAGING,
        hint: "",
        help: "a page down, up",
    },
    Entry {
        keys: &[key(KeyCode::PageUp)],
        command: Command::PageUp,
        places: PAGING,
        hint: "",
        help: "",
    },
    Entry {
        keys: &[letter('c')],
        command: Command::Cancel,
        places: &[Offers, Status, Cancellations, Details],
        hint: "cancel",
        help: "cancel what is in flight here or on the marked; asks first",
    },
    Entry {
        keys: &[letter('o')],
        command: Command::LookAgain,
        places: &[Offers, Status, Cancellations, Details, History, Record],
        hint: "look again",
        help: "look again how an open cancellation ends",
    },
    Entry {
        keys: &[letter('/')],
        command: Command::Filter,
        places: PANES,
        hint: "filter",
        help: "find offers by text or by terms such as state:running",
    },
    Entry {
        keys: &[letter(' ')],
        command: Command::Mark,
        places: &[Offers],
        hint: "mark",
        help: "mark an offer or take the mark off; all that are shown",
    },
    Entry {
        keys: &[letter('*')],
        command: Command::MarkAll,
        places: &[Offers],
        hint: "",
        help: "",
    },
    Entry {
        keys: &[letter('?')],
        command: Command::Help,
        places: MOVING,
        hint: "help",
        help: "all keys",
    },
    Entry {
        keys: &[letter(':')],
        command: Command::Palette,
        places: READING,
        hint: "",
        help: "any command by its name",
    },
    Entry {
        keys: &[key(KeyCode::Enter)],
        command: Command::Details,
        places: &[Offers, Status, Cancellations, History],
        hint: "details",
        help: "all that is known of the offer or cancellation",
    },
    Entry {
        keys: &[letter('f')],
        command: Command::InFlight,
        places: PANES,
        hint: "in flight",
        help: "show only what is in flight or was canceled from here",
    },
    Entry {
        keys: &[letter('s')],
        command: Command::Sort,
        places: &[Offers],
        hint: "sort",
        help: "sort by the next column; the other way round",
    },
    Entry {
        keys: &[letter('S')],
        command: Command::TurnSort,
        places: &[Offers],
        hint: "",
        help: "",
    },
    Entry {
        keys: &[letter('H')],
        command: Command::History,
        places: &[Offers, Status, Cancellations, Details],
        hint: "history",
        help: "every cancellation this machine knows",
    },
    Entry {
        keys: &[key(KeyCode::Tab), letter('l')],
        command: Command::NextPane,
        places: PANES,
        hint: "pane",
        help: "to the next pane, to the one before",
    },
    Entry {
        keys: &[letter('h')],
        command: Command::PreviousPane,
        places: PANES,
        hint: "",
        help: "",
    },
    Entry {
        keys: &[letter('r')],
        command: Command::Refresh,
        places: &[Offers, Status, Cancellations, Details, History],
        hint: "refresh",
        help: "ask anew: the service, or in the history the journal",
    },
    Entry {
        keys: &[letter('p')],
        command: Command::Profiles,
        places: &[Offers, Status, Cancellations, Details, History],
        hint: "profile",
        help: "go to another profile; what is followed here is followed on",
    },
    Entry {
        keys: &[letter('y')],
        command: Command::Copy,
        places: PANES,
        hint: "",
        help: "copy an id, the Location or a curl line, through the terminal",
    },
    Entry {
        keys: &[letter('y')],
        command: Command::Copy,
        places: &[Details, History, Record, Copying],
        hint: "copy",
        help: "copy an id, the Location or a curl line, through the terminal",
    },
    Entry {
        keys: &[letter('y')],
        command: Command::Confirm,
        places: &[Asked],
        hint: "cancel it",
        help: "in the confirmation: cancel the operation",
    },
    Entry {
        keys: &[key(KeyCode::Tab)],
        command: Command::Addresses,
        places: &[Asked, Typing],
        hint: "who is mailed",
        help: "in the confirmation: edit who is mailed",
    },
    Entry {
        keys: &[key(KeyCode::Enter)],
        command: Command::Accept,
        places: &[Filter, Addresses, Profiles, Palette, Copying],
        hint: "take",
        help: "in a dialog: take what is chosen or typed",
    },
    Entry {
        keys: &[key(KeyCode::Enter)],
        command: Command::Accept,
        places: &[Typing],
        hint: "cancel it",
        help: "in a dialog: take what is chosen or typed",
    },
    Entry {
        keys: &[key(KeyCode::Tab)],
        command: Command::Complete,
        places: &[Palette],
        hint: "complete",
        help: "in the palette: complete the name",
    },
    Entry {
        keys: &[key(KeyCode::Esc)],
        command: Command::Back,
        places: &[
            Offers,
            Status,
            Cancellations,
            Details,
            History,
            Record,
            Profiles,
            Help,
            Filter,
            Told,
            Addresses,
            Palette,
            Copying,
        ],
        hint: "back",
        help: "close, undo the filter, back to the list, unmark all",
    },
    Entry {
        keys: &[letter('q')],
        command: Command::Quit,
        places: MOVING,
        hint: "quit",
        help: "quit",
    },
    Entry {
        keys: &[key(KeyCode::Esc)],
        command: Command::LeaveAlone,
        places: &[Asked, Typing],
        hint: "leave it alone",
        help: "in a dialog: leave the operation alone",
    },
    Entry {
        keys: &[letter('q')],
        command: Command::LeaveAlone,
        places: &[Told, Asked],
        hint: "",
        help: "in a dialog: leave the operation alone",
    },
    Entry {
        keys: &[control('c')],
        command: Command::QuitNow,
        places: EVERYWHERE,
        hint: "",
        help: "quit, whatever is open",
    },
    Entry {
        keys: &[control('z')],
        command: Command::Suspend,
        places: EVERYWHERE,
        hint: "",
        help: "suspend, fg comes back; paint the screen anew",
    },
    Entry {
        keys: &[control('l')],
        command: Command::Repaint,
        places: EVERYWHERE,
        hint: "",
        help: "",
    },
];
