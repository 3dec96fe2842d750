//! Folders of this user on this platform.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// Resolves a path in the settings at `file`: `~` is the user's home, and a relative path starts beside the file.
#[must_use]
pub fn located(path: &Path, file: &Path, home: Option<&Path>) -> PathBuf {
    let path = homed(path, home);
    match file.parent() {
        Some(folder) => folder.join(path),
        None => path,
    }
}

/// Replaces a leading `~`, which no shell has expanded, by the user's home.
pub(super) fn homed(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Folders of Countermand. None of them need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Folder of the settings.
    pub config: PathBuf,
    /// Folder of the journal and the log.
    pub state: PathBuf,
}

impl Places {
    /// Returns the user's home on this platform.
    pub(super) fn home() -> Option<PathBuf> {
        BaseDirs::new().map(|folders| folders.home_dir().into())
    }

    /// Returns the platform's folders; none without a home. A platform without a state folder uses its local data
    /// folder.
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

    /// Returns the path of the settings file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// Returns the path of the journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.sqlite")
    }

    /// Returns the folder of the logs.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.state.join("log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_paths_are_resolved_by_one_rule() {
        let file = Path::new("/etc/cm/settings.toml");
        for (path, home, place) in [
            ("ca.pem", Some("/home/ada"), "/etc/cm/ca.pem"),
            ("certs/../ca.pem", None, "/etc/cm/certs/../ca.pem"),
            ("/ca.pem", Some("/home/ada"), "/ca.pem"),
            ("~/ca.pem", Some("/home/ada"), "/home/ada/ca.pem"),
            ("~", Some("/home/ada"), "/home/ada"),
            ("~/ca.pem", None, "/etc/cm/~/ca.pem"),
            ("~ada/ca.pem", Some("/home/ada"), "/etc/cm/~ada/ca.pem"),
        ] {
            let found = located(Path::new(path), file, home.map(Path::new));
            assert_eq!(found, Path::new(place), "{path}");
        }
        assert_eq!(
            located(Path::new("ca.pem"), Path::new("s.toml"), None),
            Path::new("ca.pem")
        );
    }
}
