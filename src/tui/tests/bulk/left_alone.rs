//! What is left alone, why, and that this is said.

use super::*;

#[test]
fn what_is_skipped_is_said_with_its_reason_and_not_acted_on() {
    let mut app = TestApp::new(quiet());
    app.resize(120, 40);
    app.keys("*c");
    answer_all(&mut app, 0, |offer| match offer.raw() {
        "contoso-app" => Ok(look(vec![app_operation()], Source::Submissions)),
        "contoso-vm" => Ok(look(vec![vm_operation()], Source::Submissions)),
        "contoso-iot" => Ok(look(vec![vm_operation(), app_operation()], Source::Submissions)),
        "contoso-db" => Err(failure()),
        _ => Ok(look(Vec::new(), Source::Submissions)),
    });
    app.take(Msg::Painted);
    app.rest();
    let screen = app.screen();
    for told in [
        "Cancel 2 operations, 1 of them LIVE?",
        "contoso-iot: 2 operations are active, and the service cannot be told which to cancel",
        "contoso-db: could not be looked at: ",
        "contoso-old: nothing in flight at 12:04:31",
    ] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    app.keys("2");
    app.press(KeyCode::Enter);
    let offers: Vec<&str> = app
        .cancels()
        .iter()
        .map(|request| request.target.offer.raw())
        .collect();
    assert_eq!(offers, ["contoso-app", "contoso-vm"]);
    assert_eq!(
        app.model.list.marks.count(),
        4,
        "what was left alone stays marked"
    );
}

#[test]
fn a_key_that_is_not_y_leaves_the_one_alone() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-vm");
    app.keys(" c");
    answer_all(&mut app, 0, |_| {
        Ok(look(vec![vm_operation()], Source::Submissions))
    });
    app.take(Msg::Painted);
    app.rest();
    app.keys("n");
    assert!(app.cancels().is_empty() && app.model.confirmation().is_none());
    assert_eq!(notice(&app), "contoso-vm was left alone");
}

#[test]
fn marks_that_are_hidden_are_said_and_left_alone() {
    let mut app = TestApp::new(quiet());
    app.keys("*/id:vm");
    app.press(KeyCode::Enter);
    app.keys("c");
    assert_eq!(looks(&app), 1);
    answer_all(&mut app, 0, |_| {
        Ok(look(vec![vm_operation()], Source::Submissions))
    });
    assert!(
        app.screen().contains("5 marked are hidden and left alone"),
        "{}",
        app.screen()
    );
    app.take(Msg::Painted);
    app.rest();
    app.keys("y");
    assert_eq!(app.cancels().len(), 1);
    assert_eq!(app.model.list.marks.count(), 5);
    app.keys("c");
    assert!(app.model.confirmation().is_none());
    assert!(
        notice(&app).starts_with("5 marked, none of them shown"),
        "{}",
        notice(&app)
    );
}

#[test]
fn read_only_and_too_many_are_said_at_once() {
    let setup = Setup {
        read_only: Some(ReadOnly::Everywhere),
        ..setup()
    };
    let mut app = TestApp::with(setup, many(3));
    app.keys("*c");
    assert!(app.model.confirmation().is_none() && notice(&app).starts_with("read-only"));
    let mut app = TestApp::new(many(101));
    app.keys("*c");
    assert!(app.model.confirmation().is_none());
    assert!(
        notice(&app).starts_with("101 are marked, and 100 are the most"),
        "{}",
        notice(&app)
    );
    assert_eq!(looks(&app), 0);
}

#[test]
fn what_is_under_way_already_is_left_out_and_the_rest_is_read_anew() {
    let mut app = TestApp::new(quiet());
    app.select("contoso-app");
    app.keys(" ");
    app.select("contoso-vm");
    app.keys(" c");
    answer_all(&mut app, 0, |offer| {
        let operation = if offer.raw() == "contoso-vm" {
            vm_operation()
        } else {
            app_operation()
        };
        Ok(look(vec![operation], Source::Submissions))
    });
    app.take(Msg::Painted);
    app.rest();
    assert_eq!(app.model.place(), Place::Typing);
    app.keys("2");
    app.know(busy());
    assert_eq!(
        app.model.confirmation().unwrap().proposal.required(),
        Required::Id("contoso-app".into())
    );
    assert!(
        app.screen().contains("contoso-vm: is being cancelled already"),
        "{}",
        app.screen()
    );
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty());
}
