//! Who is to be mailed, as one line of text: read with the reason where it cannot be, and written so that it reads back.

use crate::domain::confirmation::{Address, AddressError};

/// The most addresses that one cancel names.
pub const MOST: usize = 10;

/// Why a text names nobody that could be mailed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientsError {
    /// One of them is no address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// They are more than [`MOST`].
    #[error("{0} addresses are too many; name {MOST} at the most")]
    TooMany(usize),
}

/// The addresses in `text`, separated by commas, each once; none where there is nothing but blanks and commas.
///
/// # Errors
/// When one is no address, or they are too many.
pub fn read(text: &str) -> Result<Vec<Address>, RecipientsError> {
    let mut addresses: Vec<Address> = Vec::new();
    for piece in text.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
        let address: Address = piece.parse()?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.len() > MOST {
        return Err(RecipientsError::TooMany(addresses.len()));
    }
    Ok(addresses)
}

/// `addresses` as one line.
#[must_use]
pub fn write(addresses: &[Address]) -> String {
    let addresses: Vec<&str> = addresses.iter().map(Address::as_str).collect();
    addresses.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_as_it_was_meant() {
        for (text, read_back) in [
            ("", ""),
            (" , ,", ""),
            ("a@x", "a@x"),
            ("a@x,b@y", "a@x, b@y"),
            (" a@x ,, b@y, a@x ,", "a@x, b@y"),
        ] {
            assert_eq!(write(&read(text).unwrap()), read_back, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        for (text, named) in [
            ("a@x, ops", "`ops`"),
            ("a@x b@y", "`a@x b@y`"),
            ("a@x; b@y", "`a@x; b@y`"),
            ("a@x\u{202e}", "`a@x"),
        ] {
            let why = read(text).unwrap_err().to_string();
            assert!(why.starts_with(named), "{why}");
        }
    }

    #[test]
    fn more_than_the_most_are_too_many() {
        let many = |count: usize| {
            let addresses: Vec<String> = (0..count).map(|at| format!("a{at}@x")).collect();
            read(&addresses.join(","))
        };
        assert_eq!(many(MOST).map(|addresses| addresses.len()), Ok(MOST));
        assert_eq!(many(MOST + 1), Err(RecipientsError::TooMany(MOST + 1)));
    }
}
