//! The gate: a request brings the token and names a route that there is, with a method that it has.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{ErrorAnswer, Shape};
use super::reply::Reply;
use super::state::ServerState;

/// 401 without the token.
pub(super) async fn authorize(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    if token.is_some_and(|(_, token)| state.accepts(token)) {
        return next.run(request).await;
    }
    let error = ErrorAnswer {
        shape: Shape::Message,
        ..ErrorAnswer::new(401)
    };
    Reply::from(error)
        .with("www-authenticate", "Bearer".into())
        .into_response()
}

/// The body that goes with 405.
pub(super) async fn method_not_allowed(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = next.run(request).await;
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let message = format!("The requested resource does not support http method '{method}'.");
    let error = ErrorAnswer::with_message(405, Shape::Message, message);
    let mut answer = Reply::from(error).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    answer
}

/// 404 for a path that leads nowhere.
pub(super) async fn no_such_route(request: Request) -> Reply {
    let message = format!(
        "No HTTP resource was found that matches the request URI '{}'.",
        request.uri().path()
    );
    ErrorAnswer::with_message(404, Shape::Message, message).into()
}
