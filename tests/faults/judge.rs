//! Holds the journal against the model's own history.

use std::collections::BTreeMap;

use countermand::{
    domain::{
        cancellation::Cancellation,
        fact::{Fact, Recorded},
        verdict::{Ending, Evidence, Verdict},
    },
    engine::ports::Journal,
};

use crate::service::{Service, World};

/// Every promise that the journal, held against the history, shows broken.
pub(crate) async fn broken_promises(service: &Service, journal: &dyn Journal) -> Vec<String> {
    let all = journal.history(1_000).await.unwrap();
    let world = service.world();
    let mut broken = Vec::new();
    let mut carried_out: BTreeMap<&str, usize> = BTreeMap::new();
    for cancel in world.cancels.iter().filter(|cancel| cancel.hit.is_some()) {
        *carried_out.entry(&cancel.confirmation).or_default() += 1;
    }
    for (confirmation, times) in carried_out {
        if times > 1 {
            broken.push(format!("{confirmation} was carried out {times} times"));
        }
    }
    for later in &all {
        for earlier in all.iter().filter(|earlier| stood_in_the_way(earlier, later)) {
            broken.push(format!(
                "{} was claimed while {} had the operation",
                later.id, earlier.id
            ));
        }
    }
    for cancellation in &all {
        match &cancellation.ending {
            Some((_, ending)) if !cancellation.is_open() => {
                let contradictions = contradictions(cancellation, ending, &world);
                broken.extend(
                    contradictions.into_iter().map(|what| {
                        format!("{} is `{}`, but {what}", cancellation.id, ending.verdict.word())
                    }),
                );
            }
            _ => broken.push(format!(
                "{} was forgotten: {:?}",
                cancellation.id, cancellation.stage
            )),
        }
    }
    broken
}

/// Whether `earlier` was open when `later` was claimed, and `later` is no repetition of it.
fn stood_in_the_way(earlier: &Cancellation, later: &Cancellation) -> bool {
    let claimed = later.facts[0].number;
    let closed = |recorded: &Recorded| matches!(&recorded.fact, Fact::Settled(ending) if !ending.verdict.is_provisional());
    let was_unknown = |recorded: &Recorded| matches!(&recorded.fact, Fact::Settled(ending) if ending.verdict == Verdict::Unknown);
    let before = || earlier.facts.iter().filter(|recorded| recorded.number < claimed);
    earlier.facts[0].number < claimed
        && earlier.request.target == later.request.target
        && !before().any(closed)
        // Whoever asks again takes the claim over; so may whoever asks after that one has ended.
        && !before().any(was_unknown)
}

fn contradictions(cancellation: &Cancellation, ending: &Ending, world: &World) -> Vec<String> {
    let confirmation = cancellation.request.notify[0].as_str().split('@').next().unwrap();
    let bound = cancellation.request.target.binding.operation().unwrap().raw();
    let target = world.runs.iter().find(|run| run.id == bound).unwrap();
    let cancels: Vec<_> = world
        .cancels
        .iter()
        .filter(|cancel| cancel.confirmation == confirmation)
        .collect();
    let carried_out = cancels.iter().any(|cancel| cancel.hit.is_some());
    let final_state = target.state(target.ended_at());
    let mut found = Vec::new();
    let mut hold = |is_so: bool, what: &str| {
        if !is_so {
            found.push(what.to_owned());
        }
    };
    match (ending.verdict, ending.evidence) {
        (Verdict::Canceled, Some(Evidence::Observed)) => {
            hold(final_state == "canceled", "it ended by itself");
        }
        (Verdict::Canceled, Some(Evidence::Answer)) => {
            hold(
                cancels.iter().any(|cancel| cancel.status == 200),
                "the service never said so",
            );
        }
        (Verdict::FinishedFirst, Some(Evidence::Observed)) => {
            hold(final_state != "canceled", "it was canceled");
            let said = ending.target_state.as_ref().map(|state| state.word().as_str());
            hold(said == Some(final_state), "it ended otherwise than said");
        }
        (Verdict::Canceled | Verdict::FinishedFirst, Some(Evidence::OfferStatus)) => {
            let wanted = ending.target_state.as_ref().map(|state| state.word().as_str());
            let was_so = world
                .runs
                .iter()
                .any(|run| Some(run.state(run.ended_at())) == wanted);
            hold(was_so, "the offer was never in that state");
        }
        (Verdict::Refused, _) => {
            hold(!carried_out, "it was carried out");
            let answered_at = cancels.last().map(|cancel| cancel.answered_at);
            hold(
                answered_at.is_some_and(|at| at < target.ended_at()),
                "the operation had ended by then",
            );
        }
        (Verdict::NotSent | Verdict::Superseded | Verdict::NothingRunning, _) => {
            hold(!carried_out, "it was carried out");
        }
        (Verdict::Unknown | Verdict::Pending, _) => hold(false, "that is no end"),
        (Verdict::Canceled | Verdict::FinishedFirst, _) => hold(false, "it says not how that is known"),
    }
    for other in &ending.also_canceled {
        let was_canceled = world
            .runs
            .iter()
            .any(|run| run.id == other.raw() && run.state(run.ended_at()) == "canceled");
        hold(was_canceled, "it names another that was not canceled");
    }
    found
}
