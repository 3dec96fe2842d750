//! The cancel, and the place a 202 names to look at.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde_json::json;

use super::desk::answer_on_offer;
use crate::simulator::premises::Premises;
use crate::simulator::reply::Reply;
use crate::simulator::scenario::{LocationForm, Route, Shape};
use crate::simulator::wire::{self, API_VERSION};
use crate::simulator::world::{Offer, Taken};

/// `POST …/cancel`
pub(super) async fn cancel(
    State(premises): State<Arc<Premises>>,
    Path((publisher, offer)): Path<(String, String)>,
    body: Bytes,
) -> Reply {
    if let Err(message) = wire::cancel::check(&body) {
        return Reply::shaped_error(400, Shape::Envelope, None, Some(&message));
    }
    answer_on_offer(&premises, Route::Cancel, (&publisher, &offer), |world, at| {
        let now = world.now();
        let Some(offer) = world.offers.get_mut(at) else {
            return Reply::error(404);
        };
        let taken = offer.take_cancel(now);
        let mut reply = accepted(&premises, offer, &taken);
        reply.effect.carried_out = taken.carried_out;
        reply
    })
}

fn accepted(premises: &Premises, offer: &Offer, taken: &Taken) -> Reply {
    if taken.synchronous {
        return Reply::bare(200);
    }
    if let Some(verbatim) = &offer.cancel.location_verbatim {
        return Reply::bare(202).with("location", verbatim.clone());
    }
    match &taken.target {
        Some(target) => located(
            premises,
            offer,
            target,
            taken.carried_by.as_ref().unwrap_or(target),
        ),
        None => Reply::bare(202),
    }
}

/// 202 and the places to look at: the target's, or the one of what carries the cancel out.
fn located(premises: &Premises, offer: &Offer, target: &str, carried_by: &str) -> Reply {
    let Premises { origin, foreign, .. } = premises;
    let (publisher, id) = (&offer.publisher, &offer.id);
    let path = |operation| format!("/api/publishers/{publisher}/offers/{id}/operations/{operation}");
    let version = format!("?api-version={API_VERSION}");
    let relative = format!("{}{version}", path(carried_by));
    let absolute = format!("{origin}{}", path(target));
    let taken = Reply::bare(202);
    match offer.cancel.location {
        LocationForm::Operation | LocationForm::OtherOperation => taken.with("location", relative),
        LocationForm::OperationLocation => taken.with("operation-location", absolute),
        LocationForm::Both | LocationForm::Differing => taken
            .with("location", relative)
            .with("operation-location", absolute),
        LocationForm::Legacy => taken.with(
            "location",
            format!("/api/operations/{publisher}${id}$2$preview{version}"),
        ),
        LocationForm::Body => Reply::json(202, &json!({ "location": relative })),
        LocationForm::Foreign => taken.with("location", format!("{foreign}{relative}")),
        LocationForm::None => taken,
    }
}
