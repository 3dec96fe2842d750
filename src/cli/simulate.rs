//! `simulate`: a practice marketplace on this machine, until it is ended.

use std::fmt::Write as _;

use crate::{
    cli::{Io, args::SimulateArgs},
    domain::verdict::Exit,
    simulator::{Options, Scenario, Simulator},
};

/// Serves until `ended` resolves, then ends with success: ending it is how it is used.
pub async fn run(args: &SimulateArgs, ended: impl Future<Output = Exit>, io: &mut Io<'_>) -> Exit {
    let Some(scenario) = Scenario::bundled(&args.scenario) else {
        io.complain(&unknown(&args.scenario));
        return Exit::Usage;
    };
    let options = Options {
        listen: args.listen,
        scenario,
        speed: args.speed,
        token: None,
    };
    let simulator = match Simulator::start(options).await {
        Ok(simulator) => simulator,
        Err(error) => {
            io.complain(&format!(
                "cannot listen on {}: {error}; choose another port, or 0 for any",
                args.listen
            ));
            return Exit::Failure;
        }
    };
    // Whoever closed the pipe has read the address; what it started with it goes on.
    let exit = io.finish(&greeting(args, &simulator), Exit::Done);
    ended.await;
    simulator.stop().await;
    exit
}

fn unknown(name: &str) -> String {
    let mut text = format!("there is no scenario {name:?}; there are:");
    let width = Scenario::names().map(str::len).max().unwrap_or_default();
    for name in Scenario::names() {
        let summary = Scenario::summary(name).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {name:<width$}  {summary}");
    }
    text
}

fn greeting(args: &SimulateArgs, simulator: &Simulator) -> String {
    let (origin, token, publisher) = (simulator.origin(), simulator.token(), simulator.publisher());
    format!(
        "scenario   {}\naddress    {origin}\ntoken      {token}\npublisher  {publisher}\n\n\
         In another shell:\n  \
         export COUNTERMAND_BASE_URL={origin}\n  \
         export COUNTERMAND_TOKEN={token}\n  \
         export COUNTERMAND_PUBLISHER={publisher}\n  \
         countermand\n\n\
         Serving until interrupted (ctrl-c).\n",
        args.scenario
    )
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::cli::io::tests::text;

    fn args(scenario: &str) -> SimulateArgs {
        SimulateArgs {
            listen: ([127, 0, 0, 1], 0).into(),
            scenario: scenario.to_owned(),
            speed: 1.0,
        }
    }

    async fn simulate(scenario: &str) -> (Exit, Vec<u8>, Vec<u8>) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = Io {
            out: &mut out,
            err: &mut err,
            ask: None,
            zone: TimeZone::UTC,
        };
        let exit = run(&args(scenario), std::future::ready(Exit::Interrupted), &mut io).await;
        (exit, out, err)
    }

    #[tokio::test]
    async fn it_says_how_to_reach_it() {
        let (exit, out, _) = simulate("demo").await;
        assert_eq!(exit, Exit::Done);
        for line in [
            "address    http://127.0.0.1:",
            "export COUNTERMAND_BASE_URL=http://127.0.0.1:",
            "export COUNTERMAND_TOKEN=",
            "export COUNTERMAND_PUBLISHER=contoso",
        ] {
            assert!(text(&out).contains(line), "{line}");
        }
    }

    #[tokio::test]
    async fn an_unknown_scenario_lists_the_known_ones() {
        let (exit, out, err) = simulate("no\u{1b}such").await;
        assert_eq!(exit, Exit::Usage);
        assert!(out.is_empty());
        assert!(text(&err).contains("\n  demo"));
        assert!(!text(&err).contains('\u{1b}'));
    }
}
