//! What the command line takes, what it refuses, and what its help says.

use clap::{CommandFactory as _, error::ErrorKind};

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("countermand").chain(line.split_whitespace()))
}

fn cancel(line: &str) -> CancelArgs {
    match parse(&format!("cancel {line}")).unwrap().command {
        Some(Command::Cancel(args)) => args,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tree_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn no_verb_is_the_dashboard() {
    let cli = parse("--profile prod --read-only").unwrap();
    assert!(cli.command.is_none());
    assert_eq!(cli.flags.profile.as_deref(), Some("prod"));
    assert!(cli.flags.read_only);
}

#[test]
fn global_flags_stand_after_a_verb_too() {
    let cli = parse("offers --in-flight --publisher contoso").unwrap();
    assert_eq!(cli.flags.publisher.as_deref(), Some("contoso"));
    assert!(matches!(
        cli.command,
        Some(Command::Offers(OffersArgs {
            in_flight: true,
            json: false
        }))
    ));
}

#[test]
fn a_cancel_has_its_defaults() {
    let args = cancel("contoso-vm");
    assert_eq!(args.offer.raw(), "contoso-vm");
    assert_eq!(args.timeout, None);
    assert!(args.notify.is_empty() && args.operation.is_none());
    assert!(!(args.yes || args.again || args.dry_run || args.no_wait || args.json));
}

#[test]
fn a_cancel_takes_all_it_can() {
    let args = cancel(
        "contoso-vm --operation 5A63 --notify a@x,b@y --yes --again --dry-run --no-wait --timeout 1h30m --json",
    );
    assert_eq!(args.operation, Some(OperationName::Id("5A63".into())));
    assert_eq!(
        args.notify.iter().map(Address::as_str).collect::<Vec<_>>(),
        ["a@x", "b@y"]
    );
    assert_eq!(args.timeout, Some(Duration::from_mins(90)));
    assert!(args.yes && args.again && args.dry_run && args.no_wait && args.json);
}

#[test]
fn durations_are_friendly() {
    for (raw, seconds) in [
        ("90s", 90),
        ("30m", 1800),
        ("2h", 7200),
        ("PT5M", 300),
        ("1 hour, 5 mins", 3900),
    ] {
        assert_eq!(
            duration(raw).map(|duration| duration.as_secs()),
            Ok(seconds),
            "{raw}"
        );
    }
    assert_eq!(duration("720h"), Ok(LONGEST));
    for raw in [
        "",
        "30",
        "0s",
        "-5m",
        "soon",
        "1 month",
        "721h",
        "2562047788015215h",
    ] {
        assert!(duration(raw).is_err(), "{raw:?}");
    }
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    for line in [
        "cancel",
        "cancel ../contoso",
        "cancel contoso-vm --operation a/b",
        "cancel contoso-vm --notify nobody",
        "cancel contoso-vm --timeout 30",
        "operations",
        "follow ../a",
        "follow --timeout 0s",
        "history --limit -1",
        "history a1 --limit 1",
        "offers contoso-vm",
        "simulate --listen 0.0.0.0:80",
        "simulate --listen example.com:80",
        "simulate --speed 0",
        "simulate --speed NaN",
        "completions ksh",
        "cancle contoso-vm",
        "--token secret",
    ] {
        let error = parse(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}

#[test]
fn the_simulator_listens_on_this_machine_alone() {
    for (raw, fine) in [
        ("127.0.0.1:0", true),
        ("[::1]:8080", true),
        ("127.8.8.8:1", true),
        ("192.168.0.1:1", false),
    ] {
        assert_eq!(loopback(raw).is_ok(), fine, "{raw}");
    }
}

/// What `countermand VERB --help` prints, wrapped at 80 columns whatever the terminal has. The flags that every verb takes
/// are another room's words.
fn help(verb: &str) -> String {
    let mut program = Cli::command().term_width(80);
    for name in program
        .get_arguments()
        .map(|arg| arg.get_id().clone())
        .collect::<Vec<_>>()
    {
        program = program.mut_arg(name, |arg| arg.hide(true));
    }
    program.build();
    let error = program
        .try_get_matches_from(
            ["countermand", verb, "--help"]
                .into_iter()
                .filter(|word| !word.is_empty()),
        )
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DisplayHelp);
    error.to_string()
}

#[test]
fn the_help_says() {
    for verb in [
        "",
        "demo",
        "offers",
        "operations",
        "cancel",
        "follow",
        "history",
        "simulate",
        "completions",
        "man",
    ] {
        let name = if verb.is_empty() { "help" } else { verb };
        insta::assert_snapshot!(format!("help_{name}"), help(verb));
    }
}
