//! One segment, and what was odd about all of them.

use super::super::ImportError;
use super::super::fields::{Fields, LONGEST_TEXT, kind_of, shown};
use super::words;
use crate::transcript::{Speaker, Utterance};
use crate::units::{Role, Span};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The most channels a recording is believed to have.
pub(in crate::transcript::import) const MOST_CHANNELS: u64 = 64;

const KEYS: [&str; 12] = [
    "channel",
    "role",
    "voice",
    "start_ms",
    "end_ms",
    "times_estimated",
    "text",
    "confidence",
    "emotion",
    "event",
    "vendor_measures",
    "words",
];

/// Reads a segment.
pub(super) fn read(fields: &Fields<'_>, warnings: &mut Warnings) -> Result<Utterance, ImportError> {
    warnings.unknown_keys(fields.map, &KEYS);
    let span = span(fields)?;
    let text = fields.text("text", LONGEST_TEXT)?.ok_or_else(|| fields.bad("text", "is missing; expected a string"))?;
    let (emotion, emotion_score) = emotion(fields)?;
    Ok(Utterance {
        speaker: speaker(fields)?,
        span,
        times_estimated: fields.truth("times_estimated")?,
        text: text.to_owned(),
        confidence: fields.share("confidence")?,
        emotion,
        emotion_score,
        event: fields.short_text("event")?,
        vendor_measures: fields.object_json("vendor_measures")?,
        words: words::read(fields, span, text, warnings)?,
    })
}

/// The times of a segment or word.
pub(super) fn span(fields: &Fields<'_>) -> Result<Span, ImportError> {
    let span = Span::new(fields.ms("start_ms")?, fields.ms("end_ms")?);
    if span.end_ms < span.start_ms {
        let place = fields.place.clone();
        return Err(ImportError::TimesReversed { place, start_ms: span.start_ms, end_ms: span.end_ms });
    }
    Ok(span)
}

/// Who spoke: exactly one of `channel`, `role` and `voice` is given.
fn speaker(fields: &Fields<'_>) -> Result<Speaker, ImportError> {
    let bad = |why: &str| ImportError::BadField { place: fields.place.clone(), why: why.to_owned() };
    match (fields.get("channel"), fields.get("role"), fields.get("voice")) {
        (Some(channel), None, None) => number(fields, "channel", channel).map(Speaker::Channel),
        (None, Some(role), None) => {
            let name = role.as_str().map_or_else(|| kind_of(role), shown);
            let expected = Role::ALL.map(Role::name).join(", ");
            let why = format!("is {name}; expected one of {expected}");
            role.as_str().and_then(Role::from_name).map(Speaker::Role).ok_or_else(|| fields.bad("role", &why))
        }
        (None, None, Some(voice)) => number(fields, "voice", voice).map(Speaker::Voice),
        (None, None, None) => Err(bad("has neither a channel nor a role nor a voice; give one of them")),
        _ => Err(bad("has more than one of channel, role and voice; give one of them")),
    }
}

fn number(fields: &Fields<'_>, name: &str, value: &Value) -> Result<u16, ImportError> {
    let number = value.as_u64().filter(|&number| number < MOST_CHANNELS);
    let bad = || fields.bad(name, &format!("is {}; expected 0, 1 …", kind_of(value)));
    number.map(|number| number as u16).ok_or_else(bad)
}

/// The emotion's tag and score: a string, or an object with `label` and `score`.
fn emotion(fields: &Fields<'_>) -> Result<(Option<String>, Option<f32>), ImportError> {
    match fields.get("emotion") {
        Some(value @ Value::Object(_)) => {
            let inner = Fields::at(fields.place_of("emotion"), value)?;
            let label =
                inner.short_text("label")?.ok_or_else(|| inner.bad("label", "is missing; expected a string"))?;
            Ok((Some(label), inner.share("score")?))
        }
        _ => Ok((fields.short_text("emotion")?, None)),
    }
}

/// What was odd and mended, counted.
#[derive(Default)]
pub(super) struct Warnings {
    unknown_keys: BTreeSet<String>,
    /// Words left out because they are not in the text, and the first one's place.
    pub(super) lost_words: (usize, String),
    /// Words left out because their times lie outside their segment, and the first one's place.
    pub(super) strayed_words: (usize, String),
    /// Segments that overlap the one before of the same speaker, and the most by which one does, ms.
    pub(super) overlaps: (usize, i64),
}

impl Warnings {
    /// Takes note of the keys of `map` that are not among `known`.
    pub(super) fn unknown_keys(&mut self, map: &Map<String, Value>, known: &[&str]) {
        const KEPT: usize = 8;
        let unknown = map.keys().filter(|key| !known.contains(&key.as_str()));
        for key in unknown.map(|key| shown(key)) {
            if self.unknown_keys.len() < KEPT {
                self.unknown_keys.insert(key);
            }
        }
    }

    /// One sentence for each kind of oddity.
    pub(super) fn told(self) -> Vec<String> {
        let mut told = Vec::new();
        if !self.unknown_keys.is_empty() {
            let keys: Vec<String> = self.unknown_keys.into_iter().collect();
            told.push(format!("the transcript has keys that are not known, ignored: {}", keys.join(", ")));
        }
        for ((count, first), why) in [
            (self.lost_words, "are not in their segment's text"),
            (self.strayed_words, "have times more than a second outside their segment"),
        ] {
            if count > 0 {
                told.push(format!("{count} word(s) of the transcript {why}, left out; the first is {first}"));
            }
        }
        if self.overlaps.0 > 0 {
            let (count, most_ms) = self.overlaps;
            told.push(format!(
                "{count} segment(s) of the transcript overlap the same speaker's one before, by up to {most_ms} ms"
            ));
        }
        told
    }
}
