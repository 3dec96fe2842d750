//! What this run was started with: the flags, the environment, and the settings that they lead to.
//!
//! The settings are read once, when the first of them is needed. Must not know what is made of them.

use std::cell::OnceCell;

use crate::settings::{Environment, Flags, Settings, SettingsError, Sources, terminal::Terminal};

/// What this run was started with.
pub(super) struct Invocation {
    pub(super) flags: Flags,
    pub(super) environment: Environment,
    configuration: OnceCell<Result<Configuration, SettingsError>>,
}

/// What every profile says, and the settings of the one that is started with.
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

    /// The settings and where they come from; read by the first call.
    pub(super) fn configuration(&self) -> Result<&Configuration, SettingsError> {
        let read = self.configuration.get_or_init(|| {
            let sources = Sources::read(&self.flags, &self.environment)?;
            let settings = sources.started()?;
            Ok(Configuration { sources, settings })
        });
        read.as_ref().map_err(Clone::clone)
    }

    /// The settings of the profile that is started with.
    pub(super) fn settings(&self) -> Result<&Settings, SettingsError> {
        Ok(&self.configuration()?.settings)
    }

    /// The terminal, as plain as flags and settings want it; settings that cannot be read want nothing.
    pub(super) fn terminal(&self) -> Terminal {
        let is_plain = self.flags.plain || self.settings().is_ok_and(|settings| settings.plain);
        terminal(&self.environment, is_plain)
    }
}

/// The terminal that `environment` describes, for whoever wants it plain or not.
pub(super) fn terminal(environment: &Environment, is_plain: bool) -> Terminal {
    let terminal = Terminal::of(environment);
    if is_plain { terminal.plain() } else { terminal }
}
