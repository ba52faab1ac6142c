//! What the server answered, from bytes to a transcript or to the name of an error.

use super::failure::Failure;
use super::secret::Secret;
use crate::transcript::Transcript;
use crate::transcript::import::{self, Format, ImportError};
use serde_json::Value;

/// The longest name of an error that is repeated.
const MAX_NAME_CHARS: usize = 40;

/// The transcript in `bytes`, in `format` or whatever format it is in.
pub(super) fn transcript(bytes: &[u8], format: Option<Format>) -> Result<Transcript, Failure> {
    import::read_in(bytes, format).map_err(|error| match &error {
        ImportError::NotJson { .. } => Failure::NotJson,
        // The place is the reader's; everything else that the error says may be the answer's own words.
        ImportError::BadField { place, .. } => Failure::NotATranscript(format!("{} at {place}", error.code())),
        error => Failure::NotATranscript(error.code().to_owned()),
    })
}

/// The short name that a JSON answer gives its error: `error.code`, `error.type`, or these at the top, whichever is first a
/// plain word; never one that shows a part of the key.
pub(super) fn error_name(body: &[u8], key: Option<&Secret>) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let places = ["/error/code", "/error/type", "/code", "/type"];
    let names = places.iter().filter_map(|place| body.pointer(place)?.as_str());
    let telling = |name: &str| key.is_some_and(|key| key.reveal().contains(name) || name.contains(key.reveal()));
    names.filter(|name| is_plain(name) && !telling(name)).map(str::to_owned).next()
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= MAX_NAME_CHARS
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_is_repeated() {
        let cases = [
            (
                r#"{"error":{"message":"bad key sk-1","type":"auth_error","code":"invalid_api_key"}}"#,
                Some("invalid_api_key"),
            ),
            (r#"{"error":{"code":null,"type":"server_error"}}"#, Some("server_error")),
            (r#"{"error":{"code":"Your call said: hello","type":"server_error"}}"#, Some("server_error")),
            (r#"{"object":"error","type":"BadRequestError","code":400}"#, None),
            (r#"{"code":"model_not_found"}"#, Some("model_not_found")),
            (r#"{"error":{"code":"abc_key_1"}}"#, None),
            (r#"{"error":{"code":"key"}}"#, None),
            (r#"{"error":{"code":"has_abc_key_1_in_it"}}"#, None),
            (r#"{"error":{"code":"0123"}}"#, None),
            (r#"{"error":{"code":"a23456789_123456789_123456789_123456789_1"}}"#, None),
            (r#"{"error":"bad key sk-1"}"#, None),
            ("no JSON", None),
            ("", None),
        ];
        for (body, name) in cases {
            assert_eq!(error_name(body.as_bytes(), Some(&Secret::new("abc_key_1"))).as_deref(), name, "{body}");
        }
    }

    #[test]
    fn an_answer_that_is_no_transcript_is_named_and_not_quoted() {
        let ours = br#"{"format":"callsift/transcript","version":1,"segments":[]}"#;
        assert_eq!(transcript(ours, None).map(|it| it.utterances.len()), Ok(0));
        assert_eq!(transcript(b"{\"secret words", None), Err(Failure::NotJson));
        for (bytes, format, code) in [
            ("{\"secret words\":1}", None, "unknown_format"),
            ("{\"secret words\":1}", Some(Format::Ours), "not_of_format"),
            (
                r#"{"format":"callsift/transcript","version":1,"segments":"secret words"}"#,
                None,
                "bad_field at segments",
            ),
        ] {
            assert_eq!(transcript(bytes.as_bytes(), format), Err(Failure::NotATranscript(code.into())), "{bytes}");
        }
    }
}
