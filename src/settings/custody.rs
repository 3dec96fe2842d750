//! Whether what the settings lead to may be obeyed: the file that vouches for whoever gets the token.

use crate::{
    files::custody::{self, Refused},
    settings::{Settings, SettingsError},
};

impl Settings {
    /// That nobody else can write the certificates that are trusted beside the platform's. Whether they can be read shows
    /// when they are.
    ///
    /// # Errors
    /// When somebody can, with who and how to close it.
    pub fn trusts_only_its_own(&self) -> Result<(), SettingsError> {
        let Some(path) = &self.ca_file else { return Ok(()) };
        match custody::read(path) {
            Err(refused @ Refused::Exposed(_)) => Err(SettingsError::refused(&refused, path)),
            Ok(_) | Err(Refused::Unreadable(_)) => Ok(()),
        }
    }
}
