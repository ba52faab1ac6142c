//! Shares of the work, in processes that know nothing of one another: together they write what one would have written.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::said::{assert_same, of_dataset};
use common::{callsift, stderr, stdout, transcript, voice, wav, write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CALLS: usize = 60;

/// Short calls of three days, half of them in a manifest.
fn make_calls(folder: &Path) {
    let sound = wav(8000, &[voice(0.4, 180.0, &[(0.0, 0.3)]), voice(0.4, 110.0, &[(0.2, 0.4)])]);
    let mut manifest = String::from("call_id,recording,transcript,started_at,agent_id,customer_id\n");
    for call in 0..CALLS {
        write(&folder.join(format!("rec/{call}.wav")), &sound);
        write(
            &folder.join(format!("rec/{call}.json")),
            transcript(&[(0, 0, 180, "你这个老赖。"), (1, 200, 380, "好")]),
        );
        if call % 2 == 0 {
            let (day, agent, customer) = (10 + call % 3, call % 4, call % 5);
            manifest.push_str(&format!(
                "call-{call},rec/{call}.wav,rec/{call}.json,2026-11-{day}T09:00:{call:02}+08:00,agent-{agent},c-{customer}\n"
            ));
        }
    }
    write(&folder.join("manifest.csv"), manifest);
}

fn inspect(folder: &Path, out: &str, shard: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callsift"));
    command.args(["inspect", ".", "--progress", "never", "--threads", "2", "--out", out, "--shard", shard]);
    command.current_dir(folder).envs([("NO_COLOR", "1"), ("LC_ALL", "C")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ends(child: Child, name: &str) -> String {
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{name}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn shares_make_a_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    make_calls(at);
    let plain = callsift(at, &["inspect", ".", "--out", "plain"]);
    assert!(plain.status.success(), "{}", stderr(&plain));
    let plain = of_dataset(&at.join("plain"));
    // Two at once; one is killed while it writes, and repeated; one is told by its job which it is.
    let two = ["0/4", "1/4"].map(|shard| inspect(at, "out", shard).spawn().expect("it starts"));
    for (child, name) in two.into_iter().zip(["0/4", "1/4"]) {
        ends(child, name);
    }
    let mut killed = inspect(at, "out", "2/4").env("CALLSIFT_PAUSE", "rename=300").spawn().expect("it starts");
    let is_writing = || {
        let records = std::fs::read_dir(at.join("out/_commits")).expect("listed");
        records.filter_map(Result::ok).any(|entry| entry.path().extension().is_some_and(|it| it == "json"))
    };
    while !is_writing() {
        assert!(killed.try_wait().expect("asked").is_none(), "it ended before it was seen to write");
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().expect("killed");
    killed.wait().expect("dead");
    ends(inspect(at, "out", "2/4").spawn().expect("it starts"), "2/4");
    let mut last = inspect(at, "out", "auto/4");
    ends(last.env("JOB_COMPLETION_INDEX", "3").spawn().expect("it starts"), "auto/4");
    assert_same(&of_dataset(&at.join("out")), &plain);
    let again = callsift(at, &["inspect", ".", "--out", "out"]);
    assert!(stdout(&again).contains("Inspected 0 calls"), "{}", stdout(&again));

    for shard in ["2/3", "0/3", "1/3"] {
        let again = callsift(at, &["recheck", "out", "--out", "again", "--in-force", "2020-01-01", "--shard", shard]);
        assert!(again.status.success(), "{shard}: {}", stderr(&again));
    }
    let whole = callsift(at, &["recheck", "plain", "--out", "whole", "--in-force", "2020-01-01"]);
    assert!(whole.status.success(), "{}", stderr(&whole));
    assert_same(&of_dataset(&at.join("again")), &of_dataset(&at.join("whole")));
}

#[test]
fn a_share_that_is_none_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    make_calls(folder.path());
    for (shard, sentence) in [("4/4", "there is no share 4/4"), ("1", "such as 0/4"), ("auto/4", "is set")] {
        let refused = callsift(folder.path(), &["inspect", ".", "--out", "out", "--shard", shard]);
        assert_eq!(refused.status.code(), Some(2), "{shard}");
        assert!(stderr(&refused).contains(sentence), "{shard}: {}", stderr(&refused));
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn attempts_are_for_the_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    make_calls(at);
    write(&at.join("attempts.csv"), "call_id,ring_at,outcome\ncall-0,2026-11-10T09:00:00+08:00,answered\n");
    let run = |more: &[&str]| {
        let args = ["inspect", ".", "--out", "out", "--attempts", "attempts.csv", "--format", "json"];
        let output = callsift(at, &[&args[..], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        (stdout(&output).contains("\"reconciliation\""), stderr(&output).contains("without --shard"))
    };
    assert_eq!(run(&["--shard", "0/2"]), (false, true));
    assert_eq!(run(&["--shard", "1/2"]), (false, true));
    assert_eq!(run(&[]), (true, false));
}
