//! A verb at the service that the settings name: what it works with, and how it comes to its end.

use std::{io, pin::Pin, slice, sync::Arc};

use tokio::runtime::Runtime;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::{
        StartupError, complain, log, panic,
        parts::{Service, journal},
        prompt::Bell,
        publisher, session, shutdown, signals, unrecorded,
        verbs::Letters,
    },
    cli::{
        Ascii, Io,
        args::{CancelArgs, FollowArgs, OffersArgs, OperationsArgs},
        cancel, follow, offers, operations, sign_in_prompt,
    },
    domain::{ids::PublisherId, verdict::Exit},
    engine::{Engine, Parts},
    service::auth::Attendance,
    settings::{Environment, Flags, Settings},
};

/// Resolves to how the program is to end, when a signal asks it to.
type Interrupted = Pin<Box<dyn Future<Output = Exit>>>;

/// What a verb needs that works at the service.
pub(super) struct AtService<'a> {
    runtime: Runtime,
    environment: &'a Environment,
    settings: Settings,
    service: Service,
    publisher: PublisherId,
    letters: Letters,
    _log: Option<log::Log>,
}

impl<'a> AtService<'a> {
    /// Gets it all; asks the service whose offers are meant, where the settings do not say.
    pub(super) fn open(
        flags: &Flags,
        environment: &'a Environment,
        letters: Letters,
        io: &mut Io<'_>,
    ) -> Result<Self, StartupError> {
        let settings = Settings::load(flags, environment)?;
        let service = session::named_by(&settings, environment, Attendance::Present)?;
        let plan = log::Plan::of(environment, settings.log_file.as_deref(), true);
        if let Some(obstacle) = plan.obstacle() {
            complain(&obstacle, letters.is_ascii);
        }
        panic::install(None, plan.place());
        let log = plan.start();
        let runtime = shutdown::runtime()?;
        runtime.spawn(sign_in_prompt::announce(
            service.prompts.watch(),
            Ascii::new(io::stderr(), letters.is_ascii),
        ));
        let publisher = runtime.block_on(publisher::of(&settings, &*service.catalogue(), io))?;
        Ok(Self {
            runtime,
            environment,
            settings,
            service,
            publisher,
            letters,
            _log: log,
        })
    }

    pub(super) fn offers(&self, args: &OffersArgs, io: &mut Io<'_>) -> Exit {
        let catalogue = self.service.catalogue();
        self.runtime
            .block_on(offers::run(&*catalogue, &self.publisher, args, io))
    }

    pub(super) fn operations(&self, args: &OperationsArgs, io: &mut Io<'_>) -> Exit {
        let catalogue = self.service.catalogue();
        self.runtime.block_on(operations::run(
            &*catalogue,
            (&self.service.origin, &self.publisher),
            args,
            io,
        ))
    }

    pub(super) fn cancel(
        &self,
        args: &CancelArgs,
        bell: Option<Bell>,
        io: &mut Io<'_>,
    ) -> Result<Exit, StartupError> {
        let parts = self.parts()?;
        let defaults = cancel::Defaults {
            profile: self.service.profile.clone(),
            publisher: self.publisher.clone(),
            notify: self.settings.notify.clone(),
            timeout: self.settings.timeout,
            read_only: self.settings.read_only,
            journal: Arc::clone(&parts.journal),
            clock: Arc::clone(&parts.clock),
        };
        self.with_engine(parts, bell, async |engine, interrupted| {
            cancel::run(engine, args, &defaults, interrupted, io).await
        })
    }

    /// Without a way to send: what is followed was asked for in another run.
    pub(super) fn follow(&self, args: &FollowArgs, io: &mut Io<'_>) -> Result<Exit, StartupError> {
        let parts = Parts {
            canceller: None,
            ..self.parts()?
        };
        let (journal, clock) = (Arc::clone(&parts.journal), Arc::clone(&parts.clock));
        let beside = follow::Beside {
            publisher: &self.publisher,
            timeout: self.settings.timeout,
            journal: &*journal,
            clock: &*clock,
        };
        self.with_engine(parts, None, async |engine, interrupted| {
            follow::run(engine, args, beside, interrupted, io).await
        })
    }

    /// Leaves behind what still runs: nothing that counts does by now.
    pub(super) fn leave(self) {
        self.runtime.shutdown_background();
    }

    fn parts(&self) -> Result<Parts, StartupError> {
        let journal = journal(self.environment)?;
        Ok(self.service.parts(&self.publisher, journal, self.environment))
    }

    /// Runs what needs an engine, and then waits for what the engine is still about.
    fn with_engine(
        &self,
        parts: Parts,
        bell: Option<Bell>,
        verb: impl AsyncFnOnce(&Engine, Interrupted) -> Exit,
    ) -> Result<Exit, StartupError> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let engine = Engine::new(parts, tasks.clone(), stop.clone());
        let ended = self.runtime.block_on(async {
            let interrupted = signals::interrupted(bell)?;
            let exit = verb(&engine, Box::pin(interrupted)).await;
            let all = slice::from_ref(&engine);
            shutdown::wait_for_answers(all, &tasks, &stop).await;
            Ok(unrecorded::tell(all, exit, self.letters.is_ascii))
        });
        ended.map_err(|error: io::Error| StartupError::system("listen to signals", &error))
    }
}
