//! Device code sign-in with a simulated person, Entra, and clock; `tests/credentials` covers it on real sockets.

use std::collections::VecDeque;

use jiff::Timestamp;
use reqwest::{Request, header::HeaderMap};
use tokio::time::Instant;

use super::{super::http::Answer, *};

const CODE: &str = r#"{"user_code":"ABCD-EFGH","device_code":"device-canary","verification_uri":
    "https://microsoft.com/devicelogin","expires_in":900,"interval":5,"message":"Go there\u001b[31m"}"#;
const TOKEN: &str = r#"{"token_type":"Bearer","scope":"s","expires_in":3600,"access_token":"token-canary",
    "refresh_token":"refresh-canary"}"#;

/// Answers in order, and records each request with its time.
#[derive(Debug)]
struct Script {
    answers: Mutex<VecDeque<(u16, &'static str)>>,
    requests: Mutex<Vec<(u64, String, String)>>,
    start: Instant,
}

#[async_trait]
impl Exchange for Script {
    async fn send(&self, request: Request) -> Result<Answer, Failure> {
        let form = request.body().unwrap().as_bytes().unwrap().to_vec();
        self.requests.lock().unwrap().push((
            self.start.elapsed().as_secs(),
            request.url().to_string(),
            String::from_utf8(form).unwrap(),
        ));
        let (status, body) = self.answers.lock().unwrap().pop_front().unwrap();
        if status == 0 {
            return Err(lost("no connection", "look at the network"));
        }
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json; charset=utf-8".parse().unwrap());
        Ok(Answer {
            status: status.try_into().unwrap(),
            headers,
            body: body.into(),
        })
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

struct Stage {
    script: Arc<Script>,
    prompts: Prompts,
    issuer: DeviceCode,
}

impl Stage {
    fn new(answers: &[(u16, &'static str)]) -> Self {
        let script = Arc::new(Script {
            answers: Mutex::new(answers.iter().copied().collect()),
            requests: Mutex::default(),
            start: Instant::now(),
        });
        let prompts = Prompts::new();
        let issuer = DeviceCode::new(
            &Origin::parse("https://login.example").unwrap(),
            "organizations",
            "app",
            "https://cloudpartner.azure.com/.default".to_owned(),
            script.clone(),
            Arc::new(Still),
            prompts.clone(),
        )
        .unwrap();
        Self {
            script,
            prompts,
            issuer,
        }
    }

    /// Returns the seconds of all requests so far.
    fn instants(&self) -> Vec<u64> {
        let requests = self.script.requests.lock().unwrap();
        requests.iter().map(|(second, ..)| *second).collect()
    }

    async fn failure(&self) -> Failure {
        let failure = self.issuer.issue().await.unwrap_err();
        let shown = format!("{failure} {failure:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(self.prompts.current(), None);
        failure
    }
}

const PENDING: (u16, &str) = (
    400,
    r#"{"error":"authorization_pending","error_description":"AADSTS70016: x"}"#,
);
const SLOWER: (u16, &str) = (400, r#"{"error":"slow_down"}"#);

#[tokio::test(start_paused = true)]
async fn entra_is_polled_at_its_interval_until_sign_in() {
    let stage = Stage::new(&[(200, CODE), PENDING, PENDING, SLOWER, PENDING, (200, TOKEN)]);
    let mut prompts = stage.prompts.watch();
    let (issued, prompt) = tokio::join!(stage.issuer.issue(), async {
        prompts.wait_for(Option::is_some).await.unwrap().clone().unwrap()
    });
    let issued = issued.unwrap();
    assert_eq!(issued.token.expose_secret(), "token-canary");
    assert_eq!(issued.expires_at.unwrap().as_second(), 3600);
    assert_eq!(stage.instants(), [0, 0, 5, 10, 20, 30]);
    assert_eq!(
        (prompt.user_code.as_str(), prompt.verification_uri.as_str()),
        ("ABCD-EFGH", "https://microsoft.com/devicelogin")
    );
    assert_eq!(
        (prompt.message.as_str(), prompt.expires_at.as_second()),
        ("Go there^[[31m", 900)
    );
    assert_eq!(stage.prompts.current(), None, "the prompt is removed");
    let requests = stage.script.requests.lock().unwrap();
    let (_, url, form) = &requests[0];
    assert_eq!(url, "https://login.example/organizations/oauth2/v2.0/devicecode");
    assert!(
        form.contains("client_id=app") && form.contains("offline_access"),
        "{form}"
    );
    let (_, url, form) = &requests[1];
    assert_eq!(url, "https://login.example/organizations/oauth2/v2.0/token");
    assert!(
        form.contains("device_code=device-canary") && form.contains("grant-type%3Adevice_code"),
        "{form}"
    );
}

#[tokio::test(start_paused = true)]
async fn network_errors_are_not_answers() {
    let stage = Stage::new(&[
        (200, CODE),
        (0, ""),
        (503, "<html>down</html>"),
        (429, r#"{"error":"slow"}"#),
        PENDING,
        (200, TOKEN),
    ]);
    stage.issuer.issue().await.unwrap();
    assert_eq!(stage.instants(), [0, 0, 10, 20, 30, 40]);
}

#[tokio::test(start_paused = true)]
async fn refresh_token_renews_without_the_person() {
    let stage = Stage::new(&[(200, CODE), (200, TOKEN), (200, TOKEN), (0, ""), (200, TOKEN)]);
    stage.issuer.issue().await.unwrap();
    stage.issuer.issue().await.unwrap();
    assert_eq!(stage.failure().await.what.as_str(), "no connection");
    stage.issuer.issue().await.unwrap();
    let requests = stage.script.requests.lock().unwrap();
    for (_, _, form) in &requests[2..] {
        assert!(
            form.contains("grant_type=refresh_token") && form.contains("refresh_token=refresh-canary"),
            "{form}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn refused_renewal_prompts_the_person_again() {
    let gone = (
        400,
        r#"{"error":"invalid_grant","error_description":"AADSTS700082: ended"}"#,
    );
    let stage = Stage::new(&[
        (200, CODE),
        (200, TOKEN),
        gone,
        (200, CODE),
        PENDING,
        (200, TOKEN),
    ]);
    stage.issuer.issue().await.unwrap();
    stage.issuer.issue().await.unwrap();
    assert_eq!(stage.instants().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn each_failure_names_its_cause() {
    let words = [
        (
            r#"{"error":"expired_token","error_description":"device-canary ended"}"#,
            "expired_token",
            "another code",
        ),
        (
            r#"{"error":"authorization_declined"}"#,
            "authorization_declined",
            "sign in when",
        ),
        (r#"{"error":"access_denied"}"#, "access_denied", "sign in when"),
        (
            r#"{"error":"bad_verification_code"}"#,
            "bad_verification_code",
            "check the authority",
        ),
        (
            "no json: device-canary",
            "no json: [hidden]",
            "check the authority",
        ),
    ];
    for (body, what, advice) in words {
        let failure = Stage::new(&[(200, CODE), PENDING, (400, body)]).failure().await;
        assert!(failure.what.as_str().contains(what), "{failure}");
        assert!(failure.advice.as_str().contains(advice), "{failure}");
    }
    let no_code = Stage::new(&[(
        401,
        r#"{"error":"invalid_client","error_description":"AADSTS7000218: x"}"#,
    )]);
    assert!(
        no_code
            .failure()
            .await
            .advice
            .as_str()
            .contains("public client flows")
    );
    for body in ["{\"access_token\":\"token-canary\"", "{}", "\"token-canary\""] {
        for before in [&[(200, CODE)][..], &[(200, CODE), PENDING]] {
            let answers = [before, &[(200, body)]].concat();
            let failure = Stage::new(&answers).failure().await;
            assert!(failure.what.as_str().contains("what is no token"), "{failure}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn unused_code_expires_by_the_local_clock() {
    let mut answers = vec![(200, CODE)];
    answers.extend([PENDING; 181]);
    let failure = Stage::new(&answers).failure().await;
    assert!(
        failure.what.as_str().contains("before the code ended"),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn entra_v1_numbers_are_read_and_zero_interval_still_pauses() {
    let code = r#"{"user_code":"A","device_code":"d","verification_url":"https://aka.ms/devicelogin","expires_in":"900","interval":"0"}"#;
    let token = r#"{"token_type":"Bearer","expires_in":"3599","ext_expires_in":"3599","expires_on":"1","access_token":"t"}"#;
    let stage = Stage::new(&[(200, code), PENDING, (200, token)]);
    assert_eq!(
        stage
            .issuer
            .issue()
            .await
            .unwrap()
            .expires_at
            .unwrap()
            .as_second(),
        3599
    );
    assert_eq!(stage.instants(), [0, 0, 1]);
}
