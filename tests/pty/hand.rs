//! Personal preferences as terminal bytes: remapped keys, palette, copies, bells, titles, mouse, and their reset on
//! every exit.

use std::fs;

use rustix::process::Signal;

use crate::{
    bench::{Bench, PROGRAM},
    flow::{Practice, leave},
};

const COPIED: &str = "copied the offer id";
/// `contoso-vm` as OSC 52 carries it.
const VM: &str = "52;c;Y29udG9zby12bQ==";
const KEPT: &str = "\x1b[22;2t";
const GIVEN_BACK: &str = "\x1b[23;2t";

/// Starts a dashboard on `practice` with these lines of settings.
fn dashboard(
    practice: &Practice,
    settings: &str,
    environment: &[(&str, &str)],
) -> (Bench, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    fs::write(&file, settings).unwrap();
    let mut all = vec![
        ("COUNTERMAND_BASE_URL", practice.simulator.origin()),
        ("COUNTERMAND_TOKEN", practice.simulator.token().to_owned()),
        ("COUNTERMAND_PUBLISHER", practice.simulator.publisher().to_owned()),
        ("COUNTERMAND_CONFIG", file.to_str().unwrap().to_owned()),
    ];
    all.extend(
        environment
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    let all: Vec<_> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (Bench::run_with(&[], &all), folder)
}

/// Cancels the selected offer with the default keys.
fn cancel(bench: &mut Bench) {
    bench.send("c");
    bench.wait_for("y cancels it");
    bench.send("y");
}

fn count(bench: &Bench, sequence: &str) -> usize {
    bench.raw().matches(sequence).count()
}

#[test]
fn remapped_key_cancels_and_the_old_one_does_not() {
    let practice = Practice::on("synchronous");
    let (mut bench, _settings) = dashboard(
        &practice,
        "[keys]\ncancel = 'x'\nrefresh = ['ctrl-r', 'F5']\n",
        &[],
    );
    bench.wait_for("publishing");
    bench.wait_for("x cancel");
    bench.send("c\x12");
    let screen = bench.wait_for("asking the service anew");
    assert!(!screen.contains("Looking"), "{screen}");
    bench.send("x");
    bench.wait_for("y cancels it");
    bench.send("y");
    bench.wait_for("canceled · observed");
    leave(bench);
}

#[test]
fn invalid_key_settings_prevent_the_start() {
    let practice = Practice::on("empty");
    for (settings, expected) in [
        (
            "[keys]\ncancle = 'x'\n",
            "settings.toml:2:1: unknown command `cancle`; did you mean `cancel`?",
        ),
        (
            "[keys]\ncancel = 'q'\n",
            "settings.toml:2:10: `q` is `quit` already",
        ),
        (
            "theme = 'drk'\n",
            "settings.toml:1:9: no theme `drk`; did you mean `dark`?",
        ),
    ] {
        let (mut bench, _settings) = dashboard(&practice, settings, &[]);
        bench.wait_until(expected, |_, raw| String::from_utf8_lossy(raw).contains(expected));
        assert_eq!(bench.exit_code(), 2);
        assert_eq!(count(&bench, "\x1b"), 0, "no screen was taken");
    }
}

#[test]
fn palette_runs_a_command_by_name() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso-vm");
    bench.send(":hist");
    bench.wait_for("Every cancellation that this machine knows");
    bench.send("\t");
    bench.wait_for(": history");
    bench.send("\r");
    bench.wait_for("History of this machine");
    bench.send(":quit\r");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
}

/// Copies the id of `contoso-vm`; returns the bytes written for it.
fn copied(environment: &[(&str, &str)]) -> String {
    let mut bench = Bench::run_with(&["demo"], environment);
    bench.wait_for("contoso-vm");
    bench.send("/contoso-vm\r");
    bench.wait_until("one offer", |screen, _| {
        !screen.contents().contains("contoso-portal")
    });
    bench.send("yy");
    bench.wait_for(COPIED);
    bench.wait_until("copy", |_, raw| String::from_utf8_lossy(raw).contains(VM));
    let raw = bench.raw();
    leave(bench);
    raw
}

