//! Identity of this process for the record, and privacy of its files.

use std::{
    fs,
    sync::atomic::{AtomicU32, Ordering},
};

use rustix::{
    fs::Mode,
    process::{getuid, umask},
    system::uname,
};

use crate::{
    app::clock::SystemClock,
    domain::{fact::Owner, text::SafeText},
    engine::ports::Clock,
    settings::Environment,
};

/// Returns this process as the owner of one engine's claims: each engine is a distinct owner, because it alone knows
/// its followed cancellations.
pub(super) fn owner(environment: &Environment) -> Owner {
    static ENGINES: AtomicU32 = AtomicU32::new(0);
    let started = SystemClock.now().to_string();
    let started = match ENGINES.fetch_add(1, Ordering::Relaxed) {
        0 => started,
        earlier => format!("{started}+{earlier}"),
    };
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    Owner {
        user: user(getuid().as_raw(), &accounts, environment),
        host: SafeText::new(&uname().nodename().to_string_lossy()),
        pid: std::process::id(),
        started: SafeText::new(&started),
    }
}

/// Returns the user as the system knows it. The environment is only a claim, and so appears only beside the number.
fn user(id: u32, accounts: &str, environment: &Environment) -> SafeText {
    let number = id.to_string();
    let known = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number).then_some(name)
    });
    let claimed = environment.get("USER").or_else(|| environment.get("LOGNAME"));
    SafeText::from(match (known, claimed) {
        (Some(name), _) => name.to_owned(),
        (None, Some(name)) => format!("{name} (uid {number})"),
        (None, None) => format!("uid {number}"),
    })
}

/// Makes every new file private to this user: journal, log, and any companions that a library creates.
pub(super) fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_never_share_an_owner() {
        let environment = Environment::default();
        assert_ne!(owner(&environment), owner(&environment));
    }

    #[test]
    fn system_user_counts_and_environment_is_only_a_claim() {
        const ACCOUNTS: &str = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n";
        let claims = Environment::from_iter([("USER", "mallory")]);
        let silent = Environment::from_iter([("LANG", "C")]);
        for (id, environment, name) in [
            (1000, &claims, "ada"),
            (0, &silent, "root"),
            (4711, &claims, "mallory (uid 4711)"),
            (4711, &silent, "uid 4711"),
        ] {
            assert_eq!(user(id, ACCOUNTS, environment).as_str(), name);
        }
    }
}
