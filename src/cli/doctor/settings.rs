//! Whether there are settings, and which.

use super::{Premises, finding::Finding};
use crate::settings::{Settings, SettingsError, Source};

/// What the settings say.
pub(super) fn look(premises: &Premises<'_>) -> Finding {
    let file = premises.settings_file.as_deref();
    let shown = file.map_or_else(
        || "no settings file".to_owned(),
        |path| path.display().to_string(),
    );
    let found = match premises.settings {
        Ok(settings) => said(settings, &shown, file.is_some_and(std::path::Path::exists)),
        Err(error) => broken(error),
    };
    found.with("file", file.map(|path| path.display().to_string()))
}

fn said(settings: &Settings, file: &str, is_there: bool) -> Finding {
    let profile = &settings.profile.value;
    let begin = match (is_there, settings.profile.source) {
        (true, Source::Default) => format!("{file}, no profile of it"),
        (true, _) => format!("{file}, profile {profile}"),
        (false, _) => format!("{file} is not there, which is fine"),
    };
    let publisher = settings
        .publisher
        .as_ref()
        .map(|publisher| publisher.value.shown());
    let origin = &settings.origin.value;
    let found = match &publisher {
        Some(publisher) => Finding::ok(&format!("{begin}; publisher {publisher} at {origin}")),
        None => Finding::warn(
            &format!("{begin}; no publisher, at {origin}"),
            "say whose offers are meant with --publisher ID, COUNTERMAND_PUBLISHER or `publisher` in a profile",
        ),
    };
    found
        .with("profile", profile)
        .with("publisher", publisher)
        .with("origin", origin.as_str())
        .with("read_only", settings.read_only.is_some())
}

fn broken(error: &SettingsError) -> Finding {
    // One string says what is wrong, where, and what to do.
    Finding::fail(
        &error.to_string(),
        "correct that first: most of the rest stands on it",
    )
    .ending(error.exit())
}
