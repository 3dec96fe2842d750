//! The routes that only look.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::desk::{answer, answer_on_offer};
use crate::simulator::premises::Premises;
use crate::simulator::reply::Reply;
use crate::simulator::scenario::{Route, Shape};
use crate::simulator::wire::{self, filter::Filter};
use crate::simulator::world::{Offer, World};

type At = State<Arc<Premises>>;
type OfOffer = Path<(String, String)>;
type InOffer = Path<(String, String, String)>;

/// Answers with what `look` makes of the offer; 404 when it makes nothing of it.
fn on_offer(
    premises: &Premises,
    route: Route,
    named: (&str, &str),
    look: impl FnOnce(&World, &Offer) -> Option<serde_json::Value>,
) -> Reply {
    answer_on_offer(premises, route, named, |world, at| {
        let seen = world.offers.get(at).and_then(|offer| look(world, offer));
        seen.map_or_else(|| Reply::error(404), |value| Reply::ok(&value))
    })
}

/// `GET /api/offerTypes`
pub(super) async fn offer_types(State(premises): At) -> Reply {
    answer(&premises, Route::OfferTypes, None, |_| {
        Reply::ok(&wire::publisher::offer_types())
    })
}

/// `GET /api/publishers`
pub(super) async fn publishers(State(premises): At) -> Reply {
    answer(&premises, Route::Publishers, None, |world| {
        Reply::ok(&wire::publisher::list(&world.publishers))
    })
}

/// The filter of the list of offers.
#[derive(Deserialize)]
pub(super) struct OfFields {
    #[serde(rename = "$filter")]
    filter: Option<String>,
}

/// `GET …/offers`
pub(super) async fn offers(
    State(premises): At,
    Path(publisher): Path<String>,
    Query(OfFields { filter }): Query<OfFields>,
) -> Reply {
    let filter = filter.map(|text| Filter::parse(&text).ok_or(text)).transpose();
    answer(
        &premises,
        Route::Offers,
        Some(&publisher),
        |world| match &filter {
            Ok(filter) => Reply::ok(&wire::offer::list(world, &publisher, filter.as_ref())),
            Err(text) => {
                let message = format!("The query '$filter={text}' is not valid.");
                Reply::shaped_error(400, Shape::Envelope, None, Some(&message))
            }
        },
    )
}

/// `GET …/offers/{O}`
pub(super) async fn offer(State(premises): At, Path((publisher, offer)): OfOffer) -> Reply {
    on_offer(&premises, Route::Offer, (&publisher, &offer), |world, offer| {
        Some(wire::offer::whole(world, offer))
    })
}

/// `GET …/versions/{version}`: only the present one is kept.
pub(super) async fn version(State(premises): At, Path((publisher, offer, version)): InOffer) -> Reply {
    on_offer(&premises, Route::Offer, (&publisher, &offer), |world, offer| {
        (offer.version(world.now()).to_string() == version).then(|| wire::offer::whole(world, offer))
    })
}

/// `GET …/slot/{slot}`: what was never published is not in the other slots.
pub(super) async fn slot(State(premises): At, Path((publisher, offer, slot)): InOffer) -> Reply {
    on_offer(&premises, Route::Offer, (&publisher, &offer), |world, offer| {
        let status = offer.status(world.now());
        let there = match slot.to_ascii_lowercase().as_str() {
            "draft" => true,
            "preview" => matches!(status, "waitingForPublisherReview" | "succeeded"),
            "production" => status == "succeeded",
            _ => false,
        };
        there.then(|| wire::offer::whole(world, offer))
    })
}

/// `GET …/status`
pub(super) async fn status(State(premises): At, Path((publisher, offer)): OfOffer) -> Reply {
    on_offer(&premises, Route::Status, (&publisher, &offer), |world, offer| {
        Some(wire::offer::status(world, offer))
    })
}

/// The filter of the list of operations, under its documented name and under the one that a client uses.
#[derive(Deserialize)]
pub(super) struct OfState {
    status: Option<String>,
    #[serde(rename = "submissionState")]
    submission_state: Option<String>,
}

/// `GET …/submissions`
pub(super) async fn submissions(
    State(premises): At,
    Path((publisher, offer)): OfOffer,
    Query(asked): Query<OfState>,
) -> Reply {
    let states: Vec<_> = asked.status.into_iter().chain(asked.submission_state).collect();
    answer_on_offer(
        &premises,
        Route::Submissions,
        (&publisher, &offer),
        |world, at| {
            let now = world.now();
            if let Some(offer) = world.offers.get_mut(at) {
                offer.look(now);
            }
            let Some(offer) = world.offers.get(at) else {
                return Reply::error(404);
            };
            Reply::ok(&wire::submission::list(world, offer, &states))
        },
    )
}

/// `GET …/operations/{id}`
pub(super) async fn operation(State(premises): At, Path((publisher, offer, id)): InOffer) -> Reply {
    on_offer(
        &premises,
        Route::Operation,
        (&publisher, &offer),
        |world, offer| {
            let operation = offer.operation(&id, world.now())?;
            Some(wire::operation::single(world, offer, operation))
        },
    )
}

/// `GET /api/operations/{P}${O}$2$preview`: the operation that the last cancel meant, or else the current one.
pub(super) async fn by_handle(State(premises): At, Path(handle): Path<String>) -> Reply {
    let parts: Vec<_> = handle.split('$').collect();
    let [publisher, offer, "2", "preview"] = parts[..] else {
        return Reply::error(404);
    };
    on_offer(&premises, Route::Operation, (publisher, offer), |world, offer| {
        let now = world.now();
        let meant = offer.target.as_ref().and_then(|id| offer.operation(id, now));
        let operation = meant.or_else(|| offer.current(now))?;
        Some(wire::operation::single(world, offer, operation))
    })
}
