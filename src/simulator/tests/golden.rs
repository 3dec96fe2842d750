//! Every answer on the wire, to the byte: each route on each bundled scenario, before a cancel and after it.

use std::fmt::Write as _;

use jiff::SignedDuration;
use reqwest::header::HeaderMap;

use super::*;

/// Enough for every scenario but the generated catalogue, whose offers differ in nothing but their names.
const OFFERS: usize = 16;
/// Bytes of a body that are shown; of what is longer, its length too.
const SHOWN: usize = 16_000;

/// A scenario that runs, and what it answered.
struct Golden<'a> {
    bench: Bench,
    lines: String,
    bodies: &'a mut Vec<String>,
}

impl Golden<'_> {
    /// Asks, and notes the answer: a body that was seen before by its number alone.
    async fn note(&mut self, method: Method, target: &str) {
        let _ = write!(self.lines, "{method} {}", shorten(target));
        let Ok(response) = soon(self.bench.send(method, target)).await else {
            self.lines.push_str(" lost\n");
            return;
        };
        let status = response.status().as_u16();
        let headers = self.headers(response.headers());
        let body = self.number(response.text().await.unwrap());
        let _ = writeln!(self.lines, " {status} #{body}{headers}");
    }

    /// The headers that differ from answer to answer, and whether those that never do are there.
    fn headers(&self, headers: &HeaderMap) -> String {
        let mut shown: Vec<_> = SHOWN_HEADERS
            .iter()
            .flat_map(|name| headers.get_all(*name).iter().map(move |value| (name, value)))
            .map(|(name, value)| format!(" {name}={}", self.portable(value.to_str().unwrap())))
            .filter(|header| header != " content-type=application/json; charset=utf-8")
            .collect();
        if !STAMPS.iter().all(|name| headers.contains_key(*name)) {
            shown.push(" unstamped".into());
        }
        shown.concat()
    }

    /// A header without the ports of this run.
    fn portable(&self, value: &str) -> String {
        let value = shorten(value).replace(&self.bench.simulator.origin(), "{origin}");
        match value.split_once("http://127.0.0.1:") {
            Some((_, rest)) => format!("{{foreign}}{}", rest.trim_start_matches(char::is_numeric)),
            None => value,
        }
    }

    /// The number of a body, which is shown once.
    fn number(&mut self, mut body: String) -> usize {
        if body.len() > SHOWN {
            let end = (0..SHOWN / 8)
                .rev()
                .find(|at| body.is_char_boundary(*at))
                .unwrap();
            body = format!("{}… {} bytes", &body[..end], body.len());
        }
        if body.contains(|c: char| c.is_control()) {
            body = body.escape_debug().to_string();
        }
        let known = self.bodies.iter().position(|known| *known == body);
        known.unwrap_or_else(|| {
            self.bodies.push(body);
            self.bodies.len() - 1
        })
    }

    async fn get(&mut self, target: &str) {
        self.note(Method::GET, target).await;
    }

    /// The routes on an offer whose answers move.
    async fn look(&mut self, publisher: &str, offer: &str) {
        let path = format!("/api/publishers/{publisher}/offers/{offer}");
        self.get(&format!("{path}/status?{VERSION}")).await;
        self.get(&format!("{path}/submissions/?{VERSION}")).await;
        for operation in self.bench.simulator.operations(offer) {
            self.get(&format!("{path}/operations/{operation}?{VERSION}"))
                .await;
        }
        self.get(&format!(
            "/api/operations/{publisher}${offer}$2$preview?{VERSION}"
        ))
        .await;
    }

    /// The offer in its slots.
    async fn whole(&mut self, publisher: &str, offer: &str) {
        let path = format!("/api/publishers/{publisher}/offers/{offer}");
        self.get(&format!("{path}?{VERSION}")).await;
        for slot in ["draft", "Preview", "production"] {
            self.get(&format!("{path}/slot/{slot}?{VERSION}")).await;
        }
    }

    async fn lists(&mut self) {
        self.get(&format!("/api/publishers?{VERSION}")).await;
        self.get(&format!("/api/offerTypes?{VERSION}")).await;
        self.get(&format!("/api/publishers/contoso/offers?{VERSION}"))
            .await;
    }
}

const VERSION: &str = "api-version=2017-10-31";
const SHOWN_HEADERS: [&str; 6] = [
    "content-type",
    "location",
    "operation-location",
    "retry-after",
    "allow",
    "www-authenticate",
];
const STAMPS: [&str; 5] = [
    "cache-control",
    "pragma",
    "expires",
    "server",
    "x-ms-correlation-request-id",
];

