//! What the history tells, of a journal in memory.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::Value;

use super::*;
use crate::{
    cli::{
        io::tests::text,
        report::tests::{every_fact, hostile},
    },
    domain::{
        cancellation::tests::{owner, request},
        confirmation::Request,
        fact::{Claim, Fact},
        ids::OfferId,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::ports::Claimed,
    journal::MemoryJournal,
};

fn second(number: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + number.seconds()
}

/// Claims a cancel of `offer` and records `facts`, one a second.
async fn keep(journal: &MemoryJournal, offer: &str, facts: Vec<Fact>) -> CancellationId {
    let mut request = request();
    request.target.offer = OfferId::new(offer);
    claim(journal, request, facts).await
}

async fn claim(journal: &MemoryJournal, request: Request, facts: Vec<Fact>) -> CancellationId {
    let claim = Claim { request, by: owner() };
    let Claimed::New(cancellation) = journal.claim(&claim, second(0)).await.unwrap() else {
        panic!("it was taken");
    };
    let id = cancellation.id;
    for (fact, at) in facts.into_iter().zip((1..).map(second)) {
        match fact {
            Fact::Sending { attempt, by } => {
                drop(journal.begin_sending(&id, attempt, &by, at).await.unwrap());
            }
            Fact::Settled(ending) => drop(journal.settle(&id, ending, at).await.unwrap()),
            fact => drop(journal.append(&id, fact, at).await.unwrap()),
        }
    }
    id
}

fn sending() -> Fact {
    Fact::Sending {
        attempt: 1,
        by: owner(),
    }
}

fn lost() -> Fact {
    Fact::AnswerLost {
        error: "connection reset".into(),
    }
}

fn canceled() -> Fact {
    Fact::Settled(Ending {
        evidence: Some(Evidence::Observed),
        polls: 3,
        ..Ending::new(Verdict::Canceled)
    })
}

/// A journal with one of each: settled, open with and without a verdict, and asked again.
async fn journal() -> MemoryJournal {
    let journal = MemoryJournal::default();
    keep(&journal, "contoso-vm", vec![sending(), lost(), canceled()]).await;
    let unknown = Fact::Settled(Ending::new(Verdict::Unknown).because("the answer was lost"));
    let earlier = keep(&journal, "contoso-app", vec![sending(), lost(), unknown]).await;
    let mut again = request();
    again.target.offer = "contoso-app".into();
    again.again_of = Some(earlier);
    claim(&journal, again, vec![sending()]).await;
    let not_sent = Fact::Settled(Ending::new(Verdict::NotSent).because("read-only"));
    keep(&journal, "contoso-db", vec![not_sent]).await;
    journal
}

async fn told(journal: &MemoryJournal, args: &HistoryArgs) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    let exit = run(journal, args, &mut io).await;
    (exit, text(&out).to_owned(), text(&err).to_owned())
}

fn json(limit: Option<u32>) -> HistoryArgs {
    HistoryArgs {
        json: true,
        limit,
        ..HistoryArgs::default()
    }
}

#[tokio::test]
async fn the_list_is_a_table_newest_first() {
    let (exit, out, _) = told(&journal().await, &HistoryArgs::default()).await;
    assert_eq!(exit, Exit::Done);
    insta::assert_snapshot!(out);
}

#[tokio::test]
async fn the_json_has_everything() {
    let (_, out, _) = told(&journal().await, &json(None)).await;
    let records: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(records.len(), 4);
    let (newest, oldest) = (&records[0], &records[3]);
    assert_eq!(newest["offer"], "contoso-db");
    assert_eq!(records[1]["again_of"], records[2]["cancellation"]);
    assert_eq!(records[1]["verdict"], Value::Null);
    assert_eq!(records[2]["open"], true);
    insta::assert_snapshot!(serde_json::to_string_pretty(oldest).unwrap());
}

#[tokio::test]
async fn the_newest_are_told_where_there_is_a_limit() {
    let (_, out, _) = told(&journal().await, &json(Some(1))).await;
    let records: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["offer"], "contoso-db");
}

#[tokio::test]
async fn an_empty_history_is_an_empty_array() {
    let (exit, out, _) = told(&MemoryJournal::default(), &json(None)).await;
    assert_eq!((exit, &*out), (Exit::Done, "[]\n"));
    let (_, out, _) = told(&MemoryJournal::default(), &HistoryArgs::default()).await;
    assert_eq!(out, "No cancellations from this machine yet\n");
}

#[tokio::test]
async fn one_is_told_as_a_story_with_every_fact() {
    let journal = MemoryJournal::default();
    let mut facts = every_fact();
    facts.pop();
    facts.push(canceled());
    let id = keep(&journal, "contoso-vm", facts).await;
    let one = HistoryArgs {
        cancellation: Some(id.clone()),
        ..HistoryArgs::default()
    };
    let (exit, out, _) = told(&journal, &one).await;
    assert_eq!(exit, Exit::Done);
    insta::assert_snapshot!(out);
    let (_, lines, _) = told(&journal, &HistoryArgs { json: true, ..one }).await;
    insta::assert_snapshot!(lines);
    for written in [&out, &lines] {
        assert_eq!(hostile(written), None);
    }
}

#[tokio::test]
async fn what_nobody_knows_is_an_error() {
    let one = HistoryArgs {
        cancellation: Some("nobody".into()),
        ..HistoryArgs::default()
    };
    let (exit, out, err) = told(&journal().await, &one).await;
    assert_eq!((exit, &*out), (Exit::Usage, ""));
    assert!(err.contains("countermand history"), "{err}");
}
