use jiff::tz::TimeZone;

use super::*;
use crate::cli::io::tests::text as written;

fn all() -> Vec<EffectiveSetting> {
    let one = |setting: &str, value: Option<&str>, source| EffectiveSetting {
        setting: setting.into(),
        value: value.map(SafeText::new),
        source,
        advice: None,
    };
    vec![
        one("profile", Some("prod"), SettingSource::Flag("--profile")),
        EffectiveSetting {
            advice: Some("name one".into()),
            ..one("publisher", None, SettingSource::Default)
        },
        one(
            "timeout",
            Some("30m"),
            SettingSource::File {
                path: "/s\x1b.toml".into(),
                line: Some(7),
            },
        ),
        one(
            "COUNTERMAND_TOKEN",
            None,
            SettingSource::Variable("COUNTERMAND_TOKEN".into()),
        ),
    ]
}

fn ran(json: bool) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        ask: None,
        zone: TimeZone::UTC,
    };
    assert_eq!(run(&all(), ConfigArgs { json }, &mut io), Exit::Done);
    written(&out).to_owned()
}

#[test]
fn a_table_and_under_it_what_to_do() {
    insta::assert_snapshot!(ran(false), @r"
    SETTING            VALUE    FROM
    profile            prod     --profile
    publisher          not set  default
    timeout            30m      /s^[.toml:7
    COUNTERMAND_TOKEN  not set  -

    publisher: name one
    ");
}

#[test]
fn the_json_is_one_array_with_all_keys() {
    insta::assert_snapshot!(ran(true), @r#"
    [
    {"setting":"profile","value":"prod","source":"flag","from":"--profile","line":null,"advice":null},
    {"setting":"publisher","value":null,"source":"default","from":null,"line":null,"advice":"name one"},
    {"setting":"timeout","value":"30m","source":"file","from":"/s^[.toml","line":7,"advice":null},
    {"setting":"COUNTERMAND_TOKEN","value":null,"source":"environment","from":"COUNTERMAND_TOKEN","line":null,"advice":null}
    ]
    "#);
}
