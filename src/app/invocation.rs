//! Inputs of this run: the flags, the environment, and the settings they lead to.
//!
//! The settings are read once, on first use. Must not know how they are used.

use std::cell::OnceCell;

use crate::settings::{Environment, Flags, Settings, SettingsError, Sources, terminal::Terminal};

/// Inputs of this run.
pub(super) struct Invocation {
    pub(super) flags: Flags,
    pub(super) environment: Environment,
    configuration: OnceCell<Result<Configuration, SettingsError>>,
}

/// Settings of every profile, and of the one to start with.
#[derive(Clone)]
pub(super) struct Configuration {
    pub(super) sources: Sources,
    pub(super) settings: Settings,
}

impl Invocation {
    pub(super) fn new(flags: Flags, environment: Environment) -> Self {
        Self {
            flags,
            environment,
            configuration: OnceCell::new(),
        }
    }

    /// Returns the settings and their sources; the first call reads them.
    pub(super) fn configuration(&self) -> Result<&Configuration, SettingsError> {
        let read = self.configuration.get_or_init(|| {
            let sources = Sources::read(&self.flags, &self.environment)?;
            let settings = sources.started()?;
            Ok(Configuration { sources, settings })
        });
        read.as_ref().map_err(Clone::clone)
    }

    /// Returns the settings of the profile to start with.
    pub(super) fn settings(&self) -> Result<&Settings, SettingsError> {
        Ok(&self.configuration()?.settings)
    }

    /// Returns the terminal, plain if flags or settings request that; unreadable settings request nothing.
    pub(super) fn terminal(&self) -> Terminal {
        let is_plain = self.flags.plain || self.settings().is_ok_and(|settings| settings.plain);
        terminal(&self.environment, is_plain)
    }
}

/// Returns the terminal that `environment` describes, plain if requested.
pub(super) fn terminal(environment: &Environment, is_plain: bool) -> Terminal {
    let terminal = Terminal::of(environment);
    if is_plain { terminal.plain() } else { terminal }
}
