//! `callsift clips`: what was found is what is heard, nothing but recordings is read, and nothing but clips is written.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

#[path = "clips/made.rs"]
mod made;
#[path = "clips/sound.rs"]
mod sound;

mod common;
mod decoding;

use callsift::audio::decode::{DecodeOptions, identify};
use callsift::batch::Days;
use callsift::batch::clips::{ClipFolder, ClipsOptions, Cutting, Selection, clips};
use callsift::batch::recordings::RecordingFolders;
use callsift::dataset::Snapshot;
use callsift::events::Unwatched;
use callsift::finding::{RuleStatus, Severity};
use callsift::tables::Row as CallRow;
use common::{Row, call_wav, callsift, files_below, packaged, rows, stderr, stdout, voice, wav, write};
use made::{call, dataset, finding, found};
use sound::{clip, decoded, lag};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
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

/// A folder with `in`, recordings, and `outside.wav` beside it.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: TempDir::new().expect("a temporary folder") };
        write(&site.at("in/a.wav"), call_wav(20.0));
        write(&site.at("in/b.wav"), wav(16_000, &[voice(6.0, 150.0, &[(1.0, 5.0)])]));
        write(&site.at("outside.wav"), call_wav(10.0));
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn cut(&self, calls: &[CallRow], more: &[&str]) -> Output {
        dataset(&self.at("results"), calls);
        cut(&self.at("results"), &self.at("in"), &self.at("clips"), more)
    }

    /// One critical finding of 6 s to 7 s in a call of `file`, which the dataset calls `name`.
    fn call(&self, call_id: &str, name: &str, file: &str) -> CallRow {
        found(call(call_id, name, &self.at(file)), finding(&format!("{call_id}-f"), Severity::Critical, 6_000, 7_000))
    }
}

#[test]
fn a_recording_that_cannot_be_had_is_told_and_the_others_are_cut() {
    let site = Site::new();
    write(&site.at("in/changed.wav"), call_wav(18.0));
    write(&site.at("in/gone.wav"), call_wav(17.0));
    write(&site.at("in/late.wav"), call_wav(12.0));
    let late = found(
        found(call("late", "late.wav", &site.at("in/late.wav")), finding("late-1", Severity::Major, 5_000, 6_000)),
        finding("late-2", Severity::Major, 12_500, 13_000),
    );
    let other_shape = {
        let mut row = site.call("shape", "b.wav", "in/b.wav");
        row.facts.call.sound.as_mut().expect("sound").rate_hz = 8_000;
        row.judged.as_mut().expect("judged").judgement.findings[0].start_ms = Some(2_000);
        row
    };
    let calls = [
        site.call("good", "a.wav", "in/a.wav"),
        site.call("changed", "changed.wav", "in/changed.wav"),
        site.call("gone", "gone.wav", "in/gone.wav"),
        late,
        other_shape,
    ];
    let mut bytes = fs::read(site.at("in/changed.wav")).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    write(&site.at("in/changed.wav"), bytes);
    fs::remove_file(site.at("in/gone.wav")).expect("removed");

    let output = site.cut(&calls, &[]);
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    let cut: Vec<String> = index(&site.at("clips")).into_iter().map(|row| row["finding_id"].clone()).collect();
    assert_eq!(cut, ["good-f", "late-1"]);
    let said = stdout(&output);
    let reasons = [
        "failed: changed, 1 finding: changed.wav is not the recording that was inspected",
        "failed: gone, 1 finding: gone.wav is not below the folder of recordings",
        "failed: late, 1 finding: late.wav has ended by 12.5 s",
        "failed: shape, 1 finding: b.wav is decoded to 16000 Hz and 1 channels, and was to 8000 Hz and 1 when it was inspected; give the flags --raw",
    ];
    for reason in reasons {
        assert!(said.contains(reason), "{reason}\n{said}");
    }
    assert!(said.starts_with("Cut 2 clips of 2 recordings"), "{said}");

    // Once they are back, the same command cuts them.
    write(&site.at("in/changed.wav"), call_wav(18.0));
    let again = cut_again(&site);
    assert!(stdout(&again).starts_with("Cut 3 clips of 3 recordings"), "{}", stdout(&again));
}

fn cut_again(site: &Site) -> Output {
    cut(&site.at("results"), &site.at("in"), &site.at("clips"), &[])
}

