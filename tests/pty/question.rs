//! The question of `cancel` in a real terminal: what answers it, and what does not.

use rustix::process::Signal;

use crate::{bench::Bench, flow::Practice};

const QUESTION: &str = "Cancel it?";
/// Stands behind the question once it can be answered.
const CUE: &str = "[y/N]";

fn ask(practice: &Practice) -> Bench {
    Bench::run_with(
        &["cancel", "contoso-vm", "--no-wait"],
        &[
            ("COUNTERMAND_BASE_URL", practice.simulator.origin().as_str()),
            ("COUNTERMAND_TOKEN", practice.simulator.token()),
            ("COUNTERMAND_PUBLISHER", practice.simulator.publisher()),
        ],
    )
}

fn cancels(practice: &Practice) -> usize {
    let requests = practice.simulator.requests();
    requests.iter().filter(|request| request.is_cancel()).count()
}

#[test]
fn a_window_of_another_size_is_no_answer() {
    let practice = Practice::on("accepted-location");
    let mut bench = ask(&practice);
    bench.wait_for(CUE);
    bench.resize(90, 30);
    // More than one, because the first may come before the answer is waited for.
    for _ in 0..50_000 {
        bench.kill(Signal::CONT);
    }
    bench.send("y\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 1);
}

#[test]
fn a_question_that_a_signal_ends_has_the_exit_of_that_signal() {
    let practice = Practice::on("accepted-location");
    for shown in [QUESTION, CUE] {
        for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
            let mut bench = ask(&practice);
            bench.wait_for(shown);
            bench.kill(signal);
            assert_eq!(bench.exit_code(), code, "{signal:?} at {shown}");
        }
    }
    assert_eq!(cancels(&practice), 0);
}

#[test]
fn what_was_typed_ahead_confirms_nothing_and_the_question_stands() {
    let practice = Practice::on("accepted-location");
    let mut bench = ask(&practice);
    bench.send("y\r");
    bench.wait_for(QUESTION);
    bench.send("y\r");
    bench.wait_for(CUE);
    assert_eq!(cancels(&practice), 0);
    bench.send("n\r");
    assert_eq!(bench.exit_code(), 1);
    assert_eq!(cancels(&practice), 0);
}
