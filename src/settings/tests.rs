//! Who beats whom, as tables.

use super::*;
use crate::domain::verdict::Exit;

const TWO: &str = "
[profiles.prod]
publisher = 'contoso'
base_url = 'https://prod.example'
[profiles.audit]
publisher = 'fabrikam'
read_only = true
";

/// Settings from a file that exists for the time of the call.
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
fn a_flag_beats_the_environment_which_beats_the_file() {
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
fn a_profile_is_chosen_or_asked_for() {
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
    for (file, profile, told) in [
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
        assert_eq!(error.to_string(), told);
        assert_eq!(error.exit(), Exit::Usage);
    }
}

#[test]
fn read_only_by_flag_or_environment_covers_every_profile() {
    let flag = |profile: &str, read_only| Flags {
        read_only,
        ..flags(Some(profile), None, None)
    };
    let on = [("COUNTERMAND_READ_ONLY", "1")];
    let off = [("COUNTERMAND_READ_ONLY", "off")];
    for (flags, variables, by) in [
        (flag("prod", false), &[][..], None),
        (flag("prod", false), &off, None),
        (flag("prod", true), &off, Some(ReadOnlyBy::Everywhere)),
        (flag("prod", false), &on, Some(ReadOnlyBy::Everywhere)),
        (flag("audit", false), &off, Some(ReadOnlyBy::Profile)),
        (flag("audit", true), &[], Some(ReadOnlyBy::Everywhere)),
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
fn what_is_missing_says_what_to_set_and_names_the_demo() {
    let settings = load("", &Flags::default(), &[]).unwrap();
    assert_eq!(settings.origin.value.as_str(), ORIGIN);
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
        assert!(token.to_string().contains(what), "{token}");
    }
    for error in [publisher, token] {
        assert!(error.to_string().contains("countermand demo"), "{error}");
    }
}

#[test]
fn an_address_with_a_path_is_refused_by_the_name_of_who_said_it() {
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
fn a_file_that_was_asked_for_must_be_there() {
    let environment = Environment::from_iter([("COUNTERMAND_CONFIG", "/nowhere/settings.toml")]);
    let error = Settings::load(&Flags::default(), &environment).unwrap_err();
    assert!(matches!(error, SettingsError::Unreadable { .. }), "{error:?}");
}

#[test]
fn a_token_at_hand_beats_the_profile_which_beats_the_variables_of_an_application() {
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
fn the_token_is_never_shown() {
    let settings = load("", &Flags::default(), &[("COUNTERMAND_TOKEN", "s3cret")]).unwrap();
    let environment = Environment::from_iter([("COUNTERMAND_TOKEN", "s3cret")]);
    assert!(!format!("{settings:?} {environment:?}").contains("s3cret"));
}
