//! whisper.cpp: `--output-json`, and `--output-json-full` with tokens.

use super::draft::{Draft, DraftWord, Segment, is_unspaced, with_confidence};
use super::json::{entries_at, map_at, name_at, number_at, only, text_at};
use super::roles::is_note;
use super::{Format, ImportError, recognise};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};

/// How far ahead in the text a token is looked for, characters.
const LONGEST_SKIP: usize = 200;

/// Whether `values` are whisper.cpp's: an object with `transcription`, and `offsets` in its entries.
pub(super) fn is(values: &[Value]) -> bool {
    only(values).is_some_and(|top| {
        let said = entries_at(top, &["transcription"]);
        said.iter().any(|entry| entry.get("offsets").is_some())
            || said.is_empty() && map_at(top, &["result"]).is_some() && top.contains_key("transcription")
    })
}

/// Reads what [`is`] says is whisper.cpp's. Times are in ms.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = recognise::top(values, Format::WhisperCpp, &["transcription"])?;
    let mut draft = Draft {
        engine: Some("whisper.cpp".to_owned()),
        engine_model: model(top),
        language: map_at(top, &["result"]).and_then(|result| text_at(result, &["language"])).map(str::to_owned),
        ..Draft::default()
    };
    draft.add_each(entries_at(top, &["transcription"]), segment);
    draft.finish_of("transcription")
}

/// The model's file without its folder, which may say whose machine it was.
fn model(top: &Map<String, Value>) -> Option<String> {
    let file = map_at(top, &["params"]).and_then(|params| text_at(params, &["model"]));
    let file = file.and_then(|path| path.rsplit(['/', '\\']).next());
    file.or_else(|| text_at(map_at(top, &["model"])?, &["type"])).map(str::to_owned)
}

fn segment(entry: &Map<String, Value>) -> Option<Segment> {
    let text = text_at(entry, &["text"])?;
    let (start_ms, end_ms) = offsets(entry);
    let mut segment = Segment::new(speaker(entry), start_ms, end_ms, if is_note(text) { "" } else { text.trim() });
    segment.words = words(entries_at(entry, &["tokens"]), text);
    Some(with_confidence(segment))
}

/// With `--diarize` the louder channel's number; `?` where neither is.
fn speaker(entry: &Map<String, Value>) -> Speaker {
    let channel = name_at(entry, &["speaker"]).and_then(|name| name.parse().ok());
    channel.map_or(Speaker::Role(Role::Unknown), Speaker::Channel)
}

fn offsets(entry: &Map<String, Value>) -> (Option<f64>, Option<f64>) {
    let offsets = map_at(entry, &["offsets"]);
    let at = |key: &str| offsets.and_then(|offsets| number_at(offsets, &[key]));
    (at("from"), at("to"))
}

/// A token's text, when it was said, and how sure the engine is.
struct Token<'a> {
    text: &'a str,
    times: (Option<f64>, Option<f64>),
    confidence: Option<f64>,
}

/// The words of a segment that says `text`, of tokens that are pieces of words: a token belongs to the word before it unless a
/// space stands between, and in Chinese each is a word. Where old versions cut a character into tokens that are no UTF-8, what
/// stands in the text between their neighbours is what they say.
fn words(tokens: &[Value], text: &str) -> Vec<DraftWord> {
    let mut words: Vec<DraftWord> = Vec::new();
    let mut rest = text;
    let mut broken: Option<DraftWord> = None;
    // Whether the last word is in a script that has spaces between words.
    let mut is_spaced = false;
    for token in tokens.iter().filter_map(token) {
        let (start_ms, end_ms) = token.times;
        if token.text.contains('\u{FFFD}') {
            let word = broken.get_or_insert_with(|| DraftWord::new("", start_ms, None, token.confidence));
            word.end_ms = end_ms;
            continue;
        }
        let bare = token.text.trim();
        let Some(at) = find(bare, rest) else { continue };
        if let Some(mut word) = broken.take() {
            word.text = rest[..at].trim().to_owned();
            is_spaced = !word.text.contains(is_unspaced);
            words.push(word);
        }
        let goes_on = at == 0 && !token.text.starts_with(' ');
        rest = &rest[at + bare.len()..];
        let may_go_on = !bare.contains(is_unspaced);
        match words.last_mut().filter(|_| goes_on && is_spaced && may_go_on) {
            Some(last) => {
                last.text.push_str(bare);
                last.end_ms = end_ms;
            }
            None => {
                words.push(DraftWord::new(bare, start_ms, end_ms, token.confidence));
                is_spaced = may_go_on;
            }
        }
    }
    words.extend(broken.map(|word| DraftWord { text: rest.trim().to_owned(), ..word }));
    words
}

/// What a token says; none of those that say how the engine worked, such as `[_BEG_]`.
fn token(value: &Value) -> Option<Token<'_>> {
    let map = value.as_object()?;
    let text = text_at(map, &["text"])?;
    let is_sign = text.starts_with("[_") || text.starts_with("<|") || text.trim().is_empty();
    (!is_sign).then(|| Token { text, times: offsets(map), confidence: number_at(map, &["p"]) })
}

/// Where `token` stands next in `text`, no more than [`LONGEST_SKIP`] characters ahead.
fn find(token: &str, text: &str) -> Option<usize> {
    let last = text.char_indices().nth(LONGEST_SKIP).map_or(text.len(), |(at, _)| at);
    let end = text.ceil_char_boundary(last.saturating_add(token.len()).min(text.len()));
    text[..end].find(token)
}
