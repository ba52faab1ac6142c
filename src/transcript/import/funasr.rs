//! FunASR: what its Python models return, what its runtime sends over a web socket, and its older pipelines.

use super::draft::{Draft, DraftWord, Segment, is_unspaced, unspaced};
use super::json::{array_at, name_at, number, number_at, text_at};
use super::rows::{Object, Rows, Who, lists, visit};
use super::sensevoice::{has_tags, tagged};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;

/// Lists of sentences.
const LISTS: [&str; 3] = ["sentenceinfo", "stampsents", "sentences"];

/// Whether `values` are a result of FunASR.
pub(super) fn is(values: &[Value]) -> bool {
    visit(values, &LISTS, &mut |map| {
        let first_has = |keys: &[&str], what: fn(&Object) -> bool| {
            lists(map, keys).iter().filter_map(|list| list.first()?.as_object()).any(what)
        };
        // Others write sentences as well, but without times of their tokens.
        first_has(&LISTS[..2], is_sentence)
            || first_has(&LISTS[2..], |row| is_sentence(row) && row.contains_key("ts_list"))
            // A text with tags is SenseVoice's, whoever wrote it down.
            || is_whole(map) && !text_at(map, &["text"]).is_some_and(has_tags)
    })
}

/// Reads a result: its sentences, or, where it has none, its words.
///
/// A result has the times of its tokens alone, in milliseconds: of each Han character and each word in Latin letters, not of
/// punctuation. Where their number is another, as it is after numbers were rewritten, the words stay without times.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    of_one_recording(values)?;
    let (mut rows, mut language, mut unfit) = (Rows::default(), None, 0);
    let has_final =
        visit(values, &LISTS, &mut |map| text_at(map, &["mode"]).is_some_and(|mode| mode.ends_with("offline")));
    visit(values, &LISTS, &mut |map| {
        let is_draft = has_final && text_at(map, &["mode"]).is_some_and(|mode| mode.ends_with("online"));
        let found = lists(map, &LISTS);
        language = language.take().or_else(|| tagged(text_at(map, &["text"])?).language);
        if !is_draft && found.iter().any(|list| !list.is_empty()) {
            found.iter().for_each(|list| rows.add(list, sentence));
        } else if !is_draft && is_whole(map) {
            unfit += usize::from(!add_whole(&mut rows, map));
        }
        false
    });
    let mut draft = Draft { language, ..Draft::default() };
    if unfit > 0 {
        draft
            .warnings
            .push(format!("the words' times do not fit {unfit} text(s) of the transcript; their words have none"));
    }
    rows.finish(draft, Format::FunAsr, "sentence_info")
}

/// A batch of recordings is no call: their times would lie over one another.
fn of_one_recording(values: &[Value]) -> Result<(), ImportError> {
    let (mut first, mut index) = (None, 0);
    let is_mixed = visit(values, &LISTS, &mut |map| {
        let Some(key) = text_at(map, &["key", "wav_name"]) else { return false };
        index += usize::from(first.is_some());
        first.get_or_insert_with(|| key.to_owned()).as_str() != key
    });
    let why = "names another recording than the first; give one file a call";
    if is_mixed { Err(ImportError::BadField { place: format!("[{index}].key"), why: why.into() }) } else { Ok(()) }
}

fn is_sentence(row: &Object) -> bool {
    let has = |key: &str| row.contains_key(key);
    has("start") && has("end") && (has("text") || has("sentence") || has("text_seg"))
}

/// Whether a result has a text of its own that FunASR wrote.
fn is_whole(map: &Object) -> bool {
    let is_text = |key: &str| map.get(key).is_some_and(Value::is_string);
    let foreign = ["lang", "start", "segments", "FinalSentence"].iter().any(|key| map.contains_key(*key));
    let told =
        || is_text("key") || is_text("mode") && is_text("wav_name") || stamps(map).is_some_and(|it| !it.is_empty());
    is_text("text") && !foreign && told()
}

