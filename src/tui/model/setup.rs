//! What does not change while a dashboard runs: the profile, and what the terminal can show.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;

use crate::{
    domain::{
        confirmation::Address,
        ids::{Origin, PublisherId},
        text::SafeText,
    },
    engine::Characteristics,
    settings::{ProfileSummary, ReadOnly},
    tui::{model::Preferences, theme::Capabilities},
};

/// What does not change while a dashboard runs on one profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The profile's name.
    pub profile: SafeText,
    /// What has to be known of the service.
    pub service: &'static Characteristics,
    /// Where the service is reached.
    pub origin: Origin,
    /// The publisher; empty as long as nobody knows, and then nothing is asked of it.
    pub publisher: PublisherId,
    /// Why nothing can be cancelled; none when it can.
    pub read_only: Option<ReadOnly>,
    /// Every profile there is, this one among them.
    pub profiles: Arc<[ProfileSummary]>,
    /// Who is mailed by default.
    pub notify: Vec<Address>,
    /// How long a cancellation is followed.
    pub timeout: Duration,
    /// The zone that times of day are shown in.
    pub zone: TimeZone,
    /// What the terminal can show.
    pub look: Capabilities,
    /// How it is worked, and how it reaches a person beyond the screen.
    pub preferences: Preferences,
    /// What a newcomer is told in a line of the header, such as that this is the simulator.
    pub banner: Option<SafeText>,
}

impl Setup {
    /// Whether it is known whose offers are shown.
    pub(crate) fn has_publisher(&self) -> bool {
        !self.publisher.raw().is_empty()
    }
}
