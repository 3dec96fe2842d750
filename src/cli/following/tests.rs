//! Following, on snapshots made by hand: when it ends, when it lets go, and how the program ends.

use std::{cell::RefCell, pin::pin};

use futures_util::FutureExt as _;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use super::*;
use crate::{
    cli::{
        Io,
        cancel::tests::{snapshot_with, target, tracked_as},
        io::tests::{Broken, text},
        report::{
            Form,
            tests::{At, cancellation},
        },
    },
    domain::cancellation::tests::{answer, observed, sending},
};

/// How a run of [`play`] went.
struct Played {
    exit: Exit,
    lines: Vec<Value>,
    let_go: Vec<String>,
}

/// Follows through `acts`, each published once the one before was seen; letting go publishes `last`.
async fn play(
    acts: Vec<Tracked>,
    last: Option<Tracked>,
    until: Until,
    interrupted: impl Future<Output = Exit>,
    is_read: bool,
) -> Played {
    let (snapshots, seen) = watch::channel(Arc::new(Snapshot::default()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut closed = Broken(std::io::ErrorKind::BrokenPipe);
    let mut io = Io {
        out: if is_read { &mut out } else { &mut closed },
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(Timestamp::UNIX_EPOCH);
    let mut report = Report::new(&mut io, Form::Json, &clock, &[]);
    let (let_go, target, id) = (RefCell::new(Vec::new()), target(), CancellationId::new("a1"));
    let publish = |tracked: &Tracked| {
        snapshots.send_replace(Arc::new(snapshot_with(tracked.clone())));
    };
    let following = Following {
        open: vec![Followed { id, target }],
        until,
        let_go: |id: &CancellationId| {
            let_go.borrow_mut().push(id.raw().to_owned());
            last.iter().for_each(publish);
        },
    };
    let stage = async {
        for act in &acts {
            publish(act);
            tokio::task::yield_now().await;
        }
        std::future::pending::<()>().await;
    };
    let exit = {
        let interrupted = pin!(interrupted.fuse());
        let following = follow(following, seen, interrupted, &mut report);
        tokio::select! {
            biased;
            exit = following => exit,
            () = stage => unreachable!("the stage never ends"),
        }
    };
    let lines = text(&out)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    Played {
        exit,
        lines,
        let_go: let_go.into_inner(),
    }
}

fn never() -> std::future::Pending<Exit> {
    std::future::pending()
}

fn left(verdict: Verdict) -> Tracked {
    Tracked {
        is_followed: false,
        ..tracked_as(Some(verdict))
    }
}

fn answered(status: u16, state: Option<&str>) -> Tracked {
    let mut facts = vec![sending(1), answer(status)];
    facts.extend(state.map(observed));
    Tracked {
        // What was read was read in both places.
        polls: if state.is_some() { 2 } else { 0 },
        ..Tracked::new(cancellation(facts))
    }
}

fn verdicts(played: &Played) -> Vec<&str> {
    let verdicts = played.lines.iter().filter(|line| line["event"] == "verdict");
    verdicts.map(|line| line["verdict"].as_str().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn each_verdict_ends_it_with_its_exit_code() {
    for verdict in [
        Verdict::Canceled,
        Verdict::FinishedFirst,
        Verdict::Refused,
        Verdict::Unknown,
        Verdict::Pending,
        Verdict::NothingRunning,
        Verdict::Superseded,
        Verdict::NotSent,
    ] {
        let played = play(
            vec![tracked_as(None), left(verdict)],
            None,
            Until::Settled,
            never(),
            true,
        )
        .await;
        assert_eq!(verdicts(&played), [verdict.word()]);
        assert_eq!(played.exit, Ending::new(verdict).exit(), "{verdict:?}");
        assert!(played.let_go.is_empty());
        assert_eq!(played.lines.last().unwrap()["event"], "verdict");
    }
}

#[tokio::test(start_paused = true)]
async fn what_stands_on_the_way_is_a_note_and_the_verdict_comes_when_nobody_looks_any_more() {
    for (standing, notes) in [(Verdict::Unknown, 1), (Verdict::Pending, 0)] {
        let acts = vec![tracked_as(Some(standing)), left(Verdict::Canceled)];
        let played = play(acts, None, Until::Settled, never(), true).await;
        assert_eq!(verdicts(&played), ["canceled"]);
        let told = played.lines.iter().filter(|line| {
            line["note"]
                .as_str()
                .is_some_and(|note| note.starts_with("not known yet whether"))
        });
        assert_eq!(told.count(), notes, "{standing:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_lets_go_once_and_waits_for_the_verdict() {
    let last = Some(left(Verdict::Pending));
    let played = play(
        vec![tracked_as(None)],
        last,
        Until::Settled,
        async { Exit::Interrupted },
        true,
    )
    .await;
    assert_eq!(played.exit, Exit::Interrupted);
    assert_eq!(verdicts(&played), ["pending"]);
    assert_eq!(played.let_go, ["a1"]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_tells_nothing_is_not_waited_for_for_ever() {
    for (acts, verdict) in [(vec![], "unknown"), (vec![answered(202, None)], "pending")] {
        let started = time::Instant::now();
        let played = play(acts, None, Until::Settled, async { Exit::HangUp }, true).await;
        assert_eq!(played.exit, Exit::HangUp);
        assert_eq!(verdicts(&played), [verdict]);
        assert_eq!(started.elapsed(), PATIENCE);
    }
}

#[tokio::test(start_paused = true)]
async fn not_waiting_ends_with_the_answer_and_pending_is_fine() {
    for (act, last, exit) in [
        (answered(202, None), Verdict::Pending, Exit::Done),
        (answered(500, Some("running")), Verdict::Unknown, Exit::Unknown),
        (answered(409, Some("running")), Verdict::Refused, Exit::Refused),
        (answered(200, Some("running")), Verdict::Pending, Exit::Done),
    ] {
        let played = play(
            vec![tracked_as(None), act],
            Some(left(last)),
            Until::Answered,
            never(),
            true,
        )
        .await;
        assert_eq!(played.exit, exit, "{last:?}");
        assert_eq!(verdicts(&played), [last.word()]);
        assert_eq!(played.let_go, ["a1"]);
    }
}

#[test]
fn what_looks_settle_is_given_those_looks() {
    for (tracked, looks) in [
        (tracked_as(None), None),
        (answered(202, None), Some(0)),
        (answered(429, None), None),
        (answered(200, None), Some(1)),
        (answered(500, None), Some(1)),
        (answered(500, Some("running")), Some(1)),
        // Both places have to be read before either of these is told.
        (answered(500, Some("completed")), Some(2)),
        (answered(409, None), Some(2)),
        (answered(409, Some("running")), Some(2)),
    ] {
        for polls in 0..=2 {
            let failing = Tracked {
                polls,
                note: Some("timed out".into()),
                ..tracked.clone()
            };
            let is_enough = looks.is_some_and(|looks| polls >= looks);
            let stage = failing.cancellation.stage;
            assert_eq!(is_answered(&failing), is_enough, "{stage:?} after {polls}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_goes_away_does_not_end_it_before_the_record() {
    let act = answered(202, None);
    let played = play(
        vec![act],
        Some(left(Verdict::Pending)),
        Until::Settled,
        never(),
        false,
    )
    .await;
    assert_eq!(played.exit, Exit::Pending);
    assert_eq!(played.let_go, ["a1"]);
    assert!(played.lines.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_settled_goes_on_past_an_unknown() {
    let acts = vec![
        tracked_as(None),
        tracked_as(Some(Verdict::Unknown)),
        left(Verdict::Canceled),
    ];
    let played = play(acts, None, Until::Settled, never(), true).await;
    assert_eq!(verdicts(&played), ["canceled"]);
    let played = play(vec![left(Verdict::Unknown)], None, Until::Settled, never(), true).await;
    assert_eq!(verdicts(&played), ["unknown"], "the time was up");
    assert_eq!(played.exit, Exit::Unknown);
}

fn named(id: &str, verdict: Option<Verdict>) -> Tracked {
    let mut tracked = tracked_as(verdict);
    tracked.cancellation.id = id.into();
    tracked.is_followed = verdict.is_none();
    tracked
}

#[tokio::test(start_paused = true)]
async fn several_interleave_and_the_gravest_verdict_counts() {
    let (snapshots, seen) = watch::channel(Arc::new(Snapshot::default()));
    let publish = |all: Vec<Tracked>| {
        snapshots.send_replace(Arc::new(Snapshot {
            cancellations: Arc::new(all.into_iter().map(Arc::new).collect()),
            ..Snapshot::default()
        }));
    };
    publish(vec![named("a", None), named("b", None)]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(Timestamp::UNIX_EPOCH);
    let mut report = Report::new(&mut io, Form::Text, &clock, &[]).labelled();
    let following = Following {
        open: ["a", "b"]
            .map(|id| Followed {
                id: id.into(),
                target: target(),
            })
            .into(),
        until: Until::Settled,
        let_go: |id: &CancellationId| panic!("{id} was let go"),
    };
    let stage = async {
        tokio::task::yield_now().await;
        publish(vec![named("a", None), named("b", Some(Verdict::Unknown))]);
        tokio::task::yield_now().await;
        publish(vec![
            named("a", Some(Verdict::Canceled)),
            named("b", Some(Verdict::Unknown)),
        ]);
    };
    let interrupted = pin!(never().fuse());
    let (exit, ()) = tokio::join!(follow(following, seen, interrupted, &mut report), stage);
    assert_eq!(exit, Exit::Unknown);
    let verdicts: Vec<_> = text(&out)
        .lines()
        .filter(|line| line.contains("unknown:") || line.contains("canceled"))
        .collect();
    assert!(verdicts[0].contains("contoso-vm b  unknown"), "{verdicts:?}");
    assert!(verdicts[1].contains("contoso-vm a  canceled"), "{verdicts:?}");
    assert_eq!(verdicts.len(), 2, "{verdicts:?}");
    assert_eq!(
        text(&err),
        "countermand: it stays open; `countermand follow b` goes on with it\n"
    );
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_turned_out_to_be_dead_leaves_the_verdict_to_its_successor() {
    let (snapshots, seen) = watch::channel(Arc::new(Snapshot::default()));
    let publish = |all: Vec<Tracked>| {
        snapshots.send_replace(Arc::new(Snapshot {
            cancellations: Arc::new(all.into_iter().map(Arc::new).collect()),
            ..Snapshot::default()
        }));
    };
    publish(vec![named("dead", None)]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let clock = At(Timestamp::UNIX_EPOCH);
    let mut report = Report::new(&mut io, Form::Json, &clock, &[]);
    let following = Following {
        open: vec![Followed {
            id: "dead".into(),
            target: target(),
        }],
        until: Until::Settled,
        let_go: |id: &CancellationId| panic!("{id} was let go"),
    };
    let dead = Tracked {
        successor: Some("own".into()),
        note: Some("going on".into()),
        ..named("dead", Some(Verdict::NotSent))
    };
    let stage = async {
        tokio::task::yield_now().await;
        publish(vec![named("own", None), dead.clone()]);
        tokio::task::yield_now().await;
        publish(vec![named("own", Some(Verdict::Canceled)), dead.clone()]);
    };
    let interrupted = pin!(never().fuse());
    let (exit, ()) = tokio::join!(follow(following, seen, interrupted, &mut report), stage);
    assert_eq!(exit, Exit::Done);
    let lines: Vec<Value> = text(&out)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let notes = lines.iter().filter(|line| line["event"] == "note");
    assert_eq!(
        notes.map(|note| &note["note"]).collect::<Vec<_>>(),
        ["going on"],
        "{lines:?}"
    );
    let verdicts: Vec<_> = lines.iter().filter(|line| line["event"] == "verdict").collect();
    assert!(
        matches!(verdicts[..], [one] if one["cancellation"] == "own" && one["verdict"] == "canceled"),
        "{lines:?}"
    );
}
