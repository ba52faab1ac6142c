//! Which format a transcript is in.

use super::fields::{keys, kind_of};
use super::{Format, ImportError, json, ours};
use super::{aliyun, baidu, funasr, huawei, iflytek, sensevoice, tencent};
use super::{aws_call_analytics, aws_transcribe, azure, deepgram, google, ibm, kaldi, openai, speechmatics, vosk};
use super::{ctm, srt, vtt, whisper_cpp};
use crate::transcript::Transcript;
use serde_json::{Map, Value};

/// How a format is known and read.
enum Reader {
    /// From JSON values.
    Json { is: fn(&[Value]) -> bool, read: fn(&[Value]) -> Result<Transcript, ImportError> },
    /// From text that is no JSON.
    Text { is: fn(&str) -> bool, read: fn(&str) -> Result<Transcript, ImportError> },
}

/// The reader of `format`.
const fn reader(format: Format) -> Reader {
    use Reader::{Json, Text};
    match format {
        Format::Ours => Json { is: ours::is, read: ours::from_values },
        Format::SenseVoice => Json { is: sensevoice::is, read: sensevoice::read },
        Format::FunAsr => Json { is: funasr::is, read: funasr::read },
        Format::Aliyun => Json { is: aliyun::is, read: aliyun::read },
        Format::Tencent => Json { is: tencent::is, read: tencent::read },
        Format::Huawei => Json { is: huawei::is, read: huawei::read },
        Format::IFlytek => Json { is: iflytek::is, read: iflytek::read },
        Format::Baidu => Json { is: baidu::is, read: baidu::read },
        Format::WhisperCpp => Json { is: whisper_cpp::is, read: whisper_cpp::read },
        Format::OpenAi => Json { is: openai::is, read: openai::read },
        Format::Vosk => Json { is: vosk::is, read: vosk::read },
        Format::AwsCallAnalytics => Json { is: aws_call_analytics::is, read: aws_call_analytics::read },
        Format::AwsTranscribe => Json { is: aws_transcribe::is, read: aws_transcribe::read },
        Format::Google => Json { is: google::is, read: google::read },
        Format::Azure => Json { is: azure::is, read: azure::read },
        Format::Deepgram => Json { is: deepgram::is, read: deepgram::read },
        Format::Ibm => Json { is: ibm::is, read: ibm::read },
        Format::Speechmatics => Json { is: speechmatics::is, read: speechmatics::read },
        Format::Kaldi => Json { is: kaldi::is, read: kaldi::read },
        Format::Ctm => Text { is: ctm::is, read: ctm::read },
        Format::Srt => Text { is: srt::is, read: srt::read },
        Format::Vtt => Text { is: vtt::is, read: vtt::read },
    }
}

/// Reads the transcript in `bytes`, whatever its format.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read(bytes: &[u8]) -> Result<Transcript, ImportError> {
    let json::Text { text, warnings } = json::text(bytes)?;
    let of_text = Format::ALL.into_iter().find_map(|format| match reader(format) {
        Reader::Text { is, read } => is(&text).then_some(read),
        Reader::Json { .. } => None,
    });
    if let Some(read) = of_text {
        return Ok(with_warnings(read(&text)?, warnings));
    }
    let values = json::values(&text)?;
    let of_values = Format::ALL.into_iter().find_map(|format| match reader(format) {
        Reader::Json { is, read } => is(&values).then_some(read),
        Reader::Text { .. } => None,
    });
    let read = of_values.ok_or_else(|| ImportError::Unrecognised { looks_like: looks_like(&values) })?;
    Ok(with_warnings(read(&values)?, warnings))
}

/// Reads the transcript in `bytes`, which is in `format`.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read_as(bytes: &[u8], format: Format) -> Result<Transcript, ImportError> {
    let json::Text { text, warnings } = json::text(bytes)?;
    let transcript = match reader(format) {
        Reader::Json { read, .. } => read(&json::values(&text)?)?,
        Reader::Text { read, .. } => read(&text)?,
    };
    Ok(with_warnings(transcript, warnings))
}

/// Reads the transcript in `bytes`, which is in `format`, or in whatever format where none is said.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read_in(bytes: &[u8], format: Option<Format>) -> Result<Transcript, ImportError> {
    format.map_or_else(|| read(bytes), |format| read_as(bytes, format))
}

fn with_warnings(mut transcript: Transcript, mut warnings: Vec<String>) -> Transcript {
    warnings.append(&mut transcript.warnings);
    Transcript { warnings, ..transcript }
}

/// The object that a file in `format` is, which has a list or a text at one of `keys`.
pub(super) fn top<'a>(
    values: &'a [Value],
    format: Format,
    keys: &[&str],
) -> Result<&'a Map<String, Value>, ImportError> {
    let is_told = |value: &Value| value.is_array() || value.is_string();
    let top = json::only(values).filter(|top| keys.iter().any(|key| top.get(*key).is_some_and(is_told)));
    top.ok_or_else(|| not_of(format, values))
}

/// That `values` are not in `format`.
pub(super) fn not_of(format: Format, values: &[Value]) -> ImportError {
    ImportError::NotOfFormat { format: format.name(), why: format!("it is {}", looks_like(values)) }
}

