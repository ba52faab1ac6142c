//! Speechmatics: `json-v2`, and the first version, with words and speakers in lists of their own.

use super::draft::{Draft, DraftWord};
use super::json::{entries_at, map_at, name_at, number_at, only, seconds_at, text_at};
use super::roles::{Voices, role};
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A voice that it cannot tell from others.
const NOBODY: &str = "UU";

/// Whether `values` are of this shape: timed results with a `type`, or words with `time` and `duration`.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).is_some_and(|top| {
        let is_new = |it: &Value| it.get("type").is_some() && it.pointer("/alternatives/0/content").is_some();
        let is_old = |it: &Value| ["name", "time", "duration"].iter().all(|key| it.get(key).is_some());
        let is_told = top.contains_key("format") && map_at(top, &["job"]).is_some();
        let results = entries_at(top, &["results"]);
        results.iter().any(is_new)
            || entries_at(top, &["words"]).iter().any(is_old)
            || is_told
                && ["results", "words"].iter().any(|key| top.contains_key(*key) && entries_at(top, &[key]).is_empty())
    })
}

/// Reads what [`is`] says is of this shape. Times are in seconds, in the first version written as strings.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = recognise::top(values, Format::Speechmatics, &["results", "words"])?;
    let settings = map_at(top, &["metadata", "transcription_config"]);
    let mut draft = Draft {
        language: language(top),
        engine: Some("speechmatics".to_owned()),
        engine_model: settings.and_then(|it| text_at(it, &["model", "operating_point"])).map(str::to_owned),
        ..Draft::default()
    };
    let is_old = top.contains_key("words");
    let words = if is_old { of_old(top, &mut draft) } else { of_new(top, &mut draft) };
    words.into_values().for_each(|words| draft.add_words(words));
    draft.finish_of(if is_old { "words" } else { "results" })
}

fn language(top: &Map<String, Value>) -> Option<String> {
    let at = |path: &[&str], key: &str| map_at(top, path).and_then(|map| text_at(map, &[key])).map(str::to_owned);
    let found = at(&["metadata", "language_identification"], "predicted_language");
    found.or_else(|| at(&["metadata", "transcription_config"], "language")).or_else(|| at(&["job"], "lang"))
}

/// Words of each channel by itself: those of one follow one another, those of two do not.
type Words = BTreeMap<String, Vec<(Speaker, DraftWord)>>;

fn of_new(top: &Map<String, Value>, draft: &mut Draft) -> Words {
    let mut words = Words::new();
    let mut voices = Voices::default();
    for result in entries_at(top, &["results"]) {
        // Where the speaker or the channel changes, older services put an entry without words.
        if result.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("_change")) {
            continue;
        }
        let parts = result.as_object().zip(result.pointer("/alternatives/0").and_then(Value::as_object));
        let Some((result, best)) = parts else {
            draft.unreadable += 1;
            continue;
        };
        let Some(text) = text_at(best, &["content"]) else {
            draft.unreadable += 1;
            continue;
        };
        let channel = name_at(result, &["channel"]);
        let speaker = match (&channel, name_at(best, &["speaker"])) {
            (Some(channel), _) => of_channel(channel, &mut voices),
            (None, Some(name)) if name != NOBODY => voices.speaker(&name),
            (None, _) => Speaker::Role(Role::Unknown),
        };
        let times = (seconds_at(result, &["start_time"]), seconds_at(result, &["end_time"]));
        let word = DraftWord::new(text, times.0, times.1, number_at(best, &["confidence"]));
        words.entry(channel.unwrap_or_default()).or_default().push((speaker, word));
    }
    words
}

/// `channel_1` is the first; a name of the user's own may say whose it is.
fn of_channel(name: &str, voices: &mut Voices) -> Speaker {
    let number = name.strip_prefix("channel_").and_then(|number| number.parse::<u16>().ok()?.checked_sub(1));
    match (role(name), number) {
        (Some(role), _) => Speaker::Role(role),
        (None, Some(channel)) => Speaker::Channel(channel),
        (None, None) => voices.voice(name),
    }
}

fn of_old(top: &Map<String, Value>, draft: &mut Draft) -> Words {
    let turn = |value: &Value| {
        let map = value.as_object()?;
        Some((seconds_at(map, &["time"])?, text_at(map, &["name"])?.to_owned()))
    };
    let mut turns: Vec<(f64, String)> = entries_at(top, &["speakers"]).iter().filter_map(turn).collect();
    turns.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut voices = Voices::default();
    let mut words = Vec::new();
    for value in entries_at(top, &["words"]) {
        let read = value.as_object().and_then(|map| Some((map, text_at(map, &["name"])?, seconds_at(map, &["time"])?)));
        let Some((map, text, start_ms)) = read else {
            draft.unreadable += 1;
            continue;
        };
        let begun = turns.partition_point(|(turn_ms, _)| *turn_ms <= start_ms);
        let name = begun.checked_sub(1).map(|index| turns[index].1.as_str()).filter(|name| *name != NOBODY);
        let speaker = name.map_or(Speaker::Role(Role::Unknown), |name| voices.speaker(name));
        let end_ms = seconds_at(map, &["duration"]).map(|length| start_ms + length);
        words.push((speaker, DraftWord::new(text, Some(start_ms), end_ms, number_at(map, &["confidence"]))));
    }
    Words::from([(String::new(), words)])
}
