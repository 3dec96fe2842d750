//! What the command line must say for a cancel. Pure.

use jiff::tz::TimeZone;

use crate::{
    cli::{args::CancelArgs, cancel::aborted::CancelAborted},
    presentation::{ending, moment},
    proposal::Plan,
};

/// Whether `args` say enough for `plan`.
pub(crate) fn permitted(plan: &Plan, args: &CancelArgs, zone: &TimeZone) -> Result<(), CancelAborted> {
    if let Some(earlier) = asked_before(plan, zone).filter(|_| !args.again) {
        return Err(CancelAborted::usage(&format!(
            "{earlier}; pass --again to ask the service once more"
        )));
    }
    if args.yes && args.operation.is_none() && plan.may_be_production() {
        return Err(CancelAborted::usage(&format!(
            "{} may go to production: --yes needs --operation {} too",
            plan.candidate.operation.course(),
            plan.target.name(),
        )));
    }
    Ok(())
}

/// When the service was asked for the same before, and what came of it, where it would be asked again.
pub(crate) fn asked_before(plan: &Plan, zone: &TimeZone) -> Option<String> {
    let cancellation = plan.repeats()?;
    let (_, ended) = cancellation.ending.as_ref()?;
    let at = moment::day_and_time(Some(cancellation.claimed_at), zone);
    let why = ended.error.as_ref();
    Some(format!(
        "asked for before, {at} by {}@{}: {}{}",
        cancellation.by.user,
        cancellation.by.host,
        ending::label(ended.verdict, cancellation.went_out()),
        why.map_or_else(String::new, |why| format!(" ({why})")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cli::cancel::tests::{ID, args, plan, proposal, tracked_as},
        domain::{
            operation::Destination,
            verdict::{Exit, Verdict},
        },
    };

    #[test]
    fn what_may_go_to_production_must_be_named_to_go_unasked() {
        let live = || Destination::Live;
        let odd = || Destination::Unknown("canary".into());
        for (line, destination, fine) in [
            ("--yes", Destination::Preview, true),
            ("--yes", live(), false),
            ("--yes", odd(), false),
            ("--yes --operation 5a63deb5", live(), true),
            ("", live(), true),
        ] {
            let plan = plan(destination.clone(), None);
            let permitted = permitted(&plan, &args(line), &TimeZone::UTC);
            assert_eq!(permitted.is_ok(), fine, "{line} {destination:?}");
            if let Err(aborted) = permitted {
                assert_eq!(aborted.exit, Exit::Usage);
                assert!(aborted.ending.error.unwrap().as_str().contains(ID));
            }
        }
    }

    #[test]
    fn what_was_refused_or_is_unknown_is_asked_again_only_on_purpose() {
        for (verdict, needs_again) in [
            (None, false),
            (Some(Verdict::Refused), true),
            (Some(Verdict::Unknown), true),
            (Some(Verdict::Pending), false),
            (Some(Verdict::NotSent), false),
        ] {
            let newest = Some(tracked_as(verdict).cancellation);
            let plan = plan(Destination::Preview, newest);
            let permitted = |line| permitted(&plan, &args(line), &TimeZone::UTC);
            assert_eq!(permitted("--yes").is_err(), needs_again, "{verdict:?}");
            assert_eq!(permitted("--yes --again"), Ok(()));
            let proposal = proposal(plan);
            let [request] = &proposal.requests(proposal.unattended(), &"prod".into())[..] else {
                panic!("one request");
            };
            assert_eq!(request.again_of.is_some(), needs_again, "{verdict:?}");
        }
    }

    #[test]
    fn what_came_of_it_before_is_told() {
        let mut newest = tracked_as(Some(Verdict::Refused)).cancellation;
        let (_, ending) = newest.ending.as_mut().unwrap();
        ending.error = Some("the service answered 409: too late".into());
        assert_eq!(
            asked_before(&plan(Destination::Preview, Some(newest)), &TimeZone::UTC).unwrap(),
            "asked for before, 1970-01-01 00:00 by ada@jump: refused (the service answered 409: too late)"
        );
    }
}
