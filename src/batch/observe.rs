//! One call, from its files to its facts.

use super::hear::hear;
use crate::audio::ANALYSIS_RATE_HZ;
use crate::audio::decode::{DecodeOptions, Pick, identify};
use crate::engine::{EngineError, SpeechEngine, Transcribed, sha256_hex};
use crate::entities::mask_text;
use crate::facts::{self, AgentVoice, CallError, Facts, Heard, Observed};
use crate::recording::{Leg, Recording};
use crate::transcript::Transcript;
use crate::transcript::check::check;
use crate::units::{Dbfs, Role};
use serde::Serialize;

/// Settings that shape facts; their hash is a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Language where neither manifest nor transcript says one.
    pub default_language: Option<String>,
    /// Manifest columns that are written unmasked.
    pub keep_columns: Vec<String>,
    /// Roles for which emotion is switched off, sorted.
    pub emotion_off: Vec<Role>,
    /// How it is told which of the voices that an engine tells apart is the agent's.
    pub agent_voice: AgentVoice,
    /// How recordings are decoded.
    pub decode: DecodeOptions,
}

/// Settings as they are hashed: what may differ from machine to machine is left out.
#[derive(Serialize)]
struct Hashed<'a> {
    default_language: &'a Option<String>,
    keep_columns: &'a [String],
    max_duration_ms: i64,
    raw: Option<String>,
    channels: Option<String>,
    emotion_off: Vec<&'static str>,
    agent_voice: String,
}

impl Settings {
    /// 16 hex digits that change when a setting does.
    #[must_use]
    pub fn hash(&self) -> String {
        let hashed = Hashed {
            default_language: &self.default_language,
            keep_columns: &self.keep_columns,
            max_duration_ms: self.decode.max_duration_ms,
            raw: self.decode.raw.map(|raw| raw.to_string()),
            channels: self.decode.channels.as_ref().map(Pick::to_string),
            emotion_off: self.emotion_off.iter().map(|role| role.name()).collect(),
            agent_voice: self.agent_voice.to_string(),
        };
        let text = serde_json::to_string(&hashed).expect("strings, numbers and lists are always JSON");
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    }
}

/// SHA-256 (hex) of what is known of a call besides its files: its metadata, which channel is whose, its legs, and the calls before it.
///
/// It is taken over masked columns: the hash stands in a table, and few numbers are so many that the one behind a hash
/// could not be found by trying.
#[must_use]
pub(crate) fn metadata_sha256(recording: &Recording) -> String {
    let json = |known: serde_json::Result<String>| known.expect("strings, numbers and maps are always JSON");
    let leg = |leg: &Leg| (leg.start_ms, leg.end_ms, leg.party.name(), leg.agent_id.clone(), leg.side.name());
    let legs: Vec<_> = recording.legs.iter().map(leg).collect();
    let columns = mask_text(&json(serde_json::to_string(&(&recording.metadata, legs))));
    let numbers = json(serde_json::to_string(&(recording.agent_channel, &recording.prior_calls)));
    sha256_hex(format!("{columns}{numbers}").as_bytes())
}

/// Turns calls into facts.
pub(super) struct Observer<'a> {
    engine: &'a dyn SpeechEngine,
    settings: &'a Settings,
    settings_hash: String,
}

impl<'a> Observer<'a> {
    pub(super) fn new(engine: &'a dyn SpeechEngine, settings: &'a Settings) -> Self {
        Self { engine, settings, settings_hash: settings.hash() }
    }

    /// The facts of a call over which the tool stumbled.
    pub(super) fn crashed(&self, recording: &Recording) -> Facts {
        let message = "callsift stumbled over this call and went on without it; please report the recording's format";
        facts::build(&Observed {
            error: Some(call_error("measure", "crashed_tool", message.into(), false)),
            ..self.nothing_of(recording)
        })
    }

    /// Hears and reads one call, whose transcript, if there is one, `read` sees as it is, unmasked. Never fails: what goes wrong
    /// becomes the facts of a failed call.
    pub(super) fn observe(&self, recording: &Recording, read: impl FnOnce(&Transcript)) -> Facts {
        #[cfg(debug_assertions)]
        super::failpoint::crash_at(&recording.call_id);
        let mut observed = self.nothing_of(recording);
        self.listen(recording, &mut observed);
        let transcribed = self.read(recording, &mut observed);
        if let Some(transcript) = &transcribed {
            read(transcript);
        }
        observed.transcript = transcribed.as_ref();
        facts::build(&observed)
    }

    /// The transcript, if there is one that fits what was heard; what is wrong with it goes into `observed`.
    fn read(&self, recording: &Recording, observed: &mut Observed<'_>) -> Option<Transcript> {
        let transcribed = match self.engine.transcribe(recording) {
            Ok(transcribed) => transcribed?,
            Err(EngineError { code, message, retryable, sha256 }) => {
                observed.transcript_sha256 = sha256;
                observed.error.get_or_insert(call_error("transcript", &code, message, retryable));
                return None;
            }
        };
        let Transcribed { transcript, sha256 } = transcribed;
        observed.transcript_sha256 = Some(sha256);
        let Some(heard) = &observed.sound else { return Some(transcript) };
        let channels = heard.acoustics.channels.len() as u16;
        match check(transcript, heard.acoustics.duration_ms, channels) {
            Ok(transcript) => Some(transcript),
            Err(error) => {
                observed.error.get_or_insert(call_error("transcript", error.code(), error.to_string(), false));
                None
            }
        }
    }

    fn nothing_of<'r>(&'r self, recording: &'r Recording) -> Observed<'r> {
        Observed {
            recording,
            file: None,
            sound: None,
            transcript: None,
            transcript_sha256: None,
            metadata_sha256: metadata_sha256(recording),
            settings_hash: self.settings_hash.clone(),
            default_language: self.settings.default_language.clone(),
            keep_columns: &self.settings.keep_columns,
            emotion_off: &self.settings.emotion_off,
            agent_voice: self.settings.agent_voice,
            error: None,
        }
    }

    fn listen(&self, recording: &Recording, observed: &mut Observed<'_>) {
        let Some(path) = &recording.audio else { return };
        let heard = identify(path).and_then(|identity| {
            observed.file = Some((identity.sha256.clone(), identity.bytes as i64));
            hear(path, identity, &self.settings.decode)
        });
        match heard {
            Ok((decoded, acoustics)) => {
                observed.error =
                    decoded.partial.map(|partial| call_error("decode", partial.code, partial.message, false));
                if acoustics.channels.iter().all(|channel| channel.level_dbfs <= Dbfs::SILENCE) {
                    let message = "the recording holds digital silence only; check the recorder's line";
                    observed.error.get_or_insert(call_error("measure", "silent", message.into(), false));
                }
                observed.sound = Some(Heard {
                    decoder: decoded.decoder,
                    codec: decoded.codec,
                    rate_hz: decoded.rate_hz,
                    analysis_rate_hz: ANALYSIS_RATE_HZ,
                    warnings: decoded.warnings,
                    acoustics,
                });
            }
            Err(error) => {
                let retryable = error.is_retryable();
                observed.error = Some(call_error("decode", error.code(), error.to_string(), retryable));
            }
        }
    }
}

fn call_error(stage: &str, code: &str, message: String, retryable: bool) -> CallError {
    CallError { stage: stage.into(), code: code.into(), message, retryable }
}
