//! History: judged again, compared, compacted, erased, held.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use callsift::dataset::Snapshot;
use callsift::tables::TableName;
use common::{callsift, files_below, packaged, rows, stderr, stdout, transcript, write};
use std::collections::BTreeMap;
use std::path::Path;

/// Runs the binary and wants the exit code; gives standard output.
fn run(folder: &Path, args: &[&str], code: i32) -> String {
    let output = callsift(folder, args);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// The bytes of every table file, by path; `verdict_changes` left out.
fn tables(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let is_table = |name: &String| name.ends_with(".parquet") && !name.starts_with("verdict_changes/");
    let files = files_below(out).into_iter().filter(|(name, _)| is_table(name));
    files.map(|(name, path)| (name, std::fs::read(path).expect("readable"))).collect()
}

/// How often a byte string occurs in the files of a folder.
fn occurrences(folder: &Path, wanted: &str) -> Vec<String> {
    let has = |path: &Path| {
        let bytes = std::fs::read(path).expect("readable");
        bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
    };
    files_below(folder).into_iter().filter(|(_, path)| has(path)).map(|(name, _)| name).collect()
}

#[test]
fn judging_again_equals_inspecting_by_the_new_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    let calls = packaged("fixtures");
    let calls = calls.to_str().expect("a path");
    let pack = packaged("rules/cn-collections");
    let only = ["--no-shipped-rules", "--rules", pack.to_str().expect("a path")];
    run(folder.path(), &[&["inspect", calls, "--out", "a"], &only[..]].concat(), 1);
    run(folder.path(), &["inspect", calls, "--out", "b"], 1);
    let text = run(folder.path(), &["recheck", "a", "--out", "ab", "--in-force", "own-day"], 0);
    assert!(text.contains("judged otherwise"), "{text}");
    let (direct, again) = (tables(&folder.path().join("b")), tables(&folder.path().join("ab")));
    assert_eq!(direct.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, bytes) in &direct {
        assert!(again[path] == *bytes, "{path} differs");
    }
    let same = run(folder.path(), &["diff", "b", "ab"], 0);
    assert!(same.contains("0 calls judged otherwise"), "{same}");
    let differ = run(folder.path(), &["diff", "a", "b"], 1);
    assert!(differ.contains("added"), "{differ}");
    let lines = run(folder.path(), &["diff", "a", "b", "--format", "jsonl"], 1);
    assert!(
        lines.lines().count() > 5
            && lines.lines().all(|line| line.starts_with("{\"call_id\"") || line.contains("call_id"))
    );

    // The same again does nothing; other modes are marked.
    let twice = run(folder.path(), &["recheck", "a", "--out", "ab", "--in-force", "own-day"], 0);
    assert!(twice.contains("judged by these rules before"), "{twice}");
    assert_eq!(tables(&folder.path().join("ab")), again);
    run(folder.path(), &["recheck", "a", "--out", "what-if", "--from", "2026-11-01", "--to", "2026-12-31"], 0);
    let status = run(folder.path(), &["status", "what-if"], 0);
    assert!(status.contains("(ignore)"), "{status}");
    let refused = callsift(folder.path(), &["recheck", "a", "--out", "a"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
}

/// The call of 2026-11-20 in which a customer swears at an agent who then loses patience; a visit is announced in approved words.
fn a_heated_call(folder: &Path) {
    let said = [
        (0, 0, 4000, "您好,这里是海棠银行,我们会派人到您家里送还款协议。"),
        (1, 5000, 12000, "滚蛋,别再打了"),
        (0, 13000, 17000, "你听不懂人话吗"),
    ];
    write(&folder.join("site/text/1.json"), transcript(&said));
    let manifest =
        "call_id,transcript,started_at,agent_id,product\nk1,text/1.json,2026-11-20T09:00:00+08:00,a-1,card\n";
    write(&folder.join("site/manifest.csv"), manifest);
    let whitelist = "[[script]]\nname = \"送协议\"\ntexts = [\"我们会派人到您家里送还款协议\"]\n\
                     rules = [\"cn-collections.threat-of-visit\"]\nproducts = [\"card\"]\n\
                     approved = { by = \"合规部\", on = \"2026-11-01\" }\nuntil = \"2026-11-20\"\n";
    write(&folder.join("rules/whitelist.toml"), whitelist);
}

#[test]
fn what_is_excused_is_kept_and_excused_again() {
    let folder = tempfile::tempdir().expect("a folder");
    a_heated_call(folder.path());
    let card = ["--scorecard", "service-quality"];
    let with = ["--rules", "rules", "--scorecard", "service-quality"];
    run(folder.path(), &[&["inspect", "site", "--out", "without"], &card[..]].concat(), 0);
    let text = run(folder.path(), &[&["inspect", "site", "--out", "with"], &with[..]].concat(), 0);
    assert!(text.contains("; 2 of them excused"), "{text}");
    let excused: Vec<(String, String)> = rows(&folder.path().join("with"), "findings")
        .iter()
        .filter(|row| !row["excused_by"].is_empty())
        .map(|row| (row["rule"].clone(), row["excused_by"].clone()))
        .collect();
    let expected =
        [("cn-collections.threat-of-visit", "script 送协议"), ("service-quality.impatience", "excuse 客户辱骂在先")];
    assert_eq!(excused, expected.map(|(rule, by)| (rule.to_owned(), by.to_owned())));
    let again = [&["recheck", "without", "--out", "again", "--in-force", "own-day"], &with[..]].concat();
    run(folder.path(), &again, 0);
    assert_eq!(tables(&folder.path().join("with")), tables(&folder.path().join("again")));
    let told = run(folder.path(), &["diff", "without", "with"], 1);
    assert!(told.contains("cn-collections.threat-of-visit"), "{told}");
}

/// A rule of a site's own for what is said in the fixtures, next to the shipped ones.
const OWN_RULE: &str = r#"
id = "site.greets"
title = "问好"
status = "active"
severity = "minor"
category = "礼仪"
owner = "合规部"
revision = 1
languages = ["zh"]
what = "坐席说了您好。"
why = "试用。"
misses = "客户说的不算。"
sources = [{ cite = "试用", confidence = "ours" }]
[look_for.hello]
speaker = "agent"
words = ["您好"]
[report]
when = "hello"
message = "说了{quote}"
advice = "无。"
[[example]]
name = "问好"
report = true
call = "00:00 agent 您好"
[[example]]
name = "没有"
report = false
call = "00:00 agent 再见"
"#;

const OWN_PACK: &str = "id = \"site\"\ntitle = \"本行\"\ndescription = \"试用。\"\nlanguage = \"zh\"\nowner = \"合规部\"\ncounsel = \"无。\"\n";

#[test]
fn a_new_rule_alone_is_asked_and_the_others_say_what_they_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let calls = packaged("fixtures");
    let calls = calls.to_str().expect("a path");
    write(&folder.path().join("own/site/pack.toml"), OWN_PACK);
    write(&folder.path().join("own/site/greets.toml"), OWN_RULE);
    let own = ["--rules", "own"];
    run(folder.path(), &["inspect", calls, "--out", "before"], 1);
    run(folder.path(), &[&["inspect", calls, "--out", "after"], &own[..]].concat(), 1);
    let recheck = |from: &str, to: &str, more: &[&str]| {
        let args = ["recheck", from, "--out", to, "--in-force", "own-day"];
        let text = run(folder.path(), &[&args[..], more].concat(), 0);
        (tables(&folder.path().join(to)), text)
    };
    let expected = tables(&folder.path().join("after"));
    let (kept, text) = recheck("before", "kept", &own);
    assert!(text.contains("site.greets") && !text.contains("cn-collections"), "{text}");
    assert!(kept == expected, "a new rule");
    assert!(recheck("before", "anew", &["--rules", "own", "--anew"]).0 == expected, "every rule asked");
    let (back, text) = recheck("after", "back", &[]);
    assert!(back == tables(&folder.path().join("before")), "a rule that is gone: {text}");
    // What if, and back: no shipped rule that has days says what it said.
    run(folder.path(), &["recheck", "before", "--out", "what-if"], 0);
    assert!(recheck("what-if", "own-day", &[]).0 == tables(&folder.path().join("before")), "days that count");
}

/// Calls of two customers over two days; what one of them says is found nowhere else.
fn two_customers(folder: &Path) {
    let mut manifest = String::from("call_id,transcript,started_at,agent_id,customer_id,note\n");
    for call in 0..12 {
        let (customer, said) = match call % 3 {
            0 => ("13812345678", "我的猫叫奥古斯都"),
            _ => ("C-77", "知道了"),
        };
        write(&folder.join(format!("text/{call}.json")), transcript(&[(0, 0, 4000, "您好"), (1, 5000, 16000, said)]));
        let day = 10 + call % 2;
        manifest.push_str(&format!(
            "k{call},text/{call}.json,2026-11-{day}T09:{call:02}:00+08:00,a-1,{customer},猫{call}\n"
        ));
    }
    write(&folder.join("manifest.csv"), manifest);
}

#[test]
fn what_is_forgotten_is_in_no_byte_and_does_not_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    two_customers(&site);
    let out = folder.path().join("out");
    run(folder.path(), &["inspect", "site", "--out", "out"], 0);
    // A second run with one call more makes another batch.
    let manifest = site.join("manifest.csv");
    let text = std::fs::read_to_string(&manifest).expect("readable");
    std::fs::write(&manifest, format!("{text}k12,text/0.json,2026-11-10T10:00:00+08:00,a-1,13812345678,猫12\n"))
        .expect("written");
    run(folder.path(), &["inspect", "site", "--out", "out"], 0);
    let calls = || Snapshot::open(&out).expect("a dataset").committed_calls().expect("readable").len();
    assert_eq!(calls(), 13);

    run(folder.path(), &["hold", "out", "--call", "k3", "--because", "case 7"], 0);
    let dry = run(folder.path(), &["forget", "out", "--customer", "13812345678", "--dry-run"], 1);
    assert!(dry.contains("4 calls would be erased") && dry.contains("held, not erased: k3 (case 7)"), "{dry}");
    assert_eq!(calls(), 13);
    run(folder.path(), &["forget", "out", "--customer", "13812345678"], 1);
    assert_eq!(calls(), 9);
    assert_eq!(run(folder.path(), &["hold", "out", "--call", "k3", "--release"], 0), "nothing is held\n");
    let done = run(folder.path(), &["forget", "out", "--customer", "13812345678"], 0);
    assert!(done.contains("1 call erased"), "{done}");
    assert_eq!(calls(), 8);

    for words in ["13812345678", "奥古斯都", "k12", "猫12"] {
        assert_eq!(occurrences(&out, words), [""; 0], "{words}");
    }
    for table in TableName::PER_BATCH {
        let text = format!("{:?}", common::rows(&out, table.name()));
        let gone = ["奥古斯都", "猫0", "猫12", "\"k0\""];
        assert!(gone.iter().all(|words| !text.contains(words)), "{}: {text}", table.name());
    }
    let text = run(folder.path(), &["inspect", "site", "--out", "out"], 0);
    assert!(text.contains("5 calls erased earlier: left out"), "{text}");
    run(folder.path(), &["inspect", "site", "--out", "out", "--force"], 0);
    assert_eq!(calls(), 8);
    run(folder.path(), &["forget", "out", "--call", "k1"], 0);
    assert_eq!(calls(), 7);
}

