//! From the answer to the end. The target's own state decides; the location only tells of steps and of when to look.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{
        answer::AnswerClass,
        fact::{Fact, Observation, Via},
        ids::OperationId,
        location::{Location, Way},
        operation::Operations,
        stage::Stage,
        status::{Phase, Status},
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{
        clocks::Clocks,
        decide::{self, Circumstances},
        errand::{Errand, watch::Watch},
        failure::Failure,
        reading::{self, Patience},
        schedule::{Beat, LONGEST_RETRY_AFTER},
    },
};

/// How long to sleep at the most before the clocks are held against each other.
const NAP: Duration = Duration::from_secs(15);

impl Errand {
    /// Follows until something is settled, the deadline passes or we are told to stop.
    pub(super) async fn follow(&mut self) -> Ending {
        let mut watch = self.begin_watch();
        loop {
            self.announce(&watch);
            let due = watch.next_due();
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return self.stopped(&watch, "we stopped looking"),
                () = tokio::time::sleep_until(self.deadline) => return self.stopped(&watch, "the time-out has passed"),
                () = tokio::time::sleep_until(due.min(Instant::now() + NAP)) => {}
            }
            if watch.clocks.have_parted(self.parts.clock.now(), Instant::now()) {
                self.lanes.end_rest();
                watch.all_due(Instant::now());
            }
            if watch.next_due() > Instant::now() {
                continue;
            }
            if self.heard_an_answer().await {
                watch = self.begin_watch();
                continue;
            }
            if let (Stage::Settled, Some((_, ending))) =
                (self.cancellation().stage, &self.cancellation().ending)
            {
                return ending.clone();
            }
            if !watch.target_is_next() {
                self.read_location(&mut watch).await;
                continue;
            }
            match self.read_target(&mut watch).await {
                // It is said as soon as it is so, and replaced when the truth turns out.
                Some(ending) if ending.verdict.is_provisional() && !self.is_over() => {
                    self.settle(ending).await;
                }
                Some(ending) => return self.with_others(ending).await,
                None => {}
            }
        }
    }

    /// Whether looking has to stop.
    fn is_over(&self) -> bool {
        self.stop.is_cancelled() || Instant::now() >= self.deadline
    }

    /// Takes in what others recorded meanwhile; whether an answer is among it.
    async fn heard_an_answer(&mut self) -> bool {
        let known = self.cancellation().answer.clone();
        self.catch_up().await && self.cancellation().answer.is_some() && self.cancellation().answer != known
    }

    fn begin_watch(&self) -> Watch {
        let now = Instant::now();
        let answer = self.cancellation().answer.as_ref();
        // A promise to cancel may say when it makes sense to look; everything else is looked at once.
        let promise = answer.filter(|answer| answer.class() == AnswerClass::Accepted);
        let floor = promise
            .and_then(|answer| answer.retry_after)
            .unwrap_or_default()
            .min(LONGEST_RETRY_AFTER);
        let due = now + floor.saturating_sub(self.sent_ago());
        let location = answer.and_then(|answer| answer.location.as_ref());
        Watch {
            target_due: due,
            target_beat: Beat::default(),
            way: location
                .filter(|location| self.is_worth_calling(location))
                .map(|location| location.way.clone()),
            location_due: due,
            location_beat: Beat::default(),
            cancel_failed_at: None,
            last: None,
            why_unread: None,
            clocks: Clocks::new(self.parts.clock.now(), now),
        }
    }

    fn is_worth_calling(&self, location: &Location) -> bool {
        let target = self.cancellation().request.target.binding.operation();
        let names_the_target =
            matches!((location.operation(), target), (Some(named), Some(id)) if named.is(id));
        location.is_callable() && !names_the_target
    }

    /// Says when the next look at the target is due.
    fn announce(&mut self, watch: &Watch) {
        let wait = watch.target_due.saturating_duration_since(Instant::now());
        let next = self.parts.clock.now().checked_add(wait).ok();
        self.tracked.next_look_at = next;
        self.publish();
    }

    fn answer_class(&self) -> Option<AnswerClass> {
        match self.cancellation().stage {
            Stage::Answered(class) => Some(class),
            Stage::Claimed | Stage::Sending | Stage::Uncertain | Stage::Settled => None,
        }
    }

    async fn read_target(&mut self, watch: &mut Watch) -> Option<Ending> {
        let target = self.cancellation().request.target.clone();
        let is_last_try = watch.target_beat.failures() + 1 >= decide::READ_BACKS;
        let patience = if is_last_try {
            Patience::IsOver
        } else {
            Patience::Waits
        };
        let reading = async {
            let _lane = self.lanes.follow().await;
            (
                Instant::now(),
                reading::of_target(&*self.parts.catalogue, &target, patience).await,
            )
        };
        // A read is dropped when we are told to stop: nothing depends on it.
        let (began, read) = tokio::select! {
            () = self.stop.cancelled() => return Some(self.stopped(watch, "we stopped looking")),
            () = tokio::time::sleep_until(self.deadline) => return Some(self.stopped(watch, "the time-out has passed")),
            read = reading => read,
        };
        self.tracked.polls += 1;
        let regular = self.parts.pace.following(self.sent_ago());
        match read {
            Ok(read) => {
                self.saw(read.detail);
                watch.why_unread = None;
                self.observe(read.reading.state.clone(), read.reading.via).await;
                watch.target_due = self.rested(watch.target_beat.answered(regular, read.retry_after));
                let known = Circumstances {
                    answer: self.answer_class(),
                    is_long_ago: self.is_long_ago(),
                    cancel_failed: watch.cancel_failed_at.is_some_and(|failed_at| failed_at <= began),
                };
                let settled = decide::after_reading(&read.reading, known);
                watch.last = Some(read.reading);
                settled.map(|ending| self.with_answer(ending))
            }
            Err(failure) => {
                self.note_failure(&failure);
                watch.target_due = self.rested(watch.target_beat.failed(&self.parts.pace, regular, &failure));
                let settled = self.unread(watch, &failure);
                watch.why_unread = Some(failure);
                settled
            }
        }
    }

    /// What a failed read settles: a 200 that cannot be read back, and a refusal whose target cannot be read for long.
    fn unread(&self, watch: &Watch, failure: &Failure) -> Option<Ending> {
        match self.answer_class()? {
            // A state that was read, by whomever, says more than the answer.
            AnswerClass::Canceled if self.cancellation().observed.is_none() => {
                let failures = watch.target_beat.failures();
                let is_unreadable = reading::is_lasting(failure) && failures >= decide::READ_BACKS;
                let ending = Ending {
                    evidence: Some(Evidence::Answer),
                    ..Ending::new(Verdict::Canceled)
                };
                (is_unreadable || self.is_long_ago()).then(|| {
                    ending.because(format!(
                        "the service says so; the operation could not be read back: {failure}"
                    ))
                })
            }
            AnswerClass::Refused if self.is_long_ago() => {
                Some(self.with_answer(Ending::new(Verdict::Unknown)))
            }
            _ => None,
        }
    }

    async fn read_location(&mut self, watch: &mut Watch) {
        let Some(way) = watch.way.clone() else { return };
        let target = self.cancellation().request.target.clone();
        let following = async {
            let _lane = self.lanes.follow().await;
            self.parts.catalogue.follow(&target, &way).await
        };
        let followed = tokio::select! {
            () = self.stop.cancelled() => return,
            () = tokio::time::sleep_until(self.deadline) => return,
            followed = following => followed,
        };
        self.tracked.polls += 1;
        let regular = self.parts.pace.following(self.sent_ago());
        match followed {
            Ok(followed) => {
                self.lanes.answered();
                let state = followed.detail.state;
                self.observe(state.clone(), Via::Location).await;
                watch.location_due = self.rested(watch.location_beat.answered(regular, followed.retry_after));
                if let Some(floor) = followed.retry_after {
                    watch.target_due = watch
                        .target_due
                        .max(Instant::now() + floor.min(LONGEST_RETRY_AFTER));
                }
                self.weigh(watch, &way, state.phase());
            }
            Err(failure) => {
                // The location is a help and no witness: its failures are not shown as the cancellation's.
                self.lanes.failed(&failure);
                tracing::warn!(cancellation = %self.cancellation().id, %failure, "the location could not be read");
                watch.location_due =
                    self.rested(watch.location_beat.failed(&self.parts.pace, regular, &failure));
            }
        }
    }

    /// What the state of the location means: only another operation of its own can fail in the place of the target.
    fn weigh(&self, watch: &mut Watch, way: &Way, phase: Phase) {
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        let is_another_operation = is_bound_by_id && matches!(way, Way::Operation(_));
        if phase == Phase::Failed && is_another_operation && watch.cancel_failed_at.is_none() {
            watch.cancel_failed_at = Some(Instant::now());
        }
        if phase.has_ended() {
            // It has said all it can; its end is a reason to look at the target at once.
            watch.way = None;
            watch.target_due = self.rested(Duration::ZERO);
        }
    }

    /// The instant after `wait`, or after the rest that the service asked for.
    fn rested(&self, wait: Duration) -> Instant {
        Instant::now() + wait.max(self.lanes.rest().unwrap_or_default())
    }

    /// Records a state that changed.
    async fn observe(&mut self, state: Status, via: Via) {
        let known = match via {
            Via::Location => self.cancellation().location_state.as_ref(),
            Via::Operation | Via::Submissions | Via::OfferStatus => self
                .cancellation()
                .observed
                .as_ref()
                .filter(|seen| seen.via.is_target() == via.is_target())
                .map(|seen| &seen.state),
        };
        if known != Some(&state) {
            self.record_or_keep(Fact::Observed(Observation { state, via }))
                .await;
        } else if !self.backlog.is_empty() {
            // The journal may be well again; if it is not, the note stands.
            let _ = self.flush().await;
        }
    }

    /// What stands when looking stops.
    fn stopped(&self, watch: &Watch, why: &str) -> Ending {
        let ending = self.with_answer(decide::when_we_stop(self.answer_class(), watch.last.as_ref()));
        // That we stopped looking is what `pending` says already, and nothing went wrong by it.
        let goes_without_saying = self.stop.is_cancelled() && ending.verdict == Verdict::Pending;
        match (&ending.error, &watch.why_unread) {
            (None, Some(failure)) if goes_without_saying => {
                ending.because(format!("the last look failed: {failure}"))
            }
            (None, Some(failure)) => ending.because(format!("{why}, and the last look failed: {failure}")),
            (None, None) if goes_without_saying => ending,
            (None, None) => ending.because(why.to_owned()),
            (Some(_), _) => ending,
        }
    }

    /// Adds what the service said when it did not do it, or what came instead of an answer.
    fn with_answer(&self, ending: Ending) -> Ending {
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
        let said = self
            .cancellation()
            .answer
            .as_ref()
            .filter(|answer| !(200..300).contains(&answer.status));
        match (said, lost) {
            (Some(answer), _) => {
                let error = answer
                    .error
                    .as_ref()
                    .map_or(String::new(), |error| format!(": {error}"));
                ending.because(format!("the service answered {}{error}", answer.status))
            }
            (None, Some(lost)) => ending.because(format!("the answer was lost: {lost}")),
            (None, None) => ending,
        }
    }

    /// Adds the other operations that turn out cancelled: the cancel cannot name its target.
    async fn with_others(&self, ending: Ending) -> Ending {
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        if ending.verdict.is_provisional() || !is_bound_by_id || self.is_over() {
            return ending;
        }
        let listed = tokio::select! {
            () = self.stop.cancelled() => None,
            () = tokio::time::sleep_until(self.deadline) => None,
            listed = self.list_at_last() => listed,
        };
        match listed {
            Some(also_canceled) => Ending {
                also_canceled,
                ..ending
            },
            None if ending.error.is_some() => ending,
            None => ending.because("whether other operations were cancelled along with it could not be read"),
        }
    }

    /// The operations that were cancelled since the look before the request, beside the target; a few tries.
    async fn list_at_last(&self) -> Option<Vec<OperationId>> {
        let target = &self.cancellation().request.target;
        for failures in 0..decide::READ_BACKS {
            if failures > 0 {
                tokio::time::sleep(self.parts.pace.backoff(failures)).await;
            }
            let _lane = self.lanes.follow().await;
            match self
                .parts
                .catalogue
                .operations(&target.publisher, &target.offer)
                .await
            {
                Ok(listed) => return Some(self.newly_canceled(listed)),
                Err(failure) => self.lanes.failed(&failure),
            }
        }
        None
    }

    fn newly_canceled(&self, listed: Operations) -> Vec<OperationId> {
        let bound = self.cancellation().request.target.binding.operation();
        let before = self
            .cancellation()
            .sighting
            .as_ref()
            .map_or(&[][..], |seen| &seen.canceled_before);
        let is_new = |id: &OperationId| {
            !before.iter().any(|known| known.is(id)) && !bound.is_some_and(|bound| bound.is(id))
        };
        let canceled = listed
            .list
            .into_iter()
            .filter(|operation| operation.state.phase() == Phase::Canceled);
        canceled
            .filter_map(|operation| operation.id)
            .filter(is_new)
            .collect()
    }
}
