//! What each command does.

use std::{pin::Pin, sync::Arc};

use futures_util::{FutureExt as _, future::Fuse};
use tokio::select;

use crate::{
    cli::{
        args::{CancelArgs, HistoryArgs},
        cancel, history,
    },
    domain::{confirmation::Request, ids::OfferId, offer::Offer, verdict::Exit},
    plain::{
        Commands,
        command::{Command, HELP},
        details,
        face::{Face, Wanted, WayOut},
        listing::Numbered,
    },
    presentation::{Requests, Row, ending},
};

/// The most of the history.
const HISTORY: u32 = 20;

impl<C: Commands> Face<'_, '_, C> {
    /// Does what a line says; how it ends, where it ends.
    pub(super) async fn obey(
        &mut self,
        line: &str,
        interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    ) -> Option<WayOut> {
        match Command::read(line) {
            Ok(Command::Nothing) => {}
            Ok(Command::Help) => self.report.write(HELP),
            Ok(Command::List) => self.list(),
            Ok(Command::Details(number)) => return self.tell_all(number, interrupted).await,
            Ok(Command::Cancel(number)) => return self.cancel(number, interrupted).await,
            Ok(Command::Follow(number)) => self.follow(number).await,
            Ok(Command::Filter(text)) => match self.narrowing.look_for(&text) {
                Ok(()) => self.list(),
                Err(wrong) => self.report.write(&format!("{wrong}\n")),
            },
            Ok(Command::InFlight) => {
                self.narrowing.in_flight = !self.narrowing.in_flight;
                self.list();
            }
            Ok(Command::Refresh) => self.refresh().await,
            Ok(Command::History) => self.history().await,
            Ok(Command::Quit) => return Some(WayOut::Quit),
            Err(wrong) => self.report.write(&format!("{wrong}\n")),
        }
        None
    }

    async fn refresh(&mut self) {
        self.wanted = Some(Wanted {
            read_before: self.known.offers.read_at(),
            retry_before: self.known.offers_retry_at,
            at_the_latest: None,
        });
        self.engine.refresh();
        if self.is_unresumed {
            self.resume().await;
        }
    }

    async fn history(&mut self) {
        let args = HistoryArgs {
            limit: Some(HISTORY),
            ..HistoryArgs::default()
        };
        // What could not be read is told; nothing of it ends this.
        let _ = history::run(&*self.beside.cancel.journal, &args, self.report.io()).await;
    }

    /// Looks, and tells everything about a row.
    async fn tell_all(
        &mut self,
        number: usize,
        mut interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    ) -> Option<WayOut> {
        let offer = self.offer(number)?;
        let looked = select! {
            biased;
            exit = &mut interrupted => return Some(WayOut::Signalled(exit)),
            looked = self.engine.look(&offer.id) => looked,
        };
        if let Err(failure) = &looked {
            self.remark(&format!("{}: {failure}", offer.id));
        }
        let zone = self.zone();
        let known = Arc::clone(&self.engine.snapshots().borrow());
        let text = details::text(
            &known,
            &offer,
            self.engine.scope(&offer.id),
            looked.as_ref().ok(),
            &zone,
        );
        self.report.write(&text);
        None
    }

    /// Looks, tells what would be cancelled, asks, and hands it to the engine; the snapshots tell the rest.
    async fn cancel(
        &mut self,
        number: usize,
        mut interrupted: Pin<&mut Fuse<impl Future<Output = Exit>>>,
    ) -> Option<WayOut> {
        let offer = self.offer(number)?.id.clone();
        if let Some(why) = self.hindrance(&offer) {
            self.remark(&why);
            return None;
        }
        let args = asking(&offer);
        let prepared = select! {
            biased;
            exit = &mut interrupted => return Some(WayOut::Signalled(exit)),
            prepared = cancel::prepare(self.engine, &args, &self.beside.cancel, &mut self.report) => prepared,
        };
        // A question holds up everything else; a signal that came meanwhile shows only now.
        if let Some(exit) = interrupted.now_or_never() {
            return Some(WayOut::Signalled(exit));
        }
        match prepared {
            Ok(request) => self.send(&offer, request).await,
            Err(unbegun) => {
                let verdict = ending::label(unbegun.ending.verdict, false);
                let why = ending::reason(&unbegun.ending, false);
                let why = why.map_or_else(String::new, |why| format!(": {why}"));
                self.remark(&format!("{offer}: {verdict}{why}"));
            }
        }
        None
    }

