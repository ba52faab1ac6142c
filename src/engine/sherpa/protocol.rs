//! What the tool and its children say to each other: a line for each message, which starts with the protocol's name and version and
//! goes on with the request's number and JSON. Other lines are what a library printed, and are skipped.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;

/// How a message starts; on standard error alone, it says that all complaints about the last request are written.
pub(super) const TAG: &str = "callsift-sherpa/1 ";

/// The longest message: an hour of tokens with times has under 2 MiB.
const MOST_BYTES: u64 = 4 << 20;

/// The most lines between two messages that are no messages.
const MOST_NOISE: usize = 10_000;

/// What a child is asked. It is opened once, first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request {
    Open(Open),
    /// Clips to hear, as WAV files of 16-bit PCM, mono.
    Hear(Vec<PathBuf>),
}

/// The model that a child loads, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    /// As [`super::SherpaKind::name`] says.
    pub(super) kind: String,
    pub(super) model: PathBuf,
    pub(super) tokens: PathBuf,
    pub(super) num_threads: u32,
    pub(super) provider: String,
    /// Empty for the engine's own choice.
    pub(super) language: String,
    pub(super) use_itn: bool,
}

/// What a child answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The model is loaded; the library's version.
    Open(String),
    /// One for each clip.
    Heard(Vec<Outcome>),
    /// The request cannot be met: a stable code, and a sentence.
    Failed(String, String),
}

/// What came of a clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// The library's own JSON.
    Result(String),
    /// Why it could not be heard.
    Failed(String),
}

/// Writes a request, or the answer to it, with the request's number.
pub(super) fn write<T: Serialize>(number: u64, message: &T, output: &mut (impl Write + ?Sized)) -> io::Result<()> {
    // The library may have left a line without its end.
    let mut line = format!("\n{TAG}{number} ").into_bytes();
    serde_json::to_writer(&mut line, message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}

/// The next message and its number, or nothing at the end.
///
/// # Errors
/// Reading fails; a message is too long, none of ours or of another version; or the other side says much else.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl BufRead) -> io::Result<Option<(u64, T)>> {
    let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut line = Vec::new();
    for _ in 0..MOST_NOISE {
        line.clear();
        if input.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if let Some(message) = line.strip_prefix(TAG.as_bytes()) {
            return numbered(message).map(Some).ok_or_else(|| bad("a message that is not understood"));
        }
        if line.starts_with(b"callsift-sherpa/") {
            return Err(bad("a message of another version"));
        }
    }
    Err(bad("much that is no message"))
}

fn numbered<T: DeserializeOwned>(message: &[u8]) -> Option<(u64, T)> {
    let (number, json) = str::from_utf8(message).ok()?.split_once(' ')?;
    Some((number.parse().ok()?, serde_json::from_str(json).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_come_back_as_they_went() {
        let open = Open {
            kind: "sense_voice".into(),
            model: "a b\n.onnx".into(),
            tokens: "tokens.txt".into(),
            num_threads: 2,
            provider: "cpu".into(),
            language: String::new(),
            use_itn: true,
        };
        let sent = [(7, Request::Open(open)), (8, Request::Hear(vec!["x.wav".into(), "您.wav".into()]))];
        let mut bytes = b"what a library prints, without an end".to_vec();
        sent.iter().for_each(|(number, request)| write(*number, request, &mut bytes).unwrap());
        let mut input = bytes.as_slice();
        let came: Vec<(u64, Request)> = std::iter::from_fn(|| read(&mut input).unwrap()).collect();
        assert_eq!(came, sent);
    }

    #[test]
    fn what_is_no_message_ends_the_talk() {
        let cases = [
            ("another version", "callsift-sherpa/2 {}\n".to_owned()),
            ("no JSON", format!("{TAG}1 {{\n")),
            ("no number", format!("{TAG}{{\"open\":\"2.0\"}}\n")),
            ("half a message", format!("{TAG}1 {{\"open\":\"2.0")),
            ("another message", format!("{TAG}1 {{\"close\":1}}\n")),
            ("noise without end", "\n".repeat(MOST_NOISE)),
            ("a line without end", format!("{TAG}1 \"{}", "x".repeat(MOST_BYTES as usize))),
        ];
        for (name, said) in cases {
            assert!(read::<Answer>(&mut said.as_bytes()).is_err(), "{name}");
        }
        assert!(read::<Answer>(&mut &b"noise"[..]).unwrap().is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let tagged = [TAG.as_bytes(), b"1 ", &bytes].concat();
            let _ = read::<Answer>(&mut bytes.as_slice());
            let _ = read::<Answer>(&mut tagged.as_slice());
        }
    }
}
