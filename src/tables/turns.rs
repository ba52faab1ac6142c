//! `turns`: one row per utterance.

use super::record::{Flat, Later, record};
use super::value::{List, Nested};
use crate::facts::{RateFacts, TurnFacts, TurnWord};
use crate::units::{Role, Span};

record!(TurnFacts {
    /// The utterance's 0-based rank in its call, by start, channel and position.
    turn: i32,
    /// Which turn in the sense of rules it belongs to: a run of one speaker's utterances with gaps under 2 s.
    turn_group: i32,
    /// Who spoke: `agent`, `customer`, `bot`, `third`, `unknown`.
    role: Role => dictionary,
    /// Which agent spoke, where a leg says so.
    agent_id: Option<String> => dictionary,
    /// On which channel, from 0; null where the transcript does not say.
    channel: Option<i32>,
    span as "": Flat<Span>,
    /// Whether a time was missing and is bounded by speech and by what stands beside it.
    times_estimated: Later<bool>,
    /// Why it may not have been said at all: `loop` (a phrase over and over), `no_speech` (nothing is heard there), `too_fast` (faster than
    /// people can speak); sorted. Its rate is null; its words are judged like others.
    suspect: Later<List<String>>,
    /// The words, personal data masked with one `█` a character.
    text: String,
    /// Places and times of the words.
    words: List<Nested<TurnWord>>,
    /// Language of the utterance, BCP 47: the call's, unless its script or its commonest words tell another.
    language: Option<String> => dictionary,
    /// Characters as spoken: Han characters and digits one each, punctuation none; counted before masking.
    #[unit = "chars"]
    chars: i32,
    /// Words, for languages that are counted in words; counted before masking.
    #[unit = "words"]
    words_n: i32,
    /// Syllables by sound alone, of its stretches' in proportion to their overlap; null without sound.
    #[unit = "syllables"]
    syllables: Option<i32>,
    rate as "": Flat<Option<RateFacts>>,
    /// Level, overlap-weighted over its stretches of speech.
    #[unit = "dBFS"]
    loudness_dbfs: Option<f32>,
    /// Level over the same speaker's usual.
    #[unit = "dB"]
    loudness_over_usual_db: Option<f32>,
    /// Pitch, overlap-weighted over its stretches of speech.
    #[unit = "Hz"]
    pitch_hz: Option<f32>,
    /// Anger by sound, overlap-weighted over its stretches, 0 to 1; null where it cannot be told, or emotion is switched off.
    anger_acoustic: Option<f32>,
    /// Anger by sound less the same speaker's usual in the call, -1 to 1.
    anger_over_usual: Option<f32>,
    /// What moved the anger by sound of its longest stretch most, the strongest first.
    anger_features: List<String>,
    /// Anger by the engine's tag, 0 to 1; null where the engine gave no tag.
    anger_engine: Option<f32>,
    /// The engine's emotion tag, lower case.
    engine_emotion: Option<String> => dictionary,
    /// The engine's event tag, lower case.
    engine_event: Option<String> => dictionary,
    /// The engine's confidence, 0 to 1.
    confidence: Option<f32>,
    /// What the vendor measured of it, as a JSON object in its words, personal data masked.
    vendor_measures: Option<String>,
    /// Time the agent or the customer on the other side speaks over it, machines and colleagues aside; null where overlap is not measurable.
    #[unit = "ms"]
    overlap_ms: Option<i64>,
    /// Time since the utterance before it ended, whoever spoke; negative where they overlap.
    #[unit = "ms"]
    gap_before_ms: Option<i64>,
});

record!(TurnWord {
    /// First character in the utterance's text, from 0, in Unicode scalar values.
    char_start: i32,
    /// First character after it.
    char_end: i32,
    /// When it starts in the recording.
    #[unit = "ms"]
    start_ms: i64,
    /// When it ends.
    #[unit = "ms"]
    end_ms: i64,
    /// Whether its times are guesses.
    estimated: bool,
});
