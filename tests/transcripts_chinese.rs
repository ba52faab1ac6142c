//! Transcripts as engines and clouds of China write them: what `callsift transcript` makes of each, held against
//! `fixtures/imported`. `UPDATE_GOLDEN=1 cargo test --test transcripts_chinese` writes those files anew.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]
#![expect(clippy::print_stdout, reason = "says what is skipped")]

mod common;

use callsift::transcript::Speaker;
use callsift::transcript::import::{Format, ours, read, read_as};
use common::{callsift, packaged, stderr, stdout};
use std::path::Path;

/// A file, the format that it is recognised as, and what is said about it.
const CASES: [(&str, &str, &str); 22] = [
    ("aliyun-centre", "aliyun", ""),
    ("aliyun-files", "aliyun", ""),
    ("aliyun-message", "aliyun", "1 segment(s) of the transcript have no text; left out"),
    ("aliyun-studio", "aliyun", ""),
    ("baidu-files", "baidu", ""),
    ("baidu-inspection", "baidu", ""),
    ("baidu-voices", "baidu", ""),
    ("funasr-automodel", "funasr", ""),
    ("funasr-printed", "funasr", "1 segment(s) of the transcript have no text; left out"),
    ("funasr-runtime", "funasr", ""),
    ("funasr-words", "funasr", ""),
    ("huawei-printed", "huawei", ""),
    ("huawei-recording", "huawei", ""),
    ("huawei-stream", "huawei", ""),
    ("iflytek-first", "iflytek", ""),
    ("iflytek-order", "iflytek", ""),
    ("iflytek-tracks", "iflytek", ""),
    ("sensevoice-sherpa", "sensevoice", ""),
    ("sensevoice-tags", "sensevoice", ""),
    ("tencent-detail", "tencent", "1 segment(s) of the transcript have no text; left out"),
    ("tencent-flash", "tencent", ""),
    ("tencent-lines", "tencent", ""),
];

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(packaged("fixtures/transcripts").join(format!("{name}.json"))).expect("read")
}

#[test]
fn each_is_read_as_its_golden_file_says() {
    let mut wrong = Vec::new();
    for (name, _, warning) in CASES {
        let file = format!("fixtures/transcripts/{name}.json");
        let output = callsift(&packaged(""), &["transcript", &file]);
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        let warned = stderr(&output);
        assert!(warned.contains(warning) && warned.is_empty() == warning.is_empty(), "{name}: {warned}");
        let golden = packaged("fixtures/imported").join(format!("{name}.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(golden, stdout(&output)).expect("written");
        } else if std::fs::read_to_string(golden).unwrap_or_default() != stdout(&output) {
            wrong.push(format!("{name} differs; now it is\n{}", stdout(&output)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_is_recognised_as_its_format_and_no_other() {
    for (name, format, _) in CASES {
        let format = Format::from_name(format).expect("a format");
        let bytes = bytes_of(name);
        let (recognised, named) = (read(&bytes).expect("read"), read_as(&bytes, format).expect("read"));
        assert_eq!(recognised, named, "{name}");
        assert!(!recognised.utterances.is_empty(), "{name}");
    }
}

#[test]
fn what_is_written_of_each_is_read_again() {
    for (name, ..) in CASES {
        let mut first = read(&bytes_of(name)).expect("read");
        first.warnings.clear();
        let again = read_as(ours::write(&first).as_bytes(), Format::Ours).expect("read");
        assert_eq!(first, again, "{name}");
    }
}

#[test]
fn a_file_of_another_format_is_refused_by_name() {
    let formats = ["sensevoice", "funasr", "aliyun", "tencent", "huawei", "iflytek", "baidu"];
    for format in formats {
        let other = if format == "baidu" { "huawei-recording" } else { "baidu-inspection" };
        let error = read_as(&bytes_of(other), Format::from_name(format).expect("a format")).expect_err(format);
        let told = error.to_string();
        assert_eq!(error.code(), "bad_field", "{format}: {told}");
        assert!(told.contains("--transcript-format") && !told.contains("海棠"), "{format}: {told}");
    }
}

#[test]
fn a_real_transcript_of_a_file_is_read() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/engine-json/aliyun-filetrans-spotlight.json");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("SKIPPED: {} is not there", path.display());
        return;
    };
    let said = read(&bytes).expect("read");
    assert_eq!((said.engine.as_deref(), said.utterances.len()), (Some("aliyun"), 6));
    let first = &said.utterances[0];
    assert_eq!((first.speaker, first.span.start_ms, first.span.end_ms), (Speaker::Channel(0), 2_940, 5_330));
    assert_eq!(first.emotion, None);
    let measured = r#"{"EmotionValue":6.8,"SilenceDuration":2,"SpeechRate":115}"#;
    assert_eq!(first.vendor_measures.as_deref(), Some(measured));
    assert!(said.warnings.is_empty(), "{:?}", said.warnings);
}
