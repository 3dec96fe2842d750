//! The main job with the keys alone: view, confirm, cancel, follow to the end; and the keys that must not confirm.

use countermand::simulator::{Options, Scenario, Simulator};
use tokio::runtime::Runtime;

use crate::bench::Bench;

const ARMED: &str = "y cancels it";

/// A marketplace in this process, whose requests can be counted, and its runtime.
pub(crate) struct Practice {
    pub(crate) simulator: Simulator,
    pub(crate) runtime: Runtime,
}

impl Practice {
    pub(crate) fn on(scenario: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut options = Options::new(Scenario::bundled(scenario).unwrap());
        options.speed = 5.0;
        let simulator = runtime.block_on(Simulator::start(options)).unwrap();
        Self { simulator, runtime }
    }

    pub(crate) fn dashboard(&self) -> Bench {
        Bench::run_with(
            &[],
            &[
                ("COUNTERMAND_BASE_URL", self.simulator.origin().as_str()),
                ("COUNTERMAND_TOKEN", self.simulator.token()),
                ("COUNTERMAND_PUBLISHER", self.simulator.publisher()),
            ],
        )
    }

    pub(crate) fn posts(&self) -> usize {
        self.simulator
            .requests()
            .iter()
            .filter(|request| request.is_cancel())
            .count()
    }
}

/// Quits, and checks a clean exit.
pub(crate) fn leave(mut bench: Bench) {
    bench.send("\x03");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
}

#[test]
fn first_cancel_in_the_demo_shows_its_verdict() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso-analytics");
    bench.send("/analytics\r");
    bench.wait_until("the filtered list", |screen, _| {
        !screen.contents().contains("contoso-gateway")
    });
    bench.send("c");
    let dialog = bench.wait_for(ARMED);
    for named in [
        "Cancel this operation?",
        "contoso-analytics",
        "publish",
        "preview",
    ] {
        assert!(dialog.contains(named), "{named}:\n{dialog}");
    }
    bench.send("y");
    let ended = bench.wait_for("canceled · observed");
    for expected in ["confirmed", "cancel sent", "200 OK"] {
        assert!(ended.contains(expected), "{expected}:\n{ended}");
    }
    leave(bench);
}

#[test]
fn accepted_cancel_is_followed_to_its_end() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    bench.send("c");
    bench.wait_for(ARMED);
    assert_eq!(practice.posts(), 0);
    bench.send("y");
    bench.wait_for("202 Accepted");
    bench.wait_for("canceled · observed");
    assert_eq!(
        (practice.posts(), practice.simulator.carried_out("contoso-vm")),
        (1, 1)
    );
    leave(bench);
}

#[test]
fn live_cancel_requires_the_typed_offer_id() {
    let practice = Practice::on("go-live");
    let mut bench = practice.dashboard();
    bench.wait_for("going live");
    bench.send("c");
    bench.wait_for("LIVE");
    bench.wait_until("the question for the id", |screen, _| {
        screen.contents().contains("Type the offer")
    });
    bench.send("y");
    bench.send("contoso-v\r");
    assert_eq!(practice.posts(), 0);
    bench.send("\x1b");
    bench.wait_until("no dialog", |screen, _| {
        !screen.contents().contains("Cancel this")
    });
    leave(bench);
    assert_eq!(practice.posts(), 0);
}

#[test]
fn typed_ahead_keys_cancel_nothing() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    bench.send("cy");
    bench.wait_for("publishing");
    bench.send("\x1b");
    bench.send("cycycy");
    bench.wait_for(ARMED);
    leave(bench);
    assert_eq!(practice.posts(), 0);
}

#[test]
fn paste_cancels_nothing() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    bench.send("\x1b[200~cy\x1b[201~");
    bench.send("c");
    bench.wait_for(ARMED);
    bench.send("\x1b[200~y\ry\r\x1b[201~");
    // The dialog is still open, and only a deliberate key closes it.
    let left = bench.wait_until("no dialog that is armed", |screen, _| {
        !screen.contents().contains(ARMED)
    });
    assert!(left.contains("Cancel this operation?"), "{left}");
    bench.wait_for(ARMED);
    bench.send("n");
    bench.wait_until("no dialog", |screen, _| {
        !screen.contents().contains("Cancel this")
    });
    leave(bench);
    assert_eq!(practice.posts(), 0);
}

#[test]
fn slow_service_blocks_no_key_and_lost_service_keeps_its_rows() {
    let practice = Practice::on("slow");
    let mut bench = practice.dashboard();
    bench.send("?");
    bench.wait_for("half a page down");
    // A key right after it would merge with the escape into one key.
    bench.send("\x1b");
    bench.wait_until("no help", |screen, _| {
        !screen.contents().contains("half a page down")
    });
    leave(bench);

    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    drop(practice);
    bench.send("r");
    let outage = bench.wait_for("next try");
    assert!(outage.contains("contoso-vm"), "{outage}");
    bench.send("?");
    bench.wait_for("half a page down");
    // A key right after it would merge with the escape into one key.
    bench.send("\x1b");
    bench.wait_until("no help", |screen, _| {
        !screen.contents().contains("half a page down")
    });
    leave(bench);
}

#[test]
fn key_right_after_a_paste_confirms_nothing() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    bench.send("c");
    bench.wait_for(ARMED);
    bench.send("\x1b[200~x\x1b[201~y");
    let left = bench.wait_until("no dialog that is armed", |screen, _| {
        !screen.contents().contains(ARMED)
    });
    assert!(left.contains("Cancel this operation?"), "{left}");
    assert_eq!(practice.posts(), 0);
}

#[test]
fn alternate_screen_is_cleared_before_the_first_frame() {
    let bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    let raw = bench.raw();
    let entered = raw.find("\x1b[?1049h").unwrap();
    let erased = raw.find("\x1b[2J").unwrap();
    let drawn = raw.find("\x1b[?2026h").unwrap();
    assert!(entered < erased && erased < drawn, "{raw:?}");
    leave(bench);
}

#[test]
fn external_stop_restores_the_terminal_first() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso");
    bench.kill(rustix::process::Signal::TSTP);
    // No shell could continue it here, so it continues at once.
    bench.wait_until("second entry", |screen, raw| {
        let raw = String::from_utf8_lossy(raw);
        let entries = raw.matches("\x1b[?1049h").count();
        let exits = raw.matches("\x1b[?1049l").count();
        (entries, exits) == (2, 1) && screen.contents().contains("contoso")
    });
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
}
