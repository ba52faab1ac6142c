//! Azure AI Speech: batch transcription, and fast transcription.

use super::draft::{Draft, DraftWord, Segment, with_confidence};
use super::json::{channel_at, entries_at, measures, name_at, number_at, only, text_at};
use super::roles::Voices;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// Where the phrases stand: of batches, as older tools write them, and of fast transcription.
const PHRASES: [&str; 3] = ["recognizedPhrases", "RecognizedPhrases", "phrases"];

/// Whether `values` are of this shape.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).is_some_and(|top| {
        let has_offset =
            |it: &Value| ["offsetMilliseconds", "offsetInMs", "offset"].iter().any(|key| it.get(key).is_some());
        PHRASES[..2].iter().any(|key| top.contains_key(*key))
            || entries_at(top, &["phrases"]).iter().any(has_offset)
            || top.contains_key("combinedPhrases") && top.contains_key("phrases")
    })
}

/// Reads what [`is`] says is of this shape. Times are ticks of 100 ns or durations of ISO 8601, and in ms for fast transcription;
/// in its first version, as `offset` and `duration`.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = recognise::top(values, Format::Azure, &PHRASES)?;
    let phrases = entries_at(top, &PHRASES);
    let locale = |map: &Map<String, Value>| text_at(map, &["locale", "Locale"]).map(str::to_owned);
    let mut draft = Draft {
        language: locale(top).or_else(|| phrases.iter().find_map(|phrase| locale(phrase.as_object()?))),
        engine: Some("azure".to_owned()),
        words_as_spoken: true,
        ..Draft::default()
    };
    let by_channel = has_channels(phrases);
    let mut voices = Voices::default();
    let heard: Vec<Value> = phrases.iter().filter(|phrase| is_heard(phrase)).cloned().collect();
    draft.add_each(&heard, |phrase| segment(phrase, by_channel, &mut voices));
    draft.finish_of("recognizedPhrases")
}

/// Whether there is more than one channel: a single one is what was mixed from all where nobody asked for each.
fn has_channels(phrases: &[Value]) -> bool {
    let mut channels = phrases.iter().filter_map(|phrase| channel(phrase.as_object()?));
    let first = channels.next();
    channels.any(|it| Some(it) != first)
}

fn channel(phrase: &Map<String, Value>) -> Option<u16> {
    channel_at(phrase, &["channel", "Channel"])
}

/// Whether a phrase was understood; silence at the start is a phrase too.
fn is_heard(phrase: &Value) -> bool {
    let status = phrase.get("recognitionStatus").or_else(|| phrase.get("RecognitionStatus"));
    status.and_then(Value::as_str).is_none_or(|status| status == "Success")
}

fn segment(phrase: &Map<String, Value>, by_channel: bool, voices: &mut Voices) -> Option<Segment> {
    let best = entries_at(phrase, &["nBest", "NBest"]).first().and_then(Value::as_object).unwrap_or(phrase);
    let text = text_at(best, &["display", "Display", "text", "itn", "ITN", "lexical", "Lexical"])?;
    let channel = channel(phrase).filter(|_| by_channel).map(Speaker::Channel);
    let of_voice = || speaker(phrase).or_else(|| speaker(best)).map(|name| voices.speaker(&name));
    let speaker = channel.or_else(of_voice).unwrap_or(Speaker::Role(Role::Unknown));
    let (start_ms, end_ms) = times(phrase);
    let mut segment = Segment::new(speaker, start_ms, end_ms, text);
    segment.vendor_measures = measures(best, &["sentiment"]);
    let words = entries_at(best, &["displayWords", "words", "Words"]);
    segment.words = words.iter().filter_map(word).collect();
    segment = with_confidence(segment);
    segment.confidence = number_at(best, &["confidence", "Confidence"]).or(segment.confidence);
    Some(segment)
}

fn speaker(map: &Map<String, Value>) -> Option<String> {
    name_at(map, &["speaker", "Speaker"])
}

fn word(value: &Value) -> Option<DraftWord> {
    let map = value.as_object()?;
    let (start_ms, end_ms) = times(map);
    let confidence = number_at(map, &["confidence", "Confidence"]);
    Some(DraftWord::new(text_at(map, &["displayText", "word", "Word", "text"])?, start_ms, end_ms, confidence))
}

/// When something begins and ends, ms.
fn times(map: &Map<String, Value>) -> (Option<f64>, Option<f64>) {
    const TICKS_PER_MS: f64 = 10_000.0;
    let time = |ms: &[&str], ticks: &[&str], iso: &[&str]| {
        let in_ticks = || number_at(map, ticks).map(|ticks| ticks / TICKS_PER_MS);
        number_at(map, ms).or_else(in_ticks).or_else(|| iso_ms(text_at(map, iso)?))
    };
    let start_ms = time(
        &["offsetMilliseconds", "offsetInMs", "offset"],
        &["offsetInTicks", "OffsetInTicks", "Offset"],
        &["offset", "Offset"],
    );
    let length_ms = time(
        &["durationMilliseconds", "durationInMs", "duration"],
        &["durationInTicks", "DurationInTicks", "Duration"],
        &["duration", "Duration"],
    );
    (start_ms, start_ms.zip(length_ms).map(|(start, length)| start + length))
}

/// A duration such as `PT1H2M3.45S` (ISO 8601-1:2019, 5.5.2.4), ms.
fn iso_ms(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut ms = 0.0;
    while !rest.is_empty() {
        let at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..at].parse().ok()?;
        ms += number
            * match rest[at..].chars().next()? {
                'H' => 3_600_000.0,
                'M' => 60_000.0,
                'S' => 1_000.0,
                _ => return None,
            };
        rest = &rest[at + 1..];
    }
    Some(ms)
}
