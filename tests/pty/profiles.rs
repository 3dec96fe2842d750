//! From profile to profile with the keys alone, each at a service of its own; and a publisher that nobody named.

use std::time::Duration;

use countermand::simulator::{
    Options, Scenario, Simulator,
    scenario::{Answer, Route, Script},
};

use crate::{
    bench::Bench,
    flow::{Practice, leave},
};

/// How `prod` tells of a verdict; the others ring the bell.
const OSC_9: &str = "\x1b]9;countermand: contoso-vm canceled\x1b\\";

/// Two services whose worlds stand still until they are made older.
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

    /// The dashboard on `profile`; its window shows a whole line of what is said on leaving.
    fn dashboard(&self, profile: &str) -> Bench {
        let settings = self.folder.path().join("s.toml");
        Bench::run_with(
            &["--config", settings.to_str().unwrap(), "--profile", profile],
            &[("PROD_TOKEN", "token-of-prod"), ("AUDIT_TOKEN", "token-of-audit")],
        )
    }
}

/// Whether every request brought this token and no other.
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

/// Goes to the profile that is `keys` away.
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
fn what_is_followed_at_the_profile_that_was_left_is_followed_to_its_end() {
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
fn a_profile_that_cannot_be_gone_to_says_why_and_nothing_changes() {
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
fn two_profiles_of_one_publisher_follow_the_same_and_send_it_once() {
    let two = Two::open();
    let mut bench = two.dashboard("prod");
    cancel(&mut bench);
    go(&mut bench, "k", "mirror/contoso");
    let there = bench.wait_for("canceling");
    assert!(there.contains("read-only profile"), "{there}");
    bench.wait_for("202 Accepted");
    two.prod.simulator.advance(Duration::from_mins(5));
    bench.wait_for("canceled · observed");
    let has_told = |raw: &str| raw.matches(OSC_9).count() + raw.matches('\x07').count();
    bench.wait_until("a telling", |_, raw| has_told(&String::from_utf8_lossy(raw)) > 0);
    two.prod.simulator.advance(Duration::from_mins(5));
    bench.send("\x03");
    assert_eq!(bench.exit_code(), 0);
    bench.assert_restored();
    assert_eq!(has_told(&bench.raw()), 1, "whichever of both knew it first");
    assert_eq!(two.prod.posts(), 1);
}

#[test]
fn what_is_open_elsewhere_is_told_on_leaving() {
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
fn a_profile_that_was_named_must_be_named_again() {
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
fn the_only_publisher_is_found_and_of_several_one_is_chosen() {
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
fn a_service_that_does_not_say_which_publishers_there_are_is_asked_again() {
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
