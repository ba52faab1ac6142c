//! Recordings heard by a program: what comes of its answers, its failures, and the cache of what it said.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{Row, call_wav, callsift, files_below, rows, stderr, stdout, wav, write};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// What every engine of these tests does first: notes that it was asked, and looks whether someone speaks at 1 s, as the agent of
/// [`call_wav`] does and the customer does not.
const HEAR: &str = r#"
echo asked >> asked
speaks() { od -An -v -t d2 -j 16044 -N 4000 "$1" | tr -s ' ' '\n' | awk '{ x = $1 < 0 ? -$1 : $1; if (x > most) most = x } END { exit most < 500 }'; }
say() { printf '{"format": "callsift/transcript", "version": 1, "segments": [{"role": "unknown", "start_ms": %s, "end_ms": %s, "text": "%s"}]}' "$@"; }
"#;

/// An engine that knows the call by heart.
const GOOD: &str =
    r#"if speaks "$1"; then say 1000 4800 您好,今天不还就上门抓你; else say 5600 10400 我下周三发工资就还; fi"#;

/// The one rule: the packs take long to read in a build for tests.
const DOOR: &str = r#"
id = "mine.door"
title = "上门"
status = "active"
severity = "critical"
category = "恐吓"
owner = "合规部"
revision = 1
languages = ["zh"]
what = "以上门相威胁。"
why = "公约第16条。"
misses = "别的说法。"
sources = [{ cite = "自律公约 第16条", confidence = "read" }]
[look_for.door]
speaker = "agent"
words = ["上门抓你"]
[report]
when = "door"
message = "坐席：{quote}"
advice = "只告知还款渠道。"
[[example]]
name = "上门"
report = true
call = """
00:05  agent  今天不还就上门抓你。
"""
[[example]]
name = "不上门"
report = false
call = """
00:05  agent  请放心。
"""
"#;

/// Inspecting `in` with the one rule and the one cache, into what comes next.
const INSPECT: [&str; 8] =
    ["inspect", "in", "--transcript-cache", "cache", "--no-shipped-rules", "--rules", "rules", "--out"];

/// A folder with recordings and an engine.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(recordings: &[&str], engine: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a folder") };
        for (at, name) in recordings.iter().enumerate() {
            // Each is another: what is heard is known again by its samples.
            write(&site.path().join("in").join(name), call_wav(16.0 + at as f64 / 10.0));
        }
        site.engine(engine);
        write(
            &site.path().join("rules/mine/pack.toml"),
            "id = \"mine\"\ntitle = \"门\"\ndescription = \"门\"\nlanguage = \"zh\"\nowner = \"合规部\"\ncounsel = \"无\"\n",
        );
        write(&site.path().join("rules/mine/door.toml"), DOOR);
        site
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn engine(&self, script: &str) {
        write(&self.path().join("engine.sh"), format!("{HEAR}{script}\n"));
    }

    fn run(&self, args: &[&str]) -> Output {
        callsift(self.path(), args)
    }

    /// Inspects `in` into `out`, and wants the exit code.
    fn inspect(&self, more: &[&str], code: i32) -> String {
        let own = ["--command", "sh engine.sh {wav}"];
        let own: &[&str] = if more.contains(&"--engine-config") || more.contains(&"--command") { &[] } else { &own };
        let output = self.run(&[&INSPECT[..], &["out"], own, more].concat());
        assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
        format!("{}{}", stdout(&output), stderr(&output))
    }

    /// How often the engine was asked so far.
    fn asked(&self) -> usize {
        fs::read_to_string(self.path().join("asked")).map_or(0, |asked| asked.lines().count())
    }

    fn rows(&self, table: &str) -> Vec<Row> {
        rows(&self.path().join("out"), table)
    }

    fn entries(&self) -> Vec<PathBuf> {
        let entries = files_below(&self.path().join("cache")).into_iter();
        entries.filter(|(name, _)| name.ends_with(".transcript")).map(|(_, path)| path).collect()
    }
}

