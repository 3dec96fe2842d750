//! The version of the API, which almost every request must name.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::simulator::error::ErrorAnswer;
use crate::simulator::reply::Reply;

/// The one version that is spoken.
pub(super) const API_VERSION: &str = "2017-10-31";

#[derive(Deserialize)]
pub(super) struct Version {
    #[serde(rename = "api-version")]
    api_version: Option<String>,
}

/// 400 without the version.
pub(super) async fn check(
    version: Result<Query<Version>, QueryRejection>,
    request: Request,
    next: Next,
) -> Response {
    let version = version.ok().and_then(|Query(query)| query.api_version);
    let is_excused = version.is_none() && may_lack_version(&request);
    if is_excused || version.as_deref() == Some(API_VERSION) {
        return next.run(request).await;
    }
    Reply::from(ErrorAnswer {
        code: Some("InvalidAPIVersion".into()),
        message: Some(format!("Invalid api version. Allowed values are [{API_VERSION}]")),
        ..ErrorAnswer::new(400)
    })
    .into_response()
}

/// An operation's own path may lack the version: an `Operation-Location` of the service does.
fn may_lack_version(request: &Request) -> bool {
    let path = request.uri().path().trim_end_matches('/');
    let parent = path.rsplit_once('/').map(|(parent, _)| parent);
    request.method() == Method::GET && parent.is_some_and(|parent| parent.ends_with("/operations"))
}
