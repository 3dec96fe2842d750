use super::*;
use crate::{presentation::Tone, tui::theme::depth::fixed};

const TONES: [Tone; 8] = [
    Tone::Plain,
    Tone::Quiet,
    Tone::Strong,
    Tone::Busy,
    Tone::Good,
    Tone::Bad,
    Tone::Open,
    Tone::Live,
];

fn theme(name: &str, depth: Depth) -> Palette {
    Palette::of(bundled(name).unwrap(), depth).unwrap()
}

fn look(colour: Color) -> [u8; 3] {
    match colour {
        Color::Rgb(red, green, blue) => [red, green, blue],
        Color::Indexed(index) => fixed(index),
        other => panic!("{other} has no look of its own"),
    }
}

/// The relative luminance of WCAG 2.
fn luminance(colour: Color) -> f64 {
    let [red, green, blue] = look(colour).map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_tone_can_be_read_on_its_ground() {
    for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        for depth in [Depth::True, Depth::Many] {
            let palette = theme(name, depth);
            let (ink, paper) = (palette.ink.unwrap(), palette.paper.unwrap());
            for tone in TONES {
                let style = palette.style(tone);
                let ratio = contrast(style.fg.unwrap_or(ink), paper);
                assert!(ratio >= least, "{name} {depth:?} {tone:?}: {ratio:.2}");
                assert!(
                    !style.add_modifier.contains(Modifier::DIM),
                    "{name}: dim is no colour that is known"
                );
            }
        }
    }
    assert!((contrast(Color::Rgb(255, 255, 255), Color::Rgb(0, 0, 0)) - 21.0).abs() < 0.01);
}

#[test]
fn without_colour_no_tone_has_one_and_what_matters_has_a_weight() {
    for name in NAMES {
        let palette = theme(name, Depth::Mono);
        assert_eq!((palette.ink, palette.paper), (None, None));
        for tone in TONES {
            let style = palette.style(tone);
            assert_eq!((style.fg, style.bg), (None, None));
            assert_eq!(
                style.add_modifier.is_empty(),
                tone == Tone::Plain,
                "{name} {tone:?}"
            );
        }
    }
}

#[test]
fn sixteen_colours_keep_apart_what_should_be() {
    for name in NAMES {
        let palette = theme(name, Depth::Sixteen);
        for (one, other) in [
            (Tone::Good, Tone::Bad),
            (Tone::Busy, Tone::Good),
            (Tone::Plain, Tone::Bad),
        ] {
            assert_ne!(palette.style(one), palette.style(other), "{name}");
        }
    }
}

#[test]
fn errors_are_named_with_their_place() {
    let dark = bundled("dark").unwrap();
    let fault = |text: &str| Palette::of(text, Depth::Mono).unwrap_err();
    let bad = dark.replace("\"#16181c\"", "\"#16181\"");
    let told = fault(&bad);
    assert!(
        told.what
            .starts_with("`#16181` does not belong here; `rich` takes #rrggbb"),
        "{told:?}"
    );
    let (line, text) = (1..)
        .zip(bad.lines())
        .find(|(_, text)| text.contains("#16181\""))
        .unwrap();
    assert_eq!((told.line, told.column), (line, text.find('"').unwrap() + 1));
    for (from, to, what) in [
        ("quiet = ", "quite = ", "unknown field `quite`"),
        ("[mono]\n", "[mono]\nloud = \"bold\"\n", "unknown field `loud`"),
        ("\"magenta bold\"", "\"magenta red\"", "a tone has one colour"),
        (
            "\"magenta bold\"",
            "\"#ffffff bold\"",
            "`#ffffff` does not belong here",
        ),
    ] {
        assert!(dark.contains(from), "{from}");
        let told = fault(&dark.replacen(from, to, 1));
        assert!(told.what.contains(what), "{told:?}");
    }
    assert!(fault("[rich").line == 1 && fault("").what.contains("missing field"));
}
