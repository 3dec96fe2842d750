//! A scenario that is no scenario: what is wrong with it, and at which line and column.

use super::*;

#[test]
fn every_mistake_is_named_with_its_place() {
    let operation = "[[offers]]\nid = 'a'\n[[offers.operations]]\n";
    let script = "[[scripts]]\non = 'offers'\n";
    let texts = [
        "colour = 'red'".to_owned(),
        "latency = 3".into(),
        "latency = 'soon'".into(),
        "epoch = 'then'".into(),
        "publishers = []".into(),
        "[[publishers]]\nid = 'a'".into(),
        "[[publishers]]\nid = 'a'\nname = 'A'\ncolour = 'red'".into(),
        "[generate]\noffers = 3".into(),
        "[generate]\noffers = 3\nin-flight = 1\ncolour = 'red'".into(),
        "[[offers]]\nname = 'no id'".into(),
        "[[offers]]\nid = 3".into(),
        "[[offers]]\nid = 'a'\n\ncolour = 'red'".into(),
        "[[offers]]\nid = 'a'\nstatus = 3".into(),
        "[[offers]]\nid = 'a'\npublisher = 'nobody'".into(),
        "[[offers]]\nid = 'a/b'".into(),
        "[[offers]]\nid = 'a'\n[[offers]]\nid = 'a'".into(),
        "[[offers]]\nid = 'a'\nagain = '-3s'".into(),
        "[[offers]]\nid = 'a'\nsuperseded-at-look = 0".into(),
        "[[offers]]\nid = 'a'\ncancel = { colour = 'red' }".into(),
        "[[offers]]\nid = 'a'\ncancel = { location = 'moon' }".into(),
        "[[offers]]\nid = 'a'\ncancel = { outcome = 'moon' }".into(),
        "[[offers]]\nid = 'a'\ncancel = { takes = '999999h' }".into(),
        "[[offers]]\nid = 'a'\nquirks = { colour = 'red' }".into(),
        "[[offers]]\nid = 'a'\nquirks = { omit = 'red' }".into(),
        format!("{operation}colour = 'red'"),
        format!("{operation}kind = 'moon'"),
        format!("{operation}id = 3"),
        format!("{operation}lasts = '0s'"),
        format!("{operation}lasts = '999999h'"),
        format!("{operation}starts-in = '-1s'"),
        format!("{operation}page-words = 'red'"),
        format!("{operation}steps = [{{ id = 'a' }}]"),
        format!("{operation}steps = [{{ id = 'a', name = 'A', colour = 'red' }}]"),
        format!("{operation}steps = [{{ id = 'a', name = 'A', share = 0 }}]"),
        format!("{operation}messages = [{{ level = 'error' }}]"),
        format!("{operation}messages = [{{ html = 'a', colour = 'red' }}]"),
        format!("{script}answers = []"),
        "[[offers]]\nid = 'a'\n[[offers.scripts]]\non = 'cancel'\nanswers = []".into(),
        format!("{script}answers = [{{ is = 'moon' }}]"),
        format!("{script}answers = [{{ is = 'error' }}]"),
        format!("{script}answers = [{{ is = 'error', status = 99 }}]"),
        format!("{script}answers = [{{ is = 'error', status = 500, shape = 'moon' }}]"),
        format!("{script}answers = [{{ is = 'error', status = 500, retry-after = 'soon' }}]"),
        format!("{script}answers = [{{ is = 'error', status = 500, colour = 'red' }}]"),
        format!("{script}answers = [{{ is = 'error', status = 'high' }}]"),
        format!("{script}answers = [{{ is = 'lost', often = true }}]"),
        format!("{script}answers = [{{ is = 'empty', often = true }}]"),
        format!("{script}answers = [{{ is = 'raw' }}]"),
        format!("{script}colour = 'red'\nanswers = [{{ is = 'empty' }}]"),
        "[[scripts]]\non = 'moon'\nanswers = [{ is = 'empty' }]".into(),
        "offers = 3".into(),
    ];
    let errors = texts.map(|text| format!("{text}\n→ {}\n\n", Scenario::parse(&text).unwrap_err()));
    insta::assert_snapshot!(errors.concat());
}
