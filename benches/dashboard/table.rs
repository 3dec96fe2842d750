//! Table of the figures for a person.

use std::io::{self, Write};

use crate::counted::measure::{Budget, Measure, Unit};

/// Writes a table under its title.
pub(crate) fn write(out: &mut impl Write, title: &str, measures: &[Measure]) -> io::Result<()> {
    writeln!(out, "\n{title}")?;
    line(out, ["what", "unit", "ours", "against", "ratio", "budget", ""])?;
    for measure in measures {
        let ratio = measure.ratio().map_or_else(none, |ratio| format!("{ratio:.2}×"));
        line(
            out,
            [
                &measure.what,
                &measure.unit.to_string(),
                &figure(measure.ours, measure.unit),
                &measure.bare.map_or_else(none, |bare| figure(bare, measure.unit)),
                &ratio,
                &budget(measure),
                if measure.is_over() { "over" } else { "" },
            ],
        )?;
    }
    out.flush()
}

fn line(out: &mut impl Write, [what, unit, ours, bare, ratio, budget, over]: [&str; 7]) -> io::Result<()> {
    let line = format!("  {what:<36} {unit:<9} {ours:>9} {bare:>9} {ratio:>7} {budget:>9}  {over}");
    writeln!(out, "{}", line.trim_end())
}

fn none() -> String {
    "–".to_owned()
}

fn budget(measure: &Measure) -> String {
    match measure.budget {
        Budget::Ratio(ratio) => format!("{ratio}×"),
        Budget::Most(most) => figure(most, measure.unit),
        Budget::None => none(),
    }
}

/// Formats a figure, without decimals where they are meaningless; a missing one is marked.
fn figure(value: f64, unit: Unit) -> String {
    if value.is_infinite() {
        return "never".to_owned();
    }
    match unit {
        Unit::Milliseconds => format!("{value:.2}"),
        Unit::Mebibytes => format!("{value:.1}"),
        Unit::Bytes | Unit::BytesASecond | Unit::Times | Unit::Requests => format!("{value:.0}"),
    }
}
