//! The cancel, and the place a 202 names to look at.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::json;

use super::desk::answer_on_offer;
use crate::simulator::premises::Premises;
use crate::simulator::reply::Reply;
use crate::simulator::scenario::{LocationForm, Route};
use crate::simulator::wire::API_VERSION;
use crate::simulator::world::{Offer, Taken};

/// `POST …/cancel`
pub(super) async fn cancel(
    State(premises): State<Arc<Premises>>,
    Path((publisher, offer)): Path<(String, String)>,
) -> Reply {
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
    let (publisher, id) = (&offer.publisher, &offer.id);
    let version = format!("?api-version={API_VERSION}");
    let looked_at = taken.look_at.as_ref();
    let path =
        looked_at.map(|operation| format!("/api/publishers/{publisher}/offers/{id}/operations/{operation}"));
    let Some(path) = path else { return Reply::bare(202) };
    let Premises { origin, foreign, .. } = premises;
    match offer.cancel.location {
        LocationForm::Operation | LocationForm::OtherOperation => {
            Reply::bare(202).with("location", format!("{path}{version}"))
        }
        LocationForm::OperationLocation => {
            Reply::bare(202).with("operation-location", format!("{origin}{path}"))
        }
        LocationForm::Legacy => Reply::bare(202).with(
            "location",
            format!("/api/operations/{publisher}${id}$2$preview{version}"),
        ),
        LocationForm::Body => Reply::json(202, &json!({ "location": format!("{path}{version}") })),
        LocationForm::Foreign => Reply::bare(202).with("location", format!("{foreign}{path}{version}")),
        LocationForm::None => Reply::bare(202),
    }
}
