//! What a cancel does before anything is claimed, and the values that its files are tested with.

use clap::Parser as _;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::*;
use crate::{
    cli::{
        Cli, Command,
        io::tests::{Broken, Scripted, text},
        report::tests::{At, cancellation},
    },
    domain::{
        cancellation::{
            Cancellation,
            tests::{answer, owner, sending},
        },
        fact::Fact,
        ids::OperationId,
        operation::{Destination, Operation, OperationDetail, Operations, Source, Step},
        target::Target,
    },
    engine::{
        Candidate, EngineDeps, Failure, PollIntervals, Snapshot, Tracked, ports::Canceller, silence::Silence,
    },
    service::cpp::status,
};

/// The operation that most of these are about.
pub(crate) const ID: &str = "5a63deb5-0000-1000-0000-000000000000";

pub(crate) fn target() -> Target {
    crate::domain::cancellation::tests::request().target
}

pub(crate) fn args(line: &str) -> CancelArgs {
    let words = ["countermand", "cancel", "contoso-vm"].into_iter();
    match Cli::try_parse_from(words.chain(line.split_whitespace()))
        .unwrap()
        .command
    {
        Some(Command::Cancel(args)) => args,
        other => panic!("{other:?}"),
    }
}

fn operation(id: Option<&str>, state: &str, destination: Destination) -> Operation {
    Operation {
        id: id.map(OperationId::new),
        kind: "publish".into(),
        destination,
        state: status(state),
        offer_version: None,
        version: None,
        changed_at: None,
    }
}

fn detail() -> OperationDetail {
    OperationDetail {
        state: status("running"),
        steps: vec![Step {
            id: "displaycertify".into(),
            name: "Certification".into(),
            state: status("inProgress"),
            estimate: "< 5 days".into(),
            messages: Vec::new(),
        }],
        ..OperationDetail::default()
    }
}

fn look_at(source: Source, list: Vec<Operation>) -> Look {
    let active = list.iter().filter(|operation| operation.state.is_active());
    Look {
        at: Timestamp::UNIX_EPOCH,
        earlier: Vec::new(),
        active: active
            .map(|operation| Candidate {
                operation: operation.clone(),
                detail: Some(detail()),
            })
            .collect(),
        operations: Operations {
            source,
            list,
            detail: None,
            left_out: 0,
            baseline: None,
        },
    }
}

pub(crate) fn look(operations: &[(&str, &str)]) -> Look {
    let list = operations
        .iter()
        .map(|(id, state)| operation(Some(id), state, Destination::Preview));
    look_at(Source::Submissions, list.collect())
}

pub(crate) fn candidate(destination: Destination) -> Candidate {
    Candidate {
        operation: operation(Some(ID), "running", destination),
        detail: Some(detail()),
    }
}

/// A cancel of [`candidate`], after `earlier`, the one before it.
pub(crate) fn plan(destination: Destination, earlier: Option<Cancellation>) -> Plan {
    Plan {
        target: target(),
        candidate: candidate(destination),
        source: Source::Submissions,
        read_at: Timestamp::UNIX_EPOCH,
        presumed: None,
        earlier,
    }
}

/// A proposal of `plan` alone that mails nobody.
pub(crate) fn proposal(plan: Plan) -> Proposal {
    let now = Now {
        wall: Timestamp::UNIX_EPOCH,
        mono: Duration::ZERO,
    };
    Proposal::of(plan, Vec::new(), now)
}

/// A cancellation of [`target`] that ended, or stands, as `verdict`.
pub(crate) fn tracked_as(verdict: Option<Verdict>) -> Tracked {
    let mut facts = match verdict {
        None | Some(Verdict::NotSent | Verdict::NothingRunning | Verdict::Superseded) => Vec::new(),
        Some(Verdict::Unknown) => vec![
            sending(1),
            Fact::AnswerLost {
                error: "reset".into(),
            },
        ],
        Some(Verdict::Refused) => vec![sending(1), answer(409)],
        Some(_) => vec![sending(1), answer(202)],
    };
    facts.extend(verdict.map(|verdict| Fact::Settled(Ending::new(verdict))));
    Tracked::new(cancellation(facts))
}

