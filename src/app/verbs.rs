//! The verbs without a screen, each with what it works with.

use std::{io, sync::Arc};

use jiff::tz::TimeZone;
use tokio::runtime::Runtime;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::{
        Obstacle,
        asking::{Bell, Person},
        clock::SystemClock,
        locale, log, panic,
        parts::{Service, journal},
        service, signals, way_out,
    },
    cli::{
        Ascii, Ask, Command, Io,
        args::{CancelArgs, FollowArgs, HistoryArgs},
        cancel, completions, follow, history, man, offers, operations, prompting, simulate,
    },
    domain::{ids::PublisherId, verdict::Exit},
    engine::{Engine, Parts},
    marketplace::credentials::Attendance,
    settings::{Environment, Flags, Settings},
};

/// Runs one verb to its end.
pub(super) fn run(verb: &Command, flags: &Flags, environment: &Environment) -> Result<Exit, Obstacle> {
    let person = Person::present().map_err(|error| Obstacle::system("ask questions", &error))?;
    let (mut person, bell) = person.unzip();
    let is_ascii = locale::is_ascii(environment, locale::is_plain(flags, environment));
    // JSON is UTF-8 by its own rules, and names are not to be lost in it.
    let mut out = Ascii::new(io::stdout().lock(), is_ascii && !verb.is_json());
    let mut err = Ascii::new(io::stderr(), is_ascii);
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: person.as_mut().map(|person| person as &mut dyn Ask),
        zone: TimeZone::system(),
    };
    match verb {
        Command::Completions { shell } => Ok(completions::run(*shell, &mut io)),
        Command::Man => Ok(man::run(&mut io)),
        Command::Simulate(args) => {
            let runtime = way_out::runtime()?;
            let exit = runtime.block_on(async {
                let ended = signals::interrupted(None)?;
                Ok(simulate::run(args, ended, &mut io).await)
            });
            runtime.shutdown_background();
            exit.map_err(|error: io::Error| Obstacle::system("listen to signals", &error))
        }
        Command::Demo => super::demo::dashboard(flags, environment),
        Command::History(args) => history_here(args, environment, &mut io),
        Command::Cancel(args) if args.json => {
            let exit = at_service(verb, flags, environment, bell, &mut io);
            Ok(exit.unwrap_or_else(|obstacle| obstructed(args, flags, environment, &obstacle, &mut io)))
        }
        Command::Offers(_) | Command::Operations(_) | Command::Cancel(_) | Command::Follow(_) => {
            at_service(verb, flags, environment, bell, &mut io)
        }
    }
}

/// A cancel for a script that cannot begin. Settings that cannot be read name no publisher.
fn obstructed(
    args: &CancelArgs,
    flags: &Flags,
    environment: &Environment,
    obstacle: &Obstacle,
    io: &mut Io<'_>,
) -> Exit {
    let publisher = Settings::load(flags, environment)
        .ok()
        .and_then(|settings| settings.publisher)
        .map_or_else(|| PublisherId::new(""), |publisher| publisher.value);
    let why = (obstacle.what.as_str(), obstacle.exit);
    cancel::obstructed(args, &publisher, why, &SystemClock, io)
}

/// A verb that needs the service.
fn at_service(
    verb: &Command,
    flags: &Flags,
    environment: &Environment,
    bell: Option<Bell>,
    io: &mut Io<'_>,
) -> Result<Exit, Obstacle> {
    let settings = Settings::load(flags, environment)?;
    let service = service::named_by(&settings, environment, Attendance::Present)?;
    let plan = log::Plan::of(environment, settings.log_file.as_deref(), true);
    panic::install(None, plan.place());
    let _log = plan.start();
    let runtime = way_out::runtime()?;
    runtime.spawn(prompting::announce(service.prompts.watch(), io::stderr()));
    let publisher = &service.publisher;
    let exit = match verb {
        Command::Offers(args) => runtime.block_on(offers::run(&*service.catalogue(), publisher, args, io)),
        Command::Operations(args) => {
            runtime.block_on(operations::run(&*service.catalogue(), publisher, args, io))
        }
        Command::Cancel(args) => cancel_at(&runtime, &service, &settings, args, environment, bell, io)?,
        Command::Follow(args) => follow_at(&runtime, &service, &settings, args, environment, io)?,
        _ => Exit::Usage,
    };
    runtime.shutdown_background();
    Ok(exit)
}

fn cancel_at(
    runtime: &Runtime,
    service: &Service,
    settings: &Settings,
    args: &CancelArgs,
    environment: &Environment,
    bell: Option<Bell>,
    io: &mut Io<'_>,
) -> Result<Exit, Obstacle> {
    let parts = service.parts(journal(environment), environment);
    let defaults = cancel::Defaults {
        profile: service.profile.clone(),
        publisher: service.publisher.clone(),
        notify: settings.notify.clone(),
        timeout: settings.timeout,
        journal: Arc::clone(&parts.journal),
        clock: Arc::clone(&parts.clock),
    };
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = Engine::new(parts, tasks.clone(), stop.clone());
    runtime
        .block_on(async {
            let interrupted = signals::interrupted(bell)?;
            let exit = cancel::run(&engine, args, &defaults, interrupted, io).await;
            way_out::wait_for_answers(&engine, &tasks, &stop).await;
            Ok(exit)
        })
        .map_err(|error: io::Error| Obstacle::system("listen to signals", &error))
}

/// Without a way to send: what is followed was asked for in another run.
fn follow_at(
    runtime: &Runtime,
    service: &Service,
    settings: &Settings,
    args: &FollowArgs,
    environment: &Environment,
    io: &mut Io<'_>,
) -> Result<Exit, Obstacle> {
    let parts = Parts {
        canceller: None,
        ..service.parts(journal(environment), environment)
    };
    let (journal, clock) = (Arc::clone(&parts.journal), Arc::clone(&parts.clock));
    let beside = follow::Beside {
        publisher: &service.publisher,
        timeout: settings.timeout,
        journal: &*journal,
        clock: &*clock,
    };
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = Engine::new(parts, tasks.clone(), stop.clone());
    runtime
        .block_on(async {
            let interrupted = signals::interrupted(None)?;
            let exit = follow::run(&engine, args, beside, interrupted, io).await;
            way_out::wait_for_answers(&engine, &tasks, &stop).await;
            Ok(exit)
        })
        .map_err(|error: io::Error| Obstacle::system("listen to signals", &error))
}

/// The journal of this machine alone: whatever is set or not set, it can be read.
fn history_here(args: &HistoryArgs, environment: &Environment, io: &mut Io<'_>) -> Result<Exit, Obstacle> {
    let runtime = way_out::runtime()?;
    let exit = runtime.block_on(history::run(&*journal(environment), args, io));
    runtime.shutdown_background();
    Ok(exit)
}