#[test]
fn copy_reaches_the_terminal_through_multiplexers() {
    let plain = format!("\x1b]{VM}\x1b\\");
    let (in_tmux, in_screen) = (
        format!("\x1bPtmux;\x1b\x1b]{VM}\x1b\x1b\\\x1b\\"),
        format!("\x1bP\x1b]{VM}\x07\x1b\\"),
    );
    let raw = copied(&[]);
    assert_eq!(raw.matches(&plain).count(), 1);
    assert!(!raw.contains("\x1bP"));
    let raw = copied(&[("TMUX", "/tmp/tmux-1/default,1,0"), ("TERM", "tmux-256color")]);
    assert!(raw.contains(&in_tmux) && raw.contains(&plain));
    let raw = copied(&[("STY", "1.pts-0.jump"), ("TERM", "screen")]);
    assert!(raw.contains(&in_screen) && raw.contains(&plain));
}

#[test]
fn verdict_is_notified_once_as_configured() {
    let practice = Practice::on("accepted-location");
    for (settings, sequence) in [
        ("", "\x07"),
        ("tell = 'osc9'\n", "\x1b]9;countermand: contoso-vm canceled\x1b\\"),
        (
            "tell = 'osc777'\n",
            "\x1b]777;notify;countermand;countermand: contoso-vm canceled\x1b\\",
        ),
    ] {
        let practice = if settings.is_empty() {
            &practice
        } else {
            &Practice::on("accepted-location")
        };
        let (mut bench, _settings) = dashboard(practice, settings, &[]);
        bench.wait_for("publishing");
        cancel(&mut bench);
        bench.wait_for("202 Accepted");
        assert_eq!(count(&bench, sequence), 0, "accepted is no end");
        bench.wait_for("canceled · observed");
        bench.wait_until(sequence, |_, raw| String::from_utf8_lossy(raw).contains(sequence));
        bench.send("jk");
        bench.send("\x03");
        assert_eq!(bench.exit_code(), 0);
        bench.assert_restored();
        assert_eq!(count(&bench, sequence), 1, "{settings}");
        assert_eq!(count(&bench, "\x07"), usize::from(settings.is_empty()));
    }
}

#[test]
fn title_shows_pending_and_is_restored_on_every_exit() {
    for way_out in [None, Some(Signal::TERM), Some(Signal::HUP), Some(Signal::INT)] {
        let practice = Practice::on("slow");
        let (mut bench, _settings) = dashboard(&practice, "", &[]);
        bench.wait_for("publishing");
        assert_eq!(count(&bench, "\x1b]2;"), 0, "nothing to say yet");
        cancel(&mut bench);
        let title = "\x1b]2;countermand: 1 canceling – default/contoso\x1b\\";
        bench.wait_until("title", |_, raw| String::from_utf8_lossy(raw).contains(title));
        bench.wait_for("202 Accepted");
        match way_out {
            Some(signal) => bench.kill(signal),
            None => bench.send("q"),
        }
        bench.exit_code();
        bench.assert_restored();
        let raw = bench.raw();
        assert_eq!(
            (count(&bench, KEPT), count(&bench, GIVEN_BACK)),
            (1, 1),
            "{way_out:?}"
        );
        assert_eq!(
            raw.matches(title).count(),
            1,
            "set when it changes, and no more often"
        );
        assert!(raw.find(KEPT) < raw.find(title) && raw.rfind(title) < raw.rfind(GIVEN_BACK));
    }
}

