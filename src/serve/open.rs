//! Making a server.

use super::access::AccessLog;
use super::gate::Gate;
use super::server;
use super::site::Site;
use super::sounds::Sounds;
use super::token::Token;
use super::view::View;
use crate::audio::decode::DecodeOptions;
use crate::batch::recordings::RecordingFolders;
use crate::dataset::DatasetError;
use crate::report::Language;
use hyper::header::HeaderName;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// What is served, where and to whom.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The dataset.
    pub dataset: PathBuf,
    /// Folders that its recordings are below; without any, nothing is heard.
    pub recordings: Vec<PathBuf>,
    /// How they are decoded.
    pub decoding: DecodeOptions,
    /// Address and port; port 0 is any that is free.
    pub listen: SocketAddr,
    /// Whether an address may be listened at that other machines reach.
    pub allow_remote: bool,
    /// Names under which the server may be called, besides `localhost` and addresses of numbers.
    pub hosts: Vec<String>,
    /// What opens it.
    pub token: Token,
    /// Where the access log goes; standard error without it.
    pub access_log: Option<PathBuf>,
    /// The header in which a proxy names the user.
    pub user_header: Option<String>,
    /// The language of the pages.
    pub language: Language,
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    site: Site,
    address: SocketAddr,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Others could listen to calls.
    #[error(
        "{0} can be reached from other machines, and what is sent is not encrypted: listen at 127.0.0.1 behind a proxy with TLS, or \
         say --allow-remote"
    )]
    Remote(SocketAddr),
    /// No name of a header.
    #[error("--user-header: {0:?} is no name of a header; write it like X-Forwarded-User")]
    UserHeader(String),
    /// No folder of recordings.
    #[error("--recordings {0}: {1}; name the folder that was inspected")]
    Recordings(String, io::Error),
    /// The log cannot be written.
    #[error("--access-log {0}: {1}; name a file in a folder that may be written")]
    AccessLog(String, io::Error),
    /// The port is taken, or is not ours to take.
    #[error("cannot listen at {0}: {1}; choose another port, or --port 0 for any that is free")]
    Listen(SocketAddr, io::Error),
    /// No dataset.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The system does not let it run.
    #[error("the server stopped: {0}")]
    Stopped(io::Error),
}

impl Server {
    /// Reads the dataset's calls and listens.
    ///
    /// # Errors
    /// What is wrong with the options, or with what they name.
    pub fn open(options: ServeOptions) -> Result<Self, ServeError> {
        if !options.listen.ip().is_loopback() && !options.allow_remote {
            return Err(ServeError::Remote(options.listen));
        }
        let named = |name: String| HeaderName::try_from(&name).map_err(|_| ServeError::UserHeader(name));
        let user_header = options.user_header.map(named).transpose()?;
        let folders = folders(&options.recordings)?;
        let log = options.access_log.map_or(AccessLog::Stderr, AccessLog::File);
        if let (AccessLog::File(path), Err(error)) = (&log, log.check()) {
            return Err(ServeError::AccessLog(path.display().to_string(), error));
        }
        let view = View::open(options.dataset)?;
        let taken = |error| ServeError::Listen(options.listen, error);
        let listener = TcpListener::bind(options.listen).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        let hosts = options.hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
        let gate = Gate { token: options.token, hosts, user_header, cookie: format!("callsift_{}", address.port()) };
        let sounds = Sounds::below(folders, options.decoding);
        Ok(Self { listener, site: Site::new(gate, view, sounds, log, options.language), address })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is true.
    ///
    /// # Errors
    /// [`ServeError::Stopped`] where the system gives no threads, or takes the port away.
    pub fn run(self, stop: &AtomicBool) -> Result<(), ServeError> {
        server::run(self.listener, self.site, stop).map_err(ServeError::Stopped)
    }
}

fn folders(recordings: &[PathBuf]) -> Result<Option<RecordingFolders>, ServeError> {
    if recordings.is_empty() {
        return Ok(None);
    }
    let missing = |(path, error): (PathBuf, io::Error)| ServeError::Recordings(path.display().to_string(), error);
    RecordingFolders::at(recordings).map(Some).map_err(missing)
}
