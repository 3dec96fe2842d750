//! Pictures of the real screen for the README, as SVG. `COUNTERMAND_PICTURES=1 cargo test --test pty picture` takes them.

use std::fmt::Write as _;

use crate::bench::Bench;

/// The size of one cell, in the units of the picture.
const CELL: (f32, f32) = (8.4, 18.0);

/// The screen as a picture that needs nothing but a monospaced font.
fn svg(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (
        f32::from(columns) * CELL.0 + 16.0,
        f32::from(rows) * CELL.1 + 16.0,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#16181c\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" xml:space=\"preserve\">\n"
    );
    for row in 0..rows {
        for column in 0..columns {
            let Some(cell) = screen.cell(row, column) else {
                continue;
            };
            draw(
                &mut svg,
                cell,
                f32::from(column) * CELL.0 + 8.0,
                f32::from(row) * CELL.1 + 8.0,
            );
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn draw(svg: &mut String, cell: &vt100::Cell, x: f32, y: f32) {
    let (mut ink, mut paper) = (
        colour(cell.fgcolor(), "#d0d3d8"),
        colour(cell.bgcolor(), "#16181c"),
    );
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    if paper != "#16181c" {
        let (width, height) = (CELL.0 + 0.4, CELL.1);
        writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>"
        )
        .unwrap();
    }
    let glyph = cell.contents().trim();
    if !glyph.is_empty() {
        let glyph = glyph.replace('&', "&amp;").replace('<', "&lt;");
        let weight = if cell.bold() { " font-weight=\"bold\"" } else { "" };
        let opacity = if cell.dim() { " opacity=\"0.65\"" } else { "" };
        let base = y + 13.5;
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{base:.1}\" fill=\"{ink}\"{weight}{opacity}>{glyph}</text>"
        )
        .unwrap();
    }
}

fn colour(colour: vt100::Color, default: &'static str) -> &'static str {
    const SIXTEEN: [&str; 16] = [
        "#2a2d33", "#e06c75", "#7fbf6a", "#d9b25f", "#6aa2e0", "#c586d9", "#5fc0c9", "#d0d3d8", "#6b7078",
        "#ff8b94", "#9fdf8a", "#f5d27f", "#8ac2ff", "#e5a6f9", "#7fe0e9", "#ffffff",
    ];
    match colour {
        vt100::Color::Idx(index) => SIXTEEN.get(usize::from(index)).copied().unwrap_or(default),
        vt100::Color::Default | vt100::Color::Rgb(..) => default,
    }
}

#[test]
fn pictures_are_taken_of_the_real_screen() {
    for (columns, rows, name) in [(120, 32, "dashboard"), (80, 24, "dashboard-80x24")] {
        let mut bench = Bench::run(&["demo"]);
        bench.wait_for("contoso-vm");
        bench.resize(columns, rows);
        bench.wait_for("contoso-archive");
        bench.wait_for("6 in flight");
        // The usual way: accepted, and canceled after a while.
        bench.send("jjj");
        bench.wait_for("contoso-vm · publish");
        bench.send("c");
        bench.wait_for("y cancels it");
        bench.send("y");
        bench.wait_for("still running");
        let picture = bench.look(svg);
        for shown in ["countermand", "cancelling"] {
            let letters: Vec<String> = shown.chars().map(|letter| format!(">{letter}</text>")).collect();
            assert!(
                letters.iter().all(|letter| picture.contains(letter)),
                "{shown} is not in the picture"
            );
        }
        if std::env::var_os("COUNTERMAND_PICTURES").is_some() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
            std::fs::write(format!("{folder}/{name}.svg"), picture).unwrap();
        }
        bench.send("\x03");
        assert_eq!(bench.exit_code(), 0);
    }
}
