//! The dashboard at the configured service: a screen, or lines where a screen is unsuitable.

use crate::{
    app::{
        console::Output,
        engines::Engines,
        invocation::Invocation,
        line_session::LineSession,
        log,
        plain::{self, LinesConfig},
        preferences,
        profiles::Profiles,
        runtime,
        screen::{self, ScreenConfig},
        session::journal,
        startup_error::StartupError,
        streams::Streams,
    },
    domain::{text::SafeText, verdict::Exit},
    service::auth::Attendance,
    settings::Source,
};

/// Runs it until exit.
pub(super) fn run(invocation: &Invocation) -> Result<Exit, StartupError> {
    let is_plain = invocation.settings()?.plain;
    let streams = Streams::of_process(is_plain, &invocation.terminal());
    if streams.want_lines() {
        as_lines(invocation, streams)
    } else {
        as_screen(invocation)
    }
}

fn as_lines(invocation: &Invocation, streams: Streams) -> Result<Exit, StartupError> {
    let attendance = if streams.are_attended() {
        Attendance::Elsewhere
    } else {
        Attendance::Present
    };
    let output = Output {
        is_ascii: !invocation.terminal().unicode,
        is_json: false,
    };
    output.with_io(|bell, io| {
        runtime::block_on(async {
            let lines = LineSession::configured(invocation, attendance, output, io).await?;
            let config = LinesConfig {
                journal: journal(&invocation.environment)?,
                banner: None,
                goes_on: true,
                streams,
            };
            plain::run(&lines, config, bell, io).await
        })
    })
}

fn as_screen(invocation: &Invocation) -> Result<Exit, StartupError> {
    let settings = invocation.settings()?;
    let engines = Engines::default();
    let profiles = Profiles::new(invocation, engines.clone())?;
    let profile = &settings.profile;
    let config = ScreenConfig {
        engines,
        first: profiles.first()?,
        pacing: preferences::pacing(settings.low_bandwidth),
        mouse: preferences::mouse(&settings.appearance, &invocation.terminal()),
        log: log::Plan::of(&invocation.environment, settings.log_file.as_deref(), true),
        goes_on: true,
        unnamed: (profile.source != Source::Flag).then(|| profile.value.clone()),
        open: Box::new(move |profile, publisher| {
            let opened = profiles.open(profile, publisher);
            opened.map_err(|error| SafeText::new(&error.what))
        }),
    };
    screen::run(runtime::new()?, config)
}
