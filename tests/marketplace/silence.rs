//! Connections that were good and have died silently since.

use std::time::Duration;

use countermand::{engine::ports::Catalogue, service::cpp::Client};

use crate::{
    client, contoso, options,
    server::{Reply, Server},
};

fn answer() -> Reply {
    Reply::json("200 OK", "[]")
}

#[tokio::test]
async fn silent_connection_is_not_reused() {
    let silent = || Reply::Silence(Vec::new());
    let server = Server::replying(vec![answer(), silent(), answer()]).await;
    let mut options = options(&server.origin);
    options.limits.head = Duration::from_millis(100);
    let client = Client::new(&options).unwrap();
    client.offers(&contoso()).await.unwrap();
    assert!(client.offers(&contoso()).await.is_err());
    client.offers(&contoso()).await.unwrap();
    assert_eq!(
        server.connections(),
        2,
        "the second was on the old connection, the third on a new one"
    );
}

#[tokio::test]
async fn look_on_a_dead_connection_reconnects_once() {
    let gone = || Reply::Last(Vec::new());
    let server = Server::replying(vec![answer(), gone(), answer()]).await;
    let client = client(&server.origin);
    for _ in 0..2 {
        client.offers(&contoso()).await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (3, 2));
}

#[tokio::test]
async fn constant_hang_ups_are_not_retried_forever() {
    let gone = || Reply::Last(Vec::new());
    let server = Server::replying(vec![answer(), gone()]).await;
    let client = client(&server.origin);
    client.offers(&contoso()).await.unwrap();
    for requests in [3, 4, 5] {
        assert!(client.offers(&contoso()).await.is_err());
        assert_eq!(
            server.requests().len(),
            requests,
            "once anew after a good answer, then never"
        );
    }
}
