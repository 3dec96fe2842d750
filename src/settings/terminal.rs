//! The terminal, as far as the environment describes it. The terminal itself is never queried: a reply may not come, or
//! come late.

use crate::settings::environment::Environment;

/// Capabilities of the terminal, and the multiplexer in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Kind of terminal, by `TERM`; none if unset.
    pub kind: Option<String>,
    /// The variable of the locale, and its value.
    pub locale: Option<(&'static str, String)>,
    /// Whether characters beyond ASCII can be shown.
    pub unicode: bool,
    /// Number of colors.
    pub depth: Depth,
    /// The variable that determines the number; none by default.
    pub depth_by: Option<&'static str>,
    /// Multiplexer that emulates the terminal.
    pub multiplexer: Multiplexer,
    /// Whether it has a title.
    pub has_title: bool,
}

/// Color depth of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None: bold, dim, underlined, and reversed only.
    Mono,
    /// Sixteen, in the terminal's own palette.
    Sixteen,
    /// 256: the color cube and grays.
    Many,
    /// True color.
    True,
}

/// A program that emulates a terminal for this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Multiplexer {
    /// None.
    #[default]
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Terminal {
    /// Reads the terminal from `environment`.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let kind = environment.get("TERM");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| Some((name, environment.get(name)?)));
        let (depth, depth_by) = depth(environment, kind.unwrap_or_default());
        Self {
            kind: kind.map(ToOwned::to_owned),
            locale: locale.map(|(name, value)| (name, value.to_owned())),
            unicode: locale.is_some_and(|(_, value)| is_utf8(value)),
            depth,
            depth_by,
            multiplexer: multiplexer(environment, kind.unwrap_or_default()),
            // The console of Linux has none.
            has_title: !matches!(kind, None | Some("dumb" | "linux")),
        }
    }

    /// Limits the terminal to lines of ASCII.
    #[must_use]
    pub fn plain(self) -> Self {
        Self {
            unicode: false,
            depth: Depth::Mono,
            depth_by: None,
            has_title: false,
            ..self
        }
    }

    /// Returns true if it can show lines only.
    #[must_use]
    pub fn is_dumb(&self) -> bool {
        self.kind.as_deref() == Some("dumb")
    }
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

fn depth(environment: &Environment, kind: &str) -> (Depth, Option<&'static str>) {
    if environment.is_set("NO_COLOR") {
        (Depth::Mono, Some("NO_COLOR"))
    } else if kind == "dumb" {
        (Depth::Mono, Some("TERM"))
    } else if matches!(environment.get("COLORTERM"), Some("truecolor" | "24bit")) {
        (Depth::True, Some("COLORTERM"))
    } else if kind.ends_with("-direct") {
        (Depth::True, Some("TERM"))
    } else if kind.contains("256color") {
        (Depth::Many, Some("TERM"))
    } else {
        (Depth::Sixteen, None)
    }
}

/// tmux also calls itself screen, so its own variable takes precedence. Over ssh only the kind of terminal is known.
fn multiplexer(environment: &Environment, kind: &str) -> Multiplexer {
    if environment.is_set("TMUX") || kind.starts_with("tmux") {
        Multiplexer::Tmux
    } else if environment.is_set("STY") || kind.starts_with("screen") {
        Multiplexer::Screen
    } else {
        Multiplexer::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(variables: &[(&str, &str)]) -> Terminal {
        Terminal::of(&variables.iter().copied().collect())
    }

    #[test]
    fn color_depth_follows_the_environment() {
        for (variables, depth, by) in [
            (&[][..], Depth::Sixteen, None),
            (&[("TERM", "xterm")], Depth::Sixteen, None),
            (&[("TERM", "xterm-256color")], Depth::Many, Some("TERM")),
            (
                &[("TERM", "xterm"), ("COLORTERM", "truecolor")],
                Depth::True,
                Some("COLORTERM"),
            ),
            (&[("TERM", "xterm-direct")], Depth::True, Some("TERM")),
            (
                &[("COLORTERM", "24bit"), ("NO_COLOR", "1")],
                Depth::Mono,
                Some("NO_COLOR"),
            ),
            (
                &[("COLORTERM", "24bit"), ("NO_COLOR", "")],
                Depth::True,
                Some("COLORTERM"),
            ),
            (
                &[("COLORTERM", "24bit"), ("TERM", "dumb")],
                Depth::Mono,
                Some("TERM"),
            ),
        ] {
            let found = terminal(variables);
            assert_eq!((found.depth, found.depth_by), (depth, by), "{variables:?}");
            assert_eq!(found.plain().depth, Depth::Mono, "{variables:?}");
        }
    }

    #[test]
    fn locale_determines_the_charset() {
        for (variables, unicode) in [
            (&[("LANG", "en_GB.UTF-8")][..], true),
            (&[("LANG", "de_DE.utf8")], true),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")], false),
            (&[("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], true),
            (&[("LC_ALL", ""), ("LANG", "C.UTF-8")], true),
            (&[], false),
        ] {
            let found = terminal(variables);
            assert_eq!(found.unicode, unicode, "{variables:?}");
            assert!(!found.plain().unicode, "{variables:?}");
        }
    }

    #[test]
    fn multiplexer_is_recognized_by_its_variables() {
        for (variables, multiplexer) in [
            (&[][..], Multiplexer::None),
            (&[("TERM", "xterm-256color")], Multiplexer::None),
            (
                &[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux-1/default,1,0")],
                Multiplexer::Tmux,
            ),
            (&[("TERM", "tmux-256color")], Multiplexer::Tmux),
            (
                &[("TERM", "screen.xterm-256color"), ("STY", "1.pts-0.host")],
                Multiplexer::Screen,
            ),
            (&[("TERM", "screen")], Multiplexer::Screen),
        ] {
            assert_eq!(terminal(variables).multiplexer, multiplexer, "{variables:?}");
        }
    }

    #[test]
    fn title_needs_a_capable_terminal() {
        for (kind, has_title) in [("xterm", true), ("linux", false), ("dumb", false)] {
            let found = terminal(&[("TERM", kind)]);
            assert_eq!(found.has_title, has_title, "{kind}");
            assert!(!found.plain().has_title, "{kind}");
        }
        assert!(!terminal(&[]).has_title);
    }
}
