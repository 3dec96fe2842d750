//! The command line, as clap reads it. Only verbs that work are here.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueHint};
use jiff::SignedDuration;

use crate::{
    domain::{
        confirmation::Address,
        ids::{CancellationId, OfferId},
        name::OperationName,
    },
    settings::{Flags, LONGEST},
};

/// List Microsoft marketplace offers, cancel a publish, and follow it until it is known how it ended
///
/// Without a verb this is the dashboard. `countermand demo` is the same on a practice marketplace: no account, no
/// network, no configuration.
#[derive(Clone, Debug, Parser)]
#[command(name = "countermand", version, after_help = PROGRAM_HELP)]
pub struct Cli {
    /// What every verb takes.
    #[command(flatten)]
    pub flags: Flags,
    /// What to do; the dashboard where it is absent.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The verbs.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// The dashboard on a practice marketplace inside this program
    Demo,
    /// List the publisher's offers
    Offers(OffersArgs),
    /// List the operations of an offer
    Operations(OperationsArgs),
    /// Cancel what runs on an offer, and follow it until it is known how it ended
    Cancel(CancelArgs),
    /// Go on following what an earlier run left open, without sending anything
    Follow(FollowArgs),
    /// List every cancellation that this machine knows, newest first
    History(HistoryArgs),
    /// Tell every setting as it is in effect, and who said so; secrets stay hidden
    Config(ConfigArgs),
    /// Check settings, folders, network, sign-in and terminal: what works, and what to do about what does not
    Doctor(DoctorArgs),
    /// Serve a practice marketplace on this machine, until interrupted
    Simulate(SimulateArgs),
    /// Write the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual (read it with `countermand man | man -l -`)
    Man(ManArgs),
}

/// The arguments of `offers`.
#[derive(Clone, Debug, Default, Args)]
pub struct OffersArgs {
    /// Only offers with an operation in flight; asks for the operations of each offer that is not at rest
    #[arg(long)]
    pub in_flight: bool,
    /// One JSON array
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `operations`.
#[derive(Clone, Debug, Args)]
pub struct OperationsArgs {
    /// The offer, by the name in its address, such as contoso-vm
    #[arg(value_parser = offer)]
    pub offer: OfferId,
    /// Also those that have ended
    #[arg(long)]
    pub all: bool,
    /// One JSON array
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `cancel`.
#[derive(Clone, Debug, Args)]
#[command(after_help = CANCEL_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct CancelArgs {
    /// The offer, by the name in its address, such as contoso-vm
    #[arg(value_parser = offer)]
    pub offer: OfferId,
    /// Only this operation, by its id, or by its fingerprint (fp:…) where the service gives no ids
    #[arg(long, value_name = "ID")]
    pub operation: Option<OperationName>,
    /// Whom the service is to mail, instead of those in the settings
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_hint = ValueHint::EmailAddress)]
    pub notify: Vec<Address>,
    /// Do not ask; what goes to production needs --operation too
    #[arg(long)]
    pub yes: bool,
    /// Ask the service again after a cancel of the same operation that was refused, or ended unknown
    #[arg(long)]
    pub again: bool,
    /// Look and tell what would be canceled, or why nothing would; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Stop looking as soon as the service has answered
    #[arg(long)]
    pub no_wait: bool,
    /// How long to follow it, from the confirmation, such as 90s, 30min or 1h30min, instead of what the profile says (else 30min)
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// One JSON object a line as things happen; the last one is the verdict
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `follow`.
#[derive(Clone, Debug, Args)]
#[command(after_help = FOLLOW_HELP)]
pub struct FollowArgs {
    /// Only this cancellation, by its id; without one, all that are open at the service for the publisher
    #[arg(value_parser = cancellation)]
    pub cancellation: Option<CancellationId>,
    /// How long to follow, such as 90s, 30min or 1h30min, instead of what the profile says (else 30min)
    #[arg(long, value_name = "DUR", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// One JSON object a line as things happen; each cancellation ends with its verdict
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `history`.
#[derive(Clone, Debug, Default, Args)]
pub struct HistoryArgs {
    /// Only this cancellation, by its id, and all that is known of it
    #[arg(value_parser = cancellation)]
    pub cancellation: Option<CancellationId>,
    /// At most so many, the newest
    #[arg(long, value_name = "N", conflicts_with = "cancellation")]
    pub limit: Option<u32>,
    /// One JSON array with everything that was recorded
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `config`.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct ConfigArgs {
    /// One JSON array
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `doctor`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = DOCTOR_HELP)]
pub struct DoctorArgs {
    /// One JSON object: {"checks":[{"name","state","what","advice",…}],"ok":…}
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `man`.
#[derive(Clone, Debug, Default, Args)]
pub struct ManArgs {
    /// Write a file for each page into this folder instead
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}

/// The arguments of `simulate`.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// Where to listen: an address of this machine alone, with a port, or 0 for any
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = loopback)]
    pub listen: SocketAddr,
    /// What it holds and how it behaves; an unknown name lists them
    #[arg(long, value_name = "NAME", default_value = "demo")]
    pub scenario: String,
    /// How many times faster than real time its world runs
    #[arg(long, value_name = "N", default_value = "1", value_parser = speed)]
    pub speed: f64,
}

