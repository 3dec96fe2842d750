//! The question before a cancel: what it is about, and which answer confirms.
//!
//! That what was typed ahead or pasted confirms nothing is the asker's part; see [`Ask`](crate::cli::Ask).

use std::io;

use jiff::tz::TimeZone;

use crate::{
    cli::{
        Io,
        cancel::{aborted::CancelAborted, permit::asked_before},
    },
    domain::{confirmation::Address, name::OperationName, operation::CancelState, verdict::Exit},
    presentation::{moment, phrase},
    proposal::{Confirmed, Plan, Proposal, Required},
};

/// Tells what is about to be cancelled and asks; anything but the one right answer leaves it alone.
pub(crate) fn confirm(proposal: &Proposal, io: &mut Io<'_>) -> Result<Confirmed, CancelAborted> {
    for (_, plan) in proposal.plans() {
        for (name, value) in subject(plan, &proposal.notify, &io.zone) {
            io.remark(&format!("{name:<13} {value}"));
        }
    }
    let Some(ask) = io.ask.as_deref_mut() else {
        return Err(CancelAborted::declined());
    };
    let (question, cue) = question(proposal);
    match ask.ask(&question, cue) {
        Ok(answer) => proposal.confirmed_by(&answer).ok_or_else(CancelAborted::declined),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(CancelAborted::interrupted(Exit::Interrupted))
        }
        Err(_) => Err(CancelAborted::declined()),
    }
}

fn subject(plan: &Plan, notify: &[Address], zone: &TimeZone) -> Vec<(&'static str, String)> {
    let (target, shown) = (&plan.target, plan.shown());
    let operation = match target.name() {
        OperationName::Id(id) => id.to_string(),
        print @ OperationName::Print(_) => {
            format!("{print} (the service gives no id; told by slot, versions and start)")
        }
    };
    let mut lines = vec![
        ("offer", format!("{} of {}", target.offer, target.publisher)),
        ("operation", operation),
        ("kind", shown.kind.to_string()),
        ("destination", shown.destination.word().to_owned()),
        ("state", shown.state.word().to_string()),
    ];
    lines.extend(shown.step.map(|step| ("step", step.to_string())));
    if let Some(CancelState::Says(word)) = plan.candidate.detail.as_ref().map(|detail| &detail.cancel_state) {
        lines.push(("service says", format!("{word}; you may still try")));
    }
    let presumed = plan.presumed.as_ref();
    lines.extend(presumed.map(|presumed| ("older", presumed.to_string())));
    lines.push(("mailed", phrase::notified(notify)));
    lines.extend(asked_before(plan, zone).map(|earlier| ("again", earlier)));
    lines.push(("as of", moment::time_of_day(plan.read_at, zone)));
    lines
}

/// The question, and what follows it once it can be answered.
fn question(proposal: &Proposal) -> (String, &'static str) {
    match proposal.required() {
        Required::Id(_) => (
            "This may stop a launch. Type the offer's id to cancel it".to_owned(),
            ": ",
        ),
        Required::Count(count) => (
            format!("Type the number of operations ({count}) to cancel them"),
            ": ",
        ),
        Required::Yes | Required::Nothing => ("Cancel it? ".to_owned(), "[y/N] "),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::{
        cli::{
            cancel::tests::{plan, proposal, tracked_as},
            io::tests::{Scripted, text},
        },
        domain::{operation::Destination, verdict::Verdict},
    };

    fn asked(proposal: &Proposal, scripted: &mut Scripted) -> (Result<Confirmed, CancelAborted>, String) {
        let mut err = Vec::new();
        let mut io = Io {
            out: &mut Vec::new(),
            err: &mut err,
            ask: Some(scripted),
            zone: TimeZone::UTC,
        };
        let confirmed = confirm(proposal, &mut io);
        (confirmed, text(&err).to_owned())
    }

    #[test]
    fn only_the_right_answer_confirms() {
        let (preview, live) = (Destination::Preview, Destination::Live);
        let odd = Destination::Unknown("".into());
        for (destination, answer, confirmed) in [
            (&preview, "y", true),
            (&preview, " YES \n", true),
            (&preview, "", false),
            (&preview, "n", false),
            (&preview, "cy", false),
            (&preview, "contoso-vm", false),
            (&live, "contoso-vm\n", true),
            (&live, "Contoso-VM", false),
            (&live, "y", false),
            (&odd, "y", false),
            (&odd, "contoso-vm", true),
        ] {
            let proposal = proposal(plan(destination.clone(), None));
            let (outcome, _) = asked(&proposal, &mut Scripted::answering(answer));
            assert_eq!(outcome.is_ok(), confirmed, "{destination:?} {answer:?}");
        }
    }

    #[test]
    fn no_answer_leaves_it_alone() {
        let proposal = proposal(plan(Destination::Preview, None));
        for (kind, exit) in [
            (io::ErrorKind::UnexpectedEof, Exit::Failure),
            (io::ErrorKind::Interrupted, Exit::Interrupted),
        ] {
            let mut scripted = Scripted {
                answers: VecDeque::from([Err(kind.into())]),
                questions: Vec::new(),
            };
            let (outcome, _) = asked(&proposal, &mut scripted);
            assert_eq!(outcome.unwrap_err().exit, exit);
        }
    }

    #[test]
    fn the_question_names_everything() {
        let newest = Some(tracked_as(Some(Verdict::Refused)).cancellation);
        let mut proposal = proposal(plan(Destination::Live, newest));
        proposal.notify = vec!["a@x".parse().unwrap()];
        let mut scripted = Scripted::answering("n");
        let (_, told) = asked(&proposal, &mut scripted);
        insta::assert_snapshot!(told + &scripted.questions.concat());
    }
}
