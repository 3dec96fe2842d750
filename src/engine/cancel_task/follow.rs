//! Following from the request to the end. Both witnesses of the target decide; the location only adds steps and the
//! time of the next look.

use std::time::Duration;

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use tokio::time::Instant;

use crate::{
    domain::{
        answer::{Answer, Outcome},
        fact::Via,
        lead::Lead,
        stage::Stage,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{
        cancel_task::{
            CancelTask, LAST_WAIT,
            send::{Attempt, Effort},
            watch::{Question, Watch},
        },
        clocks::Clocks,
        failure::Failure,
        ports::{Life, Reading, SendFailure},
        reading::{self, ListRead},
        schedule::LONGEST_RETRY_AFTER,
        weigh::{self, Known, Weighed},
    },
};

/// Longest sleep before the clocks are compared again.
const NAP: Duration = Duration::from_secs(15);

/// Time to wait for an outstanding answer once the operation is read as canceled.
const ANSWER_HOME: Duration = Duration::from_secs(5);

/// Longest wait of any request for its answer, in any session.
const LONGEST_REQUEST: Duration = Duration::from_mins(3);

/// Time for which a cancellation that is canceled by its answer alone is still checked.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// Result of following.
pub(super) enum Course {
    /// It ended, or stands.
    Ended(Ending),
    /// The request was certainly not carried out; it may be sent again after this time, for this reason.
    NotCarriedOut { wait: Duration, why: String },
}

/// Result of one question.
pub(super) enum Heard {
    Page(Instant, Result<Reading, Failure>),
    List(Instant, ListRead),
    Location(Lead, Result<Reading, Failure>),
}

/// Questions under way.
pub(super) type UnderWay = FuturesUnordered<BoxFuture<'static, Heard>>;

/// Cause of a wake-up.
enum Woken {
    Stopped,
    Deadline,
    Sent(Result<Answer, SendFailure>),
    Heard(Heard),
    Due,
}

impl CancelTask {
    /// Follows until the outcome is settled, the deadline passes, or the task is stopped.
    ///
    /// # Errors
    ///
    /// The ending, if nothing was carried out and nothing may be sent again.
    pub(super) async fn follow(&mut self, effort: &mut Effort) -> Result<Course, Ending> {
        let mut watch = self.start_watch(effort);
        let mut under_way = UnderWay::new();
        if self.cancellation().holds_no_claim() {
            self.deadline = self.deadline.min(Instant::now() + LOOK_AGAIN);
        }
        loop {
            self.start_due_questions(&mut watch, &under_way);
            self.announce(&watch);
            match self.wake(&watch, &mut under_way, effort).await {
                Woken::Stopped => return self.leave(&watch, effort).await,
                Woken::Deadline => {
                    let ending = self.at_last(&mut watch, &mut under_way, effort).await;
                    return Ok(Course::Ended(ending));
                }
                Woken::Sent(sent) => {
                    effort.waiting = None;
                    match self.on_answer(Some(sent), effort).await? {
                        Attempt::NotCarriedOut { wait, why } => {
                            return Ok(Course::NotCarriedOut { wait, why });
                        }
                        Attempt::MayHaveBeenCarriedOut => self.answer_received(&mut watch),
                    }
                }
                Woken::Heard(heard) => self.take_in_reading(&mut watch, heard).await,
                Woken::Due => {
                    if watch.clocks.have_parted(self.parts.clock.now(), Instant::now()) {
                        self.limiter.end_cooldown();
                        watch.all_due(Instant::now());
                    }
                    if watch.next_due().is_some_and(|due| due > Instant::now()) {
                        continue;
                    }
                    if let Some(course) = self.read_others(&mut watch, effort.waiting.is_some()).await {
                        return Ok(course);
                    }
                }
            }
            if let Some(ending) = self.judge(&mut watch, effort).await? {
                // A question that waits for a permit without being polled would block the others.
                under_way.clear();
                return Ok(Course::Ended(self.with_others(&watch, ending).await));
            }
        }
    }

    /// Sleeps until an event happens or a question is due.
    async fn wake(&self, watch: &Watch, under_way: &mut UnderWay, effort: &mut Effort) -> Woken {
        let now = Instant::now();
        let due = watch.next_due().unwrap_or(now + NAP).min(now + NAP);
        // The timeout never interrupts a request that is being sent, unless an end is known already.
        let has_an_end = weigh::has_an_end(&watch.heard);
        let may_give_up = effort.waiting.is_none() || has_an_end;
        let sent = async {
            match &mut effort.waiting {
                Some(waiting) => waiting.sent.as_mut().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Woken::Stopped,
            sent = sent => Woken::Sent(sent),
            Some(heard) = under_way.next() => Woken::Heard(heard),
            () = tokio::time::sleep_until(self.deadline), if may_give_up => Woken::Deadline,
            () = tokio::time::sleep_until(due) => Woken::Due,
        }
    }

    /// Starts every question that is due.
    pub(super) fn start_due_questions(&self, watch: &mut Watch, under_way: &UnderWay) {
        for question in watch.questions(Instant::now()) {
            self.start(question, watch, under_way);
        }
    }

    pub(super) fn start(&self, question: Question, watch: &Watch, under_way: &UnderWay) {
        let (limiter, catalogue) = (self.limiter.clone(), self.parts.catalogue.clone());
        let target = self.cancellation().request.target.clone();
        let lead = watch.lead.clone();
        let baseline = self
            .cancellation()
            .preflight
            .as_ref()
            .and_then(|seen| seen.baseline.clone());
        under_way.push(match (question, lead) {
            (Question::Page, _) => Box::pin(async move {
                let reading = reading::of_page(&*catalogue, &target, baseline.as_ref());
                let (began, read) = limiter.run(reading).await;
                Heard::Page(began, read)
            }),
            (Question::Location, Some(lead)) => Box::pin(async move {
                let tracking = catalogue.track(&target, Some(&lead), baseline.as_ref());
                let (_, read) = limiter.run(tracking).await;
                Heard::Location(lead, read)
            }),
            (Question::List, _) | (Question::Location, None) => Box::pin(async move {
                let (began, read) = limiter.run(reading::of_list(&*catalogue, &target)).await;
                Heard::List(began, read)
            }),
        });
    }

    /// Reads facts that other sessions recorded: an answer, an end, or that nothing was carried out.
    async fn read_others(&mut self, watch: &mut Watch, is_waiting: bool) -> Option<Course> {
        let known = self.cancellation().answer.clone();
        self.catch_up().await;
        match self.cancellation().stage {
            Stage::Settled => {
                let (_, ending) = self.cancellation().ending.clone()?;
                return Some(Course::Ended(ending));
            }
            Stage::Claimed => {
                return Some(Course::NotCarriedOut {
                    wait: Duration::ZERO,
                    why: String::new(),
                });
            }
            Stage::Sending | Stage::Answered(_) | Stage::Uncertain => {}
        }
        let answer = &self.cancellation().answer;
        let has_come = answer.is_some() && *answer != known;
        let is_lost = watch.answered_at.is_none() && !is_waiting && !self.is_answer_out().await;
        if has_come || is_lost {
            self.answer_received(watch);
        }
        None
    }

    /// Returns true if another session that sent the request may still wait for its answer.
    pub(super) async fn is_answer_out(&self) -> bool {
        self.tracked.joined
            && self.cancellation().stage == Stage::Sending
            && self.sent_ago() < LONGEST_REQUEST
            && self.parts.journal.life(&self.cancellation().by).await != Life::Gone
    }

    fn start_watch(&self, effort: &Effort) -> Watch {
        let now = Instant::now();
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        let clocks = Clocks::new(self.parts.clock.now(), now);
        let mut watch = Watch::new(is_bound_by_id, now, now, clocks);
        let preflight = self.cancellation().preflight.as_ref();
        // Without an id, the look also read the offer's state: before the request, so before it could change.
        let seen = preflight.filter(|_| !is_bound_by_id);
        watch.heard.first_offer = seen
            .and_then(|seen| seen.state.as_ref())
            .or_else(|| self.cancellation().first_read(Via::OfferStatus))
            .cloned();
        let may_be_out = effort.waiting.is_some() || self.tracked.joined;
        if self.cancellation().stage != Stage::Sending || !may_be_out {
            self.answer_received(&mut watch);
        }
        watch
    }

    /// Marks the answer as received: readings count from now on, and the answer sets where else to look, and when.
    fn answer_received(&self, watch: &mut Watch) {
        let now = Instant::now();
        let answer = self.cancellation().answer.as_ref();
        // An acceptance may delay the first look; after any other answer it is immediate.
        let promise = answer.filter(|answer| answer.outcome == Outcome::Accepted);
        let floor = promise
            .and_then(|answer| answer.retry_after)
            .unwrap_or_default()
            .min(LONGEST_RETRY_AFTER);
        let lead = answer.and_then(|answer| answer.lead.as_ref());
        watch.lead = lead.filter(|lead| self.is_worth_calling(lead)).cloned();
        watch.answered(now, now + floor.saturating_sub(self.sent_ago()));
        watch.stalled_since = answer
            .filter(|answer| answer.outcome.has_accepted())
            .map(|_| now + weigh::STALLED.saturating_sub(self.sent_ago()));
    }

    fn is_worth_calling(&self, lead: &Lead) -> bool {
        let target = self.cancellation().request.target.binding.operation();
        let names_the_target = matches!((lead.operation(), target), (Some(named), Some(id)) if named.is(id));
        lead.is_callable() && !names_the_target
    }

    /// Publishes the time of the next look at the target.
    fn announce(&mut self, watch: &Watch) {
        let next = watch.next_look().and_then(|look| {
            let wait = look.saturating_duration_since(Instant::now());
            self.parts.clock.now().checked_add(wait).ok()
        });
        // While a look is under way, the last time stays published.
        if next.is_some() || watch.page.under_way.is_none() && watch.list.under_way.is_none() {
            self.tracked.next_look_at = next;
        }
        self.publish();
    }

    pub(super) fn outcome(&self) -> Option<Outcome> {
        match self.cancellation().stage {
            Stage::Answered(outcome) => Some(outcome),
            Stage::Claimed | Stage::Sending | Stage::Uncertain | Stage::Settled => None,
        }
    }

    /// Returns the facts known beside the readings.
    pub(super) fn known(&self, watch: &Watch) -> Known {
        Known {
            now: Instant::now(),
            answer: self.outcome(),
            answered_at: watch.answered_at,
            is_long_ago: self.is_long_ago(),
            cancel_failed_at: watch.cancel_failed_at,
            is_bound_by_id: self.cancellation().request.target.binding.operation().is_some(),
            was_read: self.cancellation().target_state().is_some(),
        }
    }

    /// Weighs all readings: returns an ending that ends the following, if any; records provisional ones, and makes
    /// required questions due.
    async fn judge(&mut self, watch: &mut Watch, effort: &mut Effort) -> Result<Option<Ending>, Ending> {
        let now = Instant::now();
        // A failure at first sight may be older than the cancel: it counts once the cancel can no longer take effect.
        if watch.has_location_failed && (watch.was_location_active || self.is_long_ago()) {
            watch.cancel_failed_at.get_or_insert(now);
        }
        let weighed = weigh::weigh(&watch.heard, &self.known(watch));
        if weighed != Weighed::Disagree {
            watch.disagree_since = None;
        }
        match weighed {
            Weighed::Settled(ending) if ending.verdict == Verdict::Unknown => {
                let ending = self.with_answer(ending);
                if !self.tracked.resumed && !self.tracked.joined && self.is_refused_on_the_way() {
                    return Ok(Some(ending));
                }
                // It is recorded as soon as it holds, and replaced when more is known.
                self.settle(ending).await;
            }
            Weighed::Settled(ending) if effort.waiting.is_some() => {
                return Ok(Some(self.wait_for_last_answer(ending, effort).await));
            }
            Weighed::Settled(ending) if self.stands_by_the_answer(&ending) => {}
            Weighed::Settled(ending) => return Ok(Some(self.with_answer(ending))),
            Weighed::ReadList => watch.list.request(now),
            Weighed::ReadPage => watch.page.request(now),
            Weighed::Disagree => self.keep_reading_both(watch, now),
            Weighed::Open => {}
        }
        // The other witness is unread or disagrees: after a minute a person may send again.
        if watch.answered_at.is_some()
            && let Weighed::Settled(unknown) = weigh::undecided(&watch.heard, &self.known(watch))
        {
            self.settle(self.with_answer(unknown)).await;
        }
        self.reconsider(watch).await;
        Ok(None)
    }

    /// Returns true if a network device refused the request: that is not an answer, and will not become one.
    fn is_refused_on_the_way(&self) -> bool {
        let answer = self.cancellation().answer.as_ref();
        answer.is_some_and(|answer| answer.is_turned_away)
    }

    /// Returns true if `ending` repeats the standing one, by the answer alone.
    fn stands_by_the_answer(&self, ending: &Ending) -> bool {
        ending.evidence == Some(Evidence::Answer) && self.cancellation().holds_no_claim()
    }

    /// Keeps reading both witnesses on schedule; after a minute, publishes that they disagree.
    fn keep_reading_both(&mut self, watch: &mut Watch, now: Instant) {
        let since = *watch.disagree_since.get_or_insert(now);
        let regular = self.parts.poll_intervals.following(self.sent_ago());
        for round in [&mut watch.page, &mut watch.list] {
            if round.due.is_none() && round.under_way.is_none() {
                round.again_at(now + regular);
            }
        }
        if now.saturating_duration_since(since) >= self.parts.poll_intervals.uncertain
            && let Some(both) = weigh::disagreement(&watch.heard)
        {
            self.note(&format!("{both}; both are read on"));
        }
    }

    /// Revises a provisional verdict by later readings: canceled by the answer becomes pending if the target turns out
    /// active, and pending becomes stalled if it stays active for long.
    pub(super) async fn reconsider(&mut self, watch: &Watch) {
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        let since = watch.answered_at;
        let is_active = since.is_some_and(|since| {
            watch.heard.page.is_active_since(since) || watch.heard.list.is_active_since(since)
        });
        if self.cancellation().holds_no_claim() && is_active {
            let last = self.cancellation().target_state().cloned();
            let ending = weigh::when_we_stop(self.outcome(), last.as_ref());
            self.settle(ending.because("it was canceled by its answer, and is read as active again"))
                .await;
        }
        if weigh::is_stalled(&watch.heard, watch.stalled_since, is_bound_by_id) && !self.is_stalled() {
            let last = self.cancellation().target_state().cloned();
            let ending = Ending {
                is_stalled: true,
                ..weigh::when_we_stop(self.outcome(), last.as_ref())
            };
            self.settle(ending.because(
                "it was accepted over ten minutes ago and is still read as active; it may be asked again",
            ))
            .await;
        }
    }

    pub(super) fn is_stalled(&self) -> bool {
        let ending = self.cancellation().ending.as_ref();
        ending.is_some_and(|(_, ending)| ending.is_stalled)
    }

    /// The operation is canceled while the answer is outstanding: waits a little longer for it, without effect on the
    /// ending.
    async fn wait_for_last_answer(&mut self, ending: Ending, effort: &mut Effort) -> Ending {
        if self.wait_for_answer(ANSWER_HOME, effort).await {
            ending
        } else {
            ending.because("the answer to the request was still out")
        }
    }

    /// Waits up to `longest` for the outstanding answer, and records it. Returns true if it came.
    async fn wait_for_answer(&mut self, longest: Duration, effort: &mut Effort) -> bool {
        let Some(mut waiting) = effort.waiting.take() else {
            return true;
        };
        let sent = tokio::time::timeout(longest, waiting.sent.as_mut()).await.ok();
        let has_come = sent.is_some();
        // Its content is kept, and decides nothing any more.
        let _ = self.on_answer(sent, effort).await;
        has_come
    }

    /// Stops following: gives the outstanding answer a last chance, then returns the known state.
    async fn leave(&mut self, watch: &Watch, effort: &mut Effort) -> Result<Course, Ending> {
        if let Some(mut waiting) = effort.waiting.take() {
            let sent = tokio::time::timeout(LAST_WAIT, waiting.sent.as_mut()).await.ok();
            if let Attempt::NotCarriedOut { why, .. } = self.on_answer(sent, effort).await? {
                return Err(super::send::not_carried_out(&why));
            }
        }
        Ok(Course::Ended(self.stopped(watch, "we stopped looking")))
    }
}
