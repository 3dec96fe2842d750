//! Misleading locations and redirects on real sockets: how each is judged, which requests follow, and that no request
//! goes to another host.

use countermand::{
    domain::lead::{LeadsTo, UntrustedReason},
    engine::{
        failure::Class,
        ports::{Catalogue, SendFailure},
    },
};

use crate::{
    Cancels as _, TOKEN, client, contoso, sender,
    server::{Reply, Server, header},
    soon, target,
};

use Leads::{Astray, Broken, Home, Nowhere};
use UntrustedReason::{OtherOffer, OtherOrigin, OtherPublisher, UnknownShape};

/// Result of reading a location.
#[derive(Clone, Copy, Debug)]
enum Leads {
    /// Leads to this path of the service, which is called.
    Home(&'static str),
    /// Leads elsewhere, for this reason, and is not called.
    Astray(UntrustedReason),
    /// Names no location.
    Nowhere,
    /// Is not valid HTTP, so the whole answer is ignored.
    Broken,
}

/// Path of operation 9 of the canceled target.
const NINE: &str = "/api/publishers/contoso/offers/contoso-vm/operations/9";
const OLDER: &str = "/api/operations/contoso$contoso-vm$2$preview";

/// Values of `Location`. `{home}` is host and port of the service, `{away}` of another host, `{port}` the service's
/// port, `{away_port}` the other's; `{nine}` is the correct path.
const VALUES: &[(&str, Leads)] = &[
    // Correct forms.
    ("{nine}", Home(NINE)),
    ("{nine}?api-version=2017-10-31", Home(NINE)),
    ("{nine}/", Home(NINE)),
    ("http://{home}{nine}", Home(NINE)),
    ("HTTP://{home}{nine}", Home(NINE)),
    (
        "/API/Publishers/CONTOSO/Offers/Contoso-VM/Operations/9",
        Home(NINE),
    ),
    ("/api/operations/contoso$contoso-vm$2$preview", Home(OLDER)),
    (
        "/api/operations/contoso%24contoso-vm%242%24preview?x=1",
        Home(OLDER),
    ),
    // The part after the path is ignored.
    (
        "{nine}?api-version=2099-01-01&redirect=http://{away}/",
        Home(NINE),
    ),
    ("{nine}#@{away}/", Home(NINE)),
    ("{nine}?@{away}/", Home(NINE)),
    ("http://{home}{nine}?http://{away}/", Home(NINE)),
    // Another host.
    ("http://{away}{nine}", Astray(OtherOrigin)),
    ("http://{away}", Astray(OtherOrigin)),
    ("http://{away}?{home}{nine}", Astray(OtherOrigin)),
    ("http://{away}#{home}{nine}", Astray(OtherOrigin)),
    ("//{away}{nine}", Astray(OtherOrigin)),
    ("///{away}{nine}", Astray(OtherOrigin)),
    ("//{home}{nine}", Astray(OtherOrigin)),
    ("https://{home}{nine}", Astray(OtherOrigin)),
    ("ftp://{home}{nine}", Astray(OtherOrigin)),
    ("ws://{home}{nine}", Astray(OtherOrigin)),
    ("file:///{nine}", Astray(OtherOrigin)),
    ("javascript://{home}{nine}", Astray(OtherOrigin)),
    ("http://127.0.0.1:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://127.0.0.1{nine}", Astray(OtherOrigin)),
    ("http://127.0.0.1:0{port}{nine}", Astray(OtherOrigin)),
    ("http://127.0.0.1:+{port}{nine}", Astray(OtherOrigin)),
    ("http://127.0.0.1:{port}0{nine}", Astray(OtherOrigin)),
    ("http://{home}:80{nine}", Astray(OtherOrigin)),
    // The same machine by other names, each of which could lead elsewhere.
    ("http://localhost:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://localhost:{port}{nine}", Astray(OtherOrigin)),
    ("http://127.0.0.1.:{port}{nine}", Astray(OtherOrigin)),
    ("http://[::1]:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://[::ffff:127.0.0.1]:{port}{nine}", Astray(OtherOrigin)),
    ("http://[::ffff:7f00:1%25lo]:{port}{nine}", Astray(OtherOrigin)),
    ("http://2130706433:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://0x7f000001:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://0177.0.0.1:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://127.1:{away_port}{nine}", Astray(OtherOrigin)),
    ("http://0:{away_port}{nine}", Astray(OtherOrigin)),
    // Lookalike names.
    ("http://{home}@{away}{nine}", Astray(OtherOrigin)),
    ("http://user:secret@{home}{nine}", Astray(OtherOrigin)),
    ("http://{home}%40{away}{nine}", Astray(OtherOrigin)),
    ("http://{home}.evil.example{nine}", Astray(OtherOrigin)),
    ("http://evil.example/{home}{nine}", Astray(OtherOrigin)),
    ("http://xn--127-0-0-1{nine}", Astray(OtherOrigin)),
    ("http://１２７.0.0.1:{port}{nine}", Astray(OtherOrigin)),
    ("http://127。0。0。1:{port}{nine}", Astray(OtherOrigin)),
    ("http://%31%32%37.0.0.1:{port}{nine}", Astray(OtherOrigin)),
    ("http://{home}\u{ad}{nine}", Astray(OtherOrigin)),
    // Backslashes and whitespace, which some parsers read as slashes or not at all.
    ("http:\\\\{away}{nine}", Astray(UnknownShape)),
    ("\\\\{away}{nine}", Astray(UnknownShape)),
    ("/\\{away}{nine}", Astray(UnknownShape)),
    ("http://{home}\\@{away}{nine}", Astray(UnknownShape)),
    ("http://{away}\\{home}{nine}", Astray(UnknownShape)),
    ("/\t/{away}{nine}", Astray(UnknownShape)),
    ("ht\ttp://{away}{nine}", Astray(UnknownShape)),
    ("http://{home} {nine}", Astray(UnknownShape)),
    ("{nine}\u{a0}", Astray(UnknownShape)),
    ("{nine}\u{85}", Astray(UnknownShape)),
    ("http:{away}{nine}", Astray(UnknownShape)),
    ("http:/{away}{nine}", Astray(UnknownShape)),
    ("://{away}{nine}", Astray(OtherOrigin)),
    ("data:text/html,{nine}", Astray(UnknownShape)),
    // Paths that climb.
    ("/api/../{away}{nine}", Astray(UnknownShape)),
    (
        "/api/publishers/contoso/offers/contoso-vm/../fabrikam-vm/operations/9",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/../operations/9",
        Astray(OtherOffer),
    ),
    (
        "/api/publishers/../offers/contoso-vm/operations/9",
        Astray(OtherPublisher),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm%2f../operations/9",
        Astray(OtherOffer),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/..",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/.",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/%2e%2e",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/9%2f..%2f..%2fcancel",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/9%5c..",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/9%00",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/9;v=1",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/９",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations//9",
        Astray(UnknownShape),
    ),
    (
        "/%61pi/publishers/contoso/offers/contoso-vm/operations/9",
        Astray(UnknownShape),
    ),
    (
        "//api/publishers/contoso/offers/contoso-vm/operations/9",
        Astray(OtherOrigin),
    ),
    ("http://{home}/{nine}", Astray(UnknownShape)),
    ("{nine}//", Astray(UnknownShape)),
    // Another resource of the same service.
    (
        "/api/publishers/contoso/offers/contoso-vm/cancel",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/contoso/offers/contoso-vm/operations/9/cancel",
        Astray(UnknownShape),
    ),
    (
        "/api/publishers/fabrikam/offers/contoso-vm/operations/9",
        Astray(OtherPublisher),
    ),
    (
        "/api/publishers/contoso/offers/fabrikam-vm/operations/9",
        Astray(OtherOffer),
    ),
    (
        "/api/publishers/contosо/offers/contoso-vm/operations/9",
        Astray(OtherPublisher),
    ),
    (
        "/api/operations/fabrikam$contoso-vm$2$preview",
        Astray(OtherPublisher),
    ),
    ("/api/operations/contoso$contoso-db$2$preview", Astray(OtherOffer)),
    (
        "/api/operations/contoso$contoso-vm$2$preview$x",
        Astray(UnknownShape),
    ),
    (
        "/api/operations/contoso$contoso-vm$$preview",
        Astray(UnknownShape),
    ),
    (
        "/api/operations/contoso$contoso-vm$2$pre%2fview",
        Astray(UnknownShape),
    ),
    ("/", Astray(UnknownShape)),
    (".", Astray(UnknownShape)),
    ("9", Astray(UnknownShape)),
    ("?operation=9", Astray(UnknownShape)),
    ("#9", Astray(UnknownShape)),
];

/// Whole heads, for cases with more than one value. Each line has its own line break.
const HEADS: &[(&str, &str, Leads)] = &[
    ("", "", Nowhere),
    ("Location:\r\n", "", Nowhere),
    ("Location:   \r\n", "", Nowhere),
    (
        "Location: http://{away}{nine}\r\nLocation: {nine}\r\n",
        "",
        Home(NINE),
    ),
    (
        "Location: {nine}\r\nLocation: http://{away}{nine}\r\n",
        "",
        Home(NINE),
    ),
    (
        "Location: http://{away}/a\r\nOperation-Location: http://{away}/b\r\n",
        "",
        Astray(OtherOrigin),
    ),
    (
        "Location: http://{away}{nine}\r\nOperation-Location: {nine}\r\n",
        "",
        Home(NINE),
    ),
    ("Operation-Location: //{away}{nine}\r\n", "", Astray(OtherOrigin)),
    ("Azure-AsyncOperation: http://{away}{nine}\r\n", "", Nowhere),
    (
        "Content-Location: http://{away}{nine}\r\nRefresh: 0; url=http://{away}/\r\n",
        "",
        Nowhere,
    ),
    (
        "Link: <http://{away}/>; rel=\"next\"\r\nAlt-Svc: h2=\"{away}\"\r\n",
        "",
        Nowhere,
    ),
    ("Location: http://{home}\r\n {nine}\r\n", "", Broken),
    ("Location: {nine}\0\r\n", "", Broken),
    ("Location : {nine}\r\n", "", Broken),
    ("", r#""http://{away}{nine}""#, Astray(OtherOrigin)),
    ("", r#"{"location":"//{away}{nine}"}"#, Astray(OtherOrigin)),
    (
        "",
        r#"{"operation-location":"http://{home}@{away}{nine}"}"#,
        Astray(OtherOrigin),
    ),
    ("", r#"{"statusUri":"http://{home}{nine}"}"#, Home(NINE)),
    (
        "",
        r#"{"location":"\u002f\u002f{away}{nine}"}"#,
        Astray(OtherOrigin),
    ),
    ("", r#"{"location":"{nine}\u0000"}"#, Astray(UnknownShape)),
    (
        "",
        r#"{"location":["http://{away}{nine}"],"nextLink":"http://{away}/"}"#,
        Nowhere,
    ),
    (
        "Location: http://{away}{nine}\r\n",
        r#"{"location":"{nine}"}"#,
        Home(NINE),
    ),
];

/// The service, and another host that its answers name.
struct Bench {
    home: Server,
    away: Server,
}

impl Bench {
    /// A service that answers a cancel with `status`, `head` and `body`, and any look with a running operation.
    async fn answering(status: &'static str, head: &[u8], body: &str) -> Self {
        let away = Server::replying(vec![Reply::json("200 OK", r#"{"status":"canceled"}"#)]).await;
        let (head, body) = (head.to_vec(), body.to_owned());
        let other = away.origin.clone();
        let home = Server::start(move |_, request| {
            if request.starts_with("GET ") {
                return Reply::json("200 OK", r#"{"status":"running"}"#);
            }
            let home = header(request, "host").unwrap();
            let head = fill(&head, home, other.as_str());
            let body = fill(body.as_bytes(), home, other.as_str());
            let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len()).into_bytes();
            bytes.extend_from_slice(&head);
            bytes.extend_from_slice(b"\r\n");
            bytes.extend_from_slice(&body);
            Reply::Bytes(bytes)
        })
        .await;
        Self { home, away }
    }

    /// Cancels, and follows the answer as the engine would; checks both against `leads`.
    async fn leads(&self, leads: Leads, what: &str) {
        let target = target(&self.home.origin);
        let sent = sender(&self.home.origin).send(&target, &[], soon()).await;
        let location = match (sent, leads) {
            (Err(SendFailure::AnswerLost(_)), Broken) => return self.calls(&[], what),
            (Ok(answer), Nowhere) => {
                assert_eq!(answer.lead, None, "{what}");
                return self.calls(&[], what);
            }
            (Ok(answer), _) => answer.lead.unwrap_or_else(|| panic!("no location: {what}")),
            (Err(failure), _) => panic!("{what}: {failure:?}"),
        };
        let followed = client(&self.home.origin)
            .track(&target, Some(&location), None)
            .await;
        match leads {
            Home(path) => {
                assert!(location.is_callable(), "{what}: {:?}", location.to);
                followed.unwrap();
                self.calls(&[path], what);
            }
            Astray(why) => {
                assert_eq!(location.to, LeadsTo::Untrusted(why), "{what}");
                let failure = followed.unwrap_err();
                assert_eq!(failure.class, Class::Bug, "{what}");
                assert!(failure.to_string().contains("not called"), "{failure}");
                self.calls(&[], what);
            }
            Nowhere | Broken => panic!("a location came: {what}"),
        }
    }

    /// Asserts that the service received the cancel and the looks at `paths`, each with the token, and the other host
    /// nothing.
    fn calls(&self, paths: &[&str], what: &str) {
        let mut due = vec!["POST /api/publishers/contoso/offers/contoso-vm/cancel".to_owned()];
        due.extend(paths.iter().map(|path| format!("GET {path}")));
        let due: Vec<String> = due
            .into_iter()
            .map(|line| format!("{line}?api-version=2017-10-31 HTTP/1.1"))
            .collect();
        assert_eq!(self.home.lines(), due, "{what}");
        let bearer = format!("Bearer {TOKEN}");
        for request in self.home.requests() {
            assert_eq!(header(&request, "authorization"), Some(bearer.as_str()), "{what}");
        }
        assert_eq!(self.away.connections(), 0, "{what}");
    }
}

/// Fills `template` with the addresses of this run.
fn fill(template: &[u8], home: &str, away: &str) -> Vec<u8> {
    let away = away.strip_prefix("http://").unwrap();
    let port = |host: &str| host.rsplit(':').next().unwrap().to_owned();
    let mut filled = template.to_vec();
    for (mark, value) in [
        ("{nine}", NINE),
        ("{home}", home),
        ("{away}", away),
        ("{port}", &port(home)),
        ("{away_port}", &port(away)),
    ] {
        while let Some(at) = filled
            .windows(mark.len())
            .position(|window| window == mark.as_bytes())
        {
            filled.splice(at..at + mark.len(), value.bytes());
        }
    }
    filled
}

#[tokio::test]
async fn no_location_sends_the_token_elsewhere() {
    assert!(VALUES.len() + HEADS.len() >= 60);
    for (value, leads) in VALUES {
        let head = format!("Location: {value}\r\n");
        let bench = Bench::answering("202 Accepted", head.as_bytes(), "").await;
        bench.leads(*leads, value).await;
    }
}

#[tokio::test]
async fn multiple_and_body_locations_send_no_token_elsewhere() {
    for (head, body, leads) in HEADS {
        let bench = Bench::answering("202 Accepted", head.as_bytes(), body).await;
        bench.leads(*leads, &format!("{head:?} {body}")).await;
    }
}

#[tokio::test]
async fn huge_and_non_text_locations_send_no_token_elsewhere() {
    let long = "a".repeat(60_000);
    for (value, leads) in [
        (b"http://\xff\xfe{away}{nine}".to_vec(), Astray(OtherOrigin)),
        (b"{nine}\xff".to_vec(), Astray(UnknownShape)),
        (b"\xc0\xaf\xc0\xaf{away}{nine}".to_vec(), Astray(UnknownShape)),
        (
            format!("http://{long}@{{away}}{{nine}}").into_bytes(),
            Astray(OtherOrigin),
        ),
        (format!("{{nine}}{long}").into_bytes(), Astray(UnknownShape)),
        (format!("{{nine}}?{long}").into_bytes(), Home(NINE)),
    ] {
        let head = [b"Location: ", &value[..], b"\r\n"].concat();
        let bench = Bench::answering("202 Accepted", &head, "").await;
        let what: String = String::from_utf8_lossy(&value).chars().take(60).collect();
        bench.leads(leads, &what).await;
    }
}

#[tokio::test]
async fn redirects_of_cancels_and_looks_are_not_followed() {
    for status in [
        "300 Multiple Choices",
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "305 Use Proxy",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        for (to, leads) in [
            ("http://{away}{nine}", Astray(OtherOrigin)),
            ("//{away}{nine}", Astray(OtherOrigin)),
            ("https://{home}{nine}", Astray(OtherOrigin)),
            ("http://{home}@{away}{nine}", Astray(OtherOrigin)),
            // Redirects to the same URL: a loop, if it were followed.
            (
                "/api/publishers/contoso/offers/contoso-vm/cancel",
                Astray(UnknownShape),
            ),
        ] {
            let head = format!("Location: {to}\r\n");
            let bench = Bench::answering(status, head.as_bytes(), "").await;
            bench.leads(leads, &format!("{status} to {to}")).await;

            let (away, to) = (Server::replying(vec![Reply::json("200 OK", "[]")]).await, to);
            let other = away.origin.clone();
            let home = Server::start(move |_, request| {
                let home = header(request, "host").unwrap();
                let to = fill(to.as_bytes(), home, other.as_str());
                let head = format!("Location: {}\r\n", String::from_utf8(to).unwrap());
                Reply::with(status, &head, "")
            })
            .await;
            let failure = client(&home.origin).offers(&contoso()).await.unwrap_err();
            assert!(
                failure.to_string().contains("redirects are not followed"),
                "{failure}"
            );
            assert_eq!(
                (home.requests().len(), away.connections()),
                (1, 0),
                "{status} to {to}"
            );
        }
    }
}
