//! A process that stands still during typing, as in a machine that is suspended or migrated.

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

const ARMED: &str = "y cancels it";

fn unaware(practice: &Practice, args: &[&str]) -> Bench {
    Bench::run_unaware(
        args,
        &[
            ("COUNTERMAND_BASE_URL", practice.simulator.origin().as_str()),
            ("COUNTERMAND_TOKEN", practice.simulator.token()),
            ("COUNTERMAND_PUBLISHER", practice.simulator.publisher()),
        ],
    )
}

#[test]
fn keys_during_a_stall_confirm_nothing_and_the_guard_restarts() {
    let practice = Practice::on("accepted-location");
    let mut bench = unaware(&practice, &[]);
    bench.wait_for("publishing");
    for shown in ["Cancel this operation?", ARMED, ARMED] {
        bench.send("c");
        bench.wait_for(shown);
        bench.freeze_and_send("y");
        bench.wait_until("a dialog that is not armed", |screen, _| {
            let screen = screen.contents();
            screen.contains("Cancel this operation?") && !screen.contains(ARMED)
        });
        bench.wait_for(ARMED);
        bench.send("n");
        bench.wait_until("no dialog", |screen, _| {
            !screen.contents().contains("Cancel this operation?")
        });
    }
    assert_eq!(practice.posts(), 0);
    bench.send("c");
    bench.wait_for(ARMED);
    bench.send("y");
    bench.wait_for("202 Accepted");
    assert_eq!(practice.posts(), 1);
    leave(bench);
}

#[test]
fn input_during_a_stall_answers_no_prompt() {
    let practice = Practice::on("accepted-location");
    for args in [&["cancel", "contoso-vm", "--no-wait"][..], &["--plain"]] {
        let mut bench = unaware(&practice, args);
        if args == ["--plain"] {
            bench.wait_for("c 3 cancels");
            bench.send("c 1\r");
        }
        bench.wait_for("[y/N]");
        bench.freeze_and_send("y\r");
        bench.wait_until("the question once more", |_, raw| {
            String::from_utf8_lossy(raw).matches("[y/N]").count() == 2
        });
        bench.send("n\r");
        bench.wait_for("not sent");
        assert_eq!(practice.posts(), 0);
    }
}

#[test]
fn answer_followed_by_more_input_is_none() {
    let practice = Practice::on("accepted-location");
    let mut bench = unaware(&practice, &["cancel", "contoso-vm", "--no-wait"]);
    bench.wait_for("[y/N]");
    bench.send("y\rls\r");
    bench.wait_until("the question once more", |_, raw| {
        String::from_utf8_lossy(raw).matches("[y/N]").count() == 2
    });
    assert_eq!(practice.posts(), 0);
    bench.send("y\r");
    assert_eq!(bench.exit_code(), 0);
    assert_eq!(practice.posts(), 1);
}
