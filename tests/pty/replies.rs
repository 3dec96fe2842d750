//! Terminal replies to earlier queries are not taken for typed keys.

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

/// Late replies, each with letters that are bound to actions.
const REPLIES: &[&str] = &[
    "\x1b[?64;1;2;6;9;15;18;21;22c",
    "\x1b[>41;354;0c",
    "\x1b[?2026;2$y",
    "\x1b]52;c;Y2NjY2NjY2M=\x07",
    "\x1b]52;c;cccccccc\x1b\\",
    "\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\",
    "\x1bP>|XTerm(388)cc\x1b\\",
    "\x1b_Gi=31;cc\x1b\\",
    "\x1b[M cc",
];

/// Opens the help and closes it: all earlier input has been read by then.
fn settle(bench: &mut Bench) {
    bench.send("?");
    let screen = bench.wait_for("Keys");
    assert!(!screen.contains("Cancel this"), "{screen}");
    bench.send("?");
    bench.wait_until("no help", |screen, _| !screen.contents().contains("Keys"));
}

#[test]
fn late_terminal_reply_opens_no_dialog_however_split() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    for reply in REPLIES {
        bench.send(reply);
        settle(&mut bench);
    }
    let reply = REPLIES[1];
    for at in 1..reply.len() {
        let (head, tail) = reply.split_at(at);
        bench.send(head);
        bench.send(tail);
        settle(&mut bench);
    }
    assert!(!bench.raw().contains("Looking"), "no dialog was ever opened");
    leave(bench);
    assert_eq!(practice.posts(), 0);
}

#[test]
fn endless_terminal_reply_does_not_block_keys() {
    for opening in ["\x1b]", "\x1bP", "\x1b[", "\x1b[>41", "\x1bO", "\x1b[M"] {
        let mut bench = Bench::run(&["demo"]);
        bench.wait_for("contoso-analytics");
        bench.send(opening);
        leave(bench);
    }
}

#[test]
fn single_escape_is_a_key() {
    let mut bench = Bench::run(&["demo"]);
    bench.wait_for("contoso-analytics");
    bench.send("?");
    bench.wait_for("Keys");
    bench.send("\x1b");
    bench.wait_until("no help", |screen, _| !screen.contents().contains("Keys"));
    leave(bench);
}
