//! SenseVoice and other models as sherpa-onnx writes them, and SenseVoice's own text with its tags.

use super::draft::{Draft, DraftWord, Segment, is_unspaced, unspaced};
use super::json::{array_at, number, number_at, text_at};
use super::rows::{Object, Rows, Who, from_the_start, visit};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;
use std::collections::BTreeMap;
use std::iter::Peekable;

/// The model hears windows of at most 30 s; what is longer was put together and is parted at pauses.
const WINDOW_MS: f64 = 30_000.0;

/// Emotions and events that the model tells apart, lower case; its other tags are the language and whether numbers are written.
const EMOTIONS: [&str; 8] = ["happy", "sad", "angry", "neutral", "fearful", "disgusted", "surprised", "emo_unknown"];
const EVENTS: [&str; 10] =
    ["speech", "bgm", "applause", "laughter", "cry", "sneeze", "breath", "cough", "sing", "event_unk"];

/// A text without its tags, and what they say.
#[derive(Default)]
pub(super) struct Tagged {
    pub(super) language: Option<String>,
    pub(super) emotion: Option<String>,
    pub(super) event: Option<String>,
    pub(super) text: String,
}

/// What `text` says and what the tags before it, such as `<|zh|><|ANGRY|><|Speech|><|withitn|>`, say of it.
pub(super) fn tagged(text: &str) -> Tagged {
    let mut tagged = Tagged::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<|") {
        let Some((tag, after)) = after.split_once("|>") else { break };
        tagged.text.push_str(before);
        tagged.note(tag);
        rest = after;
    }
    tagged.text.push_str(rest);
    tagged
}

impl Tagged {
    fn note(&mut self, tag: &str) {
        let lower = tag.trim().to_ascii_lowercase();
        let into = match lower.as_str() {
            it if EMOTIONS.contains(&it) => &mut self.emotion,
            it if EVENTS.contains(&it) => &mut self.event,
            it if (2..=3).contains(&it.len()) => &mut self.language,
            _ => return,
        };
        *into = into.take().or_else(|| Some(tag.trim().to_owned()).filter(|_| !lower.contains("_unk")));
    }
}

/// Whether `values` are results of sherpa-onnx, or text with SenseVoice's tags.
pub(super) fn is(values: &[Value]) -> bool {
    visit(values, &[], &mut |map| is_result(map))
}

fn is_result(map: &Object) -> bool {
    let is_text = |key: &str| map.get(key).is_some_and(Value::is_string);
    let is_sherpa = is_text("lang") && is_text("emotion") && is_text("event") || tokens(map).is_some();
    let has_sentences = map.contains_key("sentence_info") || map.contains_key("stamp_sents");
    !has_sentences && is_text("text") && (is_sherpa || text_at(map, &["text"]).is_some_and(has_tags))
}

/// Two of the model's tags, one after another; Whisper marks times and tasks in the same way, but with other names.
pub(super) fn has_tags(text: &str) -> bool {
    let count =
        |known: &[&str]| known.iter().filter(|tag| text.to_ascii_lowercase().contains(&format!("<|{tag}|>"))).count();
    text.trim_start().starts_with("<|") && count(&EMOTIONS) > 0 && count(&EVENTS) > 0
}

/// The tokens and their starts, where a result has as many of both.
fn tokens(map: &Object) -> Option<(Vec<Value>, Vec<Value>)> {
    let (tokens, starts) = (array_at(map, &["tokens"])?, array_at(map, &["timestamps"])?);
    let fits = !tokens.is_empty() && tokens.len() == starts.len() && tokens.iter().all(Value::is_string);
    (fits && starts.iter().all(|start| number(start).is_some())).then_some((tokens, starts))
}

