//! A run may die at any moment: the same command finishes it, and nothing is lost, judged twice or left behind.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use callsift::dataset::Snapshot;
use common::{callsift, files_below, stderr, stdout, transcript, voice, wav, write};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How many days the calls of a kill test are from: each is a batch at least.
const DAYS: usize = 8;

fn number_from_env(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// `calls` calls of a quarter of a second, over [`DAYS`] days, with a manifest.
fn make_calls(folder: &Path, calls: usize) {
    let sounds: Vec<Vec<u8>> = (0..4)
        .map(|n| {
            wav(8000, &[voice(0.25, 180.0 + 9.0 * f64::from(n), &[(0.0, 0.2)]), voice(0.25, 110.0, &[(0.1, 0.25)])])
        })
        .collect();
    let said = ["您好,这里是云杉银行。", "再不还款我们会派人到你家里。", "你这个老赖。", "请说。"];
    let mut manifest = String::from("call_id,recording,transcript,started_at,agent_id,customer_id,callee_role\n");
    for call in 0..calls {
        write(&folder.join(format!("rec/{call}.wav")), &sounds[call % 4]);
        write(
            &folder.join(format!("text/{call}.json")),
            transcript(&[(0, 0, 120, said[call % 4]), (1, 130, 240, "好")]),
        );
        let (day, minute) = (10 + call % DAYS, call / DAYS % 60);
        manifest.push_str(&format!(
            "call-{call},rec/{call}.wav,text/{call}.json,2026-11-{day}T09:{minute:02}:00+08:00,agent-{},c-{},debtor\n",
            call % 7,
            call % 50
        ));
    }
    write(&folder.join("manifest.csv"), manifest);
}

/// `callsift inspect` of `calls` into `out`.
fn command(calls: &Path, out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callsift"));
    command.arg("inspect").arg(calls).arg("--out").arg(out).args(["--threads", "4", "--progress", "never"]).args(more);
    command.envs([("NO_COLOR", "1"), ("LC_ALL", "C")]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finish(calls: &Path, out: &Path, more: &[&str]) -> Output {
    command(calls, out, more).output().expect("the binary runs")
}

/// SHA-256 of every table file, by path.
fn tables(out: &Path) -> BTreeMap<String, String> {
    let files = files_below(out).into_iter().filter(|(name, _)| name.ends_with(".parquet"));
    files.map(|(name, path)| (name, format!("{:x?}", Sha256::digest(std::fs::read(path).expect("readable"))))).collect()
}

/// The record of the latest run.
fn latest_run(out: &Path) -> Value {
    let runs = files_below(&out.join("runs"));
    let (_, path) = runs.into_iter().next_back().expect("a run");
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

/// Where a run was when it was killed, as what it left behind shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Decoding,
    Writing,
    BetweenRenames,
    CleanUp,
    Ended,
}

fn moment(out: &Path) -> Moment {
    let names = |folder: &str| -> Vec<PathBuf> {
        walkdir::WalkDir::new(out.join(folder)).into_iter().flatten().map(|entry| entry.into_path()).collect()
    };
    if let Some(record) = names("_commits").iter().find(|path| path.extension().is_some_and(|ending| ending == "json"))
    {
        let record: Value = serde_json::from_slice(&std::fs::read(record).expect("readable")).expect("JSON");
        let is_there = |added: &&Value| out.join(added["path"].as_str().expect("a path")).exists();
        let added = record["add"].as_array().expect("a list");
        let placed = added.iter().filter(is_there).count();
        return if placed == added.len() { Moment::CleanUp } else { Moment::BetweenRenames };
    }
    let drafts = names("_tmp");
    let is_draft = |path: &PathBuf| path.extension().is_some_and(|table| table == "calls" || table == "turns");
    let Some(run) = drafts.iter().find_map(|path| path.strip_prefix(out.join("_tmp")).ok()?.iter().next()) else {
        return if out.join("runs").exists() { Moment::Ended } else { Moment::Decoding };
    };
    let record = std::fs::read_to_string(out.join("runs").join(run).with_extension("json"));
    match record {
        _ if drafts.iter().any(is_draft) => Moment::Writing,
        Ok(record) if !record.contains("\"status\": \"running\"") => Moment::CleanUp,
        _ => Moment::Decoding,
    }
}

/// How many calls are committed that were inspected under the settings of the run.
fn committed(out: &Path, settings: &str) -> usize {
    let Ok(snapshot) = Snapshot::open(out) else { return 0 };
    let calls = snapshot.committed_calls().expect("calls are readable, each once");
    calls.values().filter(|(key, _)| key.settings_hash == settings).count()
}

fn copy(from: &Path, to: &Path) {
    for (name, path) in files_below(from) {
        write(&to.join(name), std::fs::read(path).expect("readable"));
    }
}

/// A run that is killed again and again, each time from the same start.
struct Trial<'a> {
    calls: &'a Path,
    /// The dataset it starts from, if any.
    start: Option<&'a Path>,
    flags: &'a [&'a str],
    whole: BTreeMap<String, String>,
    settings: String,
    lasts: Duration,
}

impl<'a> Trial<'a> {
    fn of(calls: &'a Path, start: Option<&'a Path>, flags: &'a [&'a str]) -> Self {
        let out = tempfile::tempdir().expect("a folder");
        let out = out.path().join("out");
        start.into_iter().for_each(|start| copy(start, &out));
        let started = Instant::now();
        let output = paused(calls, &out, flags).wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let lasts = started.elapsed();
        let calls_there = Snapshot::open(&out).expect("a dataset").committed_calls().expect("readable");
        let settings = calls_there.values().next().expect("a call").0.settings_hash.clone();
        Self { calls, start, flags, whole: tables(&out), settings, lasts }
    }

    /// Kills the run after `share` of the time it takes, runs the same command again and checks what is there.
    fn kill(&self, share: f64, total: usize) -> Moment {
        let out = tempfile::tempdir().expect("a folder");
        let out = out.path().join("out");
        self.start.into_iter().for_each(|start| copy(start, &out));
        let mut child = paused(self.calls, &out, self.flags);
        std::thread::sleep(self.lasts.mul_f64(share));
        child.kill().expect("killed");
        child.wait().expect("dead");
        let when = format!("killed after {share:.3} of {:?}", self.lasts);
        let (moment, before) = (moment(&out), committed(&out, &self.settings));

        let output = finish(self.calls, &out, self.flags);
        assert_eq!(output.status.code(), Some(0), "{when}: {}", stderr(&output));
        let counts = &latest_run(&out)["counts"];
        assert_eq!(counts["already_there"], before, "{when}: committed calls are judged again, or lost");
        assert_eq!(counts["calls"], total - before, "{when}");
        assert_eq!(tables(&out), self.whole, "{when}: tables differ from those of a run that was let be");
        let snapshot = Snapshot::open(&out).expect("a dataset");
        assert_eq!(snapshot.strays().expect("readable"), [""; 0], "{when}");
        assert_eq!(snapshot.unfinished, 0, "{when}");
        assert!(!out.join("_tmp").exists(), "{when}: drafts are left");
        moment
    }
}

