//! Which operation of an offer is meant, if any. Pure: a look and a name in, a choice or an ending out.

use crate::{
    cli::phrase,
    domain::{
        ids::OperationId,
        operation::{Operation, Source},
        status::Phase,
        target::Binding,
        verdict::{Ending, Evidence, Verdict},
    },
    engine::{Candidate, Look},
};

/// Chooses the one active operation, or says how the matter stands without anything being sent.
///
/// What was named and has ended is told as it ended, whatever else runs. Several active ones are never chosen from: the
/// service cannot be told which to cancel.
pub(crate) fn choose(look: &Look, named: Option<&OperationId>) -> Result<Candidate, Ending> {
    if let Some(found) = named.and_then(|id| look.operations.find(id))
        && !found.state.is_active()
    {
        return Err(ended(found, look.operations.source));
    }
    let active: Vec<&Operation> = look.operations.active().collect();
    match (&active[..], named) {
        ([], None) => Err(nothing_running("every operation known on the offer has ended")),
        ([], Some(id)) => Err(nothing_running(&format!(
            "the offer knows no operation `{id}`, and every one it knows has ended"
        ))),
        ([one], None) => Ok(candidate(look, one)),
        ([one], Some(id)) if one.id.as_ref().is_some_and(|found| found.is(id)) => Ok(candidate(look, one)),
        ([one], Some(id)) => Err(superseded(&other(one, id))),
        (several, _) => Err(superseded(&format!(
            "{} operations are active, and the service cannot be told which to cancel: {}",
            several.len(),
            phrase::listed(several.iter().map(|one| described(one))),
        ))),
    }
}

fn candidate(look: &Look, operation: &Operation) -> Candidate {
    let binding = Binding::of(operation);
    let found = look
        .active
        .iter()
        .find(|candidate| binding.names(&candidate.operation));
    found.cloned().unwrap_or_else(|| Candidate {
        operation: operation.clone(),
        detail: None,
    })
}

fn ended(found: &Operation, source: Source) -> Ending {
    let canceled = found.state.phase() == Phase::Canceled;
    let verdict = if canceled {
        Verdict::Canceled
    } else {
        Verdict::FinishedFirst
    };
    Ending {
        evidence: Some(match source {
            Source::Submissions => Evidence::Observed,
            Source::OfferStatus => Evidence::OfferStatus,
        }),
        target_state: Some(found.state.clone()),
        ..Ending::new(verdict).because("it had ended before anything was sent")
    }
}

fn nothing_running(why: &str) -> Ending {
    Ending::new(Verdict::NothingRunning).because(format!("{why}; nothing was sent"))
}

fn superseded(why: &str) -> Ending {
    Ending::new(Verdict::Superseded).because(format!("{why}; nothing was sent"))
}

fn other(active: &Operation, named: &OperationId) -> String {
    if active.id.is_some() {
        format!("what is active is {}, not `{named}`", described(active))
    } else {
        format!("the service gives no ids here, so {named} cannot be told; leave --operation out")
    }
}

fn described(operation: &Operation) -> String {
    let id = operation
        .id
        .as_ref()
        .map_or_else(|| "one without id".to_owned(), |id| format!("`{id}`"));
    format!(
        "{id} ({})",
        phrase::course(&operation.kind, &operation.destination)
    )
}

#[cfg(test)]
mod tests {
    use Verdict::{Canceled, FinishedFirst, NothingRunning, Superseded};

    use super::*;
    use crate::cli::cancel::tests::{look, without_ids};

    #[test]
    fn only_what_is_meant_and_alone_is_chosen() {
        for (operations, named, expected) in [
            (&[][..], None, Err(NothingRunning)),
            (
                &[("a", "succeeded"), ("b", "canceled")],
                None,
                Err(NothingRunning),
            ),
            (&[("a", "running"), ("b", "failed")], None, Ok("a")),
            (&[("a", "never heard of")], None, Ok("a")),
            (&[("a", "notStarted")], None, Ok("a")),
            (
                &[("a", "running"), ("b", "waitingForApproval")],
                None,
                Err(Superseded),
            ),
            (&[], Some("a"), Err(NothingRunning)),
            (&[("b", "succeeded")], Some("a"), Err(NothingRunning)),
            (&[("a", "running")], Some("A"), Ok("a")),
            (&[("b", "running")], Some("a"), Err(Superseded)),
            (&[("a", "running"), ("b", "running")], Some("a"), Err(Superseded)),
            (&[("a", "canceled")], Some("a"), Err(Canceled)),
            (&[("a", "canceled"), ("b", "running")], Some("a"), Err(Canceled)),
            (
                &[("a", "succeeded"), ("b", "running")],
                Some("a"),
                Err(FinishedFirst),
            ),
            (&[("a", "failed")], Some("a"), Err(FinishedFirst)),
        ] {
            let named = named.map(OperationId::new);
            let chosen = choose(&look(operations), named.as_ref())
                .map(|candidate| candidate.operation.id.unwrap().raw().to_owned())
                .map_err(|ending| ending.verdict);
            assert_eq!(
                chosen.as_deref().map_err(|verdict| *verdict),
                expected,
                "{operations:?} {named:?}"
            );
        }
    }

    #[test]
    fn several_are_listed() {
        let ending = choose(&look(&[("a1", "running"), ("b2", "running")]), None).unwrap_err();
        let error = ending.error.unwrap();
        assert!(
            error
                .as_str()
                .contains("`a1` (publish → preview), `b2` (publish → preview)"),
            "{error}"
        );
    }

    #[test]
    fn another_one_is_told_apart_from_what_was_named() {
        let ending = choose(&look(&[("b2", "running")]), Some(&"wrong".into())).unwrap_err();
        assert_eq!(
            ending.error.unwrap().as_str(),
            "what is active is `b2` (publish → preview), not `wrong`; nothing was sent"
        );
    }

    #[test]
    fn without_ids_the_one_that_runs_is_chosen_unless_one_was_named() {
        let look = without_ids("running");
        assert_eq!(choose(&look, None).unwrap().operation.id, None);
        let ending = choose(&look, Some(&"a".into())).unwrap_err();
        assert_eq!(ending.verdict, Superseded);
        assert!(ending.error.unwrap().as_str().contains("leave --operation out"));
    }

    #[test]
    fn the_inside_comes_along() {
        let chosen = choose(&look(&[("a", "running")]), None).unwrap();
        assert_eq!(
            chosen.detail.unwrap().current_step().unwrap().name.as_str(),
            "Certification"
        );
    }
}
