//! Proves that an application has its certificate's key: a signed assertion, as Entra describes it.
//!
//! Azure's crate would need OpenSSL for this. The key is read and used by what TLS is made with already.

use std::{fmt, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{RSA_PSS_SHA256, RsaKeyPair},
};
use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{
    super::{error_slot::ErrorSlot, issuer::lost, secret_file},
    Application, told,
};
use crate::{domain::ids::Origin, engine::ports::Clock};

/// How long an assertion lives, in seconds; it is used at once.
const LIFE: i64 = 600;
/// How far the clock of Entra may be behind ours, in seconds.
const SKEW: i64 = 300;
const ADVICE: &str = "give a PEM file (mode 600) with the certificate and its unencrypted RSA key; \
     from a PFX: `openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem`";

/// Signs for one application.
pub(super) struct Signed {
    pub(super) file: PathBuf,
    pub(super) application: Application,
    pub(super) authority: Origin,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) trouble: ErrorSlot,
}

#[async_trait]
impl ClientAssertion for Signed {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.assertion()
            .map_err(|what| told(&self.trouble, lost(&what, ADVICE)))
    }
}

impl Signed {
    fn assertion(&self) -> Result<String, String> {
        let pem = secret_file::read(&self.file)?;
        let (certificate, key) = parts(&pem).map_err(|what| format!("{}: {what}", self.file.display()))?;
        let thumbprint = digest::digest(&digest::SHA256, &certificate);
        let head = json!({
            "alg": "PS256",
            "typ": "JWT",
            "x5t#S256": URL_SAFE_NO_PAD.encode(thumbprint),
        });
        let now = self.clock.now().as_second();
        let Application { tenant, client } = &self.application;
        let claims = json!({
            "aud": format!("{}/{tenant}/oauth2/v2.0/token", self.authority),
            "iss": client,
            "sub": client,
            "jti": unique().ok_or("the system gives no random numbers")?,
            "nbf": now - SKEW,
            "iat": now,
            "exp": now + LIFE,
        });
        let said = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(head.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PSS_SHA256,
            &SystemRandom::new(),
            said.as_bytes(),
            &mut signature,
        )
        .map_err(|_| "the key of the certificate does not sign")?;
        Ok(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// The first certificate, which is the application's own, and its key.
fn parts(pem: &SecretString) -> Result<(CertificateDer<'static>, RsaKeyPair), &'static str> {
    let text = pem.expose_secret();
    let certificate = CertificateDer::pem_slice_iter(text.as_bytes())
        .next()
        .and_then(Result::ok)
        .ok_or("it holds no certificate in PEM")?;
    if text.contains("ENCRYPTED") {
        return Err("its key is encrypted");
    }
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| "it holds no private key in PEM")?;
    let key = match &key {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).ok(),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).ok(),
        _ => None,
    };
    key.map(|key| (certificate, key)).ok_or("its key is no RSA key")
}

/// What no assertion had before.
fn unique() -> Option<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
