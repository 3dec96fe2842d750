//! Palette, copying, remapped keys, the mouse, and what reaches a person beyond the screen.

use std::sync::Arc;

use crossterm::event::{Event, KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::{
    domain::{operation::Source, verdict::Verdict},
    engine::{Snapshot, Tracked},
    settings::{KeyWish, Tell, Written},
    tui::{
        fixture::*,
        keymap::{Keymap, Place},
        model::{Capabilities, Focus, Hand, Setup},
        msg::{Effect, Msg, Reply},
        proof::{looks, notice},
        terminal::Multiplexer,
        theme::{Depth, NAMES, Palette, bundled},
    },
};

fn with(hand: Hand, snapshot: Snapshot) -> Desk {
    Desk::with(Setup { hand, ..setup() }, snapshot)
}

fn remapped(command: &str, keys: &[&str]) -> Hand {
    let written = |text: &str| Written {
        text: text.into(),
        file: std::path::Path::new("s.toml").into(),
        line: 1,
        column: 1,
    };
    let wish = KeyWish {
        command: written(command),
        keys: keys.iter().map(|key| written(key)).collect(),
    };
    Hand {
        keymap: Keymap::remapped(&[wish]).unwrap(),
        ..Hand::default()
    }
}

/// What `pick` finds among the effects so far.
fn among<'a>(desk: &'a Desk, pick: fn(&'a Effect) -> Option<&'a str>) -> Vec<&'a str> {
    desk.effects.iter().filter_map(pick).collect()
}

fn told(desk: &Desk) -> Vec<&str> {
    among(desk, |effect| match effect {
        Effect::Tell(text) => Some(text.as_str()),
        _ => None,
    })
}

fn titles(desk: &Desk) -> Vec<&str> {
    among(desk, |effect| match effect {
        Effect::Title(text) => Some(text.as_str()),
        _ => None,
    })
}

fn copies(desk: &Desk) -> Vec<&str> {
    among(desk, |effect| match effect {
        Effect::Copy(clip) => Some(clip.as_str()),
        _ => None,
    })
}

#[test]
fn a_remapped_key_works_and_every_sentence_names_it() {
    let mut desk = with(remapped("cancel", &["x"]), quiet());
    desk.select("contoso-vm");
    let screen = desk.screen();
    assert!(
        screen.contains("x cancels it") && screen.contains("x cancel "),
        "{screen}"
    );
    desk.keys("c");
    assert_eq!((looks(&desk), desk.model.place()), (0, Place::Offers));
    assert_eq!(notice(&desk), "c does nothing here; cancel is on x");
    desk.keys("x");
    assert_eq!(looks(&desk), 1);
    let mut unbound = with(remapped("cancel", &[]), quiet());
    assert!(
        unbound.screen().contains(":cancel cancels it"),
        "{}",
        unbound.screen()
    );
    unbound.keys("c");
    assert_eq!(notice(&unbound), "c does nothing here; :cancel does it");
}

#[test]
fn the_palette_tells_each_command_whole_and_how_many_more_there_are() {
    let mut desk = Desk::new(quiet());
    desk.keys(":");
    let screen = desk.screen();
    for whole in [
        "copy           y       Copy an id, the Location or a curl line",
        "Mark all rows shown, or take their marks off ",
        " 9 more",
    ] {
        assert!(screen.contains(whole), "{screen}");
    }
    for _ in 0..30 {
        desk.press(KeyCode::Down);
    }
    assert!(desk.screen().contains(" 9 more above"), "{}", desk.screen());
    desk.resize(120, 40);
    assert!(!desk.screen().contains(" more"), "{}", desk.screen());
}

#[test]
fn a_quit_without_a_key_is_nowhere_promised_one() {
    let mut desk = with(remapped("quit", &[]), quiet());
    desk.keys("p");
    assert_eq!(desk.model.place(), Place::Profiles);
    assert!(!desk.screen().contains("q quit"), "{}", desk.screen());
    desk.keys("q");
    assert!(!desk.effects.contains(&Effect::Quit));
    assert_eq!(notice(&desk), "q does nothing here; ctrl-c quits");
    desk.press(KeyCode::Esc);
    desk.keys("?");
    assert!(!desk.screen().contains(" q "), "{}", desk.screen());
    desk.resize(10, 30);
    let small = desk.screen().replace('\n', " ");
    assert!(small.contains("ctrl-c") && small.contains("quits."), "{small}");
}

#[test]
fn the_palette_runs_what_is_chosen_where_one_came_from() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys(":ca");
    assert!(
        desk.screen().contains("Run a command of the list of offers"),
        "{}",
        desk.screen()
    );
    desk.press(KeyCode::Tab);
    assert!(desk.screen().contains(": cancel"), "{}", desk.screen());
    assert_eq!(looks(&desk), 0);
    desk.press(KeyCode::Enter);
    assert_eq!(looks(&desk), 1);
    desk.answer_look(look(vec![vm_operation()], Source::Submissions));
    assert!(desk.cancels().is_empty(), "it asks as the key does");
    desk.press(KeyCode::Esc);

    desk.keys(":hist");
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Up);
    desk.press(KeyCode::Enter);
    assert_eq!(desk.model.place(), Place::History);
    desk.keys(":cancel");
    assert!(
        desk.screen().contains("No command of this place"),
        "{}",
        desk.screen()
    );
    desk.press(KeyCode::Enter);
    assert_eq!(notice(&desk), "no command here is called ‘cancel’");
    assert_eq!((looks(&desk), desk.model.place()), (1, Place::History));
}

