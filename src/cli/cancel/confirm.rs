//! The question before a cancel: what it is about, and which answer confirms.
//!
//! That what was typed ahead or pasted confirms nothing is the asker's part; see [`Ask`](crate::cli::Ask).

use std::io;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::{
        Io,
        cancel::{aborted::CancelAborted, plan::Plan},
    },
    domain::{name::OperationName, operation::CancelState, verdict::Exit},
    presentation::{moment, phrase},
};

/// Tells what is about to be cancelled and asks; anything but the one right answer leaves it alone.
pub(crate) fn confirm(plan: &Plan<'_>, looked_at: Timestamp, io: &mut Io<'_>) -> Result<(), CancelAborted> {
    for (name, value) in subject(plan, looked_at, &io.zone) {
        io.remark(&format!("{name:<13} {value}"));
    }
    let Some(ask) = io.ask.as_deref_mut() else {
        return Err(CancelAborted::declined());
    };
    let (question, cue) = question(plan);
    match ask.ask(question, cue) {
        Ok(answer) if confirms(plan, &answer) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(CancelAborted::interrupted(Exit::Interrupted))
        }
        Ok(_) | Err(_) => Err(CancelAborted::declined()),
    }
}

fn subject(plan: &Plan<'_>, looked_at: Timestamp, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let (target, shown) = (&plan.target, &plan.shown);
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
    lines.extend(shown.step.as_ref().map(|step| ("step", step.to_string())));
    if let CancelState::Says(word) = &plan.cancel_state {
        lines.push(("service says", format!("{word}; you may still try")));
    }
    lines.extend(
        plan.presumed
            .as_ref()
            .map(|presumed| ("older", presumed.to_string())),
    );
    lines.push(("mailed", phrase::mailed(plan.notify)));
    lines.extend(plan.earlier(zone).map(|earlier| ("again", earlier)));
    lines.push(("as of", moment::time_of_day(looked_at, zone)));
    lines
}

/// The question, and what follows it once it can be answered.
fn question(plan: &Plan<'_>) -> (&'static str, &'static str) {
    if plan.shown.destination.may_be_production() {
        ("This may stop a launch. Type the offer's id to cancel it", ": ")
    } else {
        ("Cancel it? ", "[y/N] ")
    }
}

fn confirms(plan: &Plan<'_>, answer: &str) -> bool {
    let answer = answer.trim();
    if plan.shown.destination.may_be_production() {
        answer == plan.target.offer.raw()
    } else {
        answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::{
        cli::{
            cancel::tests::{candidate, target, tracked_as},
            io::tests::{Scripted, text},
        },
        domain::{operation::Destination, verdict::Verdict},
    };

    fn asked(plan: &Plan<'_>, scripted: &mut Scripted) -> (Result<(), CancelAborted>, String) {
        let mut err = Vec::new();
        let mut io = Io {
            out: &mut Vec::new(),
            err: &mut err,
            ask: Some(scripted),
            zone: TimeZone::UTC,
        };
        let confirmed = confirm(plan, Timestamp::UNIX_EPOCH, &mut io);
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
            let plan = Plan::new(&candidate(destination.clone()), target(), &[], None);
            let (outcome, _) = asked(&plan, &mut Scripted::answering(answer));
            assert_eq!(outcome.is_ok(), confirmed, "{destination:?} {answer:?}");
        }
    }

    #[test]
    fn no_answer_leaves_it_alone() {
        let plan = Plan::new(&candidate(Destination::Preview), target(), &[], None);
        for (kind, exit) in [
            (io::ErrorKind::UnexpectedEof, Exit::Failure),
            (io::ErrorKind::Interrupted, Exit::Interrupted),
        ] {
            let mut scripted = Scripted {
                answers: VecDeque::from([Err(kind.into())]),
                questions: Vec::new(),
            };
            let (outcome, _) = asked(&plan, &mut scripted);
            assert_eq!(outcome.unwrap_err().exit, exit);
        }
    }

    #[test]
    fn the_question_names_everything() {
        let notify = ["a@x".parse().unwrap()];
        let newest = Some(tracked_as(Some(Verdict::Refused)).cancellation);
        let plan = Plan::new(&candidate(Destination::Live), target(), &notify, newest);
        let mut scripted = Scripted::answering("n");
        let (_, told) = asked(&plan, &mut scripted);
        insta::assert_snapshot!(told + &scripted.questions.concat());
    }
}
