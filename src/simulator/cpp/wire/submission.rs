//! The list of an offer's operations.

use serde_json::{Value, json};

use super::time;
use crate::simulator::identity;
use crate::simulator::world::{Kind, Offer, Operation, WorldTime};

/// The list, newest first; only those in every state that is filtered by.
pub(in crate::simulator::cpp) fn list(offer: &Offer, time: WorldTime, states: &[String]) -> Value {
    let is_wanted = |operation: &&Operation| {
        let state = operation.state(time.now);
        states.iter().all(|wanted| wanted.eq_ignore_ascii_case(state))
    };
    let listed = offer.listed(time.now).filter(is_wanted);
    listed.map(|operation| entry(offer, operation, time)).collect()
}

fn entry(offer: &Offer, operation: &Operation, time: WorldTime) -> Value {
    let changed = time.wall(operation.changed(time.now));
    let (kind, slot) = match operation.kind {
        Kind::Publish => ("publish", "staging"),
        Kind::GoLive => ("GoLive", "production"),
    };
    let entry = json!({
        "id": operation.id,
        "offerId": identity::guid(&["offer", &offer.publisher, &offer.id]),
        "offerVersion": offer.version(time.now),
        "offerTypeId": offer.type_id,
        "publisherId": offer.publisher,
        "submissionType": kind,
        "submissionState": operation.state(time.now),
        "publishingVersion": identity::number(&["publishing", &operation.id]),
        "slot": slot,
        "version": time::ticks(changed),
        "definition": { "metadata": { "emails": "jdoe@contoso.com" } },
        "changedTime": time::submission(changed),
    });
    operation.quirks.apply(entry)
}
