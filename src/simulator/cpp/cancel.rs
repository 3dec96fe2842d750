//! The cancel, and the place a 202 names to look at.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde_json::json;

use super::dispatch::answer_on_offer;
use super::version::API_VERSION;
use super::wire;
use crate::simulator::error::{ErrorAnswer, Shape};
use crate::simulator::reply::Reply;
use crate::simulator::script::Route;
use crate::simulator::state::ServerState;
use crate::simulator::world::{Accepted, CancelLocation, Offer};

/// `POST …/cancel`
pub(super) async fn cancel(
    State(state): State<Arc<ServerState>>,
    Path((publisher, offer)): Path<(String, String)>,
    body: Bytes,
) -> Reply {
    if let Err(message) = wire::cancel::check(&body) {
        return ErrorAnswer::with_message(400, Shape::Envelope, message).into();
    }
    answer_on_offer(&state, Route::Cancel, (&publisher, &offer), |offer, time| {
        let accepted = offer.accept_cancel(time.now);
        let mut reply = reply(&state, offer, &accepted);
        reply.effect.carried_out = accepted.carried_out;
        reply
    })
}

fn reply(state: &ServerState, offer: &Offer, accepted: &Accepted) -> Reply {
    if offer.cancel.synchronous {
        return Reply::bare(200);
    }
    if let Some(verbatim) = &offer.cancel.location_verbatim {
        return Reply::bare(202).with("location", verbatim.clone());
    }
    match &accepted.target {
        Some(target) => {
            let carried_by = accepted.carried_by.as_ref().unwrap_or(target);
            located(state, offer, target, carried_by)
        }
        None => Reply::bare(202),
    }
}

/// 202 and the places to look at: the target's, or the one of what carries the cancel out.
fn located(state: &ServerState, offer: &Offer, target: &str, carried_by: &str) -> Reply {
    let ServerState { origin, foreign, .. } = state;
    let (publisher, id) = (&offer.publisher, &offer.id);
    let path = |operation| format!("/api/publishers/{publisher}/offers/{id}/operations/{operation}");
    let version = format!("?api-version={API_VERSION}");
    let relative = format!("{}{version}", path(carried_by));
    let absolute = format!("{origin}{}", path(target));
    let accepted = Reply::bare(202);
    match offer.cancel.location {
        CancelLocation::Operation | CancelLocation::OtherOperation => accepted.with("location", relative),
        CancelLocation::OperationLocation => accepted.with("operation-location", absolute),
        CancelLocation::Both | CancelLocation::Differing => accepted
            .with("location", relative)
            .with("operation-location", absolute),
        CancelLocation::Legacy => accepted.with(
            "location",
            format!("/api/operations/{publisher}${id}$2$preview{version}"),
        ),
        CancelLocation::Body => Reply::json(202, &json!({ "location": relative })),
        CancelLocation::Foreign => accepted.with("location", format!("{foreign}{relative}")),
        CancelLocation::None => accepted,
    }
}
