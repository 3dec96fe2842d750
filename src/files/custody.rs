//! Checks who can write to a file. A file that the program obeys, the settings above all, must not be writable by
//! others: it names the commands that run and where the token goes.
//!
//! The check covers the opened file and then its folder, because anyone who may write there can replace the file. A
//! link is checked where it ends. The folders above belong to the system.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::Path,
};

#[cfg(unix)]
use super::group;

/// Reasons not to read a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The system refused to open or read it.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// Others can write it. The text names the file, the cause, and the remedy.
    #[error("{0}")]
    Exposed(String),
}

/// Reads the file at `path`, if nobody else can write it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Refused> {
    let mut file = File::open(path)?;
    judge(&file, path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a text file like [`read`].
pub(crate) fn read_to_string(path: &Path) -> Result<String, Refused> {
    let bytes = read(path)?;
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8").into())
}

/// Checks that nobody else can write `file`, which was opened at `path`, or replace it.
pub(crate) fn judge(file: &File, path: &Path) -> Result<(), Refused> {
    let metadata = file.metadata()?;
    if is_device(&metadata) {
        // A device has no content that others wrote.
        return Ok(());
    }
    judge_one(path, &metadata)?;
    let ends = path.canonicalize().ok();
    let mut folders = vec![folder_of(path)];
    folders.extend(ends.as_deref().map(folder_of));
    folders.dedup();
    for folder in folders {
        let metadata = folder.metadata()?;
        // In a sticky folder such as `/tmp`, only the owner of a name can remove it.
        if is_sticky(&metadata) {
            judge_owner(folder, &metadata)?;
        } else {
            judge_one(folder, &metadata)?;
        }
    }
    Ok(())
}

/// Checks that nobody else can write to `folder`, if it exists: every file in it is obeyed.
pub(crate) fn folder(folder: &Path) -> Result<(), Refused> {
    match folder.metadata() {
        Ok(metadata) => judge_one(folder, &metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) => Path::new("."),
        None => path,
    }
}

#[cfg(unix)]
fn judge_one(path: &Path, metadata: &Metadata) -> Result<(), Refused> {
    use std::os::unix::fs::MetadataExt as _;

    judge_owner(path, metadata)?;
    let (shown, mode) = (path.display(), metadata.mode() & 0o7777);
    let exposed = |how: String| Err(Refused::Exposed(how));
    if mode & 0o002 != 0 {
        return exposed(format!(
            "{shown} can be written by anybody (mode {mode:04o}); close it: chmod go-w {shown}"
        ));
    }
    if mode & 0o020 != 0 && !group::is_own(metadata.gid(), path) {
        return exposed(format!(
            "{shown} can be written by others of its group, {} (mode {mode:04o}); close it: chmod g-w {shown}",
            group::shown(metadata.gid()),
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn judge_owner(path: &Path, metadata: &Metadata) -> Result<(), Refused> {
    use std::os::unix::fs::MetadataExt as _;
    let me = rustix::process::geteuid().as_raw();
    match metadata.uid() {
        0 => Ok(()),
        own if own == me => Ok(()),
        other => Err(Refused::Exposed(format!(
            "{} belongs to user {other}, who can write it; have it given to you or to root (chown), or use another",
            path.display()
        ))),
    }
}

#[cfg(unix)]
fn is_sticky(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o1000 != 0
}

#[cfg(unix)]
fn is_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_char_device()
}

/// On other systems the folders of a user are closed to others by default.
#[cfg(not(unix))]
fn judge_one(_path: &Path, _metadata: &Metadata) -> Result<(), Refused> {
    Ok(())
}

#[cfg(not(unix))]
fn judge_owner(_path: &Path, _metadata: &Metadata) -> Result<(), Refused> {
    Ok(())
}

#[cfg(not(unix))]
fn is_sticky(_metadata: &Metadata) -> bool {
    true
}

#[cfg(not(unix))]
fn is_device(_metadata: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
        path::PathBuf,
    };

    use super::*;

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Creates a file in a folder, each with the given mode.
    fn placed(folder_mode: u32, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.toml");
        fs::write(&path, "text").unwrap();
        allow(&path, mode);
        allow(home.path(), folder_mode);
        (home, path)
    }

    fn refusal_text(path: &Path) -> Option<String> {
        match read_to_string(path) {
            Ok(text) => {
                assert_eq!(text, "text");
                None
            }
            Err(Refused::Exposed(how)) => Some(how),
            Err(Refused::Unreadable(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn world_writable_is_refused_and_world_readable_is_not() {
        for (folder_mode, mode, exposed) in [
            (0o700, 0o600, None),
            (0o755, 0o644, None),
            (0o755, 0o444, None),
            (
                0o700,
                0o666,
                Some("settings.toml can be written by anybody (mode 0666)"),
            ),
            (0o700, 0o602, Some("chmod go-w ")),
            (0o777, 0o600, Some("can be written by anybody (mode 0777)")),
            (0o703, 0o600, Some("can be written by anybody (mode 0703)")),
        ] {
            let (_home, path) = placed(folder_mode, mode);
            let refused = refusal_text(&path);
            match exposed {
                None => assert_eq!(refused, None, "{folder_mode:o} {mode:o}"),
                Some(how) => assert!(refused.unwrap().contains(how), "{folder_mode:o} {mode:o}"),
            }
        }
    }

    #[test]
    fn links_to_files_and_folders_are_checked_at_their_target() {
        let (bad, end) = placed(0o777, 0o600);
        let (good, link) = placed(0o700, 0o600);
        fs::remove_file(&link).unwrap();
        symlink(&end, &link).unwrap();
        assert!(
            refusal_text(&link)
                .unwrap()
                .contains(bad.path().to_str().unwrap())
        );
        allow(bad.path(), 0o700);
        assert_eq!(refusal_text(&link), None);
        // Anyone who can write where the link lies can redirect it.
        allow(good.path(), 0o777);
        assert!(
            refusal_text(&link)
                .unwrap()
                .contains(good.path().to_str().unwrap())
        );
        let (other, _) = placed(0o700, 0o600);
        let through = other.path().join("folder");
        symlink(bad.path(), &through).unwrap();
        assert_eq!(refusal_text(&through.join("settings.toml")), None);
        allow(bad.path(), 0o777);
        assert!(refusal_text(&through.join("settings.toml")).is_some());
    }

    #[test]
    fn parent_folders_are_not_checked_and_sticky_folders_are_accepted() {
        let (home, path) = placed(0o700, 0o600);
        let inner = home.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let moved = inner.join("settings.toml");
        fs::rename(&path, &moved).unwrap();
        allow(&inner, 0o700);
        allow(home.path(), 0o777);
        assert_eq!(refusal_text(&moved), None);
        let shared = tempfile::NamedTempFile::new_in("/tmp").unwrap();
        fs::write(shared.path(), "text").unwrap();
        assert_eq!(refusal_text(shared.path()), None);
        assert!(
            folder(Path::new("/tmp")).is_err(),
            "a folder of ours is not shared"
        );
        assert!(folder(&inner).is_ok() && folder(&inner.join("none")).is_ok());
    }

    #[test]
    fn devices_are_read() {
        assert_eq!(read(Path::new("/dev/null")).unwrap(), b"");
    }

    /// Changes owners only as root, since no other user can give a file away; otherwise checks a file that root owns.
    #[test]
    fn files_of_other_users_are_refused_and_files_of_root_are_not() {
        assert!(judge(&File::open("/etc/passwd").unwrap(), Path::new("/etc/passwd")).is_ok());
        if rustix::process::geteuid().is_root() {
            let (_home, path) = placed(0o700, 0o600);
            std::os::unix::fs::chown(&path, Some(65534), None).unwrap();
            assert!(refusal_text(&path).unwrap().contains("belongs to user 65534"));
        }
    }

    /// Needs membership to give a file to a group; root counts as a member of any.
    #[test]
    fn shared_group_is_refused_and_private_group_is_not() {
        let (_home, path) = placed(0o700, 0o660);
        let gid = rustix::process::getgid().as_raw();
        assert_eq!(refusal_text(&path).is_none(), group::is_own(gid, &path));
        if rustix::process::geteuid().is_root() {
            assert_eq!(refusal_text(&path), None, "root's own");
            std::os::unix::fs::chown(&path, None, Some(65533)).unwrap();
            let refused = refusal_text(&path).unwrap();
            assert!(refused.contains("of its group, 65533"), "{refused}");
        }
    }
}
