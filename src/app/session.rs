//! The dashboard at the service that the settings name, and the other profiles that it can go to.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{
    app::{
        StartupError,
        dashboard::{self, Show, Stand},
        locale, log,
        parts::{Service, journal},
        preferences, sign_in,
    },
    domain::{ids::PublisherId, text::SafeText, verdict::Exit},
    engine::ports::Journal,
    service::{
        auth::{Attendance, Prompts},
        diagnose::Proxies,
    },
    settings::{Environment, Named, ReadOnlyBy, Settings, Source, Sources, WithSource},
    tui::{
        model::{Profile, ReadOnly, Setup},
        run::Pacing,
    },
};

/// The service that the settings name, for a face that waits for a person who must sign in, or does not.
pub(super) fn named_by(
    settings: &Settings,
    environment: &Environment,
    attendance: Attendance,
) -> Result<Service, StartupError> {
    Proxies::read(|name| environment.secret(name))
        .map_err(|misread| StartupError::new(misread.to_string(), Exit::Usage))?;
    if let Some(misread) = log::misread(environment) {
        return Err(StartupError::new(misread, Exit::Usage));
    }
    settings.trusts_only_its_own()?;
    let prompts = Prompts::new();
    let token = sign_in::source(settings, environment, &prompts, attendance)?;
    Ok(Service {
        profile: settings.profile.value.clone(),
        origin: settings.origin.value.clone(),
        token,
        prompts,
        ca_file: settings.ca_file.clone(),
        read_only: settings.read_only.is_some(),
        poll_intervals: settings.poll_intervals.clone(),
    })
}

/// The dashboard on the configured profile.
pub(super) fn dashboard(
    sources: Sources,
    started: Settings,
    environment: &Environment,
) -> Result<Exit, StartupError> {
    let log = log::Plan::of(environment, started.log_file.as_deref(), true);
    let pacing = pacing(started.low_bandwidth);
    let mouse = preferences::mouse(&started.appearance, environment);
    let profiles = Profiles {
        listed: sources.profiles(&started).iter().map(listed).collect(),
        journal: journal(environment)?,
        environment: environment.clone(),
        sources,
        started,
    };
    let WithSource { value, source } = &profiles.started.profile;
    let unnamed = (*source != Source::Flag).then(|| value.clone());
    let first = profiles.stand(&profiles.started.profile.value, None)?;
    dashboard::run(Show {
        first,
        stand: Box::new(move |profile, publisher| {
            let stand = profiles.stand(profile, publisher);
            stand.map_err(|obstacle| SafeText::new(&obstacle.what))
        }),
        pacing,
        mouse,
        log,
        goes_on: true,
        unnamed,
    })
}

/// Every profile of the settings as a place where a dashboard can stand. All share one journal.
struct Profiles {
    sources: Sources,
    started: Settings,
    environment: Environment,
    journal: Arc<dyn Journal>,
    listed: Arc<[Profile]>,
}

impl Profiles {
    /// What it takes to stand there; `publisher` where the profile names none, and none as long as nobody knows.
    fn stand(&self, profile: &SafeText, publisher: Option<&PublisherId>) -> Result<Stand, StartupError> {
        let settings = self.sources.switched(profile, &self.started)?;
        let preferences = preferences::of(&settings.appearance, &self.environment, settings.plain)?;
        let service = named_by(&settings, &self.environment, Attendance::Elsewhere)?;
        let named = settings.publisher.as_ref().map(|publisher| &publisher.value);
        let publisher = publisher
            .or(named)
            .cloned()
            .unwrap_or_else(|| PublisherId::new(""));
        let parts = service.parts(&publisher, Arc::clone(&self.journal), &self.environment);
        Ok(Stand {
            parts,
            prompts: service.prompts.watch(),
            setup: Setup {
                profile: service.profile,
                origin: service.origin,
                publisher,
                read_only: settings.read_only.map(read_only),
                profiles: Arc::clone(&self.listed),
                notify: settings.notify,
                timeout: settings.timeout,
                zone: TimeZone::system(),
                look: locale::capabilities(&self.environment, settings.plain),
                preferences,
                banner: None,
            },
        })
    }
}

fn listed(named: &Named) -> Profile {
    Profile {
        name: named.profile.clone(),
        publisher: named.publisher.clone(),
        origin: named.origin.clone(),
        read_only: named.read_only.map(read_only),
    }
}

fn read_only(by: ReadOnlyBy) -> ReadOnly {
    match by {
        ReadOnlyBy::Everywhere => ReadOnly::Everywhere,
        ReadOnlyBy::Profile => ReadOnly::Profile,
    }
}

/// How often to draw.
pub(super) fn pacing(low_bandwidth: bool) -> Pacing {
    if low_bandwidth {
        Pacing::Sparing
    } else {
        Pacing::Smooth
    }
}
