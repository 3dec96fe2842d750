//! Random histories, watched by a witness that knows the promise and not the code.

mod witness;

use std::{cell::Cell, sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::{prelude::*, test_runner::TestRunner};

use self::witness::{PROFILES, Witness, setup_at};
use crate::{
    domain::{
        confirmation::Request,
        ids::OfferId,
        operation::{Destination, Operation, Source},
        verdict::Verdict,
    },
    engine::{Snapshot, StartError, ports::JournalFailure},
    tui::{
        fixture::*,
        keymap::Place,
        model::Chosen,
        msg::{Effect, Msg, Reply},
        tests::marked,
    },
};

#[derive(Clone, Debug)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Paste(String),
    Wait(u64),
    Know(usize),
    Looked {
        sight: usize,
        late: bool,
    },
    Declined,
    /// The journal tells its history, or cannot; and what was open is taken up, or cannot be.
    Journal {
        works: bool,
    },
    Painted,
    Resize(u16, u16),
    /// The process stands still.
    Stall(u64),
    /// Presses `y`, and nothing after it for a moment.
    Yes,
    /// Types the id, and nothing after it.
    TypeId,
    /// Edits who is mailed, and takes it.
    Recipients(&'static str),
    /// A click, or a notch of the wheel.
    Mouse(MouseEventKind, u16, u16),
    /// Opens, looks, paints and waits, as a person would.
    Opened {
        sight: usize,
    },
    /// Reads on to the end, as a person would in a small window.
    ReadOn,
    /// Runs a command by its name.
    Palette(&'static str),
    /// Goes to the first or the last profile, or tries to.
    Profile {
        key: char,
        works: bool,
    },
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

fn snapshots() -> Vec<Snapshot> {
    let mut fewer = offers();
    fewer.truncate(2);
    vec![
        quiet(),
        busy(),
        Snapshot::default(),
        Snapshot {
            offers: fresh(fewer.into()),
            ..quiet()
        },
        Snapshot {
            cancellations: vec![Arc::new(ended("contoso-vm", &vm_operation(), Verdict::Unknown))].into(),
            ..quiet()
        },
    ]
}

/// What looks can see; where there are several, all lead to the preview.
fn sights() -> Vec<(Vec<Operation>, Source)> {
    let other = operation(Some(APP), Destination::Preview, "running", "09:20:00");
    let nameless = operation(None, Destination::Unknown("".into()), "running", "09:12:00");
    vec![
        (vec![vm_operation()], Source::Submissions),
        (vec![app_operation()], Source::Submissions),
        (vec![vm_operation(), other], Source::Submissions),
        (vec![nameless], Source::OfferStatus),
        (Vec::new(), Source::Submissions),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let letters = prop::sample::select("jkgGchlfr/?qnyyyycccon-HHo:xxp".chars().collect::<Vec<char>>());
    let others = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::Down,
        KeyCode::PageDown,
        KeyCode::PageUp,
        KeyCode::Backspace,
    ]);
    prop_oneof![
        8 => letters.prop_map(|letter| Step::Key(KeyCode::Char(letter), KeyModifiers::NONE)),
        3 => others.prop_map(|code| Step::Key(code, KeyModifiers::NONE)),
        1 => prop::sample::select(vec!['c', 'z', 'l', 'u', 'y'])
            .prop_map(|letter| Step::Key(KeyCode::Char(letter), KeyModifiers::CONTROL)),
        1 => "[a-zy\n]{0,12}".prop_map(Step::Paste),
        8 => prop::sample::select(vec![0, 1, 150, 399, 400, 400, 400, 1000, 59_000, 61_000]).prop_map(Step::Wait),
        2 => (0usize..5).prop_map(Step::Know),
        6 => (0usize..5, prop::bool::weighted(0.1)).prop_map(|(sight, late)| Step::Looked { sight, late }),
        2 => Just(Step::Declined),
        2 => prop::bool::ANY.prop_map(|works| Step::Journal { works }),
        6 => Just(Step::Painted),
        1 => (0u16..130, 0u16..50).prop_map(|(width, height)| Step::Resize(width, height)),
        2 => Just(Step::Resize(80, 24)),
        1 => Just(Step::Resize(44, 13)),
        1 => prop::sample::select(vec![101, 400, 5000]).prop_map(Step::Stall),
        3 => Just(Step::Yes),
        3 => Just(Step::TypeId),
        3 => prop::sample::select(vec!["a@x", "a@x, b@y", "", "y", "contoso-app"]).prop_map(Step::Recipients),
        1 => (prop::sample::select(vec![CLICK, MouseEventKind::ScrollDown, MouseEventKind::ScrollUp]), 0u16..130, 0u16..50)
            .prop_map(|(kind, column, row)| Step::Mouse(kind, column, row)),
        5 => (0usize..5).prop_map(|sight| Step::Opened { sight }),
        2 => Just(Step::ReadOn),
        1 => prop::sample::select(vec!["cancel", "cancel", "refresh", "details", "confirm"]).prop_map(Step::Palette),
        1 => (prop::sample::select(vec!['g', 'G']), prop::bool::weighted(0.8))
            .prop_map(|(key, works)| Step::Profile { key, works }),
    ]
}

/// What the list shows, in its order.
fn rows(app: &TestApp) -> Vec<OfferId> {
    app.model.list.rows.iter().map(|row| row.id.clone()).collect()
}

impl Step {
    /// Whether it is many keys, some of which may close a dialog and others open one anew.
    fn is_many(&self) -> bool {
        matches!(
            self,
            Self::Palette(_)
                | Self::Yes
                | Self::Profile { .. }
                | Self::TypeId
                | Self::Recipients(_)
                | Self::Opened { .. }
                | Self::ReadOn
        )
    }
}

fn cancels(effects: &[Effect]) -> Vec<Request> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Cancel(request) => Some((**request).clone()),
            _ => None,
        })
        .collect()
}

