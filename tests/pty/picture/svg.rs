//! A screen as a picture that needs nothing but a monospaced font. Knows nothing of what it shows.

use std::{fmt::Write as _, num::NonZeroU16};

/// The size of one cell, in the units of the picture.
const CELL: (f32, f32) = (8.4, 18.0);
/// What is left free around the screen.
const MARGIN: f32 = 8.0;
/// Where letters stand in their cell.
const BASE: f32 = 13.5;
/// The terminal's own ink, where a program asks for no other.
const INK: &str = "#d0d3d8";

/// How cells look that are drawn as one.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    ink: String,
    paper: String,
    is_bold: bool,
    is_dim: bool,
    is_underlined: bool,
}

/// Cells of one look beside each other.
struct Run {
    look: Look,
    row: u16,
    column: u16,
    cells: u16,
    text: String,
}

/// The picture of `screen` on `paper`.
pub(super) fn of(screen: &vt100::Screen, paper: &str) -> String {
    framed(screen.size(), paper, &drawn(screen, paper))
}

/// One picture after the other, each [drawn](drawn) and shown for its seconds, over and over. Whoever wants nothing to move
/// sees the last.
pub(super) fn moving(pictures: &[(String, f32)], size: (NonZeroU16, NonZeroU16), paper: &str) -> String {
    let whole: f32 = pictures.iter().map(|(_, seconds)| seconds).sum();
    let mut style = format!(".f{{visibility:hidden;animation:{whole}s steps(1) infinite}}\n");
    let mut groups = String::new();
    let mut begun = 0.0;
    for (number, (picture, seconds)) in pictures.iter().enumerate() {
        let (from, to) = (begun / whole * 100.0, (begun + seconds) / whole * 100.0);
        begun += seconds;
        writeln!(
            style,
            "#f{number}{{animation-name:a{number}}}\n@keyframes a{number}{{0%{{visibility:hidden}}\
             {from:.2}%{{visibility:visible}}{to:.2}%{{visibility:{}}}}}",
            if number + 1 == pictures.len() {
                "visible"
            } else {
                "hidden"
            }
        )
        .unwrap();
        write!(groups, "<g class=\"f\" id=\"f{number}\">\n{picture}</g>\n").unwrap();
    }
    let last = pictures.len() - 1;
    write!(
        style,
        "@media (prefers-reduced-motion){{.f{{animation:none}}#f{last}{{visibility:visible}}}}"
    )
    .unwrap();
    framed(size, paper, &format!("<style>\n{style}\n</style>\n{groups}"))
}

/// `inside` on `paper`, as large as a screen of `size`.
fn framed((rows, columns): (NonZeroU16, NonZeroU16), paper: &str, inside: &str) -> String {
    let width = f32::from(columns.get()) * CELL.0 + 2.0 * MARGIN;
    let height = f32::from(rows.get()) * CELL.1 + 2.0 * MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{paper}\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" xml:space=\"preserve\">\n\
         {inside}</g>\n</svg>\n"
    )
}

/// What stands on `screen`, without the paper.
pub(super) fn drawn(screen: &vt100::Screen, paper: &str) -> String {
    let (rows, columns) = screen.size();
    let mut svg = String::new();
    // All grounds first: no font makes one of them cut a letter.
    let all = (0..rows.get()).flat_map(|row| runs(screen, row, columns.get(), paper));
    let all: Vec<Run> = all.collect();
    for run in all.iter().filter(|run| run.look.paper != paper) {
        ground(&mut svg, run);
    }
    for run in &all {
        letters(&mut svg, run);
    }
    svg
}

/// What is drawn in `row`, piece by piece: letters of one look together, every other glyph by itself, so that no font moves
/// what stands behind it.
fn runs(screen: &vt100::Screen, row: u16, columns: u16, paper: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen
            .cell(row, column)
            .filter(|cell| !cell.is_wide_continuation())
        else {
            continue;
        };
        let look = look(cell, paper);
        let text = if cell.contents().is_empty() {
            " "
        } else {
            cell.contents()
        };
        let cells = 1 + u16::from(cell.is_wide());
        match runs.last_mut() {
            Some(run) if run.look == look && run.text.is_ascii() && text.is_ascii() => {
                run.cells += cells;
                run.text.push_str(text);
            }
            _ => runs.push(Run {
                look,
                row,
                column,
                cells,
                text: text.to_owned(),
            }),
        }
    }
    runs
}

fn look(cell: &vt100::Cell, ground: &str) -> Look {
    let (mut ink, mut paper) = (colour(cell.fgcolor(), INK), colour(cell.bgcolor(), ground));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    Look {
        ink,
        paper,
        is_bold: cell.bold(),
        is_dim: cell.dim(),
        is_underlined: cell.underline(),
    }
}

/// Where `run` stands.
fn place(run: &Run) -> (f32, f32) {
    (
        f32::from(run.column) * CELL.0 + MARGIN,
        f32::from(run.row) * CELL.1 + MARGIN,
    )
}

fn ground(svg: &mut String, run: &Run) {
    let (x, y) = place(run);
    let (width, height) = (f32::from(run.cells) * CELL.0 + 0.2, CELL.1);
    let fill = &run.look.paper;
    writeln!(
        svg,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{fill}\"/>"
    )
    .unwrap();
}

fn letters(svg: &mut String, run: &Run) {
    let (look, (x, y)) = (&run.look, place(run));
    // Every word stands where it belongs, whatever the font made of the one before it.
    let mut at = 0;
    for word in run.text.split(' ') {
        if !word.is_empty() {
            let cells = if word.is_ascii() {
                word.len()
            } else {
                usize::from(run.cells)
            };
            text_at(svg, look, word, (x + cells_wide(at), y + BASE), cells_wide(cells));
        }
        at += word.len() + 1;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a screen is a few hundred cells wide")]
fn cells_wide(cells: usize) -> f32 {
    cells as f32 * CELL.0
}

fn text_at(svg: &mut String, look: &Look, text: &str, (x, y): (f32, f32), width: f32) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let ink = &look.ink;
    let weight = if look.is_bold { " font-weight=\"bold\"" } else { "" };
    let opacity = if look.is_dim { " opacity=\"0.65\"" } else { "" };
    let line = if look.is_underlined {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{width:.1}\" fill=\"{ink}\"{weight}{opacity}{line}>{text}</text>"
    )
    .unwrap();
}

fn colour(colour: vt100::Color, default: &str) -> String {
    const SIXTEEN: [&str; 16] = [
        "#2a2d33", "#e06c75", "#7fbf6a", "#d9b25f", "#6aa2e0", "#c586d9", "#5fc0c9", "#d0d3d8", "#6b7078",
        "#ff8b94", "#9fdf8a", "#f5d27f", "#8ac2ff", "#e5a6f9", "#7fe0e9", "#ffffff",
    ];
    match colour {
        vt100::Color::Idx(index) => SIXTEEN
            .get(usize::from(index))
            .copied()
            .unwrap_or(default)
            .to_owned(),
        vt100::Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        vt100::Color::Default => default.to_owned(),
    }
}
