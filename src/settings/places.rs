//! Where this person's files lie on this platform.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The folders of Countermand. None of them need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The folder of the settings.
    pub config: PathBuf,
    /// The folder of the journal and the log.
    pub state: PathBuf,
}

impl Places {
    /// The platform's own; none where it names no home. A platform without a state folder lends its local data folder.
    #[must_use]
    pub fn of_platform() -> Option<Self> {
        let folders = ProjectDirs::from("", "", "countermand")?;
        Some(Self {
            config: folders.config_dir().into(),
            state: folders
                .state_dir()
                .unwrap_or_else(|| folders.data_local_dir())
                .into(),
        })
    }

    /// The settings file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.sqlite")
    }

    /// The folder of the logs, one a day.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.state.join("log")
    }
}
