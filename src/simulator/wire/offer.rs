//! Offers: the entry in the list, the whole offer, and its status.

use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::{operation, time};
use crate::simulator::world::{Offer, World};

/// The list of a publisher's offers; only those that the filter admits, when there is one.
pub(crate) fn list(world: &World, publisher: &str, filter: Option<&Filter>) -> Value {
    world
        .offers
        .iter()
        .filter(|offer| offer.publisher == publisher)
        .map(|offer| entry(world, offer))
        .filter(|entry| filter.is_none_or(|filter| filter.admits(entry)))
        .collect()
}

fn entry(world: &World, offer: &Offer) -> Value {
    let now = world.now();
    let changed = world.wall(offer.changed(now));
    let entry = json!({
        "offerTypeId": offer.type_id,
        "publisherId": offer.publisher,
        "status": offer.status(now),
        "id": offer.id,
        "version": offer.version(now),
        "definition": { "displayText": offer.name },
        "changedTime": if offer.zoneless { time::zoneless(changed) } else { time::precise(changed) },
        "lockStatus": "none",
        "pcMigrationStatus": if offer.legacy { "none" } else { "migrated" },
        "pcRedirectUri": "",
        "isvUpgradeRequest": false,
        "offerTypeChanges": [],
        "pricingNotRecalculatedRegions": [],
        "offerTypeVersionsOverride": {},
    });
    offer.quirks.apply(entry)
}

/// The whole offer.
pub(crate) fn whole(world: &World, offer: &Offer) -> Value {
    let mut whole = entry(world, offer);
    let plans = json!([{ "planId": "standard", "regions": ["GB", "US"] }]);
    if let Some(definition) = whole.get_mut("definition").and_then(Value::as_object_mut) {
        let details: Map<_, _> = [(format!("{}.title", offer.type_id), json!(offer.name))]
            .into_iter()
            .collect();
        definition.insert("offer".into(), Value::Object(details));
        definition.insert("plans".into(), plans);
    }
    whole
}

/// The status of an offer: overall, and the steps of what is active or was last.
pub(crate) fn status(world: &World, offer: &Offer) -> Value {
    let now = world.now();
    let current = offer.current(now);
    // The service calls an offer that waits for its publisher's word still running here, unlike in the list.
    let status = match offer.status(now) {
        "waitingForPublisherReview" => "running",
        other => other,
    };
    let mut status = json!({
        "status": status,
        "messages": current.map_or_else(|| json!([]), |o| operation::messages(world, offer, o)),
        "steps": current.map_or_else(|| json!([]), |o| operation::steps(world, o)),
        "previewLinks": operation::preview_links(offer, current, now),
        "liveLinks": [],
    });
    if offer.legacy
        && let Some(fields) = status.as_object_mut()
    {
        fields.insert("notificationEmails".into(), json!("jdoe@contoso.com"));
    }
    status
}
