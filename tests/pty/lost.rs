//! Session loss while a cancel is being sent: its answer is still recorded.

use std::{fs, process::Command, thread, time::Duration};

use countermand::simulator::{Options, Scenario, Simulator};
use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, PidfdFlags, Signal, pidfd_open},
};

use crate::{
    bench::{Bench, PROGRAM},
    flow::Practice,
};

/// Disables the shell's startup files of the user.
const SHELL: &[&str] = &["--norc", "--noprofile", "-i"];
const CANCEL: &[&str] = &["cancel", "contoso-vm", "--yes"];

/// Starts a marketplace whose answer to a cancel takes longer than the loss of a session, and less than the wait for
/// it.
fn practice() -> Practice {
    let practice = Practice::on("accepted-location");
    let mut scenario = Scenario::bundled("accepted-location").unwrap();
    for offer in &mut scenario.offers {
        offer.cancel.latency = jiff::SignedDuration::from_secs(3);
    }
    let simulator = practice
        .runtime
        .block_on(Simulator::start(Options::new(scenario)));
    Practice {
        simulator: simulator.unwrap(),
        ..practice
    }
}

/// Delay between the system's signal and the shell's own.
const APART: Duration = Duration::from_micros(300);

/// Runs `program` in a terminal, with the settings for `practice`.
fn run(practice: &Practice, program: &str, args: &[&str]) -> Bench {
    Bench::run_program_with(
        program,
        args,
        &[
            ("COUNTERMAND_BASE_URL", practice.simulator.origin().as_str()),
            ("COUNTERMAND_TOKEN", practice.simulator.token()),
            ("COUNTERMAND_PUBLISHER", practice.simulator.publisher()),
        ],
    )
}

/// Cancels in a dashboard.
fn cancel(bench: &mut Bench) {
    bench.wait_for("publishing");
    bench.send("c");
    bench.wait_for("y cancels it");
    bench.send("y");
}

/// Waits until the cancel has arrived. A dashboard counts the seconds meanwhile, and the terminal shows them.
fn wait_for_request(practice: &Practice) {
    let posts = || practice.posts() == 1;
    practice.runtime.block_on(async {
        while !posts() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
}

/// Waits until the program that the shell runs has ended.
fn wait_for_end(process: Pid) {
    let Ok(program) = pidfd_open(process, PidfdFlags::empty()) else {
        // It has ended already.
        return;
    };
    poll(&mut [PollFd::new(&program, PollFlags::IN)], None).unwrap();
}

/// Returns the process of the program that the shell runs.
fn program_in(shell: &Bench) -> Pid {
    let shell = shell.process();
    let children = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

/// Returns true if the journal has the answer.
fn is_answered(bench: &Bench) -> bool {
    let ran = Command::new(PROGRAM)
        .args(["history", "--json"])
        .env_clear()
        .env("HOME", bench.home.path())
        .output()
        .unwrap();
    let history: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    history[0]["http_status"] == 202
}

#[test]
fn dashboard_records_the_answer_after_a_lost_terminal() {
    let practice = practice();
    let mut bench = run(&practice, "bash", SHELL);
    bench.wait_for("READY>");
    bench.send(&format!("{PROGRAM}\r"));
    cancel(&mut bench);
    wait_for_request(&practice);
    let program = program_in(&bench);
    bench.hang_up("?");
    wait_for_end(program);
    assert!(is_answered(&bench));
}

#[test]
fn verb_records_the_answer_after_a_lost_terminal() {
    let practice = practice();
    let mut bench = run(&practice, "bash", SHELL);
    bench.wait_for("READY>");
    bench.send(&format!("{PROGRAM} {}\r", CANCEL.join(" ")));
    wait_for_request(&practice);
    let program = program_in(&bench);
    bench.hang_up("x");
    wait_for_end(program);
    assert!(is_answered(&bench));
}

#[test]
fn simultaneous_signals_count_as_one() {
    // Of two that are pending at once the system does not say which came first.
    for (signals, codes) in [
        ([Signal::HUP, Signal::HUP], &[129][..]),
        ([Signal::TERM, Signal::HUP], &[129, 143]),
        ([Signal::HUP, Signal::TERM], &[129, 143]),
        ([Signal::TERM, Signal::TERM], &[143]),
    ] {
        for args in [&[][..], CANCEL] {
            let practice = practice();
            let mut bench = run(&practice, PROGRAM, args);
            if args.is_empty() {
                cancel(&mut bench);
            }
            wait_for_request(&practice);
            bench.kill(signals[0]);
            thread::sleep(APART);
            bench.kill(signals[1]);
            let code = bench.exit_code();
            assert!(codes.contains(&code), "{signals:?} {args:?}: {code}");
            assert!(is_answered(&bench), "{signals:?} {args:?}");
        }
    }
}

#[test]
fn second_signal_exits_without_waiting() {
    for (second, code) in [(Signal::INT, Some(130)), (Signal::QUIT, None)] {
        for args in [&[][..], CANCEL] {
            let practice = practice();
            let mut bench = run(&practice, PROGRAM, args);
            if args.is_empty() {
                cancel(&mut bench);
            }
            wait_for_request(&practice);
            bench.kill(Signal::HUP);
            thread::sleep(APART);
            bench.kill(second);
            match code {
                Some(code) => assert_eq!(bench.exit_code(), code, "{args:?}"),
                None => assert_eq!(bench.ended_by().as_deref(), Some("Quit"), "{args:?}"),
            }
            assert!(!is_answered(&bench), "the answer was waited for");
        }
    }
}

#[test]
fn quit_before_a_lost_terminal_still_records_the_answer() {
    let practice = practice();
    let mut bench = run(&practice, PROGRAM, &[]);
    cancel(&mut bench);
    wait_for_request(&practice);
    bench.send("q");
    bench.wait_for("waiting up to 5 s");
    bench.kill(Signal::HUP);
    assert_eq!(bench.exit_code(), 0);
    assert!(is_answered(&bench));
}
