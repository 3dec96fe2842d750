//! The settings verbs: effective values, the chosen publisher, and errors.

use serde_json::Value;

use crate::{CANCEL, runner::Market};

fn of<'a>(settings: &'a [Value], name: &str) -> &'a Value {
    settings.iter().find(|one| one["setting"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_setting_is_shown_with_its_source_and_no_secret() {
    let market = Market::open("accepted-location").await;
    let path = market.home.path().join("s.toml");
    std::fs::write(&path, "[profiles.prod]\n\nread_only = true\n").unwrap();
    let path = path.to_str().unwrap();
    let ran = market.run(&["config", "--json", "--config", path]).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let settings: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let publisher = of(&settings, "publisher");
    assert_eq!(publisher["from"], "COUNTERMAND_PUBLISHER");
    assert_eq!(publisher["source"], "environment");
    let read_only = of(&settings, "read_only");
    assert_eq!(
        (&read_only["from"], &read_only["line"]),
        (&Value::from(path), &Value::from(3))
    );
    assert_eq!(of(&settings, "COUNTERMAND_TOKEN")["value"], "set");
    let text = market.run(&["config", "--config", path]).await;
    assert!(text.out.contains(&format!("{path}:3")), "{}", text.out);
    for expected in [&ran.out, &text.out] {
        assert!(!expected.contains(market.simulator.token()), "{expected}");
    }
    assert_eq!(market.simulator.request_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_settings_are_no_failure_and_broken_ones_are() {
    let market = Market::open("accepted-location").await;
    let ran = market.run_without_settings(&["config"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    for expected in ["publisher: the service is asked", "credential: not signed in"] {
        assert!(ran.out.contains(expected), "{}", ran.out);
    }
    let path = market.home.path().join("s.toml");
    std::fs::write(&path, "[profiles.prod.poll]\nlist = '1s'").unwrap();
    let ran = market.run(&["config", "--config", path.to_str().unwrap()]).await;
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("s.toml:2:8: `1s` asks too much"), "{}", ran.err);
    for (wrong, expected) in [
        ("[keys]\nrefersh = 'F5'", "s.toml:2:1: "),
        (
            "theme = 'drk'",
            "s.toml:1:9: no theme `drk`; did you mean `dark`?",
        ),
    ] {
        std::fs::write(&path, wrong).unwrap();
        let ran = market.run(&["config", "--config", path.to_str().unwrap()]).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{wrong}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_publisher_is_used_and_named() {
    let market = Market::open("accepted-location").await;
    let ran = market.run_without_publisher(CANCEL).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(ran.verdict()["publisher"], "contoso");
    assert!(
        ran.err.contains("the publisher is contoso, the only one"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_publisher_is_guessed_among_several() {
    let market = Market::open("demo").await;
    let ran = market.run_without_publisher(CANCEL).await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(ran.verdict()["verdict"], "not_sent");
    assert_eq!(market.cancels(), 0);
    let ran = market.run_without_publisher(&["offers"]).await;
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("contoso, fabrikam") && ran.err.contains("--publisher ID"),
        "{}",
        ran.err
    );
    let ran = market
        .run_without_publisher(&["offers", "--publisher", "fabrikam"])
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn profile_without_a_name_keeps_its_settings() {
    let market = Market::open("accepted-location").await;
    let path = market.home.path().join("s.toml");
    let origin = market.simulator.origin();
    let audit = format!("[profiles.audit]\npublisher = 'contoso'\nbase_url = '{origin}'\nread_only = true\n");
    std::fs::write(&path, format!("{audit}[profiles.other]\npublisher = 'fabrikam'")).unwrap();
    let ran = market
        .run(&[CANCEL, &["--config", path.to_str().unwrap()]].concat())
        .await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(market.cancels(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unwritable_log_is_reported_and_stops_nothing() {
    let market = Market::open("accepted-location").await;
    let ran = market.run(&["offers", "--log-file", "/dev/null/x.log"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("--log-file: /dev/null/x.log: "), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_marketplace_is_a_normal_origin() {
    let market = Market::open("empty").await;
    for wrong in ["--profile", "--publisher", "--base-url", "--config"] {
        let ran = market.run(&["demo", wrong, "x"]).await;
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(wrong), "{}", ran.err);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn settings_are_read_once_per_run() {
    use std::mem::MaybeUninit;

    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};

    let market = Market::open("accepted-location").await;
    let path = market.home.path().join("s.toml");
    std::fs::write(&path, "[profiles.prod]\nnotify = ['release@contoso.com']\n").unwrap();
    let settings = ["--config", path.to_str().unwrap()];
    for verb in [
        &["offers"][..],
        &["operations", "contoso-vm"],
        CANCEL,
        // No sign-in and nothing to start with.
        &["cancel", "contoso-vm", "--json", "--profile", "nobody"],
        &["follow"],
        &["history"],
        &["config"],
        &["doctor"],
        &["--plain"],
    ] {
        let watch = init(CreateFlags::NONBLOCK).unwrap();
        // The close calls too, so that two successive openings are not counted as one.
        add_watch(&watch, &path, WatchFlags::OPEN | WatchFlags::CLOSE).unwrap();
        market.run(&[verb, &settings].concat()).await;
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut events = Reader::new(&watch, &mut room);
        let mut opened = 0;
        while let Ok(event) = events.next() {
            opened += usize::from(event.events().contains(ReadFlags::OPEN));
        }
        assert_eq!(opened, 1, "{verb:?}");
    }
}
