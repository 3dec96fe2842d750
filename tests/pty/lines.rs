//! The dashboard as lines, in a real terminal: every byte counts, because nothing is taken back.

use countermand::simulator::{Options, Scenario, Simulator};
use rustix::process::Signal;

use crate::{
    bench::{Bench, PROGRAM},
    flow::Practice,
};

/// Stands behind the question once it can be answered.
const CUE: &str = "[y/N]";
const LIVE_CUE: &str = "offer's id to cancel it:";
/// Stands behind the first list.
const READY: &str = "? tells the rest";

/// A marketplace whose world stands still until it is made older.
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

/// Waits until `text` was written, however the lines were wrapped.
fn wait_for(bench: &Bench, text: &str) {
    bench.wait_until(text, |_, raw| String::from_utf8_lossy(raw).contains(text));
}

fn cancels(practice: &Practice) -> usize {
    let requests = practice.simulator.requests();
    requests.iter().filter(|request| request.is_cancel()).count()
}

/// Lines alone were written: nothing that moves a cursor, and no character beyond ASCII.
fn assert_lines(bench: &Bench) {
    let raw = bench.raw();
    let odd = raw.chars().find(|c| !matches!(c, '\r' | '\n' | ' '..='~'));
    assert_eq!(odd, None, "{raw:?}");
    // A carriage return belongs to an end of a line.
    assert_eq!(raw.matches('\r').count(), raw.matches("\r\n").count(), "{raw:?}");
}

#[test]
fn a_cancel_from_its_number_to_its_end_is_lines_alone() {
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
fn what_goes_to_production_wants_its_id_typed() {
    let practice = Practice::on("go-live");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    for (answer, told) in [
        ("y", "contoso-vm: not sent: not confirmed; nothing was sent"),
        ("contoso-vm", "contoso-vm: 202 Accepted, "),
    ] {
        assert_eq!(cancels(&practice), 0);
        let asked = bench.raw().matches(LIVE_CUE).count();
        bench.send("c 1\r");
        bench.wait_until("question", |_, raw| {
            String::from_utf8_lossy(raw).matches(LIVE_CUE).count() > asked
        });
        bench.send(&format!("{answer}\r"));
        wait_for(&bench, told);
    }
    bench.send("q\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 1);
}

#[test]
fn what_was_typed_or_pasted_ahead_of_the_question_is_no_answer() {
    let practice = Practice::on("accepted-location");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    bench.send("c 1\ry\ry\r");
    wait_for(&bench, CUE);
    assert_eq!(cancels(&practice), 0);
    bench.send("n\r");
    wait_for(&bench, "contoso-vm: not sent: not confirmed; nothing was sent");
    // The question is over, and lines are commands again.
    bench.send("y\r");
    wait_for(&bench, "no such command");
    bench.send("q\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 0);
}

#[test]
fn leaving_while_something_is_open_tells_how_it_stands() {
    for (keys, code, told) in [
        ("\x04", 7, "there is no more input; leaving"),
        ("q\r", 0, "  leaving, with what is followed as it stands"),
    ] {
        let practice = still("accepted-location");
        let mut bench = run(&practice, &[], &[("TERM", "dumb")]);
        accept(&mut bench);
        bench.send(keys);
        assert_eq!(bench.exit_code(), code, "{}", bench.raw());
        for told in [told, "contoso-vm: pending: accepted", "`countermand follow "] {
            wait_for(&bench, told);
        }
        assert_lines_but_for_names(&bench);
    }
}

#[test]
fn a_signal_leaves_with_its_own_code() {
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
fn an_outage_and_its_end_are_lines_and_what_was_asked_for_is_answered() {
    // The list comes as it should, then as four kinds of garbage, then as it should again.
    let practice = Practice::on("garbage");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    let told = |raw: &str| raw.matches("  offers: ").count() + raw.matches(" in flight").count();
    for round in 0.. {
        let before = told(&bench.raw());
        bench.send("r\r");
        bench.wait_until("answer", |_, raw| told(&String::from_utf8_lossy(raw)) > before);
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
fn the_end_of_input_with_nothing_open_is_fine() {
    let practice = still("accepted-location");
    let mut bench = run(&practice, &["--plain"], &[]);
    wait_for(&bench, READY);
    bench.send("\x04");
    assert_eq!(bench.exit_code(), 0, "{}", bench.raw());
    assert_lines(&bench);
}

#[test]
fn what_an_earlier_run_left_open_is_taken_up() {
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
fn where_the_output_goes_elsewhere_lines_are_obeyed_all_the_same() {
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

/// As [`assert_lines`], in a locale that has more than ASCII.
fn assert_lines_but_for_names(bench: &Bench) {
    let raw = bench.raw();
    assert!(!raw.contains('\u{1b}'), "{raw:?}");
}
