//! What the READMEs show is what happens: the run, its output, the queries, the rule of one's own.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{Row, callsift, packaged, python_has, rows, stderr, stdout, write};
use std::fs::{copy, create_dir_all, read_to_string};
use std::path::Path;
use std::process::Command;

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

#[test]
fn the_run_shows_what_the_readme_shows_and_its_results_are_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("results");
    let output = callsift(&packaged(""), &["inspect", "fixtures/calls", "--out", out.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let said = stdout(&output);
    for readme in READMES {
        assert!(
            blocks(readme, "sh").contains(&"callsift inspect fixtures/calls --out results\n".to_owned()),
            "{readme}"
        );
        let shown = blocks(readme, "text").remove(0);
        assert_eq!(lasting(&said), lasting(&shown), "{readme}");
    }
    if python_has("duckdb, pandas, pyarrow") {
        let repository = packaged("");
        let documents = [READMES[0], READMES[1], "docs/tables.md"].map(packaged);
        let ran = python(folder.path(), "run_documented_blocks.py", &documents.each_ref().map(|path| path.as_path()));
        for (document, blocks) in [("README.md", 4), ("README.zh-CN.md", 4), ("tables.md", 2)] {
            let lines = ran.lines().filter(|line| line.starts_with(&format!("{document}:")) && line.contains(" ran: "));
            assert!(lines.count() >= blocks, "{document}: {ran}");
        }
        assert!(python(folder.path(), "read_real_results.py", &[&out, &repository]).contains("all read"));
    }
}

#[test]
fn the_rule_of_the_readme_finds_what_the_readme_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    own_rules("README.md", "threat-of-jail", folder.path());
    let commands = blocks("README.md", "sh");
    let run = |command: &str| {
        assert!(commands.contains(&format!("{command}\n")), "{command} is not in the README");
        let output = callsift(folder.path(), &command.split(' ').skip(1).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{command}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    };
    let checked = run("callsift rules check --rules my-rules");
    assert!(checked.ends_with("all examples hold\n"), "{checked}");

    one_fixture_call("en-threat-01", folder.path());
    run("callsift inspect fixtures/calls --rules my-rules --out results-own");
    let found: Vec<Row> = rows(&folder.path().join("results-own"), "findings")
        .into_iter()
        .filter(|finding| finding["category"] == "恐吓")
        .collect();
    let shown =
        found.iter().map(|finding| [&finding["rule"], &finding["severity"], &finding["quote"], &finding["message"]]);
    let rule = "my-rules.threat-of-jail";
    let expected = [
        [rule, "critical", "go to jail", "Threat: go to jail"],
        [rule, "critical", "send someone to your house", "Threat: send someone to your house"],
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    let points: f64 = found.iter().map(|finding| finding["points"].parse::<f64>().expect("points")).sum();
    assert!(points > 0.0, "a category of the scorecard: {found:?}");
}

#[test]
fn the_rule_and_the_overrides_of_each_readme_are_right() {
    for (readme, rule) in [("README.md", "threat-of-jail"), ("README.zh-CN.md", "unapproved-waiver")] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        own_rules(readme, rule, folder.path());
        let overrides = blocks(readme, "toml").remove(2);
        write(&folder.path().join("my-rules/overrides.toml"), overrides);
        let checked = callsift(folder.path(), &["rules", "check", "--rules", "my-rules"]);
        assert_eq!(checked.status.code(), Some(0), "{readme}: {}{}", stdout(&checked), stderr(&checked));
        let shown = callsift(folder.path(), &["rules", "show", "service-quality.too-fast", "--rules", "my-rules"]);
        assert!(stdout(&shown).contains(r#"look_for.fast.above = ["330 chars/min", "220 words/min"]"#), "{readme}");
        let listed = stdout(&callsift(folder.path(), &["rules", "list", "--rules", "my-rules"]));
        let status = |id: &str| {
            let line = listed
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>())
                .find(|line| line.first() == Some(&id));
            line.unwrap_or_else(|| panic!("{id} is not in\n{listed}"))[2].to_owned()
        };
        let statuses = [status(&format!("my-rules.{rule}")), status("cn-collections.recording-not-notified")];
        assert_eq!(statuses, ["active", "trial"], "{readme}");
    }
}

/// The fenced blocks of a document in one language, from top to bottom.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let text = read_to_string(packaged(document)).expect("readable");
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(named) = line.strip_prefix("```") {
            let block: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            if named == language {
                found.push(block);
            }
        }
    }
    found
}

/// What of a summary is the same on every machine: not the speed, nor the folder.
fn lasting(summary: &str) -> Vec<&str> {
    let mut lines = summary.lines();
    let headline = lines.next().and_then(|line| line.split_once(", in ")).expect("the headline").0;
    let results = lines.next().expect("where the results are");
    assert!(results.starts_with("Results: ") && results.ends_with("results"), "{results}");
    [headline].into_iter().chain(lines).collect()
}

/// Writes the pack and the rule that a README shows.
fn own_rules(readme: &str, rule: &str, folder: &Path) {
    let [pack, text] = blocks(readme, "toml").into_iter().take(2).collect::<Vec<_>>().try_into().expect("two blocks");
    assert!(text.contains(&format!("\"my-rules.{rule}\"")), "{readme}: {text}");
    write(&folder.join("my-rules/pack.toml"), pack);
    write(&folder.join(format!("my-rules/{rule}.toml")), text);
}

/// Copies one call of the fixtures, so that a run over them takes a second.
fn one_fixture_call(id: &str, folder: &Path) {
    let calls = packaged("fixtures/calls");
    let manifest = read_to_string(calls.join("manifest.csv")).expect("readable");
    let line = manifest.lines().find(|line| line.starts_with(&format!("{id},"))).expect("the call");
    let header = manifest.lines().next().expect("a header");
    write(&folder.join("fixtures/calls/manifest.csv"), format!("{header}\n{line}\n"));
    for file in line.split(',').skip(1).take(2) {
        let to = folder.join("fixtures/calls").join(file);
        create_dir_all(to.parent().expect("a folder")).expect("made");
        copy(calls.join(file), to).expect("copied");
    }
}

/// Runs a script of `tests/readers` in `folder`; returns what it prints.
fn python(folder: &Path, script: &str, arguments: &[&Path]) -> String {
    let script = packaged("tests/readers").join(script);
    let output = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(script)
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    stdout(&output)
}