/// Reads results, each an utterance: JSON lines have several, with their `start` in seconds where they were cut from a longer
/// recording. Times are of the tokens, starts alone.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let mut rows = Rows::default();
    let mut draft = Draft::default();
    let (mut last_ms, mut unplaced) = (f64::NEG_INFINITY, 0);
    let (latest, mut index) = (latest(values), 0);
    visit(values, &[], &mut |map| {
        index += 1;
        if is_result(map) && stream_segment(map).is_none_or(|it| latest.get(&it) == Some(&index)) {
            let known = told(map, "lang");
            let model = if known.is_some() || has_tags(text_at(map, &["text"]).unwrap_or_default()) {
                "sensevoice"
            } else {
                "sherpa-onnx"
            };
            draft.engine.get_or_insert_with(|| model.to_owned());
            let language = add(&mut rows, map, &mut last_ms, &mut unplaced);
            draft.language = draft.language.take().or(known).or(language);
        }
        false
    });
    if unplaced > 0 {
        let why = "start before the one before ends and say no \"start\" of their own; placed one after another";
        draft.warnings.push(format!("{unplaced} result(s) of the transcript {why}"));
    }
    rows.finish(draft, Format::SenseVoice, "text")
}

/// The number of a stream's segment, which is sent again and again while it grows.
fn stream_segment(map: &Object) -> Option<u64> {
    map.get("is_final")?.as_bool().and(map.get("segment")?.as_u64())
}

/// The last result of each segment of a stream, counted from 1.
fn latest(values: &[Value]) -> BTreeMap<u64, usize> {
    let (mut latest, mut index) = (BTreeMap::new(), 0);
    visit(values, &[], &mut |map| {
        index += 1;
        latest.extend(stream_segment(map).map(|segment| (segment, index)));
        false
    });
    latest
}

/// Adds a result's segments; its language, where its text has tags.
fn add(rows: &mut Rows, map: &Object, last_ms: &mut f64, unplaced: &mut usize) -> Option<String> {
    let told_ms = number_at(map, &["start", "start_time", "offset"]).map(|s| s * 1000.0);
    let mut words = words(map, told_ms);
    let starts_ms = words.first().and_then(|word| word.start_ms);
    if starts_ms.is_some_and(|start_ms| start_ms < *last_ms) {
        *unplaced += 1;
        words.clear();
    }
    *last_ms = words.iter().filter_map(|word| word.start_ms).fold(*last_ms, f64::max);
    let language = tagged(text_at(map, &["text"]).unwrap_or_default()).language;
    rows.found = true;
    let mut words = words.into_iter().peekable();
    for group in groups(map) {
        let own = take(&mut words, spoken(&group.text));
        let first_ms = own.first().and_then(|it| it.start_ms);
        let segment = Segment {
            emotion: group.emotion,
            event: group.event,
            ..Segment::new(Speaker::Role(Role::Unknown), first_ms.or(told_ms), None, unspaced(&group.text))
        };
        parted(segment, own).for_each(|segment| rows.push(Who::default(), segment));
    }
    language
}

/// The parts of a text that each have tags of their own; the result's own tags where its text has none.
fn groups(map: &Object) -> Vec<Tagged> {
    let text = text_at(map, &["text"]).unwrap_or_default();
    if !has_tags(text) {
        return vec![Tagged { emotion: told(map, "emotion"), event: told(map, "event"), ..tagged(text) }];
    }
    let mut parts: Vec<String> = Vec::new();
    for piece in text.split_inclusive("|>") {
        // A tag after words begins a part; tags after tags belong together.
        let begins = piece.find("<|").is_some_and(|at| !piece[..at].trim().is_empty());
        match piece.find("<|").filter(|_| begins) {
            Some(at) => {
                parts.last_mut().iter_mut().for_each(|part| part.push_str(&piece[..at]));
                parts.push(piece[at..].to_owned());
            }
            None if parts.is_empty() => parts.push(piece.to_owned()),
            None => parts.last_mut().iter_mut().for_each(|part| part.push_str(piece)),
        }
    }
    parts.iter().map(|part| tagged(part)).collect()
}

/// A tag in a field of its own; none where the model does not know.
pub(super) fn told(map: &Object, key: &str) -> Option<String> {
    let bare = text_at(map, &[key])?.trim().trim_start_matches("<|").trim_end_matches("|>");
    (!bare.is_empty() && !bare.to_ascii_lowercase().contains("_unk")).then(|| bare.to_owned())
}

