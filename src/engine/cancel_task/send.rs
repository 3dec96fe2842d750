//! Sending from the claim to the answer: connect, look, record, send, record. At most one request that may have been
//! carried out.
//!
//! The connection comes first, because making it may take longer than a look stays fresh.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use crate::{
    domain::{
        answer::{Answer, Outcome},
        fact::Fact,
        operation::Operations,
        preflight::{self, Wanted},
        stage::Stage,
        target::CancelNames,
        verdict::{Cause, Ending, Verdict},
    },
    engine::{
        cancel_task::{CancelTask, doubt::telling},
        clocks::Moment,
        failure::{Class, Failure},
        look::Look,
        ports::{JournalFailure, ReadyToSend, SendFailure},
        request_limiter::Permit,
        schedule::Backoff,
    },
};

/// Maximum age of a look at sending.
const FRESH_LOOK: Duration = Duration::from_secs(2);

/// Maximum wait of a look for its permit to record; an older one is repeated, because it must stay fresh until sending.
const SHORT_WAIT: Duration = Duration::from_millis(250);

/// Reason for a permit that came too late.
const TOO_MANY: &str = "too many cancels were on their way before it";

/// Maximum age of a confirmation at sending.
const FRESH_CONFIRMATION: Duration = Duration::from_mins(1);

/// A preflight look with its time, the connection made before it, and the permit held from then to the answer.
struct Preflight {
    look: Look,
    looked: Moment,
    ready: Box<dyn ReadyToSend>,
    permit: Permit,
}

/// Time to wait for an answer before the target is read as well.
const ALONE: Duration = Duration::from_secs(5);

/// A request with an outstanding answer, and the permit it holds until then.
pub(super) struct Waiting {
    pub(super) sent: BoxFuture<'static, Result<Answer, SendFailure>>,
    _turn: Permit,
}

/// State of the attempts of one confirmation.
#[derive(Default)]
pub(super) struct Effort {
    backoff: Backoff,
    has_renewed: bool,
    /// The request whose answer is outstanding, while its target is read.
    pub(super) waiting: Option<Waiting>,
}

/// Result of one attempt.
pub(super) enum Attempt {
    /// The request may have been carried out: follow it.
    MayHaveBeenCarriedOut,
    /// It certainly was not; it may be sent again after this time, for this reason.
    NotCarriedOut { wait: Duration, why: String },
}

impl CancelTask {
    /// Sends the request, once. It is sent again, after a new look, only if provably not carried out.
    ///
    /// # Errors
    ///
    /// The ending, if nothing was sent.
    pub(super) async fn send(&mut self, effort: &mut Effort) -> Result<(), Ending> {
        // It may have waited for another session's claim.
        self.still_wanted()?;
        loop {
            let sight = self.look_until_seen(&mut effort.backoff).await?;
            let target = &self.cancellation().request.target;
            let allow = match self.service().cancel_names {
                CancelNames::Offer => preflight::allow,
                CancelNames::Operation => preflight::allow_by_name,
            };
            let allowed = allow(
                &sight.look.operations,
                target.scope(),
                Wanted::Confirmed(&target.binding),
            );
            if let Err(ending) = allowed {
                let failure = self.held_against_page(ending).await?;
                drop(sight);
                self.wait_after(&failure, &mut effort.backoff).await?;
                continue;
            }
            let preflight = sight.look.preflight(Some(&target.binding));
            self.record(Fact::Looked(preflight))
                .await
                .map_err(|failure| not_recorded(&failure))?;
            match self.attempt(sight, effort).await? {
                Attempt::MayHaveBeenCarriedOut => return Ok(()),
                Attempt::NotCarriedOut { wait, why } => self.rest(wait, &why).await?,
            }
        }
    }

