//! Baidu: transcription of files, also of two channels, and its quality inspection of calls.

use super::draft::{Draft, DraftWord, Segment, unspaced};
use super::json::{array_at, channel_at, measures, name_at, number_at, text_at};
use super::rows::{Object, Rows, Who, any_row, from_the_start, lists, visit};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;

const LISTS: [&str; 2] = ["detailedresult", "asrresult"];

/// What is measured of a sentence, and of a call.
const MEASURES: [&str; 4] = ["voice_speed", "voice_power", "speak_speed", "speech_speed"];
const CALL_MEASURES: [&str; 2] = ["call_duration", "silence_duration"];

/// Whether `values` are a result of Baidu.
pub(super) fn is(values: &[Value]) -> bool {
    any_row(values, &LISTS, is_sentence)
        || visit(values, &LISTS, &mut |map| map.contains_key("detailed_result") && !lists(map, &LISTS).is_empty())
}

/// Reads a result of one recording.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    of_one_recording(values)?;
    let rows = Rows::gather(values, &LISTS, is_sentence, |_, row| sentence(row));
    let mut draft = Draft::default();
    visit(values, &LISTS, &mut |map| {
        draft.vendor_measures = measures(map, &CALL_MEASURES);
        draft.vendor_measures.is_some()
    });
    rows.finish(draft, Format::Baidu, "detailed_result")
}

/// A query may ask for many tasks at once; their times would lie over one another.
fn of_one_recording(values: &[Value]) -> Result<(), ImportError> {
    let mut results = 0;
    visit(values, &LISTS, &mut |map| {
        results += usize::from(lists(map, &LISTS).iter().any(|list| !list.is_empty()));
        false
    });
    let why = "has the results of several recordings; give one file a call";
    if results > 1 { Err(ImportError::BadField { place: "tasks_info".into(), why: why.into() }) } else { Ok(()) }
}

fn is_sentence(row: &Object) -> bool {
    let has = |key: &str| row.contains_key(key);
    let has_measure = || MEASURES.iter().any(|key| has(key));
    has("begin_time") && has("end_time") && (has("res") || has("sentence") && (has("speaker_id") || has_measure()))
}

fn sentence(row: &Object) -> Option<(Who, Segment)> {
    // res lists candidates, best first; later versions write the text alone.
    let best = || row.get("res")?.get(0)?.as_str();
    let said = text_at(row, &["res", "sentence"]).or_else(best)?;
    let (start_ms, end_ms) = (number_at(row, &["begin_time"]), number_at(row, &["end_time"]));
    let mut words: Vec<DraftWord> =
        array_at(row, &["words_info"]).unwrap_or_default().iter().filter_map(|it| word(it.as_object()?)).collect();
    from_the_start(&mut words, start_ms, end_ms);
    let segment = Segment {
        vendor_measures: measures(row, &MEASURES),
        words,
        ..Segment::new(Speaker::Role(Role::Unknown), start_ms, end_ms, unspaced(said))
    };
    let who = Who {
        channel: channel_at(row, &["channel_id", "channel"]),
        name: name_at(row, &["speaker_id", "speaker", "spk"]),
    };
    Some((who, segment))
}

fn word(row: &Object) -> Option<DraftWord> {
    let times = (number_at(row, &["begin_time", "start_time"]), number_at(row, &["end_time"]));
    Some(DraftWord::new(text_at(row, &["word", "words", "text", "w"])?, times.0, times.1, None))
}

#[cfg(test)]
mod tests;
