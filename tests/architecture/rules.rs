//! Rules as data, and their evaluation.

use super::tree::Name;

/// A module and the others that it may name, as paths below `crate`.
struct Module {
    name: &'static str,
    knows: &'static [&'static str],
}

/// Modules from top to bottom. A module may name itself and the listed ones; none above it is listed.
const ORDER: &[Module] = &[
    Module {
        name: "main",
        knows: &["app", "cli"],
    },
    Module {
        name: "app",
        knows: &[
            "plain",
            "tui",
            "cli",
            "presentation",
            "proposal",
            "simulator",
            "settings",
            "journal",
            "service",
            "engine",
            "files",
            "domain",
        ],
    },
    // Verbs' logic from the face beside it, and no screen.
    Module {
        name: "plain",
        knows: &[
            "cli::Io",
            "cli::args",
            "cli::cancel",
            "cli::following",
            "cli::history",
            "cli::report",
            "cli::table",
            "presentation",
            "engine",
            "domain",
        ],
    },
    // Appearance settings as words with their places, and the sign-in prompt. Disk and service are reached through the
    // engine alone.
    Module {
        name: "tui",
        knows: &[
            "settings::KeyOverride",
            "settings::SettingsError",
            "settings::Tell",
            "settings::SpannedText",
            "settings::ProfileSummary",
            "settings::ReadOnly",
            "settings::terminal",
            "settings::position",
            "service::auth::SignInPrompt",
            "presentation",
            "proposal",
            "engine",
            "domain",
        ],
    },
    // From the sibling modules, the context of one verb each; see the bans.
    Module {
        name: "cli",
        knows: &[
            "simulator::Options",
            "simulator::Scenario",
            "simulator::Simulator",
            "settings",
            "journal::Condition",
            "journal::SqliteJournal",
            "service::auth::SignInPrompt",
            "service::auth::TokenSource",
            "service::auth::claims",
            "service::diagnose",
            "presentation",
            "proposal",
            "engine",
            "files",
            "domain",
        ],
    },
    // Words for all faces, and no screen.
    Module {
        name: "presentation",
        knows: &["engine::Snapshot", "engine::Tracked", "domain"],
    },
    // Results of looks and confirmations; no drawing, keys, or sending.
    Module {
        name: "proposal",
        knows: &[
            "engine::Candidate",
            "engine::Failure",
            "engine::Look",
            "engine::Snapshot",
            "domain",
        ],
    },
    // Independent of the client, so that a mistake cannot hide in both.
    Module {
        name: "simulator",
        knows: &[],
    },
    Module {
        name: "settings",
        knows: &["engine", "files", "domain"],
    },
    Module {
        name: "journal",
        knows: &["engine::ports", "engine::failure", "files", "domain"],
    },
    Module {
        name: "service",
        knows: &[
            "engine::ports",
            "engine::failure",
            "engine::Failure",
            "engine::Class",
            "engine::Characteristics",
            "engine::PollIntervals",
            "files",
            "domain",
        ],
    },
    Module {
        name: "engine",
        knows: &["domain"],
    },
    Module {
        name: "files",
        knows: &[],
    },
    Module {
        name: "domain",
        knows: &[],
    },
];

