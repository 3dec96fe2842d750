//! The confirmation prompt of `cancel` in a real terminal, and the input that answers it.

use rustix::process::Signal;

use crate::{bench::Bench, flow::Practice};

const QUESTION: &str = "Cancel it?";
/// Printed after the prompt once it accepts an answer.
const CUE: &str = "[y/N]";

fn start(practice: &Practice) -> Bench {
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
fn window_resize_is_no_answer() {
    let practice = Practice::on("accepted-location");
    let mut bench = start(&practice);
    bench.wait_for(CUE);
    bench.resize(90, 30);
    // Several resizes, because the first may come before the prompt waits for an answer.
    for _ in 0..50_000 {
        bench.kill(Signal::CONT);
    }
    bench.send("y\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(cancels(&practice), 1);
}

#[test]
fn signal_at_the_prompt_sets_its_exit_code() {
    let practice = Practice::on("accepted-location");
    for shown in [QUESTION, CUE] {
        for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
            let mut bench = start(&practice);
            bench.wait_for(shown);
            bench.kill(signal);
            assert_eq!(bench.exit_code(), code, "{signal:?} at {shown}");
        }
    }
    assert_eq!(cancels(&practice), 0);
}

#[test]
fn typed_ahead_input_leaves_the_prompt_open() {
    let practice = Practice::on("accepted-location");
    let mut bench = start(&practice);
    bench.send("y\r");
    bench.wait_for(QUESTION);
    bench.send("y\r");
    bench.wait_for(CUE);
    assert_eq!(cancels(&practice), 0);
    bench.send("n\r");
    assert_eq!(bench.exit_code(), 1);
    assert_eq!(cancels(&practice), 0);
}
