//! Vosk: a result an utterance, one after another or in an array; and the JSON that `vosk-transcriber` writes.

use super::draft::{Draft, DraftWord, Segment, join, unspaced, with_confidence};
use super::json::{entries_at, number_at, seconds_at, text_at};
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// What a result may have beside its words.
const KEYS: [&str; 7] = ["text", "result", "partial", "alternatives", "spk", "spk_frames", "partial_result"];

/// Whether `values` are Vosk's: results of which one at least has timed words, or several with `text`; or `monologues`.
pub(super) fn is(values: &[Value]) -> bool {
    let entries: Vec<_> = entries(values).into_iter().map(Value::as_object).collect();
    let is_result = |map: &Map<String, Value>| {
        map.keys().all(|key| KEYS.contains(&key.as_str()))
            && ["text", "partial", "alternatives"].iter().any(|key| map.contains_key(*key))
    };
    let is_timed = |map: &Map<String, Value>| !words(best(map)).is_empty();
    let texts = entries.iter().flatten().filter(|map| map.contains_key("text")).count();
    let of_terms = entries.iter().flatten().any(|map| map.contains_key("terms"));
    let are_results = entries.iter().all(|entry| entry.is_some_and(is_result));
    of_terms || are_results && (texts > 1 || entries.iter().flatten().any(|map| is_timed(map)))
}

/// Reads what [`is`] says is Vosk's. Times are in seconds. `spk`, which tells a voice again, is not read.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let has_one = |entry: &&Value| {
        ["text", "result", "partial", "alternatives", "terms"].iter().any(|key| entry.get(key).is_some())
    };
    if !entries(values).iter().all(has_one) {
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

/// The first of several readings, or the only one.
fn best(entry: &Map<String, Value>) -> &Map<String, Value> {
    entries_at(entry, &["alternatives"]).first().and_then(Value::as_object).unwrap_or(entry)
}

fn segment(entry: &Map<String, Value>) -> Option<Segment> {
    let best = best(entry);
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
