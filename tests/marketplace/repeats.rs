//! One call of the sender is at most one request, whatever happens to the connection.

use countermand::engine::ports::SendFailure;

use crate::{
    Cancels as _, sender, sentence,
    server::{Reply, Server, answer},
    soon, target,
};

#[tokio::test]
async fn dropped_request_is_uncertain_and_not_repeated() {
    let cut = answer("202 Accepted", "", b"")[..9].to_vec();
    for bytes in [Vec::new(), cut, b"nonsense\r\n\r\n".to_vec()] {
        let server = Server::replying(vec![Reply::Last(bytes)]).await;
        let sent = sender(&server.origin)
            .send(&target(&server.origin), &[], soon())
            .await;
        let Err(SendFailure::AnswerLost(failure)) = sent else {
            panic!("{sent:?}");
        };
        assert!(
            sentence(&failure).contains("may have been carried out"),
            "{failure}"
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn sender_connections_are_not_reused() {
    let ok = answer("200 OK", "", b"{}");
    let server = Server::replying(vec![
        Reply::Bytes(ok.clone()),
        Reply::Last(ok),
        Reply::Last(Vec::new()),
    ])
    .await;
    let (sender, target) = (sender(&server.origin), target(&server.origin));
    // Kept open by the server, closed when idle, and closed at the next request.
    assert!(sender.send(&target, &[], soon()).await.is_ok());
    assert!(sender.send(&target, &[], soon()).await.is_ok());
    let sent = sender.send(&target, &[], soon()).await;
    assert!(matches!(sent, Err(SendFailure::AnswerLost(_))), "{sent:?}");
    assert_eq!((server.requests().len(), server.connections()), (3, 3));
}
