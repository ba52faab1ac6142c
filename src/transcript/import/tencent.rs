//! Tencent Cloud: recognition of recordings, and its flash version.

use super::draft::{Draft, DraftWord, Segment, unspaced};
use super::json::{array_at, channel_at, measures, name_at, number_at, text_at};
use super::roles::role;
use super::rows::{Object, Rows, Who, any_row, from_the_start, visit};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;

const LISTS: [&str; 2] = ["resultdetail", "sentencelist"];

const MEASURES: [&str; 6] =
    ["SpeechSpeed", "EmotionalEnergy", "SilenceTime", "speech_speed", "emotional_energy", "silence_time"];

/// Whether `values` are a result of Tencent Cloud.
pub(super) fn is(values: &[Value]) -> bool {
    any_row(values, &LISTS, is_sentence)
        || visit(values, &LISTS, &mut |map| {
            map.contains_key("ResultDetail") || map.contains_key("flash_result") || plain_lines(map).next().is_some()
        })
}

/// Reads a result: its sentences, or the lines of its text where it was asked for no more.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let mut rows = Rows::gather(values, &LISTS, is_sentence, sentence);
    if rows.is_empty() && rows.unread == 0 {
        visit(values, &LISTS, &mut |map| {
            rows.found |= map.contains_key("ResultDetail") || map.contains_key("flash_result");
            plain_lines(map).for_each(|(who, segment)| rows.push(who, segment));
            false
        });
    }
    rows.finish(Draft::default(), Format::Tencent, "ResultDetail")
}

fn is_sentence(row: &Object) -> bool {
    let has = |key: &str| row.contains_key(key);
    has("FinalSentence") && has("StartMs") || has("start_time") && has("end_time") && has("text") && has("word_list")
}

fn sentence(holder: Option<&Object>, row: &Object) -> Option<(Who, Segment)> {
    let said = ["FinalSentence", "SliceSentence", "text"].iter().filter_map(|key| text_at(row, &[key]));
    let said: Vec<&str> = said.collect();
    let text = said.iter().find(|text| !text.trim().is_empty()).or(said.first())?;
    let (start_ms, end_ms) = (number_at(row, &["StartMs", "start_time"]), number_at(row, &["EndMs", "end_time"]));
    let segment = Segment {
        emotion: emotion(row),
        vendor_measures: measures(row, &MEASURES),
        words: words(row, start_ms, end_ms),
        ..Segment::new(Speaker::Role(Role::Unknown), start_ms, end_ms, unspaced(text))
    };
    let named = ["SpeakerRoleName", "speaker_role_name"].iter().find_map(|key| text_at(row, &[key]));
    let named = named.filter(|it| role(it).is_some()).map(str::to_owned);
    let voice = || name_at(row, &["SpeakerId", "speaker_id"]);
    let on = holder.and_then(|holder| channel_at(holder, &["channel_id"]));
    Some((Who { channel: on, name: named.or_else(voice) }, segment))
}

/// The words with times from the start of the recording: offsets count from the start of the sentence, the flash version's
/// times from either.
fn words(row: &Object, start_ms: Option<f64>, end_ms: Option<f64>) -> Vec<DraftWord> {
    let read = |key: &str, names: [&str; 3]| -> Vec<DraftWord> {
        array_at(row, &[key]).unwrap_or_default().iter().filter_map(|it| word(it, names)).collect()
    };
    let mut words = read("Words", ["Word", "OffsetStartMs", "OffsetEndMs"]);
    if words.is_empty() {
        words = read("word_list", ["word", "start_time", "end_time"]);
        from_the_start(&mut words, start_ms, end_ms);
        return words;
    }
    let from_start = |ms: Option<f64>| start_ms.zip(ms).map(|(start_ms, ms)| start_ms + ms);
    for word in &mut words {
        (word.start_ms, word.end_ms) = (from_start(word.start_ms), from_start(word.end_ms));
    }
    words
}

fn word(value: &Value, [text, start, end]: [&str; 3]) -> Option<DraftWord> {
    let row = value.as_object()?;
    Some(DraftWord::new(text_at(row, &[text])?, number_at(row, &[start]), number_at(row, &[end]), None))
}

/// The kinds of emotion that the service heard, which it lists apart from `EmotionalEnergy`, a loudness.
fn emotion(row: &Object) -> Option<String> {
    let kinds = array_at(row, &["EmotionType", "emotion_type"])?;
    let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).filter(|kind| !kind.is_empty()).collect();
    (!kinds.is_empty()).then(|| kinds.join("/"))
}

/// The lines of `Result`, each `[minutes:seconds,minutes:seconds,speaker]  text`.
fn plain_lines(map: &Object) -> impl Iterator<Item = (Who, Segment)> {
    text_at(map, &["Result", "result", "text"]).unwrap_or_default().lines().filter_map(plain_line)
}

fn plain_line(line: &str) -> Option<(Who, Segment)> {
    let (times, text) = line.trim().strip_prefix('[')?.split_once(']')?;
    let mut times = times.split(',').map(str::trim);
    let (start_ms, end_ms) = (clock_ms(times.next()?)?, clock_ms(times.next()?)?);
    let name = times.next().map(str::to_owned);
    let segment = Segment::new(Speaker::Role(Role::Unknown), Some(start_ms), Some(end_ms), unspaced(text));
    Some((Who { channel: None, name }, segment))
}

/// `1:2.345` as milliseconds.
fn clock_ms(clock: &str) -> Option<f64> {
    let parts: Option<Vec<f64>> = clock.split(':').map(|part| part.parse().ok()).collect();
    let parts = parts.filter(|parts| (2..=3).contains(&parts.len()))?;
    Some(parts.iter().fold(0.0, |sum, part| sum * 60.0 + part) * 1000.0)
}

#[cfg(test)]
mod tests;
