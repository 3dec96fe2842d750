//! The loop: waits for a line, the engine or a signal, tells what is new, and obeys.

mod leave;
mod obey;

use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use futures_util::future::Fuse;
use jiff::{Timestamp, tz::TimeZone};
use tokio::{
    select,
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    cli::{
        Io,
        report::{Form, Report},
    },
    domain::{
        ids::{CancellationId, OperationId},
        offer::Offer,
        remote::Remote,
        verdict::{Exit, Verdict},
    },
    engine::{Attention, Engine, Snapshot, Tracked},
    plain::{
        Beside, Commands,
        listing::{FOR_A_PERSON, Listing, Reader},
        narrowing::Narrowing,
        news,
    },
    presentation::{About, Event, Final, moment},
};

/// How long the first list waits for what is in flight on the offers, once these are known.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a person would otherwise see on the screen of the dashboard.
pub(super) struct Face<'a, 'io, C> {
    engine: &'a Engine,
    beside: &'a Beside,
    commands: Option<C>,
    report: Report<'a, 'io>,
    known: Arc<Snapshot>,
    narrowing: Narrowing,
    listing: Listing,
    /// The list that is to be printed as soon as it can be.
    wanted: Option<Wanted>,
    /// Whether any was printed.
    was_listed: bool,
    /// Since when each cancellation has had the ending that was told last.
    told: BTreeMap<CancellationId, Option<Timestamp>>,
    /// Whether what was open could not be taken up.
    is_unresumed: bool,
}

/// A list that is to be newer than what was known when it was asked for.
#[derive(Clone, Copy, Debug, Default)]
struct Wanted {
    read_before: Option<Timestamp>,
    /// When the service was to be asked again then, where it had failed.
    retry_before: Option<Timestamp>,
    /// When it is printed at the latest, once the offers are known.
    at_the_latest: Option<Instant>,
}

/// Why this ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WayOut {
    /// A person asked to.
    Quit,
    /// The system asked to.
    Signalled(Exit),
    /// There is nothing more to obey, or nobody who reads.
    Ended,
}

impl<'a, 'io, C: Commands> Face<'a, 'io, C> {
    pub(super) fn new(
        engine: &'a Engine,
        beside: &'a Beside,
        commands: Option<C>,
        io: &'a mut Io<'io>,
    ) -> Self {
        let defaults = &beside.cancel;
        Self {
            engine,
            beside,
            commands,
            report: Report::new(io, Form::Text, defaults.clock.as_ref(), &defaults.notify).conversing(),
            known: Arc::default(),
            narrowing: Narrowing::default(),
            listing: Listing::default(),
            wanted: Some(Wanted::default()),
            was_listed: false,
            told: BTreeMap::new(),
            is_unresumed: false,
        }
    }

    pub(super) async fn run(mut self, mut interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>) -> Exit {
        let mut snapshots = self.engine.snapshots();
        self.greet();
        self.engine.keep_catalogue();
        if self.beside.is_attended {
            self.resume().await;
        }
        loop {
            if let Some(way_out) = self.turn(&mut snapshots, interrupted.as_mut()).await {
                return self.leave(way_out, interrupted).await;
            }
        }
    }

    fn greet(&mut self) {
        let (beside, defaults) = (self.beside, &self.beside.cancel);
        let read_only = if self.engine.is_read_only() {
            ", read-only"
        } else {
            ""
        };
        let (publisher, origin, profile) = (&defaults.publisher, &beside.origin, &defaults.profile);
        self.report.write(&format!(
            "countermand: {publisher} at {origin}, profile {profile}{read_only}\n"
        ));
        if let Some(banner) = &beside.banner {
            self.report.write(&format!("{banner}\n"));
        }
    }

    /// Goes on with what an earlier run left open.
    async fn resume(&mut self) {
        let resumed = self.engine.resume(self.beside.cancel.timeout).await;
        self.is_unresumed = resumed.is_err();
        if let Err(why) = resumed {
            self.remark(&format!("{why}; what was open is not followed, r tries again"));
        }
        for failure in self.beside.cancel.journal.unreadable().await {
            self.remark(&failure.to_string());
        }
    }

    /// Tells what is new, and waits for one thing to happen.
    async fn turn(
        &mut self,
        snapshots: &mut watch::Receiver<Arc<Snapshot>>,
        mut interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    ) -> Option<WayOut> {
        let snapshot = Arc::clone(&snapshots.borrow_and_update());
        self.learn(snapshot);
        let may_obey = self.was_listed || self.known.offers.trouble().is_some();
        if self.report.is_unread() || (may_obey && self.commands.is_none()) {
            return Some(WayOut::Ended);
        }
        let latest = self.wanted.and_then(|wanted| wanted.at_the_latest);
        let line = async {
            match &mut self.commands {
                Some(commands) => commands.next().await,
                None => Ok(None),
            }
        };
        let line = select! {
            biased;
            exit = &mut interrupted => return Some(WayOut::Signalled(exit)),
            changed = snapshots.changed() => return changed.is_err().then_some(WayOut::Ended),
            () = sleep_until(latest.unwrap_or_else(Instant::now)), if latest.is_some() => {
                self.list();
                return None;
            }
            // Before there are rows no number means anything.
            line = line, if may_obey => line,
        };
        match line {
            Ok(Some(line)) => self.obey(&line, interrupted).await,
            Ok(None) => Some(WayOut::Ended),
            Err(error) => {
                self.remark(&format!("no more commands can be read: {error}"));
                Some(WayOut::Ended)
            }
        }
    }

