//! Token cache, which renews early, once for all waiting requests, and with pauses after failures.

mod state;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::{sync::watch, time::Instant};
use tokio_util::task::AbortOnDropHandle;

use super::{
    TokenSource,
    issuer::{Issued, Issuer, lost},
    prompt::Prompts,
};
use crate::engine::{failure::Failure, ports::Clock};
use state::{Moment, Renewal, State, Step};

/// Time that a request waits for its first token.
const PATIENCE: Duration = Duration::from_secs(45);
/// Time that a request waits while sign-in is lost: each fails fast, and the first after recovery succeeds.
const LOST_PATIENCE: Duration = Duration::from_secs(2);

/// Waiting policy while a person must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendance {
    /// Fails a request with the prompt at once; a later one finds the token. For a dashboard.
    Elsewhere,
    /// Lets a request wait until the person has signed in or declined. For a verb.
    Present,
}

/// Cache of an issuer's tokens, each kept until shortly before it expires.
pub(super) struct Cached {
    desk: Arc<Shared>,
    attendance: Attendance,
    flight: Mutex<Option<Flight>>,
}

/// State shared with the task that requests tokens.
struct Shared {
    issuer: Box<dyn Issuer>,
    clock: Arc<dyn Clock>,
    prompts: Prompts,
    state: Mutex<State>,
}

/// A request to the issuer. It continues when a waiting caller gives up, and ends with the source.
struct Flight {
    done: watch::Receiver<bool>,
    task: AbortOnDropHandle<()>,
}

impl Cached {
    pub(super) fn new(
        issuer: Box<dyn Issuer>,
        clock: Arc<dyn Clock>,
        prompts: Prompts,
        attendance: Attendance,
    ) -> Self {
        Self {
            desk: Arc::new(Shared {
                issuer,
                clock,
                prompts,
                state: Mutex::new(State::default()),
            }),
            attendance,
            flight: Mutex::new(None),
        }
    }

    /// Joins the request under way, or starts one.
    fn request(&self) -> watch::Receiver<bool> {
        let mut flight = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = &*flight
            && !flight.task.is_finished()
            && !*flight.done.borrow()
        {
            return flight.done.clone();
        }
        let (ended, done) = watch::channel(false);
        let desk = self.desk.clone();
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            let issued = desk.issuer.issue().await;
            desk.record(issued);
            ended.send_replace(true);
        }));
        *flight = Some(Flight {
            done: done.clone(),
            task,
        });
        done
    }

    /// Waits for the request to end, for at most `patience`; returns true if it ended.
    async fn wait(&self, mut done: watch::Receiver<bool>, patience: Duration) -> bool {
        let answered = async { done.wait_for(|done| *done).await.is_ok() };
        if self.attendance == Attendance::Present {
            return answered.await;
        }
        let mut prompts = self.desk.prompts.watch();
        tokio::select! {
            biased;
            answered = answered => answered,
            _ = prompts.wait_for(Option::is_some) => false,
            () = tokio::time::sleep(patience) => false,
        }
    }
}

#[async_trait]
impl TokenSource for Cached {
    async fn token(&self) -> Result<SecretString, Failure> {
        let changed = self.desk.issuer.has_changed();
        let step = self.desk.state().step(self.desk.now(), changed);
        let patience = match step {
            Step::Give(token) => return Ok(token),
            Step::GiveAndAsk(token) => {
                self.request();
                return Ok(token);
            }
            Step::Refuse(failure) => return Err(failure),
            Step::Ask => PATIENCE,
            Step::AskAgain => LOST_PATIENCE,
        };
        self.wait(self.request(), patience).await;
        self.desk.outcome()
    }

    async fn renew(&self) -> Result<(), Failure> {
        let renewal = self.desk.state().refused(self.desk.now());
        let refused = match renewal {
            Renewal::Done => return Ok(()),
            Renewal::Lost(failure) => return Err(failure),
            Renewal::Ask(refused) => refused,
        };
        if !self.wait(self.request(), PATIENCE).await {
            return self.desk.outcome().map(drop);
        }
        let advice = self.desk.issuer.advice();
        self.desk
            .state()
            .renewed(self.desk.now(), refused.as_ref(), &advice)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        Moment {
            steady: Instant::now(),
            wall: self.clock.now(),
        }
    }

    fn record(&self, issued: Result<Issued, Failure>) {
        match &issued {
            Ok(issued) => tracing::info!(expires_at = ?issued.expires_at, "signed in"),
            Err(failure) => tracing::warn!(%failure, "not signed in"),
        }
        self.state().record(self.now(), issued);
    }

    /// Returns the token or the failure after waiting.
    fn outcome(&self) -> Result<SecretString, Failure> {
        if let Some(token) = self.state().alive(self.now()) {
            return Ok(token);
        }
        if let Some(prompt) = self.prompts.current() {
            return Err(lost("nobody has signed in yet", &prompt.to_string()));
        }
        Err(self.state().why_lost().unwrap_or_else(|| {
            lost(
                "signing in takes long and has not ended",
                "it goes on by itself; if it stays, look at the network and at where the token comes from",
            )
        }))
    }
}

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cached(hidden)")
    }
}
