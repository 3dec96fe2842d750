//! The Cloud Partner Portal API: its routes over the world, and its JSON.
//!
//! A route turns a path into a question to the world and its value into an answer. It must not know sockets.

mod cancel;
mod dispatch;
mod reading;
mod version;
pub(super) mod wire;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use super::gate;
use super::state::ServerState;

/// All routes.
pub(super) fn router(state: &Arc<ServerState>) -> Router {
    let offer = Router::new()
        .route("/", get(reading::offer))
        .route("/versions/{version}", get(reading::version))
        .route("/slot/{slot}", get(reading::slot))
        .route("/status", get(reading::status))
        .route("/submissions", get(reading::submissions))
        .route("/submissions/", get(reading::submissions))
        .route("/operations/{operation}", get(reading::operation))
        .route("/operations/{operation}/", get(reading::operation))
        .route("/cancel", post(cancel::cancel));
    Router::new()
        .route("/api/offerTypes", get(reading::offer_types))
        .route("/api/publishers", get(reading::publishers))
        .route("/api/publishers/{publisher}/offers", get(reading::offers))
        .nest("/api/publishers/{publisher}/offers/{offer}", offer)
        .route("/api/operations/{handle}", get(reading::by_handle))
        .fallback(gate::no_such_route)
        .layer(from_fn(gate::method_not_allowed))
        .layer(from_fn(version::check))
        .layer(from_fn_with_state(Arc::clone(state), gate::authorize))
        .with_state(Arc::clone(state))
}
