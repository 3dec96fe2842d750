//! Random histories of marks and of the dialog on them, watched by a witness that knows the promise and not the code: it
//! believes what was painted, and what was pressed.

use std::{cell::Cell, collections::BTreeMap, sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    domain::{
        confirmation::Request,
        ids::OfferId,
        operation::{Destination, Operation, Source},
        target::Binding,
        verdict::Verdict,
    },
    engine::{Class, Failure, Snapshot, StartError},
    tui::{
        fixture::*,
        model::Chosen,
        msg::{Effect, Msg, Reply},
        tests::marked,
    },
};

#[derive(Clone, Debug)]
enum Step {
    Key(KeyCode),
    Control(char),
    Paste(String),
    Wait(u64),
    Know(usize),
    /// Answers the oldest look that is open.
    Looked(usize),
    /// Answers all of them.
    LookedAll(usize),
    Painted,
    /// The process stands still.
    Stall(u64),
    Resize(u16, u16),
    /// A click, or a notch of the wheel.
    Mouse(MouseEventKind, u16, u16),
    /// Runs a command by its name.
    Palette(&'static str),
    Declined,
    /// Types what the dialog wants, and nothing after it: how many will be cancelled, an id, or one key.
    Comply,
    /// Marks all, asks, looks, reads to the end and waits, as a person would; few looks see one operation each.
    Opened {
        few: usize,
        others: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let letters = prop::sample::select("jkg  **ccssSf/vm:yyn0123456".chars().collect::<Vec<char>>());
    let others = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::PageDown,
        KeyCode::PageUp,
        KeyCode::Down,
        KeyCode::Backspace,
    ]);
    prop_oneof![
        8 => letters.prop_map(|letter| Step::Key(KeyCode::Char(letter))),
        4 => others.prop_map(Step::Key),
        1 => prop::sample::select(vec!['z', 'l', 'u', 'y']).prop_map(Step::Control),
        1 => "[0-9y\n]{0,4}".prop_map(Step::Paste),
        6 => prop::sample::select(vec![0, 150, 399, 400, 400, 400, 59_000, 61_000]).prop_map(Step::Wait),
        2 => (0usize..3).prop_map(Step::Know),
        3 => (0usize..6).prop_map(Step::Looked),
        3 => (0usize..6).prop_map(Step::LookedAll),
        6 => Just(Step::Painted),
        1 => prop::sample::select(vec![101, 400, 5000]).prop_map(Step::Stall),
        1 => (30u16..130, 5u16..50).prop_map(|(width, height)| Step::Resize(width, height)),
        2 => Just(Step::Resize(80, 24)),
        1 => (prop::sample::select(vec![MouseEventKind::Down(MouseButton::Left), MouseEventKind::ScrollDown]), 0u16..130, 0u16..50)
            .prop_map(|(kind, column, row)| Step::Mouse(kind, column, row)),
        1 => prop::sample::select(vec!["cancel", "mark-all", "confirm"]).prop_map(Step::Palette),
        1 => Just(Step::Declined),
        4 => Just(Step::Comply),
        6 => (0usize..3, 0usize..6).prop_map(|(few, others)| Step::Opened { few, others }),
    ]
}

/// What a look at `offer` sees: an operation of its own that tells it from the others, or not just that.
fn sight(offer: &OfferId, which: usize) -> Result<Vec<Operation>, Failure> {
    let id = |n: u32| {
        let sum: u32 = offer.raw().bytes().map(u32::from).sum();
        format!("{:08}-0000-4000-8000-00000000000{n}", sum * 10 + n)
    };
    let one = |n, to| operation(Some(&id(n)), to, "running", "09:12:00");
    match which {
        0 | 1 => Ok(vec![one(1, Destination::Preview)]),
        2 => Ok(vec![one(1, Destination::Live)]),
        3 => Ok(Vec::new()),
        4 => Ok(vec![one(1, Destination::Preview), one(2, Destination::Live)]),
        _ => Err(Failure {
            class: Class::Transient,
            request: "GET".into(),
            what: "timed out".into(),
            advice: "".into(),
            status: None,
            correlation_id: None,
            retry_after: None,
        }),
    }
}