/// Takes one message, and sees which looks were asked for.
fn take(app: &mut TestApp, witness: &mut Witness, msg: Msg) -> Vec<Effect> {
    let effects = app.take(msg).effects;
    witness.see(&effects);
    effects
}

fn press(
    app: &mut TestApp,
    witness: &mut Witness,
    code: KeyCode,
    held: KeyModifiers,
) -> Result<(), TestCaseError> {
    let before = witness.ticket.clone();
    let under = app.model.confirmation().is_some().then(|| rows(app));
    let effects = take(app, witness, Msg::Terminal(Event::Key(KeyEvent::new(code, held))));
    prop_assert!(cancels(&effects).is_empty(), "before it was left alone");
    if let Some(under) = under.filter(|_| app.model.confirmation().is_some()) {
        prop_assert_eq!(under, rows(app), "the list moved under a dialog");
    }
    let is_editing = app.model.place() == Place::Addresses;
    if before == witness.ticket {
        witness.key(code, held);
    }
    if is_editing != witness.is_editing {
        witness.is_editing = is_editing;
        witness.disturb();
    }
    Ok(())
}

/// Types `text` and enter.
fn type_in(app: &mut TestApp, witness: &mut Witness, text: &str) -> Result<(), TestCaseError> {
    for letter in text.chars() {
        press(app, witness, KeyCode::Char(letter), KeyModifiers::NONE)?;
    }
    press(app, witness, KeyCode::Enter, KeyModifiers::NONE)
}

fn run(app: &mut TestApp, witness: &mut Witness, step: &Step) -> Result<usize, TestCaseError> {
    match step.clone() {
        Step::Key(code, held) => press(app, witness, code, held)?,
        Step::Yes => {
            press(app, witness, KeyCode::Char('y'), KeyModifiers::NONE)?;
            return run(app, witness, &Step::Wait(150));
        }
        Step::TypeId => {
            let id = witness.ticket.as_ref().map(|(_, offer)| offer.raw().to_owned());
            type_in(app, witness, &id.unwrap_or_default())?;
            return run(app, witness, &Step::Wait(150));
        }
        Step::Recipients(text) => {
            press(app, witness, KeyCode::Tab, KeyModifiers::NONE)?;
            if witness.is_editing {
                press(app, witness, KeyCode::Char('u'), KeyModifiers::CONTROL)?;
                type_in(app, witness, text)?;
            }
        }
        Step::Palette(name) => type_in(app, witness, &format!(":{name}"))?,
        Step::Profile { key, works } => profile(app, witness, key, works)?,
        Step::Opened { sight } => {
            let steps = [
                Step::Key(KeyCode::Char(witness.asks), KeyModifiers::NONE),
                Step::Looked { sight, late: false },
                Step::Painted,
                Step::Wait(400),
                Step::Painted,
            ];
            let mut sum = 0;
            for step in &steps {
                sum += run(app, witness, step)?;
            }
            return Ok(sum);
        }
        Step::ReadOn => {
            for _ in 0..6 {
                press(app, witness, KeyCode::PageDown, KeyModifiers::NONE)?;
                run(app, witness, &Step::Painted)?;
            }
            let rested = run(app, witness, &Step::Wait(400))?;
            run(app, witness, &Step::Painted)?;
            return Ok(rested);
        }
        Step::Paste(text) => {
            let effects = take(app, witness, Msg::Terminal(Event::Paste(text)));
            prop_assert!(effects.iter().all(|effect| matches!(effect, Effect::Attend(_))));
            witness.disturb();
        }
        Step::Mouse(kind, column, row) => {
            let modifiers = KeyModifiers::NONE;
            let event = MouseEvent {
                kind,
                column,
                row,
                modifiers,
            };
            let effects = take(app, witness, Msg::Terminal(Event::Mouse(event)));
            prop_assert!(effects.iter().all(|effect| matches!(effect, Effect::Attend(_))));
        }
        Step::Wait(millis) => return wait(app, witness, Duration::from_millis(millis)),
        Step::Stall(millis) => stall(app, witness, Duration::from_millis(millis))?,
        Step::Know(which) => {
            let marked = marked(app);
            let list = &app.model.list;
            let by_person = list.chosen == Chosen::ByPerson;
            let selected = list.selected.clone().filter(|_| by_person);
            take(app, witness, Msg::Known(Arc::new(snapshots().swap_remove(which))));
            prop_assert!(selected.is_none() || selected == app.model.list.selected);
            prop_assert_eq!(marked, self::marked(app));
        }
        Step::Looked { sight, late } => looked(app, witness, sight, late),
        Step::Journal { works } => {
            let broken = || JournalFailure("broken".into());
            let known = vec![
                following().cancellation,
                unsent("contoso-db", &app_operation()).cancellation,
            ];
            let history = if works { Ok(known) } else { Err(broken()) };
            let resumed = if works { Ok(1) } else { Err(broken()) };
            take(app, witness, Msg::Reply(Reply::History(Box::new(history))));
            take(app, witness, Msg::Reply(Reply::Resumed(resumed)));
        }
        Step::Declined => {
            if let Some(asked) = app.model.requests.asked.first() {
                let (target, why) = (asked.target.clone(), StartError::ReadOnly);
                take(app, witness, Msg::Reply(Reply::StartError { target, why }));
            }
        }
        Step::Painted => {
            take(app, witness, Msg::Painted);
            witness.paint(app.screen());
        }
        Step::Resize(width, height) => {
            take(app, witness, Msg::Terminal(Event::Resize(width, height)));
            witness.disturb();
        }
    }
    Ok(0)
}

