//! Requests of a large catalogue, beside loops that know the URLs in advance and ignore the answers.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use tokio::{
    runtime::{Builder, Runtime},
    time::Instant,
};

use super::{median, timed};
use crate::counted::{
    catalogue::{self, Market},
    measure::{Budget, Measure, Unit},
};

const ROUNDS: usize = 5;
/// Latency of the service's answers.
const LATENCY: Duration = Duration::from_millis(50);
/// Maximum number of concurrent requests.
const AT_ONCE: usize = 16;

/// Measures loading the first screen of a large catalogue.
pub(crate) fn measures() -> Vec<Measure> {
    let market = Market::large(LATENCY);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(catalogue::read(&market));
    let requests = market.simulator.requests();
    let urls: Vec<String> = requests
        .iter()
        .map(|request| format!("{}{}", market.simulator.origin(), request.target))
        .collect();
    let token = market.simulator.token();
    let [mut ours, mut plain, mut curls] = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        ours.push(Some(runtime.block_on(catalogue::read(&market))));
        plain.push(Some(looped(&runtime, &urls, token)));
        curls.push(curl(&urls, token));
    }
    let (ours, plain, curls) = (median(ours), median(plain), median(curls));
    let against =
        |what: &str, bare, budget| Measure::new(what, Unit::Milliseconds, ours, budget).against(bare);
    let mut measures = vec![against("against reqwest, 16 at once", plain, Budget::None)];
    if curls.is_finite() {
        let what = "against curl -Z --parallel-max 16";
        measures.push(against(what, curls, Budget::Ratio(1.0)));
    }
    measures
}

/// Requests the list first, then all the rest.
fn looped(runtime: &Runtime, urls: &[String], token: &str) -> Duration {
    let (list, rest) = urls.split_first().unwrap();
    runtime.block_on(async {
        let began = Instant::now();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let get = async |url: &String| {
            let answer = client.get(url).bearer_auth(token).send().await.unwrap();
            answer.bytes().await.unwrap().len()
        };
        get(list).await;
        let answers = stream::iter(rest).map(get).buffer_unordered(AT_ONCE);
        answers.count().await;
        began.elapsed()
    })
}

/// Requests the same with curl; none if curl is not installed.
fn curl(urls: &[String], token: &str) -> Option<Duration> {
    let (list, rest) = urls.split_first()?;
    let run = |urls: &[&String]| {
        let mut curl = Command::new("curl");
        curl.args(["-sf", "-Z", "--parallel-max", &AT_ONCE.to_string()]);
        curl.args(["--noproxy", "*", "-H", &format!("Authorization: Bearer {token}")]);
        for url in urls {
            curl.args(["-o", "/dev/null", url.as_str()]);
        }
        let status = curl.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let mut is_done = true;
    let took = timed(|| is_done = run(&[list]) && run(&rest.iter().collect::<Vec<_>>()));
    is_done.then_some(took)
}
