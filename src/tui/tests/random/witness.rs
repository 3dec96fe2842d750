//! Who knows what was looked at, painted and pressed, and from that alone what may be cancelled.

use std::{sync::Arc, time::Duration};

use crossterm::event::{KeyCode, KeyModifiers};
use proptest::prelude::*;

use crate::{
    domain::{
        confirmation::Request,
        ids::OfferId,
        operation::{Destination, Operation},
        target::Binding,
    },
    tui::{
        fixture::*,
        model::{Model, ProfileSummary, Setup},
        msg::Effect,
        tests::preferences::remapped,
    },
};

/// Knows what was looked at, painted and pressed, and from that alone what may be cancelled.
pub(super) struct Witness {
    /// The profile that was gone to last, and the screen of the other one.
    pub(super) here: &'static str,
    pub(super) aside: Model,
    /// The key that asks for a cancel.
    pub(super) asks: char,
    pub(super) now: Duration,
    pub(super) ticket: Option<(u64, OfferId)>,
    pub(super) seen: Option<(OfferId, Vec<Operation>)>,
    pub(super) seen_at: Duration,
    pub(super) still_since: Option<Duration>,
    /// Still for long enough, and not painted since.
    pub(super) has_rested: bool,
    pub(super) is_armed: bool,
    pub(super) typed: String,
    /// The key that confirmed, if nothing came after it, and what was typed by then.
    pub(super) answered: Option<Answered>,
    /// Everything painted since the screen or what it shows was last disturbed.
    pub(super) painted: String,
    /// The last of it that told how to answer.
    pub(super) last: String,
    /// Whether keys go to the addresses.
    pub(super) is_editing: bool,
}

/// Whether a screen tells how to answer.
fn tells_how(screen: &str) -> bool {
    screen.contains("y cancels it") || screen.contains("the offer's id")
}

/// A key that confirms what it will.
#[derive(Clone)]
pub(super) struct Answered {
    code: KeyCode,
    typed: String,
    at: Duration,
}

/// Where one can be, each with a publisher of its own.
pub(super) const PROFILES: [(&str, &str); 2] = [("prod", "contoso"), ("test", "fabrikam")];

/// At one of them; `asks` is the key for a cancel.
pub(super) fn setup_at((profile, publisher): (&str, &str), asks: char) -> Setup {
    let stand = |(name, publisher): (&str, &str)| ProfileSummary {
        name: name.into(),
        publisher: Some(publisher.into()),
        origin: setup().origin,
        read_only: None,
    };
    Setup {
        profile: profile.into(),
        publisher: publisher.into(),
        profiles: Arc::new(PROFILES.map(stand)),
        preferences: remapped("cancel", &[&asks.to_string()]),
        ..setup()
    }
}

