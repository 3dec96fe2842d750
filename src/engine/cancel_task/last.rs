//! Final look and final verdict: the last questions, and the details that are added to a verdict.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::Instant;

use crate::{
    domain::{
        fact::Fact,
        ids::OperationId,
        operation::Operations,
        status::Phase,
        target::CancelNames,
        verdict::{Ending, Verdict},
    },
    engine::{
        cancel_task::{
            CancelTask,
            follow::UnderWay,
            send::Effort,
            watch::{Question, Watch},
        },
        failure::Failure,
        weigh::{self, Weighed},
        witnesses::Witness,
    },
};

/// Number of list reads to find other operations canceled with the target.
const TRIES: u32 = 3;

/// Time limit of the last look.
const LAST_LOOK: Duration = Duration::from_secs(10);

/// A look that began this shortly before the timeout is the last.
const IS_LAST: Duration = Duration::from_secs(2);

impl CancelTask {
    /// Ends at the timeout: looks once more at both witnesses, and returns the standing verdict.
    pub(super) async fn at_last(
        &mut self,
        watch: &mut Watch,
        under_way: &mut UnderWay,
        effort: &mut Effort,
    ) -> Ending {
        self.look_at_last(watch, under_way).await;
        self.reconsider(watch).await;
        if watch.answered_at.is_none() && weigh::has_an_end(&watch.heard) {
            // It settles now, whatever the outstanding answer may be.
            watch.answered_at = Some(watch.began);
        }
        let ending = match weigh::weigh(&watch.heard, &self.known(watch)) {
            Weighed::Settled(ending) if ending.verdict != Verdict::Unknown => self.with_answer(ending),
            _ => self.stopped(watch, "the time-out has passed"),
        };
        if effort.waiting.take().is_some() {
            let error = "it was still out when the time was up".into();
            self.record_or_keep(Fact::AnswerLost { error }).await;
        }
        if ending.is_provisional() || watch.listed.is_none() {
            return ending;
        }
        self.with_known_others(watch, ending)
    }

