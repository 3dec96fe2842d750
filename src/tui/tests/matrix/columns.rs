//! Columns stay straight, whatever stands in them.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::tui::{
    tests::matrix::{SIZES, app, places, states},
    width::cells,
};

/// Where in `row` the words begin that stand behind at least two blanks, or behind one where the row is narrow.
fn begins(buffer: &Buffer, row: Rect, x: u16) -> bool {
    let before = buffer[(x - 1, row.y)].symbol();
    // The second half of a wide glyph is blank as well, but belongs to what stands before it.
    let is_half = x > 1 && cells(buffer[(x - 2, row.y)].symbol()) > 1;
    before == " " && !is_half && buffer[(x, row.y)].symbol() != " "
}

#[test]
fn under_every_head_stands_a_column() {
    for state in states::all().iter().filter(|state| !state.selected.is_empty()) {
        for size in SIZES.into_iter().filter(|size| *size != (1, 1)) {
            let place = &places::all()[1];
            let app = app(place, state, size);
            let (buffer, panes) = (app.draw(), app.model.own_panes());
            let heads: Vec<u16> = (panes.heads.left() + 1..panes.heads.right())
                .filter(|x| begins(&buffer, panes.heads, *x))
                .collect();
            assert!(heads.len() >= 3, "{size:?}");
            for (at, offer) in app
                .model
                .list
                .window(usize::from(panes.offers.height))
                .iter()
                .enumerate()
            {
                let row = Rect {
                    y: panes.offers.y + u16::try_from(at).unwrap(),
                    height: 1,
                    ..panes.offers
                };
                // The offer, where it goes and its state are never empty.
                for x in &heads[..3] {
                    assert!(
                        begins(&buffer, row, *x),
                        "{} {} {size:?} at {x}",
                        state.name,
                        offer.id
                    );
                }
            }
        }
    }
}

/// The cells from the beginning of the longest time, `59m 59s`, to the edge.
const TIME: u16 = 8;

#[test]
fn cancellations_stand_in_columns() {
    for state in states::all() {
        for (size, count) in [((120, 40), 2), ((80, 24), 3)] {
            let place = &places::all()[3];
            let app = app(place, &state, size);
            let (buffer, pane) = (app.draw(), app.model.own_panes().cancellations);
            // Where the offer, where it goes and how it stands begin, and the time, which may be of two words.
            let columns = |y| -> (Vec<u16>, Option<u16>) {
                let row = Rect { y, height: 1, ..pane };
                let mut all = (row.left() + 1..row.right()).filter(|x| begins(&buffer, row, *x));
                let first = all.by_ref().take(count).collect();
                (first, all.find(|x| *x >= row.right() - TIME))
            };
            let all: Vec<_> = (pane.top() + 1..pane.bottom()).map(columns).collect();
            let are_straight = all.windows(2).all(|pair| pair[0] == pair[1]);
            assert!(are_straight, "{} {size:?}: {all:?}", state.name);
        }
    }
}

/// What lies over a pane may not take one half of a glyph and leave the other: a terminal would show neither.
#[test]
fn no_glyph_is_halved() {
    for place in places::all() {
        for state in states::all() {
            if state.name != "wide" {
                continue;
            }
            for width in 40..130 {
                let app = app(&place, &state, (width, 24));
                let buffer = app.draw();
                for row in buffer.content.chunks(usize::from(width)) {
                    for pair in row.windows(2).filter(|pair| cells(pair[0].symbol()) > 1) {
                        let after = pair[1].symbol();
                        assert!(
                            after.trim().is_empty(),
                            "{} {} {width}: {after}",
                            place.name,
                            state.name
                        );
                    }
                    assert!(cells(row[row.len() - 1].symbol()) < 2, "over the edge");
                }
            }
        }
    }
}

#[test]
fn nothing_is_drawn_over_the_wall_between_panes() {
    for place in places::all().iter().filter(|place| place.parts.is_some()) {
        for state in states::all() {
            let app = app(place, &state, (120, 40));
            let (buffer, wall) = (app.draw(), app.model.own_panes().wall);
            for y in wall.top()..wall.bottom() {
                assert_eq!(buffer[(wall.x, y)].symbol(), "│", "{} {}", place.name, state.name);
                // Nor does a glyph reach over it from the left.
                assert!(cells(buffer[(wall.x - 1, y)].symbol()) < 2);
            }
        }
    }
}
