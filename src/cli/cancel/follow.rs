//! Follows one cancellation through the engine's snapshots to its verdict.

use std::{pin::Pin, sync::Arc, time::Duration};

use futures_util::future::{Fuse, FusedFuture as _};
use tokio::{select, sync::watch, time};

use crate::{
    cli::report::{About, Final, Report, standing},
    domain::{
        answer::AnswerClass,
        cancellation::Stage,
        ids::CancellationId,
        target::Target,
        verdict::{Ending, Exit, Verdict},
    },
    engine::{Snapshot, Tracked},
};

/// The engine gives a request five seconds and then records; longer than this it is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is followed, and how.
pub(crate) struct Followed<'a, F: Fn()> {
    /// The cancellation.
    pub(crate) id: &'a CancellationId,
    /// What it is aimed at.
    pub(crate) target: &'a Target,
    /// Whether to stop looking as soon as the service has answered.
    pub(crate) no_wait: bool,
    /// Tells the engine to stop following it.
    pub(crate) let_go: F,
}

/// Tells what happens as it happens, then the verdict; returns how the program ends.
pub(crate) async fn follow<F: Fn()>(
    followed: Followed<'_, F>,
    mut snapshots: watch::Receiver<Arc<Snapshot>>,
    mut interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    report: &mut Report<'_, '_>,
) -> Exit {
    let mut left: Option<Exit> = None;
    let mut given_up_at: Option<time::Instant> = None;
    loop {
        let tracked = snapshots.borrow_and_update().cancellation(followed.id).cloned();
        if let Some(tracked) = &tracked {
            report.tell(tracked);
        }
        let is_enough = report.is_unread()
            || left.is_some()
            || followed.no_wait && tracked.as_deref().is_some_and(is_answered);
        let is_over = tracked
            .as_deref()
            .is_some_and(|tracked| !tracked.is_in_progress());
        if is_over {
            return close(&followed, tracked.as_deref(), left, report);
        }
        if is_enough && given_up_at.is_none() {
            given_up_at = Some(time::Instant::now() + PATIENCE);
            (followed.let_go)();
        }
        let ran_out = async {
            match given_up_at {
                Some(at) => time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let goes_on = select! {
            biased;
            exit = &mut interrupted, if !interrupted.is_terminated() => {
                left = Some(exit);
                true
            }
            changed = snapshots.changed() => changed.is_ok(),
            () = ran_out => false,
        };
        if !goes_on {
            return close(&followed, tracked.as_deref(), left, report);
        }
    }
}

fn close<F: Fn()>(
    followed: &Followed<'_, F>,
    tracked: Option<&Tracked>,
    left: Option<Exit>,
    report: &mut Report<'_, '_>,
) -> Exit {
    let Some(tracked) = tracked else {
        let ending = Ending::new(Verdict::Unknown).because("the engine ended before it told anything");
        let about = About {
            cancellation: Some(followed.id.shown()),
            ..About::target(followed.target, report.now())
        };
        let exit = left.unwrap_or(ending.exit());
        return report.close(Final::unclaimed(ending), about, exit);
    };
    let cancellation = &tracked.cancellation;
    let at = cancellation
        .ending
        .as_ref()
        .map_or_else(|| report.now(), |(at, _)| *at);
    let ending = standing(cancellation);
    let exit = match ending.verdict {
        Verdict::Pending if followed.no_wait => Exit::Done,
        _ => ending.exit(),
    };
    report.close(
        Final::of(tracked, at, ending),
        About::cancellation(cancellation, at),
        left.unwrap_or(exit),
    )
}

/// Whether the service has said all that it says without being asked again and again. A 200 and a refusal need one look
/// at the operation, which settles them; one that fails will not do that soon.
fn is_answered(tracked: &Tracked) -> bool {
    match tracked.cancellation.stage {
        Stage::Answered(AnswerClass::Accepted) | Stage::Uncertain => true,
        Stage::Answered(_) => tracked.cancellation.observed.is_some() || tracked.note.is_some(),
        Stage::Claimed | Stage::Sending | Stage::Settled => false,
    }
}

#[cfg(test)]
mod tests;
