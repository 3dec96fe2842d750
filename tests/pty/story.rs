//! Recipients of notifications, edited in a real terminal and sent as shown; and earlier durations, shown for the next
//! cancel.

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

const ARMED: &str = "y cancels it";

fn cancels(practice: &Practice) -> Vec<String> {
    let requests = practice.simulator.requests();
    let cancels = requests.iter().filter(|request| request.is_cancel());
    cancels.map(|request| request.body.clone()).collect()
}

/// Opens the confirmation dialog and its field of addresses.
fn edit(bench: &mut Bench) {
    bench.wait_for("publishing");
    bench.send("c");
    bench.wait_for(ARMED);
    bench.send("\t");
    bench.wait_for("Whom the service mails");
}

#[test]
fn edited_recipients_are_sent() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    edit(&mut bench);
    bench.send("ops@contoso.com, ");
    bench.send("\x1b[200~b@y\ny\r\x1b[201~");
    let shown = bench.wait_for("> ops@contoso.com, b@y,y");
    assert!(shown.contains("`y` is no mail address"), "{shown}");
    // The character before the cursor, twice: the letter and its comma.
    bench.send("\r\x7f\x7f\r");
    bench.wait_for("mails      ops@contoso.com, b@y");
    assert!(cancels(&practice).is_empty());
    bench.wait_for(ARMED);
    bench.send("y");
    bench.wait_for("canceled · observed");
    let sent = cancels(&practice);
    let [body] = &sent[..] else {
        panic!("one request: {sent:?}")
    };
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let named = body["metadata"]["notification-emails"].as_str().unwrap();
    assert_eq!(named.replace(' ', ""), "ops@contoso.com,b@y");
    leave(bench);
}

#[test]
fn esc_discards_only_the_edit() {
    let practice = Practice::on("accepted-location");
    let mut bench = practice.dashboard();
    edit(&mut bench);
    bench.send("a@x");
    bench.wait_for("> a@x");
    bench.send("\x1b");
    let kept = bench.wait_for(ARMED);
    assert!(kept.contains("nobody named"), "{kept}");
    bench.send("y");
    bench.wait_for("canceled · observed");
    assert!(!cancels(&practice)[0].contains("a@x"));
    leave(bench);
}
