//! `callsift clips`: what was found is what is heard, nothing but recordings is read, and nothing but clips is written.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

#[path = "clips/crafted.rs"]
mod crafted;
#[path = "clips/made.rs"]
mod made;
#[path = "clips/sound.rs"]
mod sound;

mod common;
mod decoding;

use callsift::audio::decode::{DecodeOptions, identify};
use callsift::finding::Severity;
use common::{Row, callsift, files_below, packaged, rows, stderr, stdout, write};
use sound::{clip, decoded, lag};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The results of a run over the fixture calls.
fn results() -> &'static Path {
    static RESULTS: OnceLock<TempDir> = OnceLock::new();
    let folder = RESULTS.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        let out = folder.path().join("results");
        let output = callsift(&packaged(""), &["inspect", "fixtures/calls", "--out", text(&out)]);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        folder
    });
    Box::leak(folder.path().join("results").into_boxed_path())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Cuts clips of `dataset` from `recordings` to `out`, with more arguments.
fn cut(dataset: &Path, recordings: &Path, out: &Path, more: &[&str]) -> Output {
    let arguments = ["clips", text(dataset), "--recordings", text(recordings), "--out", text(out)];
    callsift(&packaged(""), &[&arguments, more].concat())
}

/// The same of the fixture calls, all of which can be had.
fn cut_fixtures(more: &[&str]) -> (TempDir, PathBuf, Output) {
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().join("clips");
    let output = cut(results(), &packaged("fixtures/calls"), &out, more);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    (folder, out, output)
}