#[test]
fn compacting_keeps_rows_and_makes_fewer_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    two_customers(&site);
    let out = folder.path().join("out");
    let manifest = site.join("manifest.csv");
    let text = std::fs::read_to_string(&manifest).expect("readable");
    let lines: Vec<&str> = text.lines().collect();
    for end in [4, 8, lines.len()] {
        std::fs::write(&manifest, lines[..end].join("\n")).expect("written");
        run(folder.path(), &["inspect", "site/manifest.csv", "--out", "out"], 0);
    }
    let rows = || -> BTreeMap<String, usize> {
        let mut rows = BTreeMap::new();
        for table in TableName::PER_BATCH {
            for row in common::rows(&out, table.name()) {
                *rows.entry(format!("{} {row:?}", table.name())).or_default() += 1;
            }
        }
        rows
    };
    let before = rows();
    let said = run(folder.path(), &["compact", "out"], 0);
    assert!(said.contains("batches are 2 now") && !said.starts_with("2 "), "{said}");
    assert_eq!(rows(), before);
    let calls = files_below(&out.join("calls"));
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert_eq!(files_below(&out.join("_commits")).len(), 2, "one record and the lock");
    let again = run(folder.path(), &["inspect", "site/manifest.csv", "--out", "out"], 0);
    assert!(again.contains("12 calls unchanged"), "{again}");
    let whole = run(folder.path(), &["inspect", "site/manifest.csv", "--out", "whole"], 0);
    let bytes = |name: &str| {
        tables(&folder.path().join(name))
            .into_iter()
            .filter(|(path, _)| !path.starts_with("rules"))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(bytes("out"), bytes("whole"), "{whole}");
}

#[test]
fn a_status_tells_what_is_stale() {
    let folder = tempfile::tempdir().expect("a folder");
    two_customers(&folder.path().join("site"));
    run(folder.path(), &["inspect", "site", "--out", "out"], 0);
    let text = run(folder.path(), &["status", "out"], 0);
    assert!(text.contains("12 calls, 2 days, 2 batches"), "{text}");
    assert!(!text.contains("judged by other rules"), "{text}");
    let pack = packaged("rules/cn-collections");
    let only = ["--no-shipped-rules", "--rules", pack.to_str().expect("a path")];
    write(&folder.path().join("one/manifest.csv"), "call_id,transcript\nk1,../site/text/1.json\n");
    run(folder.path(), &[&["inspect", "one", "--out", "out"], &only[..]].concat(), 0);
    let json: serde_json::Value =
        serde_json::from_str(&run(folder.path(), &["status", "out", "--format", "json"], 0)).expect("JSON");
    assert_eq!((&json["calls"], &json["stale_by_rules"]), (&12.into(), &11.into()));
    assert_eq!(json["runs"].as_array().map(Vec::len), Some(2));
}