pub(crate) fn snapshot_with(tracked: Tracked) -> Snapshot {
    Snapshot {
        cancellations: Arc::new(vec![Arc::new(tracked)]),
        ..Snapshot::default()
    }
}

fn engine(canceller: Option<Arc<dyn Canceller>>) -> Engine {
    let parts = EngineDeps {
        origin: target().origin,
        publisher: target().publisher,
        profile: "prod".into(),
        owner: owner(),
        catalogue: Arc::new(Silence::Untouchable),
        canceller,
        journal: Arc::new(Silence::Untouchable),
        clock: Arc::new(At(Timestamp::UNIX_EPOCH)),
        poll_intervals: PollIntervals::default(),
    };
    Engine::new(parts, TaskTracker::new(), CancellationToken::new())
}

fn defaults() -> Defaults {
    Defaults {
        profile: "prod".into(),
        publisher: target().publisher,
        notify: vec!["ada@contoso.com".parse().unwrap()],
        timeout: Duration::from_mins(30),
        read_only: Some(ReadOnly::Profile),
        journal: Arc::new(Silence::Untouchable),
        clock: Arc::new(At(Timestamp::UNIX_EPOCH)),
    }
}

/// Runs it against the silent world; returns the exit, the JSON lines and what was told beside them.
async fn run_silently(
    line: &str,
    engine: Engine,
    interrupted: impl Future<Output = Exit>,
    ask: Option<&mut Scripted>,
) -> (Exit, Vec<Value>, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: ask.map(|ask| ask as &mut dyn crate::cli::Ask),
        zone: TimeZone::UTC,
    };
    let args = args(&format!("{line} --json"));
    let exit = run(&engine, &args, &defaults(), interrupted, &mut io).await;
    let lines = text(&out).lines().map(|line| serde_json::from_str(line).unwrap());
    (exit, lines.collect(), text(&err).to_owned())
}

#[tokio::test]
async fn nobody_to_ask_is_a_usage_error_with_a_verdict() {
    let engine = engine(Some(Arc::new(Silence::Untouchable)));
    let (exit, lines, told) = run_silently("", engine, std::future::pending(), None).await;
    assert_eq!(exit, Exit::Usage);
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["error", "verdict"]);
    assert_eq!(lines[1]["verdict"], "not_sent");
    assert_eq!(lines[1]["offer"], "contoso-vm");
    assert!(told.contains("--yes"), "{told}");
}

#[tokio::test]
async fn read_only_sends_nothing() {
    let (exit, lines, told) = run_silently("--yes", engine(None), std::future::pending(), None).await;
    assert_eq!(exit, Exit::Usage);
    assert_eq!(lines[1]["verdict"], "not_sent");
    assert!(
        told.contains("this profile says so") && !told.contains("--read-only"),
        "nobody gave a flag: {told}"
    );
}

#[tokio::test]
async fn an_interrupt_during_the_look_has_its_verdict() {
    for line in ["--yes", "--dry-run"] {
        let engine = engine(Some(Arc::new(Silence::Untouchable)));
        let (exit, lines, _) = run_silently(line, engine, async { Exit::Terminated }, None).await;
        assert_eq!(exit, Exit::Terminated);
        assert_eq!(lines.last().unwrap()["verdict"], "not_sent");
    }
}

/// Confirms after `look`; returns what came of it and the lines written.
async fn confirm(
    line: &str,
    look: &Look,
    ask: Option<&mut Scripted>,
) -> (Result<Option<Request>, CancelAborted>, String) {
    let (engine, args, defaults) = (
        engine(Some(Arc::new(Silence::Untouchable))),
        args(line),
        defaults(),
    );
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: ask.map(|ask| ask as &mut dyn crate::cli::Ask),
        zone: TimeZone::UTC,
    };
    let context = CancelContext {
        engine: &engine,
        args: &args,
        defaults: &defaults,
        notify: &defaults.notify,
        chosen: OnceLock::new(),
        began: Instant::now(),
    };
    let mut report = Report::new(&mut io, Form::Text, defaults.clock.as_ref(), &defaults.notify);
    let proposed = context.propose(look, &mut report).await;
    let confirmed = proposed.and_then(|proposal| {
        if context.args.dry_run {
            return Ok(None);
        }
        let confirmed = context.confirm(&proposal, &mut report)?.unwrap();
        Ok(proposal.requests(confirmed, &defaults.profile).pop())
    });
    (confirmed, text(&out).to_owned())
}

