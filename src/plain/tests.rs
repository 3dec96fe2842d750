//! The loop on a paused clock, against a marketplace that changes between two lists.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::*;
use crate::{
    cli::io::tests::text,
    domain::{
        cancellation::tests::{owner, request},
        ids::{OfferId, OperationId, PublisherId},
        lead::Lead,
        offer::{Offer, Offers},
        operation::{Baseline, OperationDetail, Operations, Source},
        target::Target,
    },
    engine::{
        Class, EngineDeps, Failure, PollIntervals,
        ports::{Catalogue, Clock, Reading},
    },
    journal::MemoryJournal,
    plain::listing::tests::offer,
};

/// Has `a` and `b` at first, and then `b` alone.
#[derive(Default)]
struct Shrinking {
    lists: AtomicUsize,
}

fn nothing() -> Failure {
    Failure {
        class: Class::NotFound,
        request: "GET it".into(),
        what: "there is nothing".into(),
        advice: "".into(),
        status: Some(404),
        correlation_id: None,
        retry_after: None,
    }
}

#[async_trait]
impl Catalogue for Shrinking {
    fn characteristics(&self) -> &'static crate::engine::Characteristics {
        crate::service::cpp::CHARACTERISTICS
    }

    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        Err(nothing())
    }
    async fn offers(&self, _: &PublisherId) -> Result<Offers, Failure> {
        let all = [offer("a", "succeeded"), offer("b", "succeeded")];
        let gone = self.lists.fetch_add(1, Ordering::SeqCst).min(1);
        let left: Vec<Offer> = all.iter().skip(gone).map(|offer| Offer::clone(offer)).collect();
        Ok(left.into())
    }
    async fn operations(&self, _: &PublisherId, _: &OfferId) -> Result<Operations, Failure> {
        Ok(Operations {
            source: Source::Submissions,
            list: Vec::new(),
            detail: None,
            left_out: 0,
            baseline: None,
        })
    }
    async fn operation(
        &self,
        _: &PublisherId,
        _: &OfferId,
        _: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        Err(nothing())
    }
    async fn offer_status(&self, _: &PublisherId, _: &OfferId) -> Result<OperationDetail, Failure> {
        Err(nothing())
    }
    async fn track(&self, _: &Target, _: Option<&Lead>, _: Option<&Baseline>) -> Result<Reading, Failure> {
        Err(nothing())
    }
}

/// The wall clock that goes with the paused one.
struct Beside(Instant);

impl Clock for Beside {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.0.elapsed()).unwrap();
        Timestamp::UNIX_EPOCH + passed
    }
}

/// Types a line every five minutes; by then every list has been read anew.
struct Slow {
    lines: VecDeque<&'static str>,
    next_at: Instant,
}

impl Commands for Slow {
    async fn next(&mut self) -> io::Result<Option<String>> {
        tokio::time::sleep_until(self.next_at).await;
        self.next_at += Duration::from_mins(5);
        Ok(self.lines.pop_front().map(ToOwned::to_owned))
    }
}

/// What is written when these lines are typed, and how it ends.
async fn told(lines: &[&'static str]) -> (String, Exit) {
    let clock: Arc<dyn Clock> = Arc::new(Beside(Instant::now()));
    let journal = Arc::new(MemoryJournal::new());
    let Target {
        origin, publisher, ..
    } = request().target;
    let parts = EngineDeps {
        origin: origin.clone(),
        publisher: publisher.clone(),
        profile: "prod".into(),
        owner: owner(),
        catalogue: Arc::new(Shrinking::default()),
        canceller: None,
        journal: journal.clone(),
        clock: clock.clone(),
        poll_intervals: PollIntervals::default(),
    };
    let stop = CancellationToken::new();
    let engine = Engine::new(parts, TaskTracker::new(), stop.clone());
    let beside = super::Beside {
        origin,
        cancel: cancel::Defaults {
            profile: "prod".into(),
            publisher,
            notify: Vec::new(),
            timeout: Duration::from_mins(30),
            read_only: Some(crate::settings::ReadOnly::Profile),
            journal,
            clock,
        },
        banner: None,
        goes_on: true,
        is_attended: true,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let commands = Slow {
        lines: lines.iter().copied().collect(),
        next_at: Instant::now() + Duration::from_mins(5),
    };
    let exit = run(&engine, &beside, Some(commands), std::future::pending(), &mut io).await;
    stop.cancel();
    assert_eq!(text(&err), "");
    (text(&out).to_owned(), exit)
}

#[tokio::test(start_paused = true)]
async fn a_number_means_what_it_stood_beside_until_there_is_another_list() {
    let (out, exit) = told(&["1", "2", "l", "1", "2"]).await;
    let rest = out.split_once("? tells the rest\n").unwrap().1;
    let told: Vec<&str> = rest
        .lines()
        .filter(|line| line.contains("row") || line.contains("list") || line.starts_with("offer "))
        .map(|line| {
            line.split_once("  ")
                .map_or(line, |(_, sentence)| sentence.trim())
        })
        .collect();
    assert_eq!(
        told,
        [
            "a: no longer in the list",
            "row 1 was a, which is no longer in the list; nothing was done",
            "b",
            "b",
            "there is no row 2; the last list had 1"
        ],
        "{out}"
    );
    assert_eq!(exit, Exit::Done);
}

#[tokio::test(start_paused = true)]
async fn read_only_says_so_and_asks_nothing() {
    let (out, _) = told(&["l", "c 1", "q", "c 1"]).await;
    assert!(
        out.starts_with("countermand: contoso at https://cloudpartner.azure.com, profile prod, read-only\n")
    );
    let told = "b: read-only; this profile says so in the settings; choose another with --profile, or take \
                `read_only` out of it, to cancel; nothing was sent\n";
    assert_eq!(out.matches(told).count(), 1, "{out}");
    assert!(out.contains("this profile says so"), "{out}");
}
