//! OpenAI's `verbose_json`, `diarized_json` and `json`; the JSON of Whisper's Python programs (openai-whisper, faster-whisper,
//! whisperX, whisper-timestamped), which differs in few keys.

use super::draft::{Draft, DraftWord, Segment, with_confidence};
use super::json::{entries_at, measures, name_at, number_at, only, seconds_at, text_at};
use super::roles::{Voices, is_note};
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// The keys beside `text` of an answer without times.
const PLAIN: [&str; 7] = ["text", "usage", "logprobs", "task", "language", "duration", "words"];

/// What Whisper measures of a segment.
const MEASURES: [&str; 4] = ["no_speech_prob", "avg_logprob", "compression_ratio", "temperature"];

/// Whether `values` are of this shape: `segments` with `start`, `end` and `text`, or `text` with nothing that another engine adds.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).is_some_and(|top| has_segments(top) || is_plain(top) || is_silent(top))
}

fn has_segments(top: &Map<String, Value>) -> bool {
    let is_segment =
        |entry: &Value| ["start", "end"].iter().all(|key| entry.get(key).is_some()) && entry.get("text").is_some();
    entries_at(top, &["segments"]).iter().any(is_segment)
}

/// What whisperX writes where nobody spoke.
fn is_silent(top: &Map<String, Value>) -> bool {
    let is_empty = |key: &str| top.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty);
    is_empty("segments") && is_empty("word_segments")
}

fn is_plain(top: &Map<String, Value>) -> bool {
    let is_known = |(key, value): (&String, &Value)| {
        PLAIN.contains(&key.as_str()) || key == "segments" && value.as_array().is_none_or(Vec::is_empty)
    };
    text_at(top, &["text"]).is_some() && top.iter().all(is_known)
}

/// Reads what [`is`] says is of this shape. Times are in seconds.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = recognise::top(values, Format::OpenAi, &["segments", "text", "words"])?;
    let segments = entries_at(top, &["segments"]);
    let mut draft = Draft {
        language: text_at(top, &["language"]).map(str::to_owned),
        engine: is_whisper(top, segments).then(|| "whisper".to_owned()),
        ..Draft::default()
    };
    let mut voices = Voices::default();
    draft.add_each(segments, |entry| segment(entry, &mut voices));
    let words: Vec<DraftWord> = entries_at(top, &["words"]).iter().filter_map(word).collect();
    if draft.segments.is_empty() && !words.is_empty() {
        draft.add_words(words.into_iter().map(|word| (Speaker::Role(Role::Unknown), word)));
    } else if draft.segments.is_empty() && draft.unreadable == 0 {
        match text_at(top, &["text"]) {
            Some(text) => draft.segments.push(Segment::new(Speaker::Role(Role::Unknown), None, None, text.trim())),
            None => draft.unreadable = entries_at(top, &["words"]).len(),
        }
    } else if draft.segments.iter().all(|segment| segment.words.is_empty()) {
        share_out(words, &mut draft.segments);
    }
    warn_of_repeats(&mut draft);
    draft.finish_of("segments")
}

/// Whether only Whisper can have written it: servers with other engines answer in this shape too.
fn is_whisper(top: &Map<String, Value>, segments: &[Value]) -> bool {
    top.contains_key("word_segments")
        || segments.iter().any(|segment| MEASURES.iter().any(|key| segment.get(key).is_some()))
}

fn segment(entry: &Map<String, Value>, voices: &mut Voices) -> Option<Segment> {
    let text = text_at(entry, &["text"])?;
    let speaker = name_at(entry, &["speaker"]).map_or(Speaker::Role(Role::Unknown), |name| voices.speaker(&name));
    let text = if is_note(text) { "" } else { text.trim() };
    let mut segment = Segment::new(speaker, seconds_at(entry, &["start"]), seconds_at(entry, &["end"]), text);
    segment.vendor_measures = measures(entry, &MEASURES);
    segment.words = entries_at(entry, &["words"]).iter().filter_map(word).collect();
    Some(with_confidence(segment))
}

fn word(value: &Value) -> Option<DraftWord> {
    let map = value.as_object()?;
    let confidence = number_at(map, &["probability", "score", "confidence"]);
    let text = text_at(map, &["word", "text"])?;
    Some(DraftWord::new(text, seconds_at(map, &["start"]), seconds_at(map, &["end"]), confidence))
}

/// Gives the words that stand beside the segments to those in whose time their middle lies.
fn share_out(words: Vec<DraftWord>, segments: &mut [Segment]) {
    let mut at = 0;
    for word in words {
        let (Some(start_ms), end_ms) = (word.start_ms, word.end_ms) else { continue };
        let middle_ms = f64::midpoint(start_ms, end_ms.unwrap_or(start_ms));
        let is_past = |segment: &Segment| segment.end_ms.is_some_and(|end_ms| end_ms < middle_ms);
        while at + 1 < segments.len() && is_past(&segments[at]) {
            at += 1;
        }
        if let Some(segment) = segments.get_mut(at) {
            segment.words.push(word);
        }
    }
}

/// The same sentence so often in a row is what Whisper writes into silence or music.
const REPEATS: usize = 4;

/// Warns of runs of one sentence; they are kept, for people do repeat themselves.
fn warn_of_repeats(draft: &mut Draft) {
    let runs = draft.segments.chunk_by(|one, other| one.text == other.text);
    let count: usize = runs.filter(|run| run.len() >= REPEATS && !run[0].text.is_empty()).map(<[Segment]>::len).sum();
    if count > 0 {
        draft.warnings.push(format!(
            "{count} segment(s) of the transcript repeat one another word by word, as engines do in silence; kept, look \
             at them"
        ));
    }
}
