//! The dashboard on a marketplace inside this process: no account, no network, no settings, no trace left.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use secrecy::SecretString;
use tokio::runtime::Runtime;

use crate::{
    app::{
        Obstacle,
        dashboard::{self, Show},
        lines::{self, Ends},
        locale, log,
        parts::Service,
        service::pacing,
        way_out,
    },
    cli::cancel,
    domain::{
        ids::{Origin, PublisherId},
        verdict::Exit,
    },
    journal::MemoryJournal,
    marketplace::credentials::{Prompts, StaticToken},
    settings::{Environment, Flags},
    simulator::{Options, Scenario, Simulator},
    tui::model::{ReadOnly, Setup},
};

/// What a newcomer is told.
const BANNER: &str = "practice marketplace: nothing here is real";
/// How long a cancellation is followed.
const TIMEOUT: Duration = Duration::from_mins(30);

/// Runs it. Settings file and environment are not read; only flags about showing and read-only count.
pub(super) fn dashboard(flags: &Flags, environment: &Environment) -> Result<Exit, Obstacle> {
    let runtime = way_out::runtime()?;
    let started = runtime.block_on(async {
        let scenario = Scenario::bundled("demo").ok_or(std::io::ErrorKind::NotFound)?;
        Simulator::start(Options::new(scenario)).await
    });
    let simulator = started
        .map_err(|error| Obstacle::system("serve the practice marketplace on this machine", &error))?;
    let service = at(&simulator, flags.read_only)?;
    let ends = Ends::of_process(flags.plain, environment);
    if ends.want_lines() {
        return as_lines(runtime, service, ends, flags, environment);
    }
    let setup = Setup {
        profile: service.profile.clone(),
        origin: service.origin.clone(),
        publisher: service.publisher.clone(),
        read_only: flags.read_only.then_some(ReadOnly::Everywhere),
        notify: Vec::new(),
        timeout: TIMEOUT,
        zone: TimeZone::system(),
        look: locale::capabilities(environment, flags.plain),
        banner: Some(BANNER.into()),
    };
    dashboard::run_on(
        runtime,
        Show {
            parts: service.parts(Arc::new(MemoryJournal::new()), environment),
            prompts: service.prompts.watch(),
            setup,
            pacing: pacing(flags.low_bandwidth),
            log: log::Plan::of(environment, flags.log_file.as_deref(), false),
            goes_on: false,
        },
    )
}

/// The same as lines of text.
fn as_lines(
    runtime: Runtime,
    service: Service,
    ends: Ends,
    flags: &Flags,
    environment: &Environment,
) -> Result<Exit, Obstacle> {
    let parts = service.parts(Arc::new(MemoryJournal::new()), environment);
    let defaults = cancel::Defaults {
        profile: service.profile.clone(),
        publisher: service.publisher.clone(),
        notify: Vec::new(),
        timeout: TIMEOUT,
        journal: Arc::clone(&parts.journal),
        clock: Arc::clone(&parts.clock),
    };
    lines::run_on(
        runtime,
        lines::Show {
            parts,
            service,
            defaults,
            banner: Some(BANNER.into()),
            log: log::Plan::of(environment, flags.log_file.as_deref(), false),
            goes_on: false,
            ends,
            is_ascii: locale::is_ascii(environment, flags.plain),
        },
    )
}

/// The running simulator as a service like any other.
fn at(simulator: &Simulator, read_only: bool) -> Result<Service, Obstacle> {
    let origin = Origin::parse(&simulator.origin()).map_err(|error| Obstacle {
        what: error.to_string(),
        exit: Exit::Failure,
    })?;
    Ok(Service {
        profile: "demo".into(),
        origin,
        publisher: PublisherId::new(simulator.publisher()),
        token: Arc::new(StaticToken::new(&SecretString::from(simulator.token()))?),
        prompts: Prompts::new(),
        ca_file: None,
        read_only,
    })
}
