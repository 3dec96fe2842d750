//! Verbs through proxies. `service.test` has no address: it is reachable only through a proxy.

use countermand::simulator::Simulator;

use crate::{
    authority::Authority,
    front,
    program::{Program, Ran, market},
    proxy::{Proxy, Temper},
};

const SERVICE: &str = "https://service.test";
const CANCEL: &[&str] = &["cancel", "contoso-vm", "--yes", "--json"];

/// A marketplace behind TLS behind a proxy.
struct Street {
    simulator: Simulator,
    ca: Authority,
    proxy: Proxy,
}

impl Street {
    async fn with(temper: Temper) -> Self {
        let (simulator, ca) = (market("synchronous").await, Authority::new("Contoso Private CA"));
        let behind = if temper == Temper::Inspecting {
            simulator.origin().trim_start_matches("http://").parse().unwrap()
        } else {
            let config = ca.server(&["service.test"], &["http/1.1"], false);
            front::before(&simulator.origin(), config).await
        };
        let proxy = Proxy::leading_to(behind, temper).await;
        Self { simulator, ca, proxy }
    }

    fn program(&self, variable: &str, user: &str) -> Program {
        Program::new(CANCEL)
            .at(SERVICE, &self.simulator)
            .with(variable, &self.proxy.variable(user))
    }

    async fn run(&self, variable: &str, user: &str) -> Ran {
        self.program(variable, user).trusting(self.ca.file()).run().await
    }