impl Command {
    /// Whether its results are JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        match self {
            Self::Offers(args) => args.json,
            Self::Operations(args) => args.json,
            Self::Cancel(args) => args.json,
            Self::Follow(args) => args.json,
            Self::History(args) => args.json,
            Self::Config(args) => args.json,
            Self::Doctor(args) => args.json,
            Self::Demo | Self::Simulate(_) | Self::Completions { .. } | Self::Man(_) => false,
        }
    }
}

const PROGRAM_HELP: &str = "\
Begin with:
  countermand demo                     look around, without an account
  countermand offers --in-flight       what runs right now
  countermand cancel contoso-vm        stop it, after a question

COUNTERMAND_TOKEN holds the bearer token, or the profile's credential in the
settings file says where it comes from; no secret is ever a flag.";

const CANCEL_HELP: &str = "\
The service cancels whatever runs on an offer; it cannot be told which
operation. So this looks first, shows what is there, asks, looks once more, and
sends at most one request that may be carried out. What may go to production is
confirmed by typing the offer's id.

Examples:
  countermand cancel contoso-vm
  countermand cancel contoso-vm --dry-run
  countermand cancel contoso-vm --yes --timeout 10m --json
  countermand cancel contoso-vm --yes \\
      --operation 5a63deb5-0000-1000-0000-000000000000

Exit codes:
  0    canceled         it is canceled (with --no-wait also: pending)
  1    not_sent         nothing was carried out, as told; any other failure
  2    not_sent         usage, settings, read-only, or nobody to ask
  3    finished_first   it ended by itself
  4    refused          the service would not, and it still runs
  5    not_sent         nothing was carried out, for want of a sign-in
  6    unknown          sent, and nothing tells whether it was carried out
  7    pending          accepted, and still canceling when the time was up
  8    nothing_running  every operation known on the offer has ended
  9    superseded       what is active is not what was named, or is several
  129  130  143         hung up, interrupted, terminated; the verdict line comes
                        all the same";

const FOLLOW_HELP: &str = "\
Tells what was recorded before we came first, with the times it has, then what
happens, and of each cancellation one verdict. An unknown is looked at until it
is settled or the time is up. Nothing is ever sent, so this works read-only.

Exit codes are those of `countermand cancel`; of several the gravest counts.
Nothing being open is fine: 0.";

const DOCTOR_HELP: &str = "\
Each line is ok, warn, fail or skip, and says what to do. It asks the service
for nothing but a list, shows no secret, and changes nothing there.

Exit codes:
  0    nothing failed (something may be worth knowing)
  1    something failed
  2    the settings cannot be used
  5    no sign-in, or none that the service accepts";

fn offer(raw: &str) -> Result<OfferId, String> {
    let id = OfferId::new(raw);
    if id.is_unsafe_segment() {
        Err(
            "the id of an offer has letters, digits and -_.~ alone; copy it from `countermand offers`"
                .to_owned(),
        )
    } else {
        Ok(id)
    }
}

fn cancellation(raw: &str) -> Result<CancellationId, String> {
    let id = CancellationId::new(raw);
    if id.is_unsafe_segment() {
        Err("no id of a cancellation; copy it from `countermand history`".to_owned())
    } else {
        Ok(id)
    }
}

fn duration(raw: &str) -> Result<Duration, String> {
    let advice = "write it as 90s, 30min or 1h30min";
    let parsed: SignedDuration = raw.trim().parse().map_err(|_| format!("no duration; {advice}"))?;
    match Duration::try_from(parsed) {
        Ok(duration) if duration > LONGEST => Err("30 days (720h) are the most".to_owned()),
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(format!("must be longer than nothing; {advice}")),
    }
}

fn loopback(raw: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = raw
        .parse()
        .map_err(|_| "no address with a port; write it as 127.0.0.1:8080 or [::1]:8080".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the practice marketplace serves this machine alone; use 127.0.0.1 or [::1]".to_owned())
    }
}

fn speed(raw: &str) -> Result<f64, String> {
    match raw.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed > 0.0 => Ok(speed),
        _ => Err("must be a number above zero, such as 10".to_owned()),
    }
}

#[cfg(test)]
mod tests;
