//! Huawei Cloud: recognition of recordings and its streams, and the contact centre's inspection.

use super::draft::{Draft, DraftWord, Segment, unspaced};
use super::json::{array_at, measures, name_at, number_at, object_at, text_at};
use super::rows::{Object, Rows, Who, any_row};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;

const LISTS: [&str; 1] = ["segments"];

/// Whether `values` are a result of Huawei Cloud.
pub(super) fn is(values: &[Value]) -> bool {
    any_row(values, &LISTS, is_sentence)
}

/// Reads a result; a stream's sentences that are not final are passed over.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let rows = Rows::gather(values, &LISTS, is_sentence, |_, row| sentence(row));
    rows.finish(Draft::default(), Format::Huawei, "segments")
}

fn is_sentence(row: &Object) -> bool {
    let has_text = || row.get("result").and_then(Value::as_object).is_some_and(|result| result.contains_key("text"));
    row.contains_key("start_time") && row.contains_key("end_time") && (row.contains_key("asr_text") || has_text())
}

fn sentence(row: &Object) -> Option<(Who, Segment)> {
    let result = object_at(row, &["result"]).unwrap_or_default();
    let info = object_at(&result, &["analysis_info"]).unwrap_or_default();
    let said = text_at(&result, &["text"]).or_else(|| text_at(row, &["asr_text"]))?;
    // A draft is followed by the sentence that replaces it, and says nothing of its own.
    let said = if row.get("is_final") == Some(&Value::Bool(false)) { "" } else { said };
    let words = array_at(&result, &["word_info"]).unwrap_or_default();
    let emotion = text_at(&info, &["emotion"]).filter(|it| !matches!(it.trim(), "" | "UNKNOWN"));
    let segment = Segment {
        // 0 stands for no confidence in results without one.
        confidence: number_at(&result, &["score"]).filter(|&score| score > 0.0),
        emotion: emotion.map(str::to_owned),
        vendor_measures: measures(&info, &["speed"]),
        words: words.iter().filter_map(|it| word(it.as_object()?)).collect(),
        ..Segment::new(
            Speaker::Role(Role::Unknown),
            number_at(row, &["start_time"]),
            number_at(row, &["end_time"]),
            unspaced(said),
        )
    };
    Some((Who { channel: None, name: name_at(&info, &["role"]).or_else(|| name_at(row, &["speaker"])) }, segment))
}

fn word(row: &Object) -> Option<DraftWord> {
    let times = (number_at(row, &["start_time"]), number_at(row, &["end_time"]));
    Some(DraftWord::new(text_at(row, &["word"])?, times.0, times.1, None))
}

#[cfg(test)]
mod tests;
