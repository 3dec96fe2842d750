//! Precedence of the sources, as tables.

use secrecy::ExposeSecret as _;

use super::*;
use crate::{domain::verdict::Exit, settings::Places};

const TWO: &str = "
[profiles.prod]
publisher = 'contoso'
base_url = 'https://prod.example'
[profiles.audit]
publisher = 'fabrikam'
read_only = true
";

/// Loads settings from a temporary file.
fn load(
    file: &str,
    flags: &Flags,
    variables: &[(&'static str, &'static str)],
) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), file).unwrap();
    let mut environment: Environment = variables.iter().copied().collect();
    environment.places = Some(Places {
        config: folder.path().into(),
        state: folder.path().into(),
    });
    Settings::load(flags, &environment)
}

fn flags(profile: Option<&str>, publisher: Option<&str>, base_url: Option<&str>) -> Flags {
    Flags {
        profile: profile.map(Into::into),
        publisher: publisher.map(Into::into),
        base_url: base_url.map(Into::into),
        ..Flags::default()
    }
}

#[test]
fn quotes_around_a_variable_are_removed() {
    for around in [["", " "], ["\"", "\"\r"], [" '", "' \n"]] {
        let value = |value: &str| format!("{}{value}{}", around[0], around[1]);
        let (publisher, origin) = (value("contoso"), value("https://a.example"));
        let (read_only, token) = (value("yes"), value("token"));
        let variables = [
            ("COUNTERMAND_PUBLISHER", publisher.as_str()),
            ("COUNTERMAND_BASE_URL", &origin),
            ("COUNTERMAND_READ_ONLY", &read_only),
            ("COUNTERMAND_TOKEN", &token),
        ];
        let environment: Environment = variables.into_iter().collect();
        let settings = Settings::load(&Flags::default(), &environment).unwrap();
        assert_eq!(settings.publisher().unwrap().raw(), "contoso");
        assert_eq!(settings.origin.value.as_str(), "https://a.example");
        assert!(settings.is_read_only_everywhere());
        assert_eq!(
            environment.secret("COUNTERMAND_TOKEN").unwrap().expose_secret(),
            "token"
        );
    }
}

#[test]
fn paths_of_the_file_are_relative_to_it_or_home() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cm.toml");
    let environment = Environment::from_iter([("HOME", "/home/ada")]);
    let flags = Flags {
        config: Some(file.clone()),
        ..Flags::default()
    };
    let beside = |path: &str| folder.path().join(path);
    for (credential, word, place) in [
        ("kind = 'file'\npath", "token", beside("token")),
        ("kind = 'file'\npath", "~/token", "/home/ada/token".into()),
        ("kind = 'file'\npath", "/token", "/token".into()),
        (
            "kind = 'client-certificate'\ncertificate",
            "c.pem",
            beside("c.pem"),
        ),
        (
            "kind = 'workload-identity'\ntoken_file",
            "~/t",
            "/home/ada/t".into(),
        ),
        ("kind = 'client-secret'\nsecret_file", "s", beside("s")),
    ] {
        let text =
            format!("[profiles.a]\nca_file = '{word}'\n[profiles.a.credential]\n{credential} = '{word}'");
        std::fs::write(&file, text).unwrap();
        let settings = Settings::load(&flags, &environment).unwrap();
        assert_eq!(settings.ca_file.as_ref(), Some(&place));
        let text = format!("{:?}", settings.credential().unwrap().source);
        assert!(text.contains(&format!("{place:?}")), "{text}");
    }
    for (program, place) in [
        ("token.sh", "token.sh".into()),
        ("./token.sh", beside("./token.sh")),
        ("~/token.sh", "/home/ada/token.sh".into()),
    ] {
        let text = format!("[profiles.a.credential]\nkind = 'command'\ncommand = ['{program}', './x']");
        std::fs::write(&file, text).unwrap();
        let settings = Settings::load(&flags, &environment).unwrap();
        let text = format!("{:?}", settings.credential().unwrap().source);
        assert!(text.contains(&format!("[{place:?}, \"./x\"]")), "{text}");
    }
}

