//! Follows cancellations through the engine's snapshots, each to its verdict: the half that `cancel` and `follow` share.

use std::{pin::Pin, sync::Arc, time::Duration};

use futures_util::future::{Fuse, FusedFuture as _};
use tokio::{select, sync::watch, time};

use crate::{
    cli::report::Report,
    domain::{
        answer::Outcome,
        cancellation::Cancellation,
        ids::CancellationId,
        stage::Stage,
        target::Target,
        verdict::{Ending, Exit, Verdict},
    },
    engine::{Snapshot, Tracked},
    presentation::{About, Final, event::standing},
};

/// The engine gives a request five seconds and then records; longer than this it is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// One cancellation that is followed.
pub(crate) struct Followed {
    /// Its id.
    pub(crate) id: CancellationId,
    /// What it is aimed at.
    pub(crate) target: Target,
}

/// What ends the following of a cancellation, beside its final verdict and the engine's time-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// The service's answer; that it then still is cancelling is as good an end as any.
    Answered,
    /// Its final verdict, and nothing else.
    Settled,
    /// That we leave: it is told as it stands.
    Left,
}

/// What is followed, and how.
pub(crate) struct Following<F: Fn(&CancellationId)> {
    /// What has no verdict yet.
    pub(crate) open: Vec<Followed>,
    /// What ends it.
    pub(crate) until: Until,
    /// Tells the engine to stop following one.
    pub(crate) let_go: F,
}

/// Tells what happens as it happens, and of each its verdict; returns how the program ends, the gravest first.
pub(crate) async fn follow<F: Fn(&CancellationId)>(
    mut following: Following<F>,
    mut snapshots: watch::Receiver<Arc<Snapshot>>,
    mut interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    report: &mut Report<'_, '_>,
) -> Exit {
    let (mut left, mut gravest) = (None, Exit::Done);
    let mut given_up_at: Option<time::Instant> = None;
    loop {
        let snapshot = Arc::clone(&snapshots.borrow_and_update());
        gravest = gravest.max(following.tell(&snapshot, left, report));
        if following.open.is_empty() {
            return left.unwrap_or(gravest);
        }
        let is_enough = report.is_unread() || left.is_some() || following.is_answered(&snapshot);
        if is_enough && given_up_at.is_none() {
            given_up_at = Some(time::Instant::now() + PATIENCE);
            following.open.iter().for_each(|one| (following.let_go)(&one.id));
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
            let closed = following.give_up(&snapshot, left, report);
            return left.unwrap_or(gravest.max(closed));
        }
    }
}

impl<F: Fn(&CancellationId)> Following<F> {
    /// Tells what is new, closes what is over, and returns the gravest exit of that.
    fn tell(&mut self, snapshot: &Snapshot, left: Option<Exit>, report: &mut Report<'_, '_>) -> Exit {
        let (until, mut gravest) = (self.until, Exit::Done);
        self.go_over(snapshot, report);
        self.open.retain(|one| {
            let Some(tracked) = snapshot.cancellation(&one.id) else {
                return true;
            };
            report.tell(tracked);
            let is_over = until.is_over(tracked);
            if is_over {
                gravest = gravest.max(until.close(one, Some(tracked), left, report));
            }
            !is_over
        });
        gravest
    }

    /// Goes over to what was gone on with where a claim of another session turned out to be dead. That one's verdict is
    /// none of this run's.
    fn go_over(&mut self, snapshot: &Snapshot, report: &mut Report<'_, '_>) {
        for one in &mut self.open {
            while let Some(dead) = snapshot.cancellation(&one.id)
                && let Some(successor) = &dead.successor
            {
                report.tell(dead);
                one.id = successor.clone();
            }
        }
    }

    /// Closes what is left as it stands.
    fn give_up(self, snapshot: &Snapshot, left: Option<Exit>, report: &mut Report<'_, '_>) -> Exit {
        let closed = self.open.iter().map(|one| {
            let tracked = snapshot.cancellation(&one.id);
            self.until
                .close(one, tracked.map(|tracked| &**tracked), left, report)
        });
        closed.max().unwrap_or(Exit::Done)
    }

    /// Whether nothing more is waited for: the answers were all, and have come, or we leave.
    fn is_answered(&self, snapshot: &Snapshot) -> bool {
        let is_answered = |one: &Followed| snapshot.cancellation(&one.id).is_some_and(|one| is_answered(one));
        match self.until {
            Until::Answered => self.open.iter().all(is_answered),
            Until::Left => true,
            Until::Settled => false,
        }
    }
}

impl Until {
    fn is_over(self, tracked: &Tracked) -> bool {
        match self {
            Self::Answered => !tracked.is_in_progress(),
            Self::Settled | Self::Left => !tracked.is_watched(),
        }
    }

    fn close(
        self,
        followed: &Followed,
        tracked: Option<&Tracked>,
        left: Option<Exit>,
        report: &mut Report<'_, '_>,
    ) -> Exit {
        let Some(tracked) = tracked else {
            let ending = Ending::new(Verdict::Unknown).because("the engine ended before it told anything");
            let about = About {
                cancellation: Some(followed.id.shown()),
                ..About::target(&followed.target, report.now())
            };
            let exit = left.unwrap_or(ending.exit());
            return report.close(Final::unclaimed(ending), about, exit);
        };
        let cancellation = &tracked.cancellation;
        let ending = standing(tracked);
        // What is open stands as of now, however long it has stood like that.
        let settled = cancellation.ending.as_ref().filter(|_| !cancellation.is_open());
        let at = settled.map_or_else(|| report.now(), |(at, _)| *at);
        let exit = match ending.verdict {
            Verdict::Pending if self == Self::Answered => Exit::Done,
            _ => ending.exit(),
        };
        report.close(
            Final::of(tracked, at, ending),
            About::cancellation(cancellation, at),
            left.unwrap_or(exit),
        )
    }
}

/// Whether the service has said all that it says without being asked again and again. Whatever is no promise needs a
/// look at the operation, which may settle it; one that fails will not do that soon.
fn is_answered(tracked: &Tracked) -> bool {
    match tracked.cancellation.stage {
        Stage::Answered(Outcome::Accepted) => true,
        Stage::Answered(_) | Stage::Uncertain => tracked.polls >= looks_that_settle(&tracked.cancellation),
        Stage::Claimed | Stage::Sending | Stage::Settled => false,
    }
}

/// A refusal and an end rest on both the page and the list of what has an id.
fn looks_that_settle(cancellation: &Cancellation) -> u32 {
    let has_an_id = cancellation.request.target.binding.operation().is_some();
    let is_refused = cancellation.stage == Stage::Answered(Outcome::Refused);
    let has_ended = cancellation
        .target_state()
        .is_some_and(|state| !state.is_active());
    if has_an_id && (is_refused || has_ended) {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests;
