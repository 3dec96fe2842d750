use super::*;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn key(code: KeyCode) -> KeyEvent {
    code.into()
}

/// Painted at 0, quiet, told at 400 and with nothing waiting.
fn armed() -> Guard {
    let mut guard = Guard::default();
    guard.painted(ms(0));
    assert!(!guard.all_read(ms(399)) && !guard.tells_how());
    assert!(!guard.all_read(ms(400)) && guard.tells_how());
    guard.painted(ms(400));
    assert_eq!(guard.stage, Stage::Armed);
    guard
}

/// The same, and confirmed at 1000.
fn answered() -> Guard {
    let mut guard = armed();
    let y = key(KeyCode::Char('y'));
    assert!(!guard.pressed(y, ms(1000)));
    assert_eq!(
        guard.answer(Some(Command::Confirm), y, None, ms(1000)),
        Given::Nothing
    );
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
    assert!(guard.pressed(key(KeyCode::Char('y')), ms(1140)));
    assert!(guard.all_read(ms(1150)));
}

#[test]
fn another_key_after_it_has_the_quiet_begin_anew() {
    let mut guard = answered();
    assert!(guard.pressed(key(KeyCode::Char('x')), ms(1100)));
    assert_eq!(guard.stage, Stage::Quiet(ms(1100)));
    assert!(!guard.all_read(ms(1499)) && !guard.tells_how());
    guard.all_read(ms(1500));
    assert!(guard.tells_how());
}

#[test]
fn a_stall_has_the_quiet_begin_anew_from_wherever_it_is() {
    let mut rested = Guard::default();
    rested.painted(ms(0));
    rested.all_read(ms(400));
    for mut guard in [rested, armed(), answered()] {
        guard.unrest(ms(2000));
        assert_eq!(guard.stage, Stage::Quiet(ms(2000)));
        assert_eq!(guard.typed, TypedId::default());
    }
    let mut unseen = Guard::default();
    unseen.unrest(ms(2000));
    assert_eq!(unseen.stage, Stage::Unseen, "it has yet to be painted");
}

#[test]
fn nothing_is_armed_before_all_that_was_typed_was_read() {
    let mut guard = Guard::default();
    guard.painted(ms(0));
    // It is late, and says that nothing more waits only after the key that did.
    assert!(guard.pressed(key(KeyCode::Char('y')), ms(900)));
    guard.all_read(ms(900));
    assert_eq!(guard.stage, Stage::Quiet(ms(900)));
    guard.all_read(ms(1300));
    assert!(guard.is_about_to_tell());
    assert!(guard.pressed(key(KeyCode::Char('y')), ms(1301)));
    assert_eq!(guard.stage, Stage::Quiet(ms(1301)));
}

#[test]
fn a_text_that_is_wanted_is_typed_entered_and_left_alone() {
    let mut guard = armed();
    let enter = |guard: &mut Guard, at| {
        let enter = key(KeyCode::Enter);
        guard.pressed(enter, ms(at));
        guard.answer(Some(Command::Accept), enter, Some("ab"), ms(at))
    };
    assert_eq!(enter(&mut guard, 500), Given::Leave, "nothing was typed");
    for letter in ['a', 'b'] {
        let letter = key(KeyCode::Char(letter));
        guard.answer(None, letter, Some("ab"), ms(600));
    }
    assert_eq!(enter(&mut guard, 700), Given::Nothing);
    assert!(!guard.all_read(ms(849)) && guard.all_read(ms(850)));
    let mut guard = armed();
    guard.answer(None, key(KeyCode::Char('b')), Some("ab"), ms(600));
    assert_eq!(enter(&mut guard, 700), Given::Nothing);
    assert!(guard.typed.is_wrong && !guard.all_read(ms(9000)));
}

#[test]
fn what_is_typed_is_edited_and_never_much_longer_than_what_is_wanted() {
    let plain = |letter| key(KeyCode::Char(letter));
    let with = |letter, modifiers| KeyEvent::new(KeyCode::Char(letter), modifiers);
    let backspace = key(KeyCode::Backspace);
    for (keys, typed) in [
        (vec![plain('a'), plain('u')], "au"),
        (vec![plain('a'), plain('b'), backspace], "a"),
        (vec![backspace], ""),
        (vec![plain('a'), with('u', KeyModifiers::CONTROL)], ""),
        (vec![plain('a'), with('u', KeyModifiers::ALT)], "a"),
        (vec![plain('a'), with('x', KeyModifiers::CONTROL)], "a"),
        (vec![with('A', KeyModifiers::SHIFT)], "A"),
        (vec![plain('a'), plain('\u{202e}')], "a"),
        (vec![plain('a'), key(KeyCode::Left)], "a"),
        (vec![plain('x'); 40], "xxxxxxxxxxxxxx"),
    ] {
        let mut guard = armed();
        for key in &keys {
            assert_eq!(guard.answer(None, *key, Some("abc"), ms(500)), Given::Nothing);
        }
        assert_eq!(guard.typed.text, typed, "{keys:?}");
    }
}

#[test]
fn what_was_wrong_is_said_until_it_is_edited() {
    let mut guard = armed();
    let answer = |guard: &mut Guard, command, code| guard.answer(command, key(code), Some("ab"), ms(500));
    answer(&mut guard, None, KeyCode::Char('b'));
    answer(&mut guard, Some(Command::Accept), KeyCode::Enter);
    assert!(guard.typed.is_wrong);
    answer(&mut guard, None, KeyCode::Left);
    assert!(guard.typed.is_wrong, "that edits nothing");
    answer(&mut guard, None, KeyCode::Backspace);
    assert_eq!(guard.typed, TypedId::default());
}

#[test]
fn only_what_has_rested_is_about_to_tell_and_a_disturbed_one_begins_anew() {
    let mut guard = Guard::default();
    assert!(!guard.is_about_to_tell());
    guard.painted(ms(0));
    assert!(!guard.is_about_to_tell());
    guard.all_read(ms(400));
    assert!(guard.is_about_to_tell());
    guard.painted(ms(400));
    assert!(!guard.is_about_to_tell() && !answered().is_about_to_tell());

    let typed = |mut guard: Guard| {
        guard.answer(None, key(KeyCode::Char('a')), Some("ab"), ms(500));
        assert_eq!(guard.typed.text, "a");
        guard
    };
    let mut disturbed = typed(guard.clone());
    disturbed.disturb();
    assert_eq!(disturbed, Guard::default());
    // What was typed goes with the quiet that it was typed in.
    let mut restless = typed(guard);
    restless.unrest(ms(2000));
    assert_eq!(
        (restless.stage, restless.typed),
        (Stage::Quiet(ms(2000)), TypedId::default())
    );
}
