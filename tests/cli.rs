//! What the command line promises: exit codes, the summary, and a clear message for every bad input.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{call_wav, callsift, packaged, stderr, stdout, transcript, wav, write};
use std::path::Path;

/// Text of a call without any finding of its own.
const PLAIN: [(u16, i64, i64, &str); 2] = [(0, 500, 5000, "您好,这里是云杉银行。"), (1, 5500, 10500, "你好,请说。")];

fn site(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        write(&folder.path().join(name), bytes);
    }
    folder
}

fn inspect(folder: &Path, more: &[&str]) -> std::process::Output {
    callsift(folder, &[&["inspect", "in", "--out", "out"], more].concat())
}

#[test]
fn the_fixture_calls_are_all_inspected() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let output = callsift(&packaged(""), &["inspect", "fixtures/calls", "--out", out.path().to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let summary = stdout(&output);
    for part in ["Inspected 27 calls", "eligible", "worst calls", "without a transcript", "0 failed"] {
        assert!(summary.contains(part), "{part} is not in\n{summary}");
    }
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
}

#[test]
fn all_fixtures_report_each_broken_file() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let output = callsift(&packaged(""), &["inspect", "fixtures", "--out", out.path().to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    let summary = stdout(&output);
    let reasons = [
        ("broken/truncated.wav", "cut off"),
        ("broken/empty.wav", "empty"),
        ("broken/silent.wav", "silence"),
        ("broken/text.wav", "not"),
        ("broken/header-only.wav", "no samples"),
        ("broken/absurd-header.wav", "Hz"),
    ];
    for (file, reason) in reasons {
        let line =
            summary.lines().find(|line| line.contains(file)).unwrap_or_else(|| panic!("{file} is not in\n{summary}"));
        assert!(line.contains(reason), "{line}");
    }
}

#[test]
fn bad_input_of_a_call_is_its_reason_and_the_others_go_on() {
    let audio = || call_wav(16.0);
    let text = |segments: &[(u16, i64, i64, &str)]| transcript(segments).into_bytes();
    let long_ago = r#"{"format":"callsift/transcript","version":9,"segments":[]}"#;
    type Case = (&'static str, Option<Vec<u8>>, Option<Vec<u8>>, &'static str);
    let cases: [Case; 13] = [
        ("empty recording", Some(Vec::new()), None, "empty"),
        ("text named .wav", Some(b"this is a letter, not a recording".to_vec()), None, "not"),
        ("silent recording", Some(wav(8000, &[vec![0; 16000], vec![0; 16000]])), None, "silence"),
        ("absurd rate", Some(wav(4_000_000_000, &[vec![1; 800]])), None, "4000000000"),
        ("three channels", Some(wav(8000, &[vec![1; 800], vec![1; 800], vec![1; 800]])), None, "3 channels"),
        ("not JSON", Some(audio()), Some(b"{".to_vec()), "JSON"),
        ("not ours", Some(audio()), Some(b"{\"Transcript\":[]}".to_vec()), "Transcript"),
        ("bad version", Some(audio()), Some(long_ago.into()), "9"),
        ("ends before it starts", Some(audio()), Some(text(&[(0, 5000, 500, "您好")])), "segments[0]"),
        ("out of order", Some(audio()), Some(text(&[(0, 5000, 6000, "您好"), (0, 500, 900, "喂")])), "segments[1]"),
        ("past the end", Some(audio()), Some(text(&[(0, 500, 99_000, "您好")])), "99"),
        ("unknown channel", Some(audio()), Some(text(&[(7, 500, 900, "您好")])), "channel 7"),
        ("missing recording", None, None, "no such file"),
    ];
    for (name, audio, words, reason) in cases {
        let folder = site(&[(
            "in/manifest.csv",
            b"call_id,recording,transcript\nbad,bad.wav,\ngood,good.wav,good.json\n".to_vec(),
        )]);
        let input = folder.path().join("in");
        write(&input.join("good.wav"), call_wav(16.0));
        write(&input.join("good.json"), transcript(&PLAIN));
        audio.iter().for_each(|bytes| write(&input.join("bad.wav"), bytes));
        words.iter().for_each(|bytes| write(&input.join("bad.json"), bytes));
        let output = inspect(folder.path(), &[]);
        let summary = stdout(&output);
        assert!(summary.contains("Inspected 2 calls"), "{name}: {summary}{}", stderr(&output));
        let line =
            summary.lines().find(|line| line.starts_with("  bad: ")).unwrap_or_else(|| panic!("{name}: {summary}"));
        assert!(line.contains(reason), "{name}: {line}");
    }
}

#[test]
fn mistakes_of_set_up_exit_with_2_and_touch_nothing() {
    let good = ("in/a.wav", call_wav(16.0));
    type Case = (&'static str, Vec<(&'static str, Vec<u8>)>, &'static [&'static str], &'static str);
    let cases: [Case; 9] = [
        ("missing input", vec![good.clone()], &["gone"], "no such file or folder"),
        (
            "duplicate call_id",
            vec![("in/manifest.csv", b"call_id,recording\na,a.wav\na,b.wav\n".to_vec())],
            &[],
            "call_id a is that of line 2 too",
        ),
        (
            "missing column",
            vec![("in/manifest.csv", b"recording\na.wav\n".to_vec())],
            &[],
            "the column call_id is missing",
        ),
        (
            "bad date",
            vec![("in/manifest.csv", b"call_id,recording,started_at\na,a.wav,2026-02-30T01:00:00Z\n".to_vec())],
            &[],
            "is not a time",
        ),
        ("output is a file", vec![good.clone(), ("out", b"x".to_vec())], &[], "out"),
        (
            "output is another folder",
            vec![good.clone(), ("out/13912345678.wav", b"x".to_vec())],
            &[],
            "███████████.wav",
        ),
        ("no rules", vec![good.clone()], &["--no-shipped-rules"], "rules"),
        ("unknown scorecard", vec![good.clone()], &["--scorecard", "cn-colections"], "cn-collections"),
        ("unknown rules folder", vec![good], &["--rules", "nowhere"], "nowhere"),
    ];
    for (name, files, more, message) in cases {
        let folder = site(&files);
        let output = inspect(folder.path(), more);
        assert_eq!(output.status.code(), Some(2), "{name}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains(message), "{name}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{name}");
        assert!(!folder.path().join("out/calls").exists(), "{name}");
    }
}

#[test]
fn failed_recordings_can_be_tolerated() {
    let folder = site(&[("in/a.wav", call_wav(16.0)), ("in/b.wav", Vec::new())]);
    for (tolerated, code) in [("0", 1), ("49%", 1), ("50%", 0), ("1", 0)] {
        let out = format!("out-{}", tolerated.trim_end_matches('%'));
        let output = callsift(folder.path(), &["inspect", "in", "--out", &out, "--max-failed", tolerated]);
        assert_eq!(output.status.code(), Some(code), "{tolerated}: {}", stderr(&output));
    }
}

#[test]
fn a_second_run_leaves_the_dataset_as_it_is_and_replaces_changed_calls() {
    let folder = site(&[("in/a.wav", call_wav(16.0)), ("in/a.json", transcript(&PLAIN).into_bytes())]);
    assert_eq!(inspect(folder.path(), &[]).status.code(), Some(0));
    let before = tables_below(folder.path());
    let again = inspect(folder.path(), &[]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert!(stdout(&again).contains("1 call unchanged"), "{}", stdout(&again));
    assert_eq!(tables_below(folder.path()), before);
    for (name, bytes) in [("in/a.wav", call_wav(17.0)), ("in/a.json", transcript(&PLAIN[..1]).into_bytes())] {
        let kept = std::fs::read(folder.path().join(name)).expect("readable");
        for (bytes, is_first) in [(bytes, false), (kept, true)] {
            write(&folder.path().join(name), bytes);
            let changed = inspect(folder.path(), &[]);
            assert_eq!(changed.status.code(), Some(0), "{}", stdout(&changed));
            assert!(
                stdout(&changed).contains("1 call changed since an earlier run: replaced."),
                "{}",
                stdout(&changed)
            );
            assert_eq!(tables_below(folder.path()) == before, is_first, "{name}");
        }
    }
    // Another call is inspected all the same.
    write(&folder.path().join("in/b.wav"), call_wav(16.0));
    let more = inspect(folder.path(), &[]);
    assert!(stdout(&more).contains("Inspected 1 call,"), "{}", stdout(&more));
}

#[test]
fn a_transcript_that_comes_later_is_a_change() {
    let folder = site(&[("in/a.wav", call_wav(16.0)), ("in/b.wav", Vec::new())]);
    assert_eq!(inspect(folder.path(), &[]).status.code(), Some(1));
    let again = inspect(folder.path(), &[]);
    assert_eq!(again.status.code(), Some(1), "the failed call counts again: {}", stdout(&again));
    assert!(stdout(&again).contains("2 calls unchanged since an earlier run: left as they are (1 failed then)"));
    write(&folder.path().join("in/a.json"), transcript(&PLAIN));
    let with_words = inspect(folder.path(), &[]);
    assert!(stdout(&with_words).contains("1 call changed"), "{}", stdout(&with_words));
}

fn tables_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    common::files_below(&folder.join("out"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".parquet"))
        .map(|(name, path)| (name, std::fs::read(path).expect("readable")))
        .collect()
}

#[test]
fn a_transcript_alone_is_judged_by_its_words() {
    let threat = [
        (0, 500, 5000, "您好,这里是云杉银行。"),
        (1, 5500, 9000, "你好你好,请说吧。"),
        (0, 9500, 14_000, "再不还款我们会派人到你家里。"),
    ];
    let folder = site(&[("in/chat.transcript.json", transcript(&threat).into_bytes())]);
    let output = inspect(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("派人到你家"), "{}", stdout(&output));
}

#[test]
fn probe_prints_one_object_a_line() {
    let folder = site(&[("a.wav", call_wav(16.0)), ("b.wav", Vec::new())]);
    let output = callsift(folder.path(), &["probe", "a.wav", "b.wav"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((lines[0]["rate_hz"].as_i64(), lines[0]["duration_ms"].as_i64()), (Some(8000), Some(16_000)));
    let agent = &lines[0]["channels"][0];
    let expected = [[500, 5000], [11_000, 15_000]];
    let speech = agent["speech"].as_array().expect("a list");
    assert_eq!(speech.len(), 2, "{agent}");
    for (heard, expected) in speech.iter().zip(expected) {
        for edge in 0..2 {
            let off_ms = heard[edge].as_i64().expect("ms") - expected[edge];
            assert!(off_ms.abs() <= 300, "{speech:?}");
        }
    }
    let pitch = agent["pitch_median_hz"].as_f64().expect("a pitch");
    assert!((pitch - 200.0).abs() < 4.0, "{pitch}");
    assert_eq!(lines[1]["error"]["code"], "empty_file");
}

#[test]
fn entities_prints_one_object_a_line() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_callsift"))
        .args(["entities", "--language", "zh", "--date", "2026-11-20"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().expect("piped").write_all("明天还五百块,打13800138000\n\n好的\r\n".as_bytes())?;
            child.wait_with_output()
        })
        .expect("it runs");
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3, "an empty line has an answer too");
    let entities = |n: usize| lines[n]["entities"].as_array().expect("a list").clone();
    assert_eq!(
        entities(0),
        [
            serde_json::json!({"kind": "date", "start": 0, "end": 2, "value": "2026-11-21", "unit": null}),
            serde_json::json!({"kind": "money", "start": 3, "end": 6, "value": "500", "unit": "CNY"}),
            serde_json::json!({"kind": "phone", "start": 8, "end": 19, "value": "13800138000", "unit": null}),
        ]
    );
    assert_eq!((lines[2]["input"].as_str(), entities(2).len()), (Some("好的"), 0));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn probe_shows_frames_when_asked() {
    let folder = site(&[("a.wav", call_wav(16.0))]);
    let output = callsift(folder.path(), &["probe", "--frames", "a.wav"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let line: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("one line of JSON");
    for channel in line["channels"].as_array().expect("a list") {
        assert_eq!(channel["frames"].as_array().expect("a list").len(), 1_600);
    }
    let value = |ms: usize, key: &str| line["channels"][0]["frames"][ms / 10][key].as_f64().expect("a number");
    // The agent speaks from 0.5 s to 5 s, at 1.005 s with 200 * (1 + 0.12 sin(0.9 t) + 0.05 sin(2.3 t) +
    // 0.03 sin(5.7 t)) Hz, t being 2 pi 1.005, and is silent from 7 s to 10 s.
    assert!(value(1_000, "speech") > 0.5 && value(8_000, "speech") < 0.5);
    assert!((value(1_000, "f0_hz") - 189.8).abs() < 3.0, "{}", value(1_000, "f0_hz"));
    assert_eq!(value(8_000, "f0_hz"), 0.0);
    assert!(value(1_000, "level_dbfs") > value(8_000, "level_dbfs") + 20.0);
    let plain = stdout(&callsift(folder.path(), &["probe", "a.wav"]));
    assert!(!plain.contains("frames"), "{plain}");
}

#[test]
fn logs_can_be_json() {
    let folder = site(&[("in/a.wav", call_wav(16.0)), ("in/b.wav", Vec::new())]);
    let output = inspect(folder.path(), &["--log-format", "json"]);
    let lines: Vec<serde_json::Value> =
        stderr(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().any(|line| line["level"] == "WARN" && line["fields"]["call_id"] == "b.wav"), "{lines:?}");
}
