//! Our own saved transcripts.

mod fields;
mod order;
mod segment;
mod words;

use super::ImportError;
use crate::transcript::{Transcript, Utterance};
use fields::{Fields, kind_of, shown};
use segment::Warnings;
use serde_json::{Map, Value};

/// The largest transcript that is read, bytes: some forty hours of speech with times for every word.
pub const LIMIT_BYTES: usize = 32 << 20;

/// The most segments that are read.
pub const LIMIT_SEGMENTS: usize = 100_000;

const FORMAT: &str = "callsift/transcript";

const KEYS: [&str; 7] = ["format", "version", "call_id", "language", "engine", "engine_model", "segments"];

/// Reads a transcript in our format: `{"format": "callsift/transcript", "version": 1, "segments": [{"channel" or "role",
/// "start_ms", "end_ms", "text"}]}`; a segment may have `confidence`, `emotion`, `event` and `words`, the whole `call_id`,
/// `language`, `engine` and `engine_model`.
///
/// A byte order mark is skipped, `null` counts as missing, keys that are not known give a warning. Words whose text is not
/// in their segment's text are left out with a warning. Utterances come sorted by (start, channel, position).
///
/// # Errors
///
/// [`ImportError`] where the bytes are too many, no JSON or of another format, where a field is missing, of the wrong kind or
/// absurd, and where times go backwards. It never quotes what was said.
///
/// ```
/// use callsift::transcript::import::ours::read;
/// let json = r#"{"format": "callsift/transcript", "version": 1,
///     "segments": [{"channel": 0, "start_ms": 0, "end_ms": 1200, "text": "您好"}]}"#;
/// assert_eq!(read(json.as_bytes())?.utterances[0].text, "您好");
/// # Ok::<(), callsift::transcript::import::ImportError>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Transcript, ImportError> {
    if bytes.len() > LIMIT_BYTES {
        return Err(ImportError::TooLarge { bytes: bytes.len(), limit_bytes: LIMIT_BYTES });
    }
    let value = parse(bytes)?;
    let top = ours(&value)?;
    let fields = Fields { place: String::new(), map: top };
    let mut warnings = Warnings::default();
    warnings.unknown_keys(top, &KEYS);
    let mut transcript = Transcript {
        call_id: fields.short_text("call_id")?,
        language: fields.tag("language")?,
        engine: fields.short_text("engine")?,
        engine_model: fields.short_text("engine_model")?,
        utterances: segments(&fields, &mut warnings)?,
        warnings: Vec::new(),
    };
    order::check(&transcript.utterances, &mut warnings)?;
    // Stable: equal starts on one channel stay in the order of the file.
    transcript.utterances.sort_by_key(|utterance| (utterance.span.start_ms, utterance.speaker));
    transcript.warnings = warnings.told();
    Ok(transcript)
}

fn parse(bytes: &[u8]) -> Result<Value, ImportError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = place_of(bytes, error.valid_up_to());
        ImportError::NotJson { line, column, why: "the byte there is not UTF-8".to_owned() }
    })?;
    serde_json::from_str(text).map_err(|error| ImportError::NotJson {
        line: error.line(),
        column: error.column(),
        why: if error.is_eof() { "it ends too early" } else { "it breaks the grammar of JSON, or nests too deep" }
            .to_owned(),
    })
}

/// Line and column, from 1, of the byte at `offset`.
fn place_of(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    (before.iter().filter(|&&byte| byte == b'\n').count() + 1, offset - line_start + 1)
}

/// The top-level object, if it says that it is ours.
fn ours(value: &Value) -> Result<&Map<String, Value>, ImportError> {
    let Value::Object(top) = value else {
        return Err(ImportError::NotOurs { looks_like: kind_of(value) });
    };
    match top.get("format") {
        Some(Value::String(format)) if format == FORMAT => {}
        Some(format) => {
            let looks_like =
                format!("an object whose \"format\" is {}", format.as_str().map_or_else(|| kind_of(format), shown));
            return Err(ImportError::NotOurs { looks_like });
        }
        None => {
            return Err(ImportError::NotOurs { looks_like: format!("an object with the keys {}", fields::keys(top)) });
        }
    }
    match top.get("version") {
        Some(Value::Number(version)) if version.as_u64() == Some(1) => Ok(top),
        Some(version) => Err(ImportError::BadVersion { version: kind_of(version) }),
        None => Err(ImportError::BadVersion { version: "missing".to_owned() }),
    }
}

fn segments(top: &Fields<'_>, warnings: &mut Warnings) -> Result<Vec<Utterance>, ImportError> {
    let Some(segments) = top.array("segments")? else {
        return Err(top.bad("segments", "is missing; expected an array"));
    };
    if segments.len() > LIMIT_SEGMENTS {
        return Err(top.bad("segments", &format!("has {} entries, more than {LIMIT_SEGMENTS}", segments.len())));
    }
    segments
        .iter()
        .enumerate()
        .map(|(index, value)| segment::read(&Fields::at(format!("segments[{index}]"), value)?, warnings))
        .collect()
}

#[cfg(test)]
mod tests;
