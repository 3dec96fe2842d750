//! Conversion of table rows.

use jiff::Timestamp;
use rusqlite::Row;

use crate::{
    domain::{fact::Recorded, ids::CancellationId, meaning::Meaning},
    journal::fault::Fault,
};

/// Reads the id in the first column.
pub(super) fn id(row: &Row<'_>) -> rusqlite::Result<CancellationId> {
    Ok(CancellationId::new(row.get_ref(0)?.as_str()?))
}

/// Reads a fact from its number, time, and JSON; `meaning` supplies the parts that an older file lacks.
pub(super) fn recorded(row: &Row<'_>, meaning: &Meaning) -> Result<Recorded, Fault> {
    let stored: i64 = row.get(0)?;
    let unreadable = |why: String| Fault::Unreadable { number: stored, why };
    let text = |column| {
        row.get_ref(column)
            .and_then(|value| Ok(value.as_str()?))
            .map_err(|error| unreadable(error.to_string()))
    };
    Ok(Recorded {
        number: number(stored)?,
        at: text(1)?
            .parse::<Timestamp>()
            .map_err(|error| unreadable(error.to_string()))?,
        fact: meaning
            .read(text(2)?)
            .map_err(|error| unreadable(error.to_string()))?,
    })
}

/// Converts the number of a fact, which `SQLite` counts from 1.
pub(super) fn number(stored: i64) -> Result<u64, Fault> {
    u64::try_from(stored).map_err(|error| Fault::Unreadable {
        number: stored,
        why: error.to_string(),
    })
}