/// What `values` look like, for messages.
fn looks_like(values: &[Value]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [Value::Object(map)] => format!("an object with the keys {}", keys(map)),
        [one] => kind_of(one),
        more => format!("{} JSON values one after another, the first {}", more.len(), kind_of(&more[0])),
    }
}

/// Every file in `fixtures/transcripts` is known as one format and no other.
// Here and not in a file of its own: no file of the core may touch the file system, tests inside one may.
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests read files")]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    /// The formats that say of `bytes` that they are theirs.
    fn claimed(bytes: &[u8]) -> Vec<&'static str> {
        let text = json::text(bytes).unwrap().text;
        let values = json::values(&text).ok();
        let is_one = |&format: &Format| match reader(format) {
            Reader::Text { is, .. } => is(&text),
            Reader::Json { is, .. } => values.as_ref().is_some_and(|values| is(values)),
        };
        Format::ALL.into_iter().filter(is_one).map(Format::name).collect()
    }

    fn files(folder: &Path) -> Vec<(String, PathBuf)> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> =
            entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path)).collect();
        files.sort();
        files
    }

    #[test]
    fn no_format_claims_a_file_of_another() {
        let mut seen = Vec::new();
        for (name, path) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/transcripts")) {
            // A file's name begins with its format's; others are broken ones of ours.
            let of_name = Format::ALL.into_iter().map(Format::name).find(|format| name.starts_with(format));
            let claimed = claimed(&std::fs::read(path).unwrap());
            match of_name {
                Some(format) => assert_eq!(claimed, [format], "{name}"),
                None => assert!(claimed.is_empty() || claimed == ["callsift"], "{name} is known as {claimed:?}"),
            }
            seen.extend(claimed);
        }
        for format in Format::ALL {
            assert!(seen.contains(&format.name()), "no file is {}", format.name());
        }
    }

    #[test]
    fn ours_is_known_as_ours_alone() {
        for (name, path) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/imported")) {
            assert_eq!(claimed(&std::fs::read(path).unwrap()), ["callsift"], "{name}");
        }
    }

    #[test]
    fn a_file_read_as_another_format_is_never_taken_for_silence() {
        let mut silent = Vec::new();
        for (name, path) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/transcripts")) {
            let bytes = std::fs::read(path).unwrap();
            for format in Format::ALL.into_iter().filter(|format| !name.starts_with(format.name())) {
                if read_as(&bytes, format).is_ok_and(|transcript| transcript.utterances.is_empty()) {
                    silent.push(format!("{name} as {}", format.name()));
                }
            }
        }
        assert!(silent.is_empty(), "{silent:?}");
    }

    #[test]
    fn silence_is_read_as_such() {
        let cases = [
            ("whisper-cpp", r#"{"result": {"language": "en"}, "transcription": []}"#),
            ("openai", r#"{"text": "", "language": "english", "duration": 2.0, "segments": []}"#),
            ("openai", r#"{"segments": [], "word_segments": []}"#),
            ("openai", r#"{"text": ""}"#),
            ("vosk", r#"{"text": ""} {"text": ""}"#),
            ("aws-call-analytics", r#"{"Participants": [], "Transcript": []}"#),
            ("aws-transcribe", r#"{"results": {"transcripts": [{"transcript": ""}], "items": []}}"#),
            ("azure", r#"{"recognizedPhrases": []}"#),
            ("azure", r#"{"combinedPhrases": [], "phrases": []}"#),
            ("deepgram", r#"{"results": {"channels": [{"alternatives": [{"transcript": "", "words": []}]}]}}"#),
            ("ibm", r#"{"result_index": 0, "results": []}"#),
            ("speechmatics", r#"{"format": "2.9", "job": {}, "results": []}"#),
            ("speechmatics", r#"{"format": "1.0", "job": {}, "words": [], "speakers": []}"#),
            ("kaldi", r#"{"retval": {"words": []}}"#),
            ("vtt", "WEBVTT\n\nNOTE nobody spoke\n"),
        ];
        for (format, text) in cases {
            assert_eq!(claimed(text.as_bytes()), [format], "{text}");
            let transcript = read(text.as_bytes()).unwrap();
            assert_eq!((transcript.utterances, transcript.warnings), (vec![], vec![]), "{text}");
        }
        // Nothing in these says whose they are.
        for (format, text) in [("google", "{}"), ("vosk", r#"{"text": ""}"#)] {
            let transcript = read_as(text.as_bytes(), Format::from_name(format).unwrap()).unwrap();
            assert!(transcript.utterances.is_empty(), "{text}");
        }
    }

    #[test]
    fn files_of_the_engines_themselves_are_known_as_one_format() {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
        let folder = std::env::var_os("CALLSIFT_CORPORA").map_or(beside, PathBuf::from).join("engine-json");
        let files = files(&folder);
        if files.is_empty() {
            println!("SKIPPED: there is no corpus of transcripts");
        }
        for (name, path) in files {
            let claimed = claimed(&std::fs::read(path).unwrap());
            assert!(claimed.len() <= 1, "{name} is known as {claimed:?}");
        }
    }
}
