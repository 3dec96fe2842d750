//! Whether there are settings, and which.

use super::{DoctorDeps, check::CheckResult};
use crate::settings::{Settings, SettingsError, Source};

/// The one thing to do where nothing was ever set.
const BEGIN: &str = "begin with a token, and leave the rest to be found: `export COUNTERMAND_TOKEN=$(az account \
    get-access-token --resource https://cloudpartner.azure.com --query accessToken -o tsv)`; `countermand demo` needs \
    nothing at all";

/// What the settings say.
pub(super) fn look(deps: &DoctorDeps<'_>) -> CheckResult {
    let file = deps.settings_file.as_deref();
    let shown = file.map_or_else(
        || "no settings file".to_owned(),
        |path| path.display().to_string(),
    );
    let found = match (deps.settings, deps.preferences) {
        (Err(error), _) => broken(error, "correct that first: most of the rest stands on it"),
        (Ok(_), Err(error)) => broken(error, "correct that: the dashboard does not begin before"),
        (Ok(settings), Ok(())) => said(settings, &shown, file.is_some_and(std::path::Path::exists)),
    };
    found.with("file", file.map(|path| path.display().to_string()))
}

fn said(settings: &Settings, file: &str, is_there: bool) -> CheckResult {
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
        Some(publisher) => CheckResult::ok(&format!("{begin}; publisher {publisher} at {origin}")),
        None if !is_there && settings.credential.is_err() => CheckResult::warn(
            &format!("nothing is set: {file} is not there, and no variable says more"),
            BEGIN,
        ),
        None => CheckResult::warn(
            &format!("{begin}; no publisher, at {origin}"),
            "the service is asked which there are; --publisher ID, COUNTERMAND_PUBLISHER or `publisher` in a profile names \
             one",
        ),
    };
    found
        .with("profile", profile)
        .with("publisher", publisher)
        .with("origin", origin.as_str())
        .with("read_only", settings.read_only.is_some())
}

/// One string says what is wrong, where, and what to do; `then` what stands on it.
fn broken(error: &SettingsError, then: &str) -> CheckResult {
    CheckResult::fail(&error.to_string(), then).ending(error.exit())
}
