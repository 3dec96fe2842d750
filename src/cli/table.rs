//! A table of text, its columns aligned by what a terminal shows.

use unicode_width::UnicodeWidthStr;

/// Two blanks between columns; the last one is not padded, so that a line has no blanks at its end.
const GAP: usize = 2;

/// Lays out `rows` under `head`, one line each.
pub(crate) fn lay_out<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = head.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut table = line(head, &widths);
    for row in rows {
        table.push_str(&line(row.each_ref().map(String::as_str), &widths));
    }
    table
}

fn line<const N: usize>(cells: [&str; N], widths: &[usize; N]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + GAP));
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let rows = [
            ["漢字".to_owned(), "running".to_owned()],
            ["contoso".to_owned(), String::new()],
        ];
        assert_eq!(
            lay_out(["OFFER", "STATE"], &rows),
            "OFFER    STATE\n漢字     running\ncontoso\n"
        );
    }
}
