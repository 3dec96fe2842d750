//! What a cancel would be, and what the command line must say for it. Pure.

use jiff::tz::TimeZone;

use crate::{
    cli::{args::CancelArgs, cancel::aborted::CancelAborted},
    domain::{
        cancellation::Cancellation,
        confirmation::{Address, Request, Shown},
        operation::{CancelState, OperationDetail},
        target::Target,
        text::SafeText,
    },
    engine::Candidate,
    presentation::{ending, moment, phrase},
};

/// A cancel that has not been confirmed.
pub(crate) struct Plan<'a> {
    pub(crate) target: Target,
    pub(crate) shown: Shown,
    pub(crate) cancel_state: CancelState,
    pub(crate) notify: &'a [Address],
    /// Which older entries are presumed to have ended.
    pub(crate) presumed: Option<SafeText>,
    /// The newest cancel of the same operation, where a person may ask the service again after it.
    pub(crate) earlier: Option<Cancellation>,
}

impl<'a> Plan<'a> {
    /// The cancel of `candidate`, which `target` names, after `newest`, the one before it.
    pub(crate) fn new(
        candidate: &Candidate,
        target: Target,
        notify: &'a [Address],
        newest: Option<Cancellation>,
    ) -> Self {
        let detail = candidate.detail.as_ref();
        let step = detail
            .and_then(OperationDetail::current_step)
            .map(|step| step.name.clone());
        Self {
            shown: Shown::of(&candidate.operation, step),
            cancel_state: detail
                .map(|detail| detail.cancel_state.clone())
                .unwrap_or_default(),
            notify,
            presumed: None,
            earlier: newest.filter(Cancellation::may_be_asked_again),
            target,
        }
    }

    /// Whether the command line says enough.
    pub(crate) fn permitted(&self, args: &CancelArgs, zone: &TimeZone) -> Result<(), CancelAborted> {
        if let Some(earlier) = self.earlier(zone).filter(|_| !args.again) {
            return Err(CancelAborted::usage(&format!(
                "{earlier}; pass --again to ask the service once more"
            )));
        }
        if args.yes && args.operation.is_none() && self.shown.destination.may_be_production() {
            return Err(CancelAborted::usage(&format!(
                "{} may go to production: --yes needs --operation {} too",
                phrase::course(&self.shown.kind, &self.shown.destination),
                self.target.name(),
            )));
        }
        Ok(())
    }

    /// When it was asked for before, and what came of it.
    pub(crate) fn earlier(&self, zone: &TimeZone) -> Option<String> {
        let cancellation = self.earlier.as_ref()?;
        let (_, ending) = cancellation.ending.as_ref()?;
        let at = moment::day_and_time(Some(cancellation.claimed_at), zone);
        let why = ending.error.as_ref();
        Some(format!(
            "asked for before, {at} by {}@{}: {}{}",
            cancellation.by.user,
            cancellation.by.host,
            ending::label(ending.verdict, cancellation.went_out()),
            why.map_or_else(String::new, |why| format!(" ({why})")),
        ))
    }

    /// The request, once it is confirmed.
    pub(crate) fn request(self, profile: SafeText) -> Request {
        Request {
            target: self.target,
            profile,
            shown: self.shown,
            notify: self.notify.to_vec(),
            again_of: self.earlier.map(|earlier| earlier.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::Verdict;
    use crate::{
        cli::cancel::tests::{ID, args, candidate, target, tracked_as},
        domain::{operation::Destination, verdict::Exit},
    };

    fn plan(destination: Destination, newest: Option<Cancellation>) -> Plan<'static> {
        Plan::new(&candidate(destination), target(), &[], newest)
    }

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
            let permitted = plan.permitted(&args(line), &TimeZone::UTC);
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
            let without =
                plan(Destination::Preview, newest.clone()).permitted(&args("--yes"), &TimeZone::UTC);
            assert_eq!(without.is_err(), needs_again, "{verdict:?}");
            let plan = plan(Destination::Preview, newest);
            assert_eq!(plan.permitted(&args("--yes --again"), &TimeZone::UTC), Ok(()));
            let request = plan.request("prod".into());
            assert_eq!(request.again_of.is_some(), needs_again, "{verdict:?}");
        }
    }

    #[test]
    fn what_came_of_it_before_is_told() {
        let mut newest = tracked_as(Some(Verdict::Refused)).cancellation;
        let (_, ending) = newest.ending.as_mut().unwrap();
        ending.error = Some("the service answered 409: too late".into());
        assert_eq!(
            plan(Destination::Preview, Some(newest))
                .earlier(&TimeZone::UTC)
                .unwrap(),
            "asked for before, 1970-01-01 00:00 by ada@jump: refused (the service answered 409: too late)"
        );
    }
}
