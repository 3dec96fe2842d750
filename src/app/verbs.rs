//! Assembly of the verbs, each with only what it needs: history needs no settings, and follow no sign-in if nothing is
//! open.

use crate::{
    app::{
        clock::SystemClock,
        console::Output,
        demo, doctor,
        invocation::{Configuration, Invocation},
        line_session::LineSession,
        preferences,
        prompt::Bell,
        runtime,
        session::journal,
        signals,
        startup_error::StartupError,
    },
    cli::{
        Command, Io,
        args::{CancelArgs, ConfigArgs, FollowArgs},
        cancel, completions, config, follow, history, man, offers, operations, simulate,
    },
    domain::{ids::PublisherId, verdict::Exit},
    engine::EngineDeps,
    service::auth::Attendance,
};

/// Exit code of a verb, or the reason why it cannot start.
type Ended = Result<Exit, StartupError>;

/// Runs one verb to its end.
pub(super) fn run(verb: &Command, invocation: &Invocation) -> Ended {
    let context = VerbContext {
        invocation,
        output: Output {
            is_ascii: !invocation.terminal().unicode,
            is_json: verb.is_json(),
        },
    };
    match verb {
        Command::Demo => demo::run(invocation),
        Command::Offers(args) => context.with_runtime(async |_, io| {
            let lines = context.open(io).await?;
            Ok(offers::run(&*lines.catalogue(), &lines.publisher, args, io).await)
        }),
        Command::Operations(args) => context.with_runtime(async |_, io| {
            let lines = context.open(io).await?;
            let place = (&lines.session.origin, &lines.publisher);
            Ok(operations::run(&*lines.catalogue(), place, args, io).await)
        }),
        Command::Cancel(args) => {
            context.with_runtime(async |bell, io| match context.cancel(args, bell, io).await {
                Err(error) if args.json => Ok(context.cancel_aborted(args, &error, io)),
                ended => ended,
            })
        }
        Command::Follow(args) => context.with_runtime(async |bell, io| context.follow(args, bell, io).await),
        // Reads the journal of this machine alone, whatever the settings.
        Command::History(args) => context.with_runtime(async |_, io| {
            let journal = journal(&invocation.environment)?;
            Ok(history::run(&*journal, args, io).await)
        }),
        Command::Config(args) => context.output.with_io(|_, io| context.config(*args, io)),
        Command::Doctor(args) => {
            context.with_runtime(async |_, io| doctor::run(args, invocation, context.output, io).await)
        }
        Command::Simulate(args) => context.with_runtime(async |_, io| {
            let ended = signals::interrupted(None)?;
            Ok(simulate::run(args, ended, io).await)
        }),
        Command::Completions { shell } => context.output.with_io(|_, io| Ok(completions::run(*shell, io))),
        Command::Man(args) => context
            .output
            .with_io(|_, io| Ok(man::run(args.dir.as_deref(), io))),
    }
}

/// Inputs of every verb.
#[derive(Clone, Copy)]
struct VerbContext<'a> {
    invocation: &'a Invocation,
    output: Output,
}

impl<'a> VerbContext<'a> {
    /// Runs a verb with its handles, on a runtime.
    fn with_runtime(self, verb: impl AsyncFnOnce(Option<Bell>, &mut Io<'_>) -> Ended) -> Ended {
        self.output.with_io(|bell, io| runtime::block_on(verb(bell, io)))
    }

    /// Opens the session that the settings describe. A verb waits for a person's sign-in.
    async fn open(self, io: &mut Io<'_>) -> Result<LineSession<'a>, StartupError> {
        LineSession::configured(self.invocation, Attendance::Present, self.output, io).await
    }

    async fn cancel(self, args: &CancelArgs, bell: Option<Bell>, io: &mut Io<'_>) -> Ended {
        let lines = self.open(io).await?;
        let deps = lines.engine_deps(journal(&self.invocation.environment)?);
        let defaults = lines.cancel_deps(&deps);
        lines
            .with_engine(deps, bell, async |engine, interrupted| {
                cancel::run(engine, args, &defaults, interrupted, io).await
            })
            .await
    }

    /// Reports a scripted cancel that cannot start. Unreadable settings name no publisher.
    fn cancel_aborted(self, args: &CancelArgs, error: &StartupError, io: &mut Io<'_>) -> Exit {
        let settings = self.invocation.settings().ok();
        let named = settings.and_then(|settings| settings.publisher.as_ref());
        let publisher = named.map_or_else(|| PublisherId::new(""), |named| named.value.clone());
        cancel::obstructed(args, &publisher, (&error.what, error.exit), &SystemClock, io)
    }

    /// Follows open cancellations. Checks locally whether there are any; only then a sign-in is needed. Runs without a
    /// way to send: the cancels belong to another run.
    async fn follow(self, args: &FollowArgs, bell: Option<Bell>, io: &mut Io<'_>) -> Ended {
        let settings = self.invocation.settings()?;
        let publisher = settings.publisher.as_ref().map(|named| &named.value);
        let place = (&settings.origin.value, publisher);
        let journal = journal(&self.invocation.environment)?;
        let ended = follow::told_by_journal(args, place, &*journal, &SystemClock, io).await;
        if let Some(exit) = ended {
            return Ok(exit);
        }
        let lines = self.open(io).await?;
        let deps = EngineDeps {
            canceller: None,
            ..lines.engine_deps(journal.clone())
        };
        let beside = follow::Beside {
            publisher: &lines.publisher,
            timeout: settings.timeout,
            journal: &*journal,
            clock: &SystemClock,
        };
        lines
            .with_engine(deps, bell, async |engine, interrupted| {
                follow::run(engine, args, beside, interrupted, io).await
            })
            .await
    }

    fn config(self, args: ConfigArgs, io: &mut Io<'_>) -> Ended {
        let Configuration { sources, settings } = self.invocation.configuration()?;
        // The errors that prevent the dashboard apply here as well.
        let terminal = self.invocation.terminal();
        preferences::of(&settings.appearance, &self.invocation.environment, &terminal)?;
        Ok(config::run(&sources.effective(settings), args, io))
    }
}
