//! What an engine is made of.

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

/// What an engine is made of.
#[derive(Clone)]
pub struct EngineDeps {
    /// The service.
    pub origin: Origin,
    /// The publisher whose offers are shown.
    pub publisher: PublisherId,
    /// The profile's name, for the record.
    pub profile: SafeText,
    /// Who this is, for the record and for claims. No two engines share one.
    pub owner: Owner,
    /// Reads the marketplace.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sends cancels; none makes the engine read-only.
    pub canceller: Option<Arc<dyn Canceller>>,
    /// Keeps the facts.
    pub journal: Arc<dyn Journal>,
    /// Tells the wall time.
    pub clock: Arc<dyn Clock>,
    /// The intervals.
    pub poll_intervals: PollIntervals,
}
