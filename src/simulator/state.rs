//! State shared by all requests: the world behind its lock, its clock, the token, the record.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::clock::WorldClock;
use super::record::Recorder;
use super::world::World;

/// State shared by all connections.
pub(crate) struct ServerState {
    pub(crate) world: Mutex<World>,
    pub(crate) clock: WorldClock,
    /// The token to bring.
    pub(crate) token: Mutex<String>,
    /// `http://host:port`
    pub(crate) origin: String,
    /// Another origin, for the scenarios that send clients astray.
    pub(crate) foreign: String,
    pub(crate) record: Recorder,
}

impl ServerState {
    /// Checks that `token` is the one to bring.
    pub(crate) fn accepts(&self, token: &str) -> bool {
        *lock(&self.token) == token
    }

    /// Accepts only `token` from now on.
    pub(crate) fn renew_token(&self, token: &str) {
        token.clone_into(&mut lock(&self.token));
    }

    /// The world, at this moment.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = lock(&self.world);
        world.advance(self.clock.now());
        world
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
