//! Switching profiles with the keys alone, each at a service of its own; and a publisher that is not configured.

use std::time::Duration;

use countermand::simulator::{
    Options, Scenario, Simulator,
    scenario::{Answer, Route, Script},
};

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

/// Notification setting of `prod`; the others ring the bell.
const OSC_9: &str = "\x1b]9;countermand: contoso-vm canceled\x1b\\";

/// Two services whose time stands still until it is advanced.
struct Two {
    prod: Practice,
    audit: Practice,
    folder: tempfile::TempDir,
}

fn still(token: &str) -> Practice {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let mut options = Options::new(Scenario::bundled("accepted-location").unwrap());
    options.speed = 1e-9;
    let simulator = runtime.block_on(Simulator::start(options)).unwrap();
    simulator.renew_token(token);
    Practice { simulator, runtime }
}

impl Two {
    fn open() -> Self {
        let two = Self {
            prod: still("token-of-prod"),
            audit: still("token-of-audit"),
            folder: tempfile::tempdir().unwrap(),
        };
        let profile = |name: &str, practice: &Practice, more: &str| {
            format!(
                "[profiles.{name}]\npublisher = 'contoso'\nbase_url = '{}'\n{more}\n",
                practice.simulator.origin()
            )
        };
        let own = |variable| format!("credential = {{ kind = 'environment', variable = '{variable}' }}");
        let mirror = format!("read_only = true\n{}", own("PROD_TOKEN"));
        let settings = [
            profile(
                "audit",
                &two.audit,
                &format!("read_only = true\n{}", own("AUDIT_TOKEN")),
            ),
            profile("broken", &two.audit, ""),
            profile("mirror", &two.prod, &mirror),
            profile(
                "prod",
                &two.prod,
                &format!("tell = 'osc9'\n{}", own("PROD_TOKEN")),
            ),
        ];
        std::fs::write(two.folder.path().join("s.toml"), settings.concat()).unwrap();
        two
    }

    /// Starts the dashboard on `profile`; its window fits a whole line of the exit summary.
    fn dashboard(&self, profile: &str) -> Bench {
        let settings = self.folder.path().join("s.toml");
        Bench::run_with(
            &["--config", settings.to_str().unwrap(), "--profile", profile],
            &[("PROD_TOKEN", "token-of-prod"), ("AUDIT_TOKEN", "token-of-audit")],
        )
    }
}

/// Asserts that every request had this token and no other.
fn assert_brought(practice: &Practice, token: &str) {
    let requests = practice.simulator.requests();
    assert!(!requests.is_empty());
    for request in requests {
        let brought = request.headers.iter().find(|(name, _)| name == "authorization");
        assert_eq!(
            brought.map(|(_, value)| value.as_str()),
            Some(&*format!("Bearer {token}"))
        );
    }
}

/// Switches to the profile that is `keys` away.
fn go(bench: &mut Bench, keys: &str, shown: &str) {
    bench.send("p");
    bench.wait_for("PROFILE ");
    bench.send(keys);
    bench.send("\r");
    bench.wait_for(shown);
}

/// Waits until the title of the terminal is `title`.
fn wait_for_title(bench: &Bench, title: &str) {
    bench.wait_until(title, |_, raw| {
        let raw = String::from_utf8_lossy(raw);
        let newest = raw.rsplit("\x1b]2;").next().unwrap_or_default();
        newest.split('\x1b').next() == Some(title)
    });
}

fn cancel(bench: &mut Bench) {
    bench.wait_for("publishing");
    bench.send("c");
    bench.wait_for("y cancels it");
    bench.send("y");
    bench.wait_for("202 Accepted");
}

#[test]
fn cancel_at_a_left_profile_is_followed_to_its_end() {
    let two = Two::open();
    let mut bench = two.dashboard("prod");
    cancel(&mut bench);
    go(&mut bench, "g", "audit/contoso");
    let there = bench.wait_for("1 elsewhere");
    assert!(there.contains("read-only profile"), "{there}");
    bench.wait_for("publishing");
    wait_for_title(&bench, "countermand: 1 elsewhere – audit/contoso");
    assert!(!bench.raw().contains('\x07'), "nothing has ended");
    two.prod.simulator.advance(Duration::from_mins(5));
    bench.wait_for("prod: contoso-vm canceled");
    bench.wait_until("the telling of prod", |_, raw| {
        String::from_utf8_lossy(raw).contains(OSC_9)
    });
    go(&mut bench, "G", "prod/contoso");
    bench.wait_for("canceled · observed");
    wait_for_title(&bench, "countermand – prod/contoso");
    let raw = bench.raw();
    assert_eq!((raw.matches(OSC_9).count(), raw.matches('\x07').count()), (1, 0));
    let title = "\x1b]2;countermand: 1 elsewhere – audit/contoso\x1b\\";
    assert_eq!(raw.matches(title).count(), 1, "{raw}");
    leave(bench);
    assert_eq!(two.prod.simulator.carried_out("contoso-vm"), 1);
    assert_brought(&two.prod, "token-of-prod");
    assert_brought(&two.audit, "token-of-audit");
}

