//! Pending and lost sign-in: the dashboard shows it, keeps its data, and continues.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tempfile::TempDir;

use crate::{
    bench::Bench,
    entra::{Entra, answer, granted},
    flow::{Practice, leave},
};

const CODE: &str = r#"{"user_code":"ABCD-1234","device_code":"d","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":1}"#;
const SHOWN: &str = "sign in: enter ABCD-1234 at https://microsoft.com/devicelogin";

/// Starts a dashboard with a token from `credential`, in TOML.
fn dashboard(practice: &Practice, folder: &TempDir, credential: &str) -> Bench {
    let settings = folder.path().join("settings.toml");
    let profile = format!(
        "[profiles.prod]\npublisher = '{}'",
        practice.simulator.publisher()
    );
    fs::write(
        &settings,
        format!("{profile}\n[profiles.prod.credential]\n{credential}"),
    )
    .unwrap();
    Bench::run_with(
        &["--config", settings.to_str().unwrap()],
        &[("COUNTERMAND_BASE_URL", practice.simulator.origin().as_str())],
    )
}

fn write(path: &Path, token: &str) {
    let new = path.with_extension("new");
    fs::write(&new, token).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600)).unwrap();
    fs::rename(new, path).unwrap();
}

#[test]
fn device_code_is_shown_until_entered_then_the_offers() {
    let practice = Practice::on("accepted-location");
    let (token, entered) = (
        practice.simulator.token().to_owned(),
        Arc::new(AtomicBool::new(false)),
    );
    let has_entered = Arc::clone(&entered);
    let entra = practice.runtime.block_on(Entra::plain(move |_, request| {
        if request.line().contains("/devicecode ") {
            answer(200, "", CODE)
        } else if has_entered.load(Ordering::SeqCst) {
            granted(&token)
        } else {
            answer(400, "", r#"{"error":"authorization_pending"}"#)
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    let credential = format!("kind = 'device-code'\nauthority = '{}'", entra.origin);
    let bench = dashboard(&practice, &folder, &credential);
    bench.wait_for(SHOWN);
    assert_eq!(
        practice.simulator.request_count(),
        0,
        "nothing is asked without a token"
    );
    entered.store(true, Ordering::SeqCst);
    bench.wait_until("the offers", |screen, _| {
        let screen = screen.contents();
        screen.contains("publishing") && !screen.contains("sign in:") && !screen.contains("sign-in:")
    });
    leave(bench);
}

#[test]
fn data_stays_while_sign_in_is_lost_and_a_new_file_restores_it() {
    let practice = Practice::on("accepted-location");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    write(&path, practice.simulator.token());
    let mut bench = dashboard(
        &practice,
        &folder,
        &format!("kind = 'file'\npath = '{}'", path.display()),
    );
    bench.wait_for("publishing");
    practice.simulator.renew_token("another-token");
    bench.send("r");
    let lost = bench.wait_for("sign-in:");
    assert!(
        lost.contains("contoso-vm") && lost.contains("publishing"),
        "{lost}"
    );
    write(&path, "another-token");
    bench.send("r");
    bench.wait_until("sign-in to be back", |screen, _| {
        !screen.contents().contains("sign-in:")
    });
    leave(bench);
}
