//! A fact as every JSON has it: a line of a report, an entry of the history. Its field names are a promise to scripts.

use serde::Serialize;

use crate::{
    domain::{
        answer::Answer,
        fact::{Fact, Owner, PreflightResult, Via},
        ids::OperationId,
        lead::LeadsTo,
        operation::{CancelState, Destination},
        status::Status,
        text::SafeText,
        verdict::{Ending, Evidence, Verdict},
    },
    presentation::{ending, moment},
};

/// What a fact holds, in forms that are safe to show. Every key is always there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum FactJson {
    Claimed {
        user: SafeText,
        host: SafeText,
        pid: u32,
        state: Status,
    },
    Looked {
        /// The state of the operation; null where it was not to be seen.
        state: Option<Status>,
        cancel_state: Option<SafeText>,
        others_active: Vec<SafeText>,
        /// Older ones with an unknown word, which are no obstacle.
        presumed_ended: Vec<SafeText>,
        canceled_before: Vec<SafeText>,
    },
    Sending {
        attempt: u32,
        user: SafeText,
        host: SafeText,
        pid: u32,
    },
    Failed {
        error: SafeText,
    },
    Answered {
        http_status: u16,
        location: Option<SafeText>,
        /// Why the location is not called, where it is not.
        not_called: Option<&'static str>,
        retry_after_ms: Option<u64>,
        correlation_id: Option<SafeText>,
        error: Option<SafeText>,
    },
    Observed {
        state: Status,
        via: Via,
    },
    Verdict {
        verdict: Verdict,
        evidence: Option<Evidence>,
        target_state: Option<Status>,
        also_canceled: Vec<SafeText>,
        error: Option<SafeText>,
        polls: u32,
    },
}

impl FactJson {
    /// A fact of a cancellation, of which `went_out` says whether a request was sent.
    pub(crate) fn of(fact: &Fact, went_out: bool) -> Self {
        match fact {
            Fact::Claimed(claim) => {
                let Owner { user, host, pid, .. } = claim.by.clone();
                let state = claim.request.shown.state.clone();
                Self::Claimed {
                    user,
                    host,
                    pid,
                    state,
                }
            }
            Fact::Looked(preflight) => Self::looked(preflight),
            Fact::Sending { attempt, by } => {
                let (Owner { user, host, pid, .. }, attempt) = (by.clone(), *attempt);
                Self::Sending {
                    attempt,
                    user,
                    host,
                    pid,
                }
            }
            Fact::Unsent { error } | Fact::AnswerLost { error } => Self::Failed { error: error.clone() },
            Fact::Answered(answer) => Self::answered(answer),
            Fact::Observed(observation) => Self::Observed {
                state: observation.state.clone(),
                via: observation.via,
            },
            Fact::Settled(ending) => Self::settled(ending, went_out),
        }
    }

    /// What a look saw.
    pub(crate) fn looked(preflight: &PreflightResult) -> Self {
        Self::Looked {
            state: preflight.state.clone(),
            cancel_state: cancel_state(&preflight.cancel_state),
            others_active: ids(&preflight.others_active),
            presumed_ended: ids(&preflight.presumed_ended),
            canceled_before: ids(&preflight.canceled_before),
        }
    }

    fn answered(answer: &Answer) -> Self {
        let location = answer.lead.as_ref();
        Self::Answered {
            http_status: answer.http_status,
            location: location.map(|location| location.shown.clone()),
            not_called: location.and_then(|location| match location.to {
                LeadsTo::Untrusted(why) => Some(why.why()),
                LeadsTo::Operation(_) | LeadsTo::Parts(_) => None,
            }),
            retry_after_ms: answer.retry_after.map(moment::millis),
            correlation_id: answer.correlation_id.clone(),
            error: answer.text.clone(),
        }
    }

    fn settled(ending: &Ending, went_out: bool) -> Self {
        Self::Verdict {
            verdict: ending.verdict,
            evidence: ending.evidence,
            target_state: ending.target_state.clone(),
            also_canceled: ids(&ending.also_canceled),
            error: ending::reason(ending, went_out),
            polls: ending.polls,
        }
    }
}

/// What the history calls a fact.
pub(crate) fn name(fact: &Fact) -> &'static str {
    match fact {
        Fact::Claimed(_) => "claimed",
        Fact::Looked(_) => "looked",
        Fact::Sending { .. } => "sending",
        Fact::Unsent { .. } => "unsent",
        Fact::Answered(_) => "answered",
        Fact::AnswerLost { .. } => "answer_lost",
        Fact::Observed(_) => "observed",
        Fact::Settled(_) => "verdict",
    }
}

/// Ids in forms that are safe to show.
pub(crate) fn ids(ids: &[OperationId]) -> Vec<SafeText> {
    ids.iter().map(OperationId::shown).collect()
}

/// The destination: `preview`, `live`, the service's own word, or nothing.
pub(crate) fn destination(destination: &Destination) -> Option<SafeText> {
    match destination {
        Destination::Preview => Some("preview".into()),
        Destination::Live => Some("live".into()),
        Destination::Unknown(slot) if slot.is_empty() => None,
        Destination::Unknown(slot) => Some(slot.clone()),
    }
}

/// What `cancellationRequestState` says, in the service's word; nothing where it says nothing.
pub(crate) fn cancel_state(state: &CancelState) -> Option<SafeText> {
    match state {
        CancelState::Unknown => None,
        CancelState::CanCancel => Some("canCancel".into()),
        CancelState::Says(word) => Some(word.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_null() {
        assert_eq!(destination(&Destination::Live), Some("live".into()));
        assert_eq!(destination(&Destination::Unknown("".into())), None);
        assert_eq!(cancel_state(&CancelState::Unknown), None);
    }
}
