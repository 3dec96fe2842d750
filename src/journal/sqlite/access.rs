//! A writable connection, or a read-only one where that cannot be had. Reading needs no right to write, and each
//! recording tries again.

use std::{fs, io};

use rusqlite::{Connection, OpenFlags};

use crate::{
    engine::ports::JournalFailure,
    journal::{
        fault::Fault,
        sqlite::{damage, file, identity::Identity, place::Place, schema},
    },
};

/// Access to a journal.
pub(super) enum Access {
    /// Writable, as long as this file lies in its place.
    Whole {
        connection: Connection,
        identity: Identity,
    },
    /// Readable.
    Reading(Connection),
    /// No file to read, and none can be created.
    Empty(Connection),
    /// Damaged by the time it became writable, and set aside until this process ends.
    Lost(JournalFailure),
}

impl Access {
    pub(super) fn open(place: &Place) -> Result<Self, Fault> {
        match file::open(place) {
            Ok((connection, identity)) => Ok(Self::Whole { connection, identity }),
            Err(fault) if fault.only_keeps_from_recording() => {
                tracing::warn!(%fault, "the journal can be read at the most");
                read(place).map_err(|of_reading| match of_reading {
                    Fault::HalfRecorded => of_reading,
                    _ => fault,
                })
            }
            Err(fault) => Err(fault),
        }
    }

    /// Returns a connection for recording.
    pub(super) fn writable(&mut self, place: &Place) -> Result<(&mut Connection, Identity), Fault> {
        if let Self::Reading(_) | Self::Empty(_) = self {
            *self = match file::open(place) {
                Ok((connection, identity)) => Self::Whole { connection, identity },
                Err(fault) if fault.is_lost() => Self::Lost(fault.of(&place.path)),
                Err(fault) => return Err(fault),
            };
        }
        match self {
            Self::Whole { connection, identity } => Ok((connection, *identity)),
            Self::Reading(_) | Self::Empty(_) => Err(Fault::ReadOnly),
            Self::Lost(failure) => Err(Fault::Told(failure.clone())),
        }
    }

    /// Returns a connection for reading.
    pub(super) fn readable(&mut self, place: &Place) -> Result<&mut Connection, Fault> {
        if matches!(self, Self::Empty(_)) {
            // Another process may have created one.
            *self = Self::open(place)?;
        }
        match self {
            Self::Whole { connection, .. } | Self::Reading(connection) | Self::Empty(connection) => {
                Ok(connection)
            }
            Self::Lost(failure) => Err(Fault::Told(failure.clone())),
        }
    }
}

/// Opens an existing file read-only and changes nothing; an older schema would need an upgrade.
pub(super) fn read(place: &Place) -> Result<Access, Fault> {
    match fs::metadata(&place.path) {
        Ok(file) if file.len() > 0 => {}
        Ok(_) => return Ok(Access::Empty(nothing()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Access::Empty(nothing()?)),
        Err(error) => return Err(Fault::NotMade(error)),
    }
    let mut connection = Connection::open_with_flags(
        &place.path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(place.patience)?;
    schema::check_known(&connection).map_err(Fault::of_reading)?;
    if !schema::is_newest(&connection)? {
        return Err(Fault::ReadOnly);
    }
    damage::check_size(&mut connection, place)?;
    Ok(Access::Reading(connection))
}

/// Opens an empty journal in memory.
fn nothing() -> Result<Connection, Fault> {
    let mut connection = Connection::open_in_memory()?;
    schema::recognize(&mut connection)?;
    Ok(connection)
}
