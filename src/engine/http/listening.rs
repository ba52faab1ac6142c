//! The engine: one clip, asked for until there is an answer or no hope of one.

use super::EngineError;
use super::asking::Asking;
use super::breaker::Limits;
use super::endpoint::Endpoint;
use super::failure::Failure;
use super::gate::{Gate, Permit, TurnedAway};
use super::options::{HttpOptions, check};
use super::secret::setup;
use super::waits::{Draws, backoff};
use super::{client, form};
use crate::engine::listener::{Clip, Identity, Listener, Manner};
use crate::transcript::Transcript;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::Agent;

/// A server that speaks OpenAI's `POST /v1/audio/transcriptions`.
///
/// Its connections are kept and shared by all threads that call [`Listener::listen`], and so is what is known of the
/// server: when several clips in a row find it ill, all wait until one has found it well, and when it says that it is
/// asked too much, all pause. No message, log or `Debug` shows the key, the address's query or text of an answer.
pub struct Http {
    options: HttpOptions,
    endpoint: Endpoint,
    identity: Identity,
    agent: Agent,
    gate: Gate,
    draws: Draws,
    clips: AtomicU64,
}

impl Http {
    /// The engine of these options. Asks nothing yet.
    ///
    /// # Errors
    /// `engine_setup`: the address, the certificates, the proxy, the key or a number is not what it must be.
    pub fn new(options: HttpOptions) -> Result<Self, EngineError> {
        check(&options)?;
        let endpoint = Endpoint::read(&options.url).map_err(|why| setup(format!("--engine-url {why}")))?;
        let limits = Limits {
            failures: options.breaker_failures,
            cool_down: options.cool_down,
            give_up_after: options.give_up_after,
        };
        // Only to differ from other runs.
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seed = format!("{} {}", std::process::id(), since_1970.as_nanos());
        Ok(Self {
            identity: identity(&options, &endpoint),
            agent: client::agent(&options)?,
            gate: Gate::new(limits),
            draws: Draws::new(seed.as_bytes()),
            clips: AtomicU64::new(0),
            options,
            endpoint,
        })
    }

    /// Asks until there is a transcript, or the failure is final.
    fn persist(&self, mut turn: Turn<'_>) -> Result<Transcript, EngineError> {
        loop {
            let permit = self.gate.enter(turn.clip, turn.deadline).map_err(|why| self.turned_away(why))?;
            turn.attempt += 1;
            let failure = match self.ask(&turn) {
                Ok(transcript) => {
                    permit.answered();
                    return Ok(transcript);
                }
                Err(failure) => failure,
            };
            let wait = self.wait(&failure, turn.attempt);
            tell(permit, &failure, wait);
            let late = self.gate.now() + wait >= turn.deadline;
            if !failure.again() || turn.attempt >= self.options.attempts || late {
                return Err(failure.error(self.endpoint.host(), turn.attempt));
            }
            turn.warily |= matches!(failure, Failure::Unreachable(_));
            // All wait at the gate for a server that is busy.
            if !failure.is_busy() {
                std::thread::sleep(wait);
            }
        }
    }

    fn ask(&self, turn: &Turn<'_>) -> Result<Transcript, Failure> {
        let left = turn.deadline.saturating_sub(self.gate.now());
        let asking = Asking {
            agent: &self.agent,
            endpoint: &self.endpoint,
            options: &self.options,
            fields: &turn.fields,
            wav: turn.clip_file.wav,
            boundary: format!("callsift-{}", self.draws.name()),
            timeout: left.min(self.options.timeout),
            warily: turn.warily,
        };
        asking.ask()
    }

    /// How long to wait before asking again: as long as the server asks, or longer each time.
    fn wait(&self, failure: &Failure, attempt: u32) -> Duration {
        let own = backoff(attempt, self.options.backoff, self.options.backoff_cap, self.draws.share());
        failure.retry_after().map_or(own, |asked| asked.min(self.options.retry_after_cap))
    }

    fn turned_away(&self, why: TurnedAway) -> EngineError {
        let host = self.endpoint.host();
        match why {
            TurnedAway::Unavailable => EngineError::new(
                "engine_unavailable",
                format!(
                    "the engine at {host} failed for several clips in a row and is left alone for now; see its log, and run again"
                ),
                true,
            ),
            TurnedAway::Paused => EngineError::new(
                "engine_busy",
                format!(
                    "the engine at {host} asks for a pause that is longer than give_up_after; lower --engine-slots, or raise its limits"
                ),
                true,
            ),
        }
    }
}

impl Listener for Http {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn manner(&self) -> Manner {
        Manner {
            rate_hz: self.options.rate_hz,
            longest_ms: self.options.longest_ms,
            slots: self.options.slots,
            at_once: 1,
        }
    }

