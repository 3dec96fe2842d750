//! Carries the requests of Azure's crate over our own bounded way, and keeps in our words what comes of them.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::{
    error::ErrorKind,
    http::{
        AsyncRawResponse, Body, HttpClient, Method, Request,
        headers::{HeaderName, HeaderValue, Headers},
    },
};
use reqwest::header;

use super::{
    super::{
        error_slot::ErrorSlot,
        http::{Answer, Exchange},
        oauth_error,
    },
    has_text, told,
};

/// The way of Azure's requests.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) exchange: Arc<dyn Exchange>,
    pub(super) trouble: ErrorSlot,
}

#[async_trait]
impl HttpClient for Wire {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let form = form(request);
        let secrets = oauth_error::secrets(&form);
        let answer = self
            .exchange
            .ask(ours(request, form)?)
            .await
            .map_err(|failure| told(&self.trouble, failure))?;
        if answer.status.is_success() {
            // What its own reader stumbles over it quotes, and that may be a token.
            return if has_text(&answer.body, "access_token") {
                Ok(theirs(answer.with_numbers()))
            } else {
                Err(told(&self.trouble, oauth_error::strange(&host)))
            };
        }
        Err(told(
            &self.trouble,
            oauth_error::refused(&host, &answer, &secrets),
        ))
    }
}

fn form(request: &Request) -> Vec<u8> {
    match request.body() {
        Body::Bytes(bytes) => bytes.to_vec(),
        Body::SeekableStream(_) => Vec::new(),
    }
}

fn ours(request: &Request, form: Vec<u8>) -> azure_core::Result<reqwest::Request> {
    let method = match request.method() {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        other => {
            return Err(azure_core::Error::with_message(
                ErrorKind::Credential,
                format!("no sign-in needs {other}"),
            ));
        }
    };
    let mut ours = reqwest::Request::new(method, request.url().clone());
    for (name, value) in request.headers().iter() {
        if let (Ok(name), Ok(mut value)) = (
            header::HeaderName::try_from(name.as_str()),
            header::HeaderValue::from_str(value.as_str()),
        ) {
            // Among them the one that proves to a managed identity who asks.
            value.set_sensitive(true);
            ours.headers_mut().insert(name, value);
        }
    }
    *ours.body_mut() = Some(form.into());
    Ok(ours)
}

fn theirs(answer: Answer) -> AsyncRawResponse {
    let mut headers = Headers::new();
    for (name, value) in &answer.headers {
        if let Ok(value) = value.to_str() {
            headers.insert(
                HeaderName::from(name.as_str().to_owned()),
                HeaderValue::from(value.to_owned()),
            );
        }
    }
    AsyncRawResponse::from_bytes(answer.status.as_u16().into(), headers, answer.body)
}
