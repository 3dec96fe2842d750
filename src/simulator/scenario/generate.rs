//! Made-up offers: the catalogue of a large publisher.

use jiff::SignedDuration;
use serde::Deserialize;

use super::{Kind, Offer, Operation, Scenario};

/// The numbers of offers to make up.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Generate {
    /// All of them.
    pub offers: u32,
    /// Those with an operation in flight, spread evenly.
    pub in_flight: u32,
}

const TYPES: [&str; 4] = [
    "microsoft-azure-virtualmachines",
    "microsoft-azure-applications",
    "microsoft-azure-saas",
    "microsoft-azure-container",
];

/// Writes the made-up offers down behind the others.
pub(super) fn expand(scenario: &mut Scenario) {
    let Some(Generate { offers, in_flight }) = scenario.generate else {
        return;
    };
    let made_up = (1..=offers).map(|n| made_up(n, falls_on(n, in_flight, offers)));
    scenario.offers.extend(made_up);
}

/// Returns true when the n-th of `all` is among `some` that are spread evenly.
fn falls_on(n: u32, some: u32, all: u32) -> bool {
    let [n, some, all] = [n, some, all].map(u64::from);
    n * some / all != (n - 1) * some / all
}

fn made_up(n: u32, in_flight: bool) -> Offer {
    let kind = if n.is_multiple_of(7) {
        Kind::GoLive
    } else {
        Kind::Publish
    };
    let type_id = TYPES.get(n as usize % TYPES.len()).copied().unwrap_or_default();
    let active = Operation {
        kind,
        started: SignedDuration::from_mins(i64::from(n % 90)),
        ..Operation::default()
    };
    let status = match n % 10 {
        0 => "neverPublished",
        1 => "failed",
        2 => "canceled",
        _ => "succeeded",
    };
    Offer {
        id: format!("contoso-{n:05}"),
        name: format!("Contoso Offer {n}"),
        type_id: type_id.into(),
        status: Some(status.into()),
        changed: Some(SignedDuration::from_hours(i64::from(n % 9000))),
        zoneless: n.is_multiple_of(3),
        wrapped: n.is_multiple_of(5),
        operations: if in_flight { vec![active] } else { Vec::new() },
        ..Offer::default()
    }
}
