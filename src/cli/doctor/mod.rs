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
    settings::{Environment, Settings, SettingsError},
};

/// What is looked at.
pub struct Premises<'a> {
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
    /// Columns and rows; none without a terminal.
    pub terminal: Option<(u16, u16)>,
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
pub async fn run(premises: Premises<'_>, args: &DoctorArgs, io: &mut Io<'_>) -> Exit {
    let mut sheet = DoctorReport::new(args.json, premises.width.map(usize::from), io);
    sheet.enter("settings", settings::look(&premises));
    here(&premises, &mut sheet);
    match premises.settings {
        Ok(settings) => there(&premises, settings, &mut sheet).await,
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
                sheet.enter(name, CheckResult::skipped("the settings cannot be used"));
            }
        }
    }
    let environment = premises.environment;
    sheet.enter("terminal", terminal::size(premises.terminal, environment));
    sheet.enter("colours", terminal::colours(environment));
    sheet.enter("letters", terminal::letters(environment));
    sheet.enter("multiplexer", terminal::multiplexer(environment));
    sheet.close()
}

/// What is checked on this machine alone.
fn here(premises: &Premises<'_>, sheet: &mut DoctorReport<'_, '_>) {
    let places = premises.environment.places.as_ref();
    let folder = places.map(|places| places.state.as_path());
    let is_usable = sheet.enter("folder", folder::look(folder));
    match places.filter(|_| is_usable) {
        Some(places) => {
            sheet.enter("journal", journal::look(&places.journal()));
            sheet.enter("locks", folder::locks(folder));
        }
        None => {
            for name in ["journal", "locks"] {
                sheet.enter(name, CheckResult::skipped("the folder cannot be used"));
            }
        }
    }
}

/// What is checked on the way to the service, and there.
async fn there(premises: &Premises<'_>, settings: &Settings, sheet: &mut DoctorReport<'_, '_>) {
    let is_reached = way(premises, settings, sheet).await;
    let is_signed_in = sheet.enter("sign_in", sign_in::look(premises).await);
    let publisher = settings.publisher.as_ref().map(|publisher| &publisher.value);
    let found = match &premises.catalogue {
        _ if !is_reached => CheckResult::skipped("the service cannot be reached"),
        Some(catalogue) if is_signed_in => request::look(&**catalogue, publisher).await,
        _ => CheckResult::skipped("there is no token"),
    };
    sheet.enter("request", found);
}

/// Walks the way to the service, up to a first answer; whether there was one.
async fn way(premises: &Premises<'_>, settings: &Settings, sheet: &mut DoctorReport<'_, '_>) -> bool {
    let (origin, ca_file) = (&settings.origin.value, settings.ca_file.as_deref());
    let Some(place) = Place::of(origin) else {
        return false;
    };
    let before = crate::service::diagnose::Proxy::before(origin);
    let (found, addresses) = names::look(&place, before.as_ref()).await;
    let is_named = sheet.enter("names", found);
    let (found, way) = proxy::look(origin, &place, premises.environment, ca_file).await;
    sheet.enter("proxy", found);
    let (found, line) = match way {
        Way::Straight if is_named => connection::look(&place, &addresses).await,
        Way::Straight => (CheckResult::skipped("there is no address to connect to"), None),
        Way::Tunnel(line) => (CheckResult::ok("through the proxy"), Some(line)),
        Way::Beyond => (CheckResult::skipped("a SOCKS proxy makes it"), None),
        Way::Closed => (CheckResult::skipped("the proxy does not let us through"), None),
    };
    let is_connected = sheet.enter("connection", found);
    let is_beyond = before.is_some_and(|proxy| proxy.scheme().starts_with("socks"));
    let found = match line {
        _ if !place.is_tls => CheckResult::skipped("plain http, on this machine alone"),
        Some(line) => tls::look(line, &place, ca_file, premises.clock.now()).await,
        None if is_beyond => CheckResult::skipped("it is made behind a SOCKS proxy"),
        None => CheckResult::skipped("there is no connection"),
    };
    let is_secure = sheet.enter("tls", found) || !place.is_tls;
    let found = if is_beyond || (is_connected && is_secure) {
        clock::look(origin, ca_file, premises.clock).await
    } else {
        CheckResult::skipped("the service cannot be reached")
    };
    sheet.enter("clock", found)
}