#[test]
fn each_channel_is_heard_alone_and_judged_at_its_second() {
    let site = Site::new(&["a.wav"], GOOD);
    site.inspect(&[], 0);
    let turns: Vec<(String, String, String)> = site
        .rows("turns")
        .into_iter()
        .map(|turn| (turn["role"].clone(), turn["start_ms"].clone(), turn["text"].clone()))
        .collect();
    let expected = [("agent", "1000", "您好,今天不还就上门抓你"), ("customer", "5600", "我下周三发工资就还")];
    assert_eq!(turns, expected.map(|(role, start, text)| (role.to_owned(), start.to_owned(), text.to_owned())));
    let threat = site.rows("findings").into_iter().find(|row| row["rule"] == "mine.door");
    let threat = threat.expect("the threat is found");
    assert_eq!((threat["role"].as_str(), threat["start_ms"].as_str()), ("agent", "1000"), "{threat:?}");
    let call = &site.rows("calls")[0];
    assert_eq!((call["engine"].as_str(), call["status"].as_str()), ("command", "ok"), "{call:?}");
}

#[test]
fn what_was_heard_once_is_never_asked_again() {
    let site = Site::new(&["a.wav", "b.wav"], GOOD);
    site.inspect(&[], 0);
    assert_eq!(site.asked(), 4, "two recordings of two channels");
    let first = site.rows("findings");
    for out in ["again", "more"] {
        let line = [&INSPECT[..], &[out, "--command", "sh engine.sh {wav}"]].concat();
        assert_eq!(site.run(&line).status.code(), Some(0));
        let mut again = rows(&site.path().join(out), "findings");
        let mut first = first.clone();
        for row in again.iter_mut().chain(&mut first) {
            row.retain(|column, _| !column.ends_with("_at"));
        }
        assert_eq!(again, first);
    }
    assert_eq!(site.asked(), 4, "the second and third run ask nothing");
}

#[test]
fn the_cache_alone_is_filled_first() {
    let site = Site::new(&["a.wav", "b.wav"], GOOD);
    let line = ["transcribe", "in", "--out", "cache", "--command", "sh engine.sh {wav}"];
    let output = site.run(&line);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("4 channels heard by the engine, 0 channels known before"), "{}", stdout(&output));
    let again = site.run(&line);
    assert!(stdout(&again).contains("0 channels heard by the engine, 4 channels known before"), "{}", stdout(&again));
    site.inspect(&[], 0);
    assert_eq!(site.asked(), 4);
    assert_eq!(site.rows("turns").len(), 4);
}

#[test]
fn a_flipped_byte_is_found_and_the_engine_asked_again() {
    let site = Site::new(&["a.wav"], GOOD);
    site.inspect(&[], 0);
    let entries = site.entries();
    assert_eq!(entries.len(), 2);
    let mut bytes = fs::read(&entries[0]).expect("an entry");
    let middle = bytes.len() * 3 / 4;
    bytes[middle] ^= 0x20;
    fs::write(&entries[0], &bytes).expect("written");
    fs::remove_dir_all(site.path().join("out")).expect("removed");
    let said = site.inspect(&[], 0);
    assert!(said.contains("damaged"), "{said}");
    assert_eq!((site.asked(), site.entries().len()), (3, 2));
    assert_ne!(fs::read(&entries[0]).expect("an entry"), bytes, "the entry was written anew");
    assert_eq!(site.rows("turns").len(), 2);
}

#[test]
fn eight_processes_share_a_cache() {
    let site = Site::new(&["a.wav", "b.wav", "c.wav"], &format!("sleep 0.05\n{GOOD}"));
    let children: Vec<_> = (0..8)
        .map(|number| {
            let out = format!("out-{number}");
            std::process::Command::new(env!("CARGO_BIN_EXE_callsift"))
                .args(INSPECT)
                .args([&out, "--command", "sh engine.sh {wav}"])
                .current_dir(site.path())
                .stdout(std::process::Stdio::null())
                .spawn()
                .expect("started")
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().expect("ended").code(), Some(0));
    }
    let turns = |number: usize| {
        let mut turns = rows(&site.path().join(format!("out-{number}")), "turns");
        turns.iter_mut().for_each(|turn| turn.retain(|column, _| !column.ends_with("_at")));
        turns
    };
    assert_eq!(turns(0).len(), 6);
    for number in 1..8 {
        assert_eq!(turns(number), turns(0), "process {number}");
    }
    assert_eq!(site.entries().len(), 6);
    assert!(files_below(&site.path().join("cache")).iter().all(|(name, _)| !name.ends_with(".draft")));
    let before = site.asked();
    site.inspect(&[], 0);
    assert_eq!(site.asked(), before, "every entry is whole");
}

