//! Palette, copying, remapped keys, the mouse, and what reaches a person beyond the screen.

use std::sync::Arc;

use crossterm::event::{Event, KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::{
    domain::{operation::Source, verdict::Verdict},
    engine::{Snapshot, Tracked},
    settings::{KeyOverride, SpannedText, Tell},
    tui::{
        fixture::*,
        keymap::{Keymap, Place},
        model::{Capabilities, Focus, Preferences, Setup},
        msg::{Effect, Msg, Reply},
        terminal::Multiplexer,
        tests::{looks, notice},
        theme::{Depth, NAMES, Palette, bundled},
    },
};

fn with(preferences: Preferences, snapshot: Snapshot) -> TestApp {
    TestApp::with(
        Setup {
            preferences,
            ..setup()
        },
        snapshot,
    )
}

pub(super) fn remapped(command: &str, keys: &[&str]) -> Preferences {
    let written = |text: &str| SpannedText {
        text: text.into(),
        file: std::path::Path::new("s.toml").into(),
        line: 1,
        column: 1,
    };
    let wish = KeyOverride {
        command: written(command),
        keys: keys.iter().map(|key| written(key)).collect(),
    };
    Preferences {
        keymap: Keymap::remapped(&[wish]).unwrap(),
        ..Preferences::default()
    }
}

/// What `pick` finds among the effects so far.
fn among<'a>(app: &'a TestApp, pick: fn(&'a Effect) -> Option<&'a str>) -> Vec<&'a str> {
    app.effects.iter().filter_map(pick).collect()
}

fn told(app: &TestApp) -> Vec<&str> {
    among(app, |effect| match effect {
        Effect::Tell(text) => Some(text.as_str()),
        _ => None,
    })
}

fn titles(app: &TestApp) -> Vec<&str> {
    among(app, |effect| match effect {
        Effect::Title(text) => Some(text.as_str()),
        _ => None,
    })
}

fn copies(app: &TestApp) -> Vec<&str> {
    among(app, |effect| match effect {
        Effect::Copy(clip) => Some(clip.as_str()),
        _ => None,
    })
}

#[test]
fn a_remapped_key_works_and_every_sentence_names_it() {
    let mut app = with(remapped("cancel", &["x"]), quiet());
    app.select("contoso-vm");
    let screen = app.screen();
    assert!(
        screen.contains("x cancels it") && screen.contains("x cancel "),
        "{screen}"
    );
    app.keys("c");
    assert_eq!((looks(&app), app.model.place()), (0, Place::Offers));
    assert_eq!(notice(&app), "c does nothing here; cancel is on x");
    app.keys("x");
    assert_eq!(looks(&app), 1);
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
    let mut app = TestApp::new(quiet());
    app.keys(":");
    let screen = app.screen();
    for whole in [
        "copy           y       Copy an id, the Location or a curl line",
        "Mark all rows shown, or take their marks off ",
        " 9 more",
    ] {
        assert!(screen.contains(whole), "{screen}");
    }
    for _ in 0..30 {
        app.press(KeyCode::Down);
    }
    assert!(app.screen().contains(" 9 more above"), "{}", app.screen());
    app.resize(120, 40);
    assert!(!app.screen().contains(" more"), "{}", app.screen());
}

#[test]
fn a_quit_without_a_key_is_nowhere_promised_one() {
    let mut app = with(remapped("quit", &[]), quiet());
    app.keys("p");
    assert_eq!(app.model.place(), Place::Profiles);
    assert!(!app.screen().contains("q quit"), "{}", app.screen());
    app.keys("q");
    assert!(!app.effects.contains(&Effect::Quit));
    assert_eq!(notice(&app), "q does nothing here; ctrl-c quits");
    app.press(KeyCode::Esc);
    app.keys("?");
    assert!(!app.screen().contains(" q "), "{}", app.screen());
    app.resize(10, 30);
    let small = app.screen().replace('\n', " ");
    assert!(small.contains("ctrl-c") && small.contains("quits."), "{small}");
}

#[test]
fn the_palette_runs_what_is_chosen_where_one_came_from() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys(":ca");
    assert!(
        app.screen().contains("Run a command of the list of offers"),
        "{}",
        app.screen()
    );
    app.press(KeyCode::Tab);
    assert!(app.screen().contains(": cancel"), "{}", app.screen());
    assert_eq!(looks(&app), 0);
    app.press(KeyCode::Enter);
    assert_eq!(looks(&app), 1);
    app.answer_look(look(vec![vm_operation()], Source::Submissions));
    assert!(app.cancels().is_empty(), "it asks as the key does");
    app.press(KeyCode::Esc);

    app.keys(":hist");
    app.press(KeyCode::Down);
    app.press(KeyCode::Up);
    app.press(KeyCode::Enter);
    assert_eq!(app.model.place(), Place::History);
    app.keys(":cancel");
    assert!(
        app.screen().contains("No command of this place"),
        "{}",
        app.screen()
    );
    app.press(KeyCode::Enter);
    assert_eq!(notice(&app), "no command here is called ‘cancel’");
    assert_eq!((looks(&app), app.model.place()), (1, Place::History));
}

