//! What is about to be canceled: 1 to 100 offers, each looked at, shown and confirmed. The one place where a
//! [`Request`] comes from, for every face.
//!
//! It is told what was seen, typed and painted, and what time it is; it must not know who draws it, asks the questions
//! or reads the keys.

mod entry;
mod guard;
mod plan;

use std::time::Duration;

use crate::domain::{
    confirmation::{Address, Request},
    ids::OfferId,
    text::SafeText,
    time::{self, Now},
};

pub use entry::{Entry, Skip, Standing};
pub use guard::{ALONE, Guard, Key, Press, QUIET, Reaction, Typed};
pub use plan::Plan;

/// The most offers that one proposal takes: what is confirmed must be sent within a minute.
pub const MOST: usize = 100;

/// How long a look may be answered.
const LIFETIME: Duration = Duration::from_mins(1);

/// How many looks are under way at once.
const CONCURRENT_LOOKS: usize = 8;

/// What is about to be canceled, from the first look to the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    entries: Vec<Entry>,
    /// Who will be mailed, exactly as each request will say it.
    pub notify: Vec<Address>,
    /// When the last look arrived; none while one is awaited.
    arrived: Option<Now>,
    /// Whether it looks because what earlier looks saw grew too old.
    pub is_again: bool,
    /// Whether it may be answered.
    pub guard: Guard,
}

/// What it takes to confirm. One that is left of several is treated as one that was asked for alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Required {
    /// There is nothing to confirm.
    Nothing,
    /// A yes: a single operation, to the preview.
    Yes,
    /// The offer's id: a single operation that may be seen by customers.
    Id(OfferId),
    /// How many operations will be canceled.
    Count(usize),
}

/// A proposal was confirmed, or needs no confirmation. Without one there is no request.
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed(());

impl Proposal {
    /// On `offers` and their display names, none of them looked at. An id that must not be sent is skipped.
    pub fn new(offers: impl IntoIterator<Item = (OfferId, SafeText)>, notify: Vec<Address>) -> Self {
        let entry = |(offer, name)| Entry::new(offer, name);
        Self {
            entries: offers.into_iter().map(entry).collect(),
            notify,
            arrived: None,
            is_again: false,
            guard: Guard::default(),
        }
    }

    /// Of one operation that was looked at already, at `now`.
    #[must_use]
    pub fn of(plan: Plan, notify: Vec<Address>, now: Now) -> Self {
        let offer = plan.target.offer.clone();
        let entry = Entry {
            name: offer.shown(),
            offer,
            standing: Standing::Planned(Box::new(plan)),
        };
        Self {
            entries: vec![entry],
            arrived: Some(now),
            ..Self::new([], notify)
        }
    }

    /// Every offer, in the order of the list it was chosen from.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Its one offer, where it is about one alone.
    #[must_use]
    pub fn only(&self) -> Option<&Entry> {
        match &self.entries[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What would be canceled.
    pub fn plans(&self) -> impl Iterator<Item = (&Entry, &Plan)> {
        self.entries.iter().filter_map(|entry| match &entry.standing {
            Standing::Planned(plan) => Some((entry, &**plan)),
            _ => None,
        })
    }

    /// What would be left alone, and why.
    pub fn skipped(&self) -> impl Iterator<Item = (&OfferId, &Skip)> {
        self.entries.iter().filter_map(|entry| match &entry.standing {
            Standing::Skipped(skip) => Some((&entry.offer, skip)),
            _ => None,
        })
    }

    /// How many offers nothing is known of yet.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let is_unknown =
            |entry: &&Entry| matches!(entry.standing, Standing::Waiting | Standing::Looking { .. });
        self.entries.iter().filter(is_unknown).count()
    }

    /// Whether a look is still awaited.
    #[must_use]
    pub fn is_looking(&self) -> bool {
        self.arrived.is_none()
    }

    /// The next offer to look at: `ticket` is the number that its answer will bear.
    pub fn look(&mut self, ticket: u64) -> Option<OfferId> {
        let is_looking = |entry: &&Entry| matches!(entry.standing, Standing::Looking { .. });
        if self.entries.iter().filter(is_looking).count() >= CONCURRENT_LOOKS {
            return None;
        }
        let waits = |entry: &&mut Entry| entry.standing == Standing::Waiting;
        let next = self.entries.iter_mut().find(waits)?;
        next.standing = Standing::Looking { ticket };
        Some(next.offer.clone())
    }

    /// The offer that the look of this number was asked for.
    #[must_use]
    pub fn awaiting(&self, ticket: u64) -> Option<&OfferId> {
        let awaited = Standing::Looking { ticket };
        let entry = self.entries.iter().find(|entry| entry.standing == awaited);
        entry.map(|entry| &entry.offer)
    }

    /// A look came back with `plan`, or a reason to leave the offer alone.
    pub fn looked(&mut self, ticket: u64, plan: Result<Plan, Skip>) {
        let awaited = Standing::Looking { ticket };
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.standing == awaited) {
            entry.standing = match plan {
                Ok(plan) => Standing::Planned(Box::new(plan)),
                Err(skip) => Standing::Skipped(skip),
            };
        }
    }

