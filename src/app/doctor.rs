//! `doctor` with what it looks at: it must begin where the other verbs cannot.

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

/// Checks everything, whatever of it works.
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
    // Only where it is asked for: what makes the state folder would hide what is wrong with it.
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

/// The file that the settings are read from, if it is there.
fn settings_file(invocation: &Invocation) -> Option<PathBuf> {
    let environment = &invocation.environment;
    let usual = || environment.places.as_ref().map(Places::settings);
    Sources::asked(&invocation.flags, environment).or_else(usual)
}

/// Columns and rows of the first handle that leads to a terminal.
fn size() -> Option<(u16, u16)> {
    let sizes = [
        tcgetwinsize(io::stdout()),
        tcgetwinsize(io::stderr()),
        tcgetwinsize(io::stdin()),
    ];
    let size = sizes.into_iter().find_map(Result::ok)?;
    Some((size.ws_col, size.ws_row))
}
