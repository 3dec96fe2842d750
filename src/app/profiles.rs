//! Profiles of a dashboard on a screen, each in a session of its own.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{
    app::{
        engines::Engines,
        invocation::{Configuration, Invocation, terminal},
        preferences,
        session::{Session, journal},
        startup_error::StartupError,
    },
    domain::{ids::PublisherId, text::SafeText},
    engine::ports::Journal,
    service::auth::Attendance,
    settings::{Appearance, Environment, ProfileSummary, SettingsError, terminal::Terminal},
    tui::{
        model::{Capabilities, Preferences, Setup},
        run::Opened,
    },
};

/// Every profile of the settings. All share one journal.
pub(super) struct Profiles {
    configuration: Configuration,
    environment: Environment,
    journal: Arc<dyn Journal>,
    listed: Arc<[ProfileSummary]>,
    engines: Engines,
}

impl Profiles {
    pub(super) fn new(invocation: &Invocation, engines: Engines) -> Result<Self, StartupError> {
        let configuration = invocation.configuration()?.clone();
        Ok(Self {
            listed: configuration.sources.profiles(&configuration.settings).into(),
            journal: journal(&invocation.environment)?,
            environment: invocation.environment.clone(),
            configuration,
            engines,
        })
    }

    /// Opens the profile to start with.
    pub(super) fn first(&self) -> Result<Opened, StartupError> {
        self.open(&self.configuration.settings.profile.value, None)
    }

    /// Opens one; `publisher` if the profile names none, and none while it is unknown.
    pub(super) fn open(
        &self,
        profile: &SafeText,
        publisher: Option<&PublisherId>,
    ) -> Result<Opened, StartupError> {
        let Configuration { sources, settings } = &self.configuration;
        let settings = sources.switched(profile, settings)?;
        let terminal = terminal(&self.environment, settings.plain);
        let display = Display::of(&settings.appearance, &self.environment, &terminal)?;
        let mut session = Session::open(&settings, &self.environment, Attendance::Elsewhere)?;
        session.publisher = publisher.cloned().or(session.publisher);
        let journal = Arc::clone(&self.journal);
        Ok(display.open(session, Arc::clone(&self.listed), journal, &self.engines))
    }
}

/// Display options of a session.
pub(super) struct Display {
    capabilities: Capabilities,
    preferences: Preferences,
    pub(super) banner: Option<SafeText>,
}

impl Display {
    /// Combines the settings with `terminal`.
    pub(super) fn of(
        appearance: &Appearance,
        environment: &Environment,
        terminal: &Terminal,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            capabilities: preferences::capabilities(terminal),
            preferences: preferences::of(appearance, environment, terminal)?,
            banner: None,
        })
    }

    /// Opens `session` for a dashboard among the `listed` profiles, with an engine of its own.
    pub(super) fn open(
        self,
        session: Session<'_>,
        listed: Arc<[ProfileSummary]>,
        journal: Arc<dyn Journal>,
        engines: &Engines,
    ) -> Opened {
        let publisher = session.publisher.clone().unwrap_or_else(|| PublisherId::new(""));
        let engine = engines.start(session.engine_deps(&publisher, journal));
        let service = engine.service();
        Opened {
            engine,
            prompts: session.prompts.watch(),
            setup: Setup {
                profile: session.profile,
                service,
                origin: session.origin,
                publisher,
                read_only: session.read_only,
                profiles: listed,
                notify: session.notify,
                timeout: session.timeout,
                zone: TimeZone::system(),
                look: self.capabilities,
                preferences: self.preferences,
                banner: self.banner,
            },
        }
    }
}
