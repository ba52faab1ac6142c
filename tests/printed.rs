//! What is printed promises: nothing steers a terminal, colours only where they are wanted, Chinese for who reads Chinese, a stable form for
//! scripts, nothing where it is quiet, and dry runs that touch nothing.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{call_wav, callsift, callsift_in, files_below, packaged, python_has, stderr, stdout, transcript, write};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A threat, which is critical.
const THREAT: [(u16, i64, i64, &str); 3] = [
    (0, 500, 5_000, "您好,这里是云杉银行。"),
    (1, 5_500, 9_000, "你好你好,请说吧。"),
    (0, 9_500, 14_000, "再不还款我们会派人到你家里。"),
];

/// What a name may hold to steer a terminal: a title, red, a bell, back to the start of the line, C1's CSI, text turned round.
const NASTY: &str = "\u{1b}]0;owned\u{7}\u{1b}[31mred\r\u{9b}2J\u{202e}gnp\u{2066}x\u{2069}\u{202a}";

fn steers(c: char) -> bool {
    c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A folder with one threatening call in `in`, which is not judged yet.
fn site() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("in/chat.transcript.json"), transcript(&THREAT));
    folder
}

fn inspected(folder: &Path, out: &str, more: &[&str]) -> Output {
    let output = callsift(folder, &[&["inspect", "in", "--out", out], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&stdout(output))
        .unwrap_or_else(|error| panic!("{error}: {}{}", stdout(output), stderr(output)))
}

#[test]
fn names_cannot_steer_the_terminal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    // A file that cannot be read, named so; a call, an agent and a team named so; words that are quoted so.
    write(&at(&format!("in/bad{NASTY}.wav")), b"no sound");
    let (bidi, mut segments) = ("\u{202e}gnp\u{2066}", THREAT);
    let quoted = format!("再不还款我们会派人到{bidi}你家里。");
    segments[2].3 = &quoted;
    write(&at("in/chat.json"), transcript(&segments));
    let manifest = format!("call_id,transcript,agent_id,team,agentid\nc{NASTY},chat.json,a{NASTY},t{NASTY},x\n");
    write(&at("in/manifest.csv"), manifest.replace('\r', ""));
    let (nasty_folder, nasty_flag) = (format!("out{NASTY}"), format!("--{NASTY}"));
    let (nasty_rules, nasty_column) = (format!("rules{NASTY}"), format!("column{NASTY}"));
    write(&at(&nasty_rules).join("pack.toml"), "id = 1");
    write(&at("bad.csv"), format!("{nasty_column},{nasty_column},call_id\n1,2,3\n").replace('\r', ""));
    let runs: [&[&str]; 12] = [
        &["inspect", "in", "--out", &nasty_folder],
        &["inspect", "in", "--out", &nasty_folder, "--format", "json", "--log-format", "json"],
        &["inspect", "in", "--out", "dry", "--dry-run"],
        &["status", &nasty_folder],
        &["status", &nasty_folder, "--format", "json"],
        &["recheck", &nasty_folder, "--out", "again", "--scorecard", "cn-collections"],
        &["diff", &nasty_folder, "again"],
        &["diff", &nasty_folder, "again", "--format", "jsonl"],
        &["inspect", "in", "--out", "x", "--manifest", "bad.csv", "--rules", &nasty_rules],
        &["status", NASTY],
        &["probe", NASTY],
        &["status", &nasty_flag],
    ];
    for args in runs {
        let output = callsift(folder.path(), &[&["--color", "always"], args].concat());
        let said = stdout(&output) + &stderr(&output);
        assert!(!said.is_empty(), "{args:?}");
        // The colours are ours, and nothing else of theirs is left.
        let ours = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"];
        let plain = ours.iter().fold(said, |said, code| said.replace(code, ""));
        assert!(!plain.contains(steers) && !plain.contains("\nowned"), "{args:?}: {plain:?}");
    }
    assert!(at(&nasty_folder).join("calls").is_dir(), "the first run wrote");
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let folder = site();
    assert!(!stdout(&inspected(folder.path(), "plain", &[])).contains('\u{1b}'));
    let coloured = stdout(&inspected(folder.path(), "asked", &["--color", "always"]));
    assert!(
        coloured.contains("\u{1b}[33mreview\u{1b}[0m") && coloured.contains("\u{1b}[31mcritical\u{1b}[0m"),
        "{coloured}"
    );
    if !python_has("pty") {
        return;
    }
    let on_a_terminal = |more: &[&str], envs: &[(&str, &str)]| {
        let python = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
        let output = Command::new("python3")
            .args([&["-c", python, env!("CARGO_BIN_EXE_callsift"), "status", "plain"], more].concat())
            .current_dir(folder.path())
            .env_remove("NO_COLOR")
            .envs([("TERM", "xterm"), ("LC_ALL", "C")])
            .envs(envs.iter().copied())
            .output()
            .expect("python3 runs");
        assert!(stdout(&output).contains("1 call, 1 day"), "{}", stdout(&output));
        stdout(&output).contains('\u{1b}')
    };
    assert!(on_a_terminal(&[], &[]));
    assert!(!on_a_terminal(&[], &[("NO_COLOR", "1")]));
    assert!(on_a_terminal(&[], &[("NO_COLOR", "")]), "an empty one is none");
    assert!(!on_a_terminal(&["--color", "never"], &[]));
    assert!(!on_a_terminal(&[], &[("TERM", "dumb")]));
}

