//! `cancel`: look, choose, ask, send, and follow it until it is known how it ended.
//!
//! Every run ends with exactly one verdict, interrupts and errors included; only a dry run whose cancel would
//! begin, and a reader that has gone away, have none.

mod aborted;
mod confirm;
mod permit;

use std::{
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::{select, time::Instant};

use crate::{
    cli::{
        Io,
        args::CancelArgs,
        following::{self, Followed, Following, Until},
        report::{Form, Report},
    },
    domain::{
        confirmation::{Address, Request},
        ids::PublisherId,
        name::OperationName,
        preflight::Wanted,
        text::SafeText,
        time::Now,
        verdict::{Ending, Exit, Verdict},
    },
    engine::{
        Engine, Look, StartError,
        ports::{Clock, Journal},
    },
    presentation::{About, Event, Final, event},
    proposal::{Confirmed, Plan, Proposal},
    settings::ReadOnly,
};
pub(crate) use aborted::CancelAborted;

/// What a cancel needs beside the engine.
#[derive(Clone)]
pub struct Defaults {
    /// The profile's name, for the record.
    pub profile: SafeText,
    /// The publisher that the engine works for.
    pub publisher: PublisherId,
    /// Who is mailed where the command line names nobody.
    pub notify: Vec<Address>,
    /// How long it is followed where the command line says nothing.
    pub timeout: Duration,
    /// Who wants that nothing is cancelled; an engine that can send has nobody who does.
    pub read_only: Option<ReadOnly>,
    /// The engine's journal: tells what was asked for before, by whatever process.
    pub journal: Arc<dyn Journal>,
    /// Tells the wall time.
    pub clock: Arc<dyn Clock>,
}

impl Defaults {
    /// Why a cancel is not even looked for at an engine that cannot send.
    pub(crate) fn read_only(&self) -> String {
        let by = self.read_only.map(|by| format!("; {}", by.remedy()));
        format!("{}{}", StartError::ReadOnly, by.unwrap_or_default())
    }
}

/// Cancels as `args` say.
///
/// `interrupted` resolves to how the program is to end when a signal asks it to. Before the claim nothing is sent then;
/// after it the request gets the time the engine gives it, and the verdict is told as it stands.
pub async fn run(
    engine: &Engine,
    args: &CancelArgs,
    defaults: &Defaults,
    interrupted: impl Future<Output = Exit>,
    io: &mut Io<'_>,
) -> Exit {
    let mut interrupted = pin!(interrupted.fuse());
    let form = if args.json { Form::Json } else { Form::Text };
    let notify = if args.notify.is_empty() {
        &defaults.notify
    } else {
        &args.notify
    };
    let mut report = Report::new(io, form, defaults.clock.as_ref(), notify);
    let context = CancelContext {
        engine,
        args,
        defaults,
        notify,
        chosen: OnceLock::new(),
        began: Instant::now(),
    };
    let prepared = select! {
        biased;
        exit = &mut interrupted => Err(CancelAborted::interrupted(exit)),
        prepared = context.prepare(&mut report) => prepared,
    };
    // A question holds up everything else; a signal that came meanwhile shows only now.
    let prepared = match (&mut interrupted).now_or_never() {
        Some(exit) => Err(CancelAborted::interrupted(exit)),
        None => prepared,
    };
    let request = match prepared {
        Ok(Some(request)) if !report.is_unread() => request,
        Ok(None) => return report.ended(Exit::Done),
        Ok(Some(_)) => return Exit::Failure,
        Err(aborted) => return context.aborted(aborted, &mut report),
    };
    let target = request.target.clone();
    let timeout = args.timeout.unwrap_or(defaults.timeout);
    // Not to be broken off: a claim that was recorded must be known here.
    let begun = if args.yes {
        engine.cancel_unattended(request, timeout).await
    } else {
        engine.cancel(request, timeout).await
    };
    match begun {
        Ok(id) => {
            let following = Following {
                open: vec![Followed { id, target }],
                until: if args.no_wait {
                    Until::Answered
                } else {
                    Until::Settled
                },
                let_go: |id: &_| engine.stop_following(id),
            };
            following::follow(following, engine.snapshots(), interrupted, &mut report).await
        }
        Err(not_begun) => context.aborted(CancelAborted::from(&not_begun), &mut report),
    }
}

/// Looks, chooses and asks, for whoever sends and follows by other ways than [`run`]. The request as it was confirmed;
/// none after a dry run that found something.
pub(crate) async fn prepare(
    engine: &Engine,
    args: &CancelArgs,
    defaults: &Defaults,
    report: &mut Report<'_, '_>,
) -> Result<Option<Request>, CancelAborted> {
    let context = CancelContext {
        engine,
        args,
        defaults,
        notify: &defaults.notify,
        chosen: OnceLock::new(),
        began: Instant::now(),
    };
    context.prepare(report).await
}

/// Ends a cancel that could not even be prepared, for want of settings or a sign-in, as every other one ends for a
/// script: with one verdict.
///
/// `publisher` is the one that was named, if any.
pub fn obstructed(
    args: &CancelArgs,
    publisher: &PublisherId,
    (what, exit): (&str, Exit),
    clock: &dyn Clock,
    io: &mut Io<'_>,
) -> Exit {
    let mut report = Report::new(io, Form::Json, clock, &[]);
    let about = About {
        at: report.now(),
        cancellation: None,
        publisher: publisher.shown(),
        offer: Some(args.offer.shown()),
        operation: args.operation.as_ref().map(OperationName::shown),
    };
    let ending = Ending::new(Verdict::NotSent).because(what);
    report.close(Final::unclaimed(ending), about, exit)
}

/// All that a cancel is prepared with.
struct CancelContext<'a> {
    engine: &'a Engine,
    args: &'a CancelArgs,
    defaults: &'a Defaults,
    notify: &'a [Address],
    /// What was chosen, once anything was.
    chosen: OnceLock<OperationName>,
    began: Instant,
}

