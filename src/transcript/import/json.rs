//! Bytes to text to JSON, forgiving what engines and their pipes do to it.

use super::ImportError;
use serde_json::{Map, Value};
use std::io::Read;

/// The largest transcript that is read, bytes, unpacked: some forty hours of speech with times for every word.
pub const LIMIT_BYTES: usize = 32 << 20;

/// The most values that a file of lines may hold.
const LIMIT_VALUES: usize = 100_000;

/// A transcript's text, and what was odd about its bytes.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) warnings: Vec<String>,
}

/// Unpacks gzip, drops a byte order mark, reads UTF-16 where one says so, and puts U+FFFD for bytes that are no UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<Text, ImportError> {
    if bytes.len() > LIMIT_BYTES {
        return Err(too_large(bytes.len()));
    }
    let unpacked = if bytes.starts_with(&[0x1F, 0x8B]) { Some(gunzip(bytes)?) } else { None };
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    let mut warnings = Vec::new();
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        plain => String::from_utf8_lossy(plain).into_owned(),
    };
    if std::str::from_utf8(bytes).is_err() && text.contains('\u{FFFD}') {
        let count = text.chars().filter(|&c| c == '\u{FFFD}').count();
        warnings
            .push(format!("the transcript has bytes that are no UTF-8, at {count} place(s); they read as \u{FFFD}"));
    }
    Ok(Text { text, warnings })
}

fn too_large(bytes: usize) -> ImportError {
    ImportError::TooLarge { bytes, limit_bytes: LIMIT_BYTES }
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(LIMIT_BYTES as u64 + 1);
    reader.read_to_end(&mut unpacked).map_err(|_| ImportError::NotUnpacked)?;
    if unpacked.len() > LIMIT_BYTES { Err(too_large(unpacked.len())) } else { Ok(unpacked) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// The JSON values of `text`: one, or one after another as lines of JSON have them.
///
/// Where it is no JSON as it stands, it is read once more with what engines print in place of it: control characters inside
/// strings, strings in single quotes, `True`, `False`, `None` and `NaN` as Python writes them.
pub(super) fn values(text: &str) -> Result<Vec<Value>, ImportError> {
    strict(text).or_else(|error| strict(&mended(text)).map_err(|_| error))
}

fn strict(text: &str) -> Result<Vec<Value>, ImportError> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter() {
        values.push(value.map_err(|error| not_json(&error))?);
        if values.len() > LIMIT_VALUES {
            return Err(ImportError::TooMany { what: "JSON values", limit: LIMIT_VALUES });
        }
    }
    if values.is_empty() {
        return Err(ImportError::NotJson { line: 1, column: 1, why: "it ends too early".to_owned() });
    }
    Ok(values)
}

fn not_json(error: &serde_json::Error) -> ImportError {
    let why = if error.is_eof() { "it ends too early" } else { "it breaks the grammar of JSON, or nests too deep" };
    ImportError::NotJson { line: error.line(), column: error.column(), why: why.to_owned() }
}

/// `text` with what Python and careless writers put in place of JSON.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut chars = text.chars().peekable();
    let mut word = String::new();
    while let Some(c) = chars.next() {
        if c.is_ascii_alphabetic() {
            word.push(c);
            continue;
        }
        flush(&mut word, &mut out);
        match c {
            '"' | '\'' => string(c, &mut chars, &mut out),
            _ => out.push(c),
        }
    }
    flush(&mut word, &mut out);
    out
}

/// A bare word outside strings.
fn flush(word: &mut String, out: &mut String) {
    out.push_str(match word.as_str() {
        "True" => "true",
        "False" => "false",
        "None" | "NaN" | "nan" | "undefined" | "Infinity" => "null",
        other => other,
    });
    word.clear();
}

/// The rest of a string that began with `quote`, as JSON writes it.
fn string(quote: char, chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    out.push('"');
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('\'') => out.push('\''),
                Some('x') => out.push_str("\\u00"),
                Some(escaped) => out.extend(['\\', escaped]),
                None => {}
            },
            _ if c == quote => break,
            '"' => out.push_str("\\\""),
            control if (control as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A number, also where it is written as a string; none where it is not finite.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().trim_end_matches('s').parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite())
}

/// A time written in seconds, ms.
pub(super) fn seconds(value: &Value) -> Option<f64> {
    number(value).map(|seconds| seconds * 1_000.0)
}

/// The number at the first of `keys` that has one.
pub(super) fn number_at(map: &Map<String, Value>, keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| number(map.get(*key)?))
}

/// The text at the first of `keys` that has one.
pub(super) fn text_at<'a>(map: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| map.get(*key)?.as_str())
}

/// What names something, such as a voice: a text, or a number as a text; engines write -1 where they do not know.
pub(super) fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !matches!(text.trim(), "" | "-1") => Some(text.trim().to_owned()),
        Value::Number(number) if number.as_f64() != Some(-1.0) => Some(number.to_string()),
        _ => None,
    }
}

/// What names something at the first of `keys` that has such.
pub(super) fn name_at(map: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| name(map.get(*key)?))
}

/// A channel's number.
pub(super) fn channel(value: &Value) -> Option<u16> {
    let number = number(value)?;
    (number.fract() == 0.0 && (0.0..=255.0).contains(&number)).then_some(number as u16)
}

/// The channel's number at the first of `keys` that has one.
pub(super) fn channel_at(map: &Map<String, Value>, keys: &[&str]) -> Option<u16> {
    keys.iter().find_map(|key| channel(map.get(*key)?))
}

