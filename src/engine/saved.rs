//! Transcripts that were saved beside the recordings by an engine that already ran.

use super::{EngineError, Sound, SpeechEngine, Transcribed};
use crate::recording::Recording;
use crate::storage::open;
use crate::transcript::import::{self, Format};
use sha2::{Digest, Sha256};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// A transcript longer than can be read is refused before it is in memory.
const MAX_BYTES: u64 = import::LIMIT_BYTES as u64;

/// Reads the transcript that the work list names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saved {
    /// The format of all transcripts; without it each one's is recognised.
    pub format: Option<Format>,
}

impl SpeechEngine for Saved {
    fn transcribe(&self, recording: &Recording, _sound: Option<&Sound>) -> Result<Option<Transcribed>, EngineError> {
        recording.transcript.as_deref().map(|path| read_transcript(path, self.format)).transpose()
    }
}

/// Reads the transcript at `path`, in `format` or whatever format it is in.
///
/// # Errors
/// It cannot be read, or is in no format that is known.
pub fn read_transcript(path: &Path, format: Option<Format>) -> Result<Transcribed, EngineError> {
    let bytes = read(path)?;
    let sha256 = sha256_hex(&bytes);
    match import::read_in(&bytes, format) {
        Ok(transcript) => Ok(Transcribed { transcript, sha256: Some(sha256) }),
        Err(error) => Err(EngineError {
            code: error.code().to_owned(),
            message: error.to_string(),
            retryable: false,
            sha256: Some(sha256),
        }),
    }
}

/// SHA-256 of `bytes` as lower-case hex.
#[must_use]
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, EngineError> {
    let failed = |error: &std::io::Error| EngineError {
        code: if error.kind() == ErrorKind::NotFound { "transcript_not_found" } else { "transcript_unreadable" }.into(),
        message: format!(
            "the transcript cannot be read: {}; check its path in the manifest and its permissions",
            error.kind()
        ),
        retryable: error.kind() != ErrorKind::NotFound,
        sha256: None,
    };
    let mut bytes = Vec::new();
    let file = open(path).map_err(|error| failed(&error))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(EngineError {
            code: "transcript_too_large".into(),
            message: format!("the transcript is over {MAX_BYTES} bytes; check that it is one call's"),
            retryable: false,
            sha256: None,
        });
    }
    Ok(bytes)
}
