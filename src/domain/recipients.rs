//! Recipients of notifications as one line of text: parsed with a reason on failure, and written so that it parses
//! back.

use crate::domain::confirmation::{Address, AddressError};

/// Maximum number of addresses of one cancel.
pub const MOST: usize = 10;

/// Reasons why a text is not a list of recipients.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientsError {
    /// One of them is not an address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// There are more than [`MOST`].
    #[error("{0} addresses are too many; name {MOST} at the most")]
    TooMany(usize),
}

/// Parses the addresses in `text`, separated by commas, each once; empty for whitespace and commas alone.
///
/// # Errors
///
/// When one is not an address, or there are too many.
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

/// Writes `addresses` as one line.
#[must_use]
pub fn write(addresses: &[Address]) -> String {
    let addresses: Vec<&str> = addresses.iter().map(Address::as_str).collect();
    addresses.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_parses_back() {
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
    fn invalid_address_is_named() {
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
    fn more_than_the_maximum_is_refused() {
        let many = |count: usize| {
            let addresses: Vec<String> = (0..count).map(|at| format!("a{at}@x")).collect();
            read(&addresses.join(","))
        };
        assert_eq!(many(MOST).map(|addresses| addresses.len()), Ok(MOST));
        assert_eq!(many(MOST + 1), Err(RecipientsError::TooMany(MOST + 1)));
    }
}
