//! Going from profile to profile, and finding out whose offers are meant.

use std::{sync::Arc, time::Duration};

use crossterm::event::KeyCode;
use insta::assert_snapshot;

use crate::{
    domain::{ids::Origin, operation::Source, verdict::Verdict},
    engine::{Class, Failure, Snapshot},
    tui::{
        fixture::*,
        model::{ProfileSummary, ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
        tests::notice,
        update::profiles::news,
    },
};

fn profile(name: &str, publisher: Option<&str>, read_only: Option<ReadOnly>) -> ProfileSummary {
    ProfileSummary {
        name: name.into(),
        publisher: publisher.map(Into::into),
        origin: Origin::marketplace(),
        read_only,
    }
}

/// At `prod` of three profiles.
fn several() -> Setup {
    Setup {
        profiles: Arc::new([
            profile("agency", None, None),
            profile("audit", Some("contoso"), Some(ReadOnly::Profile)),
            profile("prod", Some("contoso"), None),
        ]),
        ..setup()
    }
}

/// At `agency`, whose publisher nobody knows yet.
fn nobodys() -> TestApp {
    let setup = Setup {
        profile: "agency".into(),
        publisher: "".into(),
        ..several()
    };
    TestApp::with(setup, Snapshot::default())
}

fn found(app: &mut TestApp, publishers: &[&str]) {
    let publishers = publishers.iter().copied().map(Into::into).collect();
    app.take(Msg::Reply(Reply::Publishers(Ok(publishers))));
}

fn switches(app: &TestApp) -> Vec<(String, Option<String>)> {
    let switch = |effect: &Effect| match effect {
        Effect::Switch { profile, publisher } => {
            let publisher = publisher.as_ref().map(ToString::to_string);
            Some((profile.to_string(), publisher))
        }
        _ => None,
    };
    app.effects.iter().filter_map(switch).collect()
}

#[test]
fn the_list_shows_where_one_is_and_what_one_may() {
    for (width, height) in [(80, 24), (40, 10)] {
        let mut app = TestApp::with(several(), quiet());
        app.resize(width, height);
        app.keys("p");
        assert_snapshot!(format!("profiles_{width}x{height}"), app.screen());
    }
}

#[test]
fn enter_goes_there_and_here_is_no_journey() {
    let mut app = TestApp::with(several(), quiet());
    app.keys("p");
    app.press(KeyCode::Enter);
    assert_eq!(switches(&app), [], "it stands on what is shown");
    app.keys("pk");
    app.press(KeyCode::Esc);
    assert_eq!(switches(&app), []);
    app.press(KeyCode::Enter);
    app.keys("pk");
    app.press(KeyCode::Enter);
    assert_eq!(switches(&app), [("audit".to_owned(), Some("contoso".to_owned()))]);
    assert!(app.model.overlays.is_empty());
    app.keys("pg");
    app.press(KeyCode::Enter);
    assert_eq!(switches(&app)[1], ("agency".to_owned(), None));
}

#[test]
fn a_dialog_is_left_for_no_profile() {
    let mut app = TestApp::with(several(), quiet());
    app.select("contoso-vm");
    app.keys("cp");
    assert!(app.model.confirmation().is_some());
    app.answer_look(look(vec![vm_operation()], Source::Submissions));
    app.keys("p");
    app.press(KeyCode::Enter);
    assert_eq!(switches(&app), []);
}

#[test]
fn why_it_stays_is_told_whole() {
    let mut app = TestApp::with(several(), quiet());
    let why = "the profile has no `credential` of its own; give it one in the settings file, or start anew with --profile";
    app.take(Msg::Reply(Reply::NotSwitched {
        profile: "audit".into(),
        why: why.into(),
    }));
    let screen = app.screen();
    let words: Vec<&str> = screen.split_whitespace().filter(|word| *word != "│").collect();
    assert!(words.join(" ").contains(&format!("audit: {why}")), "{screen}");
    assert!(screen.contains("▸audit"), "{screen}");
    app.press(KeyCode::Esc);
    assert!(app.model.overlays.is_empty());
}

#[test]
fn the_only_publisher_is_taken_and_said() {
    let mut app = nobodys();
    let screen = app.screen();
    assert!(screen.contains("agency/…"), "{screen}");
    assert!(screen.contains("asking the service which there are"), "{screen}");
    found(&mut app, &["contoso"]);
    assert_eq!(
        switches(&app),
        [("agency".to_owned(), Some("contoso".to_owned()))]
    );
    assert!(notice(&app).contains("the publisher is contoso"));
}

#[test]
fn of_several_publishers_one_is_chosen() {
    let mut app = nobodys();
    found(&mut app, &["contoso", "fabrikam"]);
    assert_snapshot!("publishers", app.screen());
    assert_eq!(switches(&app), []);
    app.keys("j");
    app.press(KeyCode::Enter);
    assert_eq!(
        switches(&app),
        [("agency".to_owned(), Some("fabrikam".to_owned()))]
    );
}

#[test]
fn no_publisher_and_no_answer_say_what_to_do() {
    let failure = Failure {
        class: Class::Transient,
        request: "GET publishers".into(),
        what: "timed out".into(),
        advice: "check the network".into(),
        status: None,
        correlation_id: None,
        retry_after: None,
    };
    for (reply, told) in [
        (Ok(Vec::new()), "this sign-in may see none"),
        (Err(failure), "GET publishers: timed out"),
    ] {
        let mut app = nobodys();
        app.take(Msg::Reply(Reply::Publishers(reply)));
        let screen = app.screen();
        let words: Vec<&str> = screen.split_whitespace().collect();
        assert!(words.join(" ").contains(told), "{screen}");
        assert_eq!(switches(&app), []);
        app.keys("r");
        assert!(app.effects.contains(&Effect::FindPublishers));
        assert!(!app.effects.contains(&Effect::Refresh));
    }
}

#[test]
fn whoever_has_signed_in_need_not_ask_for_the_publishers() {
    let mut app = nobodys();
    app.take(Msg::Prompted(Some(prompt())));
    app.take(Msg::Prompted(None));
    assert_eq!(app.effects.last(), Some(&Effect::FindPublishers));
}

#[test]
fn what_ends_elsewhere_is_told_with_its_profile() {
    let mut app = TestApp::with(several(), quiet());
    let ended = Snapshot {
        cancellations: Arc::new(vec![Arc::new(ended(
            "contoso-vm",
            &vm_operation(),
            Verdict::Canceled,
        ))]),
        ..quiet()
    };
    assert_eq!(news(&busy(), &busy()), None);
    assert_eq!(news(&ended, &quiet()), None, "nothing is told of what is gone");
    let lost = Snapshot {
        sign_in: Some("set a new token".into()),
        ..quiet()
    };
    assert_eq!(news(&quiet(), &lost), Some("sign-in: set a new token".into()));
    assert_eq!(news(&lost, &lost), None);
    let news = news(&quiet(), &ended);
    app.take(Msg::Elsewhere {
        profile: "audit".into(),
        news,
        following: 2,
    });
    assert_eq!(notice(&app), "audit: contoso-vm canceled");
    assert!(app.screen().contains("2 elsewhere"), "{}", app.screen());
    app.wait(Duration::from_secs(1));
    let outcome = app.take(Msg::Elsewhere {
        profile: "audit".into(),
        news: None,
        following: 2,
    });
    assert!(!outcome.redraw, "nothing new is nothing to draw");
}

#[test]
fn the_header_says_whose_read_only_it_is() {
    for (by, told) in [
        (ReadOnly::Everywhere, "read-only everywhere"),
        (ReadOnly::Profile, "read-only profile"),
    ] {
        let setup = Setup {
            read_only: Some(by),
            ..several()
        };
        assert!(TestApp::with(setup, quiet()).screen().contains(told));
    }
}
