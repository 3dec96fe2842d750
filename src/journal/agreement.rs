//! Compares both journals on random calls: their answers are equal, except for ids and the texts of failures.

use std::fmt::Debug;

use proptest::prelude::*;

use crate::{
    domain::{
        cancellation::tests::owner,
        fact::{Fact, PreflightResult},
        ids::CancellationId,
        verdict::{Ending, Verdict},
    },
    engine::ports::{Claimed, Journal, JournalFailure},
    journal::{
        MemoryJournal, SqliteJournal,
        contract::{AT, answer, claim_on, observed},
    },
};

/// One call. `on` picks one of the cancellations so far.
#[derive(Clone, Debug)]
enum Call {
    Claim {
        offer: &'static str,
        again_of: Option<usize>,
    },
    Begin {
        on: usize,
        attempt: u32,
    },
    Append {
        on: usize,
        fact: Fact,
    },
    Settle {
        on: usize,
        verdict: Verdict,
    },
    Facts {
        on: usize,
        after: u64,
    },
    History {
        limit: u32,
    },
    Open,
}

fn any_call() -> impl Strategy<Value = Call> {
    let on = || 0..4usize;
    let offer = prop::sample::select(vec!["contoso-vm", "contoso-app"]);
    let fact = prop_oneof![
        Just(Fact::Looked(PreflightResult::default())),
        Just(Fact::Unsent { error: "x".into() }),
        Just(Fact::AnswerLost { error: "x".into() }),
        Just(Fact::Sending {
            attempt: 9,
            by: owner()
        }),
        prop::sample::select(vec![200u16, 202, 400, 401, 429, 500]).prop_map(answer),
        prop::sample::select(vec!["running", "canceled"]).prop_map(observed),
    ];
    prop_oneof![
        2 => (offer, prop::option::of(on())).prop_map(|(offer, again_of)| Call::Claim { offer, again_of }),
        3 => (on(), 1..4u32).prop_map(|(on, attempt)| Call::Begin { on, attempt }),
        4 => (on(), fact).prop_map(|(on, fact)| Call::Append { on, fact }),
        3 => (on(), prop::sample::select(Verdict::ALL.to_vec())).prop_map(|(on, verdict)| Call::Settle { on, verdict }),
        1 => (on(), 0..20u64).prop_map(|(on, after)| Call::Facts { on, after }),
        1 => (0..4u32).prop_map(|limit| Call::History { limit }),
        1 => Just(Call::Open),
    ]
}

/// A journal, and the ids it has given so far.
struct Subject<'a> {
    journal: &'a dyn Journal,
    ids: Vec<CancellationId>,
}

impl Subject<'_> {
    /// Returns the journal's answer to `call`, with every id replaced by its position.
    async fn answer(&mut self, call: &Call) -> String {
        let journal = self.journal;
        match call.clone() {
            Call::Claim { offer, again_of } => {
                let mut claim = claim_on(offer);
                claim.request.again_of = again_of.and_then(|on| self.ids.get(on).cloned());
                let answer = journal.claim(&claim, AT).await;
                if let Ok(Claimed::New(cancellation)) = &answer {
                    self.ids.push(cancellation.id.clone());
                }
                self.normalized(answer)
            }
            Call::Begin { on, attempt } => {
                self.normalized(journal.begin_sending(&self.id(on), attempt, &owner(), AT).await)
            }
            Call::Append { on, fact } => self.normalized(journal.append(&self.id(on), fact, AT).await),
            Call::Settle { on, verdict } => {
                self.normalized(journal.settle(&self.id(on), Ending::new(verdict), AT).await)
            }
            Call::Facts { on, after } => self.normalized(journal.facts(&self.id(on), after).await),
            Call::History { limit } => self.normalized(journal.history(limit).await),
            Call::Open => {
                let target = claim_on("any").request.target;
                self.normalized(journal.open(&target.origin, &target.publisher).await)
            }
        }
    }

    fn id(&self, on: usize) -> CancellationId {
        self.ids.get(on).cloned().unwrap_or_else(|| "stranger".into())
    }

    fn normalized<T: Debug>(&self, answer: Result<T, JournalFailure>) -> String {
        let Ok(answer) = answer else {
            return "failure".to_owned();
        };
        let ids = self.ids.iter().enumerate();
        ids.fold(format!("{answer:?}"), |text, (place, id)| {
            text.replace(&format!("{id:?}"), &format!("#{place}"))
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_journals_give_equal_answers(calls in prop::collection::vec(any_call(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let (memory, sqlite) = (MemoryJournal::new(), SqliteJournal::open(&folder.path().join("journal"), crate::service::cpp::MEANING).unwrap());
        let mut memory = Subject { journal: &memory, ids: Vec::new() };
        let mut sqlite = Subject { journal: &sqlite, ids: Vec::new() };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for call in calls {
            let (in_memory, on_disk) = runtime.block_on(async {
                (memory.answer(&call).await, sqlite.answer(&call).await)
            });
            prop_assert_eq!(in_memory, on_disk, "{:?}", call);
        }
    }
}
