//! Several cancels at once, and search, with the keys alone.

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

/// Marks the offers with these ids, one filter after the other.
fn mark(bench: &mut Bench, ids: &[&str]) {
    for (n, id) in ids.iter().enumerate() {
        bench.send(&format!("/id:{id}\r"));
        bench.wait_until("the offer alone", |screen, _| {
            screen.contents().contains(" 1 of ")
        });
        bench.send("*\x1b");
        bench.wait_until("the mark", |screen, _| {
            screen.contents().contains(&format!("{} marked", n + 1)) && !screen.contents().contains(" 1 of ")
        });
    }
}

/// Clears the filter. A key right after an escape would merge with it.
fn all_again(bench: &mut Bench) {
    bench.send("\x1b");
    bench.wait_until("no filter", |screen, _| !screen.contents().contains("\n / "));
}

#[test]
fn several_are_canceled_at_once_and_summarized() {
    let practice = Practice::on("demo");
    let mut bench = practice.dashboard();
    bench.wait_for("contoso-gateway");
    bench.wait_for("publishing");
    let ids = ["contoso-analytics", "contoso-warehouse", "contoso-db"];
    mark(&mut bench, &ids);
    bench.send("c");
    let dialog = bench.wait_for("how many");
    for expected in [
        "Cancel 2 operations",
        "contoso-analytics",
        "contoso-warehouse",
        "contoso-db: nothing in flight",
    ] {
        assert!(dialog.contains(expected), "{expected}:\n{dialog}");
    }
    bench.send("3\r");
    bench.wait_for("That is not how many");
    bench.send("\x1b[200~2\r\x1b[201~");
    bench.wait_until("a dialog that is not armed", |screen, _| {
        !screen.contents().contains("how many")
    });
    bench.wait_for("how many");
    assert_eq!(practice.posts(), 0);
    bench.send("2\r");
    bench.wait_for("2 cancels ended: 1 canceled, 1 refused");
    assert_eq!(practice.posts(), 2);
    assert_eq!(practice.simulator.carried_out("contoso-analytics"), 1);
    assert_eq!(practice.simulator.carried_out("contoso-warehouse"), 0);
    let left = bench.wait_for("1 marked");
    assert!(left.contains("*contoso-db"), "{left}");
    leave(bench);
}

#[test]
fn filtered_offer_is_canceled() {
    let practice = Practice::on("demo");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    bench.send("/stat:publishing\r");
    bench.wait_for("perhaps");
    all_again(&mut bench);
    bench.send("/state:publishing !id:contoso-vm type:saas\r");
    let found = bench.wait_until("one offer", |screen, _| screen.contents().contains(" 1 of "));
    assert!(found.contains("contoso-analytics"), "{found}");
    bench.send("c");
    bench.wait_for("y cancels it");
    bench.send("y");
    bench.wait_for("canceled · observed");
    assert_eq!(
        (
            practice.posts(),
            practice.simulator.carried_out("contoso-analytics")
        ),
        (1, 1)
    );
    leave(bench);
}

#[test]
fn catalogue_of_thousands_is_sorted_and_searched() {
    let practice = Practice::on("large");
    let mut bench = practice.dashboard();
    bench.wait_for("publishing");
    bench.send("/id:04242");
    bench.wait_for("contoso-04242");
    bench.wait_until("one offer", |screen, _| screen.contents().contains(" 1 of 10000"));
    all_again(&mut bench);
    bench.send("s");
    bench.wait_for("OFFER ↑");
    bench.send("Sg");
    let sorted = bench.wait_until("the last on top", |screen, _| {
        screen.contents().contains("contoso-09999")
    });
    assert!(sorted.contains("OFFER ↓"), "{sorted}");
    leave(bench);
}
