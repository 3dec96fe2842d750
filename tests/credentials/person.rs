//! Device code sign-in on real sockets and in real time; its timing is tested with a simulated clock.

use countermand::service::auth::Attendance;

use crate::{
    Around,
    entra::{Entra, Received, answer},
    failure, log, token,
};

const CODE: &str = r#"{"user_code":"ABCD","device_code":"device-canary","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":1}"#;
const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"token-canary","refresh_token":"refresh-canary"}"#;

/// Grants the sign-in at the third poll.
fn third_time(count: usize, request: &Received) -> Vec<u8> {
    if request.line().contains("/devicecode ") {
        return answer(200, "", CODE);
    }
    match count {
        1 | 2 => answer(
            400,
            "",
            r#"{"error":"authorization_pending","error_description":"device-canary"}"#,
        ),
        _ => answer(200, "", TOKEN),
    }
}

#[tokio::test]
async fn verb_waits_until_the_code_is_entered() {
    let entra = Entra::plain(third_time).await;
    let around = Around {
        attendance: Attendance::Present,
        ..Around::new()
    };
    let mut prompts = around.prompts.watch();
    let source = around
        .build(&format!("kind = 'device-code'\nauthority = '{}'", entra.origin))
        .unwrap();
    let (given, shown) = tokio::join!(token(&source), async {
        prompts.wait_for(Option::is_some).await.unwrap().clone().unwrap()
    });
    assert_eq!(given, "token-canary");
    assert_eq!(shown.user_code.as_str(), "ABCD");
    assert!(prompts.borrow().is_none());
    let requests = entra.requests();
    let lines: Vec<_> = requests.iter().map(Received::line).collect();
    assert_eq!(lines[0], "POST /organizations/oauth2/v2.0/devicecode HTTP/1.1");
    assert_eq!(lines[1..], ["POST /organizations/oauth2/v2.0/token HTTP/1.1"; 3]);
    assert_eq!(
        requests[0].form["scope"],
        "https://cloudpartner.azure.com/.default offline_access"
    );
    assert_eq!(
        requests[0].form["client_id"],
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    );
    log::check("signed in");
}

#[tokio::test]
async fn dashboard_continues_and_gets_the_token_later() {
    let entra = Entra::plain(third_time).await;
    let around = Around::new();
    let mut prompts = around.prompts.watch();
    let source = around
        .build(&format!("kind = 'device-code'\nauthority = '{}'", entra.origin))
        .unwrap();
    for _ in 0..3 {
        let failure = failure(&source).await;
        assert!(
            failure
                .advice
                .as_str()
                .contains("https://microsoft.com/devicelogin and enter the code ABCD"),
            "{failure}"
        );
    }
    prompts.wait_for(Option::is_none).await.unwrap();
    assert_eq!(token(&source).await, "token-canary");
    // The next one needs no person.
    source.renew().await.unwrap_err();
    let last = entra.requests().pop().unwrap();
    assert_eq!(
        (&*last.form["grant_type"], &*last.form["refresh_token"]),
        ("refresh_token", "refresh-canary")
    );
}

#[tokio::test]
async fn declined_sign_in_is_reported_and_the_code_removed() {
    let entra = Entra::plain(|_, request| {
        if request.line().contains("/devicecode ") {
            answer(200, "", CODE)
        } else {
            answer(400, "", r#"{"error":"authorization_declined"}"#)
        }
    })
    .await;
    let around = Around {
        attendance: Attendance::Present,
        ..Around::new()
    };
    let source = around
        .build(&format!(
            "kind = 'device-code'\nauthority = '{}'\ntenant = 't'",
            entra.origin
        ))
        .unwrap();
    for _ in 0..3 {
        let failure = failure(&source).await;
        assert!(
            failure.what.as_str().contains("authorization_declined"),
            "{failure}"
        );
    }
    assert_eq!(
        entra.requests().len(),
        2,
        "a person who said no is not asked again at once"
    );
    assert!(around.prompts.watch().borrow().is_none());
}

#[tokio::test]
async fn tenant_that_changes_the_url_is_refused() {
    for tenant in ["../x", "a/b", "a?b", "", "t#", "t%2f"] {
        let built = Around::new().build(&format!("kind = 'device-code'\ntenant = '{tenant}'"));
        assert!(
            built
                .map(drop)
                .unwrap_err()
                .what
                .as_str()
                .contains("is no tenant"),
            "{tenant}"
        );
    }
}
