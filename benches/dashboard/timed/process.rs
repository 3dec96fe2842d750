//! The built programs in a terminal: time to the first screen, response to a key, memory, and exit.

use std::{
    env,
    ffi::OsString,
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    time::Duration,
};

use countermand::simulator::Scenario;
use rustix::process::Signal;

use super::{
    median,
    pty::{Burst, Pty},
};
use crate::{
    BARE,
    counted::{
        catalogue::Market,
        measure::{Budget, Measure, Unit, figure},
    },
};

const STARTS: usize = 11;
const KEYS: usize = 30;
const ENDS: usize = 5;
/// Time for which an idle program is observed.
const IDLE: Duration = Duration::from_secs(2);

/// Measures the program from outside, with `count` offers.
pub(crate) fn measures(count: usize) -> Vec<Measure> {
    let mut measures = starts();
    measures.extend(keys_and_memory(count));
    measures.extend(idle(count));
    measures.extend(ends());
    measures
}

/// Starts countermand on the service at `origin`.
fn ours(origin: &str, token: &str) -> Pty {
    let program = OsString::from(env!("CARGO_BIN_EXE_countermand"));
    let args = ["--base-url", origin, "--publisher", "contoso"];
    Pty::start(&program, &args, &[("COUNTERMAND_TOKEN", token)])
}

fn on(market: &Market) -> Pty {
    ours(&market.simulator.origin(), market.simulator.token())
}

fn bare() -> Pty {
    Pty::start(env::current_exe().unwrap().as_os_str(), &[BARE], &[])
}

fn market(offers: usize, in_flight: usize) -> Market {
    let text = format!("[generate]\noffers = {offers}\nin-flight = {in_flight}\n");
    Market::with(Scenario::parse(&text).unwrap())
}

type Times = Vec<Option<Duration>>;

fn milliseconds(what: &str, ours: Times, bare: Times, budget: Budget) -> Measure {
    Measure::new(what, Unit::Milliseconds, median(ours), budget).against(median(bare))
}

/// Measures the start on a service that accepts connections and never answers.
fn starts() -> Vec<Measure> {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let [mut our, mut their] = [Vec::new(), Vec::new()];
    for _ in 0..STARTS {
        our.push(ours(&origin, "token").shown("asking for the offers"));
        their.push(bare().shown("contoso-00001"));
    }
    let [firsts, their_firsts] = [&our, &their].map(|bursts| of(bursts, |burst| burst.first));
    let [frames, their_frames] = [&our, &their].map(|bursts| of(bursts, |burst| burst.last));
    vec![
        milliseconds("start to the first byte", firsts, their_firsts, Budget::None),
        milliseconds(
            "start to the first frame",
            frames,
            their_frames,
            Budget::Ratio(1.5),
        ),
    ]
}

fn of(bursts: &[Option<Burst>], time: impl Fn(&Burst) -> Duration) -> Times {
    bursts.iter().map(|burst| burst.as_ref().map(&time)).collect()
}

fn keys_and_memory(count: usize) -> Vec<Measure> {
    let market = market(count, 500);
    let mut our = on(&market);
    our.shown("500 in flight");
    // Waits until everything in view is loaded, so that only keys draw.
    our.listen(IDLE);
    let mut their = bare();
    their.shown("contoso-00001");
    let [mut presses, mut their_presses] = [Vec::new(), Vec::new()];
    for _ in 0..KEYS {
        presses.push(our.press("j"));
        their_presses.push(their.press("j"));
    }
    let [lasts, their_lasts] = [&presses, &their_presses].map(|bursts| of(bursts, |burst| burst.last));
    let [bytes, their_bytes] = [&presses, &their_presses].map(|bursts| {
        let mut bytes: Vec<usize> = bursts.iter().flatten().map(|burst| burst.bytes).collect();
        bytes.sort_unstable();
        bytes.get(bytes.len() / 2).copied().map_or(f64::INFINITY, figure)
    });
    let mut measures = vec![
        milliseconds(
            "a move in view, to the last byte",
            lasts,
            their_lasts,
            Budget::Ratio(1.5),
        ),
        Measure::new("a move in view", Unit::Bytes, bytes, Budget::Ratio(1.2)).against(their_bytes),
    ];
    if let (Some(our), Some(their)) = (resident(our.process()), resident(their.process())) {
        let what = "memory, 10,000 offers, 500 in flight";
        measures.push(Measure::new(what, Unit::Mebibytes, our, Budget::Most(24.0)).against(their));
    }
    measures
}

/// Measures idling with nothing in flight and no refresh due.
fn idle(count: usize) -> Vec<Measure> {
    let market = market(count, 0);
    let mut our = on(&market);
    our.shown("nothing in flight");
    let mut their = bare();
    their.shown("contoso-00001");
    our.listen(IDLE);
    let before = [&our, &their].map(|pty| wakeups(pty.process()));
    let bytes = [our.listen(IDLE), their.listen(Duration::ZERO)];
    let after = [&our, &their].map(|pty| wakeups(pty.process()));
    let mut measures = vec![
        Measure::new("idle for 2 s", Unit::Bytes, figure(bytes[0]), Budget::Most(0.0))
            .against(figure(bytes[1])),
    ];
    let woken = |at: usize| Some(figure(after[at]?.saturating_sub(before[at]?)));
    if let (Some(our), Some(their)) = (woken(0), woken(1)) {
        let what = "idle for 2 s, wake-ups of all threads";
        measures.push(Measure::new(what, Unit::Times, our, Budget::Most(0.0)).against(their));
    }
    measures
}

fn ends() -> Vec<Measure> {
    let market = market(100, 3);
    let ways = [
        ("q to the terminal restored", None),
        ("TERM to the terminal restored", Some(Signal::TERM)),
        ("HUP to the terminal restored", Some(Signal::HUP)),
        ("INT to the terminal restored", Some(Signal::INT)),
    ];
    ways.map(|(what, signal)| {
        let [mut our, mut their] = [Vec::new(), Vec::new()];
        for _ in 0..ENDS {
            let (mut on_it, mut bare) = (on(&market), bare());
            on_it.shown("3 in flight");
            bare.shown("contoso-00001");
            our.push(on_it.leave(signal));
            their.push(bare.leave(signal));
        }
        let budget = Budget::Most(10.0);
        Measure::new(what, Unit::Milliseconds, median(our), budget).against(median(their))
    })
    .into()
}

/// Returns the resident memory of a process in MiB; none if the system does not report it.
fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kibibytes: u32 = field(&status, "VmRSS:")?.parse().ok()?;
    Some(f64::from(kibibytes) / 1024.0)
}

/// Returns the context switches of a process's threads; none if the system does not report them.
fn wakeups(process: u32) -> Option<usize> {
    let tasks = fs::read_dir(Path::new("/proc").join(process.to_string()).join("task")).ok()?;
    let waits = tasks.flatten().map(|task| {
        let status = fs::read_to_string(task.path().join("status")).ok()?;
        field(&status, "voluntary_ctxt_switches:")?.parse::<usize>().ok()
    });
    waits.sum()
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()
}
