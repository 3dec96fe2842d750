use super::CredentialSettings;

fn read(text: &str) -> Result<CredentialSettings, toml::de::Error> {
    toml::from_str(text)
}

#[test]
fn every_kind_is_read_and_written_unchanged() {
    for text in [
        "kind = 'environment'",
        "kind = 'environment'\nvariable = 'MY_TOKEN'",
        "kind = 'file'\npath = '/run/token'",
        "kind = 'command'\ncommand = ['az', 'account', 'get-access-token']\ntimeout = '10s'",
        "kind = 'client-secret'\ntenant = 't'\nclient = 'c'\nsecret_env = 'S'\nscope = 's/.default'",
        "kind = 'client-secret'\nsecret_file = '/s'\nauthority = 'https://login.microsoftonline.us'",
        "kind = 'client-certificate'\ncertificate = '/c.pem'",
        "kind = 'managed-identity'",
        "kind = 'managed-identity'\nclient = 'c'",
        "kind = 'managed-identity'\nobject = 'o'",
        "kind = 'managed-identity'\nresource = '/r'",
        "kind = 'workload-identity'\ntoken_file = '/t'",
        "kind = 'azure-cli'\ntenant = 't'\nsubscription = 's'",
        "kind = 'device-code'\nclient = 'c'",
    ] {
        let settings = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let written = toml::to_string(&settings).unwrap();
        assert_eq!(read(&written).unwrap(), settings, "{written}");
        assert_eq!(written.lines().count(), text.lines().count(), "{written}");
    }
    assert_eq!(CredentialSettings::KINDS.len(), 9);
}

#[test]
fn errors_are_named_with_their_place() {
    for (text, what, line) in [
        ("kind = 'file'\npaht = '/t'", "unknown field `paht`", 2),
        ("kind = 'fiel'", "unknown variant `fiel`", 1),
        ("kind = 'file'\npath = 7", "invalid type", 2),
        (
            "kind = 'command'\ncommand = ['x']\ntimeout = '-1s'",
            "longer than nothing",
            3,
        ),
        ("path = '/t'", "missing field `kind`", 1),
        ("kind = 'file'", "kind `file` needs `path`", 1),
        (
            "kind = 'command'\ncommand = []",
            "kind `command` needs `command`",
            1,
        ),
        (
            "kind = 'file'\npath = '/t'\ntenant = 't'",
            "kind `file` has no `tenant`",
            1,
        ),
        (
            "kind = 'azure-cli'\nauthority = 'https://x'",
            "has no `authority`",
            1,
        ),
        (
            "kind = 'client-secret'\nsecret_env = 'A'\nsecret_file = 'B'",
            "not in both",
            1,
        ),
        (
            "kind = 'managed-identity'\nclient = 'A'\nobject = 'B'",
            "named by one of",
            1,
        ),
        (
            "kind = 'device-code'\nauthority = 'http://login.example'",
            "plain http",
            1,
        ),
        (
            "kind = 'client-secret'\nsecret = 'hush'",
            "unknown field `secret`",
            2,
        ),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.message().contains(what), "{text}: {error}");
        let at = error.span().map_or(0, |span| span.start);
        assert_eq!(text[..at].matches('\n').count() + 1, line, "{text}: {error}");
    }
}
