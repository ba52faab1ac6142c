//! Our own saved transcripts.

mod order;
mod segment;
mod words;
mod write;

use super::draft::LIMIT_SEGMENTS;
use super::fields::{Fields, kind_of, shown};
use super::{Format, ImportError, recognise};
use crate::transcript::{Transcript, Utterance};
pub(super) use segment::MOST_CHANNELS;
use segment::Warnings;
use serde_json::{Map, Value};
pub(super) use words::LONGEST_WORD;
pub use write::write;

const FORMAT: &str = "callsift/transcript";

const KEYS: [&str; 8] =
    ["format", "version", "call_id", "language", "engine", "engine_model", "vendor_measures", "segments"];

/// Reads a transcript in our format: `{"format": "callsift/transcript", "version": 1, "segments": [{"channel" or "role",
/// "start_ms", "end_ms", "text"}]}`; a segment may have `times_estimated`, `confidence`, `emotion` (a label, or
/// `{"label", "score"}`), `event`, `vendor_measures` and `words`, the whole `call_id`, `language`, `engine`, `engine_model` and
/// `vendor_measures`.
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
    super::read_as(bytes, Format::Ours)
}

/// Whether `values` say that they are ours.
pub(super) fn is(values: &[Value]) -> bool {
    matches!(values, [Value::Object(top)] if top.get("format").and_then(Value::as_str) == Some(FORMAT))
}

/// Reads what [`is`] says is ours.
pub(super) fn from_values(values: &[Value]) -> Result<Transcript, ImportError> {
    let top = ours(values)?;
    let fields = Fields { place: String::new(), map: top };
    let mut warnings = Warnings::default();
    warnings.unknown_keys(top, &KEYS);
    let mut transcript = Transcript {
        call_id: fields.short_text("call_id")?,
        language: fields.tag("language")?,
        engine: fields.short_text("engine")?,
        engine_model: fields.short_text("engine_model")?,
        vendor_measures: fields.object_json("vendor_measures")?,
        utterances: segments(&fields, &mut warnings)?,
        warnings: Vec::new(),
    };
    order::check(&transcript.utterances, &mut warnings)?;
    // Stable: equal starts on one channel stay in the order of the file.
    transcript.utterances.sort_by_key(|utterance| (utterance.span.start_ms, utterance.speaker));
    transcript.warnings = warnings.told();
    Ok(transcript)
}

/// The top-level object, if it says that it is ours.
fn ours(values: &[Value]) -> Result<&Map<String, Value>, ImportError> {
    let other = || recognise::not_of(Format::Ours, values);
    let [Value::Object(top)] = values else { return Err(other()) };
    match top.get("format") {
        Some(Value::String(format)) if format == FORMAT => {}
        Some(format) => {
            let name = format.as_str().map_or_else(|| kind_of(format), shown);
            return Err(ImportError::NotOfFormat {
                format: Format::Ours.name(),
                why: format!("its \"format\" is {name}"),
            });
        }
        None => return Err(other()),
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