    fn learn(&mut self, known: Arc<Snapshot>) {
        let before = std::mem::replace(&mut self.known, known);
        let known = Arc::clone(&self.known);
        let (now, zone) = (self.report.now(), self.zone());
        for sentence in news::between(&before, &known, &self.narrowing, now, &zone) {
            self.remark(&sentence);
        }
        if !Arc::ptr_eq(&before.cancellations, &known.cancellations) {
            for tracked in known.cancellations.iter().rev() {
                self.report.tell(tracked);
                self.tell_ending(tracked);
            }
        }
        self.list_what_is_wanted();
    }

    /// Tells how a cancellation ended, or stands, once; not what was told when it was taken up.
    fn tell_ending(&mut self, tracked: &Tracked) {
        let cancellation = &tracked.cancellation;
        let since = cancellation.ending.as_ref().map(|(at, _)| *at);
        let was = self.told.insert(cancellation.id.clone(), since);
        let was_taken_up = was.is_none() && (tracked.joined || tracked.resumed) && cancellation.is_open();
        let Some((at, ending)) = &cancellation.ending else {
            return;
        };
        if was == Some(since) || was_taken_up || tracked.successor.is_some() {
            return;
        }
        let about = About::cancellation(cancellation, *at);
        let verdict = Final::of(tracked, *at, ending.clone());
        let error = verdict
            .error
            .clone()
            .filter(|_| verdict.verdict != Verdict::Canceled);
        if let Some(error) = error {
            self.report.say(&Event::Error { error }.about(about.clone()));
        }
        self.report.say(&Event::Verdict(Box::new(verdict)).about(about));
        if cancellation.is_open() {
            let offer = &cancellation.request.target.offer;
            let number = self.listing.number_of(offer);
            let number = number.map_or_else(|| "with its number".to_owned(), |number| number.to_string());
            self.remark(&format!(
                "{offer}: it stays open; o {number} looks again how it ends"
            ));
        }
    }

    /// Prints the list that was asked for, if it has come.
    fn list_what_is_wanted(&mut self) {
        let Some(mut wanted) = self.wanted else {
            return;
        };
        let known = Arc::clone(&self.known);
        if known
            .offers
            .read_at()
            .is_some_and(|at| Some(at) != wanted.read_before)
        {
            if wanted.at_the_latest.is_none() {
                wanted.at_the_latest = Some(Instant::now() + PATIENCE);
                self.wanted = Some(wanted);
                self.attend();
            }
            if known
                .offers
                .value()
                .is_some_and(|offers| is_whole(&known, offers))
            {
                self.list();
            }
            return;
        }
        let Some((why, _)) = known.offers.trouble().filter(|_| self.was_listed) else {
            return;
        };
        if known.offers_retry_at != wanted.retry_before {
            self.wanted = None;
            // A trouble that is new was told as such.
            if wanted.retry_before.is_some() {
                self.remark(&format!("offers: {}", news::reason(why)));
            }
        }
    }

    /// Has the inside read of what is about to be printed. Nothing is looked at afterwards: what is printed stays.
    fn attend(&self) {
        let mut sieve = self.narrowing.sieve(&self.known, self.beside.cancel.clock.now());
        let offers = self
            .known
            .offers
            .value()
            .map(|offers| &**offers)
            .unwrap_or_default();
        let moving = offers
            .iter()
            .filter(|offer| !offer.is_at_rest() && sieve.admits(offer));
        self.engine.attend(Attention {
            selected: None,
            visible: moving.take(FOR_A_PERSON).map(|offer| offer.id.clone()).collect(),
        });
    }

    /// Prints the list as it is known, and numbers it anew.
    fn list(&mut self) {
        if self.known.offers.value().is_none() {
            self.remark("the offers are not known yet");
            return;
        }
        self.wanted = None;
        self.engine.attend(Attention::default());
        let zone = self.zone();
        let reader = Reader {
            publisher: &self.beside.cancel.publisher,
            now: self.report.now(),
            zone: &zone,
            is_person: self.beside.is_attended,
        };
        let (listing, text) = Listing::of(&self.known, &self.narrowing, reader);
        self.listing = listing;
        self.report.write(&text);
        let is_first = !std::mem::replace(&mut self.was_listed, true);
        if is_first && self.commands.is_some() {
            self.report
                .write("3 tells all of row 3, c 3 cancels there after a question, ? tells the rest\n");
        }
    }

    /// Writes a sentence with the time of day.
    fn remark(&mut self, sentence: &str) {
        let now = moment::time_of_day(self.report.now(), &self.zone());
        self.report.write(&format!("{now}  {sentence}\n"));
    }

    fn zone(&mut self) -> TimeZone {
        self.report.io().zone.clone()
    }
}

/// Whether of every offer that is not at rest it is known what is in flight on it, or why that is not known.
fn is_whole(known: &Snapshot, offers: &[Arc<Offer>]) -> bool {
    offers.iter().filter(|offer| !offer.is_at_rest()).all(|offer| {
        let operations = known.operations_of(&offer.id).filter(|remote| is_told(remote));
        let active = |id: &&OperationId| !id.is_unsafe_segment();
        operations.is_some_and(|operations| {
            let ids = operations
                .value()
                .into_iter()
                .flat_map(|operations| operations.active())
                .filter_map(|operation| operation.id.as_ref());
            ids.filter(active).all(|id| {
                let inside = known.details.get(&(offer.id.clone(), id.clone()));
                inside.is_some_and(is_told)
            })
        })
    })
}

fn is_told<T>(remote: &Remote<T>) -> bool {
    remote.value().is_some() || remote.trouble().is_some()
}
