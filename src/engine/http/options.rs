//! What the engine is told.

use super::EngineError;
use super::endpoint::Endpoint;
use super::secret::{Secret, setup};
use crate::transcript::import::Format;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What the engine `http` is told. [`HttpOptions::new`] gives the defaults.
#[derive(Clone)]
pub struct HttpOptions {
    /// The whole address, such as `http://127.0.0.1:8000/v1/audio/transcriptions`, without user name and password.
    pub url: String,
    /// The model, as the server names it.
    pub model: Option<String>,
    /// Sent as `Authorization: Bearer …`.
    pub key: Option<Secret>,
    /// Words that the model is to expect.
    pub prompt: Option<String>,
    /// The model's temperature.
    pub temperature: Option<f64>,
    /// More fields of the form. One named like a field of ours takes its place; with an empty value it leaves that one
    /// out. No place for secrets.
    pub fields: BTreeMap<String, String>,
    /// The format of the answers; `None`: recognised.
    pub format: Option<Format>,
    /// The rate at which clips are sent, Hz; `None`: the recording's.
    pub rate_hz: Option<u32>,
    /// The longest clip that the server takes, ms; `None`: any.
    pub longest_ms: Option<i64>,
    /// Certificates, PEM: a server is trusted that one of these vouches for, and no other. `None`: Mozilla's list.
    pub ca_file: Option<PathBuf>,
    /// A proxy, `http://host:port`, with user name and password where it wants them. The environment is not asked.
    pub proxy: Option<Secret>,
    /// How long a connection may take to open, name look-up and TLS included.
    pub connect_timeout: Duration,
    /// How long one request may take, from the first byte sent to the last received.
    pub timeout: Duration,
    /// How often one clip is asked for, the first time included; at least 1.
    pub attempts: u32,
    /// The first pause before asking again; each is twice the one before.
    pub backoff: Duration,
    /// The longest of those pauses.
    pub backoff_cap: Duration,
    /// The longest pause that a server's `Retry-After` brings about.
    pub retry_after_cap: Duration,
    /// How long one clip may take with all attempts and pauses.
    pub give_up_after: Duration,
    /// After so many clips failed in a row, the server is left alone for `cool_down`; at least 1.
    pub breaker_failures: usize,
    /// How long it is left alone before one clip tries it.
    pub cool_down: Duration,
    /// How many clips are asked at a time; at least 1.
    pub slots: usize,
}

impl HttpOptions {
    /// The defaults for the server at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            model: None,
            key: None,
            prompt: None,
            temperature: None,
            fields: BTreeMap::new(),
            format: None,
            rate_hz: None,
            longest_ms: None,
            ca_file: None,
            proxy: None,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(300),
            attempts: 4,
            backoff: Duration::from_millis(500),
            backoff_cap: Duration::from_secs(30),
            retry_after_cap: Duration::from_secs(120),
            give_up_after: Duration::from_secs(900),
            breaker_failures: 5,
            cool_down: Duration::from_secs(10),
            slots: 4,
        }
    }
}

/// Without the address, whose query may hold a key, and without what is said of the calls.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = Endpoint::read(&self.url).map_or_else(|why| format!("(an address that {why})"), |it| it.shown);
        f.debug_struct("HttpOptions").field("url", &url).field("model", &self.model).finish_non_exhaustive()
    }
}

/// Whether `name` may be the name of a form field.
pub(super) fn is_field_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']');
    (1..=64).contains(&name.len()) && name.bytes().all(plain) && name != "file"
}

/// What numbers, names and the key must be; the address, the certificates and the proxy are looked at where they are used.
pub(super) fn check(options: &HttpOptions) -> Result<(), EngineError> {
    if options.attempts == 0 || options.slots == 0 || options.breaker_failures == 0 {
        return Err(setup("attempts, slots and breaker_failures must be at least 1"));
    }
    if options.timeout.is_zero() || options.connect_timeout.is_zero() || options.give_up_after.is_zero() {
        return Err(setup("timeout, connect_timeout and give_up_after must be over 0"));
    }
    if let Some(name) = options.fields.keys().find(|name| !is_field_name(name)) {
        return Err(setup(format!(
            "a form field cannot be named {name:?}: letters, digits and _-.[] only, and not `file`"
        )));
    }
    let visible = |key: &Secret| !key.reveal().is_empty() && key.reveal().bytes().all(|byte| byte.is_ascii_graphic());
    if !options.key.as_ref().is_none_or(visible) {
        return Err(setup(
            "the key is empty or holds characters that a header cannot: check --engine-key-env or --engine-key-file",
        ));
    }
    Ok(())
}
