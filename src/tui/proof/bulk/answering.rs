//! What it takes to confirm several at once.

use super::*;

#[test]
fn nothing_is_armed_before_every_look_has_arrived() {
    let mut desk = Desk::new(many(3));
    desk.keys("*c");
    for (ticket, offer) in open_looks(&desk, 0).into_iter().take(2) {
        let seen = see_many(&offer);
        reply(&mut desk, ticket, offer, seen);
        desk.take(Msg::Painted);
        desk.rest();
    }
    desk.keys("23y");
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty() && desk.model.bulk().is_some());
    answer_all(&mut desk, 2, see_many);
    desk.keys("3");
    desk.press(KeyCode::Enter);
    assert!(
        desk.cancels().is_empty(),
        "and not before that was painted and left alone"
    );
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("3");
    desk.press(KeyCode::Enter);
    assert_eq!(cancelled(&desk), all_of(3));
}

#[test]
fn only_the_right_number_confirms() {
    for wrong in ["2", "4", "33", "y", "03", "3 "] {
        let mut desk = armed(3);
        desk.keys(wrong);
        desk.press(KeyCode::Enter);
        assert!(desk.cancels().is_empty(), "{wrong}");
        assert!(
            desk.screen().contains("That is not how many"),
            "{}",
            desk.screen()
        );
        desk.control('u');
        desk.keys("3");
        for told in ["enter cancels them · ", " enter cancel them "] {
            assert!(desk.screen().contains(told), "{}", desk.screen());
        }
        desk.press(KeyCode::Enter);
        assert_eq!(desk.cancels().len(), 3, "{wrong}");
    }
}

#[test]
fn enter_alone_esc_and_a_held_enter_leave_all_alone() {
    let mut desk = armed(3);
    desk.press(KeyCode::Enter);
    assert_eq!(
        (desk.cancels().len(), notice(&desk)),
        (0, "the 3 marked offers were left alone")
    );
    assert_eq!(desk.model.list.marks.count(), 3);
    let mut desk = armed(3);
    desk.keys("3");
    let mut held = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
    held.kind = KeyEventKind::Repeat;
    desk.take(Msg::Terminal(Event::Key(held)));
    assert!(desk.cancels().is_empty());
    desk.press(KeyCode::Esc);
    assert!(desk.cancels().is_empty() && desk.model.bulk().is_none());
}

#[test]
fn a_paste_confirms_nothing_and_has_it_painted_and_left_alone_anew() {
    let mut desk = armed(3);
    desk.take(Msg::Terminal(Event::Paste("3\r".to_owned())));
    desk.keys("3");
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty());
    desk.take(Msg::Painted);
    desk.rest();
    desk.press(KeyCode::Char('3'));
    desk.press(KeyCode::Enter);
    assert_eq!(desk.cancels().len(), 3);
}

#[test]
fn a_long_list_has_to_be_read_to_its_end() {
    let mut desk = unpainted(60);
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("60");
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty());
    assert!(
        desk.screen().contains("more lines to read first"),
        "{}",
        desk.screen()
    );
    let mut seen = String::new();
    for _ in 0..60 {
        seen.push_str(&desk.screen());
        // However often it is pressed between two frames, nothing is passed over.
        desk.press(KeyCode::PageDown);
        desk.press(KeyCode::PageDown);
        desk.press(KeyCode::PageDown);
        desk.take(Msg::Painted);
    }
    desk.rest();
    for n in 0..60 {
        assert!(seen.contains(&format!("offer-{n:03}")), "{n}");
    }
    desk.keys("60");
    desk.press(KeyCode::Enter);
    assert_eq!(cancelled(&desk), all_of(60));
}

#[test]
fn a_window_too_small_to_read_it_arms_nothing() {
    let mut desk = unpainted(3);
    desk.resize(40, 10);
    desk.take(Msg::Painted);
    for _ in 0..9 {
        desk.press(KeyCode::PageDown);
        desk.take(Msg::Painted);
    }
    desk.rest();
    desk.keys("3");
    assert!(
        desk.screen().contains("enter cancels"),
        "it can be read at the least size\n{}",
        desk.screen()
    );
    desk.resize(39, 9);
    desk.take(Msg::Painted);
    desk.rest();
    desk.keys("3");
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty());
}

#[test]
fn it_is_quiet_for_as_long_as_one_alone() {
    let mut desk = unpainted(2);
    desk.take(Msg::Painted);
    desk.wait(Duration::from_millis(399));
    desk.take(Msg::Painted);
    assert_eq!(desk.model.place(), Place::Several);
    desk.press(KeyCode::Down);
    desk.wait(Duration::from_millis(399));
    desk.take(Msg::Painted);
    assert_eq!(desk.model.place(), Place::Several, "a key restarts it");
    desk.rest();
    assert_eq!(desk.model.place(), Place::Counting);
}

#[test]
fn one_that_is_left_of_several_is_asked_for_as_one_alone() {
    for (live, answer) in [(false, Answer::Key), (true, Answer::Id("contoso-app".into()))] {
        let mut desk = Desk::new(quiet());
        desk.keys("*c");
        answer_all(&mut desk, 0, |offer| {
            let operation = if live { app_operation() } else { vm_operation() };
            let active = if offer.raw() == "contoso-app" {
                vec![operation]
            } else {
                Vec::new()
            };
            Ok(look(active, Source::Submissions))
        });
        desk.take(Msg::Painted);
        desk.rest();
        assert_eq!(desk.model.bulk().unwrap().answer(), answer);
        if live {
            desk.keys("1");
            desk.press(KeyCode::Enter);
            assert!(desk.cancels().is_empty());
            desk.press(KeyCode::Backspace);
            desk.keys("contoso-app");
            for told in ["enter cancels it · ", " enter cancel it "] {
                assert!(desk.screen().contains(told), "{}", desk.screen());
            }
            desk.press(KeyCode::Enter);
        } else {
            desk.keys("y");
        }
        assert_eq!(desk.cancels().len(), 1, "{answer:?}");
    }
}

#[test]
fn after_a_minute_it_looks_again_and_forgets_what_was_typed() {
    let mut desk = armed(3);
    desk.keys("3");
    desk.wait(Duration::from_mins(1));
    assert_eq!(looks(&desk), 6);
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty() && desk.model.bulk().is_some());
    answer_all(&mut desk, 3, see_many);
    desk.take(Msg::Painted);
    desk.rest();
    desk.press(KeyCode::Enter);
    assert!(desk.cancels().is_empty(), "enter alone leaves it");
}

#[test]
fn everyone_who_is_mailed_is_named() {
    let mut desk = armed(3);
    let named = ["ada", "grace", "barbara", "frances"].map(|name| format!("{name}@release.contoso.com"));
    desk.model.setup.notify = named.iter().map(|address| address.parse().unwrap()).collect();
    let screen = desk.screen();
    for address in &named {
        assert!(screen.contains(address), "{address}\n{screen}");
    }
}
