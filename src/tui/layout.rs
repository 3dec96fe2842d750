//! Where things stand on the screen. Pure arithmetic: the reducer pages by it, the view draws by it.

use ratatui::layout::{Rect, Size};

/// From this width the panes stand side by side.
pub(crate) const WIDE: u16 = 110;
/// Below this there is only a sentence.
pub(crate) const LEAST: Size = Size {
    width: 40,
    height: 10,
};

/// What asks for room beyond the list itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    /// A line under the header for a newcomer.
    pub(crate) banner: bool,
    /// A line that tells what the list is narrowed to.
    pub(crate) narrowed: bool,
    /// Offers there are, shown or not; filtering moves no pane.
    pub(crate) offers: usize,
    /// Lines that tell what is wrong.
    pub(crate) troubles: u16,
    /// Cancellations to list.
    pub(crate) cancellations: usize,
}

/// The parts of the screen; those without room are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Panes {
    /// One line: who, where, how many, as of when.
    pub(crate) header: Rect,
    /// The newcomer's line.
    pub(crate) banner: Rect,
    /// What the list is narrowed to.
    pub(crate) narrowed: Rect,
    /// The heads of the columns.
    pub(crate) heads: Rect,
    /// The rows of the list.
    pub(crate) offers: Rect,
    /// The line between panes that stand side by side.
    pub(crate) wall: Rect,
    /// The status pane, its title included.
    pub(crate) status: Rect,
    /// The cancellations, their title included.
    pub(crate) cancellations: Rect,
    /// What is wrong.
    pub(crate) trouble: Rect,
    /// The keys.
    pub(crate) footer: Rect,
}

/// Divides `area`; nothing where it is too small.
#[must_use]
pub(crate) fn panes(area: Rect, wants: Wants) -> Option<Panes> {
    if area.width < LEAST.width || area.height < LEAST.height {
        return None;
    }
    let mut rest = area;
    let mut panes = Panes {
        header: top(&mut rest, 1),
        footer: bottom(&mut rest, 1),
        ..Panes::default()
    };
    if wants.banner && area.height >= 16 {
        panes.banner = top(&mut rest, 1);
    }
    panes.trouble = bottom(&mut rest, wants.troubles.min(area.height / 6));
    if area.width >= WIDE {
        side_by_side(&mut panes, rest, wants);
    } else {
        stacked(&mut panes, rest, wants);
    }
    Some(panes)
}

fn side_by_side(panes: &mut Panes, rest: Rect, wants: Wants) {
    let left = rest.width * 3 / 5;
    let mut list = Rect { width: left, ..rest };
    panes.wall = Rect {
        x: rest.x + left,
        width: 1,
        ..rest
    };
    let mut right = Rect {
        x: rest.x + left + 1,
        width: rest.width - left - 1,
        ..rest
    };
    panes.cancellations = bottom(
        &mut right,
        cancellations(wants.cancellations, rest.height * 2 / 5),
    );
    panes.status = right;
    fill_list(panes, &mut list, wants);
}

fn stacked(panes: &mut Panes, mut rest: Rect, wants: Wants) {
    if rest.height >= 14 {
        // What a short list and a status of its usual height leave is theirs.
        let list = u16::try_from(wants.offers.max(6)).unwrap_or(u16::MAX);
        let spare = rest.height.saturating_sub(list.saturating_add(12));
        let height = cancellations(wants.cancellations, spare.max(rest.height / 4));
        panes.cancellations = bottom(&mut rest, height);
    }
    let mut status = rest.height * 9 / 20;
    if rest.height >= 14 {
        // A short list leaves its room to the status.
        let list = u16::try_from(wants.offers.max(6)).unwrap_or(u16::MAX);
        let left = rest
            .height
            .saturating_sub(list.saturating_add(1 + u16::from(wants.narrowed)));
        status = status.clamp(7, 14).max(left);
    }
    panes.status = bottom(&mut rest, status);
    fill_list(panes, &mut rest, wants);
}

fn fill_list(panes: &mut Panes, list: &mut Rect, wants: Wants) {
    panes.narrowed = top(list, u16::from(wants.narrowed));
    panes.heads = top(list, 1);
    panes.offers = *list;
}

/// A title and the newest few; nothing where there are none.
fn cancellations(count: usize, most: u16) -> u16 {
    match u16::try_from(count).unwrap_or(u16::MAX) {
        0 => 0,
        count => count.saturating_add(1).min(most.max(3)),
    }
}

fn top(rest: &mut Rect, height: u16) -> Rect {
    let height = height.min(rest.height);
    let taken = Rect { height, ..*rest };
    rest.y += height;
    rest.height -= height;
    taken
}

fn bottom(rest: &mut Rect, height: u16) -> Rect {
    let height = height.min(rest.height);
    rest.height -= height;
    Rect {
        y: rest.y + rest.height,
        height,
        ..*rest
    }
}

/// A sheet over all panes: all of `area` but the header and the footer.
#[must_use]
pub(crate) fn sheet(area: Rect) -> Rect {
    Rect {
        y: area.y + 1.min(area.height),
        height: area.height.saturating_sub(2),
        ..area
    }
}

/// The rows of the history inside its sheet: under the heads, above a line about the selected one.
#[must_use]
pub(crate) fn history_rows(area: Rect) -> Rect {
    let sheet = sheet(area);
    Rect {
        x: sheet.x + 2.min(sheet.width),
        y: sheet.y + 2.min(sheet.height),
        width: sheet.width.saturating_sub(4),
        height: sheet.height.saturating_sub(4),
    }
}

/// A box of `size` in the middle of `area`, as much of it as fits.
#[must_use]
pub(crate) fn middle(area: Rect, size: Size) -> Rect {
    let width = size.width.min(area.width);
    let height = size.height.min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn eighty_by_twenty_four_shows_list_status_and_cancellations() {
        let wants = Wants {
            offers: 1000,
            cancellations: 2,
            ..Wants::default()
        };
        let panes = panes(Rect::new(0, 0, 80, 24), wants).unwrap();
        assert!(panes.offers.height >= 8, "{panes:?}");
        assert!(panes.status.height >= 7, "{panes:?}");
        assert_eq!(panes.cancellations.height, 3);
        assert!(super::panes(Rect::new(0, 0, 39, 24), wants).is_none());
        assert!(super::panes(Rect::new(0, 0, 80, 9), wants).is_none());
    }

    proptest! {
        #[test]
        fn parts_stay_inside_and_apart(
            width in 40u16..300, height in 10u16..100, banner: bool, narrowed: bool,
            offers in 0usize..100, troubles in 0u16..4, cancellations in 0usize..200,
        ) {
            let area = Rect::new(0, 0, width, height);
            let wants = Wants { banner, narrowed, offers, troubles, cancellations };
            let panes = panes(area, wants).unwrap();
            let all = [
                panes.header, panes.banner, panes.narrowed, panes.heads, panes.offers, panes.wall, panes.status,
                panes.cancellations, panes.trouble, panes.footer,
            ];
            let cells: u32 = all.iter().map(|part| part.area()).sum();
            prop_assert_eq!(cells, area.area());
            for (at, part) in all.iter().enumerate() {
                prop_assert_eq!(part.intersection(area).area(), part.area());
                for other in &all[at + 1..] {
                    prop_assert_eq!(part.intersection(*other).area(), 0);
                }
            }
            prop_assert!(panes.offers.height >= 1);
        }
    }
}
