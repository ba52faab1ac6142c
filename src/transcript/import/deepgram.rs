//! Deepgram: words a channel, and utterances where they were asked for.

use super::draft::{Draft, DraftWord, Segment, unspaced};
use super::json::{channel_at, entries_at, map_at, measures, name_at, number_at, only, seconds_at, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// Whether `values` are of this shape: `results` with `channels`.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).and_then(|top| map_at(top, &["results"])).is_some_and(|it| it.contains_key("channels"))
}

/// Reads what [`is`] says is of this shape. Times are in seconds.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let parts = only(values).and_then(|top| Some((top, map_at(top, &["results"])?)));
    let parts = parts.filter(|(_, results)| ["channels", "utterances"].iter().any(|key| results.contains_key(*key)));
    let (top, results) = parts.ok_or_else(|| recognise::not_of(Format::Deepgram, values))?;
    let channels = entries_at(results, &["channels"]);
    let language = |channel: &Value| Some(text_at(channel.as_object()?, &["detected_language"])?.to_owned());
    let mut draft = Draft {
        language: channels.iter().find_map(language),
        engine: Some("deepgram".to_owned()),
        engine_model: model(top),
        ..Draft::default()
    };
    // A single channel is what was mixed from all where nobody asked for each.
    let mut speakers = Speakers { by_channel: channels.len() > 1, voices: Voices::default() };
    let utterances = entries_at(results, &["utterances"]);
    draft.add_each(utterances, |utterance| of_utterance(utterance, &mut speakers));
    if utterances.is_empty() {
        for (index, channel) in (0..).zip(channels) {
            add_channel(&mut draft, channel, index, &mut speakers);
        }
    }
    draft.finish_of("results.channels")
}

/// The model's name; a number stands for it where it is asked for by name.
fn model(top: &Map<String, Value>) -> Option<String> {
    let models = map_at(top, &["metadata", "model_info"])?;
    models.values().find_map(|model| text_at(model.as_object()?, &["name"])).map(str::to_owned)
}

/// Who speaks: the channel where each was heard alone, else the voice.
struct Speakers {
    by_channel: bool,
    voices: Voices,
}

impl Speakers {
    fn of(&mut self, map: &Map<String, Value>, channel: Option<u16>) -> Speaker {
        match channel.filter(|_| self.by_channel) {
            Some(channel) => Speaker::Channel(channel),
            None => name_at(map, &["speaker"]).map_or(Speaker::Role(Role::Unknown), |name| self.voices.speaker(&name)),
        }
    }
}

fn of_utterance(utterance: &Map<String, Value>, speakers: &mut Speakers) -> Option<Segment> {
    let words: Vec<DraftWord> =
        entries_at(utterance, &["words"]).iter().filter_map(|it| word(it.as_object()?)).collect();
    let speaker = speakers.of(utterance, channel_at(utterance, &["channel"]));
    let text = text_at(utterance, &["transcript"])?;
    let times = (seconds_at(utterance, &["start"]), seconds_at(utterance, &["end"]));
    let mut segment = Segment::new(speaker, times.0, times.1, unspaced(text));
    segment.confidence = number_at(utterance, &["confidence"]);
    segment.vendor_measures = measures(utterance, &["sentiment", "sentiment_score"]);
    segment.words = words;
    Some(segment)
}

fn add_channel(draft: &mut Draft, channel: &Value, index: u16, speakers: &mut Speakers) {
    let best = channel.pointer("/alternatives/0").and_then(Value::as_object);
    let Some(best) = best else {
        draft.unreadable += 1;
        return;
    };
    let words = entries_at(best, &["words"]).iter().filter_map(Value::as_object);
    let words: Vec<_> = words.filter_map(|map| Some((speakers.of(map, Some(index)), word(map)?))).collect();
    if words.is_empty() {
        let text = text_at(best, &["transcript"]).unwrap_or_default();
        draft.segments.push(Segment::new(speakers.of(best, Some(index)), None, None, unspaced(text)));
    }
    draft.add_words(words);
}

fn word(map: &Map<String, Value>) -> Option<DraftWord> {
    let times = (seconds_at(map, &["start"]), seconds_at(map, &["end"]));
    Some(DraftWord::new(text_at(map, &["punctuated_word", "word"])?, times.0, times.1, number_at(map, &["confidence"])))
}
