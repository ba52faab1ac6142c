//! Where transcripts come from.

#![expect(clippy::disallowed_methods, reason = "an edge: reads files, asks servers, looks at the clock")]

pub mod http;
mod listener;
mod saved;

pub use listener::{Capabilities, Clip, Identity, Listener};
pub(crate) use saved::sha256_hex;
pub use saved::{Saved, read_transcript};

use crate::recording::Recording;
use crate::transcript::Transcript;

/// A transcript as an engine gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcribed {
    /// What was said, unmasked.
    pub transcript: Transcript,
    /// SHA-256 of its source's bytes, lower-case hex.
    pub sha256: String,
}

/// Why an engine gave no transcript.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// Stable code, snake_case.
    pub code: String,
    /// A sentence that names the value and the way out; no words of the transcript.
    pub message: String,
    /// Whether the same command may succeed later.
    pub retryable: bool,
    /// SHA-256 of the source's bytes, lower-case hex, where they could be read.
    pub sha256: Option<String>,
}

impl EngineError {
    /// An error without a source's hash.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>, retryable: bool) -> Self {
        Self { code: code.to_owned(), message: message.into(), retryable, sha256: None }
    }
}

/// Something that gives transcripts of recordings.
pub trait SpeechEngine: Sync {
    /// The transcript of `recording`, or `None` where the engine has none.
    ///
    /// # Errors
    /// The transcript exists but cannot be read, or the engine failed.
    fn transcribe(&self, recording: &Recording) -> Result<Option<Transcribed>, EngineError>;
}