/// The run with pauses after renames and removals, so that kills land there.
fn paused(calls: &Path, out: &Path, flags: &[&str]) -> Child {
    command(calls, out, flags).env("CALLSIFT_PAUSE", "rename=12,remove=6").spawn().expect("it starts")
}

#[test]
fn killed_runs_are_finished_by_the_same_command() {
    let (kills, total) = (number_from_env("CALLSIFT_KILLS", 8), number_from_env("CALLSIFT_KILL_CALLS", 64));
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path(), total);
    let old = folder.path().join("old");
    assert_eq!(finish(folder.path(), &old, &[]).status.code(), Some(0));
    let flags = ["--language", "zh"];
    // The second replaces every call.
    let trials = [Trial::of(folder.path(), None, &flags), Trial::of(folder.path(), Some(&old), &flags)];
    let mut moments = BTreeMap::new();
    for kill in 0..kills {
        let share = (kill as f64 + 0.5) / kills as f64;
        *moments.entry(trials[kill % 2].kill(share, total)).or_insert(0) += 1;
    }
    println!("{kills} kills of runs over {total} calls: {moments:?}");
    if kills >= 300 {
        for moment in [Moment::BetweenRenames, Moment::CleanUp] {
            assert!(moments.get(&moment).is_some_and(|count| *count >= 30), "{moment:?}: {moments:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_signal_lets_what_is_begun_be_finished() {
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path(), 80);
    let (out, whole) = (folder.path().join("out"), folder.path().join("whole"));
    assert_eq!(finish(folder.path(), &whole, &[]).status.code(), Some(0));
    let child = paused(folder.path(), &out, &[]);
    while !Snapshot::open(&out).is_ok_and(|snapshot| snapshot.batches().len() > 0) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let signalled = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(signalled.success());
    let output = child.wait_with_output().expect("it ends");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(75), "{text}");
    assert!(text.contains("Stopped: ") && text.contains("the same command does the rest"), "{text}");
    assert_eq!(latest_run(&out)["status"], "stopped");
    let done = Snapshot::open(&out).expect("a dataset").committed_calls().expect("readable").len();
    assert!((10..80).contains(&done), "{done} calls were done");
    assert_eq!(latest_run(&out)["counts"]["not_begun"], 80 - done);
    assert_eq!(finish(folder.path(), &out, &[]).status.code(), Some(0));
    assert_eq!(tables(&out), tables(&whole));
}

