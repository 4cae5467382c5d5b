//! Tencent's API over TLS 1.3 with a P-256 leaf, on loopback: quick enough not to be what is measured.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::vendor::Vendor;

/// What clients and servers of one run trust.
pub struct Trust {
    /// Two certificates in PEM: the authority that signed the servers', and another.
    pub roots: PathBuf,
    config: Arc<ServerConfig>,
}

impl Trust {
    /// Makes two authorities and a leaf for `localhost`, and writes the authorities' certificates into a folder.
    ///
    /// # Errors
    /// A certificate that cannot be made, the disk's refusal.
    pub fn make(folder: &Path) -> Result<Self> {
        let (ours, key) = authority("livectl bench")?;
        let (other, _) = authority("another authority")?;
        let issuer_params = authority_params("livectl bench")?;
        let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let leaf = CertificateParams::new(vec!["localhost".to_owned()])?
            .signed_by(&leaf_key, &Issuer::new(issuer_params, &key))?;
        let roots = folder.join("roots.pem");
        std::fs::write(&roots, ours.pem() + &other.pem())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let private = PrivateKeyDer::try_from(leaf_key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], private)?;
        Ok(Trust { roots, config: Arc::new(config) })
    }
}

fn authority_params(name: &str) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Ok(params)
}

fn authority(name: &str) -> Result<(rcgen::Certificate, KeyPair)> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    Ok((authority_params(name)?.self_signed(&key)?, key))
}

/// A server that runs until the program ends.
pub struct Server {
    /// `localhost` with the port.
    pub host: String,
    /// What it answers and counts.
    pub vendor: Arc<Vendor>,
}

impl Server {
    /// Serves on a free port, in a thread of its own.
    ///
    /// # Errors
    /// No port, no thread.
    pub fn start(trust: &Trust, vendor: Vendor) -> Result<Self> {
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        listener.set_nonblocking(true)?;
        let host = format!("localhost:{}", listener.local_addr()?.port());
        let vendor = Arc::new(vendor);
        let (serving, acceptor) = (Arc::clone(&vendor), TlsAcceptor::from(Arc::clone(&trust.config)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || runtime.block_on(accept(listener, acceptor, serving)))
            .context("start the server")?;
        Ok(Server { host, vendor })
    }
}

async fn accept(listener: std::net::TcpListener, acceptor: TlsAcceptor, vendor: Arc<Vendor>) -> Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        // A client that goes away is no concern of the others.
        tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&vendor)));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, vendor: Arc<Vendor>) -> Result<()> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(stream).await?;
    let service = hyper::service::service_fn(|request| answer(request, Arc::clone(&vendor)));
    Ok(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await?)
}

async fn answer(request: Request<Incoming>, vendor: Arc<Vendor>) -> Result<Response<Full<Bytes>>, Infallible> {
    let action =
        request.headers().get("x-tc-action").and_then(|name| name.to_str().ok()).unwrap_or_default().to_owned();
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let mut response = Response::new(Full::new(vendor.answer(&action, &body)));
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    Ok(response)
}
