//! Whom we trust: embedded roots, and those the user names.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::hash::HashAlgorithm;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore, SupportedCipherSuite};

use crate::error::{Class, Error};

/// A TLS configuration with the embedded roots and those of `files` (PEM) beside them.
///
/// # Errors
/// Usage, where a named file cannot be read or holds no certificate.
pub(super) fn client_config(files: &[PathBuf]) -> Result<ClientConfig, Error> {
    let named = certificates(files)?;
    let mut roots = RootCertStore { roots: Vec::with_capacity(webpki_roots::TLS_SERVER_ROOTS.len() + named.len()) };
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    for certificate in named {
        roots.add(certificate).map_err(|error| Error::usage(format!("read roots: {error}")))?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(Class::Internal, format!("set up TLS: {error}")))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The ciphers of ring, those with SHA-256 first: nothing that is sent here outlives its day, and a handshake with SHA-384
/// costs a tenth more.
fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.sort_by_key(|suite| match suite {
        SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider.algorithm() == HashAlgorithm::SHA384,
        SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider.algorithm() == HashAlgorithm::SHA384,
    });
    provider
}

/// The platform's own trust store, for those who ask for it: it costs more than the call.
///
/// # Errors
/// Usage, where a named file cannot be read or holds no certificate.
pub(super) fn platform(builder: reqwest::ClientBuilder, files: &[PathBuf]) -> Result<reqwest::ClientBuilder, Error> {
    // An already installed provider is ours too: nothing else in this program installs one.
    let _ = provider().install_default();
    let extra = certificates(files)?.into_iter().map(|certificate| {
        reqwest::Certificate::from_der(&certificate).map_err(|error| Error::usage(format!("read roots: {error}")))
    });
    Ok(builder.tls_certs_merge(extra.collect::<Result<Vec<_>, _>>()?))
}

fn certificates(files: &[PathBuf]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut all = Vec::new();
    for file in files {
        let refused = |why: String| {
            Error::usage(format!("read roots from `{}`: {why}", file.display()))
                .hint("`--ca-bundle`, `ca_bundle` and `SSL_CERT_FILE` name a PEM file of certificates")
        };
        let text = std::fs::read(file).map_err(pem::Error::Io);
        let certificates: Vec<CertificateDer<'static>> = text
            .and_then(|text| CertificateDer::pem_slice_iter(&text).collect())
            .map_err(|error| refused(error.to_string()))?;
        if certificates.is_empty() {
            return Err(refused("no certificate in it".to_owned()));
        }
        all.extend(certificates);
    }
    Ok(all)
}
