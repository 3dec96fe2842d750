//! Preferences for keys, colors, and notifications, from the settings and the terminal.

use std::path::Path;

use crate::{
    domain::{nearest::nearest, text::SafeText, variable::bare},
    files::custody::{self, Refused},
    settings::{
        Appearance, Environment, SettingsError, SpannedText, located,
        terminal::{Depth, Terminal},
    },
    tui::{
        keymap::Keymap,
        model::{Capabilities, Preferences},
        run::Pacing,
        theme::{self, Palette},
    },
};

/// Validates the appearance settings, and combines them with the terminal.
///
/// # Errors
///
/// When a key, command, or theme is invalid, with its place in the file.
pub(super) fn of(
    appearance: &Appearance,
    environment: &Environment,
    terminal: &Terminal,
) -> Result<Preferences, SettingsError> {
    let keymap = Keymap::remapped(&appearance.keys)?;
    let palette = match &appearance.theme {
        Some(written) => palette(written, environment, terminal.depth)?,
        None => Palette::default(),
    };
    Ok(Preferences {
        keymap,
        palette,
        tell: appearance.tell,
        title: appearance.title && terminal.has_title,
        multiplexer: terminal.multiplexer,
    })
}

/// Returns true if the mouse can be used; a line-only terminal has none.
pub(super) fn mouse(appearance: &Appearance, terminal: &Terminal) -> bool {
    appearance.mouse && !terminal.is_dumb()
}

/// Returns the capabilities of `terminal` that the dashboard uses.
pub(super) fn capabilities(terminal: &Terminal) -> Capabilities {
    Capabilities {
        unicode: terminal.unicode,
        colour: terminal.depth != Depth::Mono,
    }
}

/// Returns the redraw interval.
pub(super) fn pacing(low_bandwidth: bool) -> Pacing {
    if low_bandwidth {
        Pacing::Sparing
    } else {
        Pacing::Smooth
    }
}

/// Returns a theme by its name, or from the file that the word leads to, relative to the settings.
fn palette(written: &SpannedText, environment: &Environment, depth: Depth) -> Result<Palette, SettingsError> {
    let word = bare(&written.text);
    if word == "default" {
        return Ok(Palette::default());
    }
    let (text, path) = match theme::bundled(word) {
        Some(text) => (text.to_owned(), None),
        None if word.contains('/') || has_suffix(word) => {
            let path = located(Path::new(word), &written.file, environment.home().as_deref());
            let text = custody::read_to_string(&path).map_err(|refused| match refused {
                Refused::Exposed(_) => SettingsError::refused(&refused, &path),
                Refused::Unreadable(error) => {
                    written.fault(&format!("the theme {} cannot be read: {error}", path.display()))
                }
            })?;
            (text, Some(path))
        }
        None => return Err(written.fault(&no_theme(word))),
    };
    Palette::of(&text, depth).map_err(|fault| SettingsError::File {
        path: path.unwrap_or_else(|| written.file.to_path_buf()),
        line: fault.line,
        column: fault.column,
        what: SafeText::new(&fault.what),
    })
}

fn has_suffix(word: &str) -> bool {
    Path::new(word).extension().is_some_and(|suffix| suffix == "toml")
}

fn no_theme(word: &str) -> String {
    let names = || theme::NAMES.into_iter().chain(["default"]);
    let advice = match nearest(word, names()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!(
            "there are {}, and files whose path has a / in it",
            names().collect::<Vec<_>>().join(", ")
        ),
    };
    format!("no theme `{word}`; {advice}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::settings::{Flags, Settings, Tell};

    fn written(text: &str, folder: &Path) -> SpannedText {
        SpannedText {
            text: text.into(),
            file: folder.join("settings.toml").into(),
            line: 3,
            column: 9,
        }
    }

    #[test]
    fn title_needs_the_setting_and_a_capable_terminal() {
        let environment = Environment::from_iter([("TERM", "xterm")]);
        let title = |is_wanted, terminal: &Terminal| {
            let appearance = Appearance {
                title: is_wanted,
                ..Appearance::default()
            };
            of(&appearance, &environment, terminal).unwrap().title
        };
        let terminal = Terminal::of(&environment);
        assert!(title(true, &terminal) && !title(false, &terminal));
        assert!(!title(true, &terminal.plain()));
    }

    #[test]
    fn example_settings_are_valid() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        let example = include_str!("../../assets/settings.toml").replace("#: ", "");
        fs::write(&file, example).unwrap();
        let flags = Flags {
            config: Some(file),
            ..Flags::default()
        };
        let environment = [("TERM", "xterm")].into_iter().collect();
        let settings = Settings::load(&flags, &environment).unwrap();
        assert_eq!(settings.appearance.keys.len(), 2);
        let preferences = of(&settings.appearance, &environment, &Terminal::of(&environment)).unwrap();
        assert_eq!(preferences.tell, Tell::Osc9, "the profile's own");
        assert_ne!(preferences.keymap, Keymap::default());
    }

    #[test]
    fn theme_is_a_name_or_a_file_and_errors_have_a_place() {
        let folder = tempfile::tempdir().unwrap();
        let given = |word: &str| {
            palette(
                &written(word, folder.path()),
                &Environment::default(),
                Depth::True,
            )
        };
        assert_eq!(given("default"), Ok(Palette::default()));
        assert_ne!(given("dark"), Ok(Palette::default()));
        fs::write(folder.path().join("mine.toml"), theme::bundled("light").unwrap()).unwrap();
        assert_eq!(given("./mine.toml"), given("light"));
        fs::write(folder.path().join("broken.toml"), "[rich]\ntext = 7\n").unwrap();
        for (word, expected) in [
            ("drk", "settings.toml:3:9: no theme `drk`; did you mean `dark`?"),
            (
                "solarised",
                "settings.toml:3:9: no theme `solarised`; there are dark, high-contrast, light, default",
            ),
            ("gone.toml", "settings.toml:3:9: the theme "),
            ("broken.toml", "broken.toml:2:8: invalid type: integer `7`"),
        ] {
            let error = given(word).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn world_writable_theme_is_not_obeyed() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let theme = folder.path().join("mine.toml");
        fs::write(&theme, theme::bundled("light").unwrap()).unwrap();
        fs::set_permissions(&theme, fs::Permissions::from_mode(0o666)).unwrap();
        let error = palette(
            &written("./mine.toml", folder.path()),
            &Environment::default(),
            Depth::True,
        )
        .unwrap_err();
        assert!(matches!(error, SettingsError::Exposed { .. }), "{error}");
    }
}
