//! Carries the questions of Azure's crate and of `oauth2` over our own bounded way.
//!
//! What comes of each is kept in our own words: theirs may quote an answer, so none of theirs is shown after one. It
//! knows no kind of credential.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use azure_core::{
    error::ErrorKind,
    http::{self as azure, AsyncRawResponse, HttpClient, headers::Headers},
};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{
    Body, Method, Request,
    header::{HeaderName, HeaderValue},
};

use super::{
    http::{Answer, Exchange},
    issuer::lost,
    oauth_error,
};
use crate::engine::failure::Failure;

/// The way of the questions for one token.
#[derive(Debug)]
pub(super) struct Wire {
    exchange: Arc<dyn Exchange>,
    failure: Mutex<Failure>,
}

impl Wire {
    pub(super) fn new(exchange: &Arc<dyn Exchange>) -> Self {
        let unmade = "the question for a token cannot be made";
        Self {
            exchange: exchange.clone(),
            failure: Mutex::new(lost(unmade, "check the authority and the tenant")),
        }
    }

    /// What it means that a crate made no token of the last answer.
    pub(super) fn failure(&self) -> Failure {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The answer to `request`, unless it is only a reason to ask later.
    async fn carry(&self, request: Request) -> Result<Answer, Failure> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let form = request.body().and_then(Body::as_bytes);
        let secrets = oauth_error::secrets(form.unwrap_or_default());
        let answer = self.exchange.ask(request).await.map(Answer::with_numbers);
        let failure = match &answer {
            Ok(answer) if answer.status.is_success() => oauth_error::strange(&host),
            Ok(answer) => oauth_error::refused(&host, answer, &secrets),
            Err(failure) => failure.clone(),
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure.clone();
        match answer {
            Ok(answer) if !matches!(answer.status.as_u16(), 429 | 500..) => Ok(answer),
            _ => Err(failure),
        }
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async {
            let request = request.try_into().map_err(|_| self.failure())?;
            let answer = self.carry(request).await?;
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

/// Carries a request of Azure's crate, which is handed nothing of a refusal.
#[async_trait]
impl HttpClient for Wire {
    async fn execute_request(&self, request: &azure::Request) -> azure_core::Result<AsyncRawResponse> {
        let method = Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or_default();
        let mut ours = Request::new(method, request.url().clone());
        for (name, value) in request.headers().iter() {
            let name = HeaderName::try_from(name.as_str());
            if let (Ok(name), Ok(mut value)) = (name, HeaderValue::from_str(value.as_str())) {
                // Among them the one that proves to a managed identity who asks.
                value.set_sensitive(true);
                ours.headers_mut().insert(name, value);
            }
        }
        if let azure::Body::Bytes(form) = request.body() {
            *ours.body_mut() = Some(form.clone().into());
        }
        match self.carry(ours).await {
            Ok(Answer { status, body, .. }) if status.is_success() => Ok(AsyncRawResponse::from_bytes(
                status.as_u16().into(),
                Headers::new(),
                body,
            )),
            _ => Err(azure_core::Error::with_message(ErrorKind::Credential, "no token")),
        }
    }
}
