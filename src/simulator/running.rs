//! A marketplace that runs, and what may be asked about it from outside.

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
use super::premises::Premises;
use super::record::Request;
use super::routes;
use super::scenario::{LocationForm, Scenario, Script};
use super::server::Door;
use super::world::{World, identity};

/// How to run a marketplace.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes any.
    pub listen: SocketAddr,
    /// What it holds and how it behaves.
    pub scenario: Scenario,
    /// How fast its world moves: a finite number above zero. 1 is real time; next to nothing leaves it to
    /// [`Simulator::advance`].
    pub speed: f64,
    /// The token to ask for; a made-up one when absent.
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
    premises: Arc<Premises>,
    publisher: String,
    doors: Vec<JoinHandle<()>>,
    /// Dropped to close the doors.
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
        let listener = TcpListener::bind(listen).await?;
        let origin = origin(&listener)?;
        let astray = astray(&scenario).await?;
        let foreign = astray.as_ref().map(self::origin).transpose()?.unwrap_or_default();
        let world = World::new(&scenario, scenario.epoch.unwrap_or_else(wall_now));
        let token = token.unwrap_or_else(|| identity::guid(&["token", scenario.name()]));
        let premises = Arc::new(Premises::new(
            world,
            WorldClock::new(speed),
            token,
            origin,
            foreign,
        ));
        let router = routes::router(&premises);
        let front = Door {
            premises: Arc::clone(&premises),
            router,
            stray: false,
        };
        let back = Door {
            stray: true,
            ..front.clone()
        };
        let (open, closing) = watch::channel(());
        let mut doors = vec![tokio::spawn(front.serve(listener, closing.clone()))];
        doors.extend(astray.map(|listener| tokio::spawn(back.serve(listener, closing))));
        let publisher = scenario
            .publishers
            .first()
            .map(|publisher| publisher.id.clone())
            .unwrap_or_default();
        Ok(Self {
            premises,
            publisher,
            doors,
            open,
        })
    }

    /// Where it listens: `http://127.0.0.1:43210`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.premises.origin.clone()
    }

    /// The bearer token it asks for, until [`Simulator::renew_token`].
    #[must_use]
    pub fn token(&self) -> &str {
        &self.premises.token
    }

    /// From now on asks for another bearer token, as when a session has ended.
    pub fn renew_token(&self, token: &str) {
        self.premises.renew_token(token);
    }

    /// The id of the scenario's first publisher.
    #[must_use]
    pub fn publisher(&self) -> &str {
        &self.publisher
    }

    /// Every request, in the order they came; the last 20,000. One to the other origin is marked as stray.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.premises.record.all()
    }

    /// How many requests came so far.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.premises.record.count()
    }

    /// How many cancels of that offer got an operation canceled, now or later. An accepted cancel that came too
    /// late, met nothing running or failed as an operation of its own is none; a second one of an operation that
    /// is being canceled is one more.
    #[must_use]
    pub fn carried_out(&self, offer: &str) -> usize {
        self.premises
            .world()
            .offer(offer)
            .map_or(0, |offer| offer.carried_out)
    }

    /// The state word the operation has in truth, whatever the routes say.
    #[must_use]
    pub fn operation_state(&self, offer: &str, operation: &str) -> Option<String> {
        let world = self.premises.world();
        let operation = world.offer(offer)?.in_truth(operation, world.now())?;
        Some(operation.state(world.now()).to_owned())
    }

    /// The ids of the operations in the offer's list, newest first.
    #[must_use]
    pub fn operations(&self, offer: &str) -> Vec<String> {
        let world = self.premises.world();
        let offer = world.offer(offer);
        offer.map_or_else(Vec::new, |offer| {
            offer.listed(world.now()).map(|o| o.id.clone()).collect()
        })
    }

    /// Makes the world older at once.
    pub fn advance(&self, by: Duration) {
        self.premises.clock.jump(by);
    }

    /// From now on these answers come first: on the offer's routes, or without an offer on any.
    pub fn play(&self, offer: Option<&str>, script: Script) {
        let mut world = self.premises.world();
        match offer {
            None => world.play(script),
            Some(id) => {
                if let Some(offer) = world.offer_mut(id) {
                    offer.play(script);
                }
            }
        }
    }

    /// The offer's active operation ends by itself at once, and another starts.
    pub fn supersede(&self, offer: &str) {
        let mut world = self.premises.world();
        let now = world.now();
        if let Some(offer) = world.offer_mut(offer) {
            offer.supersede(now);
        }
    }

    /// Stops, and returns once nobody listens any more and every connection is closed.
    pub async fn stop(self) {
        drop(self.open);
        for door in self.doors {
            // It cannot fail but by a panic, which the runtime has told already.
            let _ = door.await;
        }
    }
}

/// Without the token.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Options");
        shown
            .field("listen", &self.listen)
            .field("scenario", &self.scenario.name())
            .field("speed", &self.speed);
        shown.finish_non_exhaustive()
    }
}

/// Without the token.
impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("origin", &self.premises.origin)
            .finish_non_exhaustive()
    }
}

fn origin(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

/// A second address, when the scenario sends clients there: to know whether any of them goes.
async fn astray(scenario: &Scenario) -> io::Result<Option<TcpListener>> {
    if scenario
        .offers
        .iter()
        .any(|offer| offer.cancel.location == LocationForm::Foreign)
    {
        return TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map(Some);
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
