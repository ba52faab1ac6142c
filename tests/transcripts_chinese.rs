//! Transcripts as engines and clouds of China write them: what `callsift transcript` makes of each, held against
//! `fixtures/imported`. `UPDATE_GOLDEN=1 cargo test --test transcripts_chinese` writes those files anew.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use callsift::transcript::import::{Format, ours, read, read_as};
use callsift::transcript::{Speaker, Transcript};
use common::{callsift, corpus, imported_as_before, packaged, stderr, stdout};
use serde_json::{Value, json};
use std::io::Write;

/// A file, the format that it is recognised as, and what is said about it.
const CASES: [(&str, &str, &str); 23] = [
    ("aliyun-centre", "aliyun", ""),
    ("aliyun-files", "aliyun", ""),
    ("aliyun-message", "aliyun", "1 segment(s) of the transcript cannot be read; left out"),
    ("aliyun-studio", "aliyun", ""),
    ("baidu-files", "baidu", ""),
    ("baidu-inspection", "baidu", ""),
    ("baidu-voices", "baidu", ""),
    ("funasr-automodel", "funasr", ""),
    ("funasr-printed", "funasr", "1 segment(s) of the transcript cannot be read; left out"),
    ("funasr-runtime", "funasr", ""),
    ("funasr-words", "funasr", ""),
    ("huawei-printed", "huawei", ""),
    ("huawei-recording", "huawei", ""),
    ("huawei-stream", "huawei", ""),
    ("iflytek-first", "iflytek", ""),
    ("iflytek-order", "iflytek", ""),
    ("iflytek-tracks", "iflytek", ""),
    ("sensevoice-bare", "sensevoice", ""),
    ("sensevoice-sherpa", "sensevoice", ""),
    ("sensevoice-tags", "sensevoice", ""),
    ("tencent-detail", "tencent", "1 segment(s) of the transcript cannot be read; left out"),
    ("tencent-flash", "tencent", ""),
    ("tencent-lines", "tencent", ""),
];

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(packaged("fixtures/transcripts").join(format!("{name}.json"))).expect("read")
}

fn format_of(name: &str) -> Format {
    Format::from_name(name).expect("a format")
}

#[test]
fn each_is_read_as_its_golden_file_says() {
    let files = CASES.map(|(name, _, warning)| (format!("{name}.json"), warning));
    imported_as_before(files.iter().map(|(file, warning)| (file.as_str(), *warning)));
}

#[test]
fn each_is_recognised_as_its_format() {
    for (name, format, _) in CASES {
        let bytes = bytes_of(name);
        let (recognised, named) = (read(&bytes).expect("read"), read_as(&bytes, format_of(format)).expect("read"));
        assert_eq!(recognised, named, "{name}");
        assert_eq!(recognised.engine.as_deref(), Some(format), "{name}");
        assert!(!recognised.utterances.is_empty(), "{name}");
    }
}

#[test]
fn a_format_is_named_on_the_command_line() {
    for (name, format, _) in CASES {
        let file = format!("fixtures/transcripts/{name}.json");
        let run = |format: &str| callsift(&packaged(""), &["transcript", &file, "--transcript-format", format]);
        let golden = std::fs::read_to_string(packaged("fixtures/imported").join(format!("{name}.json")));
        assert_eq!(golden.expect("read"), stdout(&run(format)), "{name}");
    }
    let file = "fixtures/transcripts/huawei-recording.json";
    let other = callsift(&packaged(""), &["transcript", file, "--transcript-format", "tencent"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("ResultDetail"), "{}", stderr(&other));
}

#[test]
fn bytes_may_be_packed_marked_or_broken() {
    for (name, ..) in CASES {
        let bytes = bytes_of(name);
        let plain = read(&bytes).expect("read");
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&bytes).expect("packed");
        let same = [
            ("a byte order mark", [&[0xEF, 0xBB, 0xBF], bytes.as_slice()].concat()),
            ("UTF-16", [0xFF, 0xFE].into_iter().chain(utf16).collect()),
            ("gzip", packed.finish().expect("packed")),
        ];
        for (what, bytes) in same {
            assert_eq!(read(&bytes).expect(what), plain, "{name}: {what}");
        }
        let broken = read(&cut_a_character(bytes)).expect("read");
        assert!(broken.warnings[0].contains("no UTF-8"), "{name}: {:?}", broken.warnings);
        let starts =
            |said: &Transcript| spoken(said).iter().map(|&(who, start_ms, _)| (who, start_ms)).collect::<Vec<_>>();
        assert_eq!(starts(&broken), starts(&plain), "{name}");
        assert!(broken.utterances.iter().any(|it| it.text.contains('\u{FFFD}')), "{name}");
    }
}

/// Every 好 without its last byte, as engines cut what they write in pieces.
fn cut_a_character(mut bytes: Vec<u8>) -> Vec<u8> {
    let whole = "好".as_bytes();
    while let Some(at) = bytes.windows(whole.len()).position(|part| part == whole) {
        bytes.remove(at + 2);
    }
    bytes
}

