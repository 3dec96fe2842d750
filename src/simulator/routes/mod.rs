//! The routes of the service, over the world.
//!
//! They turn a path into a question to the world and its value into an answer. What goes over the socket is the
//! server's affair.

mod cancelling;
mod desk;
mod gate;
mod into_response;
mod reading;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use super::premises::Premises;

/// All routes.
pub(crate) fn router(premises: &Arc<Premises>) -> Router {
    let offer = Router::new()
        .route("/", get(reading::offer))
        .route("/versions/{version}", get(reading::version))
        .route("/slot/{slot}", get(reading::slot))
        .route("/status", get(reading::status))
        .route("/submissions", get(reading::submissions))
        .route("/submissions/", get(reading::submissions))
        .route("/operations/{operation}", get(reading::operation))
        .route("/operations/{operation}/", get(reading::operation))
        .route("/cancel", post(cancelling::cancel));
    Router::new()
        .route("/api/offerTypes", get(reading::offer_types))
        .route("/api/publishers", get(reading::publishers))
        .route("/api/publishers/{publisher}/offers", get(reading::offers))
        .nest("/api/publishers/{publisher}/offers/{offer}", offer)
        .route("/api/operations/{handle}", get(reading::by_handle))
        .fallback(gate::no_such_route)
        .layer(from_fn(gate::method))
        .layer(from_fn_with_state(Arc::clone(premises), gate::enter))
        .with_state(Arc::clone(premises))
}
