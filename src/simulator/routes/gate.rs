//! What every request must bring: a token and the version of the API. And what it is told when it lost its way.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::simulator::premises::Premises;
use crate::simulator::reply::Reply;
use crate::simulator::scenario::Shape;
use crate::simulator::wire::API_VERSION;

#[derive(Deserialize)]
pub(super) struct Version {
    #[serde(rename = "api-version")]
    api_version: Option<String>,
}

/// An operation's own path may lack the version: an `Operation-Location` of the service does.
fn may_lack_version(request: &Request) -> bool {
    let path = request.uri().path().trim_end_matches('/');
    let holder = path.rsplit_once('/').map(|(holder, _)| holder);
    request.method() == Method::GET && holder.is_some_and(|holder| holder.ends_with("/operations"))
}

/// 401 without the token, 400 without the version.
pub(super) async fn enter(
    State(premises): State<Arc<Premises>>,
    version: Result<Query<Version>, QueryRejection>,
    request: Request,
    next: Next,
) -> Response {
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = bearer
        .and_then(|value| value.split_once(' '))
        .filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    if token.is_none_or(|(_, token)| !premises.accepts(token)) {
        return Reply::shaped_error(401, Shape::Message, None, None)
            .with("www-authenticate", "Bearer".into())
            .into_response();
    }
    let version = version.ok().and_then(|Query(query)| query.api_version);
    let excused = version.is_none() && may_lack_version(&request);
    if !excused && version.as_deref() != Some(API_VERSION) {
        let message = format!("Invalid api version. Allowed values are [{API_VERSION}]");
        let code = Some("InvalidAPIVersion");
        return Reply::shaped_error(400, Shape::Envelope, code, Some(&message)).into_response();
    }
    next.run(request).await
}

/// The body that goes with 405.
pub(super) async fn method(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = next.run(request).await;
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let message = format!("The requested resource does not support http method '{method}'.");
    let mut told = Reply::shaped_error(405, Shape::Message, None, Some(&message)).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allow.clone());
    }
    told
}

/// 404 for a path nobody knows.
pub(super) async fn no_such_route(request: Request) -> Reply {
    let message = format!(
        "No HTTP resource was found that matches the request URI '{}'.",
        request.uri().path()
    );
    Reply::shaped_error(404, Shape::Message, None, Some(&message))
}