#[test]
fn a_run_that_is_stopped_writes_no_index() {
    let site = Site::new();
    dataset(&site.at("results"), &[site.call("a", "a.wav", "in/a.wav"), site.call("b", "a.wav", "in/a.wav")]);
    let snapshot = Snapshot::open(&site.at("results")).expect("a dataset");
    let folders = RecordingFolders::at(&[site.at("in")]).expect("a folder");
    let run = |stop: &AtomicBool| {
        let selection = Selection {
            days: Days::default(),
            rules: vec![],
            least: Severity::Note,
            agents: vec![],
            teams: vec![],
            calls: vec![],
            trial: false,
            excused: false,
        };
        let options = ClipsOptions {
            selection,
            cutting: Cutting { pad_ms: 0, longest_ms: 60_000, mute_other: false },
            most_bytes: u64::MAX,
            decode: DecodeOptions::default(),
            threads: 1,
            stop: Some(stop),
        };
        let out = ClipFolder::open(&site.at("clips"), &options.key()).expect("a folder");
        let taken = ClipFolder::open(&site.at("clips"), &options.key()).expect_err("taken").to_string();
        assert!(taken.contains("another callsift is writing"), "{taken}");
        clips(&snapshot, &folders, out, &options, &Unwatched).expect("cut")
    };
    let stopped = run(&AtomicBool::new(true));
    assert_eq!((stopped.clips, stopped.not_begun), (0, 2));
    assert!(!site.at("clips/clips.csv").exists());
    let whole = run(&AtomicBool::new(false));
    assert_eq!((whole.clips, whole.not_begun), (2, 0));
    assert_eq!(index(&site.at("clips")).len(), 2);
}

#[test]
fn no_name_in_a_dataset_leads_out_of_the_folder() {
    let site = Site::new();
    let outside = site.at("outside.wav");
    let names = ["../outside.wav", "../in/../outside.wav", text(&outside), "link.wav", "up/outside.wav"];
    std::os::unix::fs::symlink(&outside, site.at("in/link.wav")).expect("linked");
    std::os::unix::fs::symlink(site.folder.path(), site.at("in/up")).expect("linked");
    let mut calls: Vec<CallRow> =
        names.iter().enumerate().map(|(at, name)| site.call(&format!("bad-{at}"), name, "outside.wav")).collect();
    calls.push(site.call("good", "a.wav", "in/a.wav"));
    let output = site.cut(&calls, &[]);
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    let cut: Vec<String> = index(&site.at("clips")).into_iter().map(|row| row["call_id"].clone()).collect();
    assert_eq!(cut, ["good"]);
    for at in 0..names.len() {
        let line =
            stdout(&output).lines().find(|line| line.starts_with(&format!("failed: bad-{at},"))).map(str::to_owned);
        assert!(
            line.as_ref().is_some_and(|line| line.contains("leads out of the folder of recordings")),
            "{at}: {line:?}"
        );
    }
}

