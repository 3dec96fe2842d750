//! The dashboard on a marketplace inside this process: no account, no network, no settings, no trace left.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use secrecy::SecretString;
use tokio::runtime::Runtime;

use crate::{
    app::{
        StartupError,
        dashboard::{self, Show, Stand},
        locale, log, panic,
        parts::Service,
        plain::{self, Ends},
        preferences,
        session::pacing,
        shutdown,
        verbs::{Letters, with_io},
    },
    cli::cancel,
    domain::{
        ids::{Origin, PublisherId},
        verdict::Exit,
    },
    engine::PollIntervals,
    journal::MemoryJournal,
    service::auth::{Prompts, StaticToken},
    settings::{Appearance, Environment, Flags, ReadOnlyBy},
    simulator::{Options, Scenario, Simulator},
    tui::model::{Profile, ReadOnly, Setup},
};

/// What a newcomer is told.
const BANNER: &str = "practice marketplace: nothing here is real";
/// How long a cancellation is followed.
const TIMEOUT: Duration = Duration::from_mins(30);

/// Runs it. Settings file and environment are not read; only flags about showing and read-only count, and those that
/// would lead elsewhere are refused.
pub(super) fn dashboard(flags: &Flags, environment: &Environment) -> Result<Exit, StartupError> {
    refuse_to_leave(flags)?;
    let runtime = shutdown::runtime()?;
    let started = runtime.block_on(async {
        let scenario = Scenario::bundled("demo").ok_or(std::io::ErrorKind::NotFound)?;
        Simulator::start(Options::new(scenario)).await
    });
    let simulator = started
        .map_err(|error| StartupError::system("serve the practice marketplace on this machine", &error))?;
    let service = at(&simulator, flags.read_only)?;
    let publisher = PublisherId::new(simulator.publisher());
    let ends = Ends::of_process(flags.plain, environment);
    if ends.want_lines() {
        return as_lines(runtime, service, publisher, ends, flags, environment);
    }
    let read_only = flags.read_only.then_some(ReadOnly::Everywhere);
    let setup = Setup {
        profile: service.profile.clone(),
        origin: service.origin.clone(),
        publisher: publisher.clone(),
        read_only,
        profiles: Arc::new([Profile {
            name: service.profile.clone(),
            publisher: Some(publisher.clone()),
            origin: service.origin.clone(),
            read_only,
        }]),
        notify: Vec::new(),
        timeout: TIMEOUT,
        zone: TimeZone::system(),
        look: locale::capabilities(environment, flags.plain),
        preferences: preferences::of(&Appearance::default(), environment, flags.plain)?,
        banner: Some(BANNER.into()),
    };
    let first = Stand {
        parts: service.parts(&publisher, Arc::new(MemoryJournal::new()), environment),
        prompts: service.prompts.watch(),
        setup,
    };
    dashboard::run_on(
        runtime,
        Show {
            first,
            stand: Box::new(|_, _| Err("the practice marketplace has no other profile".into())),
            pacing: pacing(flags.low_bandwidth),
            mouse: false,
            log: log::Plan::of(environment, flags.log_file.as_deref(), false),
            goes_on: false,
            unnamed: None,
        },
    )
}

/// Whoever names a place means that place, and not the practice marketplace.
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

/// The same as lines of text.
fn as_lines(
    runtime: Runtime,
    service: Service,
    publisher: PublisherId,
    ends: Ends,
    flags: &Flags,
    environment: &Environment,
) -> Result<Exit, StartupError> {
    let log = log::Plan::of(environment, flags.log_file.as_deref(), false);
    panic::install(None, log.place());
    let _log = log.start();
    let parts = service.parts(&publisher, Arc::new(MemoryJournal::new()), environment);
    let defaults = cancel::Defaults {
        profile: service.profile.clone(),
        publisher,
        notify: Vec::new(),
        timeout: TIMEOUT,
        read_only: flags.read_only.then_some(ReadOnlyBy::Everywhere),
        journal: Arc::clone(&parts.journal),
        clock: Arc::clone(&parts.clock),
    };
    let show = plain::Show {
        parts,
        defaults,
        origin: service.origin,
        banner: Some(BANNER.into()),
        goes_on: false,
        ends,
    };
    let letters = Letters {
        is_ascii: locale::is_ascii(environment, flags.plain),
        is_json: false,
    };
    with_io(letters, |bell, io| plain::run_on(runtime, show, bell, io))
}

/// The running simulator as a service like any other.
fn at(simulator: &Simulator, read_only: bool) -> Result<Service, StartupError> {
    let origin = Origin::parse(&simulator.origin())
        .map_err(|error| StartupError::new(error.to_string(), Exit::Failure))?;
    Ok(Service {
        profile: "demo".into(),
        origin,
        token: Arc::new(StaticToken::new(&SecretString::from(simulator.token()))?),
        prompts: Prompts::new(),
        ca_file: None,
        read_only,
        poll_intervals: PollIntervals::default(),
    })
}
