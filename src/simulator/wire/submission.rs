//! The list of an offer's operations.

use serde_json::{Value, json};

use super::time;
use crate::simulator::scenario::Kind;
use crate::simulator::world::{Offer, Operation, World, identity};

/// The list, newest first; only those in every state that is asked for.
pub(crate) fn list(world: &World, offer: &Offer, states: &[String]) -> Value {
    let now = world.now();
    let asked_for = |operation: &&Operation| {
        let state = operation.state(now);
        states.iter().all(|asked| asked.eq_ignore_ascii_case(state))
    };
    offer
        .listed(now)
        .filter(asked_for)
        .map(|operation| entry(world, offer, operation))
        .collect()
}

fn entry(world: &World, offer: &Offer, operation: &Operation) -> Value {
    let now = world.now();
    let changed = world.wall(operation.changed(now));
    let (kind, slot) = match operation.kind {
        Kind::Publish => ("publish", "staging"),
        Kind::GoLive => ("GoLive", "production"),
    };
    let entry = json!({
        "id": operation.id,
        "offerId": identity::guid(&["offer", &offer.publisher, &offer.id]),
        "offerVersion": offer.version(now),
        "offerTypeId": offer.type_id,
        "publisherId": offer.publisher,
        "submissionType": kind,
        "submissionState": operation.state(now),
        "publishingVersion": identity::number(&["publishing", &operation.id]),
        "slot": slot,
        "version": time::ticks(changed),
        "definition": { "metadata": { "emails": "jdoe@contoso.com" } },
        "changedTime": time::submission(changed),
    });
    operation.quirks.apply(entry)
}
