//! The simulator over real sockets.

mod body;
mod bundled;
mod cancels;
mod demo;
mod gate;
mod golden;
mod lost;
mod malformed;
mod quirks;
mod reading;
mod running;
mod scripts;
mod time;
mod witnesses;

use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde_json::Value;

use super::{Options, Scenario, Simulator};

/// A simulator and a client at it.
struct Bench {
    simulator: Simulator,
    client: Client,
}

/// Waits for what comes at once; were it not to come, the test ends rather than hangs.
async fn soon<T>(awaited: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), awaited)
        .await
        .expect("it never came")
}

/// An answer, read to its end.
#[derive(Debug)]
struct Seen {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: String,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {:?}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Bench {
    async fn bundled(name: &str) -> Self {
        Self::of(Scenario::bundled(name).unwrap()).await
    }

    async fn toml(text: &str) -> Self {
        Self::of(Scenario::parse(text).unwrap()).await
    }

    async fn of(scenario: Scenario) -> Self {
        // Its world all but stands still, so that only `pass` moves it and no busy machine can.
        let options = Options {
            speed: 1e-9,
            ..Options::new(scenario)
        };
        Self::run(options).await
    }

    async fn run(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let redirect = reqwest::redirect::Policy::none();
        Self {
            simulator,
            client: Client::builder().no_proxy().redirect(redirect).build().unwrap(),
        }
    }

    async fn send(&self, method: Method, target: &str) -> reqwest::Result<Response> {
        let url = format!("{}{target}", self.simulator.origin());
        self.client
            .request(method, url)
            .bearer_auth(self.simulator.token())
            .send()
            .await
    }

    /// Asks for a target, query and all.
    async fn ask(&self, method: Method, target: &str) -> Seen {
        let response = soon(self.send(method, target)).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Seen {
            status,
            headers,
            body: response.text().await.unwrap(),
        }
    }

    /// Gets a path below the publisher's offers.
    async fn get(&self, path: &str) -> Seen {
        let separator = if path.contains('?') { '&' } else { '?' };
        let publisher = self.simulator.publisher();
        let target = format!("/api/publishers/{publisher}/offers{path}{separator}api-version=2017-10-31");
        self.ask(Method::GET, &target).await
    }

    async fn cancel(&self) -> Seen {
        self.ask(Method::POST, CANCEL).await
    }

    /// The id of the newest operation of the offer that matters.
    fn newest(&self) -> String {
        self.simulator.operations(VM)[0].clone()
    }

    /// Its state in truth.
    fn state(&self, operation: &str) -> String {
        self.simulator.operation_state(VM, operation).unwrap()
    }

    fn carried_out(&self) -> usize {
        self.simulator.carried_out(VM)
    }

    fn pass(&self, seconds: u64) {
        self.simulator.advance(Duration::from_secs(seconds));
    }
}

const VM: &str = "contoso-vm";
const CANCEL: &str = "/api/publishers/contoso/offers/contoso-vm/cancel?api-version=2017-10-31";
