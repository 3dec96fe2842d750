//! Files that others can write are not obeyed: settings, certificates, and the journal's folder.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::{CANCEL, runner::Market};

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Writes settings that run a command into a folder of their own; returns them and the file that shows that it ran.
fn settings(market: &Market, more: &str) -> (PathBuf, PathBuf) {
    let folder = market.home.path().join("settings");
    fs::create_dir_all(&folder).unwrap();
    let (path, ran) = (folder.join("settings.toml"), folder.join("ran"));
    let credential = format!(
        "[profiles.prod]\n{more}\n[profiles.prod.credential]\nkind = \"command\"\n\
         command = [\"sh\", \"-c\", \"touch '{}'; echo token\"]\n",
        ran.display()
    );
    fs::write(&path, credential).unwrap();
    allow(&path, 0o644);
    allow(&folder, 0o755);
    (path, ran)
}

#[tokio::test(flavor = "multi_thread")]
async fn world_writable_settings_are_not_obeyed() {
    let market = Market::open("synchronous").await;
    let (path, ran) = settings(&market, "");
    let folder = path.parent().unwrap();
    for (open, mode, back) in [(&*path, 0o666, 0o644), (folder, 0o777, 0o755)] {
        allow(open, mode);
        for args in [&["offers"][..], &["doctor"], CANCEL] {
            let ran = market.run_with_settings(&path, args).await;
            assert_eq!(ran.code, Some(2), "{args:?}: {}{}", ran.out, ran.err);
            let all = ran.out.clone() + &ran.err;
            assert!(all.contains("can be written by anybody"), "{args:?}: {all}");
        }
        assert!(!ran.exists(), "it ran");
        allow(open, back);
    }
    market.run_with_settings(&path, &["offers"]).await;
    assert!(ran.exists(), "its user's own is obeyed");
}

#[tokio::test(flavor = "multi_thread")]
async fn world_writable_certificates_are_not_trusted() {
    let market = Market::open("synchronous").await;
    let ca = market.home.path().join("ca.pem");
    fs::write(&ca, "").unwrap();
    allow(&ca, 0o666);
    let (path, ran) = settings(&market, &format!("ca_file = \"{}\"", ca.display()));
    for args in [&["offers"][..], &["doctor"], CANCEL] {
        let ran = market.run_with_settings(&path, args).await;
        assert_eq!(ran.code, Some(2), "{args:?}: {}{}", ran.out, ran.err);
        let all = ran.out.clone() + &ran.err;
        assert!(
            all.contains("ca.pem can be written by anybody"),
            "{args:?}: {all}"
        );
    }
    assert!(!ran.exists(), "it ran");
}

#[tokio::test(flavor = "multi_thread")]
async fn world_writable_journal_is_neither_read_nor_written() {
    let market = Market::open("synchronous").await;
    let state = market.journal().parent().unwrap().to_owned();
    fs::create_dir_all(&state).unwrap();
    allow(&state, 0o777);
    let refused = market.run(CANCEL).await;
    assert_eq!(
        refused.verdict()["verdict"],
        "not_sent",
        "{}{}",
        refused.out,
        refused.err
    );
    for args in [&["history"][..], &["follow"], &["doctor"], CANCEL] {
        let ran = market.run(args).await;
        assert_eq!(ran.code, Some(2), "{args:?}: {}{}", ran.out, ran.err);
        let all = ran.out.clone() + &ran.err;
        assert!(
            all.contains("can be written by anybody (mode 0777)"),
            "{args:?}: {all}"
        );
    }
    assert_eq!(market.cancels(), 0);
    assert!(!market.journal().exists());
    allow(&state, 0o755);
    assert_eq!(market.run(CANCEL).await.code, Some(0));
}
