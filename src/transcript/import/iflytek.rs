//! iFlytek: transcription of files, with its lattices of JSON inside strings, and its first version.

use super::draft::{Draft, DraftWord, Segment, join};
use super::json::{array_at, name, name_at, number_at, object_at, text_at};
use super::rows::{Object, Rows, Who, lists, visit};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;
use std::collections::BTreeMap;

/// Words count in frames of 10 ms from the start of their sentence.
const FRAME_MS: f64 = 10.0;

/// As it was said comes first: in `lattice`, fillers and repetitions are smoothed away.
const LATTICES: [&str; 2] = ["lattice2", "lattice"];

/// Whether `values` are a result of iFlytek.
pub(super) fn is(values: &[Value]) -> bool {
    visit(values, &LATTICES, &mut |map| {
        is_sentence(map)
            || lists(map, &LATTICES).iter().any(|list| list.iter().filter_map(Value::as_object).any(is_sentence))
    })
}

/// Reads a result.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let mut rows = Rows::default();
    visit(values, &LATTICES, &mut |map| {
        let of = |key: &str| lists(map, &[key]).into_iter().next();
        let is_useful = |list: &std::borrow::Cow<'_, [Value]>| !list.is_empty();
        let tracks = tracks(map);
        if let Some(list) = of("lattice2").filter(is_useful).or_else(|| of("lattice")) {
            rows.add(&list, |row| sentence(row, &tracks));
        } else if is_sentence(map) {
            sentence(map, &tracks).into_iter().for_each(|(who, segment)| rows.push(who, segment));
        }
        false
    });
    rows.finish(Draft::default(), Format::IFlytek, "lattice")
}

fn is_sentence(row: &Object) -> bool {
    row.contains_key("json_1best") || row.contains_key("onebest") && row.contains_key("bg")
}

/// The channel of each role's number, where both channels of a recording were transcribed.
fn tracks(map: &Object) -> BTreeMap<String, u16> {
    let label = object_at(map, &["label"]).unwrap_or_default();
    let track = |entry: &Value| {
        let channel = match entry.get("track")?.as_str()? {
            "L" => 0,
            "R" => 1,
            _ => return None,
        };
        Some((name(entry.get("rl")?)?, channel))
    };
    array_at(&label, &["rl_track"]).unwrap_or_default().iter().filter_map(track).collect()
}

fn sentence(row: &Object, tracks: &BTreeMap<String, u16>) -> Option<(Who, Segment)> {
    let best = object_at(row, &["json_1best"]);
    let st = match &best {
        Some(best) => object_at(best, &["st"])?,
        None => row.clone(),
    };
    let start_ms = number_at(&st, &["bg"]).or_else(|| number_at(row, &["begin"]));
    let end_ms = number_at(&st, &["ed"]).or_else(|| number_at(row, &["end"]));
    let (text, words) = match text_at(&st, &["onebest"]) {
        Some(text) => (text.to_owned(), old_words(&st, start_ms)),
        None => words(&st, start_ms)?,
    };
    let who = name_at(&st, &["rl", "speaker"]);
    let on = who.as_ref().and_then(|who| tracks.get(who)).copied();
    let segment = Segment { words, ..Segment::new(Speaker::Role(Role::Unknown), start_ms, end_ms, text) };
    Some((Who { channel: on, name: who.filter(|_| on.is_none()) }, segment))
}

/// The text and the words of a sentence; the first candidate of each.
fn words(st: &Object, start_ms: Option<f64>) -> Option<(String, Vec<DraftWord>)> {
    let (mut text, mut words) = (String::new(), Vec::new());
    for rt in array_at(st, &["rt"])? {
        for ws in rt.get("ws").and_then(Value::as_array).into_iter().flatten() {
            let Some(word) = ws.get("cw").and_then(|cw| cw.get(0)).and_then(Value::as_object) else { continue };
            let Some(said) = text_at(word, &["w"]).map(str::trim).filter(|said| !said.is_empty()) else { continue };
            if !said.chars().any(char::is_alphanumeric) {
                text.push_str(said);
                continue;
            }
            join(&mut text, said);
            let at = |key: &str| Some(start_ms? + number_at(ws.as_object()?, &[key])? * FRAME_MS);
            words.push(DraftWord::new(said, at("wb"), at("we"), sure(word)));
        }
    }
    Some((text, words))
}

/// A word's confidence; 0 stands for none.
fn sure(word: &Object) -> Option<f64> {
    number_at(word, &["wc"]).filter(|&confidence| confidence > 0.0)
}

/// The words as the first version of the service wrote them.
fn old_words(row: &Object, start_ms: Option<f64>) -> Vec<DraftWord> {
    let word = |entry: &Value| {
        let entry = entry.as_object()?;
        let at = |key: &str| Some(start_ms? + number_at(entry, &[key])? * FRAME_MS);
        Some(DraftWord::new(text_at(entry, &["wordsName"])?, at("wordBg"), at("wordEd"), sure(entry)))
    };
    array_at(row, &["wordsResultList"]).unwrap_or_default().iter().filter_map(word).collect()
}

#[cfg(test)]
mod tests;