/// Time passes. How many cancels were confirmed by that.
fn wait(app: &mut TestApp, witness: &mut Witness, time: Duration) -> Result<usize, TestCaseError> {
    witness.now += time;
    let outcome = app.wait(time);
    let cancels = cancels(&outcome.effects);
    witness.judge(&cancels)?;
    witness.rest();
    witness.see(&outcome.effects);
    Ok(cancels.len())
}

/// Time passes while the process stands still.
fn stall(app: &mut TestApp, witness: &mut Witness, time: Duration) -> Result<(), TestCaseError> {
    witness.now += time;
    let outcome = app.stall(time);
    prop_assert!(cancels(&outcome.effects).is_empty());
    witness.begin_anew();
    witness.see(&outcome.effects);
    Ok(())
}

/// Goes to another profile with the keys; whatever a dialog takes them for instead is judged as ever.
fn profile(app: &mut TestApp, witness: &mut Witness, key: char, works: bool) -> Result<(), TestCaseError> {
    let before = app.effects.len();
    for code in [KeyCode::Char('p'), KeyCode::Char(key), KeyCode::Enter] {
        press(app, witness, code, KeyModifiers::NONE)?;
    }
    let gone = app.effects[before..].iter().find_map(|effect| match effect {
        Effect::Switch { profile, .. } => Some(profile.clone()),
        _ => None,
    });
    match gone {
        Some(_) if works => witness.switch(app),
        Some(profile) => {
            let why = "it cannot be opened".into();
            take(app, witness, Msg::Reply(Reply::NotSwitched { profile, why }));
        }
        None => {}
    }
    Ok(())
}

fn looked(app: &mut TestApp, witness: &mut Witness, sight: usize, late: bool) {
    let Some((ticket, offer)) = witness.ticket.clone() else {
        return;
    };
    let (seen, source) = sights().swap_remove(sight);
    let reply = Reply::Looked {
        ticket: if late { ticket.saturating_sub(1) } else { ticket },
        offer: offer.clone(),
        result: Box::new(Ok(look(seen.clone(), source))),
    };
    let is_first = witness.seen.is_none();
    take(app, witness, Msg::Reply(reply));
    if !late && is_first {
        witness.seen = Some((offer, seen));
        witness.seen_at = witness.now;
        witness.disturb();
    }
}

#[test]
fn nothing_is_cancelled_that_was_not_confirmed() {
    let confirmed = Cell::new(0);
    let strategy = prop::collection::vec(step(), 0..80);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let strategy = (prop::sample::select(vec!['c', 'x']), strategy);
    let result = runner.run(&strategy, |(asks, steps)| {
        let mut app = TestApp::with(setup_at(PROFILES[0], asks), quiet());
        let mut witness = Witness::new(asks);
        for step in &steps {
            let held = app.model.confirmation().is_some() && !step.is_many();
            let before = rows(&app);
            confirmed.set(confirmed.get() + run(&mut app, &mut witness, step)?);
            if held && app.model.confirmation().is_some() {
                prop_assert_eq!(before, rows(&app), "the list moved under a dialog");
            }
        }
        app.draw();
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
    assert!(confirmed.get() > 10, "only {} confirmed", confirmed.get());
}
