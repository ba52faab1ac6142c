//! JSON of a Kaldi service: words with and without punctuation, and segments with speakers.

use super::draft::{Draft, DraftWord};
use super::json::{entries_at, map_at, name_at, number_at, only, seconds_at, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// Whether `values` are of this shape: `retval` with `words`.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).and_then(|top| map_at(top, &["retval"])).is_some_and(|it| it.contains_key("words"))
}

/// Reads what [`is`] says is of this shape. Times are in seconds.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = only(values)
        .and_then(|top| map_at(top, &["retval"]))
        .filter(|retval| retval.contains_key("words"))
        .ok_or_else(|| recognise::not_of(Format::Kaldi, values))?;
    let mut draft = Draft { engine: Some("kaldi".to_owned()), ..Draft::default() };
    let segments = map_at(top, &["segmentation"]).map_or(&[][..], |it| entries_at(it, &["segments"]));
    let turns: Vec<Turn> = segments.iter().filter_map(|it| turn(it.as_object()?)).collect();
    let mut voices = Voices::default();
    let mut words = Vec::new();
    let mut at = 0;
    for value in entries_at(top, &["words"]) {
        let Some(word) = value.as_object().and_then(word) else {
            draft.unreadable += 1;
            continue;
        };
        let middle_ms = f64::midpoint(word.start_ms.unwrap_or(0.0), word.end_ms.or(word.start_ms).unwrap_or(0.0));
        while at + 1 < turns.len() && turns[at + 1].start_ms <= middle_ms {
            at += 1;
        }
        let turn = turns.get(at).filter(|turn| turn.start_ms <= middle_ms && middle_ms <= turn.end_ms);
        let speaker = turn.map_or(Speaker::Role(Role::Unknown), |turn| voices.voice(&turn.name));
        words.push((speaker, word));
    }
    draft.add_words(words);
    draft.finish_of("retval.words")
}

/// From when to when one voice speaks.
struct Turn {
    start_ms: f64,
    end_ms: f64,
    name: String,
}

fn turn(segment: &Map<String, Value>) -> Option<Turn> {
    let start_ms = seconds_at(segment, &["start"])?;
    let name = name_at(map_at(segment, &["speaker"])?, &["@id"])?;
    Some(Turn { start_ms, end_ms: start_ms + seconds_at(segment, &["duration"])?, name })
}

fn word(map: &Map<String, Value>) -> Option<DraftWord> {
    let times = (seconds_at(map, &["start"])?, seconds_at(map, &["end"]));
    Some(DraftWord::new(text_at(map, &["punct", "word"])?, Some(times.0), times.1, number_at(map, &["confidence"])))
}
