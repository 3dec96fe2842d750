//! The plain dashboard without a terminal at either end, and the verbs in ASCII.

use crate::{CANCEL, runner::Market};

fn rows(out: &str) -> Vec<&str> {
    let is_row = |line: &&str| {
        line.split_once("  ")
            .is_some_and(|(number, _)| number.parse::<usize>().is_ok())
    };
    out.lines().filter(is_row).collect()
}

/// Asserts that `text` has no controls that a terminal obeys, and nothing beyond ASCII.
fn assert_plain(text: &str) {
    let odd = text.chars().find(|c| *c != '\n' && !matches!(c, ' '..='~'));
    assert_eq!(odd, None, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_it_lists_and_ends() {
    let market = Market::open_at("accepted-location", 1e-9).await;
    let left = market.run(&[CANCEL, &["--no-wait"]].concat()).await;
    assert_eq!(left.code, Some(0), "{}", left.err);
    let requests = market.simulator.requests().len();
    for environment in [&[][..], &[("TERM", "dumb")], &[("LANG", "C")]] {
        let ran = market.run_typing(&[], "", environment).await;
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{}", ran.out);
        assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
        let rows = rows(&ran.out);
        assert!(
            rows[0].starts_with("1  contoso-vm  preview  publishing"),
            "{}",
            ran.out
        );
        assert!(rows[1].starts_with("2  contoso-db"), "{}", ran.out);
        assert_eq!(rows.len(), 2, "{}", ran.out);
        assert!(!ran.out.contains("joined"), "{}", ran.out);
    }
    let more = market.simulator.requests().len() - requests;
    assert!(more <= 3 * 3, "a list, what is in flight and its inside: {more}");
    assert_eq!(market.cancels(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn piped_commands_never_cancel() {
    let market = Market::open("accepted-location").await;
    let typed = "?\n1\n/id:DB !state:running\n1\n/stat:x\n/\nc 1\ny\ncontoso-vm\no 1\nf\nH\n9";
    let ran = market.run_typing(&["--plain"], typed, &[]).await;
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{}", ran.out);
    for expected in [
        "c 3    cancel what runs on row 3",
        "in flight     ",
        ", publish > preview, running",
        "step          Certification: not started",
        "2 offers of contoso, 1 in flight, only what /id:DB !state:running finds",
        "perhaps 'state:'; there is no 'stat:'",
        "name          Contoso Database",
        "contoso-vm: a cancel wants an answer",
        "no such command; ? tells which there are",
        "contoso-vm: no cancel of it is known here",
        "only those in flight",
        "No cancellations from this machine yet",
        "there is no row 9; the last list had 1",
    ] {
        assert!(ran.out.contains(expected), "{expected}:\n{}", ran.out);
    }
    assert_plain(&ran.out);
    assert_eq!(market.cancels(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn controls_in_a_line_are_dropped() {
    let market = Market::open("accepted-location").await;
    let typed = format!("{}1\n\n  \nq\nc 1\n", "x".repeat(100_000));
    let ran = market.run_typing(&["--plain"], &typed, &[]).await;
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{}", ran.out);
    let after = ran.out.split("? tells the rest\n").nth(1);
    assert_eq!(after, Some(""), "neither the long line nor what came after q");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_neutralized_in_every_line() {
    let market = Market::open("hostile-text").await;
    let typed = "1\n2\n3\n4\n/\u{1b}[2J\u{202e}\n/\nl\n";
    let ran = market.run_typing(&["--plain"], typed, &[]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_plain(&ran.out);
    assert_plain(&ran.err);
    let ran = market.run_typing(&[], "", &[]).await;
    let hostile = |c: char| c != '\n' && countermand::domain::text::is_unsafe(c);
    assert!(!ran.out.chars().any(hostile), "{:?}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_listing_is_reported_once() {
    let market = Market::open("accepted-location").await;
    for (args, environment, code) in [
        (&["--base-url", "http://127.0.0.1:1"][..], &[][..], 1),
        (&["--plain"], &[("COUNTERMAND_TOKEN", "another")], 5),
        (&["--profile", "nobody"], &[], 2),
    ] {
        let ran = market.run_typing(args, "", environment).await;
        assert_eq!(ran.code, Some(code), "{args:?}\n{}{}", ran.out, ran.err);
        assert!(rows(&ran.out).is_empty(), "{}", ran.out);
        let reports = ran.out.matches("offers: ").count() + ran.out.matches("sign-in: ").count();
        assert_eq!(reports, usize::from(code != 2), "{}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verbs_use_ascii_on_request_or_by_locale() {
    let market = Market::open("hostile-text").await;
    let verb = &["operations", "contoso-vm"][..];
    for (args, environment, is_plain) in [
        (verb, &[][..], false),
        (verb, &[("LANG", "C")], true),
        (verb, &[("LANG", "")], true),
        (&[verb, &["--plain"]].concat(), &[], true),
    ] {
        let ran = market.run_typing(args, "", environment).await;
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(
            (
                ran.out.contains("publish > preview"),
                ran.out.contains("publish → preview")
            ),
            (is_plain, !is_plain),
            "{environment:?} {}",
            ran.out
        );
    }
    let json = market.run_typing(&["offers", "--json", "--plain"], "", &[]).await;
    assert!(
        json.out.contains("視覺化契約"),
        "names are not to be lost: {}",
        json.out
    );
}
