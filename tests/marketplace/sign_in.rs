//! A refused token is replaced once, and the request sent once more.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use countermand::{
    engine::{
        failure::{Class, Failure},
        ports::{Canceller as _, Catalogue, SendFailure},
    },
    service::{
        auth::TokenSource,
        cpp::{Client, Sender},
        http::ClientOptions,
    },
};
use secrecy::SecretString;

use crate::{
    Cancels as _, client, contoso, sentence,
    server::{Reply, Server, header},
    soon, target,
};

/// Token source that yields `token-0`, then `token-1` after one renewal, and so on.
#[derive(Default)]
struct Counting {
    renewals: AtomicUsize,
}

#[async_trait]
impl TokenSource for Counting {
    async fn token(&self) -> Result<SecretString, Failure> {
        let renewals = self.renewals.load(Ordering::SeqCst);
        Ok(format!("token-{renewals}").into())
    }

    async fn renew(&self) -> Result<(), Failure> {
        self.renewals.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// Token source that yields invalid header text.
struct Unfit;

#[async_trait]
impl TokenSource for Unfit {
    async fn token(&self) -> Result<SecretString, Failure> {
        Ok("secret-of\r\nX-Evil: 1".to_owned().into())
    }

    async fn renew(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// Starts a service that accepts one token.
async fn accepting(token: &'static str) -> Server {
    Server::start(move |_, request| {
        if header(request, "authorization") == Some(&format!("Bearer {token}")) {
            Reply::json("200 OK", "[]")
        } else {
            Reply::json("401 Unauthorized", r#"{"Message":"Token expired"}"#)
        }
    })
    .await
}

#[tokio::test]
async fn refused_token_is_replaced_once_for_all_requests() {
    let server = accepting("token-1").await;
    let tokens = Arc::new(Counting::default());
    let client = Client::new(&ClientOptions::new(server.origin.clone(), tokens.clone())).unwrap();
    let publisher = contoso();
    let requests = (0..8).map(|_| client.offers(&publisher));
    for answer in futures_util::future::join_all(requests).await {
        answer.unwrap();
    }
    assert_eq!(tokens.renewals.load(Ordering::SeqCst), 1);
    assert!(server.requests().len() <= 16);
}

#[tokio::test]
async fn second_refusal_fails_the_request() {
    let server = accepting("another").await;
    let tokens = Arc::new(Counting::default());
    let client = Client::new(&ClientOptions::new(server.origin.clone(), tokens.clone())).unwrap();
    let failure = client.offers(&contoso()).await.unwrap_err();
    assert_eq!((failure.class, failure.status), (Class::SignIn, Some(401)));
    assert!(sentence(&failure).contains("Token expired"), "{failure}");
    assert_eq!(
        (server.requests().len(), tokens.renewals.load(Ordering::SeqCst)),
        (2, 1)
    );
}

#[tokio::test]
async fn irreplaceable_token_error_names_a_remedy() {
    let server = accepting("another").await;
    let failure = client(&server.origin).offers(&contoso()).await.unwrap_err();
    assert_eq!((failure.class, failure.status), (Class::SignIn, Some(401)));
    let sentence = sentence(&failure);
    assert!(
        sentence.contains("Token expired") && sentence.contains("az account get-access-token"),
        "{sentence}"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn invalid_header_token_is_not_sent_and_not_shown() {
    let server = accepting("another").await;
    let options = ClientOptions::new(server.origin.clone(), Arc::new(Unfit));
    let failure = Client::new(&options)
        .unwrap()
        .offers(&contoso())
        .await
        .unwrap_err();
    assert_eq!(failure.class, Class::SignIn);
    assert!(
        sentence(&failure).starts_with("sign-in: "),
        "no request was sent: {failure}"
    );
    let sent = Sender::new(&options)
        .unwrap()
        .send(&target(&server.origin), &[], soon())
        .await;
    assert!(
        matches!(&sent, Err(SendFailure::NotSent(failure)) if failure.class == Class::SignIn),
        "{sent:?}"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn sender_reports_a_401_and_renews_only_on_request() {
    let server = accepting("token-1").await;
    let tokens = Arc::new(Counting::default());
    let sender = Sender::new(&ClientOptions::new(server.origin.clone(), tokens.clone())).unwrap();
    assert_eq!(
        sender
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap()
            .http_status,
        401
    );
    assert_eq!(
        (server.requests().len(), tokens.renewals.load(Ordering::SeqCst)),
        (1, 0)
    );
    sender.renew_sign_in().await.unwrap();
    assert_eq!(
        sender
            .send(&target(&server.origin), &[], soon())
            .await
            .unwrap()
            .http_status,
        200
    );
}