/// Names that are banned in parts of the package.
struct Ban {
    within: &'static [&'static str],
    /// Exempt modules of these parts.
    except: &'static [&'static str],
    names: &'static [&'static str],
    why: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        within: &["engine"],
        except: &[],
        names: OUTSIDE,
        why: "the engine reaches the world through its ports",
    },
    Ban {
        within: &["domain", "proposal"],
        except: &[],
        names: OUTSIDE,
        why: "facts and words are without I/O",
    },
    Ban {
        within: &["domain", "proposal"],
        except: &[],
        names: &["tokio", "tokio_util"],
        why: "it is told what time it is, and waits for nothing",
    },
    Ban {
        within: &["tui", "cli", "plain"],
        except: &[],
        names: &["reqwest", "hyper", "rusqlite", "axum"],
        why: "a face reaches service and journal through the engine",
    },
    Ban {
        within: &["cli", "plain"],
        except: &[],
        names: &["ratatui", "crossterm"],
        why: "what is written in lines stays as it is",
    },
    Ban {
        within: &["cli"],
        except: &["cli::doctor"],
        names: &[
            "crate::journal",
            "crate::service::diagnose",
            "crate::service::auth::TokenSource",
            "crate::service::auth::claims",
        ],
        why: "doctor alone looks behind the ports",
    },
    Ban {
        within: &["service::http"],
        except: &[],
        names: &[
            "crate::service::auth",
            "crate::service::diagnose",
            "crate::service::cpp",
        ],
        why: "HTTP serves every sign-in and every service, and knows none",
    },
    Ban {
        within: &["service::auth"],
        except: &[],
        names: &["crate::service::diagnose", "crate::service::cpp"],
        why: "a token is for whichever service is asked",
    },
    Ban {
        within: &["service::diagnose"],
        except: &[],
        names: &["crate::service::auth", "crate::service::cpp"],
        why: "the way is walked without a token, to whichever service",
    },
    Ban {
        within: &["service::cpp"],
        except: &[],
        names: &["crate::service::auth", "crate::service::diagnose"],
        why: "a token is given to it",
    },
    Ban {
        within: &["cli"],
        except: &["cli::simulate"],
        names: &["crate::simulator"],
        why: "simulate alone serves a marketplace",
    },
    Ban {
        within: &["tui"],
        except: &["tui::run", "tui::terminal", "tui::effect_runner"],
        names: &["tokio", "tokio_util"],
        why: "what the dashboard shows waits for nothing",
    },
    Ban {
        within: &["tui"],
        except: &["tui::run", "tui::terminal"],
        names: &[
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
            "rustix",
            "crossterm::terminal",
        ],
        why: "what the dashboard shows follows from its model alone",
    },
];

/// Crates with side effects.
const OUTSIDE: &[&str] = &["reqwest", "rusqlite", "ratatui", "crossterm", "axum", "clap"];

/// Returns every rule that one of `names` breaks, with the place.
pub(crate) fn violations(names: &[Name]) -> Vec<String> {
    let broken = names.iter().flat_map(|name| {
        let banned = BANS.iter().filter_map(|ban| ban.broken_by(name));
        let rules = out_of_order(name).into_iter().chain(banned);
        rules.map(move |rule| format!("{name}: {rule}"))
    });
    broken.collect()
}

/// Returns the rule that `name` breaks by naming a module outside the list of its own.
fn out_of_order(name: &Name) -> Option<String> {
    let ["crate", inside @ ..] = &refs(&name.path)[..] else {
        return None;
    };
    // The root only declares the others.
    let own = name.module.first()?;
    let Some(module) = ORDER.iter().find(|module| module.name == own) else {
        return Some(format!("no rule says what {own} knows"));
    };
    let is_known =
        inside.first() == Some(&module.name) || module.knows.iter().any(|path| is_under(inside, path));
    (!is_known).then(|| match module.knows {
        [] => format!("{own} knows no other module"),
        some => format!("{own} knows of the other modules only {}", some.join(", ")),
    })
}

impl Ban {
    /// Returns the rule, if `name` breaks it.
    fn broken_by(&self, name: &Name) -> Option<String> {
        let (module, path) = (refs(&name.module), refs(&name.path));
        let within = self.within.iter().find(|part| is_under(&module, part))?;
        let is_hit = !self.except.iter().any(|part| is_under(&module, part))
            && self.names.iter().any(|banned| matches_ban(&path, banned));
        is_hit.then(|| format!("{within} never says that: {}", self.why))
    }
}

/// Returns true if `path` is `banned`, inside it, or a glob import around it.
fn matches_ban(path: &[&str], banned: &str) -> bool {
    match path {
        [around @ .., "*"] => is_under(path, banned) || is_under(&split(banned), &around.join("::")),
        _ => is_under(path, banned),
    }
}

fn is_under(path: &[&str], above: &str) -> bool {
    path.starts_with(&split(above))
}

fn split(path: &str) -> Vec<&str> {
    path.split("::").collect()
}

fn refs(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}