#[test]
fn flag_beats_environment_beats_file() {
    let variables = [
        ("COUNTERMAND_PUBLISHER", "by-variable"),
        ("COUNTERMAND_BASE_URL", "https://variable.example"),
    ];
    let prod = Some("prod");
    for (flags, variables, publisher, origin, source) in [
        (
            flags(prod, None, None),
            &[][..],
            "contoso",
            "https://prod.example",
            Source::File,
        ),
        (
            flags(prod, None, None),
            &variables,
            "by-variable",
            "https://variable.example",
            Source::Environment,
        ),
        (
            flags(prod, Some("by-flag"), Some("https://flag.example")),
            &variables,
            "by-flag",
            "https://flag.example",
            Source::Flag,
        ),
    ] {
        let settings = load(TWO, &flags, variables).unwrap();
        assert_eq!(settings.publisher().unwrap().raw(), publisher);
        assert_eq!(settings.origin.value.as_str(), origin);
        assert_eq!(settings.origin.source, source);
        assert_eq!(settings.publisher.unwrap().source, source);
    }
}

#[test]
fn profile_is_chosen_or_required() {
    let by_file = format!("default_profile = 'audit'\n{TWO}");
    let one = "[profiles.only]\npublisher = 'contoso'";
    let none = Flags::default();
    for (file, flags, variables, name) in [
        (TWO, &flags(Some("prod"), None, None), &[][..], "prod"),
        (TWO, &none, &[("COUNTERMAND_PROFILE", "audit")], "audit"),
        (&by_file, &none, &[], "audit"),
        (&by_file, &flags(Some("prod"), None, None), &[], "prod"),
        (one, &none, &[], "only"),
        ("", &none, &[], "default"),
        (TWO, &flags(None, Some("x"), None), &[], "default"),
    ] {
        let settings = load(file, flags, variables).unwrap();
        assert_eq!(settings.profile.value.as_str(), name);
    }
    for (file, profile, expected) in [
        (
            TWO,
            Some("prd"),
            "there is no profile `prd`; did you mean `prod`?",
        ),
        (
            TWO,
            Some("zzz"),
            "there is no profile `zzz`; the settings file has audit, prod",
        ),
        (
            "",
            Some("a"),
            "there is no profile `a`; the settings file has none",
        ),
        (
            TWO,
            None,
            "which profile? the settings file has audit, prod; choose with --profile NAME, COUNTERMAND_PROFILE or \
             `default_profile` in the file",
        ),
    ] {
        let error = load(file, &flags(profile, None, None), &[]).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.exit(), Exit::Usage);
    }
}

#[test]
fn read_only_flag_or_variable_covers_every_profile() {
    let flag = |profile: &str, read_only| Flags {
        read_only,
        ..flags(Some(profile), None, None)
    };
    let on = [("COUNTERMAND_READ_ONLY", "1")];
    let off = [("COUNTERMAND_READ_ONLY", "off")];
    for (flags, variables, by) in [
        (flag("prod", false), &[][..], None),
        (flag("prod", false), &off, None),
        (flag("prod", true), &off, Some(ReadOnly::Everywhere)),
        (flag("prod", false), &on, Some(ReadOnly::Everywhere)),
        (flag("audit", false), &off, Some(ReadOnly::Profile)),
        (flag("audit", true), &[], Some(ReadOnly::Everywhere)),
    ] {
        assert_eq!(load(TWO, &flags, variables).unwrap().read_only, by);
    }
    let unclear = load(TWO, &flag("prod", false), &[("COUNTERMAND_READ_ONLY", "maybe")]).unwrap_err();
    assert_eq!(
        unclear.to_string(),
        "COUNTERMAND_READ_ONLY: `maybe` is neither 1 nor 0"
    );
}

#[test]
fn missing_settings_name_a_remedy_and_the_demo() {
    let settings = load("", &Flags::default(), &[]).unwrap();
    assert_eq!(settings.origin.value.as_str(), Origin::marketplace().as_str());
    assert_eq!(settings.timeout, TIMEOUT);
    let publisher = settings.publisher().unwrap_err();
    assert_eq!(publisher.exit(), Exit::Usage);
    assert!(publisher.to_string().contains("COUNTERMAND_PUBLISHER"));
    let token = settings.credential().unwrap_err();
    assert_eq!(token.exit(), Exit::SignIn);
    for what in [
        "COUNTERMAND_TOKEN",
        "kind = \"device-code\"",
        "set AZURE_TENANT_ID, AZURE_CLIENT_ID, ",
    ] {
        let remedies = token.remedies();
        let ways = remedies.iter().filter(|remedy| remedy.contains(what));
        assert_eq!(ways.count(), 1, "a way a line: {remedies:?}");
    }
    for error in [publisher, token] {
        assert!(error.to_string().contains("countermand demo"), "{error}");
    }
}