    async fn look_at_last(&mut self, watch: &mut Watch, under_way: &mut UnderWay) {
        if self.limiter.cooldown().is_some() {
            return;
        }
        let now = Instant::now();
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        let lately = now.checked_sub(IS_LAST).unwrap_or(now);
        let is_old = |witness: &Witness| witness.heard_since(lately).is_none();
        let page = is_bound_by_id && watch.page.under_way.is_none() && is_old(&watch.heard.page);
        let list = watch.list.under_way.is_none() && is_old(&watch.heard.list);
        for (is_asked, question) in [(page, Question::Page), (list, Question::List)] {
            if is_asked {
                match question {
                    Question::Page => watch.page.begin(now),
                    Question::List | Question::Location => watch.list.begin(now),
                }
                self.start(question, watch, under_way);
            }
        }
        let time_is_up = tokio::time::sleep(LAST_LOOK);
        let mut time_is_up = std::pin::pin!(time_is_up);
        let is_under_way = |watch: &Watch| watch.page.under_way.is_some() || watch.list.under_way.is_some();
        while is_under_way(watch) && !weigh::is_canceled(&watch.heard) {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                Some(heard) = under_way.next() => self.take_in_reading(watch, heard).await,
                () = &mut time_is_up => return,
            }
        }
    }

    /// Returns the verdict that stands when following stops.
    pub(super) fn stopped(&self, watch: &Watch, why: &str) -> Ending {
        // Canceled by the answer alone stays so until another state is read.
        if let Some((_, standing)) = &self.cancellation().ending
            && standing.is_open
        {
            return standing.clone();
        }
        let ending = weigh::when_we_stop(self.outcome(), self.cancellation().target_state());
        let ending = Ending {
            is_stalled: self.is_stalled() && ending.verdict == Verdict::Pending,
            ..ending
        };
        if let Some(both) = weigh::disagreement(&watch.heard) {
            return ending.because(format!("{why}, and {both}"));
        }
        let ending = self.with_answer(ending);
        // `pending` already implies that following stopped, and nothing went wrong.
        let goes_without_saying = self.stop.is_cancelled() && ending.verdict == Verdict::Pending;
        match (&ending.error, why_unread(watch)) {
            (None, Some(failure)) if goes_without_saying => {
                ending.because(format!("the last look failed: {failure}"))
            }
            (None, Some(failure)) => ending.because(format!("{why}, and the last look failed: {failure}")),
            (None, None) if goes_without_saying => ending,
            (None, None) => ending.because(why.to_owned()),
            (Some(_), _) => ending,
        }
    }

    /// Adds the service's words if it did not cancel, or the failure in place of an answer.
    pub(super) fn with_answer(&self, ending: Ending) -> Ending {
        if ending.error.is_some() || !matches!(ending.verdict, Verdict::Refused | Verdict::Unknown) {
            return ending;
        }
        let since_sent = self.cancellation().facts.iter().rev();
        let lost = since_sent
            .take_while(|recorded| !matches!(recorded.fact, Fact::Sending { .. }))
            .find_map(|recorded| match &recorded.fact {
                Fact::AnswerLost { error } => Some(error.clone()),
                _ => None,
            });
        let answer = self.cancellation().answer.as_ref();
        let refusal = answer.filter(|answer| answer.is_foreign || !answer.outcome.has_accepted());
        match (refusal, lost) {
            (Some(answer), _) => {
                let who = if answer.is_foreign {
                    "what may not be the service"
                } else {
                    "the service"
                };
                let error = answer
                    .text
                    .as_ref()
                    .map_or(String::new(), |error| format!(": {error}"));
                ending.because(format!("{who} answered {}{error}", answer.http_status))
            }
            (None, Some(lost)) => ending.because(format!("the answer was lost: {lost}")),
            (None, None) => ending,
        }
    }

    /// Adds the other operations that turn out canceled, if the cancel cannot name its target. The list was read
    /// along with an end; otherwise it is read now.
    pub(super) async fn with_others(&self, watch: &Watch, ending: Ending) -> Ending {
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        let may_hit_others = self.service().cancel_names == CancelNames::Offer;
        if ending.is_provisional() || !is_bound_by_id || !may_hit_others {
            return ending;
        }
        let decided_at = watch.heard.page.heard().map(|heard| heard.since);
        let is_fresh = |began: Instant| {
            decided_at.is_none_or(|at| began >= at) || watch.heard.list.state_in(Phase::has_ended).is_some()
        };
        if watch.listed.as_ref().is_some_and(|(began, _)| is_fresh(*began)) || self.is_over() {
            return self.with_known_others(watch, ending);
        }
        let listed = tokio::select! {
            () = self.stop.cancelled() => None,
            () = tokio::time::sleep_until(self.deadline) => None,
            listed = self.list_at_last() => listed,
        };
        match listed {
            Some(listed) => Ending {
                also_canceled: self.newly_canceled(&listed),
                ..ending
            },
            None if ending.error.is_some() => ending,
            None => ending.because("whether other operations were canceled along with it could not be read"),
        }
    }

    fn with_known_others(&self, watch: &Watch, ending: Ending) -> Ending {
        match &watch.listed {
            Some((_, listed)) => Ending {
                also_canceled: self.newly_canceled(listed),
                ..ending
            },
            None => ending,
        }
    }

    /// Returns true if following has to stop.
    fn is_over(&self) -> bool {
        self.stop.is_cancelled() || Instant::now() >= self.deadline
    }

    /// Reads the list of submissions, with a few retries.
    async fn list_at_last(&self) -> Option<Operations> {
        let target = &self.cancellation().request.target;
        for failures in 0..TRIES {
            if failures > 0 {
                tokio::time::sleep(self.parts.poll_intervals.backoff(failures)).await;
            }
            let listing = self.parts.catalogue.operations(&target.publisher, &target.offer);
            match self.limiter.run(listing).await.1 {
                Ok(listed) => return Some(listed),
                Err(failure) => self.limiter.failed(&failure),
            }
        }
        None
    }

    /// Returns the operations canceled since the preflight look, besides the target.
    fn newly_canceled(&self, listed: &Operations) -> Vec<OperationId> {
        let bound = self.cancellation().request.target.binding.operation();
        let before = self
            .cancellation()
            .preflight
            .as_ref()
            .map_or(&[][..], |seen| &seen.canceled_before);
        let is_new = |id: &&OperationId| {
            !before.iter().any(|known| known.is(id)) && !bound.is_some_and(|bound| bound.is(id))
        };
        let canceled = listed
            .list
            .iter()
            .filter(|operation| operation.state.phase() == Phase::Canceled);
        canceled
            .filter_map(|operation| operation.id.as_ref())
            .filter(is_new)
            .cloned()
            .collect()
    }
}

/// Returns the failure of the last look; none if a state was read.
fn why_unread(watch: &Watch) -> Option<&Failure> {
    let heard = &watch.heard;
    heard.page.failure().or_else(|| {
        let page_tells = heard.page.state().is_some();
        heard.list.failure().filter(|_| !page_tells)
    })
}
