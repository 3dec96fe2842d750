//! What the terminal can show, as far as the environment says. The terminal itself is never asked.

use crate::{
    settings::{Environment, Flags, Settings},
    tui::model::Capabilities,
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

#[cfg(test)]
mod tests {
    use super::*;

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
