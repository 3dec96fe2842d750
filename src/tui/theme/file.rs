//! A theme as a file: what it looks like with every colour, with sixteen, and with none. Strict, because a tone that is
//! misspelt would look like no tone at all.

use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    settings::position,
    tui::theme::{Depth, Palette},
};

/// The names of the themes that this program brings with it.
pub const NAMES: [&str; 3] = ["dark", "high-contrast", "light"];

/// The text of the theme with this name.
#[must_use]
pub fn bundled(name: &str) -> Option<&'static str> {
    match name {
        "dark" => Some(include_str!("../../../assets/themes/dark.toml")),
        "high-contrast" => Some(include_str!("../../../assets/themes/high-contrast.toml")),
        "light" => Some(include_str!("../../../assets/themes/light.toml")),
        _ => None,
    }
}

/// What is wrong with a theme, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// The three forms of a theme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    rich: Rich,
    sixteen: Form,
    mono: Tones,
}

/// With every colour, which has to say its ground: only so can it be read whatever the terminal's own is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rich {
    text: Word,
    background: Word,
    tones: Tones,
}

/// With the sixteen of the terminal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    text: Option<Word>,
    background: Option<Word>,
    tones: Tones,
}

/// Every tone; none may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tones {
    quiet: Word,
    strong: Word,
    busy: Word,
    good: Word,
    bad: Word,
    open: Word,
    live: Word,
}

type Word = Spanned<String>;
type Wrong = (Range<usize>, String);

impl Palette {
    /// The theme that `text` holds, for a terminal of this depth.
    ///
    /// # Errors
    /// The first thing in any of its forms that cannot be.
    pub fn of(text: &str, depth: Depth) -> Result<Self, Fault> {
        let fault = |(span, what): Wrong| {
            let (line, column) = position(text, span.start);
            Fault { line, column, what }
        };
        let forms: Forms = toml::from_str(text)
            .map_err(|error| fault((error.span().unwrap_or(0..0), error.message().to_owned())))?;
        // All of them, so that a fault shows on the terminal of whoever made it.
        let rich = |depth| rich(&forms.rich, depth).map_err(fault);
        let (real, many) = (rich(Depth::True)?, rich(Depth::Many)?);
        let sixteen = sixteen(&forms.sixteen).map_err(fault)?;
        let mono = tones(&forms.mono, |_| None).map_err(fault)?;
        Ok(match depth {
            Depth::True => real,
            Depth::Many => many,
            Depth::Sixteen => sixteen,
            Depth::Mono => mono,
        })
    }
}

fn rich(form: &Rich, depth: Depth) -> Result<Palette, Wrong> {
    let colour = |word: &str| rgb(word).map(|rgb| depth.nearest(rgb));
    Ok(Palette {
        ink: Some(only(&form.text, colour)?),
        paper: Some(only(&form.background, colour)?),
        ..tones(&form.tones, colour)?
    })
}

fn sixteen(form: &Form) -> Result<Palette, Wrong> {
    let read = |word: &Option<Word>| word.as_ref().map(|word| only(word, named)).transpose();
    Ok(Palette {
        ink: read(&form.text)?,
        paper: read(&form.background)?,
        ..tones(&form.tones, named)?
    })
}

fn tones(tones: &Tones, colour: impl Fn(&str) -> Option<Color>) -> Result<Palette, Wrong> {
    let read = |word| style(word, &colour);
    Ok(Palette {
        ink: None,
        paper: None,
        quiet: read(&tones.quiet)?,
        strong: read(&tones.strong)?,
        busy: read(&tones.busy)?,
        good: read(&tones.good)?,
        bad: read(&tones.bad)?,
        open: read(&tones.open)?,
        live: read(&tones.live)?,
    })
}

/// A colour, weights, or both, with blanks between them.
fn style(word: &Word, colour: impl Fn(&str) -> Option<Color>) -> Result<Style, Wrong> {
    let mut style = Style::new();
    for part in word.get_ref().split_whitespace() {
        style = match (modifier(part), colour(part)) {
            (Some(modifier), _) => style.add_modifier(modifier),
            (None, Some(colour)) if style.fg.is_none() => style.fg(colour),
            (None, Some(_)) => return Err((word.span(), "a tone has one colour".into())),
            (None, None) => return Err(unknown(word, part)),
        };
    }
    Ok(style)
}

/// One colour alone.
fn only(word: &Word, colour: impl Fn(&str) -> Option<Color>) -> Result<Color, Wrong> {
    colour(word.get_ref()).ok_or_else(|| unknown(word, word.get_ref()))
}

fn unknown(word: &Word, part: &str) -> Wrong {
    let what = format!(
        "`{part}` does not belong here; `rich` takes #rrggbb, `sixteen` one of {}, and tones in each form bold, dim, \
         italic, underlined or reversed",
        SIXTEEN.map(|(name, _)| name).join(", ")
    );
    (word.span(), what)
}

fn modifier(word: &str) -> Option<Modifier> {
    Some(match word {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underlined" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        _ => return None,
    })
}

const SIXTEEN: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("grey", Color::Gray),
    ("dark-grey", Color::DarkGray),
    ("light-red", Color::LightRed),
    ("light-green", Color::LightGreen),
    ("light-yellow", Color::LightYellow),
    ("light-blue", Color::LightBlue),
    ("light-magenta", Color::LightMagenta),
    ("light-cyan", Color::LightCyan),
    ("white", Color::White),
];

fn named(word: &str) -> Option<Color> {
    let found = SIXTEEN.iter().find(|(name, _)| *name == word);
    found.map(|(_, colour)| *colour)
}

fn rgb(word: &str) -> Option<[u8; 3]> {
    let digits = word
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

#[cfg(test)]
mod tests;
