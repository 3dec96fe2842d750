//! The dashboard as lines of text.

use std::sync::Arc;

use crate::{
    app::{
        commands::StandardInput, line_session::LineSession, prompt::Bell, startup_error::StartupError,
        streams::Streams,
    },
    cli::Io,
    domain::{text::SafeText, verdict::Exit},
    engine::ports::Journal,
    plain::{self, Beside},
};

/// Dependencies of the lines.
pub(super) struct LinesConfig {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) banner: Option<SafeText>,
    /// Whether the service continues after this process has ended.
    pub(super) goes_on: bool,
    pub(super) streams: Streams,
}

/// Shows `lines` until exit.
pub(super) async fn run(
    lines: &LineSession<'_>,
    config: LinesConfig,
    bell: Option<Bell>,
    io: &mut Io<'_>,
) -> Result<Exit, StartupError> {
    let deps = lines.engine_deps(config.journal);
    let beside = Beside {
        origin: lines.session.origin.clone(),
        cancel: lines.cancel_deps(&deps),
        goes_on: config.goes_on,
        banner: config.banner,
        is_attended: config.streams.are_attended(),
    };
    let commands = config.streams.give_commands().then(StandardInput::default);
    lines
        .with_engine(deps, bell, async |engine, interrupted| {
            plain::run(engine, &beside, commands, interrupted, io).await
        })
        .await
}
