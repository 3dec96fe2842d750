//! What is known of the tokens so far, and what follows from it. Pure: times come as arguments.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::time::Instant;

use super::super::issuer::{Issued, lost};
use crate::engine::failure::Failure;

/// How long before its end a token is replaced.
const EARLY: Duration = Duration::from_mins(5);
/// How long the next question keeps off when a token is due as soon as it comes, as with a clock that is wrong.
const APART: Duration = Duration::from_secs(30);
/// The pauses between questions that were in vain, and between renewals that were.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// The longest pause that the giver of tokens can ask for.
const LONGEST_ASKED: Duration = Duration::from_mins(10);
/// A token that lived that long before it was refused was a good one.
const PROVEN: Duration = Duration::from_mins(5);

/// A point in time, by both clocks: the steady one may stand still while a laptop sleeps, the other may be set.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) steady: Instant,
    pub(super) wall: Timestamp,
}

/// What is known of the tokens so far.
#[derive(Default)]
pub(super) struct State {
    held: Option<Held>,
    lost: Option<Lost>,
    /// How many tokens were refused, one soon after the other.
    refusals: u32,
    /// When the last renewal after a refusal began.
    renewed: Option<Instant>,
}

/// A token, and the times of its life.
struct Held {
    issued: Issued,
    at: Instant,
    end: Option<End>,
}

#[derive(Clone, Copy)]
struct End {
    due: Moment,
    dead: Moment,
}

/// Why there is no token, and until when nobody is asked again.
struct Lost {
    failure: Failure,
    until: Instant,
    pause: Duration,
}

/// What to do for a request that needs a token.
pub(super) enum Step {
    /// Give it this one.
    Give(SecretString),
    /// Give it this one, and ask for the next meanwhile.
    GiveAndAsk(SecretString),
    /// Ask, and let it wait.
    Ask,
    /// Ask after having asked in vain, and let it wait a little.
    AskAgain,
    /// Let it fail.
    Refuse(Failure),
}

/// What to do when the service refused a token.
pub(super) enum Renewal {
    /// Nothing: it was replaced a moment ago.
    Done,
    /// Nothing: there is none.
    Lost(Failure),
    /// Ask for one that is not this.
    Ask(Option<Issued>),
}

impl State {
    /// What to do for a request; `changed` says that the place of the tokens has changed.
    pub(super) fn step(&self, now: Moment, changed: bool) -> Step {
        let may_ask = self.lost.as_ref().is_none_or(|lost| now.steady >= lost.until);
        match (&self.held, &self.lost) {
            (Some(held), _) if !held.is_dead(now) => {
                let token = held.issued.token.clone();
                if changed {
                    Step::AskAgain
                } else if held.is_due(now) && may_ask {
                    Step::GiveAndAsk(token)
                } else {
                    Step::Give(token)
                }
            }
            (_, Some(lost)) if !may_ask && !changed => Step::Refuse(lost.failure.clone()),
            (_, Some(_)) => Step::AskAgain,
            (_, None) => Step::Ask,
        }
    }

    /// The token, unless its time is over.
    pub(super) fn alive(&self, now: Moment) -> Option<SecretString> {
        let held = self.held.as_ref().filter(|held| !held.is_dead(now))?;
        Some(held.issued.token.clone())
    }

    /// Why there is no new token.
    pub(super) fn why_lost(&self) -> Option<Failure> {
        self.lost.as_ref().map(|lost| lost.failure.clone())
    }

    /// Keeps an answer of the issuer. A token that still lives outlasts a question that was in vain.
    pub(super) fn record(&mut self, now: Moment, issued: Result<Issued, Failure>) {
        match issued {
            Ok(issued) => {
                self.held = Some(Held::new(now, issued));
                self.lost = None;
            }
            Err(failure) => self.lose(now, failure),
        }
    }

    /// The service refused the token.
    pub(super) fn refused(&mut self, now: Moment) -> Renewal {
        match (&self.held, &self.lost) {
            (None, Some(lost)) if now.steady < lost.until => return Renewal::Lost(lost.failure.clone()),
            (Some(_), _) if self.is_just_renewed(now) => return Renewal::Done,
            _ => {}
        }
        // It is given to nobody any more, also when the next one is long in coming.
        let Some(held) = self.held.take() else {
            return Renewal::Ask(None);
        };
        let proven = now.steady - held.at >= PROVEN;
        self.refusals = if proven { 0 } else { self.refusals + 1 };
        self.renewed = Some(now.steady);
        Renewal::Ask(Some(held.issued))
    }

    /// The issuer was asked for another token than `refused`.
    pub(super) fn renewed(
        &mut self,
        now: Moment,
        refused: Option<&Issued>,
        advice: &str,
    ) -> Result<(), Failure> {
        let same = match (&self.held, refused) {
            (Some(held), Some(refused)) => held.issued.is(refused),
            _ => false,
        };
        if let Some(lost) = &self.lost {
            return Err(lost.failure.clone());
        }
        if !same {
            return Ok(());
        }
        let failure = lost("the service refuses the token, and there is no other", advice);
        self.held = None;
        self.lost = Some(Lost {
            failure: failure.clone(),
            until: now.steady + doubled(self.refusals),
            pause: doubled(self.refusals),
        });
        Err(failure)
    }

    fn is_just_renewed(&self, now: Moment) -> bool {
        self.renewed
            .is_some_and(|at| now.steady - at < doubled(self.refusals.saturating_add(1)))
    }

    fn lose(&mut self, now: Moment, failure: Failure) {
        let pause = match &self.lost {
            Some(lost) => (lost.pause * 2).min(LONGEST_PAUSE),
            None => PAUSE,
        };
        let asked = failure.retry_after.unwrap_or_default().min(LONGEST_ASKED);
        self.lost = Some(Lost {
            // It is this room that leaves the giver of tokens alone; the service was not asked and is not meant.
            failure: Failure {
                retry_after: None,
                ..failure
            },
            until: now.steady + pause.max(asked),
            pause,
        });
    }
}

impl Held {
    fn new(now: Moment, issued: Issued) -> Self {
        let end = issued.expires_at.and_then(|expires_at| {
            let life = Duration::try_from(expires_at.duration_since(now.wall)).ok()?;
            // One that is over when it comes says more about a clock than about the token: the service decides.
            (!life.is_zero()).then(|| End::new(now, life))
        });
        Self {
            issued,
            at: now.steady,
            end,
        }
    }

    fn is_dead(&self, now: Moment) -> bool {
        self.end.is_some_and(|end| end.dead.is_past(now))
    }

    fn is_due(&self, now: Moment) -> bool {
        now.steady - self.at >= APART && self.end.is_some_and(|end| end.due.is_past(now))
    }
}

impl End {
    fn new(now: Moment, life: Duration) -> Self {
        let early = EARLY.min(life / 2);
        Self {
            due: now.after(life.saturating_sub(early)),
            dead: now.after(life),
        }
    }
}

impl Moment {
    fn after(self, time: Duration) -> Self {
        // Far beyond any token there is no time to count with; a year is as good as for ever.
        let time = time.min(Duration::from_hours(24 * 365));
        let span = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        Self {
            steady: self.steady + time,
            wall: self.wall.saturating_add(span).unwrap_or(Timestamp::MAX),
        }
    }

    /// Whether `now` has reached it, by either clock.
    fn is_past(self, now: Self) -> bool {
        now.steady >= self.steady || now.wall >= self.wall
    }
}

/// The pause after so many refusals.
fn doubled(times: u32) -> Duration {
    PAUSE.saturating_mul(1 << times.min(5)).min(LONGEST_PAUSE)
}
