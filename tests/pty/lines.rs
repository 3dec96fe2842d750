//! The plain dashboard in a real terminal: every byte counts, because nothing is overwritten.

use countermand::simulator::{Options, Scenario, Simulator};
use rustix::process::Signal;

use crate::{
    bench::{Bench, PROGRAM},
    flow::Practice,
};

/// Printed after the confirmation prompt once it accepts an answer.
const CUE: &str = "[y/N]";
const LIVE_CUE: &str = "offer's id to cancel it:";
/// Printed after the first list.
const READY: &str = "? tells the rest";

/// Starts a marketplace whose time stands still until it is advanced.
fn still(scenario: &str) -> Practice {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let mut options = Options::new(Scenario::bundled(scenario).unwrap());
    options.speed = 1e-9;
    let simulator = runtime.block_on(Simulator::start(options)).unwrap();
    Practice { simulator, runtime }
}

fn run(practice: &Practice, args: &[&str], more: &[(&str, &str)]) -> Bench {
    let origin = practice.simulator.origin();
    let place = [
        ("COUNTERMAND_BASE_URL", origin.as_str()),
        ("COUNTERMAND_TOKEN", practice.simulator.token()),
        ("COUNTERMAND_PUBLISHER", practice.simulator.publisher()),
    ];
    Bench::run_with(args, &[&place[..], more].concat())
}

/// Waits for `text` in the output, ignoring line wraps.
fn wait_for(bench: &Bench, text: &str) {
    bench.wait_until(text, |_, raw| String::from_utf8_lossy(raw).contains(text));
}

fn cancels(practice: &Practice) -> usize {
    let requests = practice.simulator.requests();
    requests.iter().filter(|request| request.is_cancel()).count()
}

/// Asserts that only lines were written: no cursor movement, and no character beyond ASCII.
fn assert_lines(bench: &Bench) {
    let raw = bench.raw();
    let odd = raw.chars().find(|c| !matches!(c, '\r' | '\n' | ' '..='~'));
    assert_eq!(odd, None, "{raw:?}");
    // A carriage return belongs to a line break.
    assert_eq!(raw.matches('\r').count(), raw.matches("\r\n").count(), "{raw:?}");
}

