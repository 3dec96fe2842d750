//! The verbs, each with what it works with.

use std::io;

use jiff::tz::TimeZone;

use crate::{
    app::{
        StartupError,
        at_service::AtService,
        clock::SystemClock,
        demo, doctor, locale,
        parts::journal,
        preferences,
        prompt::{Bell, TerminalPrompt},
        shutdown, signals,
    },
    cli::{
        Ascii, Ask, Command, Io,
        args::{CancelArgs, ConfigArgs, FollowArgs, HistoryArgs, SimulateArgs},
        cancel, completions, config, follow, history, man, simulate,
    },
    domain::{ids::PublisherId, verdict::Exit},
    settings::{Environment, Flags, Settings, Sources},
};

/// How a verb ends, or why it cannot begin.
type Ended = Result<Exit, StartupError>;

/// What letters a verb writes in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    /// Nothing but ASCII.
    pub(super) is_ascii: bool,
    /// JSON on standard output.
    pub(super) is_json: bool,
}

/// Runs one verb to its end.
pub(super) fn run(verb: &Command, flags: &Flags, environment: &Environment) -> Ended {
    let desk = VerbContext {
        flags,
        environment,
        letters: Letters {
            is_ascii: locale::is_ascii(environment, locale::is_plain(flags, environment)),
            is_json: verb.is_json(),
        },
    };
    match verb {
        Command::Demo => demo::dashboard(flags, environment),
        Command::Offers(args) => desk.at_service(|at, _, io| Ok(at.offers(args, io))),
        Command::Operations(args) => desk.at_service(|at, _, io| Ok(at.operations(args, io))),
        Command::Cancel(args) if args.json => desk.with_io(|bell, io| {
            let ended = desk.here(bell, io, |at, bell, io| at.cancel(args, bell, io));
            Ok(ended.unwrap_or_else(|obstacle| obstructed(args, flags, environment, &obstacle, io)))
        }),
        Command::Cancel(args) => desk.at_service(|at, bell, io| at.cancel(args, bell, io)),
        Command::Follow(args) => desk.with_io(|bell, io| {
            if let Some(exit) = told_by_journal(args, flags, environment, io)? {
                return Ok(exit);
            }
            desk.here(bell, io, |at, _, io| at.follow(args, io))
        }),
        Command::History(args) => desk.with_io(|_, io| history_here(args, environment, io)),
        Command::Config(args) => desk.with_io(|_, io| config_here(*args, flags, environment, io)),
        Command::Doctor(args) => desk.with_io(|_, io| doctor::run(args, desk, io)),
        Command::Simulate(args) => desk.with_io(|_, io| simulate_here(args, io)),
        Command::Completions { shell } => desk.with_io(|_, io| Ok(completions::run(*shell, io))),
        Command::Man(args) => desk.with_io(|_, io| Ok(man::run(args.dir.as_deref(), io))),
    }
}

/// What was said to every verb alike.
#[derive(Clone, Copy)]
pub(super) struct VerbContext<'a> {
    pub(super) flags: &'a Flags,
    pub(super) environment: &'a Environment,
    pub(super) letters: Letters,
}

impl VerbContext<'_> {
    fn with_io(self, verb: impl FnOnce(Option<Bell>, &mut Io<'_>) -> Ended) -> Ended {
        with_io(self.letters, verb)
    }

    /// Gives a verb the service as well.
    fn at_service(self, verb: impl FnOnce(&AtService<'_>, Option<Bell>, &mut Io<'_>) -> Ended) -> Ended {
        self.with_io(|bell, io| self.here(bell, io, verb))
    }

    fn here(
        self,
        bell: Option<Bell>,
        io: &mut Io<'_>,
        verb: impl FnOnce(&AtService<'_>, Option<Bell>, &mut Io<'_>) -> Ended,
    ) -> Ended {
        let at = AtService::open(self.flags, self.environment, self.letters, io)?;
        let ended = verb(&at, bell, io);
        at.leave();
        ended
    }
}

/// Gives a verb the handles it writes to, and whoever sits at the terminal.
pub(super) fn with_io(letters: Letters, verb: impl FnOnce(Option<Bell>, &mut Io<'_>) -> Ended) -> Ended {
    let person = TerminalPrompt::present().map_err(|error| StartupError::system("ask questions", &error))?;
    let (mut person, bell) = person.unzip();
    // JSON is UTF-8 by its own rules, and names are not to be lost in it.
    let mut out = Ascii::new(io::stdout().lock(), letters.is_ascii && !letters.is_json);
    let mut err = Ascii::new(io::stderr(), letters.is_ascii);
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: person.as_mut().map(|person| person as &mut dyn Ask),
        zone: TimeZone::system(),
    };
    verb(bell, &mut io)
}

/// A cancel for a script that cannot begin. Settings that cannot be read name no publisher.
fn obstructed(
    args: &CancelArgs,
    flags: &Flags,
    environment: &Environment,
    obstacle: &StartupError,
    io: &mut Io<'_>,
) -> Exit {
    let publisher = Settings::load(flags, environment)
        .ok()
        .and_then(|settings| settings.publisher)
        .map_or_else(|| PublisherId::new(""), |publisher| publisher.value);
    let why = (obstacle.what.as_str(), obstacle.exit);
    cancel::obstructed(args, &publisher, why, &SystemClock, io)
}

/// What there is to follow, if anything, is known here; only who follows something needs a sign-in.
fn told_by_journal(
    args: &FollowArgs,
    flags: &Flags,
    environment: &Environment,
    io: &mut Io<'_>,
) -> Result<Option<Exit>, StartupError> {
    let settings = Settings::load(flags, environment)?;
    let publisher = settings.publisher.as_ref().map(|publisher| &publisher.value);
    let place = (&settings.origin.value, publisher);
    let journal = journal(environment)?;
    let runtime = shutdown::runtime()?;
    let told = follow::told_by_journal(args, place, &*journal, &SystemClock, io);
    let exit = runtime.block_on(told);
    runtime.shutdown_background();
    Ok(exit)
}

/// The journal of this machine alone: whatever is set or not set, it can be read.
fn history_here(args: &HistoryArgs, environment: &Environment, io: &mut Io<'_>) -> Ended {
    let journal = journal(environment)?;
    let runtime = shutdown::runtime()?;
    let exit = runtime.block_on(history::run(&*journal, args, io));
    runtime.shutdown_background();
    Ok(exit)
}

fn config_here(args: ConfigArgs, flags: &Flags, environment: &Environment, io: &mut Io<'_>) -> Ended {
    let sources = Sources::read(flags, environment)?;
    let settings = sources.started()?;
    // What keeps the dashboard from beginning is wrong here as well.
    preferences::of(&settings.appearance, environment, settings.plain)?;
    Ok(config::run(&sources.told(&settings), args, io))
}

fn simulate_here(args: &SimulateArgs, io: &mut Io<'_>) -> Ended {
    let runtime = shutdown::runtime()?;
    let exit = runtime.block_on(async {
        let ended = signals::interrupted(None)?;
        Ok(simulate::run(args, ended, io).await)
    });
    runtime.shutdown_background();
    exit.map_err(|error: io::Error| StartupError::system("listen to signals", &error))
}