    /// Says whether all that was asked for has arrived just now: then its minute begins.
    pub fn arrive(&mut self, now: Now) -> bool {
        let is_complete = self.unknown() == 0 && self.arrived.is_none();
        if is_complete {
            self.arrived = Some(now);
            self.guard.invalidate();
        }
        is_complete
    }

    /// Skips what is being canceled already.
    pub fn skip_under_way(&mut self, is_under_way: impl Fn(&Entry) -> bool) {
        for entry in &mut self.entries {
            if is_under_way(entry) {
                entry.standing = Standing::Skipped(Skip::UnderWay);
            }
        }
    }

    /// What it takes to confirm.
    #[must_use]
    pub fn required(&self) -> Required {
        let mut plans = self.plans();
        match (plans.next(), plans.count()) {
            _ if self.is_looking() => Required::Nothing,
            (None, _) => Required::Nothing,
            (Some((_, plan)), 0) if plan.may_be_production() => Required::Id(plan.target.offer.clone()),
            (Some(_), 0) => Required::Yes,
            (Some(_), more) => Required::Count(more + 1),
        }
    }

    /// When it arms or expires.
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        let expiry = self.arrived?.mono + LIFETIME;
        if self.required() == Required::Nothing {
            return None;
        }
        Some(self.guard.wake_at().map_or(expiry, |at| expiry.min(at)))
    }

    /// Whether what it shows is too old to be confirmed.
    #[must_use]
    pub fn has_expired(&self, now: Now) -> bool {
        // The monotonic clock may stand still while a laptop sleeps.
        let is_over = |arrived: Now| {
            now.mono >= arrived.mono + LIFETIME || time::since(arrived.wall, now.wall) >= LIFETIME
        };
        self.required() != Required::Nothing && self.arrived.is_some_and(is_over)
    }

    /// Everything has to be looked at anew.
    pub fn begin_anew(&mut self) {
        for entry in &mut self.entries {
            if entry.standing != Standing::Skipped(Skip::UnsafeId) {
                entry.standing = Standing::Waiting;
            }
        }
        self.arrived = None;
        self.is_again = true;
        self.guard.invalidate();
    }

    /// A key while it may be answered.
    pub fn press(&mut self, press: Press, now: Duration) -> Reaction {
        let required = self.required();
        self.guard.answer(press, required.text().as_deref(), now)
    }

    /// Whether the next key that enters or says yes confirms it.
    #[must_use]
    pub fn can_be_confirmed(&self) -> bool {
        let required = self.required();
        let is_typed = required
            .text()
            .is_none_or(|wanted| wanted == self.guard.typed.text);
        self.guard.tells_how() && is_typed && required != Required::Nothing
    }

    /// Nothing that was typed waits to be read: what was confirmed counts.
    pub fn all_read(&mut self, now: Duration) -> Option<Confirmed> {
        let is_confirmed = self.guard.all_read(now);
        is_confirmed.then_some(Confirmed(()))
    }

    /// Whether the line `answer` confirms it, for whoever asks by lines.
    #[must_use]
    pub fn confirmed_by(&self, answer: &str) -> Option<Confirmed> {
        self.required().is_met_by(answer.trim()).then_some(Confirmed(()))
    }

    /// For whoever was told beforehand not to ask.
    #[must_use]
    pub fn unattended(&self) -> Confirmed {
        Confirmed(())
    }

    /// The requests, one each for exactly what it named, confirmed under `profile`.
    #[must_use]
    pub fn requests(&self, _: Confirmed, profile: &SafeText) -> Vec<Request> {
        let request = |plan: &Plan| plan.request(profile.clone(), self.notify.clone());
        self.plans().map(|(_, plan)| request(plan)).collect()
    }
}

impl Required {
    /// The text that must be typed, where one must.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Nothing | Self::Yes => None,
            Self::Id(offer) => Some(offer.raw().to_owned()),
            Self::Count(count) => Some(count.to_string()),
        }
    }

    /// Whether the whole line `answer` is it.
    fn is_met_by(&self, answer: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Yes => answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"),
            Self::Id(_) | Self::Count(_) => self.text().is_some_and(|wanted| wanted == answer),
        }
    }
}

#[cfg(test)]
mod tests;
