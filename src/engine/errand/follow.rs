//! From the answer to the end. The target's own state decides; the location only tells of steps and of when to look.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    domain::{
        answer::AnswerClass,
        cancellation::Stage,
        fact::{Fact, Observation, Via},
        ids::OperationId,
        location::{Location, Way},
        status::{Phase, Status},
        target::Binding,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{
        decide::{self, Circumstances, Reading},
        errand::Errand,
        failure::Failure,
        reading,
        schedule::{Beat, LONGEST_RETRY_AFTER},
    },
};

/// What following has come to; target and location are asked each at its own pace.
struct Watch {
    target_due: Instant,
    target_beat: Beat,
    /// The location, where it is worth calling: it can be called and is not the target itself.
    way: Option<Way>,
    location_due: Instant,
    location_beat: Beat,
    /// Since when the operation that stands for the cancel is known to have failed.
    cancel_failed_at: Option<Instant>,
    last: Option<Reading>,
    why_unread: Option<Failure>,
}

impl Errand {
    /// Follows until something is settled, the deadline passes or we are told to stop.
    pub(super) async fn follow(&mut self) -> Ending {
        let mut watch = self.begin_watch();
        loop {
            self.announce(&watch);
            let target_is_next = watch.way.is_none() || watch.target_due <= watch.location_due;
            let due = if target_is_next {
                watch.target_due
            } else {
                watch.location_due
            };
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return self.stopped(&watch, "we stopped looking"),
                () = tokio::time::sleep_until(self.deadline) => return self.stopped(&watch, "the time-out has passed"),
                () = tokio::time::sleep_until(due) => {}
            }
            if self.heard_an_answer().await {
                watch = self.begin_watch();
            }
            if let (Stage::Settled, Some((_, ending))) =
                (self.cancellation().stage, &self.cancellation().ending)
            {
                return ending.clone();
            }
            if target_is_next {
                match self.read_target(&mut watch).await {
                    // It is said as soon as it is so, and replaced when the truth turns out.
                    Some(ending) if ending.verdict.is_provisional() && !self.is_over() => {
                        self.settle(ending).await;
                    }
                    Some(ending) => return self.with_others(ending).await,
                    None => {}
                }
            } else {
                self.read_location(&mut watch).await;
            }
        }
    }

    /// Whether looking has to stop.
    fn is_over(&self) -> bool {
        self.stop.is_cancelled() || Instant::now() >= self.deadline
    }

    /// Takes in what others recorded meanwhile; whether an answer is among it.
    async fn heard_an_answer(&mut self) -> bool {
        let had_one = self.cancellation().answer.is_some();
        self.catch_up().await;
        !had_one && self.cancellation().answer.is_some()
    }

    fn begin_watch(&self) -> Watch {
        let now = Instant::now();
        let location = self
            .cancellation()
            .answer
            .as_ref()
            .and_then(|answer| answer.location.as_ref());
        Watch {
            target_due: now,
            target_beat: Beat::default(),
            way: location
                .filter(|location| self.is_worth_calling(location))
                .map(|location| location.way.clone()),
            location_due: now,
            location_beat: Beat::default(),
            cancel_failed_at: None,
            last: None,
            why_unread: None,
        }
    }

    fn is_worth_calling(&self, location: &Location) -> bool {
        let target = self.cancellation().request.target.binding.operation();
        let names_the_target =
            matches!((location.operation(), target), (Some(named), Some(id)) if named.is(id));
        location.is_callable() && !names_the_target
    }

    /// Says when the next look is due; a rest that the service asked for counts for all.
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
        let began = Instant::now();
        self.tracked.polls += 1;
        // A read is dropped when we are told to stop: nothing depends on it.
        let read = tokio::select! {
            () = self.stop.cancelled() => return Some(self.stopped(watch, "we stopped looking")),
            () = tokio::time::sleep_until(self.deadline) => return Some(self.stopped(watch, "the time-out has passed")),
            read = reading::of_target(&*self.parts.catalogue, &target) => read,
        };
        let regular = self.parts.pace.following(self.sent_ago());
        match read {
            Ok(read) => {
                self.saw(read.detail);
                watch.why_unread = None;
                self.observe(read.reading.state.clone(), read.reading.via).await;
                watch.target_due = self.rested(watch.target_beat.answered(regular, None));
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
            AnswerClass::Canceled
                if watch.last.is_none() && watch.target_beat.failures() >= decide::READ_BACKS =>
            {
                let ending = Ending {
                    evidence: Some(Evidence::Answer),
                    ..Ending::new(Verdict::Canceled)
                };
                Some(ending.because(format!(
                    "the service says so; the operation could not be read back: {failure}"
                )))
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
        self.tracked.polls += 1;
        let followed = tokio::select! {
            () = self.stop.cancelled() => return,
            () = tokio::time::sleep_until(self.deadline) => return,
            followed = self.parts.catalogue.follow(&target, &way) => followed,
        };
        let regular = self.parts.pace.following(self.sent_ago());
        match followed {
            Ok(followed) => {
                self.lanes.answered();
                let state = followed.detail.state.clone();
                self.observe(state.clone(), Via::Location).await;
                watch.location_due = self.rested(watch.location_beat.answered(regular, followed.retry_after));
                if let Some(floor) = followed.retry_after {
                    watch.target_due = watch
                        .target_due
                        .max(Instant::now() + floor.min(LONGEST_RETRY_AFTER));
                }
                let phase = state.phase();
                if phase == Phase::Failed && watch.cancel_failed_at.is_none() {
                    watch.cancel_failed_at = Some(Instant::now());
                }
                if phase.has_ended() {
                    // It has said all it can; its end is a reason to look at the target at once.
                    watch.way = None;
                    watch.target_due = self.rested(Duration::ZERO);
                }
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
        match (&ending.error, &watch.why_unread) {
            (None, Some(failure)) => ending.because(format!("{why}, and the last look failed: {failure}")),
            (None, None) => ending.because(why.to_owned()),
            (Some(_), _) => ending,
        }
    }

    /// Adds what the service said when it did not do it, or what came instead of an answer.
    fn with_answer(&self, ending: Ending) -> Ending {
        if ending.error.is_some() || !matches!(ending.verdict, Verdict::Refused | Verdict::Unknown) {
            return ending;
        }
        let lost = self
            .cancellation()
            .facts
            .iter()
            .rev()
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
        let request = &self.cancellation().request;
        let is_read_by_id = matches!(request.target.binding, Binding::Operation(_));
        if ending.verdict.is_provisional() || !is_read_by_id || self.stop.is_cancelled() {
            return ending;
        }
        let target = &request.target;
        let listed = tokio::select! {
            () = self.stop.cancelled() => return ending,
            listed = self.parts.catalogue.operations(&target.publisher, &target.offer) => listed,
        };
        let Ok(listed) = listed else { return ending };
        let before = self
            .cancellation()
            .sighting
            .as_ref()
            .map_or(&[][..], |seen| &seen.canceled_before);
        let is_new = |id: &OperationId| {
            !before.iter().any(|known| known.is(id))
                && !target.binding.operation().is_some_and(|bound| bound.is(id))
        };
        let also_canceled = listed
            .list
            .into_iter()
            .filter(|operation| operation.state.phase() == Phase::Canceled)
            .filter_map(|operation| operation.id)
            .filter(is_new)
            .collect();
        Ending {
            also_canceled,
            ..ending
        }
    }
}
