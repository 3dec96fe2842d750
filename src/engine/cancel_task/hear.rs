//! Results of questions: recorded if they are news, kept for weighing, and the time of the next question.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::{
    domain::{
        fact::{Fact, Observation, Via},
        lead::Lead,
        status::{Phase, Status},
    },
    engine::{
        cancel_task::{CancelTask, follow::Heard, watch::Watch},
        failure::Failure,
        ports::Reading,
        reading::ListRead,
        schedule::LONGEST_RETRY_AFTER,
        witnesses::{Word, as_word},
    },
};

impl CancelTask {
    /// Takes in the result of one question.
    pub(super) async fn take_in_reading(&mut self, watch: &mut Watch, heard: Heard) {
        match heard {
            Heard::Page(began, read) => self.on_page(watch, began, read).await,
            Heard::List(began, read) => self.on_list(watch, began, read).await,
            Heard::Location(lead, read) => self.on_location(watch, &lead, read).await,
        }
    }

    async fn on_page(&mut self, watch: &mut Watch, began: Instant, read: Result<Reading, Failure>) {
        self.tracked.polls += 1;
        watch.page.under_way = None;
        let (now, regular) = (Instant::now(), self.regular());
        match read {
            Ok(reading) => {
                let Reading {
                    detail,
                    retry_after,
                    by_absence,
                } = reading;
                let state = detail.state.clone();
                self.saw(Some(Arc::new(detail)));
                watch.heard.page.record(Word::State(state.clone()), began, now);
                let due = self.after_pause(watch.page.backoff.answered(regular, retry_after));
                watch.page.again_at(due);
                // The page has a state again: the list is requested if due.
                watch.list.due = None;
                // A Retry-After of the page holds for both witnesses.
                watch.list.not_before = watch.list.not_before.max(retry_after.map_or(now, |_| due));
                let via = if by_absence { Via::Absence } else { Via::Operation };
                watch.heard.is_absent = by_absence;
                self.observe(state, via).await;
            }
            Err(failure) => {
                match as_word(&failure) {
                    Some(word) => watch.heard.page.record(word, began, now),
                    None => watch.heard.page.failed(failure.clone(), began, now),
                }
                self.note_failure(&failure);
                let due = self.after_pause(watch.page.backoff.failed(
                    &self.parts.poll_intervals,
                    regular,
                    &failure,
                ));
                watch.page.again_at(due);
                // A failing page is no reason to skip the list, unless all requests must pause.
                if self.limiter.cooldown().is_none() {
                    watch.list.request(now);
                }
            }
        }
    }

    async fn on_list(&mut self, watch: &mut Watch, began: Instant, read: ListRead) {
        self.tracked.polls += 1;
        watch.list.under_way = None;
        let (now, regular) = (Instant::now(), self.regular());
        let target = self.cancellation().request.target.clone();
        let was_offer_read = self
            .cancellation()
            .preflight
            .as_ref()
            .is_some_and(|seen| seen.by_offer);
        let in_place = read.stands_in_for_an_entry() && !was_offer_read;
        match read.offer_word(&target) {
            Some(Ok(word)) if in_place && watch.heard.may_be_an_earlier_end(&word) => {}
            Some(Ok(word)) => {
                if let Word::State(state) = &word {
                    watch.heard.first_offer.get_or_insert_with(|| state.clone());
                    self.observe(state.clone(), Via::OfferStatus).await;
                }
                watch.heard.offer.record(word, began, now);
            }
            Some(Err(failure)) => watch.heard.offer.failed(failure, began, now),
            None => {}
        }
        match read.word(&target) {
            Ok(word) => {
                self.saw(read.detail());
                if let Word::State(state) = &word
                    && target.binding.operation().is_some()
                {
                    self.observe(state.clone(), Via::Submissions).await;
                }
                let wait = match word {
                    Word::State(_) => watch.list.backoff.answered(regular, None),
                    // Its interval grows, as for every witness without a state.
                    Word::Missing | Word::Closed => {
                        watch.list.backoff.waited(&self.parts.poll_intervals).max(regular)
                    }
                };
                watch.heard.list.record(word, began, now);
                watch.list.not_before = watch.list.not_before.max(now);
                if watch.looks_at_list() {
                    watch.list.again_at(self.after_pause(wait));
                }
            }
            Err(failure) => {
                let failure = failure.clone();
                let due = self.after_pause(watch.list.backoff.failed(
                    &self.parts.poll_intervals,
                    regular,
                    &failure,
                ));
                watch.list.not_before = due;
                if watch.looks_at_list() {
                    watch.list.due = Some(due);
                    self.note_failure(&failure);
                } else {
                    self.limiter.failed(&failure);
                }
                watch.heard.list.failed(failure, began, now);
            }
        }
        if let Ok(listed) = read.listed {
            watch.listed = Some((began, listed));
        }
    }

    async fn on_location(&mut self, watch: &mut Watch, lead: &Lead, read: Result<Reading, Failure>) {
        self.tracked.polls += 1;
        watch.location.under_way = None;
        let regular = self.regular();
        match read {
            Ok(reading) => {
                self.limiter.answered();
                let state = reading.detail.state;
                self.observe(state.clone(), Via::Location).await;
                let due = self.after_pause(watch.location.backoff.answered(regular, reading.retry_after));
                watch.location.again_at(due);
                if let Some(floor) = reading.retry_after {
                    let floor = Instant::now() + floor.min(LONGEST_RETRY_AFTER);
                    for round in [&mut watch.page, &mut watch.list] {
                        round.not_before = round.not_before.max(floor);
                        round.due = round.due.map(|due| due.max(floor));
                    }
                }
                self.weigh_location(watch, lead, state.phase());
            }
            Err(failure) => {
                // The location is a hint and no witness: its failures are not shown as the cancellation's.
                self.limiter.failed(&failure);
                tracing::warn!(cancellation = %self.cancellation().id, %failure, "the location could not be read");
                let due = self.after_pause(watch.location.backoff.failed(
                    &self.parts.poll_intervals,
                    regular,
                    &failure,
                ));
                watch.location.again_at(due);
            }
        }
    }

    /// Interprets the state of the location: only a separate cancel operation can fail in the target's place.
    fn weigh_location(&self, watch: &mut Watch, lead: &Lead, phase: Phase) {
        let is_bound_by_id = self.cancellation().request.target.binding.operation().is_some();
        let is_another_operation = is_bound_by_id && lead.operation().is_some();
        watch.was_location_active |= !phase.has_ended();
        watch.has_location_failed |= phase == Phase::Failed && is_another_operation;
        if phase.has_ended() {
            // It has no more to add; its end is a reason to look at the target at once.
            watch.lead = None;
            let soon = self.after_pause(Duration::ZERO);
            let round = if is_bound_by_id {
                &mut watch.page
            } else {
                &mut watch.list
            };
            round.again_at(soon);
        }
    }

    fn regular(&self) -> Duration {
        self.parts.poll_intervals.following(self.sent_ago())
    }

    /// Returns the instant after `wait`, or after the pause that the service requested.
    fn after_pause(&self, wait: Duration) -> Instant {
        Instant::now() + wait.max(self.limiter.cooldown().unwrap_or_default())
    }

    /// Records a changed state.
    async fn observe(&mut self, state: Status, via: Via) {
        if self.cancellation().last_read(via) != Some(&state) {
            self.record_or_keep(Fact::Observed(Observation { state, via }))
                .await;
        } else if !self.backlog.is_empty() {
            // The journal may have recovered; otherwise the note stays.
            let _ = self.flush().await;
        }
    }
}