#[test]
fn no_cell_is_a_formula_and_no_id_is_a_path() {
    let site = Site::new();
    let ids = ["=HYPERLINK(\"http://x\")", "../../up", "a/b\\c:d*?\"<>|", "@x", "\u{202e}gpj", "+1", "nul", "NUL"];
    let calls: Vec<CallRow> = ids
        .iter()
        .map(|id| {
            let mut row = call(id, "a.wav", &site.at("in/a.wav"));
            for at in 0..2 {
                let mut one = finding(&format!("{id}/{at}"), Severity::Major, 1_000, 2_000);
                (one.message, one.quote, one.rule) = ("=1+1".into(), "-2,\"3\"\n4".into(), "@SUM(A1)".into());
                row = found(row, one);
            }
            row
        })
        .collect();
    let output = site.cut(&calls, &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let rows = index(&site.at("clips"));
    assert_eq!(rows.len(), 2 * ids.len());
    for row in &rows {
        assert_eq!([&row["message"], &row["quote"], &row["rule"]], ["'=1+1", "'-2,\"3\"\n4", "'@SUM(A1)"]);
        assert!(row.values().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
        assert!(row["clip"].chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{row:?}");
        assert_eq!(row["started_at"], "2026-11-20T22:30:00+08:00");
        assert_is_heard(&site.at("clips"), row, &site.at("in/a.wav"));
    }
    let names: BTreeSet<String> = rows.iter().map(|row| row["clip"].to_lowercase()).collect();
    assert_eq!(names.len(), rows.len(), "no two are one where case does not count");
    assert!(!site.at("up").exists() && files_below(&site.at("clips")).len() == rows.len() + 3);
}

#[test]
fn findings_on_trial_and_excused_ones_are_cut_only_when_asked_for() {
    let site = Site::new();
    let mut row = call("call", "a.wav", &site.at("in/a.wav"));
    let (mut trial, mut excused) =
        (finding("trial", Severity::Major, 1_000, 2_000), finding("excused", Severity::Minor, 1_000, 2_000));
    trial.status = RuleStatus::Trial;
    excused.excused_by = Some("script greeting".into());
    for one in [finding("plain", Severity::Note, 1_000, 2_000), trial, excused] {
        row = found(row, one);
    }
    dataset(&site.at("results"), &[row]);
    let cases: [(&[&str], &[&str]); 4] = [
        (&[], &["plain"]),
        (&["--trial"], &["trial", "plain"]),
        (&["--excused"], &["excused", "plain"]),
        (&["--trial", "--excused"], &["trial", "excused", "plain"]),
    ];
    for (flags, expected) in cases {
        let out = site.at(&format!("clips{}", flags.concat()));
        let output = cut(&site.at("results"), &site.at("in"), &out, flags);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let rows = index(&out);
        assert_eq!(rows.iter().map(|row| row["finding_id"].as_str()).collect::<Vec<_>>(), expected, "{flags:?}");
        for row in &rows {
            let is_trial = row["finding_id"] == "trial";
            assert_eq!(row["rule_status"], if is_trial { "trial" } else { "active" });
            assert_eq!(row["excused_by"], if row["finding_id"] == "excused" { "script greeting" } else { "" });
        }
    }
}

#[test]
fn recordings_of_every_format_are_cut_at_their_own_rate() {
    let site = Site::new();
    let mut names = vec![
        "gsm.gsm",
        "gsm49.wav",
        "g722.wav",
        "vbr.mp3",
        "mp3.wav",
        "amr-nb.amr",
        "opus.webm",
        "vorbis.ogg",
        "aac.m4a",
        "pcm.w64",
        "mulaw.au",
    ];
    if decoding::has("ffmpeg") {
        names.extend(["speex.spx", "wma.wma"]);
    }
    let recording = |name: &str| packaged("fixtures/formats").join(name);
    let row = |name: &&str| found(call(name, name, &recording(name)), finding(name, Severity::Major, 60, 160));
    dataset(&site.at("results"), &names.iter().map(row).collect::<Vec<_>>());
    let out = site.at("clips");
    let output = cut(&site.at("results"), &packaged("fixtures/formats"), &out, &["--pad", "0s"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let rows = index(&out);
    assert_eq!(rows.len(), names.len());
    for row in &rows {
        assert_eq!((number(row, "clip_start_ms"), number(row, "clip_end_ms")), (60, 160));
        let (samples, ..) = assert_is_heard(&out, row, &recording(&row["recording"]));
        assert_eq!(samples[0].len() as i64 * 10, number(row, "rate_hz"), "a tenth of a second: {row:?}");
    }
}

#[test]
fn a_masked_name_leads_to_its_recording_and_no_number_is_shown() {
    let folder = TempDir::new().expect("a temporary folder");
    let at = |path: &str| folder.path().join(path);
    let segments = [
        (0, 500, 5_000, "您好,这里是云杉银行。"),
        (1, 5_500, 10_500, "你好,请说。"),
        (0, 11_000, 15_000, "再不还款我们会派人到你家里。"),
    ];
    for name in ["13800138000_a", "13800138001_a"] {
        write(&at(&format!("in/{name}.wav")), call_wav(20.0));
        write(&at(&format!("in/{name}.transcript.json")), common::transcript(&segments));
    }
    assert_eq!(callsift(folder.path(), &["inspect", "in", "--out", "results"]).status.code(), Some(0));
    for (out, recordings) in [("clips", "in"), ("from-above", ".")] {
        let arguments = ["clips", "results", "--recordings", recordings, "--out", out, "--severity", "critical"];
        let output = callsift(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        let rows = index(&at(out));
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows.iter().all(|row| row["recording"].starts_with("███████████_a.wav~")), "{rows:?}");
        let shown = format!("{}{}{rows:?}", stdout(&output), stderr(&output));
        assert!(!shown.contains("1380013"), "{shown}");
    }
}
