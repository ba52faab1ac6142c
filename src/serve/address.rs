//! What an address names, and the addresses of pages. Ids of calls may hold any character.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands for itself in an address: RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const CALLS: &str = "/calls/";
const AUDIO: (&str, &str) = ("/audio/", ".wav");
const WAVEFORM: &str = "/waveform/";

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The list of calls.
    List,
    /// The list as a table for spreadsheets.
    Csv,
    /// A call's page.
    Call(String),
    /// A call's sound.
    Audio(String),
    /// A picture of a call's sound.
    Waveform(String),
    /// Whether the server is there.
    Health,
    /// Nothing that there is.
    Unknown,
}

impl Asked {
    /// What the path of an address names.
    pub(super) fn of(path: &str) -> Self {
        let inside = |(before, after): (&str, &str)| {
            let encoded = path.strip_prefix(before)?.strip_suffix(after)?;
            percent_decode_str(encoded).decode_utf8().ok().filter(|id| !id.is_empty())
        };
        match path {
            "/" => Self::List,
            "/calls.csv" => Self::Csv,
            "/health" => Self::Health,
            _ => None
                .or_else(|| inside(AUDIO).map(|id| Self::Audio(id.into())))
                .or_else(|| inside((WAVEFORM, "")).map(|id| Self::Waveform(id.into())))
                .or_else(|| inside((CALLS, "")).map(|id| Self::Call(id.into())))
                .unwrap_or(Self::Unknown),
        }
    }

    /// What the log calls it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Csv => "csv",
            Self::Call(_) => "call",
            Self::Audio(_) => "audio",
            Self::Waveform(_) => "waveform",
            Self::Health => "health",
            Self::Unknown => "unknown",
        }
    }

    /// The call that it is about.
    pub(super) fn call_id(&self) -> Option<&str> {
        match self {
            Self::Call(id) | Self::Audio(id) | Self::Waveform(id) => Some(id),
            _ => None,
        }
    }
}

/// The address of a call's page.
pub(super) fn of_call(call_id: &str) -> String {
    format!("{CALLS}{}", encoded(call_id))
}

/// The address of its sound.
pub(super) fn of_audio(call_id: &str) -> String {
    format!("{}{}{}", AUDIO.0, encoded(call_id), AUDIO.1)
}

/// The address of a picture of its sound.
pub(super) fn of_waveform(call_id: &str) -> String {
    format!("{WAVEFORM}{}", encoded(call_id))
}

/// A text as it may stand anywhere in an address.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The names and values of an address's query, as forms send them; what is not UTF-8 reads U+FFFD.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pair = |one: &str| {
        let (name, value) = one.split_once('=').unwrap_or((one, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|one| !one.is_empty()).map(pair).collect()
}

/// The query of these names and values, without those that are empty.
pub(super) fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let filled = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    let parts: Vec<_> = filled.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_any_characters_is_found_again() {
        for id in [
            "call-0001",
            "2026-11-20/呼叫 1.wav",
            "../../etc/passwd",
            "a?b#c%2F&\"<script>'\n\0.wav",
            ".wav",
            "%",
            "a/../b",
        ] {
            assert_eq!(Asked::of(&of_call(id)), Asked::Call(id.to_owned()), "{id}");
            assert_eq!(Asked::of(&of_audio(id)), Asked::Audio(id.to_owned()), "{id}");
            assert_eq!(Asked::of(&of_waveform(id)), Asked::Waveform(id.to_owned()), "{id}");
            assert!(of_call(id).bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>?#&".contains(&byte)), "{id}");
        }
    }

    #[test]
    fn what_is_no_address_of_ours_is_unknown() {
        for path in [
            "",
            "/x",
            "/calls",
            "/calls/",
            "/calls.csv/",
            "/audio/.wav",
            "/audio/x.mp3",
            "/calls/%FF",
            "/health/",
            "//",
        ] {
            assert_eq!(Asked::of(path), Asked::Unknown, "{path}");
        }
    }

    #[test]
    fn queries_are_read_as_forms_send_them() {
        let read = pairs("text=%E5%9D%90%E7%89%A2+now&empty=&alone&a=b=c&&x%26=%");
        let pair = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        let expected = [("text", "坐牢 now"), ("empty", ""), ("alone", ""), ("a", "b=c"), ("x&", "%")];
        assert_eq!(read, expected.iter().map(pair).collect::<Vec<_>>());
        let back = query(read.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        assert_eq!(pairs(&back), read.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>());
    }
}