#[test]
fn two_runs_at_once_share_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path(), 64);
    let out = folder.path().join("out");
    let runs = [command(folder.path(), &out, &[]).spawn(), command(folder.path(), &out, &[]).spawn()];
    for run in runs {
        let output = run.expect("it starts").wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    assert_eq!(Snapshot::open(&out).expect("a dataset").committed_calls().expect("each once").len(), 64);
    let again = finish(folder.path(), &out, &[]);
    assert_eq!(latest_run(&out)["counts"]["already_there"], 64, "{}", stdout(&again));
    assert!(!out.join("_tmp").exists());
}

#[test]
fn a_call_that_brings_down_two_runs_is_set_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path(), 24);
    let out = folder.path().join("out");
    let run = || command(folder.path(), &out, &[]).env("CALLSIFT_CRASH_AT", "call-13").output().expect("it runs");
    for _ in 0..2 {
        assert_eq!(run().status.code(), None, "the call brings it down");
    }
    let third = run();
    assert_eq!(third.status.code(), Some(1), "{}", stdout(&third));
    assert!(stdout(&third).contains("call-13: callsift stumbled over this call"), "{}", stdout(&third));
    let calls = Snapshot::open(&out).expect("a dataset").committed_calls().expect("readable");
    assert_eq!((calls.len(), calls["call-13"].0.error_code.as_deref()), (24, Some("crashed_tool")));
    // It is not tried again, and nothing is suspect that was merely there.
    let fourth = run();
    assert_eq!((fourth.status.code(), latest_run(&out)["counts"]["already_there"].as_u64()), (Some(1), Some(24)));

    // Calls that were there when a run was killed twice, and do no harm, are inspected.
    let out = folder.path().join("harmless");
    for _ in 0..3 {
        let mut child = paused(folder.path(), &out, &[]);
        std::thread::sleep(Duration::from_millis(60));
        child.kill().expect("killed");
        child.wait().expect("dead");
    }
    let last = finish(folder.path(), &out, &[]);
    assert_eq!(last.status.code(), Some(0), "{}", stdout(&last));
}

/// The rows that matter of every call: date, transcript, version of the metadata.
fn rows(out: &Path) -> BTreeMap<String, (String, Option<String>)> {
    let calls = Snapshot::open(out).expect("a dataset").committed_calls().expect("each call once");
    let row = |(key, batch): (callsift::tables::CallKey, callsift::dataset::CommittedBatch)| {
        (batch.date.map(|date| date.to_string()).unwrap_or_default(), key.transcript_sha256)
    };
    calls.into_iter().map(|(call_id, call)| (call_id, row(call))).collect()
}

/// A folder of 24 calls and the dataset that they were inspected into.
struct Inspected {
    folder: tempfile::TempDir,
    out: PathBuf,
}

impl Inspected {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        make_calls(folder.path(), 24);
        let out = folder.path().join("out");
        assert_eq!(finish(folder.path(), &out, &[]).status.code(), Some(0));
        Self { folder, out }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes the manifest.
    fn edit(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path("manifest.csv")).expect("readable");
        assert!(text.contains(from), "{from}");
        std::fs::write(self.path("manifest.csv"), text.replace(from, to)).expect("written");
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect("removed");
    }

    /// Inspects again; its exit code.
    fn again(&self, flags: &[&str]) -> Option<i32> {
        finish(self.folder.path(), &self.out, flags).status.code()
    }

    /// Inspects again without trouble: calls inspected, left as they are, replaced, and not kept any more.
    fn counts(&self) -> [u64; 4] {
        assert_eq!(self.again(&[]), Some(0));
        let counts = latest_run(&self.out)["counts"].clone();
        ["calls", "already_there", "replaced", "gone"].map(|name| counts[name].as_u64().expect("a count"))
    }
}