#[test]
fn the_palette_reaches_what_no_key_does_and_nothing_is_typed_past_its_end() {
    let mut desk = with(remapped("quit", &[]), quiet());
    desk.keys("q");
    assert!(!desk.effects.contains(&Effect::Quit));
    desk.keys(":quxx");
    desk.press(KeyCode::Backspace);
    desk.press(KeyCode::Backspace);
    desk.take(Msg::Terminal(Event::Paste("it\nrm".into())));
    desk.press(KeyCode::Enter);
    assert!(desk.effects.contains(&Effect::Quit));
    desk.keys(&format!(":{}", "x".repeat(500)));
    desk.press(KeyCode::Char('\u{202e}'));
    desk.draw();
    desk.control('u');
    desk.press(KeyCode::Esc);
    assert_eq!(desk.model.place(), Place::Offers);
}

#[test]
fn what_is_shown_is_copied_and_the_claim_is_no_larger_than_that() {
    let mut desk = Desk::new(busy());
    desk.select("contoso-vm");
    desk.keys("y");
    let screen = desk.screen();
    for shown in [
        "offer id",
        VM,
        "https://elsewhere.example/api/operations/1",
        "7c2c1c5e-4b8e",
        "$TOKEN",
    ] {
        assert!(screen.contains(shown), "{shown}\n{screen}");
    }
    desk.keys("y");
    assert_eq!(copies(&desk), ["contoso-vm"]);
    assert_eq!(notice(&desk), "copied the offer id, if the terminal takes OSC 52");
    desk.keys("yj");
    desk.press(KeyCode::Enter);
    assert_eq!(copies(&desk), ["contoso-vm", VM]);
    desk.keys("y");
    desk.press(KeyCode::Esc);
    assert_eq!((copies(&desk).len(), desk.model.place()), (2, Place::Offers));
    let mut inside = with(
        Hand {
            multiplexer: Multiplexer::Tmux,
            ..Hand::default()
        },
        busy(),
    );
    inside.keys("yy");
    assert!(
        notice(&inside).contains("set-clipboard on"),
        "{}",
        notice(&inside)
    );
    let mut empty = Desk::new(Snapshot::default());
    empty.keys("y");
    assert_eq!(notice(&empty), "nothing is selected: there is nothing to copy");
}

#[test]
fn an_id_that_is_not_safe_is_not_copied_and_says_so() {
    let hostile = "a\x1b]52;c;ZXZpbA==\x07";
    let mut desk = Desk::new(Snapshot {
        offers: fresh(vec![offer(hostile, "Hostile", "succeeded", "2026-11-22T08:00:00Z")].into()),
        ..Snapshot::default()
    });
    desk.keys("y");
    assert!(
        desk.screen().contains("not copied: it holds characters"),
        "{}",
        desk.screen()
    );
    desk.keys("y");
    assert_eq!(
        notice(&desk),
        "the offer id is not copied: it holds characters that are not safe to paste"
    );
    assert!(copies(&desk).is_empty());
}

/// A cancel of `contoso-vm` that ended like this.
fn after(verdict: Verdict) -> Snapshot {
    let vm: Tracked = ended("contoso-vm", &vm_operation(), verdict);
    Snapshot {
        cancellations: vec![Arc::new(vm)].into(),
        ..quiet()
    }
}

#[test]
fn an_end_is_told_once_and_what_is_open_is_none() {
    let mut desk = Desk::new(quiet());
    desk.know(after(Verdict::Unknown));
    desk.know(after(Verdict::Pending));
    assert!(told(&desk).is_empty());
    desk.know(after(Verdict::Canceled));
    desk.know(after(Verdict::Canceled));
    desk.know(quiet());
    desk.know(after(Verdict::Canceled));
    assert_eq!(told(&desk), ["countermand: contoso-vm canceled"]);
    let silent = Hand {
        tell: Tell::Off,
        ..Hand::default()
    };
    let mut desk = with(silent, quiet());
    desk.know(after(Verdict::Refused));
    assert!(told(&desk).is_empty());
}

#[test]
fn many_ends_at_once_are_told_as_one() {
    let all: Vec<Arc<Tracked>> = (0..5)
        .map(|n| Arc::new(ended(&format!("offer-{n}"), &vm_operation(), Verdict::Refused)))
        .collect();
    let desk = Desk::new(Snapshot {
        cancellations: all.into(),
        ..quiet()
    });
    assert_eq!(
        told(&desk),
        ["countermand: offer-0 refused, offer-1 refused, offer-2 refused and 2 more"]
    );
}

