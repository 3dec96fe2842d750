//! Mistakes that a scenario of the right form may still make.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::{Answer, Offer, Operation, Scenario, ScenarioError, Script};

type Checked = Result<(), ScenarioError>;

/// No span of a scenario is longer; what is added up from a few of them stays far from any overflow.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366 * 20);

fn wrong(reason: String) -> Checked {
    Err(ScenarioError(reason))
}

/// Checks everything.
pub(super) fn check(scenario: &Scenario) -> Checked {
    if scenario.publishers.is_empty() {
        return wrong("there is no publisher".into());
    }
    span("latency", scenario.latency)?;
    let mut seen = HashSet::new();
    for one in &scenario.offers {
        if !seen.insert((&one.publisher, &one.id)) {
            return wrong(format!("offer {} is there twice", one.id));
        }
        offer(scenario, one)?;
    }
    scenario
        .scripts
        .iter()
        .try_for_each(|one| script("the scenario", one))
}

fn offer(scenario: &Scenario, offer: &Offer) -> Checked {
    let id = &offer.id;
    if id.is_empty() || id.contains(['/', '$', '?', '#']) {
        return wrong(format!("offer id {id:?} does not fit into a path"));
    }
    if !offer.publisher.is_empty() && !scenario.publishers.iter().any(|p| p.id == offer.publisher) {
        return wrong(format!(
            "offer {id} belongs to publisher {}, which is not there",
            offer.publisher
        ));
    }
    if offer.superseded_at_look == Some(0) {
        return wrong(format!("offer {id}: the first look is 1"));
    }
    for (name, length) in [
        ("latency", offer.latency),
        ("changed", offer.changed.unwrap_or_default()),
        ("again", offer.again.unwrap_or_default()),
        ("cancel.takes", offer.cancel.takes),
        ("cancel.latency", offer.cancel.latency),
        ("cancel.lag", offer.cancel.lag),
    ] {
        span(&format!("offer {id}: {name}"), length)?;
    }
    offer.operations.iter().try_for_each(|o| operation(id, o))?;
    offer
        .scripts
        .iter()
        .try_for_each(|s| script(&format!("offer {id}"), s))
}

fn operation(offer: &str, operation: &Operation) -> Checked {
    span(&format!("offer {offer}: started"), operation.started)?;
    span(
        &format!("offer {offer}: starts-in"),
        operation.starts_in.unwrap_or_default(),
    )?;
    span(&format!("offer {offer}: lasts"), operation.lasts)?;
    if operation.lasts.is_zero() {
        return wrong(format!("offer {offer}: an operation takes some time"));
    }
    if !operation.steps.is_empty() && operation.steps.iter().all(|step| step.share == 0) {
        return wrong(format!("offer {offer}: no step takes a share of the time"));
    }
    Ok(())
}

fn script(place: &str, script: &Script) -> Checked {
    if script.answers.is_empty() {
        return wrong(format!("{place}: a script without answers"));
    }
    let mut statuses = script.answers.iter().filter_map(Answer::status);
    match statuses.find(|status| !(200..600).contains(status)) {
        Some(status) => wrong(format!("{place}: {status} is no status of a final answer")),
        None => Ok(()),
    }
}

fn span(place: &str, length: SignedDuration) -> Checked {
    if length.is_negative() {
        return wrong(format!("{place} is less than nothing"));
    }
    if length > LONGEST {
        return wrong(format!("{place} is longer than twenty years"));
    }
    Ok(())
}
