//! Vosk: a result an utterance, one after another or in an array; and the JSON that `vosk-transcriber` writes.

use super::draft::{Draft, DraftWord, Segment, join, unspaced, with_confidence};
use super::json::{entries_at, number_at, seconds_at, text_at};
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// Whether `values` are Vosk's: results with `text`, at least one with timed words in `result`, or several.
pub(super) fn is(values: &[Value]) -> bool {
    let entries = entries(values);
    let keys = ["text", "result", "partial", "alternatives", "spk", "spk_frames", "partial_result"];
    let is_result = |entry: &Value| {
        let map = entry.as_object().filter(|map| map.keys().all(|key| keys.contains(&key.as_str())));
        map.is_some_and(|map| ["text", "partial", "alternatives"].iter().any(|key| map.contains_key(*key)))
    };
    let is_timed = |entry: &Value| !words(entry.as_object().unwrap_or(&Map::new())).is_empty();
    let texts = entries.iter().filter(|entry| entry.get("text").is_some()).count();
    let of_terms = entries.iter().any(|entry| entry.get("terms").is_some());
    !entries.is_empty()
        && (of_terms || entries.iter().all(|it| is_result(it)) && (texts > 1 || entries.iter().any(|it| is_timed(it))))
}

/// Reads what [`is`] says is Vosk's. Times are in seconds. `spk`, which tells a voice again, is not read.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    if !entries(values).iter().all(|entry| entry.is_object()) {
        return Err(recognise::not_of(Format::Vosk, values));
    }
    let mut draft = Draft { engine: Some("vosk".to_owned()), ..Draft::default() };
    let entries: Vec<Value> = entries(values).into_iter().filter(|it| it.get("partial").is_none()).cloned().collect();
    draft.add_each(&entries, segment);
    draft.finish_of("result")
}

/// The results: the values themselves, or those of the only array.
fn entries(values: &[Value]) -> Vec<&Value> {
    match values {
        [Value::Array(entries)] => entries.iter().collect(),
        [Value::Object(top)] if top.contains_key("monologues") => entries_at(top, &["monologues"]).iter().collect(),
        values => values.iter().collect(),
    }
}

fn segment(entry: &Map<String, Value>) -> Option<Segment> {
    let best = entries_at(entry, &["alternatives"]).first().and_then(Value::as_object).unwrap_or(entry);
    let words = words(best);
    let joined = words.iter().fold(String::new(), |mut text, word| {
        join(&mut text, &word.text);
        text
    });
    let text = if words.is_empty() { unspaced(text_at(best, &["text"])?) } else { joined };
    let mut segment = Segment::new(Speaker::Role(Role::Unknown), None, None, text);
    segment.start_ms = words.first().and_then(|word| word.start_ms);
    segment.end_ms = words.last().and_then(|word| word.end_ms);
    segment.words = words;
    Some(with_confidence(segment))
}

fn words(entry: &Map<String, Value>) -> Vec<DraftWord> {
    let word = |value: &Value| {
        let map = value.as_object()?;
        let times = (seconds_at(map, &["start"])?, seconds_at(map, &["end"]));
        let confidence = number_at(map, &["conf", "confidence"]);
        Some(DraftWord::new(text_at(map, &["word", "text"])?, Some(times.0), times.1, confidence))
    };
    entries_at(entry, &["result", "terms"]).iter().filter_map(word).collect()
}
