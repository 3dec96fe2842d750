//! What the service does with a cancel, what it says, and what arrives of that.

use std::time::Duration;

use countermand::{
    domain::{answer::Answer, confirmation::Address, ids::OperationId, lead::Lead, target::Target},
    engine::{Class, Failure, ports::SendFailure},
    service::cpp,
};
use tokio::time::Instant;

use crate::{
    kinds::Kind,
    line::{Crossing, failure},
    service::Service,
    world::{Heard, Post, Received},
};

/// How long the client waits for an answer.
const LONGEST_ANSWER: Duration = Duration::from_mins(2);

impl Service {
    /// Makes a connection for a cancel, which may take longer than a look stays fresh.
    pub(crate) async fn connect(&self) -> Result<(), Failure> {
        self.live_on();
        if self.is_well() {
            return Ok(());
        }
        let unreachable = || failure(Class::Transient, None, None);
        if self.dice.chance(10) || self.line.crossing() == Crossing::NoLine {
            self.meet("unreachable");
            self.tell("a cancel has no connection");
            return Err(unreachable());
        }
        if self.dice.chance(5) {
            self.meet("slow connection");
            tokio::time::sleep(self.dice.seconds(20)).await;
        }
        tokio::time::sleep(self.dice.millis(3_000)).await;
        self.live_on();
        Ok(())
    }

    /// Whether a connection is closed before anything is sent on it, and when.
    pub(crate) fn closes_connection(&self) -> Option<Duration> {
        let closes = !self.is_well() && self.dice.chance(5);
        closes.then(|| self.now() + self.dice.millis(1_500))
    }

    pub(crate) async fn send(
        &self,
        by: u32,
        target: &Target,
        notify: &[Address],
        not_after: Instant,
    ) -> Result<Answer, SendFailure> {
        let confirmation = notify[0].as_str().split('@').next().unwrap().to_owned();
        let number = {
            let mut world = self.world();
            world.posts.push(Post {
                by,
                confirmation: confirmation.clone(),
                sent_at: self.now(),
                received: None,
                heard: None,
            });
            world.posts.len() - 1
        };
        let sent = self.sent(number, target, not_after).await;
        let heard = match &sent {
            Ok((answer, false)) => Heard::Answer(answer.http_status),
            Ok((answer, true)) => Heard::Stranger(answer.http_status),
            Err(SendFailure::AnswerLost(_)) => Heard::Nothing,
            Err(SendFailure::NotSent(_)) => Heard::Unsent,
        };
        self.tell(&format!("{confirmation} of process-{by} hears {heard:?}"));
        let now = self.now();
        self.world().posts[number].heard = Some((now, heard));
        sent.map(|(answer, _)| answer)
    }

    /// The answer, and whether a stranger gave it.
    async fn sent(
        &self,
        number: usize,
        target: &Target,
        not_after: Instant,
    ) -> Result<(Answer, bool), SendFailure> {
        self.live_on();
        if self.is_well() {
            return Ok((self.receive(number, target), false));
        }
        let unsent = || Err(SendFailure::NotSent(failure(Class::Transient, None, None)));
        if self.dice.chance(5) || Instant::now() > not_after {
            self.meet("connection closed");
            return unsent();
        }
        self.line.strain();
        match self.line.crossing() {
            Crossing::Through => {}
            Crossing::NoLine => return unsent(),
            Crossing::Stranger(status) => {
                tokio::time::sleep(self.dice.millis(900)).await;
                self.meet("stranger sent");
                return Ok((strange(status), true));
            }
        }
        // On its way, and sent again by the network where that loses it.
        let travels = if self.dice.chance(10) {
            self.dice.seconds(20)
        } else {
            self.dice.millis(3_000)
        };
        tokio::time::sleep(travels).await;
        if self.kinds.has(Kind::Hanging) && self.dice.chance(10) {
            self.meet("late cancel");
            tokio::time::sleep(self.dice.seconds(40)).await;
        }
        self.live_on();
        let answer = self.receive(number, target);
        self.line.strain();
        self.bring_home(answer).await
    }

