//! Going from profile to profile, and finding out whose offers are meant.

use std::{sync::Arc, time::Duration};

use crossterm::event::KeyCode;
use insta::assert_snapshot;

use crate::{
    domain::{ids::Origin, operation::Source, verdict::Verdict},
    engine::{Class, Failure, Snapshot},
    tui::{
        fixture::*,
        model::{Profile, ReadOnly, Setup},
        msg::{Effect, Msg, Reply},
        proof::notice,
        update::profiles::news,
    },
};

fn profile(name: &str, publisher: Option<&str>, read_only: Option<ReadOnly>) -> Profile {
    Profile {
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
fn nobodys() -> Desk {
    let setup = Setup {
        profile: "agency".into(),
        publisher: "".into(),
        ..several()
    };
    Desk::with(setup, Snapshot::default())
}

fn found(desk: &mut Desk, publishers: &[&str]) {
    let publishers = publishers.iter().copied().map(Into::into).collect();
    desk.take(Msg::Reply(Reply::Publishers(Ok(publishers))));
}

fn switches(desk: &Desk) -> Vec<(String, Option<String>)> {
    let switch = |effect: &Effect| match effect {
        Effect::Switch { profile, publisher } => {
            let publisher = publisher.as_ref().map(ToString::to_string);
            Some((profile.to_string(), publisher))
        }
        _ => None,
    };
    desk.effects.iter().filter_map(switch).collect()
}

#[test]
fn the_list_shows_where_one_is_and_what_one_may() {
    for (width, height) in [(80, 24), (40, 10)] {
        let mut desk = Desk::with(several(), quiet());
        desk.resize(width, height);
        desk.keys("p");
        assert_snapshot!(format!("profiles_{width}x{height}"), desk.screen());
    }
}

#[test]
fn enter_goes_there_and_here_is_no_journey() {
    let mut desk = Desk::with(several(), quiet());
    desk.keys("p");
    desk.press(KeyCode::Enter);
    assert_eq!(switches(&desk), [], "it stands on what is shown");
    desk.keys("pk");
    desk.press(KeyCode::Esc);
    assert_eq!(switches(&desk), []);
    desk.press(KeyCode::Enter);
    desk.keys("pk");
    desk.press(KeyCode::Enter);
    assert_eq!(
        switches(&desk),
        [("audit".to_owned(), Some("contoso".to_owned()))]
    );
    assert!(desk.model.overlays.is_empty());
    desk.keys("pg");
    desk.press(KeyCode::Enter);
    assert_eq!(switches(&desk)[1], ("agency".to_owned(), None));
}

#[test]
fn a_dialog_is_left_for_no_profile() {
    let mut desk = Desk::with(several(), quiet());
    desk.select("contoso-vm");
    desk.keys("cp");
    assert!(desk.model.confirmation().is_some());
    desk.answer_look(look(vec![vm_operation()], Source::Submissions));
    desk.keys("p");
    desk.press(KeyCode::Enter);
    assert_eq!(switches(&desk), []);
}

#[test]
fn why_it_stays_is_told_whole() {
    let mut desk = Desk::with(several(), quiet());
    let why = "the profile has no `credential` of its own; give it one in the settings file, or start anew with --profile";
    desk.take(Msg::Reply(Reply::NotSwitched {
        profile: "audit".into(),
        why: why.into(),
    }));
    let screen = desk.screen();
    let words: Vec<&str> = screen.split_whitespace().filter(|word| *word != "│").collect();
    assert!(words.join(" ").contains(&format!("audit: {why}")), "{screen}");
    assert!(screen.contains("▸audit"), "{screen}");
    desk.press(KeyCode::Esc);
    assert!(desk.model.overlays.is_empty());
}

#[test]
fn the_only_publisher_is_taken_and_said() {
    let mut desk = nobodys();
    let screen = desk.screen();
    assert!(screen.contains("agency/…"), "{screen}");
    assert!(screen.contains("asking the service which there are"), "{screen}");
    found(&mut desk, &["contoso"]);
    assert_eq!(
        switches(&desk),
        [("agency".to_owned(), Some("contoso".to_owned()))]
    );
    assert!(notice(&desk).contains("the publisher is contoso"));
}

#[test]
fn of_several_publishers_one_is_chosen() {
    let mut desk = nobodys();
    found(&mut desk, &["contoso", "fabrikam"]);
    assert_snapshot!("publishers", desk.screen());
    assert_eq!(switches(&desk), []);
    desk.keys("j");
    desk.press(KeyCode::Enter);
    assert_eq!(
        switches(&desk),
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
        let mut desk = nobodys();
        desk.take(Msg::Reply(Reply::Publishers(reply)));
        let screen = desk.screen();
        let words: Vec<&str> = screen.split_whitespace().collect();
        assert!(words.join(" ").contains(told), "{screen}");
        assert_eq!(switches(&desk), []);
        desk.keys("r");
        assert!(desk.effects.contains(&Effect::FindPublishers));
        assert!(!desk.effects.contains(&Effect::Refresh));
    }
}

#[test]
fn whoever_has_signed_in_need_not_ask_for_the_publishers() {
    let mut desk = nobodys();
    desk.take(Msg::Prompted(Some(prompt())));
    desk.take(Msg::Prompted(None));
    assert_eq!(desk.effects.last(), Some(&Effect::FindPublishers));
}

#[test]
fn what_ends_elsewhere_is_told_with_its_profile() {
    let mut desk = Desk::with(several(), quiet());
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
    desk.take(Msg::Elsewhere {
        profile: "audit".into(),
        news,
        following: 2,
    });
    assert_eq!(notice(&desk), "audit: contoso-vm canceled");
    assert!(desk.screen().contains("2 elsewhere"), "{}", desk.screen());
    desk.wait(Duration::from_secs(1));
    let outcome = desk.take(Msg::Elsewhere {
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
        assert!(Desk::with(setup, quiet()).screen().contains(told));
    }
}