#[test]
fn the_palette_reaches_what_no_key_does_and_nothing_is_typed_past_its_end() {
    let mut app = with(remapped("quit", &[]), quiet());
    app.keys("q");
    assert!(!app.effects.contains(&Effect::Quit));
    app.keys(":quxx");
    app.press(KeyCode::Backspace);
    app.press(KeyCode::Backspace);
    app.take(Msg::Terminal(Event::Paste("it\nrm".into())));
    app.press(KeyCode::Enter);
    assert!(app.effects.contains(&Effect::Quit));
    app.keys(&format!(":{}", "x".repeat(500)));
    app.press(KeyCode::Char('\u{202e}'));
    app.draw();
    app.control('u');
    app.press(KeyCode::Esc);
    assert_eq!(app.model.place(), Place::Offers);
}

#[test]
fn what_is_shown_is_copied_and_the_claim_is_no_larger_than_that() {
    let mut app = TestApp::new(busy());
    app.select("contoso-vm");
    app.keys("y");
    let screen = app.screen();
    for shown in [
        "offer id",
        VM,
        "https://elsewhere.example/api/operations/1",
        "7c2c1c5e-4b8e",
        "$TOKEN",
    ] {
        assert!(screen.contains(shown), "{shown}\n{screen}");
    }
    app.keys("y");
    assert_eq!(copies(&app), ["contoso-vm"]);
    assert_eq!(notice(&app), "copied the offer id, if the terminal takes OSC 52");
    app.keys("yj");
    app.press(KeyCode::Enter);
    assert_eq!(copies(&app), ["contoso-vm", VM]);
    app.keys("y");
    app.press(KeyCode::Esc);
    assert_eq!((copies(&app).len(), app.model.place()), (2, Place::Offers));
    let mut inside = with(
        Preferences {
            multiplexer: Multiplexer::Tmux,
            ..Preferences::default()
        },
        busy(),
    );
    inside.keys("yy");
    assert!(
        notice(&inside).contains("set-clipboard on"),
        "{}",
        notice(&inside)
    );
    let mut empty = TestApp::new(Snapshot::default());
    empty.keys("y");
    assert_eq!(notice(&empty), "nothing is selected: there is nothing to copy");
}

#[test]
fn an_id_that_is_not_safe_is_not_copied_and_says_so() {
    let hostile = "a\x1b]52;c;ZXZpbA==\x07";
    let mut app = TestApp::new(Snapshot {
        offers: fresh(vec![offer(hostile, "Hostile", "succeeded", "2026-11-22T08:00:00Z")].into()),
        ..Snapshot::default()
    });
    app.keys("y");
    assert!(
        app.screen().contains("not copied: it holds characters"),
        "{}",
        app.screen()
    );
    app.keys("y");
    assert_eq!(
        notice(&app),
        "the offer id is not copied: it holds characters that are not safe to paste"
    );
    assert!(copies(&app).is_empty());
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
    let mut app = TestApp::new(quiet());
    app.know(after(Verdict::Unknown));
    app.know(after(Verdict::Pending));
    assert!(told(&app).is_empty());
    app.know(after(Verdict::Canceled));
    app.know(after(Verdict::Canceled));
    app.know(quiet());
    app.know(after(Verdict::Canceled));
    assert_eq!(told(&app), ["countermand: contoso-vm canceled"]);
    let silent = Preferences {
        tell: Tell::Off,
        ..Preferences::default()
    };
    let mut app = with(silent, quiet());
    app.know(after(Verdict::Refused));
    assert!(told(&app).is_empty());
}

#[test]
fn many_ends_at_once_are_told_as_one() {
    let all: Vec<Arc<Tracked>> = (0..5)
        .map(|n| Arc::new(ended(&format!("offer-{n}"), &vm_operation(), Verdict::Refused)))
        .collect();
    let app = TestApp::new(Snapshot {
        cancellations: all.into(),
        ..quiet()
    });
    assert_eq!(
        told(&app),
        ["countermand: offer-0 refused, offer-1 refused, offer-2 refused and 2 more"]
    );
}

#[test]
fn the_title_says_what_is_pending_and_only_when_that_changes() {
    let titled = || Preferences {
        title: true,
        ..Preferences::default()
    };
    let mut app = with(titled(), quiet());
    assert!(
        titles(&app).is_empty(),
        "a title of somebody else stays while there is nothing to say"
    );
    app.know(busy());
    app.know(busy());
    app.keys("jk");
    app.wait(std::time::Duration::from_mins(1));
    assert_eq!(titles(&app), ["countermand: 1 canceling – prod/contoso"]);
    app.know(after(Verdict::Canceled));
    assert_eq!(titles(&app)[1..], ["countermand – prod/contoso"]);
    let look = Capabilities {
        unicode: false,
        colour: false,
    };
    let profile = "prüf".into();
    let mut plain = TestApp::with(
        Setup {
            look,
            profile,
            preferences: titled(),
            ..setup()
        },
        quiet(),
    );
    plain.know(busy());
    assert_eq!(titles(&plain), ["countermand: 1 canceling - pr?f/contoso"]);
    let mut off = TestApp::new(quiet());
    off.know(busy());
    assert!(titles(&off).is_empty());
}

