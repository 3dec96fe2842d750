//! State of the tokens, and the decisions that follow from it. Pure: times come as arguments.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::time::Instant;

use super::super::issuer::{Issued, lost};
use crate::engine::failure::Failure;

/// Time before its expiry at which a token is replaced.
const EARLY: Duration = Duration::from_mins(5);
/// Minimum pause before the next request when a token is due on arrival, as with a wrong clock.
const APART: Duration = Duration::from_secs(30);
/// Pauses after failed requests and failed renewals.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Longest pause that an issuer can request.
const LONGEST_REQUESTED: Duration = Duration::from_mins(10);
/// Age from which a refused token counts as one that worked.
const PROVEN: Duration = Duration::from_mins(5);

/// A point in time on both clocks: the steady one may stand still while a laptop sleeps, the wall clock may be set.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) steady: Instant,
    pub(super) wall: Timestamp,
}

/// State of the tokens.
#[derive(Default)]
pub(super) struct State {
    held: Option<Held>,
    lost: Option<Lost>,
    /// Number of tokens refused in quick succession.
    refusals: u32,
    /// Start of the last renewal after a refusal.
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

/// Reason for having no token, and the time until which no request is sent.
struct Lost {
    failure: Failure,
    until: Instant,
    pause: Duration,
}

/// Next step for a request that needs a token.
pub(super) enum Step {
    /// Use this token.
    Give(SecretString),
    /// Use this token, and request the next one meanwhile.
    GiveAndAsk(SecretString),
    /// Request a token, and wait.
    Ask,
    /// Request a token after a failure, and wait briefly.
    AskAgain,
    /// Fail.
    Refuse(Failure),
}

/// Reaction to a refused token.
pub(super) enum Renewal {
    /// Nothing: it was replaced a moment ago.
    Done,
    /// Nothing: there is no token.
    Lost(Failure),
    /// Request a different token.
    Ask(Option<Issued>),
}

impl State {
    /// Decides on a request; `changed` means that the tokens' source has changed.
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

    /// Returns the token, unless it has expired.
    pub(super) fn alive(&self, now: Moment) -> Option<SecretString> {
        let held = self.held.as_ref().filter(|held| !held.is_dead(now))?;
        Some(held.issued.token.clone())
    }

    /// Returns the failure that prevents a new token.
    pub(super) fn why_lost(&self) -> Option<Failure> {
        self.lost.as_ref().map(|lost| lost.failure.clone())
    }

    /// Records an answer of the issuer. A live token outlasts a failed request.
    pub(super) fn record(&mut self, now: Moment, issued: Result<Issued, Failure>) {
        match issued {
            Ok(issued) => {
                self.held = Some(Held::new(now, issued));
                self.lost = None;
            }
            Err(failure) => self.lose(now, failure),
        }
    }

    /// Records that the service refused the token.
    pub(super) fn refused(&mut self, now: Moment) -> Renewal {
        match (&self.held, &self.lost) {
            (None, Some(lost)) if now.steady < lost.until => return Renewal::Lost(lost.failure.clone()),
            (Some(_), _) if self.is_just_renewed(now) => return Renewal::Done,
            _ => {}
        }
        // The refused token is no longer used, even if the next one is slow.
        let Some(held) = self.held.take() else {
            return Renewal::Ask(None);
        };
        let proven = now.steady - held.at >= PROVEN;
        self.refusals = if proven { 0 } else { self.refusals + 1 };
        self.renewed = Some(now.steady);
        Renewal::Ask(Some(held.issued))
    }

    /// Records the issuer's answer to a renewal of `refused`.
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
        let requested = failure.retry_after.unwrap_or_default().min(LONGEST_REQUESTED);
        self.lost = Some(Lost {
            // This pause concerns the issuer alone; the marketplace must not appear rate limited.
            failure: Failure {
                retry_after: None,
                ..failure
            },
            until: now.steady + pause.max(requested),
            pause,
        });
    }
}

impl Held {
    fn new(now: Moment, issued: Issued) -> Self {
        let end = issued.expires_at.and_then(|expires_at| {
            let life = Duration::try_from(expires_at.duration_since(now.wall)).ok()?;
            // A token that is expired on arrival points to a wrong clock rather than a bad token: the service decides.
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
        // Beyond any token's life the sum overflows; a year is long enough.
        let time = time.min(Duration::from_hours(24 * 365));
        let span = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        Self {
            steady: self.steady + time,
            wall: self.wall.saturating_add(span).unwrap_or(Timestamp::MAX),
        }
    }

    /// Returns true if `now` has reached it on either clock.
    fn is_past(self, now: Self) -> bool {
        now.steady >= self.steady || now.wall >= self.wall
    }
}

/// Returns the pause after so many refusals.
fn doubled(times: u32) -> Duration {
    PAUSE.saturating_mul(1 << times.min(5)).min(LONGEST_PAUSE)
}
