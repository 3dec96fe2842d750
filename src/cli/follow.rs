//! `follow`: goes on with what an earlier run left open, until each has its final verdict or the time is up. Never sends.
//!
//! What was recorded before is told first, with the times it has, so that who lost the end of a story gets all of it. An
//! `unknown` is no end here, as it is for `cancel`.

use std::{pin::pin, time::Duration};

use futures_util::FutureExt as _;

use crate::{
    cli::{
        Io,
        args::FollowArgs,
        following::{self, Followed, Following, Until},
        report::{Form, Report},
    },
    domain::{
        cancellation::Cancellation,
        ids::{CancellationId, Origin, PublisherId},
        text::SafeText,
        verdict::Exit,
    },
    engine::{
        Engine, FollowError,
        ports::{Clock, Journal},
    },
    presentation::About,
};

/// What following needs beside the engine.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// The publisher that the engine works for.
    pub publisher: &'a PublisherId,
    /// How long to follow where the command line says nothing.
    pub timeout: Duration,
    /// The engine's journal: tells what could not be read.
    pub journal: &'a dyn Journal,
    /// Tells the wall time.
    pub clock: &'a dyn Clock,
}

/// What the journal alone can tell, so that nobody has to be signed in for it: that nothing is open at `origin`, or that
/// the one that `args` name is not to be followed there. None where there is something to follow.
///
/// `publisher` is the one that was named, if any.
pub async fn told_by_journal(
    args: &FollowArgs,
    (origin, publisher): (&Origin, Option<&PublisherId>),
    journal: &dyn Journal,
    clock: &dyn Clock,
    io: &mut Io<'_>,
) -> Option<Exit> {
    let found = match &args.cancellation {
        Some(id) => known(journal, id, (origin, publisher)).await.map(|()| true),
        None => any_open(journal, (origin, publisher)).await,
    };
    let form = if args.json { Form::Json } else { Form::Text };
    let mut report = Report::new(io, form, clock, &[]);
    match found {
        Ok(true) => None,
        Ok(false) => {
            let exit = tell_unreadable(journal, &mut report).await;
            let place =
                publisher.map_or_else(|| format!("at {origin}"), |publisher| format!("for {publisher}"));
            nothing_is_open(&place, &mut report);
            Some(exit)
        }
        Err(not_followed) => {
            let shown = publisher.map(PublisherId::shown).unwrap_or_default();
            Some(refuse(&not_followed, args, shown, &mut report))
        }
    }
}

/// That there is a cancellation `id`, and that it is of that service and publisher.
async fn known(
    journal: &dyn Journal,
    id: &CancellationId,
    (origin, publisher): (&Origin, Option<&PublisherId>),
) -> Result<(), FollowError> {
    let facts = journal.facts(id, 0).await?;
    let found = Cancellation::fold(id.clone(), facts).ok_or_else(|| FollowError::NoSuch(id.shown()))?;
    let target = found.request.target;
    if target.origin == *origin && publisher.is_none_or(|publisher| target.publisher.is(publisher)) {
        Ok(())
    } else {
        let (origin, publisher) = (target.origin, target.publisher);
        Err(FollowError::Elsewhere { origin, publisher })
    }
}

/// Whether anything is open there; without a publisher, of any.
async fn any_open(
    journal: &dyn Journal,
    (origin, publisher): (&Origin, Option<&PublisherId>),
) -> Result<bool, FollowError> {
    if let Some(publisher) = publisher {
        return Ok(!journal.open(origin, publisher).await?.is_empty());
    }
    let history = journal.history(u32::MAX).await?;
    Ok(history
        .iter()
        .any(|one| one.is_open() && one.request.target.origin == *origin))
}

fn nothing_is_open(place: &str, report: &mut Report<'_, '_>) {
    report
        .io()
        .remark(&format!("countermand: nothing is open {place}"));
}

/// Tells what could not be read, and how grave that is.
async fn tell_unreadable(journal: &dyn Journal, report: &mut Report<'_, '_>) -> Exit {
    let mut exit = Exit::Done;
    for failure in journal.unreadable().await {
        report.io().complain(&failure.to_string());
        exit = Exit::Failure;
    }
    exit
}

/// Follows the cancellation that `args` name, or all that are open at the engine's service and publisher.
///
/// `interrupted` resolves to how the program is to end when a signal asks it to; each verdict is told as it stands then.
pub async fn run(
    engine: &Engine,
    args: &FollowArgs,
    beside: Beside<'_>,
    interrupted: impl Future<Output = Exit>,
    io: &mut Io<'_>,
) -> Exit {
    let interrupted = pin!(interrupted.fuse());
    let form = if args.json { Form::Json } else { Form::Text };
    let mut report = Report::new(io, form, beside.clock, &[]);
    let (ids, exit) = match begin(engine, args, beside, &mut report).await {
        Ok(begun) => begun,
        Err(not_followed) => {
            return refuse(&not_followed, args, beside.publisher.shown(), &mut report);
        }
    };
    if ids.is_empty() {
        nothing_is_open(&format!("for {}", beside.publisher), &mut report);
        return exit;
    }
    if ids.len() > 1 {
        report = report.labelled();
    }
    let following = Following {
        open: followed(engine, &ids),
        until: Until::Settled,
        let_go: |id: &_| engine.stop_following(id),
    };
    exit.max(following::follow(following, engine.snapshots(), interrupted, &mut report).await)
}

/// The cancellations that are followed from now on, oldest first, and how grave it is that some could not be read.
async fn begin(
    engine: &Engine,
    args: &FollowArgs,
    beside: Beside<'_>,
    report: &mut Report<'_, '_>,
) -> Result<(Vec<CancellationId>, Exit), FollowError> {
    let timeout = args.timeout.unwrap_or(beside.timeout);
    if let Some(id) = &args.cancellation {
        engine.follow(id, timeout).await?;
        return Ok((vec![id.clone()], Exit::Done));
    }
    let ids = engine.resume(timeout).await?;
    let exit = tell_unreadable(beside.journal, report).await;
    Ok((ids, exit))
}

fn refuse(
    not_followed: &FollowError,
    args: &FollowArgs,
    publisher: SafeText,
    report: &mut Report<'_, '_>,
) -> Exit {
    let about = About {
        at: report.now(),
        cancellation: args.cancellation.as_ref().map(CancellationId::shown),
        publisher,
        offer: None,
        operation: None,
    };
    report.fail(SafeText::new(&not_followed.to_string()), about);
    match not_followed {
        FollowError::NoSuch(_) | FollowError::Elsewhere { .. } => Exit::Usage,
        FollowError::Journal(_) => Exit::Failure,
    }
}

/// What is shown under each id; the engine shows a cancellation before it tells its id.
fn followed(engine: &Engine, ids: &[CancellationId]) -> Vec<Followed> {
    let snapshots = engine.snapshots();
    let snapshot = snapshots.borrow();
    let shown = ids.iter().filter_map(|id| snapshot.cancellation(id));
    shown
        .map(|tracked| Followed {
            id: tracked.cancellation.id.clone(),
            target: tracked.cancellation.request.target.clone(),
        })
        .collect()
}
