//! Certificates made for one run.

use anyhow::Context;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde::{Deserialize, Serialize};

/// An authority that lives for a run, and what a server on this machine proves itself with. All PEM.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Certificates {
    /// Whom clients believe.
    pub authority: String,
    /// The server's certificate.
    pub certificate: String,
    /// Its key (ECDSA over P-256).
    pub key: String,
}

impl Certificates {
    /// Makes an authority, lets it vouch for a server on this machine, and forgets the authority's key.
    ///
    /// # Errors
    /// When the system has no random numbers to give.
    pub fn make() -> anyhow::Result<Self> {
        let authority_key = KeyPair::generate().context("failed to make a key")?;
        let mut authority = CertificateParams::default();
        authority.distinguished_name.push(DnType::CommonName, "pushpull, for one run");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority_pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().context("failed to make a key")?;
        let mut server =
            CertificateParams::new(["127.0.0.1", "localhost", &link::SERVER.to_string()].map(str::to_owned))?;
        server.distinguished_name.push(DnType::CommonName, "localhost");
        let certificate = server.signed_by(&key, &issuer)?;
        Ok(Certificates {
            authority: authority_pem,
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }
}
