//! What the tool and its children say to each other: a line for each message, which starts with the protocol's name and version and
//! goes on with JSON. Other lines are what a library printed, and are skipped.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// As [`super::SherpaModel::kind`] says.
    pub(super) kind: String,
    /// The model's files by what they are: `model`, or `encoder`, `decoder` and `joiner`; and `tokens`.
    pub(super) files: BTreeMap<String, PathBuf>,
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

/// Writes a message.
pub(super) fn write<T: Serialize>(message: &T, output: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut line = TAG.as_bytes().to_vec();
    serde_json::to_writer(&mut line, message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}

/// The next message, or nothing at the end.
///
/// # Errors
/// Reading fails; a message is too long, none of ours or of another version; or the other side says much else.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl BufRead) -> io::Result<Option<T>> {
    let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut line = Vec::new();
    for _ in 0..MOST_NOISE {
        line.clear();
        if input.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if let Some(json) = line.strip_prefix(TAG.as_bytes()) {
            return serde_json::from_slice(json).map(Some).map_err(|_| bad("a message that is not understood"));
        }
        if line.starts_with(b"callsift-sherpa/") {
            return Err(bad("a message of another version"));
        }
    }
    Err(bad("much that is no message"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_come_back_as_they_went() {
        let open = Open {
            kind: "sense_voice".into(),
            files: [("model".to_owned(), PathBuf::from("a b\n.onnx"))].into(),
            num_threads: 2,
            provider: "cpu".into(),
            language: String::new(),
            use_itn: true,
        };
        let sent = [Request::Open(open), Request::Hear(vec!["x.wav".into(), "您.wav".into()])];
        let mut bytes = b"what a library prints\n".to_vec();
        sent.iter().for_each(|request| write(request, &mut bytes).unwrap());
        let mut input = bytes.as_slice();
        let came: Vec<Request> = std::iter::from_fn(|| read(&mut input).unwrap()).collect();
        assert_eq!(came, sent);
    }

    #[test]
    fn what_is_no_message_ends_the_talk() {
        let cases = [
            ("another version", "callsift-sherpa/2 {}\n".to_owned()),
            ("no JSON", format!("{TAG}{{\n")),
            ("half a message", format!("{TAG}{{\"open\":\"2.0")),
            ("another message", format!("{TAG}{{\"close\":1}}\n")),
            ("noise without end", "\n".repeat(MOST_NOISE)),
            ("a line without end", format!("{TAG}\"{}", "x".repeat(MOST_BYTES as usize))),
        ];
        for (name, said) in cases {
            assert!(read::<Answer>(&mut said.as_bytes()).is_err(), "{name}");
        }
        assert!(read::<Answer>(&mut &b"noise"[..]).unwrap().is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let tagged = [TAG.as_bytes(), &bytes].concat();
            let _ = read::<Answer>(&mut bytes.as_slice());
            let _ = read::<Answer>(&mut tagged.as_slice());
        }
    }
}
