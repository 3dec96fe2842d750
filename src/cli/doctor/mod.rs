//! `doctor`: what works, what does not, and what to do. One file a check; a line as each ends.
//!
//! It looks and asks, and changes nothing at the service. What stands on something that does not work is skipped.

mod check;
mod clock;
mod connection;
mod folder;
mod journal;
mod lines;
mod names;
mod proxy;
mod report;
mod request;
mod settings;
mod sign_in;
mod terminal;
mod timeout;
mod tls;

use std::{path::PathBuf, sync::Arc};

use self::{check::CheckResult, proxy::Way, report::DoctorReport};
use crate::{
    cli::{Io, args::DoctorArgs},
    domain::{text::SafeText, verdict::Exit},
    engine::ports::{Catalogue, Clock},
    service::{auth::TokenSource, diagnose::Place},
    settings::{Environment, Settings, SettingsError, terminal::Terminal},
};

/// What is looked at.
pub struct DoctorDeps<'a> {
    /// The settings, or what is wrong with them.
    pub settings: Result<&'a Settings, &'a SettingsError>,
    /// Whether the dashboard can have the keys and colours that they wish for.
    pub preferences: Result<(), &'a SettingsError>,
    /// Where their file is, or would be.
    pub settings_file: Option<PathBuf>,
    /// The variables and folders of this process.
    pub environment: &'a Environment,
    /// Where the token comes from, or why from nowhere.
    pub token: Result<Arc<dyn TokenSource>, Unsigned>,
    /// The service, asked with that token; none where there is none.
    pub catalogue: Option<Arc<dyn Catalogue>>,
    /// The wall clock.
    pub clock: &'a dyn Clock,
    /// The terminal, as the environment describes it.
    pub terminal: &'a Terminal,
    /// Its columns and rows; none without one.
    pub size: Option<(u16, u16)>,
    /// Columns of the terminal that the results are written to; none where they go elsewhere.
    pub width: Option<u16>,
}

/// There is no way to sign in.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// Why, and what to do.
    pub what: SafeText,
    /// How the program ends for it.
    pub exit: Exit,
}

/// Checks everything, in order.
pub async fn run(deps: DoctorDeps<'_>, args: &DoctorArgs, io: &mut Io<'_>) -> Exit {
    let mut report = DoctorReport::new(args.json, deps.width.map(usize::from), io);
    report.enter("settings", settings::look(&deps));
    here(&deps, &mut report);
    match deps.settings {
        Ok(settings) => there(&deps, settings, &mut report).await,
        Err(_) => {
            for name in [
                "names",
                "proxy",
                "connection",
                "tls",
                "clock",
                "sign_in",
                "request",
            ] {
                report.enter(name, CheckResult::skipped("the settings cannot be used"));
            }
        }
    }
    report.enter("terminal", terminal::size(deps.size, deps.terminal));
    report.enter("colours", terminal::colours(deps.terminal));
    report.enter("letters", terminal::letters(deps.terminal));
    report.enter("multiplexer", terminal::multiplexer(deps.terminal));
    report.close()
}

/// What is checked on this machine alone.
fn here(deps: &DoctorDeps<'_>, report: &mut DoctorReport<'_, '_>) {
    let places = deps.environment.places.as_ref();
    let folder = places.map(|places| places.state.as_path());
    let is_usable = report.enter("folder", folder::look(folder));
    match places.filter(|_| is_usable) {
        Some(places) => {
            report.enter("journal", journal::look(&places.journal()));
            report.enter("locks", folder::locks(folder));
        }
        None => {
            for name in ["journal", "locks"] {
                report.enter(name, CheckResult::skipped("the folder cannot be used"));
            }
        }
    }
}

/// What is checked on the way to the service, and there.
async fn there(deps: &DoctorDeps<'_>, settings: &Settings, report: &mut DoctorReport<'_, '_>) {
    let is_reached = way(deps, settings, report).await;
    let is_signed_in = report.enter("sign_in", sign_in::look(deps).await);
    let publisher = settings.publisher.as_ref().map(|publisher| &publisher.value);
    let found = match &deps.catalogue {
        _ if !is_reached => CheckResult::skipped("the service cannot be reached"),
        Some(catalogue) if is_signed_in => request::look(&**catalogue, publisher).await,
        _ => CheckResult::skipped("there is no token"),
    };
    report.enter("request", found);
}

/// Walks the way to the service, up to a first answer; whether there was one.
async fn way(deps: &DoctorDeps<'_>, settings: &Settings, report: &mut DoctorReport<'_, '_>) -> bool {
    let (origin, ca_file) = (&settings.origin.value, settings.ca_file.as_deref());
    let Some(place) = Place::of(origin) else {
        return false;
    };
    let before = crate::service::diagnose::Proxy::before(origin);
    let (found, addresses) = names::look(&place, before.as_ref()).await;
    let is_named = report.enter("names", found);
    let (found, way) = proxy::look(origin, &place, deps.environment, ca_file).await;
    report.enter("proxy", found);
    let (found, line) = match way {
        Way::Straight if is_named => connection::look(&place, &addresses).await,
        Way::Straight => (CheckResult::skipped("there is no address to connect to"), None),
        Way::Tunnel(line) => (CheckResult::ok("through the proxy"), Some(line)),
        Way::Beyond => (CheckResult::skipped("a SOCKS proxy makes it"), None),
        Way::Closed => (CheckResult::skipped("the proxy does not let us through"), None),
    };
    let is_connected = report.enter("connection", found);
    let is_beyond = before.is_some_and(|proxy| proxy.scheme().starts_with("socks"));
    let found = match line {
        _ if !place.is_tls => CheckResult::skipped("plain http, on this machine alone"),
        Some(line) => tls::look(line, &place, ca_file, deps.clock.now()).await,
        None if is_beyond => CheckResult::skipped("it is made behind a SOCKS proxy"),
        None => CheckResult::skipped("there is no connection"),
    };
    let is_secure = report.enter("tls", found) || !place.is_tls;
    let found = if is_beyond || (is_connected && is_secure) {
        clock::look(origin, ca_file, deps.clock).await
    } else {
        CheckResult::skipped("the service cannot be reached")
    };
    report.enter("clock", found)
}
