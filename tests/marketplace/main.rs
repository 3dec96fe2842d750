//! The client and the sender against handwritten bytes on real sockets. The simulator is not used here, so that a
//! mistake cannot hide in both.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod bounds;
mod errors;
mod forms;
mod locations;
mod operations;
mod repeats;
mod sending;
mod server;
mod sign_in;
mod silence;
mod tls;
mod trust;

use std::{sync::Arc, time::Duration};

use countermand::{
    domain::{
        answer::Answer,
        confirmation::Address,
        ids::{OfferId, Origin, PublisherId},
        target::{Binding, Target},
    },
    engine::{
        failure::Failure,
        ports::{Canceller as _, SendFailure},
    },
    service::{
        auth::StaticToken,
        cpp::{Client, Sender},
        http::ClientOptions,
    },
};
use tokio::time::Instant;

/// Default token of the tests.
pub(crate) const TOKEN: &str = "eyJ0eXAi.secret-of-the-test.sig_-";
/// Id of the operation of [`target`].
pub(crate) const OPERATION: &str = "408a4835-0000-1000-0000-000000000000";

pub(crate) fn token(raw: &str) -> Arc<StaticToken> {
    Arc::new(StaticToken::new(&raw.to_owned().into()).unwrap())
}

pub(crate) fn options(origin: &Origin) -> ClientOptions {
    ClientOptions::new(origin.clone(), token(TOKEN))
}

pub(crate) fn client(origin: &Origin) -> Client {
    Client::new(&options(origin)).unwrap()
}

pub(crate) fn sender(origin: &Origin) -> Sender {
    Sender::new(&options(origin)).unwrap()
}

/// Cancels as the engine does, without a pause between connection and request.
pub(crate) trait Cancels {
    async fn send(
        &self,
        target: &Target,
        notify: &[Address],
        not_after: Instant,
    ) -> Result<Answer, SendFailure>;
}

impl Cancels for Sender {
    async fn send(
        &self,
        target: &Target,
        notify: &[Address],
        not_after: Instant,
    ) -> Result<Answer, SendFailure> {
        let ready = self.connect(target).await.map_err(SendFailure::NotSent)?;
        ready.send(notify, not_after).await
    }
}

/// Returns a deadline for sending a cancel.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

pub(crate) fn contoso() -> PublisherId {
    PublisherId::new("contoso")
}

pub(crate) fn vm() -> OfferId {
    OfferId::new("contoso-vm")
}

pub(crate) fn target(origin: &Origin) -> Target {
    Target {
        origin: origin.clone(),
        publisher: contoso(),
        offer: vm(),
        binding: Binding::Operation(OPERATION.into()),
    }
}

/// Returns the full text of a failure, after checking that no form of it shows the token.
pub(crate) fn sentence(failure: &Failure) -> String {
    let shown = format!("{failure} {failure:?}");
    assert!(!shown.contains(TOKEN) && !shown.contains("secret-of"), "{shown}");
    failure.to_string()
}