    /// Connects, and looks until the operations of the offer are read, or sending is impossible.
    async fn look_until_seen(&mut self, backoff: &mut Backoff) -> Result<Preflight, Ending> {
        loop {
            if let Some(rest) = self.limiter.cooldown() {
                self.rest(rest, "the service asks to be left alone").await?;
            }
            let mut permit = self.in_time(self.limiter.cancel(), TOO_MANY).await?;
            if self.limiter.cooldown().is_some() {
                // A stop may have come while this one waited for its permit.
                continue;
            }
            let ready = match self.connect().await? {
                Ok(ready) => ready,
                Err(failure) => {
                    drop(permit);
                    self.wait_after(&failure, backoff).await?;
                    continue;
                }
            };
            if self.limiter.cooldown().is_some() {
                // A stop may have come while this one was connecting.
                continue;
            }
            let mut looked = self.look().await?;
            if let Ok((_, moment)) = &looked {
                let seen = moment.mono();
                self.in_time(self.limiter.record(&mut permit), TOO_MANY).await?;
                if self.limiter.cooldown().is_some() {
                    continue;
                }
                if seen.elapsed() > SHORT_WAIT {
                    looked = self.look().await?;
                }
            }
            match looked {
                Ok((operations, looked)) => {
                    self.saw(None);
                    let look = Look {
                        at: self.parts.clock.now(),
                        operations,
                        active: Vec::new(),
                        earlier: Vec::new(),
                    };
                    return Ok(Preflight {
                        look,
                        looked,
                        ready,
                        permit,
                    });
                }
                Err(failure) => {
                    drop((ready, permit));
                    self.wait_after(&failure, backoff).await?;
                }
            }
        }
    }

    /// Opens the connection for the request, with all it needs; nothing is sent yet.
    async fn connect(&self) -> Result<Result<Box<dyn ReadyToSend>, Failure>, Ending> {
        let Some(canceller) = &self.parts.canceller else {
            return Err(not_sent("read-only: there is no way to send", Cause::Other));
        };
        let connecting = canceller.connect(&self.cancellation().request.target);
        self.in_time(connecting, "the connection for it was not made in time")
            .await
    }

    /// Waits after a transient failure; any other ends the attempt.
    async fn wait_after(&mut self, failure: &Failure, backoff: &mut Backoff) -> Result<(), Ending> {
        self.note_failure(failure);
        let wait = backoff.failed(
            &self.parts.poll_intervals,
            self.parts.poll_intervals.early,
            failure,
        );
        match failure.class {
            Class::Transient | Class::Throttled => self.rest(wait, &failure.to_string()).await,
            Class::SignIn => Err(not_sent(&failure.to_string(), Cause::SignIn)),
            Class::Forbidden | Class::NotFound | Class::Foreign | Class::Bug => {
                Err(not_sent(&failure.to_string(), Cause::Other))
            }
        }
    }

    /// Reads the operations of the offer, with the time of reading.
    async fn look(&self) -> Result<Result<(Operations, Moment), Failure>, Ending> {
        let target = &self.cancellation().request.target;
        let looking = self.parts.catalogue.operations(&target.publisher, &target.offer);
        tokio::select! {
            () = self.stop.cancelled() => Err(left()),
            () = tokio::time::sleep_until(self.deadline) => Err(too_late("the time-out has passed")),
            looked = looking => Ok(looked.and_then(|known| telling(known, target)).map(|operations| {
                (operations, Moment::new(self.parts.clock.now(), Instant::now()))
            })),
        }
    }

    /// Waits for a step before the request, as long as the confirmation holds; `else_why` is the reason if it expires.
    pub(super) async fn in_time<T>(
        &self,
        awaited: impl Future<Output = T>,
        else_why: &str,
    ) -> Result<T, Ending> {
        let held_until = self.confirmed.mono() + FRESH_CONFIRMATION;
        tokio::select! {
            () = self.stop.cancelled() => Err(left()),
            () = tokio::time::sleep_until(self.deadline) => Err(too_late("the time-out has passed")),
            () = tokio::time::sleep_until(held_until) => Err(too_late(else_why)),
            awaited = awaited => Ok(awaited),
        }
    }