#[test]
fn the_title_counts_what_goes_on_elsewhere_and_names_what_is_shown() {
    let preferences = || Preferences {
        title: true,
        ..Preferences::default()
    };
    let elsewhere = |following| Msg::Elsewhere {
        profile: "audit".into(),
        news: None,
        following,
    };
    let mut app = with(preferences(), busy());
    app.take(elsewhere(2));
    app.take(elsewhere(2));
    app.know(after(Verdict::Canceled));
    app.take(elsewhere(0));
    assert_eq!(
        titles(&app),
        [
            "countermand: 1 canceling – prod/contoso",
            "countermand: 1 canceling, 2 elsewhere – prod/contoso",
            "countermand: 2 elsewhere – prod/contoso",
            "countermand – prod/contoso",
        ]
    );
    let mut next = with(preferences(), quiet());
    next.model.notifier = std::mem::take(&mut app.model.notifier);
    next.model.setup.profile = "audit".into();
    next.model.notifier.moved();
    next.know(after(Verdict::Canceled));
    assert_eq!(titles(&next), ["countermand – audit/contoso"]);
    assert!(told(&next).is_empty(), "that end was told at the other profile");
    let mut fresh = with(preferences(), quiet());
    fresh.model.notifier.moved();
    fresh.take(elsewhere(0));
    assert!(titles(&fresh).is_empty(), "no title of ours is no title to mend");
}

#[test]
fn what_was_confirmed_counts_once_whoever_tells_of_it_first() {
    let preferences = Preferences {
        title: true,
        ..Preferences::default()
    };
    let mut app = with(preferences, quiet());
    app.ask("contoso-vm", vm_operation());
    app.keys("y");
    app.know(busy());
    let target = app.model.known.cancellations[0]
        .cancellation
        .request
        .target
        .clone();
    let id = app.model.known.cancellations[0].cancellation.id.clone();
    app.take(Msg::Reply(Reply::Began { target, id }));
    assert_eq!(titles(&app), ["countermand: 1 canceling – prod/contoso"]);
}

fn mouse(app: &mut TestApp, kind: MouseEventKind, column: u16, row: u16) {
    let modifiers = KeyModifiers::NONE;
    app.take(Msg::Terminal(Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers,
    })));
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

#[test]
fn a_click_selects_and_the_wheel_moves() {
    let mut app = TestApp::new(busy());
    let panes = app.model.own_panes();
    mouse(&mut app, CLICK, 5, panes.offers.y + 3);
    assert_eq!(app.model.list.cursor, 3);
    mouse(&mut app, MouseEventKind::ScrollUp, 5, panes.offers.y);
    assert_eq!(app.model.list.cursor, 0);
    mouse(&mut app, MouseEventKind::ScrollDown, 5, panes.offers.y);
    assert_eq!(app.model.list.cursor, 3);
    mouse(&mut app, CLICK, 5, panes.cancellations.y + 2);
    assert_eq!(app.model.focus, Focus::Cancellations);
    assert_eq!(app.model.pointed(), Some(&"contoso-old".into()));
    mouse(&mut app, CLICK, 5, panes.status.y + 1);
    assert_eq!(app.model.focus, Focus::Status);
    let before = app.screen();
    for (x, y) in [(0, 0), (5, panes.footer.y), (500, 500)] {
        mouse(&mut app, CLICK, x, y);
        mouse(&mut app, MouseEventKind::ScrollDown, x, y);
    }
    assert_eq!(app.screen(), before);
}

#[test]
fn a_click_past_the_rows_selects_nothing_else() {
    let mut app = TestApp::new(quiet());
    app.resize(120, 40);
    let offers = app.model.own_panes().offers;
    mouse(&mut app, CLICK, 5, offers.bottom() - 1);
    assert_eq!(app.model.list.cursor, 0);
}

#[test]
fn no_mouse_opens_answers_or_closes_a_dialog() {
    let mut app = TestApp::new(quiet());
    app.ask("contoso-vm", vm_operation());
    let before = app.screen();
    for row in 0..24 {
        for kind in [
            CLICK,
            MouseEventKind::Up(MouseButton::Left),
            MouseEventKind::ScrollDown,
            MouseEventKind::ScrollUp,
        ] {
            mouse(&mut app, kind, 20, row);
        }
    }
    assert_eq!(app.screen(), before);
    assert!(app.cancels().is_empty());
    app.keys("y");
    assert_eq!(app.cancels().len(), 1, "and it is as armed as before");
}

#[test]
fn a_theme_gives_every_cell_its_ground_and_moves_none() {
    let plain = TestApp::new(busy()).screen();
    for name in NAMES {
        for depth in [Depth::True, Depth::Many, Depth::Sixteen, Depth::Mono] {
            let palette = Palette::of(bundled(name).unwrap(), depth).unwrap();
            let app = with(
                Preferences {
                    palette,
                    ..Preferences::default()
                },
                busy(),
            );
            assert_eq!(app.screen(), plain, "{name} {depth:?}");
            let drawn = app.draw();
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
