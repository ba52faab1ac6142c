//! What can go wrong with one request: whether to ask again, whether the server is ill, and what to tell people.
//!
//! Nothing here holds a header, an address or text of an answer, so no message can show one.

use super::EngineError;
use std::time::Duration;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The server answered with a status other than success.
    Status {
        /// The status.
        status: u16,
        /// The error's own short name, where the answer has one.
        name: Option<String>,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// There is no connection, or it broke before an answer began.
    Unreachable(&'static str),
    /// No whole answer in time.
    TimedOut,
    /// The connection cannot be made safe.
    Tls(&'static str),
    /// The answer broke off.
    Cut,
    /// The answer is larger than any transcript.
    TooLarge,
    /// What came is no HTTP.
    NotHttp,
    /// The answer is no JSON.
    NotJson,
    /// The answer is no transcript: the importer's code, and the place where it has one.
    NotATranscript(String),
    /// The clip's own file cannot be read.
    Clip(std::io::ErrorKind),
}

/// Statuses that say: later, perhaps.
const AGAIN: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];

impl Failure {
    /// Whether the same request may succeed if it is made again.
    pub(super) fn again(&self) -> bool {
        match self {
            Self::Status { status, .. } => AGAIN.contains(status),
            Self::Unreachable(_) | Self::TimedOut | Self::Cut | Self::NotJson => true,
            Self::Tls(_) | Self::TooLarge | Self::NotHttp | Self::NotATranscript(_) | Self::Clip(_) => false,
        }
    }

    /// Whether it shows that the server is ill, rather than busy or of another opinion.
    pub(super) fn ails(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status >= 500,
            Self::Unreachable(_) | Self::TimedOut | Self::Cut => true,
            Self::Tls(_) | Self::TooLarge | Self::NotHttp | Self::NotJson | Self::NotATranscript(_) | Self::Clip(_) => {
                false
            }
        }
    }

    /// Whether it asks everyone for a pause.
    pub(super) const fn is_busy(&self) -> bool {
        matches!(self, Self::Status { status: 429, .. })
    }

    /// How long the server asks to wait.
    pub(super) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The error of a clip for which the server at `host` was asked `attempts` times, the last time with this outcome.
    pub(super) fn error(&self, host: &str, attempts: u32) -> EngineError {
        let asked = if attempts == 1 { String::new() } else { format!(" after {attempts} attempts") };
        // What is wrong with a server or the way to it says nothing of the recording, which another run is to try again.
        let told = |code, what: &str| EngineError::new(code, format!("the engine at {host} {what}"), true);
        match self {
            Self::Status { status, name, .. } => {
                let name = name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
                let (code, retryable, way_out) = of_status(*status);
                let what = format!("answers {status}{name}{asked}: {way_out}");
                EngineError { retryable, ..told(code, &what) }
            }
            Self::Unreachable(why) => told(
                "engine_unreachable",
                &format!("is not reached{asked}: {why}; check --engine-url, and that it runs"),
            ),
            Self::TimedOut => told(
                "engine_timeout",
                &format!("gives no whole answer in time{asked}; raise --engine-timeout or lower --engine-slots"),
            ),
            Self::Tls(why) => told("engine_tls", &format!("is not trusted: {why}")),
            Self::Cut => told("engine_bad_answer", &format!("breaks its answer off{asked}; see its log")),
            Self::NotJson => told(
                "engine_bad_answer",
                &format!("gives an answer that is no JSON{asked}; see its log, and check --engine-url"),
            ),
            Self::TooLarge => {
                told("engine_bad_answer", "gives an answer of over 32 MiB, which no transcript has; check --engine-url")
            }
            Self::NotHttp => {
                told("engine_bad_answer", "does not answer in HTTP; check --engine-url, http:// or https://")
            }
            Self::NotATranscript(what) => told(
                "engine_bad_answer",
                &format!(
                    "gives an answer that is no transcript ({what}); check --engine-url, response_format and --transcript-format"
                ),
            ),
            Self::Clip(kind) => EngineError::new(
                "clip_unreadable",
                format!("the clip for the engine cannot be read: {kind}; check the disk"),
                true,
            ),
        }
    }
}