fn snapshots() -> Vec<Snapshot> {
    let cancelled = ended("contoso-vm", &vm_operation(), Verdict::Unknown);
    vec![
        quiet(),
        busy(),
        Snapshot {
            cancellations: vec![Arc::new(cancelled)].into(),
            ..quiet()
        },
    ]
}

#[derive(Default)]
struct Witness {
    now: Duration,
    /// Looks without an answer.
    open: Vec<(u64, OfferId)>,
    /// What the last look at each offer saw, and when it arrived.
    seen: BTreeMap<OfferId, (Vec<Operation>, Duration)>,
    /// Everything painted since the screen or what it shows was last disturbed.
    painted: String,
    /// The last of it.
    last: String,
    still_since: Option<Duration>,
    has_rested: bool,
    typed: String,
    /// The last key, and when it was pressed first.
    pressed: Option<(KeyCode, Duration)>,
}

impl Witness {
    fn disturb(&mut self) {
        self.painted.clear();
        self.last.clear();
        self.still_since = None;
        self.has_rested = false;
        self.typed.clear();
        self.pressed = None;
    }

    /// What was painted has to be left alone anew.
    fn begin_anew(&mut self) {
        self.still_since = self.still_since.map(|_| self.now);
        self.has_rested = false;
        self.typed.clear();
        self.pressed = None;
    }

    fn paint(&mut self, screen: String) {
        self.painted.push_str(&screen);
        self.last = screen;
        self.still_since.get_or_insert(self.now);
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        let still = self.still_since.map(|since| self.now.saturating_sub(since));
        self.has_rested |= still.is_some_and(|still| still >= Duration::from_millis(400));
    }

    fn note(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Look { ticket, offer } = effect {
                self.open.push((*ticket, offer.clone()));
                self.seen.remove(offer);
                self.disturb();
            }
        }
    }

    /// Whether the screen asks for a text.
    fn is_asked_to_type(&self) -> bool {
        self.last.contains("how many") || self.last.contains("the offer's id")
    }

    fn judge(&self, requests: &[&Request]) -> Result<(), TestCaseError> {
        prop_assert!(self.has_rested, "the keyboard was not quiet");
        let Some((code, at)) = self.pressed else {
            prop_assert!(false, "nobody pressed a key");
            return Ok(());
        };
        prop_assert!(self.now >= at + ALONE, "it was not left alone");
        for request in requests {
            let offer = &request.target.offer;
            let seen = self.seen.get(offer);
            prop_assert!(seen.is_some(), "{offer} was not looked at");
            let (operations, _) = seen.unwrap();
            prop_assert_eq!(operations.len(), 1);
            prop_assert_eq!(Binding::of(&operations[0]), request.target.binding.clone());
            let short = request.target.name().short();
            let named = |line: &str| line.contains(offer.raw());
            prop_assert!(self.painted.lines().any(named), "{offer} was not on the screen");
            prop_assert!(
                self.painted.contains(short.as_str()),
                "{short} was not on the screen"
            );
            if request.shown.destination == Destination::Live {
                prop_assert!(self.painted.contains("LIVE"));
            }
        }
        // All that is confirmed at once was read within the minute; the first may be older by as long as looking took.
        let newest = requests
            .iter()
            .filter_map(|request| self.seen.get(&request.target.offer));
        let newest = newest.map(|(_, at)| *at).max();
        prop_assert!(
            newest.is_some_and(|at| self.now < at + Duration::from_mins(1)),
            "too old"
        );
        match requests {
            [one] if one.shown.destination == Destination::Preview => {
                prop_assert!(self.last.contains("y cancels it"));
                prop_assert_eq!(code, KeyCode::Char('y'));
            }
            [one] => {
                prop_assert!(self.last.contains("the offer's id"));
                prop_assert_eq!(
                    (code, self.typed.as_str()),
                    (KeyCode::Enter, one.target.offer.raw())
                );
            }
            all => {
                prop_assert!(self.last.contains("how many"), "{}", self.last);
                let told = format!("Cancel {} operations", all.len());
                prop_assert!(self.painted.contains(&told), "it did not say how many");
                prop_assert_eq!(
                    (code, self.typed.as_str()),
                    (KeyCode::Enter, &*all.len().to_string())
                );
            }
        }
        Ok(())
    }
}

