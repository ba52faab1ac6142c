//! Amazon Transcribe: plain, with speakers, or with channels.

use super::draft::{Draft, DraftWord, Segment};
use super::json::{entries_at, map_at, number_at, only, seconds_at, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Whether `values` are of this shape: `results` with `transcripts`.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).and_then(|top| map_at(top, &["results"])).is_some_and(|it| it.contains_key("transcripts"))
}

/// Reads what [`is`] says is of this shape. Times are in seconds, written as strings.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let results = only(values)
        .and_then(|top| map_at(top, &["results"]))
        .filter(|results| ["transcripts", "items"].iter().any(|key| results.contains_key(*key)))
        .ok_or_else(|| recognise::not_of(Format::AwsTranscribe, values))?;
    let mut draft = Draft {
        language: text_at(results, &["language_code"]).map(str::to_owned),
        engine: Some("aws-transcribe".to_owned()),
        ..Draft::default()
    };
    let channels = map_at(results, &["channel_labels"]).map_or(&[][..], |it| entries_at(it, &["channels"]));
    for (index, channel) in (0..).zip(channels.iter().filter_map(Value::as_object)) {
        let speaker = Speaker::Channel(channel_number(channel).unwrap_or(index));
        add(&mut draft, entries_at(channel, &["items"]), |_| Some(speaker));
    }
    if channels.is_empty() {
        let mut speakers = Speakers::of(results);
        add(&mut draft, entries_at(results, &["items"]), |item| speakers.of_item(item));
    }
    if draft.segments.is_empty() {
        let text = |it: &Map<String, Value>| text_at(it, &["transcript"]).map(str::to_owned);
        let whole = entries_at(results, &["transcripts"]);
        draft.add_each(whole, |it| Some(Segment::new(Speaker::Role(Role::Unknown), None, None, text(it)?)));
    }
    draft.finish_of("results.items")
}

/// `ch_1` is channel 1.
fn channel_number(channel: &Map<String, Value>) -> Option<u16> {
    text_at(channel, &["channel_label"])?.strip_prefix("ch_")?.parse().ok()
}

/// Adds words; a mark is whose word it follows.
fn add<'a>(draft: &mut Draft, items: &'a [Value], mut speaker: impl FnMut(&'a Map<String, Value>) -> Option<Speaker>) {
    let mut words = Vec::with_capacity(items.len());
    let mut last = Speaker::Role(Role::Unknown);
    for item in items {
        let Some((map, word)) = item.as_object().and_then(|map| Some((map, word(map)?))) else {
            draft.unreadable += 1;
            continue;
        };
        last = if word.start_ms.is_some() { speaker(map).unwrap_or(Speaker::Role(Role::Unknown)) } else { last };
        words.push((last, word));
    }
    draft.add_words(words);
}

fn word(item: &Map<String, Value>) -> Option<DraftWord> {
    let best = entries_at(item, &["alternatives"]).first()?.as_object()?;
    let times = (seconds_at(item, &["start_time"]), seconds_at(item, &["end_time"]));
    Some(DraftWord::new(text_at(best, &["content"])?, times.0, times.1, number_at(best, &["confidence"])))
}

/// Who says which word.
struct Speakers {
    voices: Voices,
    /// The speaker's label by the word's start in ms, where labels stand apart from the words.
    by_start: BTreeMap<i64, String>,
}

impl Speakers {
    fn of(results: &Map<String, Value>) -> Self {
        let segments = map_at(results, &["speaker_labels"]).map_or(&[][..], |it| entries_at(it, &["segments"]));
        let labelled = segments.iter().filter_map(Value::as_object).flat_map(|segment| entries_at(segment, &["items"]));
        let entry = |item: &Value| Some((start(item.as_object()?)?, label(item.as_object()?)?.to_owned()));
        Self { voices: Voices::default(), by_start: labelled.filter_map(entry).collect() }
    }

    fn of_item(&mut self, item: &Map<String, Value>) -> Option<Speaker> {
        let of_start = || self.by_start.get(&start(item)?).map(String::as_str);
        let name = label(item).or_else(of_start)?;
        Some(self.voices.speaker(name))
    }
}

fn label(item: &Map<String, Value>) -> Option<&str> {
    text_at(item, &["speaker_label"]).filter(|label| !label.is_empty())
}

fn start(item: &Map<String, Value>) -> Option<i64> {
    seconds_at(item, &["start_time"]).map(|ms| ms.round() as i64)
}