fn stamps(map: &Object) -> Option<Vec<Value>> {
    let stamps = array_at(map, &["timestamp", "ts_list", "time_stamp"])?;
    stamps.iter().all(|stamp| stamp.as_array().is_some_and(|pair| pair.len() == 2)).then_some(stamps)
}

fn sentence(row: &Object) -> Option<(Who, Segment)> {
    let punctuation = text_at(row, &["punc"]).unwrap_or_default();
    let said = text_at(row, &["text", "sentence", "text_seg"])?;
    let ends = !row.contains_key("text_seg") || said.ends_with(punctuation);
    let tagged = tagged(&format!("{}{}", unspaced(said), if ends { "" } else { punctuation }));
    let at = |key: &str| number_at(row, &[key]);
    let words = stamps(row).and_then(|stamps| words(&tagged.text, &stamps)).unwrap_or_default();
    let segment = Segment {
        emotion: tagged.emotion,
        event: tagged.event,
        words: words.into_iter().filter(|word| word.start_ms.is_some()).collect(),
        ..Segment::new(Speaker::Role(Role::Unknown), at("start"), at("end"), tagged.text)
    };
    Some((Who { channel: None, name: name_at(row, &["spk", "spk_id", "speaker"]) }, segment))
}

/// Adds a result without sentences; whether its words have times, if there are any.
fn add_whole(rows: &mut Rows, map: &Object) -> bool {
    let tagged = tagged(text_at(map, &["text"]).unwrap_or_default());
    let text = unspaced(&tagged.text);
    let stamps = stamps(map).unwrap_or_default();
    let nobody = Speaker::Role(Role::Unknown);
    rows.found = true;
    if let Some(words) = words(&text, &stamps) {
        let mut parts = Draft::default();
        parts.add_words(words.into_iter().map(|word| (nobody, word)));
        let tag = |it: Segment| Segment { emotion: tagged.emotion.clone(), event: tagged.event.clone(), ..it };
        parts.segments.into_iter().map(tag).for_each(|segment| rows.push(Who::default(), segment));
        return true;
    }
    let start_ms = stamps.first().and_then(|pair| number(pair.get(0)?));
    let end_ms = stamps.last().and_then(|pair| number(pair.get(1)?));
    let segment = Segment::new(nobody, start_ms, end_ms, text);
    rows.push(Who::default(), Segment { emotion: tagged.emotion, event: tagged.event, ..segment });
    stamps.is_empty()
}

/// Whether a token was spoken; a character whose bytes were cut was one too.
fn is_spoken(token: &str) -> bool {
    token.chars().any(|c| c.is_alphanumeric() || c == char::REPLACEMENT_CHARACTER)
}

/// The tokens of `text` with their times, punctuation without; `None` where there are no times or another number of them.
fn words(text: &str, stamps: &[Value]) -> Option<Vec<DraftWord>> {
    let tokens = tokens(text);
    if stamps.is_empty() || tokens.iter().filter(|token| is_spoken(token)).count() != stamps.len() {
        return None;
    }
    let mut left = stamps.iter();
    let word = |token: &str| {
        let pair = if is_spoken(token) { left.next() } else { None };
        let at = |index: usize| pair.and_then(|pair| number(pair.get(index)?));
        DraftWord::new(token, at(0), at(1), None)
    };
    Some(tokens.into_iter().map(word).collect())
}

/// Each Han character, each word in other letters, each run of other marks.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        _ if c.is_whitespace() => 0,
        '\'' | '-' => 1,
        _ if c.is_alphanumeric() && !is_unspaced(c) => 1,
        _ if c.is_alphanumeric() || c == char::REPLACEMENT_CHARACTER => 2,
        _ => 3,
    };
    let mut tokens: Vec<(u8, usize, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            Some((last, _, last_end)) if *last == kind(c) && *last != 2 => *last_end = end,
            _ => tokens.push((kind(c), at, end)),
        }
    }
    tokens.into_iter().filter(|&(kind, ..)| kind > 0).map(|(_, from, to)| &text[from..to]).collect()
}

#[cfg(test)]
mod tests;
