//! Fields of a JSON object, with their place for messages.

use super::ImportError;
use crate::units::LONGEST_RECORDING_MS;
use serde_json::{Map, Value};

/// The longest id, engine or tag, characters.
pub(super) const LONGEST_SHORT_TEXT: usize = 1_000;

/// The longest text of a segment, characters: over an hour of speech.
pub(super) const LONGEST_TEXT: usize = 20_000;

/// An object and where it stands.
pub(super) struct Fields<'a> {
    /// Such as `segments[3]`; empty at the top.
    pub(super) place: String,
    /// The object.
    pub(super) map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The object `value`, which stands at `place`.
    pub(super) fn at(place: String, value: &'a Value) -> Result<Self, ImportError> {
        match value {
            Value::Object(map) => Ok(Self { place, map }),
            other => Err(ImportError::BadField { place, why: format!("is {}; expected an object", kind_of(other)) }),
        }
    }

    /// An error at the field `name`; `why` says what it is and what is expected.
    pub(super) fn bad(&self, name: &str, why: &str) -> ImportError {
        ImportError::BadField { place: self.place_of(name), why: why.to_owned() }
    }

    /// Where the field `name` stands.
    pub(super) fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// The field `name`; `null` counts as missing.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A text of at most `longest` characters.
    pub(super) fn text(&self, name: &str, longest: usize) -> Result<Option<&'a str>, ImportError> {
        let text = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text,
            Some(other) => return Err(self.bad(name, &format!("is {}; expected a string", kind_of(other)))),
        };
        if text.len() > longest && text.chars().count() > longest {
            let why = format!("has {} characters, more than {longest}", text.chars().count());
            return Err(self.bad(name, &why));
        }
        Ok(Some(text))
    }

    /// A text that names something; empty counts as missing.
    pub(super) fn short_text(&self, name: &str) -> Result<Option<String>, ImportError> {
        Ok(self.text(name, LONGEST_SHORT_TEXT)?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// A BCP 47 tag, by its characters alone.
    pub(super) fn tag(&self, name: &str) -> Result<Option<String>, ImportError> {
        let tag = self.short_text(name)?;
        let is_tag =
            |tag: &String| tag.len() <= 35 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if tag.as_ref().is_some_and(|tag| !is_tag(tag)) {
            return Err(self.bad(name, "is no language tag; expected one such as \"zh\" or \"en-US\""));
        }
        Ok(tag)
    }

    /// A time in whole milliseconds, from 0 to a week.
    pub(super) fn ms(&self, name: &str) -> Result<i64, ImportError> {
        let Some(value) = self.get(name) else {
            return Err(self.bad(name, "is missing; expected whole milliseconds"));
        };
        let whole = |value: &f64| value.fract() == 0.0 && value.abs() < 1e15;
        let ms = value.as_i64().or_else(|| value.as_f64().filter(whole).map(|value| value as i64));
        match ms {
            Some(ms) if (0..=LONGEST_RECORDING_MS).contains(&ms) => Ok(ms),
            Some(ms) if ms < 0 => Err(self.bad(name, &format!("is {ms}; expected 0 ms or more"))),
            Some(ms) => {
                Err(self.bad(name, &format!("is {ms} ms, more than a week; expected milliseconds from the start")))
            }
            None => Err(self.bad(name, &format!("is {}; expected whole milliseconds", kind_of(value)))),
        }
    }

    /// A share from 0 to 1.
    pub(super) fn share(&self, name: &str) -> Result<Option<f32>, ImportError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_f64() {
            Some(share) if (0.0..=1.0).contains(&share) => Ok(Some(share as f32)),
            _ => Err(self.bad(name, &format!("is {}; expected a number from 0 to 1", kind_of(value)))),
        }
    }

    /// Whether something holds; missing means that it does not.
    pub(super) fn truth(&self, name: &str) -> Result<bool, ImportError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(other) => Err(self.bad(name, &format!("is {}; expected true or false", kind_of(other)))),
        }
    }

    /// An object, as JSON.
    pub(super) fn object_json(&self, name: &str) -> Result<Option<String>, ImportError> {
        match self.get(name) {
            None => Ok(None),
            Some(object @ Value::Object(_)) => Ok(Some(object.to_string())),
            Some(other) => Err(self.bad(name, &format!("is {}; expected an object", kind_of(other)))),
        }
    }

    /// An array.
    pub(super) fn array(&self, name: &str) -> Result<Option<&'a Vec<Value>>, ImportError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(array)) => Ok(Some(array)),
            Some(other) => Err(self.bad(name, &format!("is {}; expected an array", kind_of(other)))),
        }
    }
}

/// What kind of value `value` is; numbers and truth values in full, texts never.
pub(super) fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(_) => "a string".to_owned(),
        Value::Array(entries) => format!("an array of {}", entries.len()),
        Value::Object(map) => format!("an object with the keys {}", keys(map)),
    }
}

/// The first keys of `map`, as they may be shown.
pub(super) fn keys(map: &Map<String, Value>) -> String {
    const SHOWN: usize = 8;
    let names: Vec<String> = map.keys().take(SHOWN).map(|key| shown(key)).collect();
    match map.len() {
        0 => "(none)".to_owned(),
        count if count > SHOWN => format!("{} and {} more", names.join(", "), count - SHOWN),
        _ => names.join(", "),
    }
}

/// `name` in quotes where it can be no personal datum (Latin letters, `_`, `-`, `/`, `.` only), else what hides it.
pub(super) fn shown(name: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'/' | b'.');
    if !name.is_empty() && name.len() <= 32 && name.bytes().all(harmless) {
        format!("\"{name}\"")
    } else {
        "(not shown)".to_owned()
    }
}