    /// Asserts that the proxy saw no token.
    fn assert_only_connects(&self) {
        let seen = self.proxy.seen();
        assert!(!seen.is_empty());
        for request in seen {
            assert!(request.starts_with("CONNECT service.test:443\n"), "{request}");
            let lowercase = request.to_ascii_lowercase();
            assert!(
                !lowercase.contains("\nauthorization") && !request.contains(self.simulator.token()),
                "{request}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_passes_a_proxy_with_its_token_encrypted() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let street = Street::with(Temper::Open).await;
        let ran = street.run(variable, "").await;
        assert_eq!(ran.code, Some(0), "{variable}: {}", ran.all());
        assert!(ran.out.contains(r#""verdict":"canceled""#), "{}", ran.out);
        street.assert_only_connects();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn proxy_variable_is_read_despite_quotes_and_whitespace() {
    for (before, after) in [("", " "), ("", "/\r"), ("\"", "\""), (" '", "'\r")] {
        let street = Street::with(Temper::Open).await;
        let value = format!("{before}{}{after}", street.proxy.variable(""));
        let program = Program::new(CANCEL).at(SERVICE, &street.simulator);
        let program = program.with("HTTPS_PROXY", &value).trusting(street.ca.file());
        let ran = program.run().await;
        assert_eq!(ran.code, Some(0), "{value:?}: {}", ran.all());
        street.assert_only_connects();
    }
    let street = Street::with(Temper::Open).await;
    let program = street.program("https_proxy", "").with("HTTPS_PROXY", "");
    let ran = program.trusting(street.ca.file()).run().await;
    assert_eq!(ran.code, Some(0), "an empty one hides none: {}", ran.all());
    street.assert_only_connects();
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_proxy_variable_is_named_and_nothing_is_sent() {
    for (variable, value) in [
        ("HTTPS_PROXY", "ftp://ada:pass-word@proxy.test:3128"),
        ("https_proxy", "http://ada:pass-word@proxy.test:none"),
        ("ALL_PROXY", "http://pro xy"),
        ("NO_PROXY", "service.test:pass-word"),
    ] {
        let street = Street::with(Temper::Open).await;
        for arguments in [CANCEL, &["offers"]] {
            let program = Program::new(arguments).at(&street.simulator.origin(), &street.simulator);
            let ran = program.with(variable, value).run().await;
            assert_eq!(ran.code, Some(2), "{variable}: {}", ran.all());
            assert!(ran.err.contains(variable), "{}", ran.err);
            assert!(!ran.all().contains("pass-word"), "{}", ran.all());
        }
        assert_eq!(street.simulator.requests().len(), 0);
        let doctor = Program::new(&["doctor", "--json"]).at(SERVICE, &street.simulator);
        let ran = doctor.with(variable, value).run().await;
        let (state, words) = ran.found("proxy");
        assert_eq!(state, "fail", "{words}");
        assert!(
            words.contains(variable) && !ran.all().contains("pass-word"),
            "{words}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn proxy_password_is_sent_only_to_the_proxy() {
    let street = Street::with(Temper::Guarded).await;
    let ran = street.run("HTTPS_PROXY", "ada:pass-word@").await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    // The name and password end at the last @ before the host.
    let wrong = Street::with(Temper::Guarded).await;
    let ran = wrong.run("HTTPS_PROXY", "ada:pa@ss/word?x@").await;
    assert!(
        ran.err.contains("does not accept the name and password"),
        "{}",
        ran.err
    );
    assert!(!ran.all().contains("ss/word"), "{}", ran.all());
    wrong.assert_only_connects();
    street.assert_only_connects();
    for request in street.simulator.requests() {
        assert!(
            !format!("{request:?}").to_ascii_lowercase().contains("proxy-auth"),
            "{request:?}"
        );
    }
    for (user, words) in [
        ("", "wants a name and a password (407)"),
        ("ada:wrong-word@", "does not accept the name and password"),
    ] {
        let street = Street::with(Temper::Guarded).await;
        let ran = street.run("HTTPS_PROXY", user).await;
        assert_eq!(ran.code, Some(1), "{}", ran.all());
        assert!(ran.err.contains(words), "{}", ran.err);
        assert!(!ran.all().contains("-word"), "{}", ran.all());
        assert_eq!(street.simulator.requests().len(), 0);
        street.assert_only_connects();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusing_and_unreachable_proxies_are_named() {
    let street = Street::with(Temper::Closed).await;
    let ran = street.run("HTTPS_PROXY", "").await;
    assert!(
        ran.err.contains("refused the way to service.test:443"),
        "{}",
        ran.err
    );
    let dead = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let program = Program::new(CANCEL).at(SERVICE, &street.simulator);
    let ran = program.with("HTTPS_PROXY", &format!("http://{dead}")).run().await;
    assert!(
        ran.err.contains(&format!("the proxy {dead} cannot be reached")),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn inspecting_proxy_is_trusted_by_its_ca_and_named_otherwise() {
    let street = Street::with(Temper::Inspecting).await;
    let ran = street.program("HTTPS_PROXY", "").run().await;
    assert_eq!(ran.code, Some(1), "{}", ran.all());
    assert!(
        ran.err.contains("issued by CN=Contoso Inspection CA"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("if your company inspects TLS, give its CA"),
        "{}",
        ran.err
    );
    street.assert_only_connects();

    let ran = street
        .program("HTTPS_PROXY", "")
        .trusting(street.proxy.ca().file())
        .run()
        .await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(ran.out.contains(r#""verdict":"canceled""#), "{}", ran.out);
    let read = street
        .proxy
        .seen()
        .iter()
        .filter(|request| request.contains("/cancel?"))
        .count();
    assert_eq!(read, 1, "one cancel, and it was read along");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_proxy_hosts_are_reached_directly() {
    for entries in [
        ".test",
        "*.test",
        "a.test service.test:443",
        " service.test\r",
        "'service.test'",
    ] {
        let street = Street::with(Temper::Open).await;
        let ran = street
            .program("HTTPS_PROXY", "")
            .with("NO_PROXY", entries)
            .run()
            .await;
        assert!(
            ran.err.contains("the name service.test cannot be resolved"),
            "{}",
            ran.err
        );
        assert_eq!(street.proxy.seen().len(), 0);
    }
    let street = Street::with(Temper::Open).await;
    let program = street
        .program("HTTPS_PROXY", "")
        .with("NO_PROXY", "service.test:8443");
    let ran = program.trusting(street.ca.file()).run().await;
    assert_eq!(ran.code, Some(0), "another port is another place: {}", ran.all());
}