fn press(app: &mut TestApp, witness: &mut Witness, key: KeyEvent) -> Result<(), TestCaseError> {
    let was_answered = app.is_answered();
    let had = app.cancels().len();
    let outcome = app.take(Msg::Terminal(Event::Key(key)));
    prop_assert_eq!(app.cancels().len(), had, "before it was left alone");
    if was_answered && !app.is_answered() {
        witness.begin_anew();
    }
    let code = key.modifiers.is_empty().then_some(key.code);
    let first = witness.pressed.filter(|(first, _)| Some(*first) == code);
    witness.pressed = first.or(code.map(|code| (code, witness.now)));
    match key.code {
        KeyCode::Char('z' | 'l') if !key.modifiers.is_empty() => witness.disturb(),
        KeyCode::Char('u') if !key.modifiers.is_empty() => witness.typed.clear(),
        // What is typed counts from the moment that the screen asks for it.
        KeyCode::Char(letter)
            if key.modifiers.is_empty() && witness.has_rested && witness.is_asked_to_type() =>
        {
            witness.typed.push(letter);
        }
        KeyCode::Backspace => drop(witness.typed.pop()),
        _ => {}
    }
    if !witness.has_rested && witness.still_since.is_some() {
        witness.still_since = Some(witness.now);
    }
    witness.note(&outcome.effects);
    Ok(())
}

fn answer(app: &mut TestApp, witness: &mut Witness, which: usize) {
    if witness.open.is_empty() {
        return;
    }
    let (ticket, offer) = witness.open.remove(0);
    let seen = sight(&offer, which);
    if let Ok(seen) = &seen {
        witness.seen.insert(offer.clone(), (seen.clone(), witness.now));
    }
    witness.disturb();
    let result = Box::new(seen.map(|seen| look(seen, Source::Submissions)));
    let reply = Reply::Looked {
        ticket,
        offer,
        result,
    };
    let outcome = app.take(Msg::Reply(reply));
    witness.note(&outcome.effects);
}

fn run(app: &mut TestApp, witness: &mut Witness, step: Step) -> Result<usize, TestCaseError> {
    let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
    match step {
        Step::Key(code) => press(app, witness, key(code))?,
        Step::Control(letter) => {
            let control = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
            press(app, witness, control)?;
        }
        Step::Palette(name) => {
            for letter in format!(":{name}").chars() {
                press(app, witness, key(KeyCode::Char(letter)))?;
            }
            press(app, witness, key(KeyCode::Enter))?;
        }
        Step::Comply => {
            let wanted = app.model.confirmation();
            let wanted = wanted.and_then(|dialog| dialog.proposal.required().text());
            for letter in wanted.as_deref().unwrap_or("y").chars() {
                press(app, witness, key(KeyCode::Char(letter)))?;
            }
            if wanted.is_some() {
                press(app, witness, key(KeyCode::Enter))?;
            }
            return run(app, witness, Step::Wait(150));
        }
        Step::Opened { few, others } => {
            let keys = [
                KeyCode::Esc,
                KeyCode::Esc,
                KeyCode::Esc,
                KeyCode::Char('*'),
                KeyCode::Char('c'),
            ];
            for code in keys {
                press(app, witness, key(code))?;
            }
            for turn in 0.. {
                if witness.open.is_empty() {
                    break;
                }
                answer(app, witness, if turn < few { 0 } else { others });
            }
            for _ in 0..6 {
                run(app, witness, Step::Painted)?;
                press(app, witness, key(KeyCode::PageDown))?;
            }
            for step in [Step::Painted, Step::Wait(400), Step::Painted] {
                run(app, witness, step)?;
            }
        }
        Step::Mouse(kind, column, row) => {
            let modifiers = KeyModifiers::NONE;
            let event = MouseEvent {
                kind,
                column,
                row,
                modifiers,
            };
            app.take(Msg::Terminal(Event::Mouse(event)));
        }
        Step::Paste(text) => {
            app.take(Msg::Terminal(Event::Paste(text)));
            witness.disturb();
        }
        Step::Wait(millis) => return wait(app, witness, Duration::from_millis(millis)),
        Step::Stall(millis) => stall(app, witness, Duration::from_millis(millis))?,
        Step::Know(which) => {
            let held = (app.model.list.selected.clone(), marked(app));
            let by_person = app.model.list.chosen == Chosen::ByPerson;
            app.know(snapshots().swap_remove(which));
            let after = (app.model.list.selected.clone(), marked(app));
            prop_assert!(!by_person || held.0 == after.0, "the selection moved");
            prop_assert_eq!(held.1, after.1, "a mark was lost");
        }
        Step::Looked(which) => answer(app, witness, which),
        Step::LookedAll(which) => {
            while !witness.open.is_empty() {
                answer(app, witness, which);
            }
        }
        Step::Painted => {
            let screen = app.screen();
            app.take(Msg::Painted);
            witness.paint(screen);
        }
        Step::Resize(width, height) => {
            app.resize(width, height);
            witness.disturb();
        }
        Step::Declined => {
            if let Some(asked) = app.model.requests.asked.first() {
                let target = asked.target.clone();
                let why = StartError::ReadOnly;
                app.take(Msg::Reply(Reply::StartError { target, why }));
            }
        }
    }
    Ok(0)
}