    async fn bring_home(&self, answer: Answer) -> Result<(Answer, bool), SendFailure> {
        let lost = || Err(SendFailure::AnswerLost(failure(Class::Transient, None, None)));
        let delay = if self.kinds.has(Kind::Hanging) && self.dice.chance(30) {
            self.meet("hanging answer");
            Duration::from_secs(5) + self.dice.seconds(150)
        } else if self.dice.chance(5) {
            self.dice.seconds(200)
        } else {
            self.dice.millis(3_000)
        };
        tokio::time::sleep(delay.min(LONGEST_ANSWER)).await;
        if delay >= LONGEST_ANSWER || self.dice.chance(20) {
            self.meet("answer lost");
            return lost();
        }
        if self.kinds.has(Kind::Strangers) && self.dice.chance(15) {
            self.meet("stranger answers");
            return Ok((
                strange(self.dice.pick(&[200, 202, 403, 404, 429, 401, 502, 504])),
                true,
            ));
        }
        Ok((answer, false))
    }

    /// What the service does with a cancel, and what it says.
    fn receive(&self, number: usize, target: &Target) -> Answer {
        let now = self.now();
        let roll = if self.is_well() { 90 } else { self.dice.below(100) };
        let (status, carries_out) = match roll {
            0..=9 => (self.dice.pick(&[400, 403, 404, 409, 412, 422]), false),
            10..=17 => (429, false),
            18..=25 => (401, false),
            26..=33 => (self.dice.pick(&[302, 408, 500, 502, 503]), false),
            34..=41 => (self.dice.pick(&[307, 408, 500, 504]), true),
            42..=54 => (200, true),
            55..=69 => (202, false),
            _ => (202, true),
        };
        if status == 429 {
            self.meet("throttled");
        }
        if status == 401 {
            self.meet("signed out");
        }
        // A 200 is done on the spot; everything else takes its time.
        let takes = if status == 200 {
            Duration::ZERO
        } else {
            self.dice.seconds(240)
        };
        let hit = if carries_out {
            self.carry_out(now + takes)
        } else {
            None
        };
        let bound = target.binding.operation().map(OperationId::raw);
        if hit.is_some() && bound.is_some() && hit.as_deref() != bound {
            self.meet("hit another");
        }
        // With nothing to cancel, or nothing done, the operation that stands for the cancel fails; and not before.
        let end = if hit.is_some() { "succeeded" } else { "failed" };
        let own_operation = vec![(now, "running"), (now + self.dice.seconds(300), end)];
        let status = if status == 200 && hit.is_none() {
            202
        } else {
            status
        };
        let confirmation = self.world().posts[number].confirmation.clone();
        self.tell(&format!(
            "the service answers {confirmation} {status}, hits {:?}",
            hit.as_ref().map(|id| &id[..8])
        ));
        self.world().posts[number].received = Some(Received {
            hit,
            at: now,
            own_operation,
        });
        let location = self.location(status, number, target);
        Answer {
            lead: location,
            retry_after: (status == 429).then(|| self.dice.seconds(40)),
            ..cpp::answer(status, false)
        }
    }

    /// Cancels what is active, by `at`; what then is missing for a while somewhere.
    fn carry_out(&self, at: Duration) -> Option<String> {
        let now = self.now();
        let lags = self.kinds.has(Kind::Lag);
        let missing = || {
            // From the request on, or around the moment in which it takes effect.
            let from = if self.dice.chance(50) { now } else { at };
            if lags && self.dice.chance(50) {
                from + self.dice.seconds(self.dice.pick(&[2, 8, 30, 90]))
            } else {
                Duration::ZERO
            }
        };
        let page = missing();
        let list = if self.dice.chance(40) { page } else { missing() };
        let missing_until = (page, list);
        let mut world = self.world();
        let run = world.runs.iter_mut().find(|run| now < run.ended_at())?;
        run.canceled_at = Some(run.canceled_at.map_or(at, |earlier| earlier.min(at)));
        run.missing_until = missing_until;
        Some(run.id.clone())
    }

    fn location(&self, status: u16, number: usize, target: &Target) -> Option<Lead> {
        let raw = match self.dice.below(6) {
            _ if status != 202 => return None,
            0 => return None,
            1 => "https://evil.example/api/publishers/contoso/offers/vm/operations/1".to_owned(),
            2 => format!("/api/operations/contoso$vm${number}$preview"),
            3 => format!(
                "/api/publishers/contoso/offers/vm/operations/{}",
                target.binding.operation()?.raw()
            ),
            _ => format!("/api/publishers/contoso/offers/vm/operations/c{number:07x}-cancel"),
        };
        Some(cpp::read_location(&raw, target))
    }

    pub(crate) fn renew_sign_in(&self) -> Result<(), Failure> {
        if self.dice.chance(70) {
            Ok(())
        } else {
            Err(failure(Class::SignIn, Some(401), None))
        }
    }
}

/// A stranger's page in the place of the answer to a cancel.
fn strange(status: u16) -> Answer {
    cpp::answer(status, true)
}
