//! A marketplace that runs, as seen and moved from outside.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::clock::WorldClock;
use super::record::{Recorder, Request};
use super::scenario::{CancelLocation, Scenario, Script};
use super::server::Server;
use super::state::ServerState;
use super::{cpp, identity};

/// Options to run a marketplace with.
#[derive(Clone)]
pub struct Options {
    /// The address to listen on; port 0 takes any.
    pub listen: SocketAddr,
    /// Its contents and its behavior.
    pub scenario: Scenario,
    /// The speed of its world: a finite number above zero. 1 is real time; next to nothing leaves it to
    /// [`Simulator::advance`].
    pub speed: f64,
    /// The token to accept; a made-up one when absent.
    pub token: Option<String>,
}

impl Options {
    /// Any port of the loopback, real time, a made-up token.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            scenario,
            speed: 1.0,
            token: None,
        }
    }
}

/// A running marketplace. It stops accepting, and closes all connections, once this is dropped.
pub struct Simulator {
    state: Arc<ServerState>,
    token: String,
    publisher: String,
    servers: Vec<JoinHandle<()>>,
    /// Dropped to stop the servers.
    open: watch::Sender<()>,
}

impl Simulator {
    /// Starts to listen and to serve. Needs a tokio runtime with time and network.
    ///
    /// # Errors
    /// When the address cannot be had, or the speed is no finite number above zero.
    pub async fn start(options: Options) -> io::Result<Self> {
        let Options {
            listen,
            scenario,
            speed,
            token,
        } = options;
        if !(speed.is_finite() && speed > 0.0) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the speed must be a number above zero",
            ));
        }
        let (listener, origin) = bind(listen).await?;
        let (elsewhere, foreign) = bind_elsewhere(&scenario).await?.unzip();
        let token = token.unwrap_or_else(|| identity::guid(&["token", scenario.name()]));
        let publisher = scenario.first_publisher().to_owned();
        let state = Arc::new(ServerState {
            world: scenario.into_world(wall_now()).into(),
            clock: WorldClock::new(speed),
            token: token.clone().into(),
            origin,
            foreign: foreign.unwrap_or_default(),
            record: Recorder::default(),
        });
        let server = Server {
            router: cpp::router(&state),
            state: Arc::clone(&state),
            stray: false,
        };
        let (open, closing) = watch::channel(());
        let mut servers = vec![tokio::spawn(server.clone().serve(listener, closing.clone()))];
        if let Some(listener) = elsewhere {
            let stray = Server {
                stray: true,
                ..server
            };
            servers.push(tokio::spawn(stray.serve(listener, closing)));
        }
        Ok(Self {
            state,
            token,
            publisher,
            servers,
            open,
        })
    }

    /// The origin it serves: `http://127.0.0.1:43210`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.state.origin.clone()
    }

    /// The bearer token it accepts, until [`Simulator::renew_token`].
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Accepts another bearer token from now on, as when a session has ended.
    pub fn renew_token(&self, token: &str) {
        self.state.renew_token(token);
    }

    /// The id of the scenario's first publisher.
    #[must_use]
    pub fn publisher(&self) -> &str {
        &self.publisher
    }

    /// Every request, in the order they came; the last 20,000. One to the other origin is marked as stray.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state.record.all()
    }

    /// The number of requests so far.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.state.record.count()
    }

    /// The number of cancels of that offer that got an operation canceled, now or later. An accepted cancel that came too
    /// late, met nothing running or failed as an operation of its own is none; a second one of an operation that
    /// is being canceled is one more.
    #[must_use]
    pub fn carried_out(&self, offer: &str) -> usize {
        self.state
            .world()
            .offer(offer)
            .map_or(0, |offer| offer.carried_out)
    }

    /// The state word the operation has in truth, whatever the routes say.
    #[must_use]
    pub fn operation_state(&self, offer: &str, operation: &str) -> Option<String> {
        let world = self.state.world();
        let now = world.time.now;
        let operation = world.offer(offer)?.in_truth(operation, now)?;
        Some(operation.state(now).to_owned())
    }

    /// The ids of the operations in the offer's list, newest first.
    #[must_use]
    pub fn operations(&self, offer: &str) -> Vec<String> {
        let world = self.state.world();
        let listed = world.offer(offer).map(|offer| offer.listed(world.time.now));
        let ids = listed.into_iter().flatten().map(|operation| operation.id.clone());
        ids.collect()
    }

    /// Makes the world older at once.
    pub fn advance(&self, by: Duration) {
        self.state.clock.jump(by);
    }

    /// Lets these answers come first from now on: on the offer's routes, or without an offer on any.
    pub fn play(&self, offer: Option<&str>, script: Script) {
        let mut world = self.state.world();
        let scripts = match offer {
            None => Some(&mut world.scripts),
            Some(id) => world.offer_mut(id).map(|offer| &mut offer.scripts),
        };
        if let Some(scripts) = scripts {
            scripts.insert(0, script);
        }
    }

    /// Ends the offer's active operation by itself at once, and starts another.
    pub fn supersede(&self, offer: &str) {
        let mut world = self.state.world();
        let now = world.time.now;
        if let Some(offer) = world.offer_mut(offer) {
            offer.supersede(now);
        }
    }

    /// Stops, and returns once nobody listens any more and every connection is closed.
    pub async fn stop(self) {
        drop(self.open);
        for server in self.servers {
            // It cannot fail but by a panic, which the runtime has reported already.
            let _ = server.await;
        }
    }
}

/// Without the token.
impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("origin", &self.state.origin)
            .finish_non_exhaustive()
    }
}

/// A listener and its origin.
async fn bind(address: SocketAddr) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    Ok((listener, origin))
}

/// Another origin, when the scenario sends clients there: to know whether any of them goes.
async fn bind_elsewhere(scenario: &Scenario) -> io::Result<Option<(TcpListener, String)>> {
    let mut offers = scenario.offers.iter();
    if offers.any(|offer| offer.cancel.location == CancelLocation::Foreign) {
        return bind((Ipv4Addr::LOCALHOST, 0).into()).await.map(Some);
    }
    Ok(None)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the practice world's epoch, and the only time it reads a wall clock"
)]
fn wall_now() -> Timestamp {
    // A clock that is set beyond the last moment that has a name is at that one.
    Timestamp::try_from(std::time::SystemTime::now()).unwrap_or(Timestamp::MAX)
}
