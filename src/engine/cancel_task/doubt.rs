//! Why a look before the request tells nothing for now, so that it is taken again while the confirmation holds.
//!
//! Knows nothing of what a look allows: that is the preflight's.

use crate::{
    domain::{
        operation::{Operations, Source},
        status::{Phase, Status},
        target::Target,
        text::SafeText,
        verdict::{Ending, Verdict},
    },
    engine::{
        cancel_task::CancelTask,
        failure::{Class, Failure},
        reading,
        witnesses::as_word,
    },
};

impl CancelTask {
    /// Holds an end that the list alone tells of against the operation's own page, which may know that it was canceled.
    /// Why nobody can say yet, where the page cannot be asked or says that it runs.
    ///
    /// # Errors
    /// The ending, where no page speaks against it.
    pub(super) async fn held_against_page(&self, ending: Ending) -> Result<Failure, Ending> {
        let target = &self.cancellation().request.target;
        if ending.verdict != Verdict::FinishedFirst || target.binding.operation().is_none() {
            return Err(ending);
        }
        let reading = reading::of_page(&*self.parts.catalogue, target, None);
        let read = self.in_time(reading, "the operation's page was not read in time");
        match read.await? {
            Ok(page) => match page.detail.state {
                state if state.phase() == Phase::Canceled => Err(Ending {
                    verdict: Verdict::Canceled,
                    target_state: Some(state),
                    ..ending
                }),
                state if state.is_active() => Ok(at_odds(target, &ending, &state)),
                _ => Err(ending),
            },
            Err(failure) if failure.class == Class::Bug || as_word(&failure).is_some() => Err(ending),
            Err(failure) => Ok(failure),
        }
    }
}

/// `operations`, where they tell `target` from any other: what stands in for a list that cannot be read names none, so that
/// nobody can tell whether what it says is said of what is bound by its id.
///
/// # Errors
/// When they do not.
pub(super) fn telling(operations: Operations, target: &Target) -> Result<Operations, Failure> {
    let is_bound_by_id = target.binding.operation().is_some();
    if operations.source == Source::Submissions || !is_bound_by_id {
        return Ok(operations);
    }
    Err(doubt(
        target,
        "the list of operations cannot be read now, and what the offer says may be said of another",
        "try again once it can be read, or cancel it in Partner Center",
    ))
}

/// One of the two witnesses of `target` says that it has ended, and the other that it runs.
fn at_odds(target: &Target, ending: &Ending, page: &Status) -> Failure {
    let listed = ending
        .target_state
        .as_ref()
        .map_or("", |state| state.word().as_str());
    let page = page.word();
    let both = format!("the operation's page says {page}, the list of submissions says {listed}");
    doubt(target, &both, "try again once they agree")
}

fn doubt(target: &Target, what: &str, advice: &str) -> Failure {
    Failure {
        class: Class::Transient,
        request: SafeText::new(&format!("look at {}", target.offer)),
        what: SafeText::new(what),
        advice: advice.into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    }
}