/// The rows of the index.
fn index(out: &Path) -> Vec<Row> {
    let bytes = fs::read(out.join("clips.csv")).expect("an index");
    assert!(bytes.starts_with("\u{feff}clip,".as_bytes()), "spreadsheets need the mark to read Chinese");
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    let columns = reader.headers().expect("a header").clone();
    let row =
        |record: csv::StringRecord| columns.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

fn number(row: &Row, column: &str) -> i64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// The place in `Severity::ALL`, lightest first.
fn gravity(row: &Row) -> usize {
    Severity::ALL.iter().position(|severity| severity.name() == row["severity"]).expect("a severity")
}

/// The findings of the fixture calls that a clip can be made of, by id.
fn expected() -> BTreeMap<String, Row> {
    let sounds: BTreeSet<String> = rows(results(), "calls")
        .into_iter()
        .filter(|call| !call["rate_hz"].is_empty())
        .map(|call| call["call_id"].clone())
        .collect();
    let has_clip = |finding: &Row| {
        finding["rule_status"] == "active"
            && finding["excused_by"].is_empty()
            && !finding["start_ms"].is_empty()
            && sounds.contains(&finding["call_id"])
    };
    rows(results(), "findings").into_iter().filter(has_clip).map(|row| (row["finding_id"].clone(), row)).collect()
}

fn frame(ms: i64, rate_hz: u32) -> usize {
    (ms as u64 * u64::from(rate_hz) / 1_000) as usize
}

/// Holds a clip against its recording, sample by sample, and its row in the index against the file.
fn assert_is_heard(out: &Path, row: &Row, recording: &Path) -> (Vec<Vec<i16>>, Vec<Vec<i16>>, usize) {
    let path = out.join(&row["clip"]);
    let ((rate_hz, samples), (source_hz, source)) = (clip(&path), decoded(recording));
    assert_eq!((rate_hz, samples.len()), (source_hz, source.len()), "{row:?}");
    assert_eq!(row["channels"], source.len().to_string());
    assert_eq!(row["clip_sha256"], identify(&path).expect("a file").sha256);
    assert_eq!(row["file_sha256"], identify(recording).expect("a file").sha256);
    let (start, end) = (frame(number(row, "clip_start_ms"), rate_hz), frame(number(row, "clip_end_ms"), rate_hz));
    for (channel, samples) in samples.iter().enumerate() {
        assert_eq!(samples.len(), end - start, "{row:?}");
        if row["muted_channel"] == channel.to_string() {
            assert!(samples.iter().all(|sample| *sample == 0), "{row:?}");
            assert!(source[channel][start..end].iter().any(|sample| *sample != 0), "there was something to silence");
        } else {
            assert!(samples == &source[channel][start..end], "channel {channel} of {row:?}");
        }
    }
    (samples, source, start)
}

#[test]
fn every_clip_is_the_sound_of_its_finding() {
    let (_folder, out, output) = cut_fixtures(&[]);
    let (index, expected) = (index(&out), expected());
    let ids: BTreeSet<&String> = index.iter().map(|row| &row["finding_id"]).collect();
    assert_eq!(ids, expected.keys().collect::<BTreeSet<_>>());
    assert!(index.len() == ids.len() && ids.len() > 20, "{}", ids.len());
    assert!(index.is_sorted_by_key(|row| std::cmp::Reverse(gravity(row))), "gravest first");
    let calls: BTreeMap<String, Row> =
        rows(results(), "calls").into_iter().map(|row| (row["call_id"].clone(), row)).collect();
    let mut endings = BTreeSet::new();
    for row in &index {
        let (finding, call) = (&expected[&row["finding_id"]], &calls[&row["call_id"]]);
        for column in ["call_id", "rule", "revision", "severity", "start_ms", "end_ms", "role"] {
            assert_eq!(row[column], finding[column], "{column}");
        }
        for column in ["message", "quote"] {
            assert_eq!(row[column].trim_start_matches('\''), finding[column], "{column}");
        }
        assert_eq!(row["recording"], call["recording"]);
        let (start_ms, end_ms, duration_ms) =
            (number(row, "start_ms"), number(row, "end_ms"), number(call, "duration_ms"));
        assert_eq!(number(row, "clip_start_ms"), (start_ms - 2_000).max(0));
        assert_eq!(
            number(row, "clip_end_ms"),
            (end_ms + 2_000).min(duration_ms).min((start_ms - 2_000).max(0) + 60_000)
        );
        let recording = packaged("fixtures/calls").join(&row["recording"]);
        let (samples, source, start) = assert_is_heard(&out, row, &recording);
        let channel = row["channel"].parse().unwrap_or(0);
        assert_eq!(lag(&samples[channel], &source[channel], start, 200, 4_000), 0, "{row:?}");
        endings.insert(recording.extension().expect("an ending").to_str().expect("UTF-8").to_owned());
    }
    assert_eq!(endings, BTreeSet::from(["flac", "m4a", "mp3", "ogg", "wav"].map(str::to_owned)));
    let files: BTreeSet<String> =
        files_below(&out).into_iter().map(|(name, _)| name).filter(|name| !name.starts_with('.')).collect();
    assert_eq!(files, index.iter().map(|row| row["clip"].clone()).chain(["clips.csv".into()]).collect());
    let said = stdout(&output);
    assert!(said.starts_with(&format!("Cut {} clips of ", index.len())), "{said}");
    assert!(said.contains("has no place in it") && said.contains("there is no sound of the call"), "{said}");
}

#[test]
fn clips_stand_where_another_decoder_has_the_same_sound() {
    if !decoding::has("ffmpeg") {
        return;
    }
    let (_folder, out, _) = cut_fixtures(&["--severity", "major"]);
    let mut compared = 0;
    for row in index(&out).iter().filter(|row| !row["recording"].ends_with(".wav")) {
        let recording = packaged("fixtures/calls").join(&row["recording"]);
        let (known, _) = decoding::hear(&recording, &DecodeOptions::default()).expect("decoded");
        let theirs = decoding::planar(&decoding::theirs(&recording, &known, &[]), known.channels);
        let channel: usize = row["channel"].parse().unwrap_or(0);
        let source: Vec<i16> = theirs[channel].iter().map(|sample| (sample * 32_767.0) as i16).collect();
        let (rate_hz, samples) = clip(&out.join(&row["clip"]));
        let start = frame(number(row, "clip_start_ms"), rate_hz);
        let lag = lag(&samples[channel], &source, start, 200, 4_000);
        assert!(lag.abs() <= 1, "{lag} frames late: {row:?}");
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
}

#[test]
fn the_other_party_is_silenced_where_it_can_be() {
    let (_folder, out, output) = cut_fixtures(&["--mute-other"]);
    let mut muted = BTreeSet::new();
    for row in index(&out) {
        assert_is_heard(&out, &row, &packaged("fixtures/calls").join(&row["recording"]));
        let why = row["not_muted_because"].as_str();
        match (row["channels"].as_str(), row["channel"].as_str()) {
            ("1", _) => assert_eq!((why, row["muted_channel"].as_str()), ("one_channel", "")),
            (_, "") => assert_eq!((why, row["muted_channel"].as_str()), ("channel_unknown", "")),
            (_, own) => {
                assert_eq!((why, number(&row, "muted_channel")), ("", 1 - own.parse::<i64>().expect("a channel")))
            }
        }
        // Agents are on channel 0 there, customers on 1.
        let own = match row["role"].as_str() {
            "agent" => "0",
            "customer" => "1",
            _ => "",
        };
        assert!(row["channels"] == "1" || row["channel"] == own, "{row:?}");
        muted.insert((row["muted_channel"].clone(), why.to_owned()));
    }
    let all = [("0", ""), ("1", ""), ("", "one_channel")].map(|(channel, why)| (channel.to_owned(), why.to_owned()));
    assert!(muted.is_superset(&all.into()), "{muted:?}");
    assert!(stdout(&output).contains("with both parties: not_muted_because"), "{}", stdout(&output));
}

#[test]
fn flags_choose_among_findings() {
    let all = expected();
    let calls: BTreeMap<String, Row> =
        rows(results(), "calls").into_iter().map(|row| (row["call_id"].clone(), row)).collect();
    let of_call = |row: &Row, column: &str| calls[&row["call_id"]][column].clone();
    type Picks<'a> = &'a dyn Fn(&Row) -> bool;
    let cases: [(&[&str], Picks<'_>); 9] = [
        (&["--severity", "critical"], &|row| gravity(row) >= 3),
        (&["--rule", "cn-collections.threat-of-visit"], &|row| row["rule"] == "cn-collections.threat-of-visit"),
        (&["--rule", "cn-collections.threat-of-visit", "--rule", "service-quality.interruption"], &|row| {
            row["rule"] == "cn-collections.threat-of-visit" || row["rule"] == "service-quality.interruption"
        }),
        (&["--date", "2026-11-19"], &|row| of_call(row, "date") == "2026-11-19"),
        (&["--from", "2026-11-20"], &|row| of_call(row, "date") == "2026-11-20"),
        (&["--to", "2026-11-19"], &|row| of_call(row, "date") == "2026-11-19"),
        (&["--agent", "agent-03"], &|row| of_call(row, "agent_id") == "agent-03"),
        (&["--team", "team-a", "--severity", "major"], &|row| of_call(row, "team") == "team-a" && gravity(row) >= 2),
        (&["--call", "mono-01", "--call", "interruption-01"], &|row| {
            ["mono-01", "interruption-01"].contains(&row["call_id"].as_str())
        }),
    ];
    for (flags, picks) in cases {
        let (_folder, out, _) = cut_fixtures(flags);
        let found: BTreeSet<String> = index(&out).into_iter().map(|row| row["finding_id"].clone()).collect();
        let expected: BTreeSet<String> =
            all.values().filter(|row| picks(row)).map(|row| row["finding_id"].clone()).collect();
        assert!(!expected.is_empty() && expected.len() < all.len(), "{flags:?}");
        assert_eq!(found, expected, "{flags:?}");
    }
    let (_folder, out, output) = cut_fixtures(&["--rule", "no.such-rule"]);
    assert_eq!(index(&out), [] as [Row; 0]);
    assert!(stdout(&output).contains("No finding of the dataset fits"), "{}", stdout(&output));
}

#[test]
fn the_gravest_are_cut_where_there_is_no_room_for_all() {
    let (_all_folder, all, _) = cut_fixtures(&[]);
    let (_folder, out, output) = cut_fixtures(&["--most", "1.5MB"]);
    let (all, some) = (index(&all), index(&out));
    assert!(!some.is_empty() && some.len() < all.len());
    assert_eq!(some, all[..some.len()], "the first of the whole index");
    let size = |row: &Row| fs::metadata(out.join(&row["clip"])).expect("a clip").len();
    let bytes: u64 = some.iter().map(size).sum();
    let next = &all[some.len()];
    let next_bytes =
        (number(next, "clip_end_ms") - number(next, "clip_start_ms")) as u64 * 16 * number(next, "channels") as u64;
    assert!(bytes <= 1_500_000 && bytes + next_bytes > 1_500_000 - 200, "{bytes} {next_bytes}");
    let left = format!("{} findings left out, none graver than those cut", all.len() - some.len());
    assert!(stdout(&output).contains(&left), "{}", stdout(&output));
}

#[test]
fn the_same_command_writes_the_same_bytes() {
    let (_one_folder, one, _) = cut_fixtures(&["--threads", "1"]);
    let (_folder, out, _) = cut_fixtures(&["--threads", "3"]);
    let bytes = |out: &Path| -> Vec<(String, Vec<u8>)> {
        files_below(out).into_iter().map(|(name, path)| (name, fs::read(path).expect("readable"))).collect()
    };
    let first = bytes(&out);
    assert!(first == bytes(&one), "threads do not show");
    let recordings = packaged("fixtures/calls");
    let again = cut(results(), &recordings, &out, &["--threads", "2"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert!(first == bytes(&out), "nor does an earlier run");

    let other = cut(results(), &recordings, &out, &["--severity", "major"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("holds clips of another selection"), "{}", stderr(&other));
    assert!(first == bytes(&out), "nothing is touched");
}

#[test]
fn only_what_callsift_made_is_removed() {
    let folder = TempDir::new().expect("a temporary folder");
    let (copy, out, recordings) =
        (folder.path().join("results"), folder.path().join("clips"), packaged("fixtures/calls"));
    for (name, path) in files_below(results()) {
        write(&copy.join(name), fs::read(path).expect("readable"));
    }
    assert_eq!(cut(&copy, &recordings, &out, &[]).status.code(), Some(0));
    let before = index(&out);
    let (gone, stay): (Vec<Row>, Vec<Row>) = before.into_iter().partition(|row| row["call_id"] == "interruption-01");
    assert!(gone.len() >= 3);
    // A run that was killed leaves a draft, and a clip that no index has.
    let killed = "killed-0123456789abcdef-01234567.wav";
    write(&out.join(".callsift-clips/drafts/half.wav"), "half");
    write(&out.join(killed), "begun");
    let made = fs::read_to_string(out.join(".callsift-clips/made")).expect("a list");
    fs::write(out.join(".callsift-clips/made"), format!("{made}{killed}\n../results/calls\nnotes.txt\nhalf-a-na"))
        .expect("written");
    write(&out.join("notes.txt"), "mine");
    write(&out.join("mine-0123456789abcdef-01234567.wav"), "mine");
    let forgotten = callsift(
        folder.path(),
        &["forget", "results", "--call", "interruption-01", "--transcript-cache", text(folder.path())],
    );
    assert_eq!(forgotten.status.code(), Some(0), "{}", stderr(&forgotten));

    let again = cut(&copy, &recordings, &out, &[]);
    assert_eq!(again.status.code(), Some(0), "{}{}", stdout(&again), stderr(&again));
    assert!(
        stdout(&again).contains(&format!("{} clips of an earlier run removed", gone.len() + 1)),
        "{}",
        stdout(&again)
    );
    assert_eq!(index(&out), stay);
    assert!(gone.iter().all(|row| !out.join(&row["clip"]).exists()), "what is erased is not heard");
    let kept = [
        ".callsift-clips/lock",
        ".callsift-clips/made",
        "clips.csv",
        "mine-0123456789abcdef-01234567.wav",
        "notes.txt",
    ];
    let files: BTreeSet<String> = files_below(&out).into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, stay.iter().map(|row| row["clip"].clone()).chain(kept.map(str::to_owned)).collect());
}

#[test]
fn other_folders_are_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    write(&folder.path().join("full/clips.csv"), "mine");
    write(&folder.path().join("file"), "mine");
    let recordings = packaged("fixtures/calls");
    let (full, file, out) = (folder.path().join("full"), folder.path().join("file/clips"), folder.path().join("out"));
    let cases = [
        (
            "a folder of somebody's",
            cut(results(), &recordings, &full, &[]),
            "holds \"clips.csv\", which callsift did not make",
        ),
        ("in a file", cut(results(), &recordings, &file, &[]), "a file stands where a folder must be"),
        ("no recordings", cut(results(), &folder.path().join("nowhere"), &out, &[]), "name a folder that you may read"),
        ("no dataset", cut(folder.path(), &recordings, &out, &[]), "no dataset of callsift"),
        ("no time", cut(results(), &recordings, &out, &["--longest", "2s"]), "--longest is no longer than --pad"),
        (
            "two ways to say days",
            cut(results(), &recordings, &out, &["--date", "2026-11-20", "--from", "2026-11-20"]),
            "cannot be used with",
        ),
    ];
    for (name, output, message) in cases {
        assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains(message), "{name}: {}", stderr(&output));
    }
    assert!(!out.exists(), "nothing is touched");
    assert_eq!(files_below(&full).len(), 1);
}