#[test]
fn whole_cancel_is_printed_as_lines() {
    let practice = Practice::on("accepted-location");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    assert!(
        bench.raw().contains("1  contoso-vm  preview  publishing"),
        "{}",
        bench.raw()
    );
    bench.send("c 1\r");
    wait_for(&bench, CUE);
    for named in [
        "offer         contoso-vm of contoso",
        "kind          publish",
        "destination   preview",
    ] {
        assert!(bench.raw().contains(named), "{named}:\n{}", bench.raw());
    }
    assert_eq!(cancels(&practice), 0);
    bench.send("y\r");
    wait_for(&bench, "contoso-vm: 202 Accepted, ");
    wait_for(&bench, "contoso-vm: canceled after ");
    bench.send("c 1\r");
    wait_for(
        &bench,
        "row 1 is contoso-vm: canceled by now, publishing when it was listed",
    );
    wait_for(
        &bench,
        "contoso-vm: nothing running: every operation known on the offer has ended",
    );
    bench.send("q\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 1);
    for once in ["202 Accepted", "cancel sent", "canceled after "] {
        assert_eq!(bench.raw().matches(once).count(), 1, "{once}:\n{}", bench.raw());
    }
    assert_lines(&bench);
}

#[test]
fn live_cancel_requires_the_typed_id() {
    let practice = Practice::on("go-live");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    for (answer, expected) in [
        ("y", "contoso-vm: not sent: not confirmed; nothing was sent"),
        ("contoso-vm", "contoso-vm: 202 Accepted, "),
    ] {
        assert_eq!(cancels(&practice), 0);
        let prompts = bench.raw().matches(LIVE_CUE).count();
        bench.send("c 1\r");
        bench.wait_until("question", |_, raw| {
            String::from_utf8_lossy(raw).matches(LIVE_CUE).count() > prompts
        });
        bench.send(&format!("{answer}\r"));
        wait_for(&bench, expected);
    }
    bench.send("q\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 1);
}

#[test]
fn input_before_the_prompt_is_no_answer() {
    let practice = Practice::on("accepted-location");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    bench.send("c 1\ry\ry\r");
    wait_for(&bench, CUE);
    assert_eq!(cancels(&practice), 0);
    bench.send("n\r");
    wait_for(&bench, "contoso-vm: not sent: not confirmed; nothing was sent");
    // The prompt is over, and lines are commands again.
    bench.send("y\r");
    wait_for(&bench, "no such command");
    bench.send("q\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 0);
}

#[test]
fn leaving_with_open_cancels_prints_their_state() {
    for (keys, code, expected) in [
        ("\x04", 7, "there is no more input; leaving"),
        ("q\r", 0, "  leaving, with what is followed as it stands"),
    ] {
        let practice = still("accepted-location");
        let mut bench = run(&practice, &[], &[("TERM", "dumb")]);
        accept(&mut bench);
        bench.send(keys);
        assert_eq!(bench.exit_code(), code, "{}", bench.raw());
        for expected in [expected, "contoso-vm: pending: accepted", "`countermand follow "] {
            wait_for(&bench, expected);
        }
        assert_lines_but_for_names(&bench);
    }
}

#[test]
fn signal_exits_with_its_own_code() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let practice = still("accepted-location");
        let mut bench = run(&practice, &["--plain"], &[]);
        accept(&mut bench);
        bench.kill(signal);
        assert_eq!(bench.exit_code(), code, "{}", bench.raw());
        wait_for(&bench, "contoso-vm: pending: accepted");
    }
    let practice = still("accepted-location");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    bench.send("c 1\r");
    wait_for(&bench, CUE);
    bench.kill(Signal::TERM);
    assert_eq!(bench.exit_code(), 143, "{}", bench.raw());
    assert_eq!(cancels(&practice), 0);
}

#[test]
fn outage_is_printed_and_pending_commands_are_answered() {
    // The list is valid, then four kinds of garbage, then valid again.
    let practice = Practice::on("garbage");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    let reports = |raw: &str| raw.matches("  offers: ").count() + raw.matches(" in flight").count();
    for round in 0.. {
        let before = reports(&bench.raw());
        bench.send("r\r");
        bench.wait_until("answer", |_, raw| reports(&String::from_utf8_lossy(raw)) > before);
        if bench.raw().contains("the service answers again") {
            break;
        }
        assert!(round < 8, "{}", bench.raw());
    }
    bench.send("q\r");
    assert_eq!(bench.exit_code(), 0);
    let raw = bench.raw();
    assert_eq!(raw.matches("what is known is of").count(), 1, "{raw}");
    assert_eq!(raw.matches("the service answers again").count(), 1, "{raw}");
    assert_lines(&bench);
}

#[test]
fn end_of_input_with_nothing_open_succeeds() {
    let practice = still("accepted-location");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    bench.send("\x04");
    assert_eq!(bench.exit_code(), 0, "{}", bench.raw());
    assert_lines(&bench);
}

#[test]
fn open_cancel_of_an_earlier_run_is_resumed() {
    let practice = still("accepted-location");
    let mut bench = Bench::run_program("sh", &["-i"]);
    bench.wait_for("READY>");
    let place = format!(
        "export COUNTERMAND_BASE_URL={} COUNTERMAND_TOKEN={} COUNTERMAND_PUBLISHER={}\r",
        practice.simulator.origin(),
        practice.simulator.token(),
        practice.simulator.publisher()
    );
    bench.send(&place);
    bench.send(&format!("{PROGRAM} cancel contoso-vm --yes --no-wait\r"));
    wait_for(&bench, "`countermand follow ");
    bench.send(&format!("{PROGRAM} --plain\r"));
    wait_for(&bench, "contoso-vm: joined the cancel that");
    wait_for(&bench, READY);
    practice.simulator.advance(std::time::Duration::from_mins(5));
    wait_for(&bench, "contoso-vm: canceled after ");
    bench.send("q\r");
    bench.send("exit $?\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 1);
}

#[test]
fn commands_work_with_redirected_output() {
    let mut bench = Bench::run_program("sh", &["-i"]);
    bench.wait_for("READY>");
    bench.send(&format!("{PROGRAM} demo | cat\r"));
    wait_for(&bench, READY);
    bench.send("/analytics\r");
    wait_for(&bench, "only what /analytics finds");
    bench.send("q\r");
    bench.send("exit 3\r");
    assert_eq!(bench.exit_code(), 3);
}

/// Cancels the first row, up to the answer.
fn accept(bench: &mut Bench) {
    wait_for(bench, READY);
    bench.send("c 1\r");
    wait_for(bench, CUE);
    bench.send("y\r");
    wait_for(bench, "202 Accepted, ");
}

/// Asserts like [`assert_lines`], in a locale beyond ASCII.
fn assert_lines_but_for_names(bench: &Bench) {
    let raw = bench.raw();
    assert!(!raw.contains('\u{1b}'), "{raw:?}");
}
