//! The way out: what is followed is told as it stands.

use std::{
    future::ready,
    pin::{Pin, pin},
};

use futures_util::{FutureExt as _, future::Fuse};

use crate::{
    cli::following::{self, Followed, Following, Until},
    domain::verdict::Exit,
    plain::{
        Commands,
        face::{Face, WayOut},
    },
};

impl<C: Commands> Face<'_, '_, C> {
    /// Ends it, and returns how the program is to end.
    pub(super) async fn leave(
        mut self,
        way_out: WayOut,
        interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    ) -> Exit {
        let open = self.followed();
        if open.is_empty() || !self.beside.goes_on {
            let exit = self.with_nothing_open(way_out);
            return self.report.ended(exit);
        }
        let why = match way_out {
            WayOut::Ended => "there is no more input; ",
            WayOut::Quit | WayOut::Signalled(_) => "",
        };
        self.remark(&format!("{why}leaving, with what is followed as it stands"));
        let (engine, report) = (self.engine, &mut self.report);
        let following = Following {
            open,
            until: Until::Left,
            let_go: |id: &_| engine.stop_following(id),
        };
        let snapshots = engine.snapshots();
        let stands = match way_out {
            WayOut::Signalled(exit) => {
                let left = pin!(ready(exit).fuse());
                following::follow(following, snapshots, left, report).await
            }
            WayOut::Ended | WayOut::Quit => {
                following::follow(following, snapshots, interrupted, report).await
            }
        };
        let exit = match way_out {
            WayOut::Quit => Exit::Done,
            WayOut::Ended | WayOut::Signalled(_) => stands,
        };
        self.report.ended(exit)
    }

    /// How it ends where nothing stays open.
    fn with_nothing_open(&self, way_out: WayOut) -> Exit {
        match way_out {
            WayOut::Signalled(exit) => exit,
            WayOut::Quit => Exit::Done,
            WayOut::Ended if self.was_listed || self.report.is_unread() => Exit::Done,
            // Not even the list was to be had.
            WayOut::Ended if self.known.sign_in.is_some() => Exit::SignIn,
            WayOut::Ended => Exit::Failure,
        }
    }

    fn followed(&self) -> Vec<Followed> {
        let snapshots = self.engine.snapshots();
        let snapshot = snapshots.borrow();
        let watched = snapshot
            .cancellations
            .iter()
            .rev()
            .filter(|tracked| tracked.is_watched());
        watched
            .map(|tracked| Followed {
                id: tracked.cancellation.id.clone(),
                target: tracked.cancellation.request.target.clone(),
            })
            .collect()
    }
}
