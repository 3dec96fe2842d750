//! Dependencies of an engine.

use std::sync::Arc;

use crate::{
    domain::{
        fact::Owner,
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    engine::{
        ports::{Canceller, Catalogue, Clock, Journal},
        schedule::PollIntervals,
    },
};

/// Dependencies of an engine.
#[derive(Clone)]
pub struct EngineDeps {
    /// Origin of the service.
    pub origin: Origin,
    /// Publisher whose offers are shown.
    pub publisher: PublisherId,
    /// Name of the profile, for the record.
    pub profile: SafeText,
    /// Owner of this engine's claims. No two engines share one.
    pub owner: Owner,
    /// Reads the marketplace.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sends cancels; none makes the engine read-only.
    pub canceller: Option<Arc<dyn Canceller>>,
    /// Keeps the facts.
    pub journal: Arc<dyn Journal>,
    /// Provides the wall time.
    pub clock: Arc<dyn Clock>,
    /// Polling intervals.
    pub poll_intervals: PollIntervals,
}
