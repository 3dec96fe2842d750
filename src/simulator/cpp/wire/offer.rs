//! Offers: the entry in the list, the whole offer, and its status.

use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::{operation, time};
use crate::simulator::world::{Offer, World, WorldTime};

/// The list of a publisher's offers; only those that the filter admits, when there is one.
pub(in crate::simulator) fn list(world: &World, publisher: &str, filter: Option<&Filter>) -> Value {
    world
        .offers
        .iter()
        .filter(|offer| offer.publisher == publisher)
        .map(|offer| entry(offer, world.time))
        .filter(|entry| filter.is_none_or(|filter| filter.admits(entry)))
        .collect()
}

fn entry(offer: &Offer, time: WorldTime) -> Value {
    let changed = time.wall(offer.changed(time.now));
    let entry = json!({
        "offerTypeId": offer.type_id,
        "publisherId": offer.publisher,
        "status": offer.status(time.now),
        "id": offer.id,
        "version": offer.version(time.now),
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
pub(in crate::simulator::cpp) fn whole(offer: &Offer, time: WorldTime) -> Value {
    let mut whole = entry(offer, time);
    let plans = json!([{ "planId": "standard", "regions": ["GB", "US"] }]);
    if let Some(definition) = whole.get_mut("definition").and_then(Value::as_object_mut) {
        let title = (format!("{}.title", offer.type_id), json!(offer.name));
        definition.insert("offer".into(), Value::Object(Map::from_iter([title])));
        definition.insert("plans".into(), plans);
    }
    whole
}

/// The status of an offer: overall, and the steps of what is active or was last.
pub(in crate::simulator::cpp) fn status(offer: &Offer, time: WorldTime) -> Value {
    let current = offer.current(time.now);
    // The service calls an offer that waits for its publisher's word still running here, unlike in the list.
    let status = match offer.status(time.now) {
        "waitingForPublisherReview" => "running",
        other => other,
    };
    let mut status = json!({
        "status": status,
        "messages": current.map_or_else(|| json!([]), |current| operation::messages(offer, current, time)),
        "steps": current.map_or_else(|| json!([]), |current| operation::steps(current, time)),
        "previewLinks": operation::preview_links(offer, current, time),
        "liveLinks": [],
    });
    if offer.legacy {
        status["notificationEmails"] = json!("jdoe@contoso.com");
    }
    status
}
