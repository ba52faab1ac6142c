//! One call, from its files to its facts.

use super::hear::hear;
use crate::audio::ANALYSIS_RATE_HZ;
use crate::audio::Pcm;
use crate::audio::decode::{DecodeError, DecodeOptions, Pick, identify};
use crate::engine::{EngineError, Permits, Sound, SpeechEngine, Spool, Transcribed, no_room, sha256_hex};
use crate::entities::mask_text;
use crate::facts::{self, AgentVoice, CallError, Facts, Heard, Observed};
use crate::recording::{Leg, Recording};
use crate::storage::{LocalCopy, fetch};
use crate::transcript::Transcript;
use crate::transcript::check::check;
use crate::units::{Dbfs, Role, Span};
use serde::Serialize;
use std::io;

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
    /// The engine that hears recordings, its model and all that changes what it answers; none where transcripts are saved ones.
    pub engine: Option<String>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: &'a Option<String>,
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
            engine: &self.engine,
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
    permits: Permits,
}

impl<'a> Observer<'a> {
    /// For `threads` threads that work at a time, besides those that wait for the engine.
    pub(super) fn new(engine: &'a dyn SpeechEngine, settings: &'a Settings, threads: usize) -> Self {
        Self { engine, settings, settings_hash: settings.hash(), permits: Permits::new(threads) }
    }

    /// The facts of a call over which the tool stumbled.
    pub(super) fn crashed(&self, recording: &Recording) -> Facts {
        let message = "callsift stumbled over this call and went on without it; please report the recording's format";
        facts::build(&Observed {
            error: Some(call_error("measure", "crashed_tool", message.into(), false)),
            ..self.nothing_of(recording)
        })
    }

    /// Hears and reads one call, whose transcript, if there is one, `read` sees as it is, unmasked; what `judge` makes of its facts.
    /// Never fails: what goes wrong becomes the facts of a failed call. While the engine is waited for, others may work.
    pub(super) fn observe<T>(
        &self,
        recording: &Recording,
        read: impl FnOnce(&Transcript),
        judge: impl FnOnce(Facts) -> T,
    ) -> T {
        // While its sound comes from afar, others may work.
        let file = recording.audio.as_deref().map(fetch);
        let permit = self.permits.get();
        #[cfg(debug_assertions)]
        super::failpoint::crash_at(&recording.call_id);
        let mut observed = self.nothing_of(recording);
        let sound = file.and_then(|file| self.listen(recording, file, &mut observed));
        drop(permit);
        let answer = self.engine.transcribe(recording, sound.as_ref());
        // Its files go before others are waited for.
        drop(sound);
        let _permit = self.permits.get();
        let transcribed = fitting(answer, &mut observed);
        if let Some(transcript) = &transcribed {
            read(transcript);
        }
        observed.transcript = transcribed.as_ref();
        judge(facts::build(&observed))
    }

    fn nothing_of<'r>(&'r self, recording: &'r Recording) -> Observed<'r> {
        Observed {
            metadata_sha256: metadata_sha256(recording),
            settings_hash: self.settings_hash.clone(),
            default_language: self.settings.default_language.clone(),
            keep_columns: &self.settings.keep_columns,
            emotion_off: &self.settings.emotion_off,
            agent_voice: self.settings.agent_voice,
            ..Observed::nothing_of(recording)
        }
    }

    /// Hears the recording; what is wrong with it goes into `observed`. Returns the sound where the engine must hear it.
    fn listen(
        &self,
        recording: &Recording,
        file: io::Result<LocalCopy<'_>>,
        observed: &mut Observed<'_>,
    ) -> Option<Sound> {
        let file = file.map_err(|error| observed.error = Some(decode_error(&error.into()))).ok()?;
        let path = file.path();
        let mut spooling = Spooling::new(self.engine.hears(recording));
        let heard = identify(path).and_then(|identity| {
            observed.file = Some((identity.sha256.clone(), identity.bytes as i64));
            hear(path, identity, &self.settings.decode, &mut |pcm| spooling.push(pcm))
        });
        let (decoded, acoustics) = heard.map_err(|error| observed.error = Some(decode_error(&error))).ok()?;
        observed.error = decoded.partial.map(|partial| call_error("decode", partial.code, partial.message, false));
        if acoustics.channels.iter().all(|channel| channel.level_dbfs <= Dbfs::SILENCE) {
            let message = "the recording holds digital silence only; check the recorder's line";
            add(&mut observed.error, call_error("measure", "silent", message.into(), false));
        }
        let speech = acoustics.channels.iter().map(|it| it.stretches.iter().map(|stretch| stretch.span).collect());
        let sound = spooling.finish(speech.collect());
        observed.sound = Some(Heard {
            decoder: decoded.decoder,
            codec: decoded.codec,
            rate_hz: decoded.rate_hz,
            analysis_rate_hz: ANALYSIS_RATE_HZ,
            warnings: decoded.warnings,
            acoustics,
        });
        sound.unwrap_or_else(|EngineError { code, message, retryable, .. }| {
            add(&mut observed.error, call_error("transcript", &code, message, retryable));
            None
        })
    }
}

/// The recording's sound on its way to an engine that must hear it.
struct Spooling {
    wanted: bool,
    spool: Option<io::Result<Spool>>,
}

impl Spooling {
    fn new(wanted: bool) -> Self {
        Self { wanted, spool: None }
    }

    fn push(&mut self, pcm: &Pcm) {
        if !self.wanted {
            return;
        }
        let spool = self.spool.get_or_insert_with(|| Spool::begin(pcm.rate_hz, pcm.channels.len()));
        if let Ok(going) = spool
            && let Err(error) = going.push(pcm)
        {
            *spool = Err(error);
        }
    }

    fn finish(self, speech: Vec<Vec<Span>>) -> Result<Option<Sound>, EngineError> {
        let sound = self.spool.map(|spool| spool.and_then(|spool| spool.finish(speech))).transpose();
        sound.map_err(|error| no_room(&error))
    }
}

/// The transcript, if there is one that fits what was heard; what is wrong with it goes into `observed`.
fn fitting(answer: Result<Option<Transcribed>, EngineError>, observed: &mut Observed<'_>) -> Option<Transcript> {
    let Transcribed { transcript, sha256 } = match answer {
        Ok(transcribed) => transcribed?,
        Err(EngineError { code, message, retryable, sha256 }) => {
            observed.transcript_sha256 = sha256;
            add(&mut observed.error, call_error("transcript", &code, message, retryable));
            return None;
        }
    };
    observed.transcript_sha256 = sha256;
    let Some(heard) = &observed.sound else { return Some(transcript) };
    let channels = heard.acoustics.channels.len() as u16;
    match check(transcript, heard.acoustics.duration_ms, channels) {
        Ok(transcript) => Some(transcript),
        Err(error) => {
            add(&mut observed.error, call_error("transcript", error.code(), error.to_string(), false));
            None
        }
    }
}

/// Adds what else is wrong. The first is what is told; where one of them may pass, the call is tried again.
fn add(error: &mut Option<CallError>, more: CallError) {
    match error {
        Some(first) => first.retryable |= more.retryable,
        none => *none = Some(more),
    }
}

fn decode_error(error: &DecodeError) -> CallError {
    call_error("decode", error.code(), error.to_string(), error.is_retryable())
}

fn call_error(stage: &str, code: &str, message: String, retryable: bool) -> CallError {
    CallError { stage: stage.into(), code: code.into(), message, retryable }
}
