//! Small secret files that only their owner may read.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::Path,
};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::files::custody::{self, Refused};

/// Maximum size of a secret in bytes; a certificate with its chain and key is the largest.
const LIMIT: u64 = 256 << 10;

/// Attributes of a file, to detect that it was rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    modified: Option<std::time::SystemTime>,
    length: u64,
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl Look {
    /// Reads the attributes of the file at `path`; `None` if it cannot be examined.
    pub(super) fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|metadata| Self::of(&metadata))
    }

    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            // The change time moves with a chmod, by which a refused file becomes acceptable.
            #[cfg(unix)]
            inode: (
                metadata.dev(),
                metadata.ino(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            ),
        }
    }
}

/// Reads the secret at `path`, unless others may read it too.
///
/// # Errors
/// Describes the defect and the remedy, without any of the content.
pub(super) fn read(path: &Path) -> Result<SecretString, String> {
    let unreadable = |error: &io::Error| format!("{} cannot be read: {error}", path.display());
    // Checked before opening, because opening a pipe would wait for its writer.
    check(
        path,
        &std::fs::metadata(path).map_err(|error| unreadable(&error))?,
    )?;
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    check(path, &file.metadata().map_err(|error| unreadable(&error))?)?;
    custody::judge(&file, path).map_err(|refused| match refused {
        Refused::Unreadable(error) => unreadable(&error),
        Refused::Exposed(how) => how,
    })?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > LIMIT {
        return Err(format!("{} is too long to be a secret", path.display()));
    }
    let text = str::from_utf8(&bytes).map_err(|_| format!("{} holds no text", path.display()))?;
    Ok(SecretString::from(text.trim_start_matches('\u{feff}')))
}

fn check(path: &Path, metadata: &Metadata) -> Result<(), String> {
    if !metadata.is_file() {
        return Err(format!("{} is no plain file", path.display()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(format!(
                "{} can be read or written by others (mode {mode:04o}); it must be its owner's alone: chmod 600 {}",
                path.display(),
                path.display()
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use secrecy::ExposeSecret as _;

    use super::*;

    fn file(mode: u32, text: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn only_private_files_are_read() {
        for mode in [0o600, 0o400, 0o700] {
            assert_eq!(
                read(file(mode, b"\xef\xbb\xbfhush\n").path())
                    .unwrap()
                    .expose_secret(),
                "hush\n"
            );
        }
        for mode in [0o604, 0o640, 0o644, 0o620, 0o602, 0o610, 0o666] {
            let why = read(file(mode, b"hush").path()).unwrap_err();
            assert!(
                why.contains("chmod 600") && !why.contains("hush"),
                "{mode:o}: {why}"
            );
        }
    }

    #[test]
    fn non_secrets_are_refused_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let long = vec![b'x'; usize::try_from(LIMIT).unwrap() + 1];
        for (path, what) in [
            (folder.path().join("none"), "cannot be read"),
            (folder.path().to_owned(), "no plain file"),
            ("/dev/zero".into(), "no plain file"),
        ] {
            assert!(read(&path).unwrap_err().contains(what), "{}", path.display());
        }
        assert!(read(file(0o600, &long).path()).unwrap_err().contains("too long"));
        assert!(
            read(file(0o600, b"\xff\xfe").path())
                .unwrap_err()
                .contains("no text")
        );
    }
}