#[test]
fn summaries_are_in_the_language_of_who_reads_them() {
    let folder = site();
    write(&folder.path().join("in/broken.wav"), b"");
    let run = |locale: &str, args: &[&str]| stdout(&callsift_in(locale, folder.path(), args));
    let chinese = "zh_CN.UTF-8";
    let summary = run(chinese, &["inspect", "in", "--out", "out"]);
    for part in
        ["检查了 2 通电话", "待复核 1", "问题最重的通话", "严重：", "没有读出或没有读全", "检查失败 1", "建议："]
    {
        assert!(summary.contains(part), "{part} is not in\n{summary}");
    }
    assert!(!summary.contains("calls"), "{summary}");
    let status = run(chinese, &["status", "out"]);
    assert!(status.contains("2 通电话，1 天，1 个批次。") && status.contains("完成"), "{status}");
    let again = run(chinese, &["recheck", "out", "--out", "again", "--scorecard", "cn-collections"]);
    assert!(again.contains("重新评判了 2 通电话") && again.contains("1 通电话的评判有变化"), "{again}");
    let differs = run(chinese, &["diff", "out", "again"]);
    assert!(differs.contains("两个数据集都有的：2 通电话。") && differs.contains("规则"), "{differs}");
    assert!(run(chinese, &["--display-language", "en", "status", "out"]).contains("2 calls, 1 day, 1 batch."));
    assert!(run("C", &["status", "out", "--display-language", "zh"]).contains("2 通电话"));
    assert!(run("C", &["status", "out"]).contains("2 calls"));
}

#[test]
fn scripts_get_a_form_that_stays() {
    let folder = site();
    let summary = json(&inspected(folder.path(), "out", &["--format", "json"]));
    let keys: Vec<&String> = summary.as_object().expect("an object").keys().collect();
    let expected = [
        "command",
        "counts",
        "elapsed_s",
        "history",
        "in_force_mode",
        "inputs",
        "languages_without_rules",
        "out",
        "recordings",
        "rules_locked_by_column",
        "ruleset_hash",
        "run",
        "shard",
        "started_at",
        "threads",
        "tool_version",
        "troubles",
        "worst",
    ];
    assert_eq!(keys, expected);
    assert_eq!(summary["counts"]["verdicts"]["review"], 1);
    assert_eq!((summary["worst"][0]["severity"].as_str(), summary["out"].as_str()), (Some("critical"), Some("out")));
    let again = callsift(
        folder.path(),
        &["recheck", "out", "--out", "again", "--scorecard", "cn-collections", "--format", "json"],
    );
    let again = json(&again);
    assert_eq!((again["counts"]["calls"].as_u64(), again["changes"]["changed_calls"].as_u64()), (Some(1), Some(1)));
    let differs = callsift(folder.path(), &["diff", "out", "again", "--format", "json"]);
    assert_eq!(differs.status.code(), Some(1));
    assert_eq!(json(&differs)["changes"], again["changes"]);
}

