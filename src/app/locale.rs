//! What the terminal can show, as far as the environment says. The terminal itself is never asked.

use crate::{
    settings::{Environment, Flags, Settings},
    tui::{model::Capabilities, theme::Depth},
};

/// Whether lines of ASCII were asked for, by flag or by the settings; settings that cannot be read ask for nothing.
pub(super) fn is_plain(flags: &Flags, environment: &Environment) -> bool {
    flags.plain || Settings::load(flags, environment).is_ok_and(|settings| settings.plain)
}

/// Whether nothing but ASCII is to be written: because it was asked for, or because the locale has nothing else.
pub(super) fn is_ascii(environment: &Environment, plain: bool) -> bool {
    !capabilities(environment, plain).unicode
}

/// Reads the locale, `NO_COLOR` and `TERM`; `plain` wants the least of all.
pub(super) fn capabilities(environment: &Environment, plain: bool) -> Capabilities {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| environment.get(name))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_dumb = environment.get("TERM") == Some("dumb");
    Capabilities {
        unicode: !plain && (locale.contains("utf-8") || locale.contains("utf8")),
        colour: !plain && !is_dumb && environment.get("NO_COLOR").is_none(),
    }
}

/// How many colours the environment says there are.
pub(super) fn depth(environment: &Environment, plain: bool) -> Depth {
    let says = |name, words: &[&str]| environment.get(name).is_some_and(|value| words.contains(&value));
    let term = environment.get("TERM").unwrap_or_default();
    if !capabilities(environment, plain).colour {
        Depth::Mono
    } else if says("COLORTERM", &["truecolor", "24bit"]) || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Many
    } else {
        Depth::Sixteen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_as_many_as_the_environment_says() {
        for (variables, plain, depth) in [
            (&[][..], false, Depth::Sixteen),
            (&[("TERM", "xterm")], false, Depth::Sixteen),
            (&[("TERM", "xterm-256color")], false, Depth::Many),
            (
                &[("TERM", "xterm"), ("COLORTERM", "truecolor")],
                false,
                Depth::True,
            ),
            (&[("TERM", "xterm-direct")], false, Depth::True),
            (&[("COLORTERM", "24bit"), ("NO_COLOR", "1")], false, Depth::Mono),
            (&[("COLORTERM", "24bit"), ("TERM", "dumb")], false, Depth::Mono),
            (&[("COLORTERM", "24bit")], true, Depth::Mono),
        ] {
            let environment: Environment = variables.iter().copied().collect();
            assert_eq!(super::depth(&environment, plain), depth, "{variables:?} {plain}");
        }
    }

    #[test]
    fn the_environment_says_what_can_be_shown() {
        for (variables, plain, unicode, colour) in [
            (
                &[("LANG", "en_GB.UTF-8"), ("TERM", "xterm")][..],
                false,
                true,
                true,
            ),
            (&[("LANG", "de_DE.utf8")], false, true, true),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")], false, false, true),
            (&[("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], false, true, true),
            (&[("LC_ALL", ""), ("LANG", "C.UTF-8")], false, true, true),
            (&[], false, false, true),
            (&[("LANG", "C.UTF-8"), ("NO_COLOR", "1")], false, true, false),
            (&[("LANG", "C.UTF-8"), ("NO_COLOR", "")], false, true, true),
            (&[("LANG", "C.UTF-8"), ("TERM", "dumb")], false, true, false),
            (&[("LANG", "C.UTF-8")], true, false, false),
        ] {
            let environment: Environment = variables.iter().copied().collect();
            let shown = capabilities(&environment, plain);
            assert_eq!(shown, Capabilities { unicode, colour }, "{variables:?} {plain}");
        }
    }
}
