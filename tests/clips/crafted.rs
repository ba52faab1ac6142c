//! Datasets that are made up: what is in them leads nowhere but to recordings, and is written down safely.

use crate::common::{self, call_wav, callsift, files_below, packaged, stderr, stdout, voice, wav, write};
use crate::made::{call, dataset, finding, found};
use crate::{assert_is_heard, cut, decoding, index, number, text};
use callsift::audio::decode::DecodeOptions;
use callsift::batch::Days;
use callsift::batch::clips::{ClipFolder, ClipsOptions, Cutting, Selection, clips};
use callsift::batch::recordings::RecordingFolders;
use callsift::dataset::Snapshot;
use callsift::events::Unwatched;
use callsift::finding::{RuleStatus, Severity};
use callsift::tables::Row as CallRow;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

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