#[test]
fn title_is_restored_on_suspend_and_set_on_continue() {
    let practice = Practice::on("slow");
    let environment = [
        ("COUNTERMAND_BASE_URL", practice.simulator.origin()),
        ("COUNTERMAND_TOKEN", practice.simulator.token().to_owned()),
        ("COUNTERMAND_PUBLISHER", practice.simulator.publisher().to_owned()),
    ];
    let export = |(name, value): &(&str, String)| format!("export {name}={value}; ");
    let exports = environment.iter().map(export).collect::<Vec<_>>().concat();
    let mut bench = Bench::run_program("sh", &["-i"]);
    bench.wait_for("READY>");
    bench.send(&format!("{exports}clear\r{PROGRAM}\r"));
    bench.wait_for("publishing");
    cancel(&mut bench);
    bench.wait_for("202 Accepted");
    bench.send("\x1a");
    bench.wait_for("Stopped");
    assert_eq!((count(&bench, KEPT), count(&bench, GIVEN_BACK)), (1, 1));
    bench.send("fg\r");
    bench.wait_until("title again", |screen, raw| {
        let raw = String::from_utf8_lossy(raw);
        let since = raw.rsplit(GIVEN_BACK).next().unwrap_or_default();
        screen.alternate_screen() && since.contains(KEPT) && since.contains("\x1b]2;countermand")
    });
    bench.send("q");
    bench.wait_until("prompt", |screen, _| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("READY>")
    });
    assert_eq!((count(&bench, KEPT), count(&bench, GIVEN_BACK)), (2, 2));
    bench.send("exit\r");
    bench.exit_code();
}

#[test]
fn disabled_title_is_never_set() {
    let practice = Practice::on("synchronous");
    for (settings, term) in [("title = false\n", "xterm"), ("", "linux")] {
        let (mut bench, _settings) = dashboard(&practice, settings, &[("TERM", term)]);
        bench.wait_for("contoso-vm");
        bench.send("\x03");
        assert_eq!(bench.exit_code(), 0);
        bench.assert_restored();
        for sequence in ["\x1b]2;", KEPT, GIVEN_BACK] {
            assert_eq!(count(&bench, sequence), 0);
        }
    }
}

#[test]
fn mouse_is_enabled_by_setting_and_released_on_every_exit() {
    let practice = Practice::on("demo");
    for way_out in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let (mut bench, _settings) = dashboard(&practice, "mouse = true\n", &[]);
        bench.wait_for("contoso-vm");
        bench.wait_until("mouse", |screen, _| {
            screen.mouse_protocol_mode() == vt100::MouseProtocolMode::PressRelease
        });
        // The third row of the list, and the wheel three rows further.
        bench.send("\x1b[<0;5;5M\x1b[<0;5;5m");
        bench.wait_until("third row", |screen, _| {
            screen.rows(0, 80).nth(4).unwrap().starts_with('▸')
        });
        bench.send("\x1b[<64;5;5M");
        bench.wait_until("first row", |screen, _| {
            screen.rows(0, 80).nth(2).unwrap().starts_with('▸')
        });
        match way_out {
            Some(signal) => bench.kill(signal),
            None => bench.send("q"),
        }
        bench.exit_code();
        bench.assert_restored();
        bench.wait_until("no mouse", |screen, _| {
            screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
    }
    let (bench, _settings) = dashboard(&practice, "", &[]);
    bench.wait_for("contoso-vm");
    assert_eq!(count(&bench, "\x1b[?1000h"), 0, "off unless it is wished");
    leave(bench);
}

#[test]
fn theme_uses_the_available_colors() {
    let practice = Practice::on("synchronous");
    let dark = vt100::Color::Rgb(0x16, 0x18, 0x1c);
    for (variables, background) in [
        (&[("COLORTERM", "truecolor")][..], dark),
        (
            &[("COLORTERM", "truecolor"), ("NO_COLOR", "1")],
            vt100::Color::Default,
        ),
        (&[("TERM", "xterm")], vt100::Color::Default),
    ] {
        let (bench, _settings) = dashboard(&practice, "theme = 'dark'\n", variables);
        bench.wait_for("contoso-vm");
        let seen = bench.look(|screen| screen.cell(12, 40).unwrap().bgcolor());
        assert_eq!(seen, background, "{variables:?}");
        leave(bench);
    }
}
