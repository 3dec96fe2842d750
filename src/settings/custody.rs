//! Protection of files that the settings lead to: the certificates that authenticate the receiver of the token.

use crate::{
    files::custody::{self, Refused},
    settings::{Settings, SettingsError},
};

impl Settings {
    /// Checks that nobody else can write the additional trusted certificates. Whether they are readable shows on use.
    ///
    /// # Errors
    ///
    /// When others can write them, with the cause and the remedy.
    pub fn trusts_only_its_own(&self) -> Result<(), SettingsError> {
        let Some(path) = &self.ca_file else { return Ok(()) };
        match custody::read(path) {
            Err(refused @ Refused::Exposed(_)) => Err(SettingsError::refused(&refused, path)),
            Ok(_) | Err(Refused::Unreadable(_)) => Ok(()),
        }
    }
}