/// The code of a status, whether the same command may succeed later, and the way out. Only what the server has against this very
/// clip or form is final: the form is a part of what the engine is known by, so that another one is asked again anyway.
fn of_status(status: u16) -> (&'static str, bool, &'static str) {
    match status {
        300..=399 => (
            "engine_refused",
            true,
            "it sends to another address, where the key is not taken; write the final one in --engine-url",
        ),
        400 | 422 => (
            "engine_refused",
            false,
            "it does not take the request; check --engine-model and fields, and what the server supports",
        ),
        401 => ("engine_refused", true, "the key is refused; check --engine-key-env or --engine-key-file"),
        403 => ("engine_refused", true, "the key may not do this; check the key and --engine-model"),
        404 | 405 => (
            "engine_refused",
            true,
            "nothing is served there; check --engine-url, the whole address, and --engine-model",
        ),
        407 => ("engine_refused", true, "the proxy refuses; check proxy_env"),
        408 => ("engine_timeout", true, "it waited too long for the clip; lower --engine-slots"),
        413 => ("engine_refused", true, "the clip is too large for it; set longest_clip, or raise its limit"),
        415 => ("engine_refused", false, "it does not take WAV; use a server that does"),
        425 | 429 => ("engine_busy", true, "it is asked too much; lower --engine-slots, or raise its limits"),
        501 | 505 => ("engine_failed", true, "it cannot do what is asked; check --engine-url"),
        500.. => ("engine_failed", true, "it failed; see its log"),
        _ => ("engine_refused", false, "it does not take the request; check --engine-url, --engine-model and fields"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_failure() {
        let status = |status| Failure::Status { status, name: None, retry_after: None };
        // Ask again, the server is ill, the code, whether another run may succeed.
        let cases = [
            (status(307), false, false, "engine_refused", true),
            (status(400), false, false, "engine_refused", false),
            (status(401), false, false, "engine_refused", true),
            (status(403), false, false, "engine_refused", true),
            (status(404), false, false, "engine_refused", true),
            (status(408), true, false, "engine_timeout", true),
            (status(413), false, false, "engine_refused", true),
            (status(415), false, false, "engine_refused", false),
            (status(418), false, false, "engine_refused", false),
            (status(422), false, false, "engine_refused", false),
            (status(425), true, false, "engine_busy", true),
            (status(429), true, false, "engine_busy", true),
            (status(500), true, true, "engine_failed", true),
            (status(501), false, true, "engine_failed", true),
            (status(502), true, true, "engine_failed", true),
            (status(503), true, true, "engine_failed", true),
            (status(504), true, true, "engine_failed", true),
            (status(599), false, true, "engine_failed", true),
            (Failure::Unreachable("x"), true, true, "engine_unreachable", true),
            (Failure::TimedOut, true, true, "engine_timeout", true),
            (Failure::Tls("x"), false, false, "engine_tls", true),
            (Failure::Cut, true, true, "engine_bad_answer", true),
            (Failure::TooLarge, false, false, "engine_bad_answer", true),
            (Failure::NotHttp, false, false, "engine_bad_answer", true),
            (Failure::NotJson, true, false, "engine_bad_answer", true),
            (Failure::NotATranscript("not_json".into()), false, false, "engine_bad_answer", true),
            (Failure::Clip(std::io::ErrorKind::NotFound), false, false, "clip_unreadable", true),
        ];
        for (failure, again, ails, code, retryable) in cases {
            let error = failure.error("h", 1);
            let is = (failure.again(), failure.ails(), error.code.as_str(), error.retryable);
            assert_eq!(is, (again, ails, code, retryable), "{failure:?}: {error}");
        }
    }

    #[test]
    fn a_message_names_the_status_and_the_way_out() {
        let refused = Failure::Status { status: 401, name: Some("invalid_api_key".into()), retry_after: None };
        let message = "the engine at h:1 answers 401 (invalid_api_key): the key is refused; check --engine-key-env or --engine-key-file";
        assert_eq!(refused.error("h:1", 1).message, message);
        let failed = Failure::Status { status: 502, name: None, retry_after: None };
        assert_eq!(
            failed.error("h:1", 4).message,
            "the engine at h:1 answers 502 after 4 attempts: it failed; see its log"
        );
    }
}
