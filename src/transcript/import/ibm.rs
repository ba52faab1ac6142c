//! IBM Watson Speech to Text: results with timed words, and speakers by the words' starts.

use super::draft::{Draft, DraftWord, Segment, unspaced, with_confidence};
use super::json::{entries_at, name_at, number, number_at, seconds, seconds_at, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What it writes for a sound of hesitation.
const HESITATION: &str = "%HESITATION";

/// Whether `values` are of this shape: results that say whether they are final, or with `timestamps`; or none, where nobody spoke.
pub(super) fn is(values: &[Value]) -> bool {
    let is_result = |result: &Value| {
        result.get("alternatives").is_some()
            && (result.get("final").is_some() || result.pointer("/alternatives/0/timestamps").is_some())
    };
    let is_silent = |response: &Map<String, Value>, results: &[Value]| {
        results.is_empty() && response.contains_key("results") && response.contains_key("result_index")
    };
    responses(values).iter().any(|response| {
        let results = entries_at(response, &["results"]);
        results.iter().any(is_result) || is_silent(response, results)
    })
}

/// Reads what [`is`] says is of this shape. Times are in seconds.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    if !values.iter().all(|value| value.get("results").is_some_and(Value::is_array)) {
        return Err(recognise::not_of(Format::Ibm, values));
    }
    let mut draft = Draft { engine: Some("ibm".to_owned()), ..Draft::default() };
    let mut voices = Voices::default();
    for response in responses(values) {
        let labels = labels(response);
        for result in entries_at(response, &["results"]) {
            let is_final = result.get("final").and_then(Value::as_bool).unwrap_or(true);
            match result.pointer("/alternatives/0").and_then(Value::as_object) {
                Some(best) if is_final => add(&mut draft, best, &labels, &mut voices),
                Some(_) => {}
                None => draft.unreadable += 1,
            }
        }
    }
    draft.finish_of("results")
}

/// The answers: the file itself, or those inside a finished job.
fn responses(values: &[Value]) -> Vec<&Map<String, Value>> {
    let maps = values.iter().filter_map(Value::as_object);
    maps.flat_map(|top| {
        let inside: Vec<_> = entries_at(top, &["results"])
            .iter()
            .filter_map(Value::as_object)
            .filter(|inside| inside.contains_key("results"))
            .collect();
        if inside.is_empty() { vec![top] } else { inside }
    })
    .collect()
}

/// The speaker by the word's start, ms.
fn labels(response: &Map<String, Value>) -> BTreeMap<i64, String> {
    let label = |value: &Value| {
        let map = value.as_object()?;
        Some((seconds_at(map, &["from"])?.round() as i64, name_at(map, &["speaker"])?))
    };
    entries_at(response, &["speaker_labels"]).iter().filter_map(label).collect()
}

/// Adds a result: its text as it is written where one speaks, its words where several do.
fn add(draft: &mut Draft, best: &Map<String, Value>, labels: &BTreeMap<i64, String>, voices: &mut Voices) {
    let confidences = entries_at(best, &["word_confidence"]);
    let words: Vec<(Speaker, DraftWord)> = (0..)
        .zip(entries_at(best, &["timestamps"]))
        .filter_map(|(index, timed): (usize, _)| {
            let confidence = confidences.get(index).and_then(|pair| number(pair.get(1)?));
            word(timed, confidence)
        })
        .map(|word| {
            let name = word.start_ms.and_then(|start| labels.get(&(start.round() as i64)));
            (name.map_or(Speaker::Role(Role::Unknown), |name| voices.speaker(name)), word)
        })
        .collect();
    if words.is_empty() && !best.contains_key("transcript") {
        draft.unreadable += 1;
        return;
    }
    let first = words.first().map_or(Speaker::Role(Role::Unknown), |&(speaker, _)| speaker);
    let confidence = number_at(best, &["confidence"]);
    if words.iter().any(|&(speaker, _)| speaker != first) {
        let first_new = draft.segments.len();
        draft.add_words(words);
        draft.segments[first_new..].iter_mut().for_each(|it| it.confidence = it.confidence.or(confidence));
        return;
    }
    let text = text_at(best, &["transcript"]).unwrap_or_default().replace(HESITATION, "");
    let mut segment = Segment::new(first, None, None, unspaced(&text));
    segment.words = words.into_iter().map(|(_, word)| word).collect();
    segment.start_ms = segment.words.first().and_then(|word| word.start_ms);
    segment.end_ms = segment.words.last().and_then(|word| word.end_ms);
    segment = with_confidence(segment);
    segment.confidence = confidence.or(segment.confidence);
    draft.segments.push(segment);
}

/// `["word", 1.2, 1.5]`.
fn word(timed: &Value, confidence: Option<f64>) -> Option<DraftWord> {
    let text = timed.get(0)?.as_str().filter(|text| *text != HESITATION)?;
    Some(DraftWord::new(text, seconds(timed.get(1)?), timed.get(2).and_then(seconds), confidence))
}
