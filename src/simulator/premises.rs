//! What all requests share: the world behind its lock, its clock, the token, the record.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::clock::WorldClock;
use super::record::Recorder;
use super::world::World;

/// Shared by all connections.
pub(crate) struct Premises {
    world: Mutex<World>,
    pub(crate) clock: WorldClock,
    pub(crate) token: String,
    /// The token that took its place.
    renewed: Mutex<Option<String>>,
    /// `http://host:port`
    pub(crate) origin: String,
    /// Another origin, for the scenarios that send clients astray.
    pub(crate) foreign: String,
    pub(crate) record: Recorder,
}

impl Premises {
    /// Around a world.
    pub(crate) fn new(
        world: World,
        clock: WorldClock,
        token: String,
        origin: String,
        foreign: String,
    ) -> Self {
        Self {
            world: Mutex::new(world),
            clock,
            token,
            renewed: Mutex::default(),
            origin,
            foreign,
            record: Recorder::default(),
        }
    }

    /// Whether `token` is the one to bring.
    pub(crate) fn accepts(&self, token: &str) -> bool {
        let renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        token == renewed.as_ref().unwrap_or(&self.token)
    }

    /// From now on only `token` is accepted.
    pub(crate) fn renew_token(&self, token: &str) {
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        *renewed = Some(token.to_owned());
    }

    /// The world, at this moment.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.advance(self.clock.now());
        world
    }
}
