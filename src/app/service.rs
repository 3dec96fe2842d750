//! The dashboard and the verbs at the service that the settings name.

use jiff::tz::TimeZone;

use crate::{
    app::{
        Obstacle,
        dashboard::{self, Show},
        hand, locale, log,
        parts::{Service, journal},
        sign_in,
    },
    domain::verdict::Exit,
    marketplace::credentials::{Attendance, Prompts},
    settings::{Environment, Flags, ReadOnlyBy, Settings},
    tui::{
        model::{ReadOnly, Setup},
        shell::Pacing,
    },
};

/// The service that the settings name, for a face that waits for a person who must sign in, or does not.
pub(super) fn named_by(
    settings: &Settings,
    environment: &Environment,
    attendance: Attendance,
) -> Result<Service, Obstacle> {
    // The publisher first: who has set nothing yet reads the errors in the order of the work.
    let publisher = settings.publisher()?.clone();
    let prompts = Prompts::new();
    let token = sign_in::source(settings, environment, &prompts, attendance)?;
    Ok(Service {
        profile: settings.profile.value.clone(),
        origin: settings.origin.value.clone(),
        publisher,
        token,
        prompts,
        ca_file: settings.ca_file.clone(),
        read_only: settings.read_only.is_some(),
    })
}

/// The dashboard on the configured profile.
pub(super) fn dashboard(flags: &Flags, environment: &Environment) -> Result<Exit, Obstacle> {
    let settings = Settings::load(flags, environment)?;
    let service = named_by(&settings, environment, Attendance::Elsewhere)?;
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
        hand: hand::of(&settings.looks, environment, settings.plain)?,
        banner: None,
    };
    dashboard::run(Show {
        parts: service.parts(journal(environment), environment),
        prompts: service.prompts.watch(),
        setup,
        pacing: pacing(settings.low_bandwidth),
        mouse: hand::mouse(&settings.looks, environment),
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