/// Leaves out what every target shares.
fn shorten(target: &str) -> String {
    target
        .replace("/api/publishers/contoso/offers", "…")
        .replace(VERSION, "v")
        .replace("-0000-1000-0000-000000000000", "-…")
}

/// The scenario, without waits of real time, in a world that stands still until it is moved on.
fn still(name: &str) -> Options {
    let mut scenario = Scenario::bundled(name).unwrap();
    scenario.epoch = Some("2026-03-01T12:00:00Z".parse().unwrap());
    scenario.latency = SignedDuration::ZERO;
    for offer in &mut scenario.offers {
        offer.cancel.latency = SignedDuration::ZERO;
    }
    Options {
        speed: f64::MIN_POSITIVE,
        ..Options::new(scenario)
    }
}

async fn play(name: &str, bodies: &mut Vec<String>) -> String {
    let options = still(name);
    let mut offers = options.scenario.offers.clone();
    offers.truncate(OFFERS);
    let offers: Vec<_> = offers
        .into_iter()
        .map(|offer| match offer.publisher.as_str() {
            "" => ("contoso".to_owned(), offer.id),
            _ => (offer.publisher, offer.id),
        })
        .collect();
    let mut golden = Golden {
        bench: Bench::run(options).await,
        lines: format!("== {name}\n"),
        bodies,
    };
    golden.lists().await;
    for (publisher, offer) in &offers {
        golden.whole(publisher, offer).await;
        golden.look(publisher, offer).await;
    }
    // A cancel whose answer never comes is left out: nothing can be noted of it.
    for (publisher, offer) in offers.iter().filter(|_| name != "hanging-answer") {
        let cancel = format!("/api/publishers/{publisher}/offers/{offer}/cancel?{VERSION}");
        golden.note(Method::POST, &cancel).await;
        golden.look(publisher, offer).await;
        golden.note(Method::POST, &cancel).await;
        let carried_out = golden.bench.simulator.carried_out(offer);
        let _ = writeln!(golden.lines, "carried out: {carried_out}");
    }
    golden.bench.pass(30);
    golden.lists().await;
    for (publisher, offer) in &offers {
        golden.look(publisher, offer).await;
    }
    golden.lines
}

#[tokio::test]
async fn the_wire_stays_as_it_is() {
    let mut bodies = Vec::new();
    let mut answers = String::new();
    for name in Scenario::names() {
        answers.push_str(&play(name, &mut bodies).await);
    }
    insta::assert_snapshot!("answers", answers);
    let numbered = bodies
        .iter()
        .enumerate()
        .map(|(n, body)| format!("#{n} {body}\n"));
    insta::assert_snapshot!("bodies", numbered.collect::<String>());
}

#[tokio::test]
async fn the_gate_stays_as_it_is() {
    let mut bodies = Vec::new();
    let mut golden = Golden {
        bench: Bench::run(still("accepted-location")).await,
        lines: String::new(),
        bodies: &mut bodies,
    };
    let offers = "/api/publishers/contoso/offers";
    for (method, target) in [
        (Method::GET, format!("{offers}?api-version=2016-08-01-preview")),
        (Method::GET, format!("{offers}?$filter=odd&{VERSION}")),
        (Method::GET, format!("/api/publishers/adatum/offers?{VERSION}")),
        (Method::GET, format!("{offers}/no-such/status?{VERSION}")),
        (Method::GET, format!("{offers}/contoso-vm/versions/7?{VERSION}")),
        (
            Method::GET,
            format!("{offers}/contoso-vm/operations/no-such?{VERSION}"),
        ),
        (Method::GET, format!("{offers}/contoso-vm/cancel?{VERSION}")),
        (Method::DELETE, format!("{offers}?{VERSION}")),
        (
            Method::GET,
            format!("/api/operations/contoso$contoso-vm$3$preview?{VERSION}"),
        ),
        (Method::GET, format!("/nowhere?{VERSION}")),
    ] {
        golden.note(method, &target).await;
    }
    // The bench keeps the first token.
    golden.bench.simulator.renew_token("another");
    golden.get(&format!("{offers}?{VERSION}")).await;
    let lines = std::mem::take(&mut golden.lines);
    insta::assert_snapshot!(format!("{lines}\n{}", bodies.join("\n")));
}
