//! What the options of `callsift inspect` promise, seen in the tables that a run writes.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{
    Row, call_wav, callsift, files_below, note, packaged, python_has, stderr, stdout, transcript, voice, wav, write,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A conversation without a finding of its own.
const PLAIN: [(u16, i64, i64, &str); 3] = [
    (0, 500, 5000, "您好，这里是云杉银行。"),
    (1, 5500, 10_500, "你好，请说。"),
    (0, 11_000, 15_000, "您的账单已经出来了，请您留意。"),
];

/// The same, with an insult on channel 0.
const INSULT: [(u16, i64, i64, &str); 3] = [PLAIN[0], PLAIN[1], (0, 11_000, 15_000, "想什么办法，你就是个老赖。")];

const INSULT_BY_AGENT: &str = "cn-collections.personal-insult";
const INSULT_BY_CUSTOMER: &str = "customer-tags.abuses-agent";

#[test]
fn times_without_an_offset_are_in_the_zone_of_timezone() {
    let site = Site::of(&[
        (
            "in/manifest.csv",
            "call_id,transcript,started_at,direction\nlate,a.json,2026-11-20T22:30:00,outbound\n\
          early,a.json,2026-11-21T00:30:00,inbound\ntold,a.json,2026-11-20T21:10:00+01:00,inbound\n"
                .into(),
        ),
        ("in/a.json", transcript(&PLAIN).into()),
    ]);
    let without = site.inspect("none", &[]);
    assert_eq!(without.status.code(), Some(2), "{}", stderr(&without));
    assert!(stderr(&without).contains("--timezone Asia/Shanghai"), "{}", stderr(&without));
    let unknown = site.inspect("none", &["--timezone", "Mars/Olympus"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", stderr(&unknown));
    assert!(stderr(&unknown).contains("Mars/Olympus"), "{}", stderr(&unknown));
    assert!(!site.0.path().join("none").exists(), "nothing is touched");

    site.inspected("out", &["--timezone", "Asia/Shanghai"]);
    let calls = site.calls("out");
    // Seconds since 1970: 2026-11-20T14:30:00Z, 16:30:00Z, 20:10:00Z, as `date -u -d` says.
    let expected = [
        ("late", "2026-11-20", "1795185000000000", "480"),
        ("early", "2026-11-21", "1795192200000000", "480"),
        ("told", "2026-11-20", "1795205400000000", "60"),
    ];
    for (id, date, started_at, offset_min) in expected {
        let call = &calls[id];
        let got = [&call["date"], &call["started_at"], &call["utc_offset_min"]];
        assert_eq!(got, [date, started_at, offset_min], "{id}");
    }
    let at_night = site.found("out", "cn-collections.forbidden-hours");
    assert_eq!(at_night.iter().map(|finding| finding["call_id"].as_str()).collect::<Vec<_>>(), ["late"]);
}

#[test]
fn language_is_for_calls_that_nobody_names_one_for() {
    let unnamed = transcript(&INSULT).replace(r#""language":"zh","#, "");
    assert!(!unnamed.contains("language"));
    let site = Site::of(&[
        (
            "in/manifest.csv",
            "call_id,transcript,language\nnobody,a.json,\nmanifest,a.json,en\ntranscript,b.json,\n".into(),
        ),
        ("in/a.json", unnamed.into()),
        ("in/b.json", transcript(&INSULT).into()),
    ]);
    site.inspected("without", &[]);
    site.inspected("with", &["--language", "zh"]);
    site.inspected("french", &["--language", "fr"]);
    let languages = |out| {
        let calls = site.calls(out);
        let of = |id: &str| format!("{} {}", calls[id]["language"], calls[id]["language_from"]);
        [of("nobody"), of("manifest"), of("transcript")]
    };
    assert_eq!(languages("without"), ["zh words", "en manifest", "zh transcript"]);
    assert_eq!(languages("with"), ["zh option", "en manifest", "zh transcript"]);
    assert_eq!(languages("french"), ["fr option", "en manifest", "zh transcript"]);
    let insulted = |out| -> BTreeSet<String> {
        site.found(out, INSULT_BY_AGENT).into_iter().map(|finding| finding["call_id"].clone()).collect()
    };
    assert_eq!(insulted("without"), BTreeSet::from(["nobody".into(), "transcript".into()]));
    assert_eq!(insulted("with"), BTreeSet::from(["nobody".into(), "transcript".into()]));
    assert_eq!(insulted("french"), BTreeSet::from(["transcript".into()]));
    let open: Vec<Row> = site.rows("french", "not_evaluated");
    let reason =
        open.iter().find(|row| row["call_id"] == "nobody" && row["rule"] == INSULT_BY_AGENT).expect("a reason");
    assert_eq!(
        (reason["reason"].as_str(), reason["detail"].as_str()),
        ("language", "the call is in fr, which no rule is written for")
    );
}

#[test]
fn agent_channel_swaps_the_roles() {
    let site = Site::of(&[
        (
            "in/manifest.csv",
            "call_id,recording,transcript,agent_channel\nplain,a.wav,a.json,\ntold,,a.json,left\n".into(),
        ),
        ("in/a.wav", call_wav(16.0)),
        ("in/a.json", transcript(&INSULT).into()),
    ]);
    site.inspected("left", &[]);
    site.inspected("right", &["--agent-channel", "right"]);
    let roles = |out: &str, table: &str, id: &str| -> BTreeSet<String> {
        let rows = site.rows(out, table).into_iter();
        rows.filter(|row| row["call_id"] == id).map(|row| format!("{} {}", row["channel"], row["role"])).collect()
    };
    let left = BTreeSet::from(["0 agent".to_owned(), "1 customer".to_owned()]);
    let right = BTreeSet::from(["0 customer".to_owned(), "1 agent".to_owned()]);
    for table in ["turns", "stretches"] {
        assert_eq!(
            (roles("left", table, "plain"), roles("right", table, "plain")),
            (left.clone(), right.clone()),
            "{table}"
        );
    }
    assert_eq!(roles("right", "turns", "told"), left, "the manifest comes first");
    let found = |out: &str, rule: &str| -> Vec<String> {
        site.found(out, rule).into_iter().map(|finding| format!("{} {}", finding["call_id"], finding["role"])).collect()
    };
    assert_eq!(found("left", INSULT_BY_AGENT), ["plain agent", "told agent"]);
    assert_eq!(found("left", INSULT_BY_CUSTOMER), Vec::<String>::new());
    assert_eq!(found("right", INSULT_BY_AGENT), ["told agent"]);
    assert_eq!(found("right", INSULT_BY_CUSTOMER), ["plain customer"]);
    let (before, after) = (&site.calls("left")["plain"], &site.calls("right")["plain"]);
    for (one, other) in [("agent_talk_ms", "customer_talk_ms"), ("agent_pitch_hz", "customer_pitch_hz")] {
        assert_eq!((&before[one], &before[other]), (&after[other], &after[one]), "{one}");
        assert_ne!(before[one], before[other], "{one}");
    }
}

#[test]
fn transcripts_are_looked_for_in_the_documented_order() {
    let says = |word: &str| transcript(&[(0, 100, 900, word)]).into_bytes();
    let site = Site::of(&[
        ("in/manifest.csv", "call_id,recording,transcript\nnamed,named.wav,named-by-manifest.json\n".into()),
        ("in/named.wav", moment()),
        ("in/named-by-manifest.json", says("named by the manifest")),
        ("asr/named.json", says("of the folder")),
        ("in/x/deep.wav", moment()),
        ("in/x/deep.json", says("beside")),
        ("asr/deep.transcript.json", says("at the top")),
        ("asr/x/deep.json", says("in the same folder")),
        ("in/x/top.wav", moment()),
        ("in/x/top.json", says("beside")),
        ("asr/top.json", says("at the top")),
        ("in/beside.wav", moment()),
        ("in/beside.json", says("beside")),
        ("in/both.wav", moment()),
        ("asr/both.json", says("short name")),
        ("asr/both.transcript.json", says("long name")),
        ("in/none.wav", moment()),
    ]);
    site.inspected("out", &["--transcripts", "asr"]);
    let turns = site.rows("out", "turns");
    let said: BTreeMap<&str, &str> =
        turns.iter().map(|turn| (turn["call_id"].as_str(), turn["text"].as_str())).collect();
    let expected = BTreeMap::from([
        ("named", "named by the manifest"),
        ("x/deep.wav", "in the same folder"),
        ("x/top.wav", "at the top"),
        ("beside.wav", "beside"),
        ("both.wav", "long name"),
    ]);
    assert_eq!(said, expected);
    let calls = site.calls("out");
    assert_eq!((calls.len(), calls["none.wav"]["has_transcript"].as_str()), (6, "false"));
}

#[test]
fn a_manifest_may_be_elsewhere_and_a_glob_takes_what_matches() {
    let site = Site::of(&[
        ("lists/calls.csv", "call_id,recording,agent_id\nc-1,../in/x/a.wav,agent-07\n".into()),
        ("in/x/a.wav", moment()),
        ("in/b.wav", moment()),
        ("in/b.json", transcript(&[(0, 100, 900, "beside")]).into()),
        ("in/c.ogg", b"is not asked for".to_vec()),
        ("elsewhere/d.wav", moment()),
    ]);
    let args = ["inspect", "in/**/*.wav", "--manifest", "lists/calls.csv", "--out", "out"];
    let output = callsift(site.0.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let calls = site.calls("out");
    assert_eq!(calls.keys().collect::<Vec<_>>(), ["b.wav", "c-1"]);
    assert_eq!((calls["c-1"]["agent_id"].as_str(), calls["b.wav"]["agent_id"].as_str()), ("agent-07", ""));
    assert_eq!(calls["b.wav"]["has_transcript"], "true");
    assert!(stdout(&output).contains("1 recording found that no manifest lists"), "{}", stdout(&output));
}

#[test]
fn overrides_change_what_is_found_and_how_grave_it_is() {
    // Nobody speaks from 10.5 s to 21 s, and it is the agent's turn.
    let agent = voice(26.0, 200.0, &[(0.5, 5.0), (21.0, 25.0)]);
    let late = [PLAIN[0], PLAIN[1], (0, 21_000, 25_000, "想什么办法，你就是个老赖。")];
    let overrides = r#"
        [rule."service-quality.agent-silence"]
        set = { "look_for.pause.longer_than" = "12 s" }
        because = "Our system is slow."
        [rule."service-quality.agent-silence-long"]
        set = { "look_for.pause.longer_than" = "9 s" }
        because = "Our customers are not patient."
        [rule."cn-collections.personal-insult"]
        severity = "major"
        because = "As our policy has it."
    "#;
    let site = Site::of(&[
        ("in/a.wav", wav(8000, &[agent, voice(26.0, 120.0, &[(5.5, 10.5)])])),
        ("in/a.json", transcript(&late).into()),
        ("own/overrides.toml", overrides.into()),
    ]);
    site.inspected("shipped", &[]);
    site.inspected("own-out", &["--rules", "own"]);
    let found = |out: &str, rule: &str| -> Vec<String> {
        let severity_and_threshold = |finding: Row| format!("{} {}", finding["severity"], finding["threshold"]);
        site.found(out, rule).into_iter().map(severity_and_threshold).collect()
    };
    let cases = [
        ("service-quality.agent-silence", "shipped", vec!["minor 8.0"]),
        ("service-quality.agent-silence", "own-out", vec![]),
        ("service-quality.agent-silence-long", "shipped", vec![]),
        ("service-quality.agent-silence-long", "own-out", vec!["major 9.0"]),
        (INSULT_BY_AGENT, "shipped", vec!["critical "]),
        (INSULT_BY_AGENT, "own-out", vec!["major "]),
    ];
    for (rule, out, expected) in cases {
        assert_eq!(found(out, rule), expected, "{rule} {out}");
    }
    let (shipped, own) = (&site.calls("shipped")["a.wav"], &site.calls("own-out")["a.wav"]);
    assert_eq!((shipped["findings_critical"].as_str(), own["findings_critical"].as_str()), ("1", "0"));
    assert_ne!(shipped["ruleset_hash"], own["ruleset_hash"]);
    let rules = site.rows("own-out", "rules");
    let rule = rules.iter().find(|rule| rule["rule"] == INSULT_BY_AGENT).expect("the rule that judged");
    assert_eq!(rule["severity"], "major");
}

#[test]
fn another_scorecard_judges_every_call() {
    let site = Site::of(&[("in/chat.transcript.json", transcript(&INSULT).into())]);
    site.inspected("default", &[]);
    site.inspected("collections", &["--scorecard", "cn-collections"]);
    let items = |out: &str| -> BTreeSet<String> {
        site.rows(out, "score_items").into_iter().map(|item| item["item"].clone()).collect()
    };
    for (out, card, file) in [
        ("default", "default", "rules/scorecard.toml"),
        ("collections", "cn-collections", "rules/cn-collections/scorecard.toml"),
    ] {
        assert_eq!(site.calls(out)["chat.transcript.json"]["scorecard"], card);
        let text = std::fs::read_to_string(packaged(file)).expect("readable");
        let card: toml::Table = text.parse().expect("TOML");
        let named = card["item"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["name"].as_str().expect("a name").to_owned());
        assert_eq!(items(out), named.collect(), "{out}");
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let mut files = vec![("in/broken.wav".to_owned(), Vec::new())];
    for call in 0..8 {
        let end_ms = 11_500 + 400 * call;
        files.push((
            format!("in/{call}.wav"),
            wav(8000, &[voice(1.5, 150.0 + 9.0 * call as f64, &[(0.1, 0.7)]), voice(1.5, 120.0, &[(0.8, 1.4)])]),
        ));
        files
            .push((format!("in/{call}.json"), transcript(&[(0, 100, 700, "您好。"), (1, 800, 1400, "你好。")]).into()));
        files.push((
            format!("in/chat-{call}.transcript.json"),
            transcript(&[INSULT[0], INSULT[1], (0, 11_000, end_ms, INSULT[2].3)]).into(),
        ));
    }
    let site = Site::of(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect::<Vec<_>>());
    let run = |threads: &str| {
        let output = site.inspect(threads, &["--threads", threads]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let runs = files_below(&site.0.path().join(threads).join("runs"));
        let about: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&runs[0].1).expect("readable")).expect("JSON");
        assert_eq!((runs.len(), about["threads"].to_string().as_str()), (1, threads));
        let tables =
            files_below(&site.0.path().join(threads)).into_iter().filter(|(name, _)| name.ends_with(".parquet"));
        tables.map(|(name, path)| (name, std::fs::read(path).expect("readable"))).collect::<BTreeMap<_, _>>()
    };
    let (one, two) = (run("1"), run("2"));
    assert!(one.len() >= 8, "{:?}", one.keys());
    assert!(one == two, "{:?}", one.iter().filter(|(name, bytes)| two.get(*name) != Some(bytes)).collect::<Vec<_>>());
}

/// A terminal is needed to see a bar; Python's standard library makes one.
#[test]
fn progress_never_draws_no_bar() {
    if !python_has("pty") {
        return;
    }
    let site = Site::of(&[("in/a.wav", moment()), ("in/b.wav", moment())]);
    let on_a_terminal = |out: &str, more: &[&str]| {
        let python = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
        let output = Command::new("python3")
            .args([&["-c", python, env!("CARGO_BIN_EXE_callsift"), "inspect", "in", "--out", out], more].concat())
            .current_dir(site.0.path())
            .envs([("TERM", "xterm"), ("NO_COLOR", "1"), ("LC_ALL", "C")])
            .output()
            .expect("python3 runs");
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert!(stdout(&output).contains("Inspected 2 calls"), "{}", stdout(&output));
        stdout(&output)
    };
    assert!(on_a_terminal("auto", &[]).contains('\u{1b}'), "a bar moves the cursor");
    let never = on_a_terminal("never", &["--progress", "never"]);
    assert!(!never.contains('\u{1b}'), "{never:?}");
    let sometimes = site.inspect("none", &["--progress", "sometimes"]);
    assert_eq!(sometimes.status.code(), Some(2));
    assert!(stderr(&sometimes).contains("never"), "{}", stderr(&sometimes));
}

#[test]
fn failed_recordings_are_tolerated_as_asked() {
    let chat = || transcript(&PLAIN).into_bytes();
    let site = Site::of(&[
        ("in/broken.wav", Vec::new()),
        ("in/a.transcript.json", chat()),
        ("in/b.transcript.json", chat()),
        ("in/c.transcript.json", chat()),
    ]);
    let cases = [("0", 1), ("24.9%", 1), ("25%", 0), ("1", 0), ("a few", 2)];
    for (tolerated, code) in cases {
        let output = site.inspect(tolerated, &["--max-failed", tolerated]);
        assert_eq!(output.status.code(), Some(code), "{tolerated}: {}{}", stdout(&output), stderr(&output));
        if code != 2 {
            let calls = site.calls(tolerated);
            assert_eq!((calls.len(), calls["broken.wav"]["status"].as_str()), (4, "failed"), "{tolerated}");
        }
    }
    assert!(!site.0.path().join("a few").exists());
}

#[test]
fn a_bad_transcript_is_named_and_its_call_judged_by_sound() {
    let expected = [
        ("not-json", "not_json", "no JSON"),
        ("not-ours", "unknown_format", "--transcript-format"),
        ("times-out-of-order", "times_reversed", "segments[1]"),
        ("past-the-end", "past_the_end", "41000 ms"),
        ("unknown-channel", "unknown_channel", "channel 7"),
    ];
    let mut manifest = String::from("call_id,recording,transcript,started_at,direction,language\n");
    for name in expected.map(|(name, ..)| name).iter().chain(&["without"]) {
        let transcript = if *name == "without" { String::new() } else { format!("{name}.json") };
        manifest.push_str(&format!("{name},call.wav,{transcript},2026-11-19T22:30:00+08:00,outbound,zh\n"));
    }
    let site = Site::of(&[("in/manifest.csv", manifest.into())]);
    for name in expected.map(|(name, ..)| format!("{name}.json")) {
        let path = packaged("fixtures/transcripts").join(&name);
        std::fs::copy(path, site.0.path().join("in").join(name)).expect("copied");
    }
    let recording = packaged("fixtures/calls/recordings/2026-11-19/clean-collections-01.wav");
    std::fs::copy(recording, site.0.path().join("in/call.wav")).expect("copied");
    let output = site.inspected("out", &[]);
    let calls = site.calls("out");
    for (name, code, says) in expected {
        let call = &calls[name];
        let got = [&call["status"], &call["error_stage"], &call["error_code"], &call["error_retryable"]];
        assert_eq!(got, ["partial", "transcript", code, "false"], "{name}");
        assert!(call["error"].contains(says) && !call["error"].contains("云杉"), "{name}: {}", call["error"]);
        let line = format!("  {name}: {}", call["error"]);
        assert!(stdout(&output).lines().any(|shown| shown == line), "{line} is not in\n{}", stdout(&output));
    }
    let of = |id: &str| Judged::of(&site, "out", id);
    let without = of("without");
    assert_eq!(calls["without"]["status"], "ok");
    assert_eq!(without.found, ["cn-collections.forbidden-hours"]);
    assert!(without.stretches >= 4 && without.turns == 0, "{without:?}");
    for (name, ..) in expected {
        assert_eq!(of(name), without, "{name} is judged as a call without a transcript is");
    }
}

/// What a call came to.
#[derive(Debug, PartialEq)]
struct Judged {
    found: Vec<String>,
    open: BTreeMap<String, String>,
    lost_points: BTreeMap<String, String>,
    verdict: String,
    coverage: String,
    agent_talk_ms: String,
    stretches: usize,
    turns: usize,
}

impl Judged {
    fn of(site: &Site, out: &str, id: &str) -> Self {
        let of = |table: &str| -> Vec<Row> {
            let rows = site.rows(out, table);
            rows.into_iter().filter(|row| row["call_id"] == id).collect()
        };
        let call = of("calls").remove(0);
        Self {
            found: of("findings").into_iter().map(|row| row["rule"].clone()).collect(),
            open: of("not_evaluated").into_iter().map(|row| (row["rule"].clone(), row["reason"].clone())).collect(),
            lost_points: of("score_items")
                .into_iter()
                .map(|row| (row["item"].clone(), row["lost_points"].clone()))
                .collect(),
            verdict: call["verdict"].clone(),
            coverage: call["coverage"].clone(),
            agent_talk_ms: call["agent_talk_ms"].clone(),
            stretches: of("stretches").len(),
            turns: of("turns").len(),
        }
    }
}

#[test]
fn legs_tell_machines_from_people() {
    let site = Site::of(&[
        ("in/manifest.csv", "call_id,recording,transcript\na,a.wav,a.json\n".into()),
        ("in/a.wav", call_wav(16.0)),
        ("in/a.json", transcript(&INSULT).into()),
        ("legs.csv", "call_id,start_ms,end_ms,party_kind,agent_id\na,10700,,robot,\na,0,10700,agent,007\n".into()),
        ("bad.csv", "call_id,start_ms,party_kind\nb,0,robot\n".into()),
    ]);
    let wrong = site.inspect("none", &["--legs", "bad.csv"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert!(stderr(&wrong).contains("bad.csv:2: no call has this call_id"), "{}", stderr(&wrong));
    site.inspected("without", &[]);
    site.inspected("with", &["--legs", "legs.csv"]);
    let roles = |out: &str| -> Vec<String> { site.rows(out, "turns").iter().map(|row| row["role"].clone()).collect() };
    assert_eq!(roles("without"), ["agent", "customer", "agent"]);
    assert_eq!(roles("with"), ["agent", "customer", "bot"]);
    assert_eq!([site.found("without", INSULT_BY_AGENT).len(), site.found("with", INSULT_BY_AGENT).len()], [1, 0]);
    let call = &site.calls("with")["a"];
    assert_eq!(call["legs_from"], "given");
    assert_ne!(call["metadata_sha256"], site.calls("without")["a"]["metadata_sha256"]);
    let again = site.inspected("with", &["--legs", "legs.csv"]);
    assert!(stdout(&again).contains("1 call unchanged"), "{}", stdout(&again));
}

#[test]
fn the_agent_s_voice_is_as_the_option_says() {
    let said: Vec<_> = [(7, "喂"), (3, "您好"), (7, "请讲")]
        .iter()
        .enumerate()
        .map(|(at, (voice, text))| serde_json::json!({"voice": voice, "start_ms": at * 4_000, "end_ms": at * 4_000 + 3_000, "text": text}))
        .collect();
    let transcript =
        serde_json::json!({"format": "callsift/transcript", "version": 1, "language": "zh", "segments": said});
    let site = Site::of(&[
        ("in/manifest.csv", "call_id,transcript\na,a.json\n".into()),
        ("in/a.json", transcript.to_string().into()),
    ]);
    let wrong = site.inspect("none", &["--agent-voice", "second"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert!(stderr(&wrong).contains("write words, first, unknown"), "{}", stderr(&wrong));
    for (voice, expected, from) in [
        ("words", ["unknown", "unknown", "unknown"], ""),
        ("first", ["agent", "customer", "agent"], "option"),
        ("3", ["customer", "agent", "customer"], "option"),
    ] {
        site.inspected(voice, &["--agent-voice", voice]);
        let roles: Vec<String> = site.rows(voice, "turns").iter().map(|row| row["role"].clone()).collect();
        assert_eq!(roles, expected, "{voice}");
        assert_eq!(site.calls(voice)["a"]["roles_from"], from, "{voice}");
    }
    let again = site.inspected("first", &["--agent-voice", "3"]);
    assert!(!stdout(&again).contains("unchanged"), "{}", stdout(&again));
    let roles: Vec<String> = site.rows("first", "turns").iter().map(|row| row["role"].clone()).collect();
    assert_eq!(roles, ["customer", "agent", "customer"], "another voice is another setting");
}

#[test]
fn a_manifest_without_permission_stops_the_run_and_a_transcript_costs_its_words() {
    let site = Site::of(&[
        ("closed/manifest.csv", "call_id,transcript\na,a.json\n".into()),
        ("closed/a.json", transcript(&PLAIN).into()),
        ("in/a.wav", moment()),
        ("in/a.json", transcript(&[(0, 100, 900, "您好。")]).into()),
    ]);
    for file in ["closed/manifest.csv", "in/a.json"] {
        let path = site.0.path().join(file);
        std::fs::set_permissions(&path, Permissions::from_mode(0o000)).expect("changed");
        if std::fs::read(&path).is_ok() {
            note("SKIPPED: this user may read every file (root, most likely); run as another one to test permissions");
            return;
        }
    }
    let output = callsift(site.0.path(), &["inspect", "closed", "--out", "none"]);
    assert_eq!(output.status.code(), Some(2), "{}{}", stdout(&output), stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("manifest.csv") && said.contains("permission"), "{said}");
    assert!(!site.0.path().join("none").exists(), "nothing is touched");
    site.inspected("out", &[]);
    let call = &site.calls("out")["a.wav"];
    assert_eq!([&call["status"], &call["error_code"]], ["partial", "transcript_unreadable"], "{}", call["error"]);
}

/// A temporary folder with files in it.
struct Site(TempDir);

impl Site {
    fn of(files: &[(&str, Vec<u8>)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, bytes) in files {
            write(&folder.path().join(name), bytes);
        }
        Self(folder)
    }

    /// Inspects the folder `in` into the folder `out`.
    fn inspect(&self, out: &str, more: &[&str]) -> Output {
        callsift(self.0.path(), &[&["inspect", "in", "--out", out], more].concat())
    }

    /// As [`Site::inspect`]; it must succeed.
    fn inspected(&self, out: &str, more: &[&str]) -> Output {
        let output = self.inspect(out, more);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        output
    }

    fn rows(&self, out: &str, table: &str) -> Vec<Row> {
        common::rows(&self.0.path().join(out), table)
    }

    fn calls(&self, out: &str) -> BTreeMap<String, Row> {
        self.rows(out, "calls").into_iter().map(|call| (call["call_id"].clone(), call)).collect()
    }

    /// The findings of a rule, by call.
    fn found(&self, out: &str, rule: &str) -> Vec<Row> {
        let mut found: Vec<Row> =
            self.rows(out, "findings").into_iter().filter(|finding| finding["rule"] == rule).collect();
        found.sort_by(|one, other| one["call_id"].cmp(&other["call_id"]));
        found
    }
}

/// A recording of one second.
fn moment() -> Vec<u8> {
    wav(8000, &[voice(1.0, 200.0, &[(0.1, 0.9)]), voice(1.0, 120.0, &[])])
}