/// Who spoke when.
fn spoken(said: &Transcript) -> Vec<(Speaker, i64, i64)> {
    said.utterances.iter().map(|it| (it.speaker, it.span.start_ms, it.span.end_ms)).collect()
}

/// The files that are JSON as they stand, with what is in them and what is read of them.
fn strict() -> Vec<(&'static str, Vec<Value>, Transcript)> {
    let of = |(name, ..): &(&'static str, &str, &str)| {
        let bytes = bytes_of(name);
        let values: Result<_, _> = serde_json::Deserializer::from_slice(&bytes).into_iter().collect();
        Some((*name, values.ok()?, read(&bytes).expect("read")))
    };
    let files: Vec<_> = CASES.iter().filter_map(of).collect();
    assert_eq!(files.len(), CASES.len() - 3, "what Python prints, and bare control characters, are none");
    files
}

fn lines(values: impl IntoIterator<Item = Value>) -> Vec<u8> {
    values.into_iter().map(|value| value.to_string() + "\n").collect::<String>().into_bytes()
}

#[test]
fn numbers_may_be_texts_and_results_wrapped() {
    for (name, values, plain) in strict() {
        let of_texts = read(&lines(values.iter().cloned().map(numbers_as_texts))).expect("read");
        assert_eq!((spoken(&of_texts), words(&of_texts)), (spoken(&plain), words(&plain)), "{name}");
        let wrapped = [
            ("a text", lines(values.iter().map(|value| json!(value.to_string())))),
            ("a body", lines(values.iter().map(|value| json!({"code": 0, "body": value, "note": null})))),
            ("a body as a text", lines(values.iter().map(|value| json!({"body": value.to_string()})))),
            ("a list", lines([json!(values)])),
        ];
        for (what, bytes) in wrapped {
            assert_eq!(read(&bytes).unwrap_or_else(|it| panic!("{name}: {what}: {it}")), plain, "{name}: {what}");
        }
    }
}

fn words(said: &Transcript) -> Vec<(i64, i64)> {
    let words = said.utterances.iter().flat_map(|it| &it.words);
    words.map(|it| (it.span.start_ms, it.span.end_ms)).collect()
}

fn numbers_as_texts(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(entries) => entries.into_iter().map(numbers_as_texts).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, numbers_as_texts(value))).collect(),
        other => other,
    }
}

#[test]
fn any_value_may_be_null() {
    for (name, values, plain) in strict() {
        let values = Value::Array(values);
        for at in 0..scalars(&values) {
            let mut values = values.clone();
            put_null(&mut values, &mut { at });
            match read_as(&lines([values]), format_of(plain.engine.as_deref().expect("an engine"))) {
                Ok(said) => assert!(said.utterances.len() <= plain.utterances.len() + 1, "{name}: {at}"),
                Err(error) => {
                    assert!(matches!(error.code(), "not_of_format" | "bad_field"), "{name}: {at}: {error}");
                }
            }
        }
    }
}

fn scalars(value: &Value) -> usize {
    match value {
        Value::Array(entries) => entries.iter().map(scalars).sum(),
        Value::Object(map) => map.values().map(scalars).sum(),
        _ => 1,
    }
}

/// Puts null for the scalar that comes `left` after the first; whether it did.
fn put_null(value: &mut Value, left: &mut usize) -> bool {
    match value {
        Value::Array(entries) => entries.iter_mut().any(|entry| put_null(entry, left)),
        Value::Object(map) => map.values_mut().any(|entry| put_null(entry, left)),
        scalar if *left == 0 => {
            *scalar = Value::Null;
            true
        }
        _ => {
            *left -= 1;
            false
        }
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
        let error = read_as(&bytes_of(other), format_of(format)).expect_err(format);
        let told = error.to_string();
        assert!(matches!(error.code(), "not_of_format" | "bad_field"), "{format}: {told}");
        assert!(told.contains("--transcript-format") && !told.contains("海棠"), "{format}: {told}");
    }
}

#[test]
fn a_real_transcript_of_a_file_is_read() {
    let Some(folder) = corpus("engine-json") else { return };
    let bytes = std::fs::read(folder.join("aliyun-filetrans-spotlight.json")).expect("read");
    let said = read(&bytes).expect("read");
    assert_eq!((said.engine.as_deref(), said.utterances.len()), (Some("aliyun"), 6));
    let starts_ms: Vec<i64> = said.utterances.iter().map(|it| it.span.start_ms).collect();
    assert_eq!(starts_ms, [2_940, 5_660, 30_780, 36_120, 48_850, 56_020]);
    assert!(said.utterances.iter().all(|it| it.speaker == Speaker::Channel(0) && !it.times_estimated));
    let first = &said.utterances[0];
    assert_eq!((first.speaker, first.span.start_ms, first.span.end_ms), (Speaker::Channel(0), 2_940, 5_330));
    assert_eq!(first.emotion, None);
    let measured = r#"{"EmotionValue":6.8,"SilenceDuration":2,"SpeechRate":115}"#;
    assert_eq!(first.vendor_measures.as_deref(), Some(measured));
    assert!(said.warnings.is_empty(), "{:?}", said.warnings);
}