fn spoken(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// The next of `words` that have `count` letters together, and the marks after them.
fn take(words: &mut Peekable<impl Iterator<Item = DraftWord>>, count: usize) -> Vec<DraftWord> {
    let mut letters = 0;
    let is_theirs = |word: &DraftWord| {
        let more = spoken(&word.text);
        let is_theirs = letters < count || more == 0;
        letters += more;
        is_theirs
    };
    let mut is_theirs = is_theirs;
    std::iter::from_fn(|| words.next_if(&mut is_theirs)).collect()
}

/// The segment with its words, or parts of it where it is longer than the model's window.
fn parted(segment: Segment, words: Vec<DraftWord>) -> impl Iterator<Item = Segment> {
    let at = |word: Option<&DraftWord>| word.and_then(|word| word.start_ms);
    let lasts_ms = at(words.iter().rev().find(|word| word.start_ms.is_some()))
        .zip(segment.start_ms)
        .map(|(end, start)| end - start);
    let mut parts = Draft::default();
    if lasts_ms.is_some_and(|ms| ms > WINDOW_MS) {
        parts.add_words(words.into_iter().map(|word| (segment.speaker, word)));
    } else {
        let words = words.into_iter().filter(|word| spoken(&word.text) > 0).collect();
        parts
            .segments
            .push(Segment { words, ..Segment::new(segment.speaker, segment.start_ms, None, segment.text.as_str()) });
    }
    parts.segments.into_iter().map(move |part| Segment {
        emotion: segment.emotion.clone(),
        event: segment.event.clone(),
        ..part
    })
}

/// The words: tokens of English are parts of words, of which the first begins with a space or with `▁`. Their times count from
/// `told_ms`, the start that their result says.
fn words(map: &Object, told_ms: Option<f64>) -> Vec<DraftWord> {
    let Some((tokens, starts)) = tokens(map) else { return timed_words(map, told_ms) };
    let offset_ms = told_ms.unwrap_or(0.0);
    let durations = array_at(map, &["durations"]).filter(|them| them.len() == tokens.len()).unwrap_or_default();
    let is_spaced = |text: &str| text.chars().all(|c| c.is_alphanumeric() && !is_unspaced(c) || c == '\'');
    let mut words: Vec<DraftWord> = Vec::new();
    // Whether the last word is in a script that has spaces between words.
    let mut may_go_on = false;
    for (index, (token, start)) in tokens.iter().zip(&starts).enumerate() {
        let token = token.as_str().unwrap_or_default();
        let bare = token.trim_start_matches([' ', '▁']);
        let start_ms = number(start).map(|s| offset_ms + s * 1000.0);
        let end_ms = durations.get(index).and_then(number).zip(start_ms).map(|(s, start_ms)| start_ms + s * 1000.0);
        let goes_on = may_go_on && bare == token;
        may_go_on = is_spaced(bare);
        match words.last_mut().filter(|_| goes_on && may_go_on) {
            Some(last) => {
                last.text.push_str(bare);
                last.end_ms = end_ms;
            }
            None => words.push(DraftWord::new(bare, start_ms, end_ms, None)),
        }
    }
    words
}

/// The words as FunASR gives them for this model: `words`, and `timestamp` in milliseconds, from the start of the recording or
/// from `told_ms`.
fn timed_words(map: &Object, told_ms: Option<f64>) -> Vec<DraftWord> {
    let (words, stamps) = (array_at(map, &["words"]), array_at(map, &["timestamp"]));
    let Some((words, stamps)) = words.zip(stamps).filter(|(words, stamps)| words.len() == stamps.len()) else {
        return Vec::new();
    };
    let word = |(word, stamp): (&Value, &Value)| {
        let at = |index: usize| number(stamp.get(index)?);
        Some(DraftWord::new(word.as_str()?.trim_start_matches([' ', '▁']), at(0), at(1), None))
    };
    let mut words: Vec<DraftWord> = words.iter().zip(&stamps).filter_map(word).collect();
    from_the_start(&mut words, told_ms, None);
    words
}

#[cfg(test)]
mod tests;
