//! The routes that only look.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::Value;

use super::dispatch::{answer, answer_on_offer};
use super::wire::{self, filter::Filter};
use crate::simulator::error::{ErrorAnswer, Shape};
use crate::simulator::reply::Reply;
use crate::simulator::script::Route;
use crate::simulator::state::ServerState;
use crate::simulator::world::{Offer, WorldTime};

type At = State<Arc<ServerState>>;
type OfOffer = Path<(String, String)>;
type InOffer = Path<(String, String, String)>;

/// Answers with what `look` makes of the offer; 404 when it makes nothing of it.
fn on_offer(
    state: &ServerState,
    route: Route,
    named: (&str, &str),
    look: impl FnOnce(&mut Offer, WorldTime) -> Option<Value>,
) -> Reply {
    answer_on_offer(state, route, named, |offer, time| match look(offer, time) {
        Some(value) => Reply::json(200, &value),
        None => Reply::error(404),
    })
}

/// `GET /api/offerTypes`
pub(super) async fn offer_types(State(state): At) -> Reply {
    answer(&state, Route::OfferTypes, None, |_| {
        Reply::json(200, &wire::publisher::offer_types())
    })
}

/// `GET /api/publishers`
pub(super) async fn publishers(State(state): At) -> Reply {
    answer(&state, Route::Publishers, None, |world| {
        Reply::json(200, &wire::publisher::list(&world.publishers))
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
    State(state): At,
    Path(publisher): Path<String>,
    Query(OfFields { filter }): Query<OfFields>,
) -> Reply {
    let filter = filter.map(|text| Filter::parse(&text).ok_or(text)).transpose();
    answer(&state, Route::Offers, Some(&publisher), |world| match &filter {
        Ok(filter) => Reply::json(200, &wire::offer::list(world, &publisher, filter.as_ref())),
        Err(text) => {
            let message = format!("The query '$filter={text}' is not valid.");
            ErrorAnswer::with_message(400, Shape::Envelope, message).into()
        }
    })
}

/// `GET …/offers/{O}`
pub(super) async fn offer(State(state): At, Path((publisher, offer)): OfOffer) -> Reply {
    on_offer(&state, Route::Offer, (&publisher, &offer), |offer, time| {
        Some(wire::offer::whole(offer, time))
    })
}

/// `GET …/versions/{version}`: only the present one is kept.
pub(super) async fn version(State(state): At, Path((publisher, offer, version)): InOffer) -> Reply {
    on_offer(&state, Route::Offer, (&publisher, &offer), |offer, time| {
        (offer.version(time.now).to_string() == version).then(|| wire::offer::whole(offer, time))
    })
}

/// `GET …/slot/{slot}`: an offer that was never published is not in the other slots.
pub(super) async fn slot(State(state): At, Path((publisher, offer, slot)): InOffer) -> Reply {
    on_offer(&state, Route::Offer, (&publisher, &offer), |offer, time| {
        let status = offer.status(time.now);
        let is_there = match slot.to_ascii_lowercase().as_str() {
            "draft" => true,
            "preview" => matches!(status, "waitingForPublisherReview" | "succeeded"),
            "production" => status == "succeeded",
            _ => false,
        };
        is_there.then(|| wire::offer::whole(offer, time))
    })
}

/// `GET …/status`
pub(super) async fn status(State(state): At, Path((publisher, offer)): OfOffer) -> Reply {
    on_offer(&state, Route::Status, (&publisher, &offer), |offer, time| {
        Some(wire::offer::status(offer, time))
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
    State(state): At,
    Path((publisher, offer)): OfOffer,
    Query(filter): Query<OfState>,
) -> Reply {
    let states: Vec<_> = filter.status.into_iter().chain(filter.submission_state).collect();
    on_offer(&state, Route::Submissions, (&publisher, &offer), |offer, time| {
        offer.look(time.now);
        Some(wire::submission::list(offer, time, &states))
    })
}

/// `GET …/operations/{id}`
pub(super) async fn operation(State(state): At, Path((publisher, offer, id)): InOffer) -> Reply {
    on_offer(&state, Route::Operation, (&publisher, &offer), |offer, time| {
        let operation = offer.operation(&id, time.now)?;
        Some(wire::operation::single(offer, operation, time))
    })
}

/// `GET /api/operations/{P}${O}$2$preview`: the operation that the last cancel meant, or else the current one.
pub(super) async fn by_handle(State(state): At, Path(handle): Path<String>) -> Reply {
    let parts: Vec<_> = handle.split('$').collect();
    let [publisher, offer, "2", "preview"] = parts[..] else {
        return Reply::error(404);
    };
    on_offer(&state, Route::Operation, (publisher, offer), |offer, time| {
        let now = time.now;
        let meant = offer.target.as_ref().and_then(|id| offer.operation(id, now));
        let operation = meant.or_else(|| offer.current(now))?;
        Some(wire::operation::single(offer, operation, time))
    })
}
