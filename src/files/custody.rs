//! Whose a file is. What we obey, a settings file above all, must not be what somebody else can write: it names the
//! commands that run, and where the token goes.
//!
//! Judged is the file that was opened, and then the folder that it lies in, because who may write there can put another
//! in its place. A link is judged where it ends. The folders above are the system's matter.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::Path,
};

#[cfg(unix)]
use super::group;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// It cannot be.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// Others can write it. The text names it, says how, and what to do.
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

/// The same for a file that holds text.
pub(crate) fn read_to_string(path: &Path) -> Result<String, Refused> {
    let bytes = read(path)?;
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8").into())
}

/// That nobody else can write `file`, which was opened at `path`, nor put another in its place.
pub(crate) fn judge(file: &File, path: &Path) -> Result<(), Refused> {
    let metadata = file.metadata()?;
    if is_device(&metadata) {
        // What is read from one is not what others wrote to it.
        return Ok(());
    }
    judge_one(path, &metadata)?;
    let ends = path.canonicalize().ok();
    let mut folders = vec![folder_of(path)];
    folders.extend(ends.as_deref().map(folder_of));
    folders.dedup();
    for folder in folders {
        let metadata = folder.metadata()?;
        // In one like `/tmp` a name is its owner's alone to take away.
        if is_sticky(&metadata) {
            judge_owner(folder, &metadata)?;
        } else {
            judge_one(folder, &metadata)?;
        }
    }
    Ok(())
}

/// That nobody else can write to `folder`, if it is there: all that lies in it is obeyed.
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

/// Elsewhere the folders of a user are closed to others already.
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

    /// A file in a folder, each with such a mode.
    fn placed(folder_mode: u32, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.toml");
        fs::write(&path, "text").unwrap();
        allow(&path, mode);
        allow(home.path(), folder_mode);
        (home, path)
    }

    fn told(path: &Path) -> Option<String> {
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
    fn what_anybody_can_write_is_refused_and_what_anybody_can_read_is_not() {
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
            let told = told(&path);
            match exposed {
                None => assert_eq!(told, None, "{folder_mode:o} {mode:o}"),
                Some(how) => assert!(told.unwrap().contains(how), "{folder_mode:o} {mode:o}"),
            }
        }
    }

    #[test]
    fn a_link_is_judged_where_it_ends_and_so_is_a_folder_that_is_one() {
        let (bad, end) = placed(0o777, 0o600);
        let (good, link) = placed(0o700, 0o600);
        fs::remove_file(&link).unwrap();
        symlink(&end, &link).unwrap();
        assert!(told(&link).unwrap().contains(bad.path().to_str().unwrap()));
        allow(bad.path(), 0o700);
        assert_eq!(told(&link), None);
        // Whoever can write where the link lies can make it end elsewhere.
        allow(good.path(), 0o777);
        assert!(told(&link).unwrap().contains(good.path().to_str().unwrap()));
        let (other, _) = placed(0o700, 0o600);
        let through = other.path().join("folder");
        symlink(bad.path(), &through).unwrap();
        assert_eq!(told(&through.join("settings.toml")), None);
        allow(bad.path(), 0o777);
        assert!(told(&through.join("settings.toml")).is_some());
    }

    #[test]
    fn the_folders_above_do_not_count_and_a_shared_one_keeps_names_apart() {
        let (home, path) = placed(0o700, 0o600);
        let inner = home.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let moved = inner.join("settings.toml");
        fs::rename(&path, &moved).unwrap();
        allow(&inner, 0o700);
        allow(home.path(), 0o777);
        assert_eq!(told(&moved), None);
        let shared = tempfile::NamedTempFile::new_in("/tmp").unwrap();
        fs::write(shared.path(), "text").unwrap();
        assert_eq!(told(shared.path()), None);
        assert!(
            folder(Path::new("/tmp")).is_err(),
            "a folder of ours is not shared"
        );
        assert!(folder(&inner).is_ok() && folder(&inner.join("none")).is_ok());
    }

    #[test]
    fn a_device_says_nothing_that_others_wrote() {
        assert_eq!(read(Path::new("/dev/null")).unwrap(), b"");
    }

    /// Only root can give a file away; elsewhere what belongs to others is what root's system shows of them.
    #[test]
    fn what_belongs_to_somebody_else_is_refused_and_what_is_roots_is_not() {
        assert!(judge(&File::open("/etc/passwd").unwrap(), Path::new("/etc/passwd")).is_ok());
        if rustix::process::geteuid().is_root() {
            let (_home, path) = placed(0o700, 0o600);
            std::os::unix::fs::chown(&path, Some(65534), None).unwrap();
            assert!(told(&path).unwrap().contains("belongs to user 65534"));
        }
    }

    /// Only a member can give a file to a group, and root is one of any.
    #[test]
    fn a_group_of_others_is_refused_and_ones_own_is_not() {
        let (_home, path) = placed(0o700, 0o660);
        let gid = rustix::process::getgid().as_raw();
        assert_eq!(told(&path).is_none(), group::is_own(gid, &path));
        if rustix::process::geteuid().is_root() {
            assert_eq!(told(&path), None, "root's own");
            std::os::unix::fs::chown(&path, None, Some(65533)).unwrap();
            let told = told(&path).unwrap();
            assert!(told.contains("of its group, 65533"), "{told}");
        }
    }
}
