//! Carries the requests of the `oauth2` crate over our own bounded way, and keeps in our words what was refused.

use std::{future::Future, pin::Pin};

use oauth2::{AsyncHttpClient, ErrorResponse, HttpRequest, HttpResponse, RequestTokenError};

use super::super::{error_slot::ErrorSlot, http::Exchange, issuer::lost, oauth_error};
use crate::engine::failure::Failure;

/// The way of the requests of one question.
pub(super) struct Call<'a> {
    exchange: &'a dyn Exchange,
    host: &'a str,
    refused: ErrorSlot,
}

impl<'a> Call<'a> {
    pub(super) fn new(exchange: &'a dyn Exchange, host: &'a str) -> Self {
        Self {
            exchange,
            host,
            refused: ErrorSlot::default(),
        }
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let secrets = oauth_error::secrets(request.body());
        let request = reqwest::Request::try_from(request).map_err(|_| {
            lost(
                "the question for a token cannot be made",
                "check the authority and the tenant",
            )
        })?;
        let answer = self.exchange.ask(request).await?.with_numbers();
        if !answer.status.is_success() {
            let refused = oauth_error::refused(self.host, &answer, &secrets);
            // Not an answer to the question but a reason to ask it later.
            if answer.status.is_server_error() || answer.status.as_u16() == 429 {
                return Err(refused);
            }
            self.refused.keep(refused);
        }
        let mut response = HttpResponse::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    /// What `error` means; its own words can hold the whole answer.
    pub(super) fn failure<T>(&self, error: RequestTokenError<Failure, T>) -> Failure
    where
        T: ErrorResponse + 'static,
    {
        match error {
            RequestTokenError::Request(failure) => failure,
            _ => self
                .refused
                .take()
                .unwrap_or_else(|| oauth_error::strange(self.host)),
        }
    }
}

impl<'c> AsyncHttpClient<'c> for Call<'_> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