/// Time passes. How many cancels were confirmed by that.
fn wait(app: &mut TestApp, witness: &mut Witness, time: Duration) -> Result<usize, TestCaseError> {
    witness.wait(time);
    let (was_open, had) = (app.model.confirmation().is_some(), app.cancels().len());
    let outcome = app.wait(time);
    let cancels = app.cancels().split_off(had);
    if was_open && !cancels.is_empty() {
        witness.judge(&cancels)?;
    }
    witness.note(&outcome.effects);
    Ok(if was_open { cancels.len() } else { 0 })
}

/// Time passes while the process stands still.
fn stall(app: &mut TestApp, witness: &mut Witness, time: Duration) -> Result<(), TestCaseError> {
    witness.now += time;
    let outcome = app.stall(time);
    prop_assert!(!outcome.effects.iter().any(|one| matches!(one, Effect::Cancel(_))));
    witness.begin_anew();
    witness.note(&outcome.effects);
    Ok(())
}

#[test]
fn nothing_of_several_is_cancelled_that_was_not_on_the_screen_and_confirmed() {
    let (alone, together) = (Cell::new(0), Cell::new(0));
    let strategy = prop::collection::vec(step(), 0..60);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 80,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let result = runner.run(&strategy, |steps| {
        let mut app = TestApp::new(quiet());
        let mut witness = Witness::default();
        for step in steps {
            let held = app.model.confirmation().is_some();
            let rows: Vec<OfferId> = app.model.list.rows.iter().map(|row| row.id.clone()).collect();
            let effects = app.effects.len();
            let is_key = matches!(
                step,
                Step::Key(_)
                    | Step::Wait(_)
                    | Step::Comply
                    | Step::Palette(_)
                    | Step::Opened { .. }
                    | Step::Control(_)
            );
            match run(&mut app, &mut witness, step)? {
                0 => {}
                1 => alone.set(alone.get() + 1),
                _ => together.set(together.get() + 1),
            }
            if !is_key {
                let sent = app.effects[effects..]
                    .iter()
                    .any(|one| matches!(one, Effect::Cancel(_)));
                prop_assert!(!sent, "nobody pressed a key");
            }
            if held && !is_key && app.model.confirmation().is_some() {
                let still: Vec<OfferId> = app.model.list.rows.iter().map(|row| row.id.clone()).collect();
                prop_assert_eq!(&rows, &still, "the list moved under a dialog");
            }
        }
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
    assert!(
        together.get() > 5 && alone.get() > 0,
        "{} {}",
        together.get(),
        alone.get()
    );
}
