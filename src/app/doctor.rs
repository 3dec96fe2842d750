//! Assembly of `doctor`, which must start where the other verbs cannot.

use std::{io, path::PathBuf, sync::Arc};

use rustix::termios::tcgetwinsize;

use crate::{
    app::{
        clock::SystemClock,
        console::{Output, start_log},
        invocation::Invocation,
        log, preferences, sign_in,
        startup_error::StartupError,
    },
    cli::{
        Ascii, Io,
        args::DoctorArgs,
        doctor::{self, DoctorDeps, Unsigned},
        sign_in_prompt,
    },
    domain::{text::SafeText, verdict::Exit},
    engine::ports::Catalogue,
    service::{
        auth::{Attendance, Prompts, TokenSource},
        cpp::Client,
        http::ClientOptions,
    },
    settings::{Places, Settings, Sources, terminal::Terminal},
    tui::terminal::size_of,
};

/// Runs every check, even after failures.
pub(super) async fn run(
    args: &DoctorArgs,
    invocation: &Invocation,
    output: Output,
    io: &mut Io<'_>,
) -> Result<Exit, StartupError> {
    let environment = &invocation.environment;
    let settings = invocation
        .settings()
        .and_then(|settings| settings.trusts_only_its_own().map(|()| settings));
    let preferences = settings.as_ref().map_or(Ok(()), |settings| {
        preferences::of(&settings.appearance, environment, &invocation.terminal()).map(drop)
    });
    // Created on demand: creating the state folder early would hide its defects.
    let plan = log::Plan::of(environment, invocation.flags.log_file.as_deref(), false);
    let _log = start_log(&plan, output.is_ascii);
    let prompts = Prompts::new();
    tokio::spawn(sign_in_prompt::announce(
        prompts.watch(),
        Ascii::new(io::stderr(), output.is_ascii),
    ));
    let token = settings.clone().map_err(StartupError::from);
    let token =
        token.and_then(|settings| sign_in::source(settings, environment, &prompts, Attendance::Present));
    let token = token.map_err(|error| Unsigned {
        what: SafeText::new(&error.what),
        exit: error.exit,
    });
    let catalogue = match (&settings, &token) {
        (Ok(settings), Ok(token)) => Some(catalogue(settings, token)),
        _ => None,
    };
    let deps = DoctorDeps {
        settings: settings.as_ref().map(|settings| *settings),
        preferences: preferences.as_ref().copied(),
        settings_file: settings_file(invocation),
        environment,
        token,
        catalogue,
        clock: &SystemClock,
        terminal: &Terminal::of(environment),
        size: size(),
        width: size_of(io::stdout()).ok().map(|size| size.width),
    };
    Ok(doctor::run(deps, args, io).await)
}

fn catalogue(settings: &Settings, token: &Arc<dyn TokenSource>) -> Arc<dyn Catalogue> {
    let options = ClientOptions {
        ca_file: settings.ca_file.clone(),
        ..ClientOptions::new(settings.origin.value.clone(), Arc::clone(token))
    };
    Arc::new(Client::deferred(&options))
}

/// Returns the path of the settings file, if it exists.
fn settings_file(invocation: &Invocation) -> Option<PathBuf> {
    let environment = &invocation.environment;
    let usual = || environment.places.as_ref().map(Places::settings);
    Sources::requested_file(&invocation.flags, environment).or_else(usual)
}

/// Returns columns and rows of the first handle that is a terminal.
fn size() -> Option<(u16, u16)> {
    let sizes = [
        tcgetwinsize(io::stdout()),
        tcgetwinsize(io::stderr()),
        tcgetwinsize(io::stdin()),
    ];
    let size = sizes.into_iter().find_map(Result::ok)?;
    Some((size.ws_col, size.ws_row))
}