    /// Sends what was confirmed. Not to be broken off: a claim that was recorded must be known here.
    async fn send(&mut self, offer: &OfferId, request: Option<Request>) {
        let Some(request) = request else {
            return;
        };
        if let Err(why) = self.engine.cancel(request, self.beside.cancel.timeout).await {
            self.remark(&format!("{offer}: {}", ending::not_begun(&why.to_string())));
        }
    }

    /// Why a cancel on `offer` need not even be looked for.
    fn hindrance(&mut self, offer: &OfferId) -> Option<String> {
        let newest = self.known.newest_on(offer);
        if newest.is_some_and(|tracked| tracked.is_in_progress()) {
            return Some(format!("{offer}: it is being cancelled already"));
        }
        if self.engine.is_read_only() {
            let why = ending::not_begun(&self.beside.cancel.read_only());
            return Some(format!("{offer}: {why}"));
        }
        self.report.io().ask.is_none().then(|| {
            format!(
                "{offer}: a cancel wants an answer, and that is taken from a terminal alone; \
                 elsewhere use `countermand cancel {offer} --yes`"
            )
        })
    }

    /// Looks again how the newest cancellation on a row ends.
    async fn follow(&mut self, number: usize) {
        let Some(offer) = self.offer(number) else {
            return;
        };
        let offer = &offer.id;
        let told = match self
            .known
            .newest_on(offer)
            .map(|tracked| (tracked, &tracked.cancellation))
        {
            None => format!("{offer}: no cancel of it is known here; H tells the older ones"),
            Some((tracked, _)) if tracked.is_watched() => format!("{offer}: it is being followed"),
            Some((_, cancellation)) if !cancellation.is_open() => {
                let phrase = |verdict| ending::label(verdict, cancellation.went_out());
                let verdict = cancellation.verdict().map_or("over", phrase);
                format!("{offer}: its end is known: {verdict}")
            }
            Some((_, cancellation)) => {
                let followed = self
                    .engine
                    .follow(&cancellation.id, self.beside.cancel.timeout)
                    .await;
                match followed {
                    Ok(()) => format!("{offer}: looking again"),
                    Err(why) => format!("{offer}: {why}"),
                }
            }
        };
        self.remark(&told);
    }

    /// The offer that `number` stands beside; says so where it is another by now, or none.
    fn offer(&mut self, number: usize) -> Option<Arc<Offer>> {
        let Some(Numbered { offer, state }) = self.listing.row(number).cloned() else {
            let told = match self.listing.len() {
                0 => "no rows are listed; l lists".to_owned(),
                len => format!("there is no row {number}; the last list had {len}"),
            };
            self.report.write(&format!("{told}\n"));
            return None;
        };
        let offers = self.known.offers.value();
        let found = offers.and_then(|offers| offers.iter().find(|one| one.id == offer).cloned());
        let now = found
            .as_ref()
            .map(|found| Row::of(&self.known, &Requests::default(), found).state);
        match now {
            None => self.remark(&format!(
                "row {number} was {offer}, which is no longer in the list; nothing was done"
            )),
            Some(now) if now != state => {
                self.remark(&format!(
                    "row {number} is {offer}: {now} by now, {state} when it was listed"
                ));
            }
            Some(_) => {}
        }
        found
    }
}

/// The arguments of a cancel that a person is asked about, who is told of earlier ones as well.
fn asking(offer: &OfferId) -> CancelArgs {
    CancelArgs {
        offer: offer.clone(),
        operation: None,
        notify: Vec::new(),
        yes: false,
        again: true,
        dry_run: false,
        no_wait: false,
        timeout: None,
        json: false,
    }
}
