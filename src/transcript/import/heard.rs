//! What sherpa-onnx says of one clip, as JSON: a text, its tokens with their starts, tags.

use super::draft::{Draft, DraftWord, SENTENCE_MARKS, Segment, is_unspaced};
use super::fields::kind_of;
use super::letters::Letters;
use super::sensevoice::told;
use super::{ImportError, json};
use crate::transcript::{Speaker, Transcript, check};
use crate::units::Role;
use serde_json::{Map, Value};
use std::ops::Range;

/// What is said longer than this, ms, is cut where sentences end, and where that leaves more than this, where clauses end.
const LONGEST_UTTERANCE_MS: f64 = 15_000.0;

const CLAUSE_MARKS: &[char] = &['，', ',', '；', ';', '、', '：'];

/// The most tokens of a clip that are looked at; an hour of hurried speech has 30,000.
const MOST_TOKENS: usize = 50_000;

/// A word of the text: which characters of it, and its times where the engine says them, ms.
#[derive(Clone, Debug, PartialEq)]
struct Timed {
    chars: Range<u32>,
    start_ms: f64,
    end_ms: Option<f64>,
}

/// Reads the result of sherpa-onnx for a clip of `duration_ms`: `{"lang": "<|zh|>", "emotion": "<|HAPPY|>", "event": "<|Speech|>",
/// "text": "您好", "timestamps": [0.1, 0.3], "durations": [], "tokens": ["您", "好"]}`. Times are seconds from the clip's start.
///
/// All of it is one utterance of the role `unknown`, but what lasts over 15 s is cut after sentences, and a sentence that does so
/// after its clauses. Tokens that are parts of one word become that word. Engines say where tokens start, seldom where they end: a
/// word then ends where the next one starts, an utterance where the next one or the clip does, or after as long as slow speech
/// takes, and both are marked. Without times of tokens (Whisper) there are no words, and the utterance is the clip.
///
/// Tags are kept without their brackets; those that say that the engine does not know are none. Control characters in strings, which sherpa-onnx does not escape, are forgiven.
///
/// # Errors
///
/// [`ImportError`] where it is no JSON, no object or has no text. It never quotes what was said.
///
/// ```
/// use callsift::transcript::import::heard::read;
/// let json = r#"{"lang": "<|zh|>", "text": "您好。", "timestamps": [0.1, 0.3, 0.5], "tokens": ["您", "好", "。"]}"#;
/// let transcript = read(json.as_bytes(), 900)?;
/// assert_eq!(transcript.language.as_deref(), Some("zh"));
/// assert_eq!(transcript.utterances[0].words[1].span.start_ms, 300);
/// # Ok::<(), callsift::transcript::import::ImportError>(())
/// ```
pub fn read(json: &[u8], duration_ms: i64) -> Result<Transcript, ImportError> {
    let json::Text { text, warnings } = json::text(json)?;
    let values = json::values(&text)?;
    let [Value::Object(top)] = values.as_slice() else {
        let why = format!("it is {}", values.first().map_or_else(|| "nothing".to_owned(), kind_of));
        return Err(ImportError::NotOfFormat { format: "sherpa-onnx", why });
    };
    let Some(said) = top.get("text").and_then(Value::as_str) else {
        return Err(ImportError::BadField { place: "text".to_owned(), why: "is missing; expected a text".to_owned() });
    };
    let chars: Vec<char> = said.chars().collect();
    let words = words(said, &chars, top);
    let mut draft = Draft { language: told(top, "lang"), warnings, ..Draft::default() };
    draft.segments = pieces(&chars, &words).into_iter().map(|piece| segment(&chars, piece, top, duration_ms)).collect();
    let mut transcript = draft.finish()?;
    check::clip(&mut transcript, duration_ms);
    Ok(transcript)
}

/// A run of words, and the characters that belong to it: its words and the marks behind them.
struct Piece<'a> {
    chars: Range<usize>,
    words: &'a [Timed],
}

impl Piece<'_> {
    fn is_long(&self) -> bool {
        let lasts = self.words.first().zip(self.words.last()).map(|(first, last)| last.start_ms - first.start_ms);
        lasts.is_some_and(|lasts_ms| lasts_ms > LONGEST_UTTERANCE_MS)
    }
}

