//! Transcripts as engines and clouds of Europe and America write them: what `callsift transcript` makes of each, held against
//! `fixtures/imported`. `UPDATE_GOLDEN=1 cargo test --test transcripts_western` writes those files anew.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

#[path = "transcripts_western/call_analytics.rs"]
mod call_analytics;
#[path = "transcripts_western/corpus.rs"]
mod corpus;
#[path = "transcripts_western/odd.rs"]
mod odd;

use callsift::transcript::import::{Format, ours, read, read_as};
use common::{files_below, imported_as_before, packaged};
use std::path::PathBuf;

/// The formats that these tests are of.
const FORMATS: [&str; 14] = [
    "whisper-cpp",
    "openai",
    "vosk",
    "aws-call-analytics",
    "aws-transcribe",
    "google",
    "azure",
    "deepgram",
    "ibm",
    "speechmatics",
    "kaldi",
    "ctm",
    "srt",
    "vtt",
];

/// The files of those formats in `fixtures/transcripts`, whose names begin with the format's; with the format.
fn cases() -> Vec<(String, PathBuf, Format)> {
    let files = files_below(&packaged("fixtures/transcripts")).into_iter();
    let cases: Vec<_> = files
        .filter_map(|(name, path)| {
            let format = FORMATS.into_iter().find(|format| name.starts_with(format))?;
            Some((name, path, Format::from_name(format).expect("a format")))
        })
        .collect();
    assert!(cases.len() >= 36, "{} files", cases.len());
    cases
}

#[test]
fn each_is_read_as_its_golden_file_says() {
    let cases = cases();
    imported_as_before(cases.iter().map(|(name, ..)| {
        (name.as_str(), if name == "whisper-cpp-broken-utf8.json" { "no UTF-8, at 2 place(s)" } else { "" })
    }));
}

#[test]
fn each_is_read_the_same_by_its_content_and_by_its_format() {
    for (name, path, format) in cases() {
        let bytes = std::fs::read(path).expect("read");
        let (recognised, named) = (read(&bytes).expect("read"), read_as(&bytes, format).expect("read"));
        assert_eq!(recognised, named, "{name}");
        assert!(!recognised.utterances.is_empty(), "{name}");
    }
}

#[test]
fn what_is_written_of_each_is_read_again() {
    for (name, path, _) in cases() {
        let mut first = read(&std::fs::read(path).expect("read")).expect("read");
        first.warnings.clear();
        let again = read_as(ours::write(&first).as_bytes(), Format::Ours).expect("read");
        assert_eq!(first, again, "{name}");
    }
}
