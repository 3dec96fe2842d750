//! The program inside a real tmux, if installed.

use std::{
    fs,
    io::{Write, stderr},
    process::{Command, Stdio},
};

use crate::bench::{Bench, PROGRAM};

/// A tmux server of its own, killed on drop.
struct Server {
    folder: tempfile::TempDir,
}

impl Server {
    /// Starts tmux; returns none, with a notice, if this machine has none.
    fn new() -> Option<Self> {
        let has_tmux = Command::new("tmux")
            .arg("-V")
            .stdout(Stdio::null())
            .status()
            .is_ok();
        if !has_tmux {
            // Written to the process's own stderr: the output of a passing test is hidden.
            let _ = writeln!(stderr(), "skipped: this machine has no tmux");
            return None;
        }
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
        })
    }

    /// Runs the demo in it, with these lines of tmux settings.
    fn demo(&self, settings: &str) -> Bench {
        let file = self.folder.path().join("tmux.conf");
        fs::write(&file, settings).unwrap();
        let command = format!("{PROGRAM} demo");
        let folder = self.folder.path().to_str().unwrap();
        let args = ["-f", file.to_str().unwrap(), "new-session", &command];
        Bench::run_program_with("tmux", &args, &[("TMUX_TMPDIR", folder)])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("tmux")
            .env("TMUX_TMPDIR", self.folder.path())
            .arg("kill-server")
            .stderr(Stdio::null())
            .status();
    }
}

#[test]
fn copy_and_bell_pass_tmux_and_the_terminal_is_restored() {
    for settings in [
        "set -g set-clipboard on\n",
        "set -g set-clipboard off\nset -g allow-passthrough on\n",
    ] {
        let Some(server) = Server::new() else {
            return;
        };
        let mut bench = server.demo(settings);
        bench.wait_for("contoso-analytics");
        bench.send("/analytics\r");
        bench.wait_until("one offer", |screen, _| {
            !screen.contents().contains("contoso-portal")
        });
        bench.send("yy");
        bench.wait_for("copied the offer id, if tmux");
        // `contoso-analytics`; the selection letters before it are decided between tmux and the terminal.
        bench.wait_until("copy", |_, raw| {
            String::from_utf8_lossy(raw).contains("Y29udG9zby1hbmFseXRpY3M=")
        });
        bench.send("c");
        bench.wait_for("y cancels it");
        // tmux may have ended its own clipboard sequence with one.
        let before = bench.raw().matches('\x07').count();
        bench.send("y");
        bench.wait_for("canceled · observed");
        bench.wait_until("bell", |_, raw| {
            String::from_utf8_lossy(raw).matches('\x07').count() > before
        });
        bench.send("q");
        assert_eq!(bench.exit_code(), 0);
        bench.wait_until("primary screen", |screen, _| {
            !screen.alternate_screen() && !screen.hide_cursor()
        });
    }
}
