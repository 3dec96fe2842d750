//! Colour where it means something, in the default look and in every theme, each beside the word that says the same.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
};

use crate::{
    domain::verdict::Verdict,
    engine::Snapshot,
    presentation::Tone,
    tui::{
        fixture::*,
        model::{Preferences, Setup},
        tests::matrix::{Place, State, parts, places, states},
        theme::{Depth, NAMES, Palette, Theme, bundled},
    },
};

/// What is looked for: where, in which state, after which keys, which word, and what it is to look like.
const MEANINGS: &[(&str, &str, &str, &str, Tone)] = &[
    ("offers", "fresh", "", "LIVE", Tone::Live),
    ("offers", "fresh", "", "canceled", Tone::Good),
    ("offers", "fresh", "j", "canceling", Tone::Busy),
    ("offers", "long", "", "refused", Tone::Bad),
    ("offers", "fresh", "s", "OFFER ↑", Tone::Strong),
    ("offers", "fresh", "s", "STATE", Tone::Quiet),
    ("offers", "fresh", " j", "*", Tone::Strong),
    ("status", "fresh", "", "Canceling for", Tone::Busy),
    ("status", "fresh", "", "✓", Tone::Good),
    ("status", "fresh", "", "◐", Tone::Strong),
    ("status", "fresh", "", "○", Tone::Quiet),
    ("status", "stale", "", "GET submissions", Tone::Open),
    ("status", "stuck", "", "stuck?", Tone::Open),
    ("cancellations", "fresh", "j", "canceling", Tone::Busy),
    ("cancellations", "fresh", "", "canceled", Tone::Good),
    ("cancellations", "long", "", "refused", Tone::Bad),
    ("cancellations", "stuck", "j", "stuck?", Tone::Open),
    ("edges", "fresh", "", "1 canceling", Tone::Busy),
    ("edges", "stale", "", "!", Tone::Bad),
    ("edges", "stale", "", "offers: timed out", Tone::Strong),
    ("edges", "fresh", "", "as of", Tone::Quiet),
    ("details", "fresh", "", "Canceling for", Tone::Busy),
    ("confirmation", "fresh", "", "LIVE: the", Tone::Live),
    ("bulk", "fresh", "", "LIVE     g", Tone::Live),
    ("history", "fresh", "j", "canceling", Tone::Busy),
    ("history", "fresh", "", "canceled", Tone::Good),
];

/// Every look: sixteen colours without a ground, and each theme in each number of colours.
fn looks() -> Vec<(String, Palette)> {
    let mut looks = vec![("default".to_owned(), Palette::default())];
    for name in NAMES {
        for depth in [Depth::True, Depth::Many, Depth::Sixteen] {
            let palette = Palette::of(bundled(name).unwrap(), depth).unwrap();
            looks.push((format!("{name} {depth:?}"), palette));
        }
    }
    looks
}

/// A cancel that takes much longer than one that nobody knows anything of ever should.
fn stuck() -> State {
    let facts = vec![
        ("11:03:19", looked("running")),
        ("11:03:20", sending()),
        ("11:03:20", answered(202, None, None)),
    ];
    let tracked = cancellation("c-vm", "contoso-vm", &vm_operation(), "11:03:19", facts);
    let old = ended("contoso-old", &app_operation(), Verdict::Canceled);
    State {
        name: "stuck",
        known: Snapshot {
            cancellations: vec![crate::engine::Tracked::new(tracked).into(), old.into()].into(),
            ..quiet()
        },
        selected: "contoso-vm",
        free: "contoso-app",
    }
}

/// The style of the first `word` in `part`; none where it is not there.
fn style_of(buffer: &Buffer, part: Rect, word: &str) -> Option<Style> {
    for y in part.top()..part.bottom() {
        for x in part.left()..part.right() {
            let mut cells = (x..part.right()).map(|x| buffer[(x, y)].symbol());
            let mut letters = word.split("").filter(|letter| !letter.is_empty());
            if letters.all(|letter| cells.next() == Some(letter)) {
                return Some(buffer[(x, y)].style());
            }
        }
    }
    None
}

/// The same in any of the parts of `place`.
fn style_at(place: &Place, app: &TestApp, word: &str) -> Option<Style> {
    let buffer = app.draw();
    let mut all = parts(place, app).into_iter();
    all.find_map(|part| style_of(&buffer, part, word))
}

#[test]
fn meaning_has_its_colour_in_every_look() {
    let (places, mut states) = (places::all(), states::all());
    states.push(stuck());
    for (at, named, keys, word, tone) in MEANINGS {
        let place = places.iter().find(|place| place.name == *at).unwrap();
        let state = states.iter().find(|state| state.name == *named).unwrap();
        for (look, palette) in looks() {
            let preferences = Preferences {
                palette,
                ..Preferences::default()
            };
            let mut app = TestApp::with(
                Setup {
                    preferences,
                    ..setup()
                },
                state.known.clone(),
            );
            app.resize(120, 40);
            app.select(state.selected);
            (place.go)(&mut app, state);
            app.keys(keys);
            let what = format!("{word} of {at}, {named}, {look}");
            let style = style_at(place, &app, word);
            let style = style.unwrap_or_else(|| panic!("no {what}:\n{}", app.screen()));
            let wanted = app.model.theme().style(*tone);
            let ink = wanted.fg.unwrap_or(palette_ink(app.model.theme()));
            assert_eq!(style.fg, Some(ink), "{what}");
            assert_eq!(style.add_modifier, wanted.add_modifier, "{what}");
        }
    }
}

/// What stands on nothing but the ground.
fn palette_ink(theme: Theme) -> Color {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
    theme.fit(&mut buffer);
    buffer[(0, 0)].fg
}

/// What must not be mistaken for one another looks different, whatever there is to look different with.
#[test]
fn no_look_has_one_style_for_two_meanings() {
    let apart = [
        (Tone::Good, Tone::Bad),
        (Tone::Busy, Tone::Good),
        (Tone::Busy, Tone::Bad),
        (Tone::Live, Tone::Plain),
        (Tone::Open, Tone::Good),
        (Tone::Quiet, Tone::Strong),
    ];
    for (look, palette) in looks() {
        let theme = Theme::new(setup().look, palette);
        for (one, other) in apart {
            assert_ne!(theme.style(one), theme.style(other), "{look}: {one:?} {other:?}");
        }
    }
}

#[test]
fn what_was_found_is_underlined_in_every_look_and_the_selected_row_is_one_bar() {
    for (look, palette) in looks() {
        let preferences = Preferences {
            palette,
            ..Preferences::default()
        };
        let mut app = TestApp::with(
            Setup {
                preferences,
                ..setup()
            },
            busy(),
        );
        app.keys("/id:app");
        let buffer = app.draw();
        let row = app.model.own_panes().offers;
        let found: String = (row.left()..row.right())
            .map(|x| &buffer[(x, row.y)])
            .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert!(found.starts_with("app"), "{look}: {found}");
        let first = &buffer[(row.x, row.y)];
        for x in row.left()..row.right() {
            let cell = &buffer[(x, row.y)];
            assert!(cell.modifier.contains(Modifier::REVERSED), "{look} at {x}");
            assert!(!cell.modifier.contains(Modifier::DIM), "{look} at {x}");
            assert_eq!((cell.fg, cell.bg), (first.fg, first.bg), "{look} at {x}");
        }
    }
}
