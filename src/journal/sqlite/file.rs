//! The file of a journal: created for its user alone, opened so that a commit is on the disk, set aside when it is
//! damaged.

use std::{fs, io};

use rusqlite::{Connection, OpenFlags};

use crate::files::custody::{self, Refused};
use crate::journal::{
    fault::Fault,
    sqlite::{damage, guard::Guard, identity::Identity, owner_locks, place::Place, private, schema},
};

/// A connection, and the file it is connected to.
type Opened = (Connection, Identity);

/// Opens the journal, and creates missing files.
pub(super) fn open(place: &Place) -> Result<Opened, Fault> {
    private::make_folder(place.folder()).map_err(Fault::NoFolder)?;
    check_folder_owner(place)?;
    if !has_content(place)? {
        return open_alone(place);
    }
    let set_aside = damage::count(place);
    connect(place).or_else(|fault| match fault.damage() {
        Some(why) => mend(place, why, set_aside),
        None => Err(fault),
    })
}

/// Sets a damaged journal aside, unless it is sound by now. Every process that has seen the damage reports it,
/// whichever of them set it aside; `set_aside` is the count before it was seen.
pub(super) fn mend(place: &Place, why: String, set_aside: u32) -> Result<Opened, Fault> {
    let opened = open_alone(place)?;
    if damage::count(place) > set_aside {
        return Err(damage::already_set_aside(place, why));
    }
    Ok(opened)
}

/// Opens a missing, empty, or damaged file under the guard: another process may have repaired it meanwhile.
fn open_alone(place: &Place) -> Result<Opened, Fault> {
    let _guard = Guard::hold(place)?;
    owner_locks::check_no_live_owner(place)?;
    if let Some(why) = damage::visible_damage(place) {
        return Err(damage::set_aside(place, why.to_owned()));
    }
    make_file(place)?;
    // The connection to a damaged file is closed by now.
    connect(place).map_err(|fault| match fault.damage() {
        Some(why) => damage::set_aside(place, why),
        None => fault,
    })
}

fn connect(place: &Place) -> Result<Opened, Fault> {
    let identity = Identity::at(&place.path).map_err(Fault::NotMade)?;
    let mut connection = Connection::open_with_flags(
        &place.path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // SQLite cannot report which file it has opened.
    identity.holds(&place.path)?;
    connection.busy_timeout(place.patience)?;
    // SQLite opens a read-only file for reading alone, and would report that only on the first write.
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Fault::ReadOnly);
    }
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA;")?;
    schema::recognize(&mut connection)?;
    damage::check_size(&mut connection, place)?;
    let needs_page_check = damage::needs_page_check(&connection, place)?;
    if needs_page_check {
        damage::check_pages(&connection)?;
    }
    // Comes last: these pragmas would change a file that is not a journal.
    schema::bring_up_to_date(&mut connection)?;
    if needs_page_check {
        damage::check_consistency(&connection, place)?;
    }
    schema::prove_writable(&mut connection)?;
    private::close_to_others(&place.path).map_err(Fault::NotOurs)?;
    connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    private::make_folder(&place.owners()).map_err(Fault::NoFolder)?;
    Ok((connection, identity))
}

/// Checks that nobody else can write to its folder.
pub(super) fn check_folder_owner(place: &Place) -> Result<(), Fault> {
    match custody::folder(place.folder()) {
        Err(refused @ Refused::Exposed(_)) => Err(Fault::Exposed(refused)),
        Ok(()) | Err(Refused::Unreadable(_)) => Ok(()),
    }
}

/// Returns true if the file is not empty.
fn has_content(place: &Place) -> Result<bool, Fault> {
    match fs::metadata(&place.path) {
        Ok(file) if !file.is_file() => Err(Fault::NoFile),
        Ok(file) => Ok(file.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Fault::NotMade(error)),
    }
}

/// Creates a missing file. An existing one is never opened here: closing it again would drop the locks that this
/// process holds on it elsewhere.
fn make_file(place: &Place) -> Result<(), Fault> {
    match private::make_file(&place.path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map_err(Fault::NotMade),
    }
}