    async fn attempt(&mut self, sight: Preflight, effort: &mut Effort) -> Result<Attempt, Ending> {
        let Preflight {
            looked,
            ready,
            mut permit,
            ..
        } = sight;
        self.still_wanted()?;
        if let Some(wait) = self.limiter.cooldown() {
            return Ok(Attempt::NotCarriedOut {
                wait,
                why: "the service asks to be left alone".to_owned(),
            });
        }
        if !ready.is_open() {
            return Ok(Attempt::NotCarriedOut {
                wait: self.parts.poll_intervals.first_wait,
                why: "the connection for it was closed before the request".to_owned(),
            });
        }
        if !self.begin_sending().await? {
            return self.sent_by_another().await;
        }
        if let Err(ending) = self.still_wanted() {
            self.unsent("we were told to stop, or confirmed too long ago")
                .await;
            return Err(ending);
        }
        if !self.is_fresh(looked, FRESH_LOOK) {
            let why = "recording took so long that the look before it is no longer fresh";
            self.unsent(why).await;
            return Ok(Attempt::NotCarriedOut {
                wait: self.parts.poll_intervals.first_wait,
                why: why.to_owned(),
            });
        }
        permit.goes();
        self.sent = Some((Duration::ZERO, Instant::now()));
        let notify = if self.service().notifies {
            self.cancellation().request.notify.clone()
        } else {
            Vec::new()
        };
        let not_after = (looked.mono() + FRESH_LOOK).min(self.confirmed.mono() + FRESH_CONFIRMATION);
        let mut sent: BoxFuture<'static, _> = Box::pin(async move { ready.send(&notify, not_after).await });
        tokio::select! {
            biased;
            sent = &mut sent => return self.on_answer(Some(sent), effort).await,
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(ALONE) => {}
        }
        // From here on the target is read as well.
        effort.waiting = Some(Waiting { sent, _turn: permit });
        Ok(Attempt::MayHaveBeenCarriedOut)
    }

    /// Checks that the confirmation still holds and no person has stopped it.
    fn still_wanted(&self) -> Result<(), Ending> {
        if self.stop.is_cancelled() {
            Err(left())
        } else if Instant::now() >= self.deadline {
            Err(too_late("the time-out has passed"))
        } else if !self.is_fresh(self.confirmed, FRESH_CONFIRMATION) {
            Err(too_late("the confirmation is more than a minute old"))
        } else {
            Ok(())
        }
    }

    fn is_fresh(&self, moment: Moment, age: Duration) -> bool {
        moment.is_within(age, self.parts.clock.now(), Instant::now())
    }

    /// Another session has sent it, settled it, or taken over the claim; reads its facts.
    async fn sent_by_another(&mut self) -> Result<Attempt, Ending> {
        self.catch_up().await;
        if self.cancellation().stage == Stage::Claimed {
            return Err(not_sent("another session has taken the claim over", Cause::Other));
        }
        Ok(Attempt::MayHaveBeenCarriedOut)
    }

    async fn unsent(&mut self, why: &str) {
        self.record_or_keep(Fact::Unsent { error: why.into() }).await;
    }

    /// Records the result of a request, before anything else.
    pub(super) async fn on_answer(
        &mut self,
        sent: Option<Result<Answer, SendFailure>>,
        effort: &mut Effort,
    ) -> Result<Attempt, Ending> {
        let Effort {
            backoff, has_renewed, ..
        } = effort;
        match sent {
            None => {
                let error = "we left before the answer came".into();
                self.record_or_keep(Fact::AnswerLost { error }).await;
                Ok(Attempt::MayHaveBeenCarriedOut)
            }
            Some(Err(SendFailure::AnswerLost(failure))) => {
                self.record_or_keep(Fact::AnswerLost {
                    error: failure.text(),
                })
                .await;
                self.note_failure(&failure);
                Ok(Attempt::MayHaveBeenCarriedOut)
            }
            Some(Err(SendFailure::NotSent(failure))) => {
                self.unsent(&failure.to_string()).await;
                self.note_failure(&failure);
                match failure.class {
                    Class::SignIn => Err(not_sent(&failure.to_string(), Cause::SignIn)),
                    Class::Bug => Err(not_sent(&failure.to_string(), Cause::Other)),
                    Class::Transient
                    | Class::Forbidden
                    | Class::NotFound
                    | Class::Throttled
                    | Class::Foreign => {
                        let wait = backoff.failed(
                            &self.parts.poll_intervals,
                            self.parts.poll_intervals.early,
                            &failure,
                        );
                        Ok(Attempt::NotCarriedOut {
                            wait,
                            why: failure.to_string(),
                        })
                    }
                }
            }
            Some(Ok(answer)) => {
                self.record_or_keep(Fact::Answered(answer.clone())).await;
                if !answer.outcome.has_accepted() && !answer.is_foreign {
                    self.limiter.failed(&refusal(&answer));
                }
                match answer.outcome {
                    Outcome::Throttled => Ok(self.throttled(&answer, backoff)),
                    Outcome::SignIn => self.renew(&answer, has_renewed).await,
                    _ => Ok(Attempt::MayHaveBeenCarriedOut),
                }
            }
        }
    }

