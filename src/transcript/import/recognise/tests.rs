//! Every file in `fixtures/transcripts` is known as one format and no other.

#![expect(clippy::disallowed_methods, reason = "tests read files")]

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
