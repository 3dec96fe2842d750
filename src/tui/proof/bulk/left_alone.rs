//! What is left alone, why, and that this is said.

use super::*;

#[test]
fn what_is_skipped_is_said_with_its_reason_and_not_acted_on() {
    let mut desk = Desk::new(quiet());
    desk.resize(120, 40);
    desk.keys("*c");
    answer_all(&mut desk, 0, |offer| match offer.raw() {
        "contoso-app" => Ok(look(vec![app_operation()], Source::Submissions)),
        "contoso-vm" => Ok(look(vec![vm_operation()], Source::Submissions)),
        "contoso-iot" => Ok(look(vec![vm_operation(), app_operation()], Source::Submissions)),
        "contoso-db" => Err(failure()),
        _ => Ok(look(Vec::new(), Source::Submissions)),
    });
    desk.take(Msg::Painted);
    desk.rest();
    let screen = desk.screen();
    for told in [
        "Cancel 2 operations, 1 of them LIVE?",
        "contoso-iot: 2 operations are active, and the service cannot be told which to cancel",
        "contoso-db: could not be looked at: ",
        "contoso-old: nothing in flight at 12:04:31",
    ] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    desk.keys("2");
    desk.press(KeyCode::Enter);
    let offers: Vec<&str> = desk
        .cancels()
        .iter()
        .map(|request| request.target.offer.raw())
        .collect();
    assert_eq!(offers, ["contoso-app", "contoso-vm"]);
    assert_eq!(
        desk.model.list.marks.count(),
        4,
        "what was left alone stays marked"
    );
}

#[test]
fn a_key_that_is_not_y_leaves_the_one_alone() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-vm");
    desk.keys(" c");
    answer_all(&mut desk, 0, |_| {
        Ok(look(vec![vm_operation()], Source::Submissions))
    });
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("n");
    assert!(desk.cancels().is_empty() && desk.model.bulk().is_none());
    assert_eq!(notice(&desk), "the marked offer was left alone");
}

#[test]
fn marks_that_are_hidden_are_said_and_left_alone() {
    let mut desk = Desk::new(quiet());
    desk.keys("*/id:vm");
    desk.press(KeyCode::Enter);
    desk.keys("c");
    assert_eq!(looks(&desk), 1);
    answer_all(&mut desk, 0, |_| {
        Ok(look(vec![vm_operation()], Source::Submissions))
    });
    assert!(
        desk.screen().contains("5 marked are hidden and left alone"),
        "{}",
        desk.screen()
    );
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("y");
    assert_eq!(desk.cancels().len(), 1);
    assert_eq!(desk.model.list.marks.count(), 5);
    desk.keys("c");
    assert!(desk.model.bulk().is_none() && desk.model.confirmation().is_none());
    assert!(
        notice(&desk).starts_with("5 marked, none of them shown"),
        "{}",
        notice(&desk)
    );
}

#[test]
fn read_only_and_too_many_are_said_at_once() {
    let setup = Setup {
        read_only: Some(ReadOnly::Everywhere),
        ..setup()
    };
    let mut desk = Desk::with(setup, many(3));
    desk.keys("*c");
    assert!(desk.model.bulk().is_none() && notice(&desk).starts_with("read-only"));
    let mut desk = Desk::new(many(101));
    desk.keys("*c");
    assert!(desk.model.bulk().is_none());
    assert!(
        notice(&desk).starts_with("101 are marked, and 100 are the most"),
        "{}",
        notice(&desk)
    );
    assert_eq!(looks(&desk), 0);
}

#[test]
fn what_is_under_way_already_is_left_out_and_the_rest_is_read_anew() {
    let mut desk = Desk::new(quiet());
    desk.select("contoso-app");
    desk.keys(" ");
    desk.select("contoso-vm");
    desk.keys(" c");
    answer_all(&mut desk, 0, |offer| {
        let operation = if offer.raw() == "contoso-vm" {
            vm_operation()
        } else {
            app_operation()
        };
        Ok(look(vec![operation], Source::Submissions))
    });
    desk.take(Msg::Painted);
    desk.rest();
    assert_eq!(desk.model.place(), Place::Counting);
    desk.keys("2");
    desk.know(busy());
    assert_eq!(
        desk.model.bulk().unwrap().answer(),
        Answer::Id("contoso-app".into())
    );
    assert!(
        desk.screen().contains("contoso-vm: is being cancelled already"),
        "{}",
        desk.screen()
    );
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty());
}
