//! Random histories, watched by a witness that knows the promise and not the code.

use std::{cell::Cell, sync::Arc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::{prelude::*, test_runner::TestRunner};
use ratatui::{Terminal, backend::TestBackend};

use crate::{
    domain::{
        confirmation::Request,
        ids::OfferId,
        operation::{Destination, Operation, Source},
        target::Binding,
        verdict::Verdict,
    },
    engine::{NotBegun, Snapshot, ports::JournalFailure},
    tui::{
        fixture::*,
        keymap::Place,
        model::{Chosen, Model, Profile, Setup},
        msg::{Effect, Msg, Reply},
        proof::{hand::remapped, marked},
        view::view,
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
    TypeId,
    /// Edits who is mailed, and takes it.
    Recipients(&'static str),
    /// A click, or a notch of the wheel.
    Mouse(MouseEventKind, u16, u16),
    /// Opens, looks, paints and waits, as a person would.
    Opened {
        sight: usize,
    },
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
        3 => Just(Step::TypeId),
        3 => prop::sample::select(vec!["a@x", "a@x, b@y", "", "y", "contoso-app"]).prop_map(Step::Recipients),
        1 => (prop::sample::select(vec![CLICK, MouseEventKind::ScrollDown, MouseEventKind::ScrollUp]), 0u16..130, 0u16..50)
            .prop_map(|(kind, column, row)| Step::Mouse(kind, column, row)),
        5 => (0usize..5).prop_map(|sight| Step::Opened { sight }),
        1 => prop::sample::select(vec!["cancel", "cancel", "refresh", "details", "confirm"]).prop_map(Step::Palette),
        1 => (prop::sample::select(vec!['g', 'G']), prop::bool::weighted(0.8))
            .prop_map(|(key, works)| Step::Profile { key, works }),
    ]
}

/// Knows what was looked at, painted and pressed, and from that alone what may be cancelled.
struct Witness {
    /// The profile that was gone to last, and the screen of the other one.
    here: &'static str,
    aside: Model,
    /// The key that asks for a cancel.
    asks: char,
    now: Duration,
    ticket: Option<(u64, OfferId)>,
    seen: Option<(OfferId, Vec<Operation>)>,
    seen_at: Duration,
    still_since: Option<Duration>,
    /// Still for long enough, and not painted since.
    has_rested: bool,
    is_armed: bool,
    typed: String,
    /// The screen that was painted last.
    painted: String,
    /// Whether keys go to the addresses.
    is_editing: bool,
}

/// Where one can be, each with a publisher of its own.
const PROFILES: [(&str, &str); 2] = [("prod", "contoso"), ("test", "fabrikam")];

/// At one of them; `asks` is the key for a cancel.
fn setup_at((profile, publisher): (&str, &str), asks: char) -> Setup {
    let stand = |(name, publisher): (&str, &str)| Profile {
        name: name.into(),
        publisher: Some(publisher.into()),
        origin: setup().origin,
        read_only: None,
    };
    Setup {
        profile: profile.into(),
        publisher: publisher.into(),
        profiles: Arc::new(PROFILES.map(stand)),
        hand: remapped("cancel", &[&asks.to_string()]),
        ..setup()
    }
}

impl Witness {
    fn new(asks: char) -> Self {
        Self {
            here: PROFILES[0].0,
            aside: Model::new(setup_at(PROFILES[1], asks)),
            asks,
            now: Duration::ZERO,
            ticket: None,
            seen: None,
            seen_at: Duration::ZERO,
            still_since: None,
            has_rested: false,
            is_armed: false,
            typed: String::new(),
            painted: String::new(),
            is_editing: false,
        }
    }

    /// Goes to the other profile, of which nothing was looked at.
    fn switch(&mut self, desk: &mut Desk) {
        let size = desk.model.size();
        std::mem::swap(&mut desk.model, &mut self.aside);
        let at = usize::from(self.here == PROFILES[0].0);
        self.here = PROFILES[at].0;
        self.ticket = None;
        self.seen = None;
        self.disturb();
        self.painted.clear();
        self.is_editing = false;
        desk.wait(Duration::ZERO);
        desk.know(quiet());
        desk.resize(size.width, size.height);
    }

    /// What is cancelled is what the last screen named, where it stands.
    fn judge_named(&self, request: &Request) -> Result<(), TestCaseError> {
        let target = &request.target;
        let is_here = PROFILES.contains(&(self.here, target.publisher.raw()));
        prop_assert!(
            is_here && request.profile.as_str() == self.here,
            "another profile's"
        );
        prop_assert!(
            self.painted.contains(target.offer.raw()),
            "the offer was not named"
        );
        if target.binding.operation().is_some() {
            let short = target.binding.short();
            prop_assert!(
                self.painted.contains(short.as_str()),
                "the operation was not named"
            );
        }
        let live = request.shown.destination == Destination::Live;
        prop_assert!(
            !live || self.painted.contains("LIVE"),
            "where it goes was not said"
        );
        Ok(())
    }

    fn rest(&mut self) {
        let still = self.still_since.map(|since| self.now.saturating_sub(since));
        self.has_rested |= still.is_some_and(|still| still >= Duration::from_millis(400));
    }

    fn paint(&mut self) {
        self.is_armed |= self.has_rested;
        if self.seen.is_some() && self.still_since.is_none() {
            self.still_since = Some(self.now);
        }
    }

    /// Whatever was asked for a look is not known any more.
    fn see(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Look { ticket, offer } = effect {
                self.ticket = Some((*ticket, offer.clone()));
                self.seen = None;
                self.disturb();
            }
        }
    }

    fn disturb(&mut self) {
        self.still_since = None;
        self.has_rested = false;
        self.is_armed = false;
        self.typed.clear();
    }

    /// A key has been handled, and led to these requests.
    fn key(&mut self, code: KeyCode, held: KeyModifiers, cancels: &[Request]) -> Result<(), TestCaseError> {
        for request in cancels {
            prop_assert!(self.is_armed && !self.is_editing, "not armed");
            self.judge_named(request)?;
            for address in &request.notify {
                prop_assert!(
                    self.painted.contains(address.as_str()),
                    "{address} is mailed unseen"
                );
            }
            let nobody = self.painted.contains("nobody named");
            prop_assert_eq!(nobody, request.notify.is_empty());
            let (offer, seen) = self.seen.clone().unwrap_or_else(|| ("".into(), Vec::new()));
            prop_assert_eq!(&request.target.offer, &offer);
            let named = seen
                .iter()
                .find(|operation| Binding::of(operation) == request.target.binding);
            prop_assert!(named.is_some(), "not what was looked at");
            prop_assert!(self.now < self.seen_at + Duration::from_mins(1), "too old");
            prop_assert_eq!(held, KeyModifiers::NONE);
            if request.shown.destination == Destination::Preview {
                prop_assert_eq!(code, KeyCode::Char('y'));
            } else {
                prop_assert_eq!(code, KeyCode::Enter);
                prop_assert_eq!(self.typed.as_str(), offer.raw());
            }
            self.seen = None;
        }
        prop_assert!(cancels.len() <= 1);
        if self.is_editing {
            return Ok(());
        }
        let several = self.seen.as_ref().is_some_and(|(_, seen)| seen.len() > 1);
        match code {
            KeyCode::Char('z' | 'l') if held == KeyModifiers::CONTROL => self.disturb(),
            KeyCode::Enter if several => self.disturb(),
            KeyCode::Esc => self.seen = None,
            KeyCode::Char('u') if held == KeyModifiers::CONTROL => self.typed.clear(),
            KeyCode::Char(letter) if self.is_armed && held.is_empty() => self.typed.push(letter),
            KeyCode::Backspace => drop(self.typed.pop()),
            _ => {}
        }
        // The key that leaves is one for the program, and not for the dialog.
        let leaves = code == KeyCode::Char('c') && held == KeyModifiers::CONTROL;
        if !leaves && !self.is_armed && self.still_since.is_some() {
            self.still_since = Some(self.now);
            self.has_rested = false;
        }
        Ok(())
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
fn take(desk: &mut Desk, witness: &mut Witness, msg: Msg) -> Vec<Effect> {
    let effects = desk.take(msg).effects;
    witness.see(&effects);
    effects
}

fn press(
    desk: &mut Desk,
    witness: &mut Witness,
    code: KeyCode,
    held: KeyModifiers,
) -> Result<usize, TestCaseError> {
    let before = witness.ticket.clone();
    let effects = take(
        desk,
        witness,
        Msg::Terminal(Event::Key(KeyEvent::new(code, held))),
    );
    let cancels = cancels(&effects);
    let is_editing = desk.model.place() == Place::Addresses;
    if before == witness.ticket {
        witness.key(code, held, &cancels)?;
    } else {
        prop_assert!(cancels.is_empty());
    }
    if is_editing != witness.is_editing {
        witness.is_editing = is_editing;
        witness.disturb();
    }
    Ok(cancels.len())
}

fn run(desk: &mut Desk, witness: &mut Witness, step: &Step) -> Result<usize, TestCaseError> {
    match step.clone() {
        Step::Key(code, held) => return press(desk, witness, code, held),
        Step::TypeId => {
            let id = witness.ticket.as_ref().map(|(_, offer)| offer.raw().to_owned());
            let mut sum = 0;
            for letter in id.unwrap_or_default().chars() {
                sum += press(desk, witness, KeyCode::Char(letter), KeyModifiers::NONE)?;
            }
            return Ok(sum + press(desk, witness, KeyCode::Enter, KeyModifiers::NONE)?);
        }
        Step::Recipients(text) => {
            let mut sum = press(desk, witness, KeyCode::Tab, KeyModifiers::NONE)?;
            if witness.is_editing {
                sum += press(desk, witness, KeyCode::Char('u'), KeyModifiers::CONTROL)?;
                for letter in text.chars() {
                    sum += press(desk, witness, KeyCode::Char(letter), KeyModifiers::NONE)?;
                }
                sum += press(desk, witness, KeyCode::Enter, KeyModifiers::NONE)?;
            }
            return Ok(sum);
        }
        Step::Palette(name) => {
            let mut sum = 0;
            for letter in format!(":{name}").chars() {
                sum += press(desk, witness, KeyCode::Char(letter), KeyModifiers::NONE)?;
            }
            return Ok(sum + press(desk, witness, KeyCode::Enter, KeyModifiers::NONE)?);
        }
        Step::Profile { key, works } => return profile(desk, witness, key, works),
        Step::Opened { sight } => {
            let steps = [
                Step::Key(KeyCode::Char(witness.asks), KeyModifiers::NONE),
                Step::Looked { sight, late: false },
                Step::Painted,
                Step::Wait(400),
                Step::Painted,
            ];
            for step in &steps {
                run(desk, witness, step)?;
            }
        }
        Step::Paste(text) => {
            let effects = take(desk, witness, Msg::Terminal(Event::Paste(text)));
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
            let effects = take(desk, witness, Msg::Terminal(Event::Mouse(event)));
            prop_assert!(effects.iter().all(|effect| matches!(effect, Effect::Attend(_))));
        }
        Step::Wait(millis) => {
            let time = Duration::from_millis(millis);
            witness.now += time;
            let outcome = desk.wait(time);
            prop_assert!(cancels(&outcome.effects).is_empty());
            witness.rest();
            witness.see(&outcome.effects);
        }
        Step::Know(which) => {
            let marked = marked(desk);
            let list = &desk.model.list;
            let by_person = list.chosen == Chosen::ByPerson;
            let selected = list.selected.clone().filter(|_| by_person);
            take(
                desk,
                witness,
                Msg::Known(Arc::new(snapshots().swap_remove(which))),
            );
            prop_assert!(selected.is_none() || selected == desk.model.list.selected);
            prop_assert_eq!(marked, self::marked(desk));
        }
        Step::Looked { sight, late } => looked(desk, witness, sight, late),
        Step::Journal { works } => {
            let broken = || JournalFailure("broken".into());
            let known = vec![
                following().cancellation,
                unsent("contoso-db", &app_operation()).cancellation,
            ];
            let history = if works { Ok(known) } else { Err(broken()) };
            let resumed = if works { Ok(1) } else { Err(broken()) };
            take(desk, witness, Msg::Reply(Reply::History(Box::new(history))));
            take(desk, witness, Msg::Reply(Reply::Resumed(resumed)));
        }
        Step::Declined => {
            if let Some(asked) = desk.model.requests.asked.first() {
                let (target, why) = (asked.target.clone(), NotBegun::ReadOnly);
                take(desk, witness, Msg::Reply(Reply::NotBegun { target, why }));
            }
        }
        Step::Painted => {
            take(desk, witness, Msg::Painted);
            witness.paint();
            if witness.is_armed && !witness.is_editing {
                witness.painted = desk.screen();
            }
        }
        Step::Resize(width, height) => {
            take(desk, witness, Msg::Terminal(Event::Resize(width, height)));
            witness.disturb();
        }
    }
    Ok(0)
}

/// Goes to another profile with the keys; whatever a dialog takes them for instead is judged as ever.
fn profile(desk: &mut Desk, witness: &mut Witness, key: char, works: bool) -> Result<usize, TestCaseError> {
    let mut sum = 0;
    let before = desk.effects.len();
    for code in [KeyCode::Char('p'), KeyCode::Char(key), KeyCode::Enter] {
        sum += press(desk, witness, code, KeyModifiers::NONE)?;
    }
    let gone = desk.effects[before..].iter().find_map(|effect| match effect {
        Effect::Switch { profile, .. } => Some(profile.clone()),
        _ => None,
    });
    match gone {
        Some(_) if works => witness.switch(desk),
        Some(profile) => {
            let why = "it cannot be opened".into();
            take(desk, witness, Msg::Reply(Reply::NotSwitched { profile, why }));
        }
        None => {}
    }
    Ok(sum)
}

fn looked(desk: &mut Desk, witness: &mut Witness, sight: usize, late: bool) {
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
    take(desk, witness, Msg::Reply(reply));
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
        let mut desk = Desk::with(setup_at(PROFILES[0], asks), quiet());
        let mut witness = Witness::new(asks);
        for step in &steps {
            let held = desk.model.confirmation().is_some();
            let here = witness.here;
            let rows: Vec<OfferId> = desk.model.list.rows.iter().map(|row| row.id.clone()).collect();
            confirmed.set(confirmed.get() + run(&mut desk, &mut witness, step)?);
            if held && here == witness.here && desk.model.confirmation().is_some() {
                let still: Vec<OfferId> = desk.model.list.rows.iter().map(|row| row.id.clone()).collect();
                prop_assert_eq!(&rows, &still, "the list moved under a dialog");
            }
        }
        desk.draw();
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
    assert!(confirmed.get() > 10, "only {} confirmed", confirmed.get());
}

#[test]
fn every_size_can_be_drawn() {
    let mut desks = Vec::new();
    for keys in ["", "?", "/vm", "f", "l", ":", ":zzz", "y"] {
        let mut desk = Desk::new(busy());
        desk.keys(keys);
        desks.push(desk);
    }
    let mut details = Desk::new(busy());
    details.select("contoso-vm");
    details.press(KeyCode::Enter);
    let mut asked = Desk::new(quiet());
    asked.ask("contoso-app", app_operation());
    let mut empty = Desk::new(Snapshot::default());
    empty.keys("c");
    desks.extend([details, asked, empty]);
    for desk in &mut desks {
        for width in (0..45).chain([60, 79, 80, 109, 110, 300]) {
            for height in (0..18).chain([24, 40, 100]) {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                // The terminal may be resized before its new size is told.
                terminal.draw(|frame| view(&desk.model, frame)).unwrap();
                if width % 7 == 0 {
                    desk.resize(width, height);
                    desk.draw();
                }
            }
        }
    }
}
