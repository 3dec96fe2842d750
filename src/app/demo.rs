//! The dashboard on a marketplace inside this process: no account, no network, no settings, no files.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;

use crate::{
    app::{
        console::Output,
        engines::Engines,
        invocation::{self, Invocation},
        line_session::LineSession,
        log,
        plain::{self, LinesConfig},
        preferences,
        profiles::Display,
        runtime,
        screen::{self, ScreenConfig},
        session::Session,
        startup_error::StartupError,
        streams::Streams,
    },
    domain::{
        ids::{Origin, PublisherId},
        verdict::Exit,
    },
    engine::PollIntervals,
    journal::MemoryJournal,
    service::auth::{Prompts, StaticToken},
    settings::{Appearance, Environment, Flags, ProfileSummary, ReadOnly},
    simulator::{Options, Scenario, Simulator},
};

/// Hint for a first-time user.
const BANNER: &str = "practice marketplace: nothing here is real";
/// Time for which a cancellation is followed.
const TIMEOUT: Duration = Duration::from_mins(30);

/// Runs the demo. Settings file and environment are not read; only flags for display and read-only apply, and those
/// that name another place are refused.
pub(super) fn run(
    Invocation {
        flags, environment, ..
    }: &Invocation,
) -> Result<Exit, StartupError> {
    refuse_to_leave(flags)?;
    let runtime = runtime::new()?;
    let started = runtime.block_on(async {
        let scenario = Scenario::bundled("demo").ok_or(std::io::ErrorKind::NotFound)?;
        Simulator::start(Options::new(scenario)).await
    });
    let simulator = started
        .map_err(|error| StartupError::system("serve the practice marketplace on this machine", &error))?;
    let session = session(&simulator, flags, environment)?;
    let terminal = invocation::terminal(environment, flags.plain);
    let streams = Streams::of_process(flags.plain, &terminal);
    let log = log::Plan::of(environment, flags.log_file.as_deref(), false);
    let journal = Arc::new(MemoryJournal::new());
    if streams.want_lines() {
        let output = Output {
            is_ascii: !terminal.unicode,
            is_json: false,
        };
        let config = LinesConfig {
            journal,
            banner: Some(BANNER.into()),
            goes_on: false,
            streams,
        };
        let exit = output.with_io(|bell, io| {
            runtime.block_on(async {
                let lines = LineSession::open(session, &log, output, io).await?;
                plain::run(&lines, config, bell, io).await
            })
        });
        runtime.shutdown_background();
        return exit;
    }
    let engines = Engines::default();
    let listed = Arc::new([ProfileSummary {
        name: session.profile.clone(),
        publisher: session.publisher.clone(),
        origin: session.origin.clone(),
        read_only: session.read_only,
    }]);
    let mut display = Display::of(&Appearance::default(), environment, &terminal)?;
    display.banner = Some(BANNER.into());
    let config = ScreenConfig {
        first: display.open(session, listed, journal, &engines),
        engines,
        open: Box::new(|_, _| Err("the practice marketplace has no other profile".into())),
        pacing: preferences::pacing(flags.low_bandwidth),
        mouse: false,
        log,
        goes_on: false,
        unnamed: None,
    };
    screen::run(runtime, config)
}

/// Refuses flags that name a real place instead of the practice marketplace.
fn refuse_to_leave(flags: &Flags) -> Result<(), StartupError> {
    let meant = [
        ("--profile", flags.profile.is_some()),
        ("--publisher", flags.publisher.is_some()),
        ("--base-url", flags.base_url.is_some()),
        ("--config", flags.config.is_some()),
        ("--ca-file", flags.ca_file.is_some()),
    ];
    match meant.iter().find(|(_, is_meant)| *is_meant) {
        None => Ok(()),
        Some((flag, _)) => Err(StartupError::new(
            format!("{flag} names another place than the practice marketplace; leave out {flag}, or `demo`"),
            Exit::Usage,
        )),
    }
}

/// Opens a session at the running simulator, as at any service.
fn session<'a>(
    simulator: &Simulator,
    flags: &Flags,
    environment: &'a Environment,
) -> Result<Session<'a>, StartupError> {
    let origin = Origin::parse(&simulator.origin())
        .map_err(|error| StartupError::new(error.to_string(), Exit::Failure))?;
    Ok(Session {
        profile: "demo".into(),
        origin,
        publisher: Some(PublisherId::new(simulator.publisher())),
        token: Arc::new(StaticToken::new(&SecretString::from(simulator.token()))?),
        prompts: Prompts::new(),
        ca_file: None,
        read_only: flags.read_only.then_some(ReadOnly::Everywhere),
        notify: Vec::new(),
        timeout: TIMEOUT,
        poll_intervals: PollIntervals::default(),
        environment,
    })
}