/// The array at the first of `keys` that has one, also where it is JSON inside a string.
pub(super) fn array_at(map: &Map<String, Value>, keys: &[&str]) -> Option<Vec<Value>> {
    keys.iter().find_map(|key| match unwrapped(map.get(*key)?) {
        Value::Array(entries) => Some(entries),
        _ => None,
    })
}

/// The object at the first of `keys` that has one, also where it is JSON inside a string.
pub(super) fn object_at(map: &Map<String, Value>, keys: &[&str]) -> Option<Map<String, Value>> {
    keys.iter().find_map(|key| match unwrapped(map.get(*key)?) {
        Value::Object(object) => Some(object),
        _ => None,
    })
}

/// The only object of a file that holds one, and nothing else.
pub(super) fn only(values: &[Value]) -> Option<&Map<String, Value>> {
    match values {
        [Value::Object(map)] => Some(map),
        _ => None,
    }
}

/// The entries of the array at the first of `keys` that has one; none where there is none.
pub(super) fn entries_at<'a>(map: &'a Map<String, Value>, keys: &[&str]) -> &'a [Value] {
    keys.iter().find_map(|key| map.get(*key)?.as_array()).map_or(&[], Vec::as_slice)
}

/// The object at `path`, a key inside another.
pub(super) fn map_at<'a>(map: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Map<String, Value>> {
    path.iter().try_fold(map, |map, key| map.get(*key)?.as_object())
}

/// The time at the first of `keys` that has one, written in seconds; ms.
pub(super) fn seconds_at(map: &Map<String, Value>, keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| seconds(map.get(*key)?))
}

/// `value`, or what is inside where it is a string that holds JSON.
pub(super) fn unwrapped(value: &Value) -> Value {
    let Value::String(text) = value else { return value.clone() };
    let inside = text.trim_start().starts_with(['{', '[']).then(|| values(text).ok()).flatten();
    match inside {
        Some(mut inside) if inside.len() == 1 => inside.swap_remove(0),
        _ => value.clone(),
    }
}

/// What a vendor measured, of `map` the entries under `keys` that are numbers, truth values, short tags without spaces, or
/// arrays and objects of such; as a JSON object, `None` where there is none.
pub(super) fn measures(map: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    let kept =
        keys.iter().filter_map(|key| Some(((*key).to_owned(), map.get(*key).filter(|it| is_measure(it))?.clone())));
    let kept: Map<String, Value> = kept.collect();
    (!kept.is_empty()).then(|| Value::Object(kept).to_string())
}

fn is_measure(value: &Value) -> bool {
    const LONGEST_TAG: usize = 40;
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(tag) => tag.len() <= LONGEST_TAG && tag.bytes().all(|byte| byte.is_ascii_graphic()),
        Value::Array(entries) => entries.iter().all(|entry| is_measure(entry) || entry.is_null()),
        Value::Object(entries) => entries.values().all(|entry| is_measure(entry) || entry.is_null()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_engines_print_in_place_of_json_is_read() {
        let cases = [
            (
                "python",
                "[{'key': 'a', 'spk': None, 'ok': True, 'say': 'it\\'s \"x\"'}]",
                json!([{"key": "a", "spk": null, "ok": true, "say": "it's \"x\""}]),
            ),
            ("control characters", "{\"text\": \"a\u{1}\tb\"}", json!({"text": "a\u{1}\tb"})),
            ("nan", "{\"conf\": NaN}", json!({"conf": null})),
        ];
        for (name, text, expected) in cases {
            assert_eq!(values(text).unwrap(), [expected], "{name}");
        }
        assert_eq!(values("{\"a\": 1}\n{\"a\": 2}\n").unwrap(), [json!({"a": 1}), json!({"a": 2})]);
    }

    #[test]
    fn bytes_are_unpacked_and_decoded() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("\u{FEFF}[\"您好\"]".as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(text(&packed).unwrap().text, "[\"您好\"]");
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("[\"您好\"]".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(text(&utf16).unwrap().text, "[\"您好\"]");
        let broken = text(b"[\"\xE6\x82\"]").unwrap();
        assert_eq!((broken.text.as_str(), broken.warnings.len()), ("[\"\u{FFFD}\"]", 1));
        assert_eq!(text(&packed[..packed.len() - 9]).err().unwrap().code(), "not_unpacked");
    }

    #[test]
    fn numbers_of_channels_and_voices_may_be_texts() {
        let channels = [json!(1), json!("1"), json!(-1), json!(0.5), json!("left"), json!(null)];
        assert_eq!(channels.iter().map(channel).collect::<Vec<_>>(), [Some(1), Some(1), None, None, None, None]);
        let names = [json!(" a "), json!(2), json!(-1), json!("-1"), json!(""), json!(null)];
        let told: Vec<_> = names.iter().map(name).collect();
        assert_eq!(told, [Some("a".to_owned()), Some("2".to_owned()), None, None, None, None]);
    }

    #[test]
    fn measures_hold_no_words() {
        let map = json!({"SpeechRate": 115, "Text": "two words", "Sentiment": "POSITIVE", "Loud": [1, null]});
        let told = measures(map.as_object().unwrap(), &["SpeechRate", "Text", "Sentiment", "Loud", "None"]).unwrap();
        assert_eq!(told, r#"{"Loud":[1,null],"Sentiment":"POSITIVE","SpeechRate":115}"#);
    }
}
