//! Contract of every journal, run against each of them.

use jiff::Timestamp;

use crate::{
    domain::{
        answer::Answer,
        cancellation::{
            Cancellation,
            tests::{owner, request},
        },
        fact::{Claim, Fact, Observation, PreflightResult, Via},
        ids::{CancellationId, Origin},
        stage::Stage,
        target::Binding,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::ports::{Claimed, Journal},
    service::cpp::{self, status},
};

pub(super) const AT: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn a_claim() -> Claim {
    Claim {
        request: request(),
        by: owner(),
    }
}

pub(super) fn claim_on(offer: &str) -> Claim {
    let mut claim = a_claim();
    claim.request.target.offer = offer.into();
    claim
}

pub(super) fn answer(http_status: u16) -> Fact {
    Fact::Answered(Answer {
        correlation_id: Some("c-1".into()),
        retry_after: Some(std::time::Duration::from_secs(3)),
        ..cpp::answer(http_status, false)
    })
}

pub(super) fn observed(state: &str) -> Fact {
    Fact::Observed(Observation {
        state: status(state),
        via: Via::Operation,
    })
}

fn lost() -> Fact {
    Fact::AnswerLost {
        error: "reset\u{1b}[2J".into(),
    }
}

pub(super) async fn claimed(journal: &dyn Journal, claim: &Claim) -> Cancellation {
    match journal.claim(claim, AT).await.unwrap() {
        Claimed::New(cancellation) => cancellation,
        Claimed::Taken(by) => panic!("taken by {by:?}"),
    }
}

pub(super) async fn sent(journal: &dyn Journal, id: &CancellationId, attempt: u32) {
    let sending = journal.begin_sending(id, attempt, &owner(), AT).await.unwrap();
    assert!(sending.is_some(), "attempt {attempt} of {id} did not begin");
}

pub(super) async fn settled(journal: &dyn Journal, id: &CancellationId, verdict: Verdict) -> Fact {
    let ending = Ending::new(verdict);
    journal.settle(id, ending, AT).await.unwrap().fact
}

async fn folded(journal: &dyn Journal, id: &CancellationId) -> Cancellation {
    Cancellation::fold(id.clone(), journal.facts(id, 0).await.unwrap()).unwrap()
}

/// Returns every fact unchanged and numbered upwards, folding to the same state as the lists.
pub(super) async fn facts_come_back_unchanged(journal: &dyn Journal) {
    let cancellation = claimed(journal, &a_claim()).await;
    let id = &cancellation.id;
    let preflight = PreflightResult {
        state: Some(status("running")),
        others_active: vec!["other".into()],
        ..PreflightResult::default()
    };
    let mut expected = cancellation.facts.clone();
    expected.push(journal.append(id, Fact::Looked(preflight), AT).await.unwrap());
    let sending = journal.begin_sending(id, 1, &owner(), AT).await.unwrap();
    expected.push(sending.unwrap());
    for fact in [answer(202), observed("running"), observed("canceled")] {
        expected.push(journal.append(id, fact, AT).await.unwrap());
    }
    let ending = Ending {
        evidence: Some(Evidence::Observed),
        target_state: Some(status("canceled")),
        also_canceled: vec!["other".into()],
        polls: 2,
        ..Ending::new(Verdict::Canceled)
    };
    expected.push(journal.settle(id, ending, AT).await.unwrap());

    assert_eq!(journal.facts(id, 0).await.unwrap(), expected);
    assert!(expected.is_sorted_by(|a, b| a.number < b.number));
    let after = expected[2].number;
    assert_eq!(journal.facts(id, after).await.unwrap(), expected[3..]);
    assert_eq!(journal.facts(id, u64::MAX).await.unwrap(), []);
    assert_eq!(journal.history(9).await.unwrap(), [folded(journal, id).await]);
}

/// Joins a second claim on an operation to the first, whatever the case of its id and its stage.
pub(super) async fn open_claim_is_joined(journal: &dyn Journal) {
    let first = claimed(journal, &a_claim()).await;
    sent(journal, &first.id, 1).await;
    let mut second = a_claim();
    second.by.pid = 8;
    let Binding::Operation(id) = &request().target.binding else {
        panic!("the request is bound by its id");
    };
    second.request.target.binding = Binding::Operation(id.raw().to_ascii_uppercase().as_str().into());
    let holder = folded(journal, &first.id).await;
    assert_eq!(holder.stage, Stage::Sending);
    assert_eq!(journal.claim(&second, AT).await.unwrap(), Claimed::Taken(holder));
    assert_eq!(journal.history(9).await.unwrap().len(), 1);
}

/// Treats another offer, publisher, origin, or operation as another claim.
pub(super) async fn claims_are_per_target(journal: &dyn Journal) {
    let mut claims = [a_claim(), a_claim(), a_claim(), a_claim(), a_claim()];
    claims[1].request.target.offer = "contoso-app".into();
    claims[2].request.target.publisher = "fabrikam".into();
    claims[3].request.target.origin = Origin::parse("http://localhost:1").unwrap();
    claims[4].request.target.binding = Binding::Operation("another".into());
    let mut ids = Vec::new();
    for claim in &claims {
        ids.push(claimed(journal, claim).await.id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), claims.len());
}

/// Frees the claim on a final verdict, not on a provisional one.
pub(super) async fn final_verdict_frees_the_claim(journal: &dyn Journal) {
    let first = claimed(journal, &a_claim()).await;
    sent(journal, &first.id, 1).await;
    journal.append(&first.id, answer(202), AT).await.unwrap();
    settled(journal, &first.id, Verdict::Pending).await;
    assert!(matches!(
        journal.claim(&a_claim(), AT).await,
        Ok(Claimed::Taken(_))
    ));
    settled(journal, &first.id, Verdict::Refused).await;
    let second = claimed(journal, &a_claim()).await;
    assert_ne!(first.id, second.id);
}

/// Lets a cancel be sent again, by name, only at `unknown`; it stays open, and its successor holds the claim.
pub(super) async fn only_unknown_can_be_sent_again(journal: &dyn Journal) {
    let first = claimed(journal, &a_claim()).await;
    let mut again = a_claim();
    again.request.again_of = Some(first.id.clone());
    sent(journal, &first.id, 1).await;
    journal.append(&first.id, lost(), AT).await.unwrap();
    assert!(matches!(journal.claim(&again, AT).await, Ok(Claimed::Taken(_))));
    settled(journal, &first.id, Verdict::Unknown).await;
    assert!(matches!(
        journal.claim(&a_claim(), AT).await,
        Ok(Claimed::Taken(_))
    ));

    let second = claimed(journal, &again).await;
    for claim in [a_claim(), again] {
        assert_eq!(
            journal.claim(&claim, AT).await.unwrap(),
            Claimed::Taken(second.clone())
        );
    }
    assert_eq!(open_ids(journal).await, [first.id.clone(), second.id.clone()]);
    settled(journal, &first.id, Verdict::Canceled).await;
    assert_eq!(open_ids(journal).await, [second.id]);
}

/// Begins sending only where no request is under way, and each attempt only once.
pub(super) async fn sending_begins_once_per_attempt(journal: &dyn Journal) {
    let id = claimed(journal, &a_claim()).await.id;
    let begin = |attempt| journal.begin_sending(&id, attempt, &AN_OWNER, AT);
    assert!(begin(1).await.unwrap().is_some());
    assert_eq!(begin(2).await.unwrap(), None, "one is under way");
    journal.append(&id, answer(429), AT).await.unwrap();
    assert_eq!(
        begin(1).await.unwrap(),
        None,
        "of one that missed the first attempt"
    );
    assert!(begin(2).await.unwrap().is_some());
    journal.append(&id, lost(), AT).await.unwrap();
    assert_eq!(begin(3).await.unwrap(), None, "it may have taken effect");
    settled(journal, &id, Verdict::Unknown).await;
    assert_eq!(begin(3).await.unwrap(), None, "unknown is not unsent");
    settled(journal, &id, Verdict::Canceled).await;
    assert_eq!(begin(3).await.unwrap(), None, "it has ended");
    assert_eq!(folded(journal, &id).await.attempts, 2);
}

static AN_OWNER: std::sync::LazyLock<crate::domain::fact::Owner> = std::sync::LazyLock::new(owner);

/// Keeps the first final verdict, and returns it to later callers.
pub(super) async fn first_final_verdict_wins(journal: &dyn Journal) {
    let id = claimed(journal, &a_claim()).await.id;
    sent(journal, &id, 1).await;
    journal.append(&id, answer(202), AT).await.unwrap();
    settled(journal, &id, Verdict::Pending).await;
    let first = journal
        .settle(&id, Ending::new(Verdict::Canceled), AT)
        .await
        .unwrap();
    for verdict in Verdict::ALL {
        let ending = Ending::new(verdict).because("too late");
        assert_eq!(journal.settle(&id, ending, AT).await.unwrap(), first);
    }
    assert_eq!(journal.facts(&id, 0).await.unwrap().last(), Some(&first));
    assert_eq!(open_ids(journal).await, []);
}

/// Rejects a verdict that cannot be true, and returns the standing one.
pub(super) async fn impossible_verdict_is_not_recorded(journal: &dyn Journal) {
    let first = claimed(journal, &a_claim()).await;
    let id = &first.id;
    assert_eq!(settled(journal, id, Verdict::Pending).await, first.facts[0].fact);
    sent(journal, id, 1).await;
    assert!(matches!(
        settled(journal, id, Verdict::NotSent).await,
        Fact::Sending { .. }
    ));
    journal.append(id, lost(), AT).await.unwrap();
    let unknown = settled(journal, id, Verdict::Unknown).await;
    journal.append(id, observed("running"), AT).await.unwrap();
    assert_eq!(settled(journal, id, Verdict::Refused).await, unknown);
    assert_eq!(
        journal.facts(id, 0).await.unwrap().len(),
        5,
        "nothing refused is kept"
    );
    assert_eq!(folded(journal, id).await.verdict(), Some(Verdict::Unknown));
}

/// Keeps facts that arrive after the end, without changing the state.
pub(super) async fn late_facts_are_kept_without_effect(journal: &dyn Journal) {
    let id = claimed(journal, &a_claim()).await.id;
    settled(journal, &id, Verdict::NotSent).await;
    journal.append(&id, observed("running"), AT).await.unwrap();
    let folded = folded(journal, &id).await;
    assert_eq!((folded.facts.len(), folded.stage), (3, Stage::Settled));
    assert_eq!(open_ids(journal).await, []);
}

/// Rejects claims, sendings, and endings as plain facts, and facts about unclaimed cancellations.
pub(super) async fn rules_cannot_be_bypassed(journal: &dyn Journal) {
    let id = claimed(journal, &a_claim()).await.id;
    let by = owner();
    for fact in [
        Fact::Claimed(Box::new(a_claim())),
        Fact::Sending { attempt: 1, by },
        Fact::Settled(Ending::new(Verdict::NotSent)),
    ] {
        assert!(journal.append(&id, fact, AT).await.is_err());
    }
    assert_eq!(journal.facts(&id, 0).await.unwrap().len(), 1);

    let stranger = CancellationId::new("stranger");
    assert!(journal.append(&stranger, lost(), AT).await.is_err());
    assert!(journal.begin_sending(&stranger, 1, &owner(), AT).await.is_err());
    assert!(
        journal
            .settle(&stranger, Ending::new(Verdict::NotSent), AT)
            .await
            .is_err()
    );
    let failure = journal
        .append(&stranger, lost(), AT)
        .await
        .unwrap_err()
        .to_string();
    assert!(failure.contains("stranger"), "{failure}");
    assert_eq!(journal.facts(&stranger, 0).await.unwrap(), []);
}

/// Compares ids without case in a claim, as the service does.
pub(super) async fn claim_ignores_the_case_of_ids(journal: &dyn Journal) {
    let id = claimed(journal, &a_claim()).await.id;
    let mut shouted = a_claim();
    shouted.request.target.publisher = "CONTOSO".into();
    shouted.request.target.offer = "Contoso-VM".into();
    let taken = journal.claim(&shouted, AT).await.unwrap();
    assert!(
        matches!(&taken, Claimed::Taken(holder) if holder.id == id),
        "{taken:?}"
    );
    let open = journal
        .open(&shouted.request.target.origin, &"Contoso".into())
        .await
        .unwrap();
    assert_eq!(open.len(), 1);
}

/// Lists open ones oldest first and history newest first up to the limit, each in the order of their claims.
pub(super) async fn lists_are_ordered_by_claim(journal: &dyn Journal) {
    let mut ids = Vec::new();
    for offer in ["a", "b", "c"] {
        ids.push(claimed(journal, &claim_on(offer)).await.id);
    }
    let mut elsewhere = a_claim();
    elsewhere.request.target.publisher = "fabrikam".into();
    let other = claimed(journal, &elsewhere).await.id;
    journal
        .append(&ids[0], Fact::Looked(PreflightResult::default()), AT)
        .await
        .unwrap();
    settled(journal, &ids[1], Verdict::NothingRunning).await;

    assert_eq!(open_ids(journal).await, [ids[0].clone(), ids[2].clone()]);
    let newest: Vec<_> = journal
        .history(3)
        .await
        .unwrap()
        .into_iter()
        .map(|c| c.id)
        .collect();
    assert_eq!(newest, [other, ids[2].clone(), ids[1].clone()]);
    assert_eq!(journal.history(0).await.unwrap(), []);
    assert_eq!(journal.history(u32::MAX).await.unwrap().len(), 4);
}

/// Finds the newest sent cancellation of a target; neither a later failed one nor an unsent one hides it.
pub(super) async fn newest_sent_cancellation_is_found(journal: &dyn Journal) {
    let target = request().target;
    assert_eq!(journal.newest_of(&target).await.unwrap(), None);
    let unsent = claimed(journal, &a_claim()).await.id;
    assert_eq!(journal.newest_of(&target).await.unwrap(), None);
    settled(journal, &unsent, Verdict::NotSent).await;
    let refused = claimed(journal, &a_claim()).await.id;
    assert!(
        journal
            .begin_sending(&refused, 1, &owner(), AT)
            .await
            .unwrap()
            .is_some()
    );
    journal.append(&refused, answer(409), AT).await.unwrap();
    settled(journal, &refused, Verdict::Refused).await;
    let after = claimed(journal, &a_claim()).await.id;
    settled(journal, &after, Verdict::NotSent).await;
    settled(
        journal,
        &claimed(journal, &claim_on("contoso-app")).await.id,
        Verdict::NotSent,
    )
    .await;

    let newest = journal.newest_of(&target).await.unwrap().unwrap();
    assert_eq!(newest, folded(journal, &refused).await);
    let mut shouted = target;
    shouted.offer = "CONTOSO-VM".into();
    assert_eq!(journal.newest_of(&shouted).await.unwrap(), Some(newest));
    shouted.offer = "contoso-app".into();
    assert_eq!(journal.newest_of(&shouted).await.unwrap(), None);
}

async fn open_ids(journal: &dyn Journal) -> Vec<CancellationId> {
    let target = request().target;
    let open = journal.open(&target.origin, &target.publisher).await.unwrap();
    open.into_iter().map(|cancellation| cancellation.id).collect()
}

macro_rules! holds {
    ($($clause:ident)*) => {
        mod memory {
            $(#[tokio::test]
            async fn $clause() {
                super::$clause(&crate::journal::MemoryJournal::new()).await;
            })*
        }

        mod sqlite {
            $(#[tokio::test]
            async fn $clause() {
                let folder = tempfile::tempdir().unwrap();
                let journal = crate::journal::SqliteJournal::open(&folder.path().join("journal"), crate::service::cpp::MEANING).unwrap();
                super::$clause(&journal).await;
            })*
        }
    };
}

holds! {
    facts_come_back_unchanged
    open_claim_is_joined
    claims_are_per_target
    claim_ignores_the_case_of_ids
    final_verdict_frees_the_claim
    only_unknown_can_be_sent_again
    sending_begins_once_per_attempt
    first_final_verdict_wins
    impossible_verdict_is_not_recorded
    late_facts_are_kept_without_effect
    rules_cannot_be_bypassed
    lists_are_ordered_by_claim
    newest_sent_cancellation_is_found
}
