//! Google Cloud Speech-to-Text, first and second version, as the service, its operations and its Python client write it.

use super::draft::{Draft, DraftWord, Segment};
use super::json::{channel_at, entries_at, map_at, name_at, number, number_at, only, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// Where a result ends.
const ENDS: [&str; 4] = ["resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset"];

/// Whether `values` are of this shape: results with `alternatives`, whose words have `word`, or which have nothing that other
/// engines of this shape write.
pub(super) fn is(values: &[Value]) -> bool {
    let others = ["final", "type", "speaker_labels", "start_time"];
    let is_result = |result: &Value| {
        let best = result.get("alternatives").and_then(Value::as_array).and_then(|it| it.first());
        best.is_some_and(|best| best.get("transcript").is_some() && best.get("timestamps").is_none())
            && others.iter().all(|key| result.get(key).is_none())
    };
    let results: Vec<&Value> = results(values).into_iter().flatten().collect();
    results.iter().any(|it| is_result(it)) && !results.iter().any(|result| result.get("final").is_some())
}

/// Reads what [`is`] says is of this shape. Times are durations: `"1.300s"`, or seconds and nanoseconds of which those that are
/// 0 are missing.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let results = match results(values)[..] {
        [] => return Err(recognise::not_of(Format::Google, values)),
        [results] => results,
        ref files => {
            let why = format!("has the results of {} recordings; give one file a call", files.len());
            return Err(ImportError::BadField { place: "results".to_owned(), why });
        }
    };
    let mut draft = Draft {
        language: results
            .iter()
            .find_map(|it| text_at(it.as_object()?, &["languageCode", "language_code"]))
            .map(str::to_owned),
        engine: Some("google".to_owned()),
        ..Draft::default()
    };
    let mut voices = Voices::default();
    for result in told_apart(results) {
        let Some(result) = result.as_object() else {
            draft.unreadable += 1;
            continue;
        };
        match entries_at(result, &["alternatives"]).first() {
            Some(Value::Object(best)) => add(&mut draft, result, best, &mut voices),
            // Of a stretch without speech only the end is told.
            None if ENDS.iter().any(|key| result.contains_key(*key)) => {}
            _ => draft.unreadable += 1,
        }
    }
    draft.finish_of("results")
}

/// The results of each recording, wherever they stand: in a list, or in those of the files of a batch; nothing where there is
/// neither.
fn results(values: &[Value]) -> Vec<&[Value]> {
    let Some(top) = only(values) else { return Vec::new() };
    let top = map_at(top, &["response"]).unwrap_or(top);
    if top.is_empty() {
        // So it writes that nobody spoke.
        return vec![&[]];
    }
    match top.get("results") {
        Some(Value::Array(results)) => vec![results],
        Some(Value::Object(files)) => files.values().filter_map(of_file).collect(),
        _ => Vec::new(),
    }
}

/// The results of a file of a batch.
fn of_file(file: &Value) -> Option<&[Value]> {
    let file = file.as_object()?;
    let inside = ["transcript", "inlineResult"].iter().find_map(|key| map_at(file, &[key]))?;
    Some(entries_at(map_at(inside, &["transcript"]).unwrap_or(inside), &["results"]))
}

/// Where speakers are told apart, the first version repeats all words in the last result, there with their speakers; the results
/// before it are those words without.
fn told_apart(results: &[Value]) -> &[Value] {
    let tagged = |result: &Value| {
        let words = result.pointer("/alternatives/0/words").and_then(Value::as_array);
        words.is_some_and(|words| words.iter().any(|word| word.as_object().and_then(speaker).is_some()))
    };
    match results {
        [before @ .., last] if tagged(last) && !before.iter().any(tagged) => std::slice::from_ref(last),
        all => all,
    }
}

fn add(draft: &mut Draft, result: &Map<String, Value>, best: &Map<String, Value>, voices: &mut Voices) {
    // It counts channels from 1; 0 is none.
    let channel = channel_at(result, &["channelTag", "channel_tag"]).and_then(|tag| tag.checked_sub(1));
    let channel = channel.map(Speaker::Channel);
    let words = entries_at(best, &["words"]).iter().filter_map(Value::as_object);
    let words: Vec<(Speaker, DraftWord)> = words
        .filter_map(|map| {
            let of_word = || speaker(map).map(|name| voices.speaker(&name));
            Some((channel.or_else(of_word).unwrap_or(Speaker::Role(Role::Unknown)), word(map)?))
        })
        .collect();
    // A confidence of 0 is one that was not measured.
    let confidence = number_at(best, &["confidence"]).filter(|&confidence| confidence > 0.0);
    let first_new = draft.segments.len();
    if words.is_empty() {
        let Some(text) = text_at(best, &["transcript"]) else {
            draft.unreadable += usize::from(!best.is_empty());
            return;
        };
        let end_ms = duration(result, &ENDS);
        draft.segments.push(Segment::new(channel.unwrap_or(Speaker::Role(Role::Unknown)), None, end_ms, text));
    } else {
        draft.add_words(words);
    }
    for segment in &mut draft.segments[first_new..] {
        segment.confidence = segment.confidence.or(confidence);
    }
}

fn speaker(word: &Map<String, Value>) -> Option<String> {
    name_at(word, &["speakerTag", "speakerLabel", "speaker_tag", "speaker_label"]).filter(|name| name != "0")
}

fn word(map: &Map<String, Value>) -> Option<DraftWord> {
    let end_ms = duration(map, &["endTime", "endOffset", "end_time", "end_offset"]);
    let start_ms = duration(map, &["startTime", "startOffset", "start_time", "start_offset"]);
    // A start of 0 is left out.
    let start_ms = start_ms.or_else(|| end_ms.map(|_| 0.0));
    let confidence = number_at(map, &["confidence"]).filter(|&confidence| confidence > 0.0);
    Some(DraftWord::new(text_at(map, &["word"])?, start_ms, end_ms, confidence))
}

/// A duration in ms.
fn duration(map: &Map<String, Value>, keys: &[&str]) -> Option<f64> {
    let seconds = match keys.iter().find_map(|key| map.get(*key))? {
        Value::Object(parts) => {
            number_at(parts, &["seconds"]).unwrap_or(0.0) + number_at(parts, &["nanos"]).unwrap_or(0.0) / 1e9
        }
        other => number(other)?,
    };
    Some(seconds * 1_000.0)
}