fn segment(chars: &[char], piece: Piece<'_>, top: &Map<String, Value>, duration_ms: i64) -> Segment {
    let (start_ms, end_ms) = match piece.words {
        [] => (Some(0.0), Some(duration_ms as f64)),
        [first, .., last] => (Some(first.start_ms), last.end_ms),
        [only] => (Some(only.start_ms), only.end_ms),
    };
    let text: String = chars[piece.chars].iter().collect();
    let drafted = piece.words.iter().map(|word| {
        let spelled: String = chars[word.chars.start as usize..word.chars.end as usize].iter().collect();
        DraftWord::new(&spelled, Some(word.start_ms), word.end_ms, None)
    });
    Segment {
        emotion: told(top, "emotion"),
        event: told(top, "event"),
        words: drafted.collect(),
        ..Segment::new(Speaker::Role(Role::Unknown), start_ms, end_ms, text)
    }
}

/// The text in pieces: whole, or cut where it is long.
fn pieces<'a>(chars: &[char], words: &'a [Timed]) -> Vec<Piece<'a>> {
    let whole = Piece { chars: 0..chars.len(), words };
    if !whole.is_long() {
        return vec![whole];
    }
    let sentences = cut(chars, whole, SENTENCE_MARKS);
    let clauses = |sentence: Piece<'a>| match sentence.is_long() {
        true => cut(chars, sentence, CLAUSE_MARKS),
        false => vec![sentence],
    };
    sentences.into_iter().flat_map(clauses).collect()
}

/// `piece`, cut before each word that one of `marks` stands before.
fn cut<'a>(chars: &[char], piece: Piece<'a>, marks: &[char]) -> Vec<Piece<'a>> {
    let mut cuts: Vec<(usize, usize)> = vec![(0, piece.chars.start)];
    for (index, pair) in piece.words.windows(2).enumerate() {
        let (from, to) = (pair[0].chars.end as usize, pair[1].chars.start as usize);
        let gap = chars.get(from..to).unwrap_or_default();
        // A point with no space behind it is one of 3.5 or of an address.
        let is_plain = |at: usize| gap[at] != '.' || at + 1 < gap.len();
        if (0..gap.len()).any(|at| marks.contains(&gap[at]) && is_plain(at)) {
            cuts.push((index + 1, to));
        }
    }
    cuts.push((piece.words.len(), piece.chars.end));
    let pieces = cuts.windows(2);
    pieces.map(|pair| Piece { chars: pair[0].1..pair[1].1, words: &piece.words[pair[0].0..pair[1].0] }).collect()
}

/// The words of `said` that have times: tokens found in it one after another, those of one word joined.
fn words(said: &str, chars: &[char], top: &Map<String, Value>) -> Vec<Timed> {
    let list = |name: &str| top.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (tokens, starts, durations) = (list("tokens"), list("timestamps"), list("durations"));
    if tokens.len() != starts.len() || tokens.len() > MOST_TOKENS {
        return Vec::new();
    }
    let letters = Letters::of(said);
    let mut words: Vec<Timed> = Vec::new();
    let mut from = 0;
    for (index, (token, start)) in tokens.iter().zip(starts).enumerate() {
        let (Some(token), Some(start_s)) = (token.as_str(), start.as_f64()) else { continue };
        let spelled = Letters::of(token);
        let Some(found) = (!spelled.is_empty()).then(|| letters.find(&spelled, from)).flatten() else { continue };
        from = found.end;
        let lasts_s = durations.get(index).and_then(Value::as_f64).filter(|_| durations.len() == tokens.len());
        let start_ms = start_s * 1_000.0;
        let end_ms = lasts_s.map(|lasts_s| start_ms + lasts_s * 1_000.0);
        let token = Timed { chars: letters.chars(&found), start_ms, end_ms };
        match words.last_mut().filter(|word| is_one_word(chars, word, &token)) {
            Some(word) => (word.chars.end, word.end_ms) = (token.chars.end, token.end_ms),
            None => words.push(token),
        }
    }
    words
}

/// Whether `token` goes on with `word`: nothing between them, in a script that has spaces between words.
fn is_one_word(chars: &[char], word: &Timed, token: &Timed) -> bool {
    let at = token.chars.start as usize;
    word.chars.end as usize == at && at > 0 && !is_unspaced(chars[at - 1]) && !is_unspaced(chars[at])
}

#[cfg(test)]
mod tests;
