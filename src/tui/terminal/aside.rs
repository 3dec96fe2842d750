//! Standard error while the screen is up: a file in memory, where it would lead to the screen.
//!
//! Libraries write there, and the language says its last words there. On the screen they would stand between the cells of a
//! frame; and who writes to a terminal that does not read waits for it.

use std::{
    fs::File,
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::FileExt,
    },
};

use rustix::{
    fs::fstat,
    io::fcntl_dupfd_cloexec,
    stdio::dup2_stderr,
    termios::{isatty, ttyname},
};

use unicode_width::UnicodeWidthChar;

use crate::domain::text::is_unsafe;

/// How many bytes of what was written are told, the last ones.
const LAST: usize = 4096;
/// What stands for more that came before them.
const CUT: &[u8] = b"...";

/// What standard error was, and what takes its place.
#[derive(Debug)]
pub(super) struct Aside {
    before: OwnedFd,
    memory: File,
}

impl Aside {
    /// Lays it aside where it leads to the terminal `screen`; what leads elsewhere is left alone. Nothing of it reaches a
    /// child: what a child has for it is chosen for each.
    pub(super) fn from(screen: &File) -> Option<Self> {
        let err = io::stderr();
        if !isatty(&err) || !is_same(&err, screen) {
            return None;
        }
        let memory = in_memory().ok()?;
        let before = fcntl_dupfd_cloexec(&err, 3).ok()?;
        dup2_stderr(&memory).ok()?;
        Some(Self { before, memory })
    }

    /// Puts it back, and returns the last of what was written meanwhile.
    pub(super) fn back(self) -> Told {
        let _ = dup2_stderr(&self.before);
        let length = self.memory.metadata().map_or(0, |file| file.len());
        let start = length.saturating_sub(LAST as u64);
        let mut last = [0; LAST];
        let read = self.memory.read_at(&mut last, start).unwrap_or(0);
        Told::new(start > 0, &last[..read])
    }
}

/// Lines that anybody may read on a terminal. Made without asking for memory: there may be none, and that be the message.
pub(super) struct Told {
    text: [u8; CUT.len() + LAST + 1],
    length: usize,
}

impl Told {
    fn new(is_cut: bool, bytes: &[u8]) -> Self {
        let mut told = Self {
            text: [0; CUT.len() + LAST + 1],
            length: 0,
        };
        if is_cut {
            told.push(CUT);
        }
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars().filter(|c| *c != '\r') {
                let is_shown = c == '\n' || !is_unsafe(c) && c.width() != Some(0);
                told.push(if is_shown { c } else { '?' }.encode_utf8(&mut [0; 4]).as_bytes());
            }
            told.push(if chunk.invalid().is_empty() { b"" } else { b"?" });
        }
        if told.bytes().last().is_some_and(|last| *last != b'\n') {
            told.push(b"\n");
        }
        told
    }

    /// What takes its place is never longer than what was read.
    fn push(&mut self, bytes: &[u8]) {
        if let Some(room) = self.text.get_mut(self.length..self.length + bytes.len()) {
            room.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// Whether both lead to one terminal. One name leads to whichever controls this process.
fn is_same(err: impl AsFd, screen: &File) -> bool {
    let device = |of: &dyn Fn() -> rustix::io::Result<rustix::fs::Stat>| of().ok().map(|stat| stat.st_rdev);
    let (err, screen) = (err.as_fd(), screen.as_fd());
    let is_ours = |fd| ttyname(fd, Vec::new()).is_ok_and(|name| name.as_bytes() == b"/dev/tty");
    device(&|| fstat(err)) == device(&|| fstat(screen)) || is_ours(err) || is_ours(screen)
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn in_memory() -> io::Result<File> {
    use rustix::fs::{MemfdFlags, memfd_create};
    Ok(memfd_create("stderr", MemfdFlags::CLOEXEC)?.into())
}

/// As near to memory as it comes: a file without a name.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn in_memory() -> io::Result<File> {
    let name = format!("countermand-{}-stderr", std::process::id());
    let path = std::env::temp_dir().join(name);
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(is_cut: bool, bytes: &[u8]) -> String {
        String::from_utf8(Told::new(is_cut, bytes).bytes().to_vec()).unwrap()
    }

    #[test]
    fn what_was_written_is_told_line_by_line_and_safe() {
        assert_eq!(told(false, b""), "");
        assert_eq!(
            told(
                false,
                b"memory allocation failed\r\n\x1b[2J\xc3\xa9\xff\xe2\x80\xaex\xcc\x81\tend"
            ),
            "memory allocation failed\n?[2J\u{e9}??x??end\n"
        );
        assert_eq!(told(true, b"end of a line\nnext\n"), "...end of a line\nnext\n");
        assert_eq!(told(true, &[0xff; LAST]), format!("...{}\n", "?".repeat(LAST)));
    }
}