impl CancelContext<'_> {
    /// The request as it was confirmed; none after a dry run that found something.
    async fn prepare(&self, report: &mut Report<'_, '_>) -> Result<Option<Request>, CancelAborted> {
        if !self.args.dry_run {
            self.can_be_confirmed(report)?;
        }
        loop {
            let look = self.engine.look(&self.args.offer).await;
            let look = look.map_err(|failure| CancelAborted::failed(&failure))?;
            let proposal = self.propose(&look, report).await?;
            if self.args.dry_run {
                return Ok(None);
            }
            if let Some(confirmed) = self.confirm(&proposal, report)? {
                return Ok(proposal.requests(confirmed, &self.defaults.profile).pop());
            }
            let again = "what was shown is more than a minute old: looking again first";
            report.io().remark(again);
        }
    }

    /// What would hinder whatever the look saw.
    fn can_be_confirmed(&self, report: &mut Report<'_, '_>) -> Result<(), CancelAborted> {
        if self.engine.is_read_only() {
            return Err(CancelAborted::usage(&self.defaults.read_only()));
        }
        if !self.args.yes && report.io().ask.is_none() {
            return Err(CancelAborted::usage(
                "there is no terminal to ask for a confirmation; pass --yes, or --dry-run to look alone",
            ));
        }
        Ok(())
    }

    /// What the look allows of what was asked for, as far as the command line permits it.
    async fn propose(&self, look: &Look, report: &mut Report<'_, '_>) -> Result<Proposal, CancelAborted> {
        let (scope, named) = (self.engine.scope(&self.args.offer), self.args.operation.as_ref());
        let allowed = Plan::of(look, scope, named.map_or(Wanted::Any, Wanted::Named));
        let name = match &allowed {
            Ok(plan) => Some(plan.target.name()),
            Err(_) => named.cloned(),
        };
        let bound = name.as_ref().and_then(|name| look.named(name, scope));
        let about = self.about(name.as_ref(), look.at);
        report.say(&event::looked(&look.preflight(bound.as_ref()), about.clone()));
        let mut plan = allowed.map_err(CancelAborted::ended)?;
        self.chosen.get_or_init(|| plan.target.name());
        plan.earlier = match self.defaults.journal.newest_of(&plan.target).await {
            // Nothing has to be recorded of what is not done.
            Err(_) if self.args.dry_run => None,
            newest => newest.map_err(|failure| CancelAborted::unrecorded(&failure))?,
        };
        if self.args.dry_run {
            report.say(&Event::would_cancel(&plan.shown(), self.notify).about(about));
        }
        let zone = report.io().zone.clone();
        permit::permitted(&plan, self.args, &zone)?;
        if self.args.dry_run && self.engine.is_read_only() {
            return Err(CancelAborted::usage(&self.defaults.read_only()));
        }
        Ok(Proposal::of(plan, self.notify.to_vec(), self.now()))
    }

    /// Asks, where somebody is to be asked; none where the answer took so long that what was shown is too old.
    fn confirm(
        &self,
        proposal: &Proposal,
        report: &mut Report<'_, '_>,
    ) -> Result<Option<Confirmed>, CancelAborted> {
        if self.args.yes {
            return Ok(Some(proposal.unattended()));
        }
        let confirmed = confirm::confirm(proposal, report.io())?;
        Ok((!proposal.has_expired(self.now())).then_some(confirmed))
    }

    fn now(&self) -> Now {
        Now {
            wall: self.defaults.clock.now(),
            mono: self.began.elapsed(),
        }
    }

    fn aborted(&self, aborted: CancelAborted, report: &mut Report<'_, '_>) -> Exit {
        let chosen = self.chosen.get();
        let about = self.about(chosen.or(self.args.operation.as_ref()), report.now());
        report.close(Final::unclaimed(aborted.ending), about, aborted.exit)
    }

    fn about(&self, operation: Option<&OperationName>, at: jiff::Timestamp) -> About {
        About {
            at,
            cancellation: None,
            publisher: self.defaults.publisher.shown(),
            offer: Some(self.args.offer.shown()),
            operation: operation.map(OperationName::shown),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
