//! What it takes to confirm several at once.

use super::*;

#[test]
fn nothing_is_armed_before_every_look_has_arrived() {
    let mut app = TestApp::new(many(3));
    app.keys("*c");
    for (ticket, offer) in open_looks(&app, 0).into_iter().take(2) {
        let seen = see_many(&offer);
        reply(&mut app, ticket, offer, seen);
        app.take(Msg::Painted);
        app.rest();
    }
    app.keys("23y");
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty() && app.model.confirmation().is_some());
    answer_all(&mut app, 2, see_many);
    app.keys("3");
    app.press(KeyCode::Enter);
    assert!(
        app.cancels().is_empty(),
        "and not before that was painted and left alone"
    );
    app.take(Msg::Painted);
    app.rest();
    app.keys("3");
    app.press(KeyCode::Enter);
    assert_eq!(cancelled(&app), all_of(3));
}

#[test]
fn only_the_right_number_confirms() {
    for wrong in ["2", "4", "33", "y", "03", "3 "] {
        let mut app = armed(3);
        app.keys(wrong);
        app.press(KeyCode::Enter);
        assert!(app.cancels().is_empty(), "{wrong}");
        assert!(app.screen().contains("That is not how many"), "{}", app.screen());
        app.control('u');
        app.keys("3");
        for told in ["enter cancels them · ", " enter cancel them "] {
            assert!(app.screen().contains(told), "{}", app.screen());
        }
        app.press(KeyCode::Enter);
        assert_eq!(app.cancels().len(), 3, "{wrong}");
    }
}

#[test]
fn enter_alone_esc_and_a_held_enter_leave_all_alone() {
    let mut app = armed(3);
    app.press(KeyCode::Enter);
    assert_eq!(
        (app.cancels().len(), notice(&app)),
        (0, "the 3 marked offers were left alone")
    );
    assert_eq!(app.model.list.marks.count(), 3);
    let mut app = armed(3);
    app.keys("3");
    let mut held = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
    held.kind = KeyEventKind::Repeat;
    app.take(Msg::Terminal(Event::Key(held)));
    assert!(app.cancels().is_empty());
    app.press(KeyCode::Esc);
    assert!(app.cancels().is_empty() && app.model.confirmation().is_none());
}

#[test]
fn a_paste_confirms_nothing_and_has_it_painted_and_left_alone_anew() {
    let mut app = armed(3);
    app.take(Msg::Terminal(Event::Paste("3\r".to_owned())));
    app.keys("3");
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty());
    app.take(Msg::Painted);
    app.rest();
    app.press(KeyCode::Char('3'));
    app.press(KeyCode::Enter);
    assert_eq!(app.cancels().len(), 3);
}

#[test]
fn a_long_list_has_to_be_read_to_its_end() {
    let mut app = unpainted(60);
    app.take(Msg::Painted);
    app.rest();
    app.keys("60");
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty());
    assert!(
        app.screen().contains("more lines to read first"),
        "{}",
        app.screen()
    );
    let mut seen = String::new();
    for _ in 0..60 {
        seen.push_str(&app.screen());
        // However often it is pressed between two frames, nothing is passed over.
        app.press(KeyCode::PageDown);
        app.press(KeyCode::PageDown);
        app.press(KeyCode::PageDown);
        app.take(Msg::Painted);
    }
    app.rest();
    for n in 0..60 {
        assert!(seen.contains(&format!("offer-{n:03}")), "{n}");
    }
    app.keys("60");
    app.press(KeyCode::Enter);
    assert_eq!(cancelled(&app), all_of(60));
}

#[test]
fn a_window_too_small_to_read_it_arms_nothing() {
    let mut app = unpainted(3);
    app.resize(40, 10);
    app.take(Msg::Painted);
    for _ in 0..9 {
        app.press(KeyCode::PageDown);
        app.take(Msg::Painted);
    }
    app.rest();
    app.keys("3");
    assert!(
        app.screen().contains("enter cancels"),
        "it can be read at the least size\n{}",
        app.screen()
    );
    app.resize(39, 9);
    app.take(Msg::Painted);
    app.rest();
    app.keys("3");
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty());
}

#[test]
fn it_is_quiet_for_as_long_as_one_alone() {
    let mut app = unpainted(2);
    app.take(Msg::Painted);
    app.wait(Duration::from_millis(399));
    app.take(Msg::Painted);
    assert_eq!(app.model.place(), Place::Asked);
    app.press(KeyCode::Down);
    app.wait(Duration::from_millis(399));
    app.take(Msg::Painted);
    assert_eq!(app.model.place(), Place::Asked, "a key restarts it");
    app.rest();
    assert_eq!(app.model.place(), Place::Typing);
}

#[test]
fn one_that_is_left_of_several_is_asked_for_as_one_alone() {
    for (live, answer) in [(false, Required::Yes), (true, Required::Id("contoso-app".into()))] {
        let mut app = TestApp::new(quiet());
        app.keys("*c");
        answer_all(&mut app, 0, |offer| {
            let operation = if live { app_operation() } else { vm_operation() };
            let active = if offer.raw() == "contoso-app" {
                vec![operation]
            } else {
                Vec::new()
            };
            Ok(look(active, Source::Submissions))
        });
        app.take(Msg::Painted);
        app.rest();
        assert_eq!(app.model.confirmation().unwrap().proposal.required(), answer);
        if live {
            app.keys("1");
            app.press(KeyCode::Enter);
            assert!(app.cancels().is_empty());
            app.press(KeyCode::Backspace);
            app.keys("contoso-app");
            for told in ["enter cancels it · ", " enter cancel it "] {
                assert!(app.screen().contains(told), "{}", app.screen());
            }
            app.press(KeyCode::Enter);
        } else {
            app.keys("y");
        }
        assert_eq!(app.cancels().len(), 1, "{answer:?}");
    }
}

#[test]
fn after_a_minute_it_looks_again_and_forgets_what_was_typed() {
    let mut app = armed(3);
    app.keys("3");
    app.wait(Duration::from_mins(1));
    assert_eq!(looks(&app), 6);
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty() && app.model.confirmation().is_some());
    answer_all(&mut app, 3, see_many);
    app.take(Msg::Painted);
    app.rest();
    app.press(KeyCode::Enter);
    assert!(app.cancels().is_empty(), "enter alone leaves it");
}

#[test]
fn everyone_who_is_mailed_is_named() {
    let mut app = armed(3);
    let named = ["ada", "grace", "barbara", "frances"].map(|name| format!("{name}@release.contoso.com"));
    let dialog = app.model.confirmation_mut().unwrap();
    dialog.proposal.notify = named.iter().map(|address| address.parse().unwrap()).collect();
    let screen = app.screen();
    for address in &named {
        assert!(screen.contains(address), "{address}\n{screen}");
    }
}
