//! The HTTP client, and what its errors mean here.

use super::EngineError;
use super::failure::Failure;
use super::form::ClipFault;
use super::options::HttpOptions;
use super::secret::setup;
use rustls::CertificateError;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy, Timeout};

/// The most bytes of a file of certificates; Mozilla's list has a quarter of a MiB.
const MAX_CA_BYTES: u64 = 4 << 20;

/// A client that keeps as many connections as there are slots, follows nothing, and takes nothing from the environment.
pub(super) fn agent(options: &HttpOptions) -> Result<Agent, EngineError> {
    let roots = options.ca_file.as_deref().map_or(Ok(RootCerts::WebPki), roots)?;
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(proxy(options)?)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .user_agent(concat!("callsift/", env!("CARGO_PKG_VERSION")))
        .accept("application/json")
        .max_idle_connections(options.slots)
        .max_idle_connections_per_host(options.slots)
        .timeout_resolve(Some(options.connect_timeout))
        .timeout_connect(Some(options.connect_timeout))
        .timeout_global(Some(options.timeout));
    Ok(config.build().new_agent())
}

fn proxy(options: &HttpOptions) -> Result<Option<Proxy>, EngineError> {
    let Some(proxy) = &options.proxy else { return Ok(None) };
    // Others than these would end the process when they are used.
    let known = ["http://", "https://"].iter().any(|scheme| proxy.reveal().starts_with(scheme));
    let read = known.then(|| Proxy::new(proxy.reveal()).ok()).flatten();
    read.map(Some).ok_or_else(|| setup("proxy is no address of a proxy; write it like http://host:3128"))
}

fn roots(path: &Path) -> Result<RootCerts, EngineError> {
    let mut pem = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_CA_BYTES + 1).read_to_end(&mut pem));
    read.map_err(|error| setup(format!("ca_file {} cannot be read: {}", path.display(), error.kind())))?;
    if pem.len() as u64 > MAX_CA_BYTES {
        return Err(setup(format!(
            "ca_file {} is over {MAX_CA_BYTES} bytes; name the authorities' alone",
            path.display()
        )));
    }
    let certificates: Vec<Certificate<'static>> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    let mut store = rustls::RootCertStore::empty();
    let ders =
        certificates.iter().map(|certificate| rustls::pki_types::CertificateDer::from(certificate.der().to_vec()));
    if store.add_parsable_certificates(ders).0 == 0 {
        return Err(setup("ca_file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

/// What an error says that came while the request was made, before an answer began.
pub(super) fn failed_to_ask(error: ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Failure::Unreachable("no connection in time"),
        ureq::Error::Timeout(_) => Failure::TimedOut,
        ureq::Error::HostNotFound => Failure::Unreachable("its name is not known"),
        ureq::Error::ConnectionFailed => Failure::Unreachable("no connection"),
        ureq::Error::ConnectProxyFailed(_) => Failure::Unreachable("the proxy makes no connection"),
        ureq::Error::Rustls(error) => Failure::Tls(why_not_trusted(&error)),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired | ureq::Error::Pem(_) => {
            Failure::Tls("the connection cannot be made safe")
        }
        ureq::Error::Io(error) => failed_connection(&error),
        _ => Failure::NotHttp,
    }
}

fn failed_connection(error: &std::io::Error) -> Failure {
    if let Some(inner) = error.get_ref() {
        if let Some(error) = inner.downcast_ref::<rustls::Error>() {
            return Failure::Tls(why_not_trusted(error));
        }
        if let Some(ClipFault(kind)) = inner.downcast_ref() {
            return Failure::Clip(*kind);
        }
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Unreachable("the connection is refused"),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::TimedOut,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Failure::Unreachable("there is no way to it"),
        ErrorKind::UnexpectedEof => Failure::Unreachable("it hangs up without an answer"),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            Failure::Unreachable("it hangs up while it is asked")
        }
        _ => Failure::Unreachable("the connection fails"),
    }
}

/// What an error says that came while the answer was read.
pub(super) fn failed_to_hear(error: std::io::Error) -> Failure {
    match ureq::Error::from(error) {
        ureq::Error::Timeout(_) => Failure::TimedOut,
        ureq::Error::Io(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
            Failure::TimedOut
        }
        _ => Failure::Cut,
    }
}

fn why_not_trusted(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            // A bad signature: another authority by the same name.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "nobody trusted vouches for its certificate; name the authority's file by ca_file"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired; renew it, or check this machine's clock"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet; check this machine's clock"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name; write the name in --engine-url that it is for"
            }
            _ => "its certificate is bad; see its log",
        },
        rustls::Error::InvalidMessage(_) => "it does not speak TLS; check --engine-url, http:// or https://",
        _ => "they do not agree on TLS; it must speak TLS 1.2 or 1.3",
    }
}
