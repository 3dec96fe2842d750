//! Starting, stopping, and the record of requests.

use std::net::Ipv4Addr;

use tokio::net::TcpStream;

use super::*;

async fn start(change: impl FnOnce(&mut Options)) -> std::io::Result<Simulator> {
    let mut options = Options::new(Scenario::bundled("accepted-location").unwrap());
    change(&mut options);
    Simulator::start(options).await
}

#[tokio::test]
async fn a_speed_that_is_none_is_refused() {
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = start(|options| options.speed = speed).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{speed}");
    }
}

#[tokio::test]
async fn a_fast_world_is_soon_old() {
    let simulator = start(|options| options.speed = 1e12).await.unwrap();
    // A microsecond of ours is eleven days of theirs; the operation takes six hours.
    let operation = simulator.operations(VM)[0].clone();
    assert_eq!(simulator.operation_state(VM, &operation).unwrap(), "succeeded");
}

#[tokio::test]
async fn the_token_is_the_one_that_was_given() {
    let simulator = start(|options| options.token = Some("sesame".into()))
        .await
        .unwrap();
    assert_eq!(simulator.token(), "sesame");
    assert_eq!(simulator.publisher(), "contoso");
}

#[tokio::test]
async fn two_worlds_do_not_share_an_address() {
    let first = start(|_| ()).await.unwrap();
    let port = first.origin().rsplit(':').next().unwrap().parse().unwrap();
    let taken = start(|options| options.listen = (Ipv4Addr::LOCALHOST, port).into()).await;
    assert_eq!(taken.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn once_stopped_nobody_listens_and_open_connections_are_closed() {
    let bench = Bench::bundled("accepted-location").await;
    assert_eq!(bench.get("").await.status, 200);
    let address = bench.simulator.origin().replace("http://", "");
    let open = TcpStream::connect(&address).await.unwrap();
    soon(bench.simulator.stop()).await;
    soon(open.readable()).await.unwrap();
    assert!(open.try_read(&mut [0; 8]).map_or(true, |read| read == 0));
    assert!(TcpStream::connect(&address).await.is_err());
}

#[tokio::test]
async fn requests_are_recorded_in_order_with_all_they_brought() {
    let bench = Bench::bundled("accepted-location").await;
    bench.get("").await;
    let url = format!("{}{CANCEL}", bench.simulator.origin());
    let body = r#"{"metadata":{"notification-emails":"a@contoso.com"}}"#;
    bench
        .client
        .post(url)
        .bearer_auth(bench.simulator.token())
        .body(body)
        .send()
        .await
        .unwrap();
    let requests = bench.simulator.requests();
    assert_eq!(bench.simulator.request_count(), 2);
    assert_eq!(
        requests.iter().map(|r| r.method.as_str()).collect::<Vec<_>>(),
        ["GET", "POST"]
    );
    assert_eq!(requests[1].target, CANCEL);
    assert_eq!(requests[1].path(), CANCEL.split('?').next().unwrap());
    assert_eq!(requests[1].body, body);
    assert_eq!(
        requests[1].header("authorization").unwrap(),
        format!("Bearer {}", bench.simulator.token())
    );
    assert_eq!(requests[1].header("if-match"), None);
    assert!(requests[1].is_cancel() && !requests[0].is_cancel());
}

#[tokio::test]
async fn answers_of_a_slow_world_take_their_time_and_not_the_worlds() {
    let text = "latency = '30ms'\noffers = [{ id = 'contoso-vm', operations = [{}] }]";
    let bench = Bench::toml(text).await;
    let started = tokio::time::Instant::now();
    bench.get("").await;
    assert!(started.elapsed() >= Duration::from_millis(30));
}

#[tokio::test]
async fn once_dropped_nobody_listens() {
    let simulator = start(|_| ()).await.unwrap();
    let address = simulator.origin().replace("http://", "");
    drop(simulator);
    let closed = async {
        while TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    soon(closed).await;
}

#[tokio::test]
async fn the_token_is_not_shown() {
    let simulator = start(|options| options.token = Some("sesame".into())).await;
    assert!(!format!("{:?}", simulator.unwrap()).contains("sesame"));
}

#[test]
fn the_slow_world_takes_three_seconds() {
    assert_eq!(Scenario::bundled("slow").unwrap().latency.as_secs(), 3);
}
