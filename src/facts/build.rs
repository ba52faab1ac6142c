//! Joins what was heard to what was said.

mod agent_voice;
mod anger;
mod answering;
mod call;
mod count;
mod emotion;
mod entities;
mod interruptions;
mod known;
mod language;
mod legs;
mod levels;
mod machines;
mod masking;
mod outcome;
mod rates;
mod round;
mod sides;
mod silences;
mod speakers;
mod speech;
mod spoken;
mod stretches;
mod suspect;
mod turns;
mod voices;
mod weighted;

use super::model::{CallError, Facts};
use crate::acoustics::Acoustics;
use crate::recording::{Recording, StartedAt};
use crate::transcript::Transcript;
use crate::units::Role;
pub use agent_voice::AgentVoice;
use known::Known;
pub use known::{date as day, number as amount};
use legs::Legs;
use speech::Speech;
use spoken::{Heeded, spoken};
use voices::Voices;

/// Version of the way facts are made; raised when a value may change.
pub const FACTS_VERSION: i32 = 9;

/// What was observed of one call; the input of [`build`].
#[derive(Clone, Debug)]
pub struct Observed<'a> {
    /// The call.
    pub recording: &'a Recording,
    /// The file as read: SHA-256 (hex) and size in bytes.
    pub file: Option<(String, i64)>,
    /// What was decoded, with its measures; `None` without sound.
    pub sound: Option<Heard>,
    /// What was said; `None` without transcript, or where it cannot be read.
    pub transcript: Option<&'a Transcript>,
    /// SHA-256 (hex) of the transcript's file, whether it could be read or not.
    pub transcript_sha256: Option<String>,
    /// SHA-256 (hex) of the call's metadata.
    pub metadata_sha256: String,
    /// Hash of the settings that shape facts.
    pub settings_hash: String,
    /// Language where neither manifest nor transcript says one.
    pub default_language: Option<String>,
    /// Why a part of it, or all of it, could not be read.
    pub error: Option<CallError>,
    /// Columns of the manifest whose values pass unmasked: `call_id`, an own column, or a key of `extra`.
    pub keep_columns: &'a [String],
    /// Roles for which emotion is switched off.
    pub emotion_off: &'a [Role],
    /// How it is told which of the voices that the engine tells apart is the agent's.
    pub agent_voice: AgentVoice,
}

impl<'a> Observed<'a> {
    /// A call of which nothing was read.
    #[must_use]
    pub fn nothing_of(recording: &'a Recording) -> Self {
        Self {
            recording,
            file: None,
            sound: None,
            transcript: None,
            transcript_sha256: None,
            metadata_sha256: String::new(),
            settings_hash: String::new(),
            default_language: None,
            error: None,
            keep_columns: &[],
            emotion_off: &[],
            agent_voice: AgentVoice::default(),
        }
    }
}

/// A decoded recording and its measures.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Who decoded.
    pub decoder: String,
    /// The codec's name.
    pub codec: String,
    /// The recording's rate.
    pub rate_hz: u32,
    /// The rate at which it was measured.
    pub analysis_rate_hz: u32,
    /// What was odd about it.
    pub warnings: Vec<String>,
    /// The measures.
    pub acoustics: Acoustics,
}

/// Returns the facts of a call: every measure taken, every text masked, every value rounded. Never fails; what is not
/// known is empty, and a call with neither sound nor transcript has status `failed`.
///
/// The same observation gives the same facts, to the bit.
#[must_use]
pub fn build(observed: &Observed<'_>) -> Facts {
    let acoustics = observed.sound.as_ref().map(|heard| &heard.acoustics);
    let transcript = observed.transcript;
    let voices = Voices::of(observed.recording, acoustics, transcript, observed.agent_voice);
    let legs = Legs::of(observed.recording, transcript, &voices);
    let speech = acoustics.map(|acoustics| Speech::of(acoustics, &voices, &legs));
    let (language, language_from) = language::language(observed);
    let spoken =
        spoken(transcript, &Heeded { voices: &voices, legs: &legs, speech: speech.as_ref() }, language.as_deref());
    let date = observed.recording.metadata.started_at.map(StartedAt::local_date);
    let masked = entities::mask(&spoken, date, &Known::of(&observed.recording.metadata));
    let levels = levels::levels(&spoken, speech.as_ref());
    let angers = anger::angers(&spoken, speech.as_ref(), observed.emotion_off);
    let said = turns::Said {
        speech: speech.as_ref(),
        levels: &levels,
        angers: &angers,
        texts: &masked.texts,
        keep: observed.keep_columns,
    };
    let turns = turns::turns(&spoken, &said, language.as_deref(), observed.emotion_off);
    let heard = call::Measured {
        observed,
        voices: &voices,
        legs: &legs,
        speech: speech.as_ref(),
        spoken: &spoken,
        levels: &levels,
        angers: &angers,
    };
    Facts {
        call: heard.call(language, language_from),
        stretches: speech.as_ref().map(|it| stretches::stretches(it, observed.emotion_off)).unwrap_or_default(),
        entities: masked.entities,
        turns,
    }
}

#[cfg(test)]
mod tests;
