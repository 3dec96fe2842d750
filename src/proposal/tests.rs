//! What it takes to confirm one and many, and which requests come of it.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::{
    domain::{
        operation::{Operation, Source},
        preflight::Wanted,
        target::Scope,
    },
    tui::fixture::{app_operation, look, setup, vm_operation},
};

/// So long after the first moment, on both clocks.
fn after(seconds: u64) -> Now {
    let mono = Duration::from_secs(seconds);
    Now {
        wall: Timestamp::UNIX_EPOCH + SignedDuration::try_from(mono).unwrap(),
        mono,
    }
}

fn seen(offer: &OfferId, list: Vec<Operation>) -> Result<Plan, Skip> {
    let setup = setup();
    let scope = Scope {
        origin: &setup.origin,
        publisher: &setup.publisher,
        offer,
    };
    Skip::or_plan(&Ok(look(list, Source::Submissions)), scope, [])
}

/// On `offers` with what is seen on each, all looked at in the first moment.
fn looked(offers: Vec<(&str, Vec<Operation>)>) -> Proposal {
    let ids = offers.iter().map(|(id, _)| OfferId::new(id));
    let mut proposal = Proposal::new(ids.map(|id| (id.clone(), id.shown())), Vec::new());
    for (ticket, (id, list)) in (1..).zip(offers) {
        assert_eq!(proposal.look(ticket), Some(OfferId::new(id)));
        proposal.looked(ticket, seen(&OfferId::new(id), list));
    }
    assert!(proposal.arrive(after(0)));
    proposal
}

#[test]
fn what_it_takes_follows_from_what_would_be_canceled() {
    let (vm, app) = (|| vec![vm_operation()], || vec![app_operation()]);
    let both = || vec![vm_operation(), app_operation()];
    for (offers, required, line, wrong) in [
        (vec![("vm", vm())], Required::Yes, " Yes\n", "vm"),
        (vec![("app", app())], Required::Id("app".into()), "app\n", "yes"),
        (vec![("vm", vm()), ("app", app())], Required::Count(2), "2", "y"),
        (vec![("vm", vm()), ("db", vec![])], Required::Yes, "y", "1"),
        (vec![("vm", vm()), ("app", both())], Required::Yes, "y", "2"),
        (vec![("vm", both())], Required::Nothing, "", "y"),
        (vec![("vm", vec![])], Required::Nothing, "", "y"),
    ] {
        let proposal = looked(offers);
        assert_eq!(proposal.required(), required);
        let can = required != Required::Nothing;
        assert_eq!(proposal.confirmed_by(line).is_some(), can, "{line:?}");
        assert!(proposal.confirmed_by(wrong).is_none(), "{wrong:?}");
    }
}

#[test]
fn a_request_is_made_for_exactly_what_was_planned() {
    let both = vec![vm_operation(), app_operation()];
    let mut proposal = looked(vec![
        ("vm", vec![vm_operation()]),
        ("several", both),
        ("app", vec![app_operation()]),
        ("db", Vec::new()),
    ]);
    proposal.notify = vec!["a@x".parse().unwrap()];
    let requests = proposal.requests(proposal.confirmed_by("2").unwrap(), &"prod".into());
    let offers: Vec<&str> = requests
        .iter()
        .map(|request| request.target.offer.raw())
        .collect();
    assert_eq!(offers, ["vm", "app"]);
    assert!(requests.iter().all(|request| request.notify == proposal.notify));
    proposal.skip_under_way(|entry| entry.offer.raw() == "app");
    assert_eq!(proposal.required(), Required::Yes);
}

#[test]
fn a_few_are_looked_at_at_once_and_an_unsafe_id_never() {
    let ids = (0..12).map(|n| OfferId::new(&format!("offer-{n}")));
    let ids = ids.chain([OfferId::new("a/b")]);
    let mut proposal = Proposal::new(ids.map(|id| (id.clone(), id.shown())), Vec::new());
    assert_eq!((1..).map_while(|ticket| proposal.look(ticket)).count(), 8);
    assert!(!proposal.arrive(after(0)) && proposal.is_looking());
    let offer = proposal.awaiting(3).cloned().unwrap();
    proposal.looked(3, seen(&offer, Vec::new()));
    proposal.looked(99, seen(&offer, Vec::new()));
    assert_eq!(proposal.unknown(), 11);
    assert!(proposal.look(9).is_some() && proposal.look(10).is_none());
    let skipped: Vec<_> = proposal.skipped().map(|(_, skip)| skip).collect();
    assert!(matches!(skipped[..], [Skip::Nothing { .. }, Skip::UnsafeId]));
}

#[test]
fn its_minute_runs_on_both_clocks_and_then_all_is_looked_at_anew() {
    let mut proposal = looked(vec![("vm", vec![vm_operation()])]);
    assert!(!proposal.has_expired(after(59)) && proposal.has_expired(after(60)));
    let asleep = Now {
        wall: after(60).wall,
        ..after(1)
    };
    assert!(proposal.has_expired(asleep), "the monotonic clock stood still");
    assert_eq!(proposal.wake_at(), Some(Duration::from_mins(1)));
    proposal.begin_anew();
    assert!(proposal.is_looking() && proposal.is_again);
    assert_eq!((proposal.required(), proposal.unknown()), (Required::Nothing, 1));
    let nothing = looked(vec![("vm", Vec::new())]);
    assert!(!nothing.has_expired(after(3600)) && nothing.wake_at().is_none());
}

#[test]
fn a_plan_names_the_newest_cancel_that_was_sent() {
    use crate::tui::fixture::{ended, target, unsent};
    let operation = vm_operation();
    let sent = ended("contoso-vm", &operation, crate::domain::verdict::Verdict::Refused).cancellation;
    let unsent = unsent("contoso-vm", &operation).cancellation;
    let target = target("contoso-vm", crate::domain::target::Binding::of(&operation));
    let plan = Plan::of(
        &look(vec![operation], Source::Submissions),
        target.scope(),
        Wanted::Any,
    );
    let plan = plan.unwrap().after([&unsent, &sent]);
    assert_eq!(plan.earlier.as_ref(), Some(&sent));
    assert_eq!(plan.repeats(), Some(&sent));
}