impl Witness {
    pub(super) fn new(asks: char) -> Self {
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
            answered: None,
            painted: String::new(),
            last: String::new(),
            is_editing: false,
        }
    }

    /// Goes to the other profile, of which nothing was looked at.
    pub(super) fn switch(&mut self, app: &mut TestApp) {
        let size = app.model.size();
        std::mem::swap(&mut app.model, &mut self.aside);
        let at = usize::from(self.here == PROFILES[0].0);
        self.here = PROFILES[at].0;
        self.ticket = None;
        self.seen = None;
        self.disturb();
        self.is_editing = false;
        app.wait(Duration::ZERO);
        app.know(quiet());
        app.resize(size.width, size.height);
    }

    /// What the question said: all of it on the last screen or, where it had to be scrolled, on all since it was put.
    fn shown(&self) -> &str {
        if self.painted.contains("PgDn") {
            &self.painted
        } else {
            &self.last
        }
    }

    /// What is cancelled is what the question named, where it stands.
    fn judge_named(&self, request: &Request) -> Result<(), TestCaseError> {
        let target = &request.target;
        let is_here = PROFILES.contains(&(self.here, target.publisher.raw()));
        prop_assert!(
            is_here && request.profile.as_str() == self.here,
            "another profile's"
        );
        prop_assert!(
            self.shown().contains(target.offer.raw()),
            "the offer was not named"
        );
        if target.binding.operation().is_some() {
            let short = target.name().short();
            prop_assert!(
                self.shown().contains(short.as_str()),
                "the operation was not named"
            );
        }
        let live = request.shown.destination == Destination::Live;
        prop_assert!(
            !live || self.shown().contains("LIVE"),
            "where it goes was not said"
        );
        Ok(())
    }

    pub(super) fn rest(&mut self) {
        let still = self.still_since.map(|since| self.now.saturating_sub(since));
        self.has_rested |= still.is_some_and(|still| still >= Duration::from_millis(400));
    }

    pub(super) fn paint(&mut self, screen: String) {
        self.is_armed |= self.has_rested && tells_how(&screen);
        if !self.is_editing {
            self.painted.push_str(&screen);
        }
        if self.is_armed && !self.is_editing {
            self.last = screen;
        }
        if self.seen.is_some() && self.still_since.is_none() {
            self.still_since = Some(self.now);
        }
    }

    /// Whatever was asked for a look is not known any more.
    pub(super) fn see(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Look { ticket, offer } = effect {
                self.ticket = Some((*ticket, offer.clone()));
                self.seen = None;
                self.disturb();
            }
        }
    }

    pub(super) fn disturb(&mut self) {
        self.still_since = None;
        self.has_rested = false;
        self.is_armed = false;
        self.typed.clear();
        self.answered = None;
        self.painted.clear();
        self.last.clear();
    }

    /// What is on the screen has to be left alone anew.
    pub(super) fn begin_anew(&mut self) {
        let still_since = self.still_since.map(|_| self.now);
        let painted = std::mem::take(&mut self.painted);
        self.disturb();
        self.still_since = still_since;
        self.painted = painted;
    }

    /// These requests were sent because nothing more came.
    pub(super) fn judge(&mut self, cancels: &[Request]) -> Result<(), TestCaseError> {
        prop_assert!(cancels.len() <= 1);
        for request in cancels {
            let Some(answered) = self.answered.take() else {
                prop_assert!(false, "nothing confirmed it, or something came after that");
                continue;
            };
            prop_assert!(self.is_armed && !self.is_editing, "not armed");
            prop_assert!(self.now >= answered.at + ALONE, "not left alone");
            self.judge_named(request)?;
            for address in &request.notify {
                prop_assert!(
                    self.shown().contains(address.as_str()),
                    "{address} is mailed unseen"
                );
            }
            let nobody = self.shown().contains("nobody named");
            prop_assert_eq!(nobody, request.notify.is_empty());
            let (offer, seen) = self.seen.take().unwrap_or_else(|| ("".into(), Vec::new()));
            prop_assert_eq!(&request.target.offer, &offer);
            let named = seen
                .iter()
                .find(|operation| Binding::of(operation) == request.target.binding);
            prop_assert!(named.is_some(), "not what was looked at");
            prop_assert!(self.now < self.seen_at + Duration::from_mins(1), "too old");
            if request.shown.destination == Destination::Preview {
                prop_assert_eq!(answered.code, KeyCode::Char('y'));
            } else {
                prop_assert_eq!(answered.code, KeyCode::Enter);
                prop_assert_eq!(answered.typed.as_str(), offer.raw());
            }
        }
        Ok(())
    }

    /// Whether this key confirms what was looked at.
    fn confirms(&self, code: KeyCode, held: KeyModifiers) -> bool {
        let Some((offer, seen)) = &self.seen else {
            return false;
        };
        let to_preview = seen
            .first()
            .is_some_and(|operation| operation.destination == Destination::Preview);
        let is_right = if to_preview {
            code == KeyCode::Char('y')
        } else {
            code == KeyCode::Enter && self.typed == offer.raw()
        };
        self.is_armed && held.is_empty() && is_right
    }

    /// A key has been handled.
    pub(super) fn key(&mut self, code: KeyCode, held: KeyModifiers) {
        if self.is_editing {
            return;
        }
        if let Some(answered) = self.answered.clone() {
            if (answered.code, KeyModifiers::NONE) != (code, held) {
                self.begin_anew();
            }
        } else if self.confirms(code, held) {
            let (typed, at) = (self.typed.clone(), self.now);
            self.answered = Some(Answered { code, typed, at });
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
    }
}
