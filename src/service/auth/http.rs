//! HTTP exchange with token issuers: bounded answers, no redirects, and no part of a request in any text.

use std::{fmt, path::Path};

use async_trait::async_trait;
use reqwest::{Client, Request, StatusCode, header::HeaderMap};

use serde_json::Value;

use super::issuer::lost;
use crate::{
    engine::failure::Failure,
    service::http::{body, errors::network, proxy::Proxy, transport},
};

/// Maximum size of an answer in bytes.
const LIMIT: usize = 1 << 20;

/// Sends a request to an issuer, once.
#[async_trait]
pub(super) trait Exchange: fmt::Debug + Send + Sync {
    /// Returns an answer of any status, or the failure.
    async fn send(&self, request: Request) -> Result<Answer, Failure>;
}

/// Exchange over the network.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    route: Route,
}

/// An answer of any status.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Converts the numbers that Entra v1 writes as text, which the parsing crates reject, and drops any that would
    /// overflow the time.
    pub(super) fn with_numbers(mut self) -> Self {
        const A_YEAR: u64 = 365 * 24 * 60 * 60;
        const NUMBERS: &[&str] = &["expires_in", "ext_expires_in", "interval"];
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(&self.body) else {
            return self;
        };
        let mut changed = false;
        for field in fields
            .iter_mut()
            .filter(|(name, _)| NUMBERS.contains(&name.as_str()))
        {
            let number = match &*field.1 {
                Value::String(text) => text.trim().parse::<u64>().ok(),
                Value::Number(number) => number.as_i64().map(|number| u64::try_from(number).unwrap_or(0)),
                _ => None,
            };
            if let Some(number) = number.map(|number| Value::from(number.min(A_YEAR)))
                && number != *field.1
            {
                *field.1 = number;
                changed = true;
            }
        }
        if changed {
            self.body = Value::Object(fields).to_string().into_bytes();
        }
        self
    }
}

/// Route of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Through the proxy of the environment, if one is set.
    Usual,
    /// Direct: the address is valid on this machine alone.
    Direct,
}

impl Http {
    pub(super) fn new(ca_file: Option<&Path>, route: Route) -> Result<Self, Failure> {
        transport::signing_in(ca_file, route == Route::Direct)
            .map(|client| Self { client, route })
            .map_err(|failure| Failure {
                request: "sign-in".into(),
                ..failure
            })
    }
}

#[async_trait]
impl Exchange for Http {
    async fn send(&self, request: Request) -> Result<Answer, Failure> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let on_the_way =
            |failure: Failure| lost(&format!("{host}: {}", failure.what), failure.advice.as_str());
        let label = "sign-in".into();
        let proxy = match self.route {
            Route::Usual => Proxy::of_environment(request.url()),
            Route::Direct => None,
        };
        let response = self
            .client
            .execute(request)
            .await
            .map_err(|error| on_the_way(network::lost(&label, &error, proxy.as_ref())))?;
        let (status, headers) = (response.status(), response.headers().clone());
        tracing::debug!(%host, status = status.as_u16(), "answered a question for a token");
        let body = body::read(response, LIMIT)
            .await
            .map_err(|unread| on_the_way(network::unread(&label, &unread)))?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_never_overflow_the_time() {
        for (body, expected) in [
            (r#"{"expires_in":"3599"}"#, r#"{"expires_in":3599}"#),
            (r#"{"expires_in":3599}"#, r#"{"expires_in":3599}"#),
            (
                r#"{"expires_in":9223372036854775807}"#,
                r#"{"expires_in":31536000}"#,
            ),
            (r#"{"interval":-9223372036854775808}"#, r#"{"interval":0}"#),
            (r#"{"expires_in":"soon"}"#, r#"{"expires_in":"soon"}"#),
        ] {
            let answer = Answer {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                body: body.into(),
            };
            assert_eq!(String::from_utf8(answer.with_numbers().body).unwrap(), expected);
        }
    }
}