#[test]
fn failed_profile_switch_is_explained_and_changes_nothing() {
    let two = Two::open();
    let mut bench = two.dashboard("prod");
    bench.wait_for("publishing");
    let refused = {
        go(&mut bench, "kk", "broken: the profile has no `credential`");
        bench.wait_for("prod/contoso")
    };
    assert!(refused.contains("contoso-vm"), "{refused}");
    leave(bench);
    assert_eq!(two.audit.simulator.request_count(), 0);
}

#[test]
fn profiles_of_one_publisher_share_a_cancel() {
    let two = Two::open();
    let mut bench = two.dashboard("prod");
    cancel(&mut bench);
    go(&mut bench, "k", "mirror/contoso");
    let there = bench.wait_for("canceling");
    assert!(there.contains("read-only profile"), "{there}");
    bench.wait_for("202 Accepted");
    two.prod.simulator.advance(Duration::from_mins(5));
    bench.wait_for("canceled · observed");
    let notifications = |raw: &str| raw.matches(OSC_9).count() + raw.matches('\x07').count();
    bench.wait_until("a notification", |_, raw| {
        notifications(&String::from_utf8_lossy(raw)) > 0
    });
    two.prod.simulator.advance(Duration::from_mins(5));
    bench.send("\x03");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
    assert_eq!(notifications(&bench.raw()), 1, "whichever of both knew it first");
    assert_eq!(two.prod.posts(), 1);
}

#[test]
fn exit_summary_lists_open_cancels_of_other_profiles() {
    let two = Two::open();
    let mut bench = two.dashboard("audit");
    bench.wait_for("publishing");
    go(&mut bench, "G", "prod/contoso");
    cancel(&mut bench);
    go(&mut bench, "g", "audit/contoso");
    bench.wait_for("1 elsewhere");
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
    bench.wait_until("the farewell", |_, raw| {
        String::from_utf8_lossy(raw).contains("`countermand --profile prod follow ")
    });
}

#[test]
fn exit_summary_repeats_the_profile_option() {
    let two = Two::open();
    let mut bench = two.dashboard("prod");
    cancel(&mut bench);
    bench.send("q");
    assert_eq!(bench.exit_code(), 0);
    bench.wait_until("the farewell", |_, raw| {
        String::from_utf8_lossy(raw).contains("`countermand --profile prod follow ")
    });
}

#[test]
fn only_publisher_is_used_and_among_several_one_is_chosen() {
    for (scenario, keys, shown) in [
        ("accepted-location", "", "default/contoso"),
        ("demo", "j\r", "default/fabrikam"),
    ] {
        let practice = Practice::on(scenario);
        let mut bench = Bench::run_with(
            &[],
            &[
                ("COUNTERMAND_BASE_URL", practice.simulator.origin().as_str()),
                ("COUNTERMAND_TOKEN", practice.simulator.token()),
            ],
        );
        if keys.is_empty() {
            bench.wait_for("the publisher is contoso");
        } else {
            bench.wait_for("PUBLISHER");
            bench.send(keys);
        }
        bench.wait_for(shown);
        leave(bench);
    }
}

#[test]
fn failed_publisher_listing_is_retried() {
    let practice = still("token");
    let failing = Script::in_turn(Route::Publishers, vec![Answer::error(500)]);
    practice.simulator.play(None, failing);
    let bench = Bench::run_with(
        &[],
        &[
            ("COUNTERMAND_BASE_URL", practice.simulator.origin().as_str()),
            ("COUNTERMAND_TOKEN", "token"),
        ],
    );
    bench.wait_for("does not say");
    bench.wait_for("the publisher is contoso");
    bench.wait_for("publishing");
    leave(bench);
}
