//! A certificate authority of the test's own.

use std::{io::Write as _, path::Path, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use tempfile::NamedTempFile;

/// An authority that signs certificates, and its certificate in a file.
pub(crate) struct Authority {
    pem: NamedTempFile,
    params: CertificateParams,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.remove(DnType::CommonName);
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate().unwrap();
        let mut pem = NamedTempFile::new().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        pem.write_all(certificate.pem().as_bytes()).unwrap();
        Self { pem, params, key }
    }

    /// Returns the file to trust.
    pub(crate) fn file(&self) -> &Path {
        self.pem.path()
    }

    pub(crate) fn issuer(&self) -> Issuer<'static, KeyPair> {
        let key = KeyPair::from_pem(&self.key.serialize_pem()).unwrap();
        Issuer::new(self.params.clone(), key)
    }

    /// Returns a TLS server configuration with a certificate for `names`, expired if `has_ended`.
    pub(crate) fn server(&self, names: &[&str], protocols: &[&str], has_ended: bool) -> Arc<ServerConfig> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names.clone()).unwrap();
        params.distinguished_name.remove(DnType::CommonName);
        params
            .distinguished_name
            .push(DnType::CommonName, names.first().unwrap().as_str());
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(if has_ended { 2021 } else { 2100 }, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer()).unwrap();
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Arc::new(config)
    }
}
