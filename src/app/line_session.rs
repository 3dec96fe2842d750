//! A session for a face of lines: logged, with its publisher known and its sign-in prompts on standard error.

use std::{io, pin::Pin, sync::Arc};

use crate::{
    app::{
        console::{Output, start_log},
        engines::Engines,
        invocation::Invocation,
        log,
        prompt::Bell,
        publisher,
        session::Session,
        signals,
        startup_error::StartupError,
    },
    cli::{Ascii, Io, cancel, sign_in_prompt},
    domain::{ids::PublisherId, verdict::Exit},
    engine::{
        Engine, EngineDeps,
        ports::{Catalogue, Journal},
    },
    service::auth::Attendance,
};

/// Future that resolves to the exit code when a signal requests exit.
type Interrupted = Pin<Box<dyn Future<Output = Exit>>>;

/// Dependencies of a face of lines. Belongs to the runtime that it was opened on.
pub(super) struct LineSession<'a> {
    pub(super) session: Session<'a>,
    pub(super) publisher: PublisherId,
    output: Output,
    _log: Option<log::Log>,
}

impl<'a> LineSession<'a> {
    /// Opens the session that the settings describe.
    pub(super) async fn configured(
        invocation: &'a Invocation,
        attendance: Attendance,
        output: Output,
        io: &mut Io<'_>,
    ) -> Result<Self, StartupError> {
        let settings = invocation.settings()?;
        let session = Session::open(settings, &invocation.environment, attendance)?;
        let log = log::Plan::of(&invocation.environment, settings.log_file.as_deref(), true);
        Self::open(session, &log, output, io).await
    }

    /// Converts `session` to one for lines; lists the publishers at the service if none is configured.
    pub(super) async fn open(
        session: Session<'a>,
        log: &log::Plan,
        output: Output,
        io: &mut Io<'_>,
    ) -> Result<Self, StartupError> {
        let log = start_log(log, output.is_ascii);
        let prompts = session.prompts.watch();
        tokio::spawn(sign_in_prompt::announce(
            prompts,
            Ascii::new(io::stderr(), output.is_ascii),
        ));
        let publisher = match &session.publisher {
            Some(publisher) => publisher.clone(),
            None => publisher::only(&*session.catalogue(), io).await?,
        };
        Ok(Self {
            session,
            publisher,
            output,
            _log: log,
        })
    }

    pub(super) fn catalogue(&self) -> Arc<dyn Catalogue> {
        self.session.catalogue()
    }

    pub(super) fn engine_deps(&self, journal: Arc<dyn Journal>) -> EngineDeps {
        self.session.engine_deps(&self.publisher, journal)
    }

    /// Returns the dependencies of a cancel beside the engine of `deps`.
    pub(super) fn cancel_deps(&self, deps: &EngineDeps) -> cancel::Defaults {
        cancel::Defaults {
            profile: self.session.profile.clone(),
            publisher: self.publisher.clone(),
            notify: self.session.notify.clone(),
            timeout: self.session.timeout,
            read_only: self.session.read_only,
            journal: Arc::clone(&deps.journal),
            clock: Arc::clone(&deps.clock),
        }
    }

    /// Runs work that needs an engine, then waits for the engine's tasks.
    pub(super) async fn with_engine(
        &self,
        deps: EngineDeps,
        bell: Option<Bell>,
        face: impl AsyncFnOnce(&Engine, Interrupted) -> Exit,
    ) -> Result<Exit, StartupError> {
        let engines = Engines::default();
        let engine = engines.start(deps);
        let interrupted = signals::interrupted(bell)?;
        let exit = face(&engine, Box::pin(interrupted)).await;
        Ok(engines.finish(exit, self.output.is_ascii).await)
    }
}
