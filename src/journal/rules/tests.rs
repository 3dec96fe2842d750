//! Transfers of a claim, by holder and claimant.

use super::*;
use crate::{
    domain::{
        cancellation::tests::{answer, owner, request, sending},
        verdict::{Evidence, Verdict},
    },
    engine::ports::Journal,
    journal::MemoryJournal,
};

fn claimed_by(again_of: Option<&str>) -> Claim {
    let mut request = request();
    request.again_of = again_of.map(CancellationId::new);
    Claim { request, by: owner() }
}

fn holder(facts: Vec<Fact>) -> Cancellation {
    let mut holder = Cancellation::claimed("a1".into(), claimed_by(None), 1, Timestamp::UNIX_EPOCH);
    for (fact, number) in facts.into_iter().zip(2..) {
        let at = Timestamp::UNIX_EPOCH;
        assert!(holder.apply(Recorded { number, at, fact }));
    }
    holder
}

fn settled(verdict: Verdict) -> Fact {
    Fact::Settled(Ending::new(verdict))
}

fn stalled() -> Fact {
    Fact::Settled(Ending {
        is_stalled: true,
        ..Ending::new(Verdict::Pending)
    })
}

fn by_answer() -> Ending {
    Ending {
        evidence: Some(Evidence::Answer),
        is_open: true,
        ..Ending::new(Verdict::Canceled)
    }
}

#[test]
fn claim_passes_to_a_repeat_of_unknown_or_stalled_and_to_any_after_answer_alone() {
    let lost = || Fact::AnswerLost {
        error: "reset".into(),
    };
    for (facts, to_who_names_it, to_anybody) in [
        (vec![], false, false),
        (vec![sending(1)], false, false),
        (vec![sending(1), lost()], false, false),
        (vec![sending(1), lost(), settled(Verdict::Unknown)], true, false),
        (vec![sending(1), answer(202)], false, false),
        (
            vec![sending(1), answer(202), settled(Verdict::Pending)],
            false,
            false,
        ),
        (vec![sending(1), answer(202), stalled()], true, false),
        (
            vec![sending(1), answer(202), stalled(), settled(Verdict::Pending)],
            false,
            false,
        ),
        (
            vec![sending(1), answer(200), Fact::Settled(by_answer())],
            true,
            true,
        ),
        (
            vec![
                sending(1),
                answer(200),
                Fact::Settled(by_answer()),
                settled(Verdict::Pending),
            ],
            false,
            false,
        ),
    ] {
        let holder = holder(facts.clone());
        assert_eq!(
            yields_claim(&holder, &claimed_by(Some("a1"))),
            to_who_names_it,
            "{facts:?}"
        );
        for other in [None, Some("a2")] {
            assert_eq!(yields_claim(&holder, &claimed_by(other)), to_anybody, "{facts:?}");
        }
    }
}

#[tokio::test]
async fn canceled_by_answer_alone_stays_open_until_a_reading_settles_it() {
    let (journal, at) = (MemoryJournal::new(), Timestamp::UNIX_EPOCH);
    let claim = claimed_by(None);
    let Ok(Claimed::New(first)) = journal.claim(&claim, at).await else {
        panic!("nobody had a claim");
    };
    journal.begin_sending(&first.id, 1, &owner(), at).await.unwrap();
    journal.append(&first.id, answer(200), at).await.unwrap();
    journal.settle(&first.id, by_answer(), at).await.unwrap();

    // A repeat joins no other cancellation; its facts are its own.
    let Ok(Claimed::New(second)) = journal.claim(&claim, at).await else {
        panic!("it holds no claim");
    };
    assert!(matches!(journal.claim(&claim, at).await, Ok(Claimed::Taken(holder)) if holder.id == second.id));
    let began = journal.begin_sending(&second.id, 1, &owner(), at).await.unwrap();
    assert!(began.is_some());

    // The first one turns out to be running: it is open again, and has lost its claim for good.
    for verdict in [Verdict::Pending, Verdict::FinishedFirst] {
        let stands = journal.settle(&first.id, Ending::new(verdict), at).await.unwrap();
        assert_eq!(stands.fact, settled(verdict));
    }
    assert!(matches!(journal.claim(&claim, at).await, Ok(Claimed::Taken(holder)) if holder.id == second.id));
}

#[tokio::test]
async fn lost_claim_does_not_begin_sending() {
    let (journal, at) = (MemoryJournal::new(), Timestamp::UNIX_EPOCH);
    let Ok(Claimed::New(first)) = journal.claim(&claimed_by(None), at).await else {
        panic!("nobody had a claim");
    };
    journal
        .settle(&first.id, Ending::new(Verdict::NotSent), at)
        .await
        .unwrap();
    assert_eq!(
        journal.begin_sending(&first.id, 1, &owner(), at).await.unwrap(),
        None
    );
    // `canceled` is open, and was not sent by the repeat.
    let Ok(Claimed::New(second)) = journal.claim(&claimed_by(None), at).await else {
        panic!("the first has ended");
    };
    journal.settle(&second.id, by_answer(), at).await.unwrap();
    let Ok(Claimed::New(third)) = journal.claim(&claimed_by(None), at).await else {
        panic!("the second holds no claim");
    };
    assert_eq!(
        journal.begin_sending(&second.id, 1, &owner(), at).await.unwrap(),
        None,
        "its claim is the third's"
    );
    let began = journal.begin_sending(&third.id, 1, &owner(), at).await.unwrap();
    assert!(began.is_some());
}