#[tokio::test]
async fn what_was_confirmed_is_bound() {
    let mut ask = Scripted::answering("y");
    let (confirmed, _) = confirm("", &look(&[(ID, "running")]), Some(&mut ask)).await;
    let request = confirmed.unwrap().unwrap();
    assert_eq!(request.target, target());
    assert_eq!(request.shown.step, Some("Certification".into()));
    assert_eq!(request.notify.len(), 1);
    assert_eq!(request.again_of, None);
}

#[test]
fn an_answer_that_took_more_than_a_minute_is_none() {
    let engine = engine(Some(Arc::new(Silence::Untouchable)));
    for (seconds, line, counts) in [(59, "", true), (60, "", false), (60, "--yes", true)] {
        let (args, mut ask) = (args(line), Scripted::answering("y"));
        let now = Timestamp::from_second(seconds).unwrap();
        let defaults = Defaults {
            clock: Arc::new(At(now)),
            ..defaults()
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = Io {
            out: &mut out,
            err: &mut err,
            ask: Some(&mut ask),
            zone: TimeZone::UTC,
        };
        let mut report = Report::new(&mut io, Form::Text, defaults.clock.as_ref(), &[]);
        let context = CancelContext {
            engine: &engine,
            args: &args,
            defaults: &defaults,
            notify: &[],
            chosen: OnceLock::new(),
            began: Instant::now(),
        };
        let proposal = proposal(plan(Destination::Preview, None));
        let confirmed = context.confirm(&proposal, &mut report).unwrap();
        assert_eq!(confirmed.is_some(), counts, "{seconds} {line}");
    }
}

#[tokio::test]
async fn yes_asks_nobody() {
    let mut ask = Scripted::default();
    let (confirmed, _) = confirm("--yes", &look(&[(ID, "running")]), Some(&mut ask)).await;
    assert!(confirmed.unwrap().is_some());
    assert!(ask.questions.is_empty());
}

#[tokio::test]
async fn a_dry_run_tells_and_requests_nothing() {
    let mut ask = Scripted::default();
    let (confirmed, out) = confirm("--dry-run", &look(&[(ID, "running")]), Some(&mut ask)).await;
    assert_eq!(confirmed, Ok(None));
    assert!(ask.questions.is_empty());
    assert_eq!(
        out,
        "00:00:00  looked: running\n\
         00:00:00  would cancel publish → preview (5a63deb5-0000-1000-0000-000000000000), running, \
         at Certification; would notify ada@contoso.com\n"
    );
    for (operations, exit) in [
        (&[(ID, "succeeded")][..], Exit::NothingRunning),
        (&[(ID, "running"), ("b", "running")], Exit::Superseded),
    ] {
        let (outcome, _) = confirm("--dry-run", &look(operations), None).await;
        assert_eq!(outcome.unwrap_err().exit, exit);
    }
}

#[test]
fn a_failed_look_exits_by_its_class() {
    for (class, exit) in [
        (crate::engine::Class::SignIn, Exit::SignIn),
        (crate::engine::Class::Transient, Exit::Failure),
    ] {
        let failure = Failure {
            class,
            request: "GET submissions".into(),
            what: "down".into(),
            advice: "try again".into(),
            status: None,
            correlation_id: None,
            retry_after: None,
        };
        assert_eq!(CancelAborted::failed(&failure).exit, exit);
    }
}

#[tokio::test]
async fn a_reader_that_went_away_before_the_claim_is_asked_nothing_more() {
    let engine = engine(Some(Arc::new(Silence::Untouchable)));
    let mut err = Vec::new();
    let mut io = Io {
        out: &mut Broken(std::io::ErrorKind::BrokenPipe),
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let exit = run(
        &engine,
        &args("--json"),
        &defaults(),
        std::future::pending(),
        &mut io,
    )
    .await;
    assert_eq!(exit, Exit::Usage);
}
