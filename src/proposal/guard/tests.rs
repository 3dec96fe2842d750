use super::*;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn down(key: Key) -> Press {
    Press { key, is_held: false }
}

/// Painted at 0, quiet, told at 400 and with nothing waiting.
fn armed() -> Guard {
    let mut guard = Guard::default();
    guard.on_painted(ms(0));
    assert!(!guard.all_read(ms(399)) && !guard.tells_how());
    assert!(!guard.all_read(ms(400)) && guard.tells_how());
    guard.on_painted(ms(400));
    assert_eq!(guard.stage, Stage::Armed);
    guard
}

/// The same, and confirmed at 1000.
fn answered() -> Guard {
    let mut guard = armed();
    assert!(!guard.pressed(Key::Yes, ms(1000)));
    assert_eq!(guard.answer(down(Key::Yes), None, ms(1000)), Reaction::Stay);
    assert_eq!(guard.wake_at(), Some(ms(1150)));
    guard
}

#[test]
fn what_confirms_counts_when_it_stayed_alone() {
    let mut guard = answered();
    assert!(!guard.all_read(ms(1149)));
    assert!(guard.all_read(ms(1150)));
    // The key itself again is no other, and does not put it off either.
    let mut guard = answered();
    assert!(guard.pressed(Key::Yes, ms(1140)));
    assert!(guard.all_read(ms(1150)));
}

#[test]
fn another_key_after_it_has_the_quiet_begin_anew() {
    let mut guard = answered();
    assert!(guard.pressed(Key::Letter('x'), ms(1100)));
    assert_eq!(guard.stage, Stage::Quiet(ms(1100)));
    assert!(!guard.all_read(ms(1499)) && !guard.tells_how());
    guard.all_read(ms(1500));
    assert!(guard.tells_how());
}

#[test]
fn a_stall_has_the_quiet_begin_anew_from_wherever_it_is() {
    let mut rested = Guard::default();
    rested.on_painted(ms(0));
    rested.all_read(ms(400));
    for mut guard in [rested, armed(), answered()] {
        guard.unrest(ms(2000));
        assert_eq!(guard.stage, Stage::Quiet(ms(2000)));
        assert_eq!(guard.typed, Typed::default());
    }
    let mut unseen = Guard::default();
    unseen.unrest(ms(2000));
    assert_eq!(unseen.stage, Stage::Unseen, "it has yet to be painted");
}

#[test]
fn nothing_is_armed_before_all_that_was_typed_was_read() {
    let mut guard = Guard::default();
    guard.on_painted(ms(0));
    // It is late, and says that nothing more waits only after the key that did.
    assert!(guard.pressed(Key::Yes, ms(900)));
    guard.all_read(ms(900));
    assert_eq!(guard.stage, Stage::Quiet(ms(900)));
    guard.all_read(ms(1300));
    assert!(guard.is_about_to_tell());
    assert!(guard.pressed(Key::Yes, ms(1301)));
    assert_eq!(guard.stage, Stage::Quiet(ms(1301)));
}

#[test]
fn a_text_that_is_wanted_is_typed_entered_and_left_alone() {
    let mut guard = armed();
    let enter = |guard: &mut Guard, at| {
        guard.pressed(Key::Enter, ms(at));
        guard.answer(down(Key::Enter), Some("ab"), ms(at))
    };
    assert_eq!(enter(&mut guard, 500), Reaction::Leave, "nothing was typed");
    for letter in ['a', 'b'] {
        guard.answer(down(Key::Letter(letter)), Some("ab"), ms(600));
    }
    assert_eq!(enter(&mut guard, 700), Reaction::Stay);
    assert!(!guard.all_read(ms(849)) && guard.all_read(ms(850)));
    let mut guard = armed();
    guard.answer(down(Key::Letter('b')), Some("ab"), ms(600));
    assert_eq!(enter(&mut guard, 700), Reaction::Stay);
    assert!(guard.typed.is_wrong && !guard.all_read(ms(9000)));
}

#[test]
fn what_is_typed_is_edited_and_never_much_longer_than_what_is_wanted() {
    for (keys, typed) in [
        (vec![Key::Letter('a'), Key::Letter('u')], "au"),
        (vec![Key::Letter('a'), Key::Letter('b'), Key::Backspace], "a"),
        (vec![Key::Backspace], ""),
        (vec![Key::Letter('a'), Key::Clear], ""),
        (vec![Key::Letter('a'), Key::Other], "a"),
        (vec![Key::Letter('a'), Key::Yes], "a"),
        (vec![Key::Letter('a'), Key::Letter('\u{202e}')], "a"),
        (vec![Key::Letter('x'); 40], "xxxxxxxxxxxxxx"),
    ] {
        let mut guard = armed();
        for key in &keys {
            assert_eq!(guard.answer(down(*key), Some("abc"), ms(500)), Reaction::Stay);
        }
        assert_eq!(guard.typed.text, typed, "{keys:?}");
    }
}

#[test]
fn what_does_not_fit_is_said_until_something_is_taken_away() {
    let mut guard = armed();
    let mut typed = |key| {
        guard.answer(down(key), Some("abc"), ms(500));
        guard.typed.is_full
    };
    for _ in 0..14 {
        assert!(!typed(Key::Letter('x')));
    }
    assert!(typed(Key::Letter('x')));
    assert!(!typed(Key::Backspace));
}

#[test]
fn a_key_that_is_held_enters_nothing() {
    let held = |key| Press { key, is_held: true };
    let mut guard = armed();
    assert_eq!(guard.answer(held(Key::Yes), None, ms(500)), Reaction::Stay);
    assert_eq!(guard, armed());
    guard.answer(held(Key::Letter('a')), Some("a"), ms(500));
    assert_eq!(guard.answer(held(Key::Enter), Some("a"), ms(500)), Reaction::Stay);
    assert!(!guard.is_answered() && guard.typed.text == "a");
}

#[test]
fn what_was_wrong_is_said_until_it_is_edited() {
    let mut guard = armed();
    let answer = |guard: &mut Guard, key| guard.answer(down(key), Some("ab"), ms(500));
    answer(&mut guard, Key::Letter('b'));
    answer(&mut guard, Key::Enter);
    assert!(guard.typed.is_wrong);
    answer(&mut guard, Key::Other);
    assert!(guard.typed.is_wrong, "that edits nothing");
    answer(&mut guard, Key::Backspace);
    assert_eq!(guard.typed, Typed::default());
}

#[test]
fn only_what_has_rested_is_about_to_tell_and_a_disturbed_one_begins_anew() {
    let mut guard = Guard::default();
    assert!(!guard.is_about_to_tell());
    guard.on_painted(ms(0));
    assert!(!guard.is_about_to_tell());
    guard.all_read(ms(400));
    assert!(guard.is_about_to_tell());
    guard.on_painted(ms(400));
    assert!(!guard.is_about_to_tell() && !answered().is_about_to_tell());

    let typed = |mut guard: Guard| {
        guard.answer(down(Key::Letter('a')), Some("ab"), ms(500));
        assert_eq!(guard.typed.text, "a");
        guard
    };
    let mut disturbed = typed(guard.clone());
    disturbed.invalidate();
    assert_eq!(disturbed, Guard::default());
    // What was typed goes with the quiet that it was typed in.
    let mut restless = typed(guard);
    restless.unrest(ms(2000));
    assert_eq!(
        (restless.stage, restless.typed),
        (Stage::Quiet(ms(2000)), Typed::default())
    );
}
