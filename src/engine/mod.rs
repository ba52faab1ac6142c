//! Where transcripts come from.

#![expect(clippy::disallowed_methods, reason = "an edge: reads transcripts, runs and asks engines, looks at the clock")]

mod cache;
mod command;
mod config;
mod cut;
pub mod http;
mod listener;
mod live;
mod permits;
mod saved;
pub mod sherpa;
mod sound;

pub use cache::Cache;
pub use command::{Command, CommandOptions, command_words};
pub use config::{EngineConfig, EngineName};
pub use listener::{Clip, Identity, Listener, Manner};
pub use live::Live;
pub(crate) use permits::Permits;
pub(crate) use saved::sha256_hex;
pub use saved::{Saved, read_transcript};
pub use sound::{ChannelSound, Sound, Spool, no_room};

use crate::recording::Recording;
use crate::transcript::Transcript;

/// A transcript as an engine gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcribed {
    /// What was said, unmasked.
    pub transcript: Transcript,
    /// SHA-256 of its source's bytes, lower-case hex; `None` where it comes of the recording alone.
    pub sha256: Option<String>,
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
    /// Whether it must hear the recording to say what is said in it.
    fn hears(&self, _recording: &Recording) -> bool {
        false
    }

    /// How many calls may wait for it at a time.
    fn slots(&self) -> usize {
        0
    }

    /// The transcript of `recording`, or `None` where the engine has none. `sound` is there where [`SpeechEngine::hears`] asks for
    /// it and the recording could be decoded.
    ///
    /// # Errors
    /// The transcript exists but cannot be read, or the engine failed.
    fn transcribe(&self, recording: &Recording, sound: Option<&Sound>) -> Result<Option<Transcribed>, EngineError>;
}