#[test]
fn quiet_says_nothing_but_errors() {
    let folder = site();
    let quiet = inspected(folder.path(), "out", &["--quiet"]);
    assert_eq!(stdout(&quiet) + &stderr(&quiet), "");
    let again = callsift(folder.path(), &["recheck", "out", "--out", "again", "-q"]);
    assert_eq!((again.status.code(), stdout(&again) + &stderr(&again)), (Some(0), String::new()));
    write(&folder.path().join("in/broken.wav"), b"");
    let failed = callsift(folder.path(), &["inspect", "in", "--out", "out", "--quiet"]);
    assert_eq!((failed.status.code(), stdout(&failed)), (Some(1), String::new()));
    assert_eq!(stderr(&failed), "ERROR 1 of 2 calls failed: see calls.error in out\n");
    let none = callsift(folder.path(), &["inspect", "gone", "--out", "out", "--quiet"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("no such file or folder") && stdout(&none).is_empty(), "{}", stderr(&none));
}

/// Every file below, with its bytes.
fn all(folder: &Path) -> Vec<(String, Vec<u8>)> {
    files_below(folder).into_iter().map(|(name, path)| (name, std::fs::read(path).expect("readable"))).collect()
}

#[test]
fn a_dry_run_tells_what_would_be_done_and_touches_nothing() {
    let folder = site();
    write(&folder.path().join("in/a.wav"), call_wav(18.0));
    let command = ["inspect", "in", "--out", "out", "--dry-run"];
    let before = all(folder.path());
    let first = callsift(folder.path(), &command);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let said = stdout(&first);
    for part in [
        "Dry run: nothing is written.",
        "2 calls would be inspected, 0.01 h of sound (0.6 MB).",
        "scorecard",
        "default",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(all(folder.path()) == before && !folder.path().join("out").exists(), "nothing is there that was not");
    inspected(folder.path(), "out", &[]);
    write(&folder.path().join("in/b.wav"), call_wav(17.0));
    write(&folder.path().join("in/a.json"), transcript(&THREAT));
    let before = all(folder.path());
    let counts = json(&callsift(folder.path(), &[&command[..], &["--format", "json"]].concat()))["counts"].clone();
    let expected = [("calls", 2), ("already_there", 1), ("replaced", 1), ("audio_ms", 35_000), ("unknown_lengths", 0)];
    for (key, value) in expected {
        assert_eq!(counts[key], value, "{key} of {counts}");
    }
    let again = ["recheck", "out", "--out", "again", "--dry-run"];
    let said = stdout(&callsift(folder.path(), &again));
    assert!(
        said.contains("2 calls in 1 batch would be judged again: ") && said.contains("Results would be in: again"),
        "{said}"
    );
    let compact = callsift(folder.path(), &["compact", "out", "--dry-run"]);
    assert_eq!(stdout(&compact), "1 batches would be 1.\n");
    assert!(all(folder.path()) == before, "nothing is touched");
    assert_eq!(inspected(folder.path(), "out", &[]).status.code(), Some(0));
    let batches = stdout(&callsift(folder.path(), &["compact", "out", "--dry-run"]));
    let joined = stdout(&callsift(folder.path(), &["compact", "out"]));
    assert_eq!(batches.replace("would be", "are"), joined.replace(" now.", "."));
    inspected(folder.path(), "again", &[]);
    let foreign = callsift(&packaged(""), &["inspect", "fixtures/calls", "--out", "docs", "--dry-run"]);
    assert_eq!(foreign.status.code(), Some(2), "{}", stdout(&foreign));
}

#[test]
fn mistyped_names_are_met_with_what_may_be_meant() {
    let folder = site();
    write(&folder.path().join("in/manifest.csv"), "call_id,transcript,agentid\nchat,chat.transcript.json,7\n");
    write(&folder.path().join("no-id.csv"), "callid,transcript\nchat,in/chat.transcript.json\n");
    let cases: [(&[&str], &str); 10] = [
        (&["rules", "show", "cn-collections.threat-of-visits"], "did you mean `cn-collections.threat-of-visit`"),
        (&["inspect", "in", "--out", "x", "--scorecard", "cn-colections"], "did you mean `cn-collections`"),
        (&["schema", "finding"], "did you mean `findings`?"),
        (&["inspect", "in", "--out", "x", "--manifest", "no-id.csv"], "did you mean `callid`?"),
        (&["inspect", "in", "--out", "x", "--transcript-format", "funasar"], "did you mean `funasr`?"),
        (&["inspect", "in", "--out", "x", "--engine", "sherpas"], "did you mean `sherpa`?"),
        (&["inspect", "in", "--out", "x", "--timezone", "Asia/Shanghia"], "did you mean `Asia/Shanghai`"),
        (&["inspect", "in", "--out", "x", "--keep-manifest-columns", "call_ids"], "did you mean `call_id`?"),
        (&["inspct", "in"], "inspect"),
        (&["inspect", "in", "--out", "x"], "did you mean `agent_id`?"),
    ];
    for (args, hint) in cases {
        let output = callsift(folder.path(), args);
        assert!(stderr(&output).contains(hint), "{args:?}: {}", stderr(&output));
    }
}
