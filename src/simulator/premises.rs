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
            origin,
            foreign,
            record: Recorder::default(),
        }
    }

    /// The world, at this moment.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.advance(self.clock.now());
        world
    }
}
