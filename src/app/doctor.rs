//! `doctor` with what it looks at: it must begin where the other verbs cannot.

use std::{io, path::PathBuf, sync::Arc};

use rustix::termios::tcgetwinsize;

use crate::{
    app::{
        StartupError, clock::SystemClock, deferred::Deferred, log, panic, preferences, shutdown, sign_in,
        verbs::VerbContext,
    },
    cli::{
        Ascii, Io,
        args::DoctorArgs,
        doctor::{self, Premises, Unsigned},
        sign_in_prompt,
    },
    domain::{text::SafeText, verdict::Exit},
    engine::ports::Catalogue,
    service::{
        auth::{Attendance, Prompts, TokenSource},
        cpp::Client,
        http::ClientOptions,
    },
    settings::{Environment, Flags, Places, Settings, Sources},
    tui::terminal::size_of,
};

/// Checks everything, whatever of it works.
pub(super) fn run(args: &DoctorArgs, desk: VerbContext<'_>, io: &mut Io<'_>) -> Result<Exit, StartupError> {
    let VerbContext {
        flags,
        environment,
        letters,
    } = desk;
    let settings = Settings::load(flags, environment)
        .and_then(|settings| settings.trusts_only_its_own().map(|()| settings));
    let preferences = settings
        .as_ref()
        .map(|settings| preferences::of(&settings.appearance, environment, settings.plain));
    // Only where it is asked for: what makes the state folder would hide what is wrong with it.
    let plan = log::Plan::of(environment, flags.log_file.as_deref(), false);
    panic::install(None, plan.place());
    let _log = plan.start();
    let runtime = shutdown::runtime()?;
    let prompts = Prompts::new();
    runtime.spawn(sign_in_prompt::announce(
        prompts.watch(),
        Ascii::new(io::stderr(), letters.is_ascii),
    ));
    let token = match &settings {
        Ok(settings) => sign_in::source(settings, environment, &prompts, Attendance::Present)
            .map_err(|obstacle| unsigned(&obstacle)),
        Err(error) => Err(unsigned(&error.clone().into())),
    };
    let catalogue = match (&settings, &token) {
        (Ok(settings), Ok(token)) => Some(catalogue(settings, token)),
        _ => None,
    };
    let premises = Premises {
        settings: settings.as_ref(),
        preferences: preferences
            .as_ref()
            .map_or(Ok(()), |preferences| preferences.as_ref().map(drop)),
        settings_file: settings_file(flags, environment),
        environment,
        token,
        catalogue,
        clock: &SystemClock,
        terminal: terminal(),
        width: size_of(io::stdout()).ok().map(|size| size.width),
    };
    let exit = runtime.block_on(doctor::run(premises, args, io));
    runtime.shutdown_background();
    Ok(exit)
}

fn catalogue(settings: &Settings, token: &Arc<dyn TokenSource>) -> Arc<dyn Catalogue> {
    let options = ClientOptions {
        ca_file: settings.ca_file.clone(),
        ..ClientOptions::new(settings.origin.value.clone(), Arc::clone(token))
    };
    Arc::new(Deferred::new(move || Client::new(&options)))
}

fn unsigned(obstacle: &StartupError) -> Unsigned {
    Unsigned {
        what: SafeText::new(&obstacle.what),
        exit: obstacle.exit,
    }
}

/// The file that the settings are read from, if it is there.
fn settings_file(flags: &Flags, environment: &Environment) -> Option<PathBuf> {
    let by_place = || environment.places.as_ref().map(Places::settings);
    Sources::asked(flags, environment).or_else(by_place)
}

/// Columns and rows of the first handle that leads to a terminal.
fn terminal() -> Option<(u16, u16)> {
    let sizes = [
        tcgetwinsize(io::stdout()),
        tcgetwinsize(io::stderr()),
        tcgetwinsize(io::stdin()),
    ];
    let size = sizes.into_iter().find_map(Result::ok)?;
    Some((size.ws_col, size.ws_row))
}
