//! A token that another program keeps fresh in a file.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use secrecy::ExposeSecret as _;

use super::{
    issuer::{Issued, Issuer, lost},
    secret_file::{self, Look},
};
use crate::engine::failure::Failure;

/// Issuer that reads the token of one file, and again whenever the file has changed.
pub(super) struct TokenFile {
    path: PathBuf,
    /// Attributes of the file at the last reading, successful or not.
    seen: Mutex<Option<Look>>,
}

impl TokenFile {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            seen: Mutex::new(None),
        }
    }
}

#[async_trait]
impl Issuer for TokenFile {
    async fn issue(&self) -> Result<Issued, Failure> {
        // The attributes are taken before reading: a change in between is then detected the next time.
        let look = Look::at(&self.path);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = look;
        let raw = secret_file::read(&self.path).map_err(|what| lost(&what, &self.advice()))?;
        Issued::new(raw.expose_secret(), None)
            .map_err(|what| lost(&format!("{}: {what}", self.path.display()), &self.advice()))
    }

    fn has_changed(&self) -> bool {
        Look::at(&self.path) != *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advice(&self) -> String {
        format!(
            "write a new token into {}, alone and with mode 600; it is read again by itself",
            self.path.display()
        )
    }
}
