//! The verbs as a script or a person runs them, on the ports of a modelled process; what they say is noted.

use std::{future, time::Duration};

use countermand::{
    cli::{
        Io,
        args::{CancelArgs, FollowArgs},
        cancel, follow,
    },
    domain::verdict::{Ending, Exit},
};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    process::Process,
    world::{Face, Telling},
};

/// How long whoever runs a verb waits before an interrupt, if ever.
pub(crate) type Interrupt = Option<Duration>;

pub(crate) fn cancel_args(confirmation: &str, no_wait: bool, again: bool, timeout: Duration) -> CancelArgs {
    CancelArgs {
        offer: "vm".into(),
        operation: None,
        notify: vec![format!("{confirmation}@contoso.com").parse().unwrap()],
        yes: true,
        again,
        dry_run: false,
        no_wait,
        timeout: Some(timeout),
        json: true,
    }
}

/// Runs `cancel --yes`; how it ended, and the verdict, unless the process died.
pub(crate) async fn cancel(process: &Process, args: &CancelArgs, interrupt: Interrupt) -> Option<Ending> {
    let confirmation = args.notify[0].as_str().to_owned();
    process.edge.confirmed(&confirmation, true);
    process
        .edge
        .followed_for(&confirmation, args.timeout.unwrap_or_default());
    let defaults = cancel::Defaults {
        profile: "prod".into(),
        publisher: "contoso".into(),
        notify: Vec::new(),
        timeout: Duration::from_mins(30),
        read_only: None,
        journal: process.edge.clone(),
        clock: process.edge.clone(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = io(&mut out, &mut err);
    let ran = tokio::select! {
        exit = cancel::run(&process.engine, args, &defaults, interrupted(process, interrupt), &mut io) => Some(exit),
        () = process.edge.died.notified() => None,
    };
    let exit = ran?;
    let confirmation = confirmation.split('@').next().map(str::to_owned);
    let told = tell(process, &out, exit, args.no_wait, confirmation.as_deref());
    if told.len() != 1 {
        let mut broken = process.edge.broken.lock().unwrap();
        broken.push(format!("{confirmation:?} was told {} verdicts", told.len()));
    }
    told.into_iter().next()
}

/// Runs `follow`.
pub(crate) async fn follow(process: &Process, timeout: Duration, interrupt: Interrupt) {
    let args = FollowArgs {
        cancellation: None,
        timeout: Some(timeout),
        json: true,
    };
    let publisher = "contoso".into();
    let beside = follow::Beside {
        publisher: &publisher,
        timeout,
        journal: &*process.edge,
        clock: &*process.edge,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = io(&mut out, &mut err);
    let ran = tokio::select! {
        exit = follow::run(&process.engine, &args, beside, interrupted(process, interrupt), &mut io) => Some(exit),
        () = process.edge.died.notified() => None,
    };
    if let Some(exit) = ran {
        tell(process, &out, exit, false, None);
    }
}

fn io<'a>(out: &'a mut Vec<u8>, err: &'a mut Vec<u8>) -> Io<'a> {
    Io {
        out,
        err,
        ask: None,
        zone: TimeZone::UTC,
    }
}

async fn interrupted(process: &Process, interrupt: Interrupt) -> Exit {
    match interrupt {
        Some(wait) => tokio::time::sleep(wait).await,
        None => future::pending().await,
    }
    process.edge.leaves();
    Exit::Interrupted
}

/// Notes every verdict among the lines that were written.
fn tell(process: &Process, out: &[u8], exit: Exit, no_wait: bool, confirmation: Option<&str>) -> Vec<Ending> {
    let lines = std::str::from_utf8(out).unwrap().lines();
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut told = Vec::new();
    for line in lines.filter(|line| line["event"] == "verdict") {
        let ending: Ending = serde_json::from_value(line.clone()).unwrap();
        told.push(ending.clone());
        process.edge.told(Telling {
            at: process.edge.now(),
            by: process.edge.number(),
            cancellation: line["cancellation"].as_str().map(str::to_owned),
            confirmation: confirmation.map(str::to_owned),
            is_final: false,
            is_of_crowd: line["offer"] != "vm",
            ending,
            face: Face::Verb {
                exit: exit.code(),
                no_wait,
            },
        });
    }
    told
}
