//! What was said, by whom and when, as a speech engine gave it.

pub mod backchannel;
pub mod check;
pub mod import;
pub mod normalise;
pub mod tongue;

use crate::units::{Role, Span};

/// A call's transcript, raw: personal digits are still in it. Utterances are in the order of
/// (start, channel, position).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    /// The call it says it belongs to.
    pub call_id: Option<String>,
    /// BCP 47 tag of its language.
    pub language: Option<String>,
    /// The engine that made it.
    pub engine: Option<String>,
    /// The engine's model.
    pub engine_model: Option<String>,
    /// What the vendor's own analysis measured of the call, as a JSON object in its words; kept beside our measures, never mixed.
    pub vendor_measures: Option<String>,
    /// The utterances.
    pub utterances: Vec<Utterance>,
    /// What was odd and mended while reading it, for the call's warnings.
    pub warnings: Vec<String>,
}

impl Transcript {
    /// The utterances by (start, channel or role, position), as they are numbered everywhere.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Utterance> {
        let mut utterances: Vec<&Utterance> = self.utterances.iter().collect();
        utterances.sort_by_key(|utterance| (utterance.span.start_ms, utterance.speaker));
        utterances
    }
}

/// Who spoke an utterance, as the engine says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// Whoever speaks on this channel, 0-based.
    Channel(u16),
    /// This role.
    Role(Role),
    /// A voice that the engine tells apart from others of the same recording, numbered from 0; whose it is nobody has said yet.
    Voice(u16),
}

impl Default for Speaker {
    /// Nobody said who.
    fn default() -> Self {
        Self::Role(Role::Unknown)
    }
}

/// One segment as the engine gave it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Utterance {
    /// Who spoke.
    pub speaker: Speaker,
    /// When.
    pub span: Span,
    /// Whether a time was missing and is bounded by what stands beside it.
    pub times_estimated: bool,
    /// The words.
    pub text: String,
    /// The engine's confidence, 0 to 1.
    pub confidence: Option<f32>,
    /// The engine's emotion tag, as it wrote it.
    pub emotion: Option<String>,
    /// How sure the engine is of the emotion, 0 to 1.
    pub emotion_score: Option<f32>,
    /// The engine's event tag, such as music.
    pub event: Option<String>,
    /// What the vendor measured of it, as a JSON object in its words; kept beside our measures, never mixed.
    pub vendor_measures: Option<String>,
    /// The words' times, where the engine gave them.
    pub words: Vec<Word>,
}

impl Utterance {
    /// An utterance of which nothing else is known.
    #[must_use]
    pub fn new(speaker: Speaker, span: Span, text: impl Into<String>) -> Self {
        Self { speaker, span, text: text.into(), ..Self::default() }
    }
}

/// One timed word of an utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its place in the utterance's text, in Unicode scalar values, half-open.
    pub chars: std::ops::Range<u32>,
    /// When it was said.
    pub span: Span,
    /// Whether its end was missing and is where the next word starts.
    pub estimated: bool,
}