#[test]
fn url_with_a_path_is_refused_naming_its_source() {
    let by_flag = flags(None, None, Some("https://x/api"));
    let by_variable = [("COUNTERMAND_BASE_URL", "http://elsewhere")];
    for (flags, variables, from) in [
        (&by_flag, &[][..], "--base-url: "),
        (&Flags::default(), &by_variable, "COUNTERMAND_BASE_URL: "),
    ] {
        let error = load("", flags, variables).unwrap_err();
        assert!(error.to_string().starts_with(from), "{error}");
    }
}

#[test]
fn requested_file_must_exist() {
    let environment = Environment::from_iter([("COUNTERMAND_CONFIG", "/nowhere/settings.toml")]);
    let error = Settings::load(&Flags::default(), &environment).unwrap_err();
    assert!(matches!(error, SettingsError::Unreadable { .. }), "{error:?}");
}

#[test]
fn environment_token_beats_profile_beats_application_variables() {
    const TOKEN: (&str, &str) = ("COUNTERMAND_TOKEN", "t");
    const APPLICATION: [(&str, &str); 3] = [
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "client"),
        ("AZURE_CLIENT_SECRET", "s3cret"),
    ];
    let [tenant, client, secret] = APPLICATION;
    let environment = CredentialSource::Environment { variable: None };
    let cli = CredentialSource::AzureCli {
        tenant: None,
        subscription: None,
    };
    let application = CredentialSource::ClientSecret {
        tenant: None,
        client: None,
        secret: None,
    };
    let with = "[profiles.a]\npublisher = 'contoso'\ncredential = { kind = 'azure-cli' }";
    for (file, variables, meant, source) in [
        (
            with,
            &[TOKEN, tenant, client, secret][..],
            &environment,
            Source::Environment,
        ),
        (with, &[tenant, client, secret], &cli, Source::File),
        (with, &[("COUNTERMAND_TOKEN", "")], &cli, Source::File),
        ("", &[tenant, client, secret], &application, Source::Environment),
    ] {
        let settings = load(file, &Flags::default(), variables).unwrap();
        let credential = settings.credential.unwrap();
        assert_eq!((&credential.value.source, credential.source), (meant, source));
    }
    let settings = load("", &Flags::default(), &[tenant, secret]).unwrap();
    let error = settings.credential().unwrap_err();
    let unset = vec!["AZURE_CLIENT_ID"];
    assert_eq!(error, SettingsError::NoCredential { unset });
}

#[test]
fn token_is_never_shown() {
    let settings = load("", &Flags::default(), &[("COUNTERMAND_TOKEN", "s3cret")]).unwrap();
    let environment = Environment::from_iter([("COUNTERMAND_TOKEN", "s3cret")]);
    assert!(!format!("{settings:?} {environment:?}").contains("s3cret"));
}

const SEVERAL: &str = "
[profiles.audit]
publisher = 'contoso'
read_only = true
credential = { kind = 'azure-cli' }
[profiles.fabrikam]
publisher = 'fabrikam'
base_url = 'https://fabrikam.example'
[profiles.lab]
base_url = 'http://127.0.0.1:1'
read_only = true
[profiles.own]
publisher = 'own'
base_url = 'https://own.example'
credential = { kind = 'environment', variable = 'OWN_TOKEN' }
[profiles.greedy]
publisher = 'greedy'
base_url = 'https://greedy.example'
credential = { kind = 'environment', variable = 'COUNTERMAND_TOKEN' }
[profiles.same]
publisher = 'same'
";

#[test]
fn publisher_alone_selects_its_profile() {
    for (publisher, base_url, name, read_only) in [
        ("contoso", None, "audit", true),
        ("CONTOSO", None, "audit", true),
        ("contoso", Some("https://cloudpartner.azure.com"), "audit", true),
        ("contoso", Some("https://elsewhere.example"), "default", false),
        ("fabrikam", None, "fabrikam", false),
        ("stranger", Some("http://127.0.0.1:1"), "lab", true),
        ("stranger", Some("https://elsewhere.example"), "default", false),
    ] {
        let settings = load(SEVERAL, &flags(None, Some(publisher), base_url), &[]).unwrap();
        let is_read_only = settings.read_only.is_some();
        assert_eq!(
            (settings.profile.value.as_str(), is_read_only),
            (name, read_only),
            "{publisher} {base_url:?}"
        );
        let by_variable = load(
            SEVERAL,
            &flags(None, None, base_url),
            &[("COUNTERMAND_PUBLISHER", publisher)],
        );
        assert_eq!(
            by_variable.unwrap().profile.value.as_str(),
            name,
            "{publisher} {base_url:?}"
        );
    }
}

