//! Client assertion signed with a certificate's key, as [Entra describes
//! it](https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
//!
//! `azure_identity` would need OpenSSL for this. The key is read and used by the crypto library that TLS already uses.

use std::path::Path;

use async_trait::async_trait;
use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rustls::{
    SignatureScheme,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::Signer,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::secret_file;
use crate::domain::ids::Origin;

/// Lifetime of an assertion in seconds; it is used at once.
const LIFE: i64 = 600;
/// Tolerated lag of Entra's clock behind this machine's, in seconds.
const SKEW: i64 = 300;

/// A signed assertion.
#[derive(Debug)]
pub(super) struct Assertion(SecretString);

#[async_trait]
impl ClientAssertion for Assertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        Ok(self.0.expose_secret().to_owned())
    }
}

impl Assertion {
    /// Signs for `client` in `tenant` with the key in `file`, at `now`.
    ///
    /// # Errors
    /// Describes the defect of the file, without any of its content.
    pub(super) fn new(
        file: &Path,
        authority: &Origin,
        tenant: &str,
        client: &str,
        now: Timestamp,
    ) -> Result<Self, String> {
        let pem = secret_file::read(file)?;
        let provider = aws_lc_rs::default_provider();
        let (certificate, key) =
            parts(&pem, &provider).map_err(|what| format!("{}: {what}", file.display()))?;
        let mut unique = [0; 16];
        let random = provider.secure_random.fill(&mut unique);
        random.map_err(|_| "the system gives no random numbers")?;
        let now = now.as_second();
        let head = json!({
            "alg": "PS256",
            "typ": "JWT",
            "x5t#S256": URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate)),
        });
        let claims = json!({
            "aud": format!("{authority}/{tenant}/oauth2/v2.0/token"),
            "iss": client,
            "sub": client,
            "jti": URL_SAFE_NO_PAD.encode(unique),
            "nbf": now - SKEW,
            "iat": now,
            "exp": now + LIFE,
        });
        let [head, claims] = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let unsigned = format!("{head}.{claims}");
        let signature = key.sign(unsigned.as_bytes());
        let signature = signature.map_err(|_| "the key of the certificate does not sign")?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(Self(format!("{unsigned}.{signature}").into()))
    }
}

/// Returns the first certificate, which is the application's own, and the signer for its key.
fn parts(
    pem: &SecretString,
    provider: &CryptoProvider,
) -> Result<(CertificateDer<'static>, Box<dyn Signer>), &'static str> {
    let text = pem.expose_secret();
    let certificate = CertificateDer::from_pem_slice(text.as_bytes());
    let certificate = certificate.map_err(|_| "it holds no certificate in PEM")?;
    if text.contains("ENCRYPTED") {
        return Err("its key is encrypted");
    }
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| "it holds no private key in PEM")?;
    let key = provider.key_provider.load_private_key(key).ok();
    let signer = key.and_then(|key| key.choose_scheme(&[SignatureScheme::RSA_PSS_SHA256]));
    Ok((certificate, signer.ok_or("its key is no RSA key")?))
}
