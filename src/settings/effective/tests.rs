use super::*;
use crate::settings::{Environment, Flags};

const FILE: &str = "default_profile = 'prod'
[profiles.prod]
publisher = 'contoso'
notify = ['a@contoso.com', 'b@contoso.com']
[profiles.prod.poll]
list = '2min'
[profiles.prod.credential]
kind = 'command'
command = ['curl', '-H', 'Authorization: hush-hush']
";

fn effective(
    file: &str,
    flags: Flags,
    variables: &[(&'static str, &'static str)],
) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    std::fs::write(&path, file).unwrap();
    let flags = Flags {
        config: Some(path.clone()),
        ..flags
    };
    let sources = Sources::read(&flags, &variables.iter().copied().collect::<Environment>()).unwrap();
    let all = sources.effective(&sources.started().unwrap());
    let source = |source: SettingSource| match source {
        SettingSource::Flag(name) => name.to_owned(),
        SettingSource::Variable(name) => name.to_string(),
        SettingSource::File { path: at, line } => {
            assert_eq!(at, path);
            format!("line {}", line.unwrap())
        }
        SettingSource::Default => "default".to_owned(),
    };
    all.into_iter()
        .map(|one| {
            let value = one
                .value
                .map_or_else(|| "-".to_owned(), |value| value.to_string());
            (one.setting.to_string(), value, source(one.source))
        })
        .collect()
}

#[track_caller]
fn assert_effective(all: &[(String, String, String)], setting: &str, value: &str, source: &str) {
    let found = all.iter().find(|(name, ..)| name == setting);
    let (_, own, by) = found.unwrap_or_else(|| panic!("no {setting}: {all:?}"));
    assert_eq!((own.as_str(), by.as_str()), (value, source), "{setting}");
}

#[test]
fn each_setting_has_its_source_and_line() {
    let variables = [
        ("COUNTERMAND_BASE_URL", "http://127.0.0.1:1"),
        ("HTTPS_PROXY", "http://ada:hush-hush@proxy:3128"),
        ("AZURE_CLIENT_SECRET", "hush-hush"),
    ];
    let flags = Flags {
        plain: true,
        read_only: true,
        ..Flags::default()
    };
    let all = effective(FILE, flags, &variables);
    for (setting, value, source) in [
        ("profile", "prod", "line 1"),
        ("publisher", "contoso", "line 3"),
        ("base_url", "http://127.0.0.1:1", "COUNTERMAND_BASE_URL"),
        ("credential.kind", "command", "line 7"),
        ("credential.command", "curl and 2 arguments", "line 7"),
        ("read_only", "yes, at every profile", "--read-only"),
        ("notify", "a@contoso.com, b@contoso.com", "line 4"),
        ("timeout", "30m", "default"),
        ("poll.list", "2m", "line 6"),
        ("poll.visible", "15s", "default"),
        ("plain", "yes", "--plain"),
        ("low_bandwidth", "no", "default"),
        ("COUNTERMAND_TOKEN", "-", "COUNTERMAND_TOKEN"),
        ("AZURE_CLIENT_SECRET", "set", "AZURE_CLIENT_SECRET"),
        ("HTTPS_PROXY", "http://ada:***@proxy:3128", "HTTPS_PROXY"),
    ] {
        assert_effective(&all, setting, value, source);
    }
    assert!(!format!("{all:?}").contains("hush-hush"), "{all:?}");
}

#[test]
fn dashboard_settings_are_listed_key_by_key() {
    let file = "theme = 'dark'
tell = 'osc9'
[keys]
refresh = ['r', 'F5']
quit = []
[profiles.prod]
publisher = 'contoso'
";
    let all = effective(file, Flags::default(), &[]);
    for (setting, value, source) in [
        ("theme", "dark", "line 1"),
        ("mouse", "no", "default"),
        ("tell", "osc9", "line 2"),
        ("title", "yes", "default"),
        ("keys.refresh", "r, F5", "line 4"),
        ("keys.quit", "no key", "line 5"),
    ] {
        assert_effective(&all, setting, value, source);
    }
    let all = effective(&format!("{file}tell = 'osc777'\n"), Flags::default(), &[]);
    assert_effective(&all, "tell", "osc777", "line 8");
    let all = effective("", Flags::default(), &[]);
    assert_effective(&all, "theme", "default", "default");
}

#[test]
fn notification_is_shown_by_its_settings_word() {
    for tell in ["bell", "osc9", "osc777", "off"] {
        let all = effective(&format!("tell = '{tell}'"), Flags::default(), &[]);
        assert_effective(&all, "tell", tell, "line 1");
    }
}

#[test]
fn missing_settings_are_shown_with_a_remedy() {
    let sources = Sources::read(&Flags::default(), &Environment::default()).unwrap();
    let all = sources.effective(&sources.started().unwrap());
    for missing in ["settings file", "publisher", "credential"] {
        let one = all.iter().find(|one| one.setting.as_str() == missing).unwrap();
        assert_eq!(one.value, None);
        assert!(one.advice.is_some(), "{missing}");
    }
}

#[test]
fn environment_token_is_mentioned_and_not_shown() {
    let all = effective(FILE, Flags::default(), &[("COUNTERMAND_TOKEN", "hush-hush")]);
    assert_effective(&all, "credential.kind", "environment", "COUNTERMAND_TOKEN");
    assert_effective(&all, "COUNTERMAND_TOKEN", "set", "COUNTERMAND_TOKEN");
    assert!(!format!("{all:?}").contains("hush-hush"), "{all:?}");
}

#[test]
fn variable_of_a_profile_is_mentioned_set_or_not() {
    let file = "[profiles.a.credential]\nkind = 'client-secret'\nsecret_env = 'CONTOSO'";
    let all = effective(file, Flags::default(), &[]);
    assert_effective(&all, "CONTOSO", "-", "CONTOSO");
    let all = effective(file, Flags::default(), &[("CONTOSO", "hush-hush")]);
    assert_effective(&all, "CONTOSO", "set", "CONTOSO");
}

#[test]
fn passwords_are_fully_masked() {
    for (raw, shown) in [
        ("http://proxy:3128", "http://proxy:3128"),
        ("http://ada:p@ss@proxy:3128", "http://ada:***@proxy:3128"),
        ("http://ada:p/ss@proxy", "http://ada:***@proxy"),
        ("http://key@proxy", "http://***@proxy"),
        ("ada:pass@proxy:3128", "ada:***@proxy:3128"),
        (".contoso.com,localhost", ".contoso.com,localhost"),
    ] {
        assert_eq!(masked(raw), shown);
    }
}