#[test]
fn publisher_beats_the_default_profile_and_several_are_ambiguous() {
    let usual = format!("default_profile = 'same'\n{SEVERAL}");
    let settings = load(&usual, &flags(None, Some("contoso"), None), &[]).unwrap();
    assert_eq!(settings.read_only, Some(ReadOnly::Profile));
    let twice = format!("{SEVERAL}\n[profiles.prod]\npublisher = 'contoso'");
    let error = load(&twice, &flags(None, Some("contoso"), None), &[]).unwrap_err();
    assert!(error.to_string().contains("audit, prod"), "{error}");
    let usual = format!("default_profile = 'prod'\n{twice}");
    let settings = load(&usual, &flags(None, Some("contoso"), None), &[]).unwrap();
    assert_eq!(settings.profile.value.as_str(), "prod");
}

fn sources(file: &str, flags: &Flags, variables: &[(&'static str, &'static str)]) -> Sources {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("settings.toml");
    std::fs::write(&config, file).unwrap();
    let flags = Flags {
        config: Some(config),
        ..flags.clone()
    };
    Sources::read(&flags, &variables.iter().copied().collect()).unwrap()
}

#[test]
fn overrides_stay_with_the_profile_at_the_start() {
    let variables = [
        ("COUNTERMAND_TOKEN", "s3cret"),
        ("COUNTERMAND_PUBLISHER", "by-variable"),
        ("COUNTERMAND_BASE_URL", "https://variable.example"),
        ("OWN_TOKEN", "t"),
    ];
    let sources = sources(SEVERAL, &flags(Some("same"), None, None), &variables);
    let started = sources.started().unwrap();
    assert_eq!(started.origin.value.as_str(), "https://variable.example");
    let own = sources.switched(&"own".into(), &started).unwrap();
    assert_eq!(own.publisher().unwrap().raw(), "own");
    assert_eq!(own.origin.value.as_str(), "https://own.example");
    assert!(own.credential().is_ok());
    for elsewhere in ["greedy", "fabrikam", "lab"] {
        let settings = sources.switched(&elsewhere.into(), &started).unwrap();
        let home = started.origin.value.clone();
        assert_eq!(
            settings.credential().unwrap_err(),
            SettingsError::CredentialStays { home },
            "{elsewhere}"
        );
    }
    let back = sources.switched(&"same".into(), &started).unwrap();
    assert_eq!(back.publisher().unwrap().raw(), "by-variable");
    let error = sources.switched(&"nobody".into(), &started).unwrap_err();
    assert!(matches!(error, SettingsError::NoProfile { .. }), "{error}");
}

#[test]
fn same_service_profile_uses_its_own_or_the_environment_sign_in() {
    let sources = sources(
        SEVERAL,
        &flags(Some("same"), None, None),
        &[("COUNTERMAND_TOKEN", "s3cret")],
    );
    let started = sources.started().unwrap();
    let audit = sources.switched(&"audit".into(), &started).unwrap();
    assert!(matches!(
        audit.credential().unwrap().source,
        CredentialSource::AzureCli { .. }
    ));
    let sources = self::sources(
        SEVERAL,
        &flags(Some("audit"), None, None),
        &[("COUNTERMAND_TOKEN", "s3cret")],
    );
    let started = sources.started().unwrap();
    let same = sources.switched(&"same".into(), &started).unwrap();
    assert!(matches!(
        same.credential().unwrap().source,
        CredentialSource::Environment { variable: None }
    ));
}

#[test]
fn read_only_everywhere_survives_a_profile_switch() {
    let flags = Flags {
        read_only: true,
        ..flags(Some("same"), None, None)
    };
    let sources = sources(SEVERAL, &flags, &[]);
    let started = sources.started().unwrap();
    for named in sources.profiles(&started) {
        assert_eq!(named.read_only, Some(ReadOnly::Everywhere));
        let settings = sources.switched(&named.name, &started).unwrap();
        assert_eq!(settings.read_only, Some(ReadOnly::Everywhere));
    }
}

#[test]
fn every_profile_is_listed_including_the_implicit_one() {
    let names = |sources: &Sources| -> Vec<String> {
        let started = sources.started().unwrap();
        let all = sources.profiles(&started);
        all.iter().map(|named| named.name.to_string()).collect()
    };
    assert_eq!(
        names(&sources(TWO, &flags(Some("prod"), None, None), &[])),
        ["audit", "prod"]
    );
    assert_eq!(
        names(&sources(TWO, &flags(None, Some("x"), None), &[])),
        ["default", "audit", "prod"]
    );
    assert_eq!(names(&sources("", &Flags::default(), &[])), ["default"]);
}