    /// Records the start of sending, durably. Returns true if this process may send.
    async fn begin_sending(&mut self) -> Result<bool, Ending> {
        self.flush().await.map_err(|failure| not_recorded(&failure))?;
        let attempt = self.cancellation().attempts + 1;
        let (id, at) = (self.cancellation().id.clone(), self.parts.clock.now());
        let begun = self
            .parts
            .journal
            .begin_sending(&id, attempt, &self.parts.owner, at)
            .await;
        match begun {
            Ok(Some(recorded)) => {
                self.take_in(recorded).await;
                self.publish();
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(failure) => {
                // It may have been recorded all the same, and would look like a request whose answer was lost.
                self.catch_up().await;
                self.unsent(&failure.to_string()).await;
                Err(not_recorded(&failure))
            }
        }
    }

    fn throttled(&self, answer: &Answer, backoff: &mut Backoff) -> Attempt {
        let failure = refusal(answer);
        let wait = backoff.failed(
            &self.parts.poll_intervals,
            self.parts.poll_intervals.early,
            &failure,
        );
        Attempt::NotCarriedOut {
            wait,
            why: failure.to_string(),
        }
    }

    /// Renews the token after a 401, once.
    async fn renew(&mut self, answer: &Answer, has_renewed: &mut bool) -> Result<Attempt, Ending> {
        let refusal = refusal(answer);
        if std::mem::replace(has_renewed, true) {
            let why = format!("the service refuses the token, a new one too: {refusal}");
            return Err(not_sent(&why, Cause::SignIn));
        }
        let Some(canceller) = self.parts.canceller.clone() else {
            return Err(not_sent("read-only: there is no way to send", Cause::Other));
        };
        let renewed = tokio::select! {
            () = self.stop.cancelled() => return Err(left()),
            () = tokio::time::sleep_until(self.deadline) => return Err(too_late("the time-out has passed")),
            renewed = canceller.renew_sign_in() => renewed,
        };
        match renewed {
            Ok(()) => Ok(Attempt::NotCarriedOut {
                wait: Duration::ZERO,
                why: refusal.to_string(),
            }),
            Err(failure) => {
                self.note_failure(&failure);
                Err(not_sent(
                    &format!("the service refuses the token ({refusal}); {failure}"),
                    Cause::SignIn,
                ))
            }
        }
    }

    /// Waits before the next attempt, if the confirmation lasts that long.
    pub(super) async fn rest(&mut self, wait: Duration, why: &str) -> Result<(), Ending> {
        let until = Instant::now() + wait;
        if until > self.confirmed.mono() + FRESH_CONFIRMATION || until > self.deadline {
            return Err(not_sent(why, Cause::Other));
        }
        self.tracked.next_look_at = self.parts.clock.now().checked_add(wait).ok();
        self.publish();
        tokio::select! {
            () = self.stop.cancelled() => Err(left()),
            () = tokio::time::sleep_until(until) => Ok(()),
        }
    }
}

/// Converts an answer to a failure of the cancel, with its class, text, and Retry-After.
fn refusal(answer: &Answer) -> Failure {
    let class = match answer.outcome {
        Outcome::Throttled => Class::Throttled,
        Outcome::SignIn => Class::SignIn,
        _ => Class::Transient,
    };
    let error = answer
        .text
        .as_ref()
        .map_or(String::new(), |error| format!(", {error}"));
    Failure {
        class,
        request: "the cancel".into(),
        what: format!("{}{error}", answer.http_status).into(),
        advice: "".into(),
        status: Some(answer.http_status),
        correlation_id: answer.correlation_id.clone(),
        retry_after: answer.retry_after,
    }
}

fn not_sent(why: &str, cause: Cause) -> Ending {
    Ending {
        cause,
        ..Ending::new(Verdict::NotSent)
    }
    .because(why)
}

/// Returns the ending of a request that was certainly not carried out, and is not sent again.
pub(super) fn not_carried_out(why: &str) -> Ending {
    not_sent(why, Cause::Other)
}

fn not_recorded(failure: &JournalFailure) -> Ending {
    not_sent(&failure.to_string(), Cause::Other)
}

fn too_late(why: &str) -> Ending {
    not_sent(&format!("{why}; confirm it again"), Cause::Other)
}

fn left() -> Ending {
    not_sent("we were told to stop", Cause::Other)
}
