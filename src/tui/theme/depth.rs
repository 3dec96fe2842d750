//! How many colours there are to choose from.

use ratatui::style::Color;

use crate::settings::terminal::Depth;

impl Depth {
    /// The nearest to a colour of red, green and blue that can be shown. Of the 256 only the fixed ones are used, whose look
    /// is the same everywhere.
    pub(super) fn nearest(self, rgb: [u8; 3]) -> Color {
        let [red, green, blue] = rgb;
        if self == Self::True {
            return Color::Rgb(red, green, blue);
        }
        let fixed = (16..=255).map(|index| (distance(rgb, fixed(index)), index));
        Color::Indexed(fixed.min().map_or(16, |(_, index)| index))
    }
}

/// The look of one of the fixed colours, from 16 on.
pub(super) fn fixed(index: u8) -> [u8; 3] {
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let at = index.saturating_sub(16);
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    [level(at / 36), level(at / 6 % 6), level(at % 6)]
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let square = |(a, b): (u8, u8)| u32::from(a.abs_diff(b)).pow(2);
    one.into_iter().zip(other).map(square).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fixed_stays_what_it_is() {
        assert_eq!(fixed(16), [0, 0, 0]);
        assert_eq!(fixed(231), [255, 255, 255]);
        assert_eq!(fixed(196), [255, 0, 0]);
        assert_eq!(fixed(232), [8, 8, 8]);
        assert_eq!(fixed(255), [238, 238, 238]);
        for index in 16..=255 {
            let Color::Indexed(nearest) = Depth::Many.nearest(fixed(index)) else {
                panic!("{index}");
            };
            assert_eq!(fixed(nearest), fixed(index));
        }
        assert_eq!(Depth::True.nearest([1, 2, 3]), Color::Rgb(1, 2, 3));
    }
}