    fn listen(&self, clip: &Clip<'_>) -> Result<Transcript, EngineError> {
        self.persist(Turn {
            clip: self.clips.fetch_add(1, Ordering::Relaxed),
            clip_file: clip,
            fields: form::fields(&self.options, clip.language),
            deadline: self.gate.now() + self.options.give_up_after,
            attempt: 0,
            warily: false,
        })
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("options", &self.options).finish_non_exhaustive()
    }
}

/// One clip on its way.
struct Turn<'a> {
    /// Its number in this run.
    clip: u64,
    clip_file: &'a Clip<'a>,
    fields: Vec<(String, String)>,
    deadline: Duration,
    /// How often it was asked for.
    attempt: u32,
    /// Whether the server hung up on it before.
    warily: bool,
}

/// Says at the gate how a request went.
fn tell(permit: Permit<'_>, failure: &Failure, wait: Duration) {
    if failure.is_busy() {
        permit.paused(wait);
    } else if failure.ails() {
        permit.ailing();
    } else if matches!(failure, Failure::Clip(_) | Failure::Tls(_)) {
        // Nothing was heard of the server.
        drop(permit);
    } else {
        permit.answered();
    }
}

/// What changes the answers: where they come from, and the form. What people wrote into the form freely stands there as a
/// hash, should they have written what is nobody's business.
fn identity(options: &HttpOptions, endpoint: &Endpoint) -> Identity {
    let mut words = vec![endpoint.shown.clone()];
    let hash = |text: &str| format!("#{}", &blake3::hash(text.as_bytes()).to_hex()[..16]);
    // Some servers are told there what is to hear.
    words.extend(endpoint.uri.query().map(|query| format!("?{}", hash(query))));
    // The model has a place of its own, unless the form says another.
    let is_option = |name: &str| name != "model" || options.fields.contains_key(name);
    for (name, value) in form::fields(options, None).into_iter().filter(|(name, _)| is_option(name)) {
        let free = name == "prompt" || options.fields.contains_key(&name);
        let value = if free { hash(&value) } else { value };
        words.push(format!("{name}={value}"));
    }
    words.extend(options.format.map(|format| format!("format={}", format.name())));
    Identity { engine: "http".to_owned(), model: options.model.clone(), options: words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::http::Secret;

    #[test]
    fn an_engine_is_told_from_others_without_its_secrets() {
        let mut options = HttpOptions::new("http://h:1/v1/audio/transcriptions?key=sk-1");
        options.model = Some("m".into());
        options.key = Some(Secret::new("sk-2"));
        options.prompt = Some("海棠银行".into());
        options.temperature = Some(0.2);
        options.fields.insert("vad".into(), "1".into());
        let http = Http::new(options).expect("options");
        let identity = http.identity();
        assert_eq!((identity.engine.as_str(), identity.model.as_deref()), ("http", Some("m")));
        let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex()[..16].to_owned();
        let expected = format!(
            "h:1/v1/audio/transcriptions ?#{} response_format=verbose_json timestamp_granularities[]=word \
             timestamp_granularities[]=segment prompt=#{} temperature=0.2 vad=#{}",
            hash("key=sk-1"),
            hash("海棠银行"),
            hash("1")
        );
        assert_eq!(identity.options, expected);
        assert!(!format!("{http:?}").contains("sk-"));
    }

    #[test]
    fn options_that_cannot_work_are_refused() {
        let new = || HttpOptions::new("http://h/v1/audio/transcriptions");
        let proxy = |url: &str| HttpOptions { proxy: Some(Secret::new(url)), ..new() };
        let key = |key: &str| HttpOptions { key: Some(Secret::new(key)), ..new() };
        let cases = [
            ("url", HttpOptions::new("http://user:sk-1@h/v1/audio/transcriptions")),
            ("attempts", HttpOptions { attempts: 0, ..new() }),
            ("timeout", HttpOptions { timeout: Duration::ZERO, ..new() }),
            ("ca_file", HttpOptions { ca_file: Some("/no/such/file".into()), ..new() }),
            (
                "ca_file",
                HttpOptions { ca_file: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml").into()), ..new() },
            ),
            ("proxy", proxy("socks5://h:1")),
            ("proxy", proxy("sk-1")),
            ("key", key("")),
            ("key", key("sk-1\r\nX: y")),
            ("key", key("sk-1 ü")),
            ("form field", HttpOptions { fields: [("a\"b".to_owned(), "1".to_owned())].into(), ..new() }),
            ("form field", HttpOptions { fields: [("file".to_owned(), "1".to_owned())].into(), ..new() }),
        ];
        for (what, options) in cases {
            let error = Http::new(options).expect_err(what);
            assert!(error.code == "engine_setup" && error.message.contains(what) && !error.retryable, "{error}");
            assert!(!error.message.contains("sk-1"), "{error}");
        }
        assert!(Http::new(proxy("http://user:pass@h:3128")).is_ok());
    }
}
