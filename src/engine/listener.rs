//! What an engine that hears recordings itself is asked, and what it answers.

use super::EngineError;
use crate::transcript::Transcript;
use std::path::Path;

/// One channel of a recording, or a piece of it: a WAV file of 16-bit PCM, mono.
#[derive(Clone, Copy, Debug)]
pub struct Clip<'a> {
    /// The file; only its owner can read it, and it is gone when the call is done.
    pub wav: &'a Path,
    /// Its rate, Hz: the one that [`Manner::rate_hz`] asks for, or else the recording's.
    pub rate_hz: u32,
    /// Its length, ms.
    pub duration_ms: i64,
    /// The call's language where the manifest or `--language` says one, a BCP 47 tag.
    pub language: Option<&'a str>,
}

/// What tells one engine's transcripts from another's; a part of the key under which they are cached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The engine's name, such as `http` or `sherpa`.
    pub engine: String,
    /// The model, as its vendor names it.
    pub model: Option<String>,
    /// Everything else that changes what it answers, as one line; no secrets.
    pub options: String,
}

/// How an engine wants to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// The rate at which it wants to hear, Hz; `None` for the recording's own.
    pub rate_hz: Option<u32>,
    /// The longest clip that it takes, ms; longer channels are cut where nobody speaks. `None`: any length.
    pub longest_ms: Option<i64>,
    /// How many times it may be asked at a time.
    pub slots: usize,
    /// How many clips of a channel it likes to be asked about in one go.
    pub at_once: usize,
}

/// An engine that hears sound and answers in words.
pub trait Listener: Send + Sync {
    /// What tells its transcripts from others'.
    fn identity(&self) -> &Identity;

    /// How it wants to be asked.
    fn manner(&self) -> Manner;

    /// What is said in `clip`, with times from the clip's start. Its speakers are voices, or the role `unknown`; channels and
    /// roles are the caller's to say.
    ///
    /// # Errors
    /// The engine cannot be reached, fails, or answers with what is no transcript. Retries are the engine's own matter: an error is
    /// final for this run, and `retryable` says whether another run may succeed. No message holds words of the call or secrets.
    fn listen(&self, clip: &Clip<'_>) -> Result<Transcript, EngineError>;

    /// As [`Listener::listen`], for each of up to [`Manner::at_once`] clips in their order.
    fn listen_all(&self, clips: &[Clip<'_>]) -> Vec<Result<Transcript, EngineError>> {
        clips.iter().map(|clip| self.listen(clip)).collect()
    }
}