#[test]
fn a_program_that_takes_too_long_is_ended_with_all_that_it_started() {
    // The engine starts another in the background, and both would go on for an hour.
    let site = Site::new(&["a.wav"], "sleep 3601 & echo $! > left; sleep 3602");
    let said = site.inspect(&["--engine-timeout", "1s"], 1);
    assert!(said.contains("took longer than 1 s"), "{said}");
    let call = &site.rows("calls")[0];
    assert_eq!((call["error_code"].as_str(), call["error_retryable"].as_str()), ("engine_timeout", "true"), "{call:?}");
    assert_eq!(call["status"], "partial", "its sound is judged all the same");
    let left = fs::read_to_string(site.path().join("left")).expect("its number");
    let alive = std::process::Command::new("ps").args(["-o", "stat=", "-p", left.trim()]).output();
    let state = alive.map_or_else(|_| String::new(), |output| stdout(&output));
    assert!(state.trim().is_empty() || state.starts_with('Z'), "{left} goes on: {state}");
}

#[test]
fn a_failure_says_why_without_what_was_heard_and_the_same_command_mends_it() {
    let site = Site::new(&["a.wav", "b.wav"], GOOD);
    // The customer's channels fail.
    site.engine(r#"if speaks "$1"; then say 1000 4800 您好; else echo 'heard 13912345678, no memory' >&2; exit 3; fi"#);
    let said = site.inspect(&[], 1);
    for call in site.rows("calls") {
        let (code, error) = (&call["error_code"], &call["error"]);
        assert_eq!((code.as_str(), call["error_retryable"].as_str()), ("engine_failed", "true"));
        assert!(error.contains("exit code 3") && error.contains("no memory"), "{error}");
        assert!(!error.contains("13912345678") && !said.contains("13912345678"), "{error}{said}");
    }
    // Four channels; the customers' were tried again.
    let before = site.asked();
    assert!(before > 4, "{before}");
    site.engine(GOOD);
    site.inspect(&[], 0);
    assert_eq!(site.asked() - before, 2, "the agents' channels were known");
    let calls = site.rows("calls");
    assert!(calls.len() == 2 && calls.iter().all(|call| call["status"] == "ok"), "{calls:?}");
    assert_eq!(site.rows("turns").len(), 4);
}

#[test]
fn what_is_no_transcript_is_told_and_the_others_go_on() {
    let site = Site::new(&["a.wav", "b.wav"], GOOD);
    let long = call_wav(16.1).len() as u64;
    // The second recording's file is longer; both its channels are answered with nonsense.
    site.engine(&format!(r#"if [ $(wc -c < "$1") -gt {} ]; then echo '{{"a": 1}}'; else {GOOD}; fi"#, long / 2 - 800));
    let said = site.inspect(&[], 1);
    assert!(said.contains("1 call of which words could not be had"), "{said}");
    let mut calls = site.rows("calls");
    calls.sort_by_key(|call| call["call_id"].clone());
    assert_eq!(calls[0]["status"], "ok", "{:?}", calls[0]);
    assert_eq!(
        (calls[1]["error_code"].as_str(), calls[1]["error_retryable"].as_str()),
        ("engine_bad_answer", "true"),
        "{:?}",
        calls[1]
    );
}

#[test]
fn a_file_says_how_it_is_asked() {
    let site = Site::new(&["a.wav"], GOOD);
    // It writes to a file, hears 16 kHz, and is told the language.
    site.engine(
        r#"wav=$1; out=$2; echo "$3 $4" >> told
           od -An -t u4 -j 24 -N 4 "$wav" | tr -d ' ' >> told
           say 1000 4800 您好 > "$out""#,
    );
    let config = "engine = \"command\"\nrate = \"16000 Hz\"\nlanguage = \"zh\"\nmodel = \"made\"\n\
                  [command]\nline = \"sh engine.sh {wav} {out} {language} {rate_hz}\"\n";
    write(&site.path().join("engine.toml"), config);
    site.inspect(&["--engine-config", "engine.toml"], 0);
    let told = fs::read_to_string(site.path().join("told")).expect("told");
    assert_eq!(told, "zh 16000\n16000\nzh 16000\n16000\n");
    assert_eq!(site.rows("calls")[0]["engine_model"], "made");

    site.engine(r#"echo nothing"#);
    fs::remove_dir_all(site.path().join("cache")).expect("removed");
    fs::remove_dir_all(site.path().join("out")).expect("removed");
    site.inspect(&["--engine-config", "engine.toml"], 1);
    let error = &site.rows("calls")[0]["error"];
    assert!(error.contains("{out}"), "{error}");

    for (config, wanted) in [
        ("engine = \"none\"\n", "engine.toml:1:10"),
        ("[command]\nline = \"whisper-cli\"\n", "{wav}"),
        ("engine = \"command\"\n", "[command] line"),
        ("slots = 0\n[command]\nline = \"a {wav}\"\n", "engine.toml:1:9"),
    ] {
        write(&site.path().join("engine.toml"), config);
        let output = site.run(&["inspect", "in", "--out", "other", "--engine-config", "engine.toml"]);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(output.status.code() == Some(2) && said.contains(wanted), "{config}: {said}");
    }
}

#[test]
fn a_program_that_is_not_there_is_told_once_a_call() {
    let site = Site::new(&["a.wav"], GOOD);
    site.inspect(&["--command", "no-such-program {wav}"], 1);
    let call = &site.rows("calls")[0];
    assert_eq!((call["status"].as_str(), call["error_code"].as_str()), ("partial", "engine_not_started"));
    assert!(call["error"].contains("no-such-program"), "{}", call["error"]);
}

#[test]
fn long_channels_are_cut_where_nobody_speaks() {
    let site = Site::new(&["a.wav"], "say 0 400 好");
    let config = "engine = \"command\"\nlongest_clip = \"6 s\"\n[command]\nline = \"sh engine.sh {wav}\"\n";
    write(&site.path().join("engine.toml"), config);
    site.inspect(&["--engine-config", "engine.toml"], 0);
    // The agent's two turns are heard apart; the customer's is one.
    assert_eq!(site.asked(), 3);
    let starts: Vec<i64> = site.rows("turns").iter().map(|turn| turn["start_ms"].parse().expect("ms")).collect();
    let near = |wanted: i64| starts.iter().any(|start| (start - wanted).abs() <= 700);
    assert!(starts.len() == 3 && near(500) && near(5_500) && near(11_000), "{starts:?}");
}

#[test]
fn silence_is_not_heard() {
    let site = Site::new(&[], GOOD);
    write(&site.path().join("in/still.wav"), wav(8_000, &[vec![0; 64_000], vec![3; 64_000]]));
    site.inspect(&[], 0);
    assert_eq!(site.asked(), 0, "nobody speaks");
}

#[test]
fn what_is_forgotten_is_forgotten_by_the_cache() {
    let site = Site::new(&["a.wav", "b.wav"], GOOD);
    site.inspect(&[], 0);
    assert_eq!(site.entries().len(), 4);
    let call_id = site.rows("calls")[0]["call_id"].clone();
    // A run that died while it wrote an entry left a part of it.
    for entry in site.entries() {
        fs::copy(&entry, entry.with_extension("transcript.1-1.draft")).expect("copied");
    }
    let output = site.run(&["forget", "out", "--call", &call_id, "--transcript-cache", "cache"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(site.entries().len(), 2, "{}", stdout(&output));
    let left = files_below(&site.path().join("cache"));
    assert_eq!(left.iter().filter(|(name, _)| name.ends_with(".draft")).count(), 2, "{left:?}");
}

#[test]
fn a_program_may_add_an_ending_to_its_file() {
    let site = Site::new(&["a.wav"], r#"say 1000 4800 您好 > "$2.json"; test ! -e "$2.srt""#);
    site.inspect(&["--command", "sh engine.sh {wav} {out}"], 0);
    assert_eq!(site.rows("turns").len(), 2);
    // What one try left is no answer to the next.
    fs::remove_dir_all(site.path().join("cache")).expect("removed");
    fs::remove_dir_all(site.path().join("out")).expect("removed");
    site.engine(r#"test -e "$2.json" && exit 9; exit 0"#);
    site.inspect(&["--command", "sh engine.sh {wav} {out}"], 1);
    assert!(site.rows("calls")[0]["error"].contains("{out}"), "{:?}", site.rows("calls")[0]);
}

#[test]
fn words_that_are_missed_for_now_are_missed_in_a_damaged_recording_too() {
    let site = Site::new(&["a.wav"], "exit 3");
    let whole = fs::read(site.path().join("in/a.wav")).expect("a recording");
    fs::write(site.path().join("in/a.wav"), &whole[..whole.len() * 9 / 10]).expect("written");
    site.inspect(&[], 1);
    let call = &site.rows("calls")[0];
    assert_eq!((call["error_stage"].as_str(), call["error_retryable"].as_str()), ("decode", "true"), "{call:?}");
    site.engine(GOOD);
    site.inspect(&[], 0);
    let call = &site.rows("calls")[0];
    assert_eq!((call["status"].as_str(), call["error_retryable"].as_str()), ("partial", "false"), "{call:?}");
    assert_eq!(site.rows("turns").len(), 2);
}

#[test]
fn a_call_that_was_heard_keeps_its_words_when_the_engine_is_away() {
    let site = Site::new(&["a.wav"], GOOD);
    site.inspect(&[], 0);
    site.engine("exit 3");
    fs::remove_dir_all(site.path().join("cache")).expect("removed");
    site.inspect(&["--force"], 1);
    assert_eq!(site.rows("turns").len(), 2);
}

#[test]
fn a_file_that_names_no_engine_is_no_engine() {
    let site = Site::new(&["a.wav"], GOOD);
    write(&site.path().join("engine.toml"), "slots = 4\n");
    let said = site.inspect(&["--engine-config", "engine.toml"], 2);
    assert!(said.contains("which engine?"), "{said}");
}

#[test]
fn answers_that_are_too_old_are_asked_again() {
    let site = Site::new(&["a.wav"], GOOD);
    site.inspect(&[], 0);
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3 * 86_400);
    for entry in site.entries() {
        fs::File::options().write(true).open(entry).expect("an entry").set_modified(old).expect("set");
    }
    fs::remove_dir_all(site.path().join("out")).expect("removed");
    site.inspect(&["--transcript-cache-age", "4d"], 0);
    assert_eq!(site.asked(), 2);
    fs::remove_dir_all(site.path().join("out")).expect("removed");
    site.inspect(&["--transcript-cache-age", "2d"], 0);
    assert_eq!(site.asked(), 4);
    // What leads to an entry goes with it.
    let leads = || files_below(&site.path().join("cache/calls"));
    for file in leads().into_iter().map(|(_, path)| path).chain(site.entries()) {
        fs::File::options().append(true).open(file).expect("a file").set_modified(old).expect("set");
    }
    fs::remove_dir_all(site.path().join("in")).expect("removed");
    write(&site.path().join("in/still.wav"), wav(8_000, &[vec![0; 8_000]]));
    site.inspect(&["--transcript-cache-age", "2d"], 0);
    assert_eq!((site.entries().len(), leads().len()), (0, 0));
}

#[test]
fn an_engine_is_tried_before_it_is_used() {
    let site = Site::new(&[], GOOD);
    let check = |more: &[&str]| {
        let output = site.run(&[&["engines", "check"], more].concat());
        (output.status.code(), format!("{}{}", stdout(&output), stderr(&output)))
    };
    let line = ["--command", "sh engine.sh {wav}"];
    // The customer's channel is still at 1 s, as in the sample.
    site.engine(r#"if speaks "$1"; then say 400 3200 您好这里是海棠银行; else say 3800 5600 我下周三还钱; fi"#);
    let (code, said) = check(&line);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\"您好这里是海棠银行\"") && said.contains(": 0 % of the characters are wrong"), "{said}");
    assert!(said.contains("\"我下周三还钱\"") && said.contains(": 17 % of the characters"), "{said}");
    assert!(said.contains("channel 1 is heard at 3800–5600 ms") && said.contains("none   times of words"), "{said}");

    site.engine(r#"if speaks "$1"; then say 9400 9900 您好; else say 0 0 ''; fi"#);
    let (code, said) = check(&line);
    assert!(code == Some(1) && said.contains("FAILS  channel 1 is heard: \"\""), "{said}");

    site.engine("echo 'model.bin: no such file' >&2; exit 1");
    let (code, said) = check(&line);
    assert!(code == Some(1) && said.contains("FAILS") && said.contains("model.bin: no such file"), "{said}");
    let (code, said) = check(&[&line[..], &["--language", "fr"]].concat());
    assert!(code == Some(2) && said.contains("zh"), "{said}");
    let (code, said) = check(&[]);
    assert!(code == Some(2) && said.contains("--command"), "{said}");
}