#[test]
fn what_changed_is_replaced_and_the_rest_is_left() {
    let calls = Inspected::new();
    let first = rows(&calls.out);
    assert_eq!(calls.counts(), [0, 24, 0, 0], "nothing changed");

    calls.edit("text/3.json,2026-11-13T09:00", "text/3.json,2026-11-20T09:00");
    assert_eq!(calls.counts(), [1, 23, 1, 0], "a corrected date");
    assert_eq!((rows(&calls.out)["call-3"].0.as_str(), rows(&calls.out).len()), ("2026-11-20", 24));
    assert!(!tables(&calls.out).keys().any(|path| path.contains("date=2026-11-13") && path.contains("call-3")));

    write(&calls.path("text/5.json"), transcript(&[(0, 0, 120, "我们会派人到你家里。")]));
    assert_eq!(calls.counts(), [1, 23, 1, 0], "a changed transcript");
    assert_ne!(rows(&calls.out)["call-5"].1, first["call-5"].1);

    let late = "late,rec/0.wav,text/0.json,2026-11-10T08:00:00+08:00,agent-1,c-99,debtor\n";
    calls.edit("call-0,", &format!("{late}call-0,"));
    assert_eq!(calls.counts(), [1, 24, 0, 0], "a late call");
    assert_eq!(rows(&calls.out).len(), 25);
}

#[test]
fn what_is_not_kept_any_more_stays_as_it_was() {
    let calls = Inspected::new();
    let first = rows(&calls.out);
    calls.remove("rec/7.wav");
    assert_eq!(calls.counts(), [0, 23, 0, 1], "a recording that is not kept any more");
    calls.edit("call-7,rec", "other-7,rec");
    calls.remove("text/7.json");
    assert_eq!(calls.again(&[]), Some(1), "a call that never was there, and is not");
    assert_eq!((rows(&calls.out).len(), &rows(&calls.out)["call-7"]), (25, &first["call-7"]));
    calls.again(&["--force"]);
    assert_eq!(latest_run(&calls.out)["counts"]["calls"], 24, "all but the one whose recording is gone");
    assert_eq!(rows(&calls.out).len(), 25);
}

#[test]
fn times_of_files_that_changed_alone_cost_a_look_at_their_contents() {
    let calls = Inspected::new();
    calls.edit("call-7,rec/7.wav,text/7.json", "other-7,rec/none.wav,text/none.json");
    assert_eq!(calls.again(&[]), Some(1));
    let touched = calls.path("rec/9.wav");
    let bytes = std::fs::read(&touched).expect("readable");
    std::fs::write(&touched, bytes).expect("written");
    let before = tables(&calls.out);
    for flags in [&[][..], &["--verify"]] {
        assert_eq!(calls.again(flags), Some(1));
        assert_eq!(tables(&calls.out), before, "{flags:?}");
        assert_eq!(latest_run(&calls.out)["counts"]["calls"], 1, "the failed call alone is tried again: {flags:?}");
    }
}

#[test]
fn what_is_no_folder_or_no_dataset_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path(), 8);
    let file = folder.path().join("file");
    write(&file, "not a folder");
    let output = finish(folder.path(), &file.join("out"), &[]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("choose another folder"), "{}", stderr(&output));
    let nowhere = callsift(folder.path(), &["status", "nowhere"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("holds no dataset"), "{}", stderr(&nowhere));
}

#[test]
fn a_full_disk_is_said_and_what_was_committed_stays() {
    let Some(disk) = SmallDisk::mount() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path(), 200);
    let out = disk.0.join("out");
    let output = finish(folder.path(), &out, &[]);
    assert_eq!(output.status.code(), Some(74), "{}", stdout(&output));
    assert!(stderr(&output).contains("free some space and run the same command again"), "{}", stderr(&output));
    let there = Snapshot::open(&out).expect("a dataset").committed_calls().expect("readable").len();
    assert!(there < 200, "the disk was not full");
    let again = finish(folder.path(), &out, &[]);
    assert_eq!(again.status.code(), Some(74), "{}", stderr(&again));
    disk.grow();
    let last = finish(folder.path(), &out, &[]);
    assert_eq!(last.status.code(), Some(0), "{}", stderr(&last));
    let whole = folder.path().join("whole");
    assert_eq!(finish(folder.path(), &whole, &[]).status.code(), Some(0));
    assert_eq!(tables(&out), tables(&whole));
}

/// A file system in memory of a megabyte, where this user may mount one.
struct SmallDisk(PathBuf, #[expect(dead_code, reason = "goes with it")] tempfile::TempDir);

impl SmallDisk {
    #[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().join("disk");
        std::fs::create_dir(&at).expect("made");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=700k", "tmpfs"]).arg(&at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at, folder));
        }
        eprintln!("SKIPPED: this user may not mount a small disk; run it as root to see what a full one does");
        None
    }

    fn grow(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&self.0).status();
        assert!(grown.is_ok_and(|status| status.success()));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