#[test]
fn the_title_says_what_is_pending_and_only_when_that_changes() {
    let titled = || Hand {
        title: true,
        ..Hand::default()
    };
    let mut desk = with(titled(), quiet());
    assert!(
        titles(&desk).is_empty(),
        "a title of somebody else stays while there is nothing to say"
    );
    desk.know(busy());
    desk.know(busy());
    desk.keys("jk");
    desk.wait(std::time::Duration::from_mins(1));
    assert_eq!(titles(&desk), ["countermand: 1 cancelling – prod/contoso"]);
    desk.know(after(Verdict::Canceled));
    assert_eq!(titles(&desk)[1..], ["countermand – prod/contoso"]);
    let look = Capabilities {
        unicode: false,
        colour: false,
    };
    let profile = "prüf".into();
    let mut plain = Desk::with(
        Setup {
            look,
            profile,
            hand: titled(),
            ..setup()
        },
        quiet(),
    );
    plain.know(busy());
    assert_eq!(titles(&plain), ["countermand: 1 cancelling - pr?f/contoso"]);
    let mut off = Desk::new(quiet());
    off.know(busy());
    assert!(titles(&off).is_empty());
}

#[test]
fn what_was_confirmed_counts_once_whoever_tells_of_it_first() {
    let hand = Hand {
        title: true,
        ..Hand::default()
    };
    let mut desk = with(hand, quiet());
    desk.ask("contoso-vm", vm_operation());
    desk.keys("y");
    desk.know(busy());
    let target = desk.model.known.cancellations[0]
        .cancellation
        .request
        .target
        .clone();
    let id = desk.model.known.cancellations[0].cancellation.id.clone();
    desk.take(Msg::Reply(Reply::Began { target, id }));
    assert_eq!(titles(&desk), ["countermand: 1 cancelling – prod/contoso"]);
}

fn mouse(desk: &mut Desk, kind: MouseEventKind, column: u16, row: u16) {
    let modifiers = KeyModifiers::NONE;
    desk.take(Msg::Terminal(Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers,
    })));
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

#[test]
fn a_click_selects_and_the_wheel_moves() {
    let mut desk = Desk::new(busy());
    let panes = desk.model.own_panes();
    mouse(&mut desk, CLICK, 5, panes.offers.y + 3);
    assert_eq!(desk.model.list.cursor, 3);
    mouse(&mut desk, MouseEventKind::ScrollUp, 5, panes.offers.y);
    assert_eq!(desk.model.list.cursor, 0);
    mouse(&mut desk, MouseEventKind::ScrollDown, 5, panes.offers.y);
    assert_eq!(desk.model.list.cursor, 3);
    mouse(&mut desk, CLICK, 5, panes.cancellations.y + 2);
    assert_eq!(desk.model.focus, Focus::Cancellations);
    assert_eq!(desk.model.pointed(), Some(&"contoso-old".into()));
    mouse(&mut desk, CLICK, 5, panes.status.y + 1);
    assert_eq!(desk.model.focus, Focus::Status);
    let before = desk.screen();
    for (x, y) in [(0, 0), (5, panes.footer.y), (500, 500)] {
        mouse(&mut desk, CLICK, x, y);
        mouse(&mut desk, MouseEventKind::ScrollDown, x, y);
    }
    assert_eq!(desk.screen(), before);
}

#[test]
fn a_click_past_the_rows_selects_nothing_else() {
    let mut desk = Desk::new(quiet());
    desk.resize(120, 40);
    let offers = desk.model.own_panes().offers;
    mouse(&mut desk, CLICK, 5, offers.bottom() - 1);
    assert_eq!(desk.model.list.cursor, 0);
}

#[test]
fn no_mouse_opens_answers_or_closes_a_dialog() {
    let mut desk = Desk::new(quiet());
    desk.ask("contoso-vm", vm_operation());
    let before = desk.screen();
    for row in 0..24 {
        for kind in [
            CLICK,
            MouseEventKind::Up(MouseButton::Left),
            MouseEventKind::ScrollDown,
            MouseEventKind::ScrollUp,
        ] {
            mouse(&mut desk, kind, 20, row);
        }
    }
    assert_eq!(desk.screen(), before);
    assert!(desk.cancels().is_empty());
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1, "and it is as armed as before");
}

#[test]
fn a_theme_gives_every_cell_its_ground_and_moves_none() {
    let plain = Desk::new(busy()).screen();
    for name in NAMES {
        for depth in [Depth::True, Depth::Many, Depth::Sixteen, Depth::Mono] {
            let palette = Palette::of(bundled(name).unwrap(), depth).unwrap();
            let desk = with(
                Hand {
                    palette,
                    ..Hand::default()
                },
                busy(),
            );
            assert_eq!(desk.screen(), plain, "{name} {depth:?}");
            let drawn = desk.draw();
            if matches!(depth, Depth::True | Depth::Many) {
                let reset = ratatui::style::Color::Reset;
                assert!(
                    drawn
                        .content
                        .iter()
                        .all(|cell| cell.bg != reset && cell.fg != reset),
                    "{name}"
                );
            }
        }
    }
}
