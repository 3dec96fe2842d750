//! What a scenario of the right form may still get wrong.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::{Answer, OfferForm, OperationForm, Scenario, ScenarioError, Script};

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
    for form in &scenario.offers {
        if !seen.insert((&form.publisher, &form.id)) {
            return wrong(format!("offer {} is there twice", form.id));
        }
        offer(scenario, form)?;
    }
    scenario
        .scripts
        .iter()
        .try_for_each(|form| script("the scenario", form))
}

fn offer(scenario: &Scenario, form: &OfferForm) -> Checked {
    let id = &form.id;
    if id.is_empty() || id.contains(['/', '$', '?', '#']) {
        return wrong(format!("offer id {id:?} does not fit into a path"));
    }
    if !form.publisher.is_empty() && !scenario.publishers.iter().any(|p| p.id == form.publisher) {
        return wrong(format!(
            "offer {id} belongs to publisher {}, which is not there",
            form.publisher
        ));
    }
    if form.superseded_at_look == Some(0) {
        return wrong(format!("offer {id}: the first look is 1"));
    }
    for (name, length) in [
        ("latency", form.latency),
        ("changed", form.changed.unwrap_or_default()),
        ("again", form.again.unwrap_or_default()),
        ("cancel.takes", form.cancel.takes),
        ("cancel.latency", form.cancel.latency),
        ("cancel.lag", form.cancel.lag),
    ] {
        span(&format!("offer {id}: {name}"), length)?;
    }
    form.operations.iter().try_for_each(|o| operation(id, o))?;
    form.scripts
        .iter()
        .try_for_each(|s| script(&format!("offer {id}"), s))
}

fn operation(offer: &str, form: &OperationForm) -> Checked {
    span(&format!("offer {offer}: started"), form.started)?;
    span(
        &format!("offer {offer}: starts-in"),
        form.starts_in.unwrap_or_default(),
    )?;
    span(&format!("offer {offer}: lasts"), form.lasts)?;
    if form.lasts.is_zero() {
        return wrong(format!("offer {offer}: an operation takes some time"));
    }
    if !form.steps.is_empty() && form.steps.iter().all(|step| step.share == 0) {
        return wrong(format!("offer {offer}: no step takes a share of the time"));
    }
    Ok(())
}

fn script(place: &str, form: &Script) -> Checked {
    if form.answers.is_empty() {
        return wrong(format!("{place}: a script without answers"));
    }
    for answer in &form.answers {
        if let Answer::Error { status, .. } | Answer::Redirect { status, .. } = answer
            && !(200..600).contains(status)
        {
            return wrong(format!("{place}: {status} is no status of a final answer"));
        }
    }
    Ok(())
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
