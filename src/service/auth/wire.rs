//! Transport for `azure_identity` and `oauth2` over the bounded HTTP client.
//!
//! The outcome of each request is kept in the program's own words: the crates' errors may quote an answer, so none of
//! them is shown after one. Knows no kind of credential.

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

/// Transport of the requests for one token.
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

    /// Returns the failure to report when a crate made no token of the last answer.
    pub(super) fn failure(&self) -> Failure {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the answer to `request`, unless it only is a reason to retry later.
    async fn carry(&self, request: Request) -> Result<Answer, Failure> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let form = request.body().and_then(Body::as_bytes);
        let secrets = oauth_error::secrets(form.unwrap_or_default());
        let answer = self.exchange.send(request).await.map(Answer::with_numbers);
        let failure = match &answer {
            Ok(answer) if answer.status.is_success() => oauth_error::missing_token(&host),
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

/// Sends a request of `azure_identity`, and withholds refusals from it.
#[async_trait]
impl HttpClient for Wire {
    async fn execute_request(&self, request: &azure::Request) -> azure_core::Result<AsyncRawResponse> {
        let method = Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or_default();
        let mut ours = Request::new(method, request.url().clone());
        for (name, value) in request.headers().iter() {
            let name = HeaderName::try_from(name.as_str());
            if let (Ok(name), Ok(mut value)) = (name, HeaderValue::from_str(value.as_str())) {
                // One of them is the header that authenticates a request to a managed identity.
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
