//! The verbs, each with what it works with.

use std::io;

use jiff::tz::TimeZone;

use crate::{
    app::{
        Obstacle,
        asking::{Bell, Person},
        at_service::AtService,
        clock::SystemClock,
        demo, doctor,
        parts::journal,
        signals, way_out,
    },
    cli::{
        Ask, Command, Io,
        args::{CancelArgs, ConfigArgs, HistoryArgs, SimulateArgs},
        cancel, completions, config, history, man, simulate,
    },
    domain::{ids::PublisherId, verdict::Exit},
    settings::{Environment, Flags, Settings, Sources},
};

/// How a verb ends, or why it cannot begin.
type Ended = Result<Exit, Obstacle>;

/// Runs one verb to its end.
pub(super) fn run(verb: &Command, flags: &Flags, environment: &Environment) -> Ended {
    match verb {
        Command::Demo => demo::dashboard(flags, environment),
        Command::Offers(args) => at_service(flags, environment, |at, _, io| Ok(at.offers(args, io))),
        Command::Operations(args) => at_service(flags, environment, |at, _, io| Ok(at.operations(args, io))),
        Command::Cancel(args) if args.json => with_io(|bell, io| {
            let ended = here(flags, environment, bell, io, |at, bell, io| {
                at.cancel(args, bell, io)
            });
            Ok(ended.unwrap_or_else(|obstacle| obstructed(args, flags, environment, &obstacle, io)))
        }),
        Command::Cancel(args) => at_service(flags, environment, |at, bell, io| at.cancel(args, bell, io)),
        Command::Follow(args) => at_service(flags, environment, |at, _, io| at.follow(args, io)),
        Command::History(args) => with_io(|_, io| history_here(args, environment, io)),
        Command::Config(args) => with_io(|_, io| config_here(*args, flags, environment, io)),
        Command::Doctor(args) => with_io(|_, io| doctor::run(args, flags, environment, io)),
        Command::Simulate(args) => with_io(|_, io| simulate_here(args, io)),
        Command::Completions { shell } => with_io(|_, io| Ok(completions::run(*shell, io))),
        Command::Man => with_io(|_, io| Ok(man::run(io))),
    }
}

/// Gives a verb the handles it writes to, and whoever sits at the terminal.
fn with_io(verb: impl FnOnce(Option<Bell>, &mut Io<'_>) -> Ended) -> Ended {
    let person = Person::present().map_err(|error| Obstacle::system("ask questions", &error))?;
    let (mut person, bell) = person.unzip();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: person.as_mut().map(|person| person as &mut dyn Ask),
        zone: TimeZone::system(),
    };
    verb(bell, &mut io)
}

/// Gives a verb the service as well.
fn at_service(
    flags: &Flags,
    environment: &Environment,
    verb: impl FnOnce(&AtService<'_>, Option<Bell>, &mut Io<'_>) -> Ended,
) -> Ended {
    with_io(|bell, io| here(flags, environment, bell, io, verb))
}

fn here(
    flags: &Flags,
    environment: &Environment,
    bell: Option<Bell>,
    io: &mut Io<'_>,
    verb: impl FnOnce(&AtService<'_>, Option<Bell>, &mut Io<'_>) -> Ended,
) -> Ended {
    let at = AtService::open(flags, environment, io)?;
    let ended = verb(&at, bell, io);
    at.leave();
    ended
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

/// The journal of this machine alone: whatever is set or not set, it can be read.
fn history_here(args: &HistoryArgs, environment: &Environment, io: &mut Io<'_>) -> Ended {
    let runtime = way_out::runtime()?;
    let exit = runtime.block_on(history::run(&*journal(environment), args, io));
    runtime.shutdown_background();
    Ok(exit)
}

fn config_here(args: ConfigArgs, flags: &Flags, environment: &Environment, io: &mut Io<'_>) -> Ended {
    let sources = Sources::read(flags, environment)?;
    let settings = sources.started()?;
    Ok(config::run(&sources.told(&settings), args, io))
}

fn simulate_here(args: &SimulateArgs, io: &mut Io<'_>) -> Ended {
    let runtime = way_out::runtime()?;
    let exit = runtime.block_on(async {
        let ended = signals::interrupted(None)?;
        Ok(simulate::run(args, ended, io).await)
    });
    runtime.shutdown_background();
    exit.map_err(|error: io::Error| Obstacle::system("listen to signals", &error))
}
