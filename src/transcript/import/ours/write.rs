//! Writing our own format.

use super::FORMAT;
use crate::transcript::{Speaker, Transcript, Utterance, Word};
use serde_json::{Map, Value, json};

/// Returns the transcript in our format, indented; what is not known is left out.
///
/// [`super::read`] gives the same transcript again, warnings aside.
#[must_use]
pub fn write(transcript: &Transcript) -> String {
    let mut top = Map::new();
    top.insert("format".into(), json!(FORMAT));
    top.insert("version".into(), json!(1));
    put(&mut top, "call_id", &transcript.call_id);
    put(&mut top, "language", &transcript.language);
    put(&mut top, "engine", &transcript.engine);
    put(&mut top, "engine_model", &transcript.engine_model);
    put(&mut top, "vendor_measures", &transcript.vendor_measures.as_deref().and_then(object));
    top.insert("segments".into(), transcript.utterances.iter().map(segment).collect());
    let mut text = serde_json::to_string_pretty(&top).expect("strings, numbers and maps are always JSON");
    text.push('\n');
    text
}

fn put<T: serde::Serialize>(map: &mut Map<String, Value>, key: &str, value: &Option<T>) {
    if let Some(value) = value {
        map.insert(key.into(), json!(value));
    }
}

fn object(measures: &str) -> Option<Value> {
    serde_json::from_str(measures).ok()
}

fn segment(utterance: &Utterance) -> Value {
    let mut map = Map::new();
    match utterance.speaker {
        Speaker::Channel(channel) => map.insert("channel".into(), json!(channel)),
        Speaker::Role(role) => map.insert("role".into(), json!(role.name())),
        Speaker::Voice(voice) => map.insert("voice".into(), json!(voice)),
    };
    map.insert("start_ms".into(), json!(utterance.span.start_ms));
    map.insert("end_ms".into(), json!(utterance.span.end_ms));
    if utterance.times_estimated {
        map.insert("times_estimated".into(), json!(true));
    }
    map.insert("text".into(), json!(utterance.text));
    put(&mut map, "confidence", &utterance.confidence.map(shortest));
    let emotion = utterance.emotion.as_ref().map(|label| match utterance.emotion_score {
        Some(score) => json!({"label": label, "score": shortest(score)}),
        None => json!(label),
    });
    put(&mut map, "emotion", &emotion);
    put(&mut map, "event", &utterance.event);
    put(&mut map, "vendor_measures", &utterance.vendor_measures.as_deref().and_then(object));
    if !utterance.words.is_empty() {
        let chars: Vec<char> = utterance.text.chars().collect();
        map.insert("words".into(), utterance.words.iter().map(|it| word(it, &chars)).collect());
    }
    Value::Object(map)
}

fn word(word: &Word, chars: &[char]) -> Value {
    let text: String =
        chars.get(word.chars.start as usize..word.chars.end as usize).unwrap_or_default().iter().collect();
    let mut map = Map::new();
    map.insert("text".into(), json!(text));
    map.insert("start_ms".into(), json!(word.span.start_ms));
    map.insert("end_ms".into(), json!(word.span.end_ms));
    if word.estimated {
        map.insert("times_estimated".into(), json!(true));
    }
    Value::Object(map)
}

/// A number with the digits that a share of single precision has, not those of its widening.
fn shortest(share: f32) -> f64 {
    share.to_string().parse().unwrap_or_default()
}
