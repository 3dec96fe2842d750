//! The dashboard and the verbs at the service that the settings name.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{
    app::{
        Obstacle,
        dashboard::{self, Show},
        locale, log,
        parts::{Service, journal},
    },
    domain::verdict::Exit,
    marketplace::credentials::StaticToken,
    settings::{Environment, Flags, ReadOnlyBy, Settings},
    tui::{
        model::{ReadOnly, Setup},
        shell::Pacing,
    },
};

/// The service that the settings name.
pub(super) fn named_by(settings: &Settings) -> Result<Service, Obstacle> {
    // The publisher first: who has set nothing yet reads the errors in the order of the work.
    let publisher = settings.publisher()?.clone();
    let token = StaticToken::new(settings.token()?)?;
    Ok(Service {
        profile: settings.profile.value.clone(),
        origin: settings.origin.value.clone(),
        publisher,
        token: Arc::new(token),
        ca_file: settings.ca_file.clone(),
        read_only: settings.read_only.is_some(),
    })
}

/// The dashboard on the configured profile.
pub(super) fn dashboard(flags: &Flags, environment: &Environment) -> Result<Exit, Obstacle> {
    let settings = Settings::load(flags, environment)?;
    let service = named_by(&settings)?;
    let setup = Setup {
        profile: service.profile.clone(),
        origin: service.origin.clone(),
        publisher: service.publisher.clone(),
        read_only: settings.read_only.map(|by| match by {
            ReadOnlyBy::Everywhere => ReadOnly::Everywhere,
            ReadOnlyBy::Profile => ReadOnly::Profile,
        }),
        notify: settings.notify.clone(),
        timeout: settings.timeout,
        zone: TimeZone::system(),
        look: locale::capabilities(environment, settings.plain),
        banner: None,
    };
    dashboard::run(Show {
        parts: service.parts(journal(environment), environment),
        setup,
        pacing: pacing(settings.low_bandwidth),
        log: log::Plan::of(environment, settings.log_file.as_deref(), true),
        goes_on: true,
    })
}

/// How often to draw.
pub(super) fn pacing(low_bandwidth: bool) -> Pacing {
    if low_bandwidth {
        Pacing::Sparing
    } else {
        Pacing::Smooth
    }
}
