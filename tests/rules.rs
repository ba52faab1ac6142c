//! What `callsift rules` promises: the shipped examples hold, one that does not is named by file and line, a mistake
//! is shown where it is, and people can list and read the rules.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{callsift, files_below, packaged, stderr, stdout, write};
use std::fs::read_to_string;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

#[test]
fn every_shipped_example_holds() {
    let output = callsift(&packaged(""), &["rules", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let rules = shipped_rules();
    let examples: usize = rules.iter().map(|(_, text)| text.matches("[[example]]").count()).sum();
    let lists = files_below(&packaged("lexicons")).len();
    let counted = format!("{} rules, {lists} lists, {examples} examples: all examples hold\n", rules.len());
    assert_eq!(stdout(&output), counted);
    let said = stderr(&output);
    assert!(said.lines().all(|line| line.starts_with("warning[")), "{said}");
}

#[test]
fn an_example_that_does_not_hold_is_named() {
    let (reports, silent) = ("report = true", "report = false");
    let flipped = [
        ("threat-of-visit", "正常告知", silent, reports, "the rule should report, and does stay silent"),
        ("personal-insult", "别耍无赖仍是贬损", reports, silent, "the rule should stay silent, and does report"),
        ("profanity", "骂王八蛋", "\"王八蛋\"", "\"八蛋\"", "the quote should be \"八蛋\", and is \"王八蛋\""),
    ];
    let folder = pack();
    let mut expected = Vec::new();
    for (rule, example, held, holds_not, message) in flipped {
        let file = format!("mine/{rule}.toml");
        let text = copied(rule);
        let (before, inside) = text.split_at(text.find(&format!("name   = {example:?}")).expect("the example"));
        let line = 1 + before.matches('\n').count();
        expected.push(format!("{file}:{line}: example {example:?}: {message}"));
        write(&folder.path().join(&file), [before, &inside.replacen(held, holds_not, 1)].concat());
    }
    let output = check(&folder);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{said}{}", stderr(&output));
    for line in &expected {
        assert!(said.lines().any(|said| said == line), "{line} is not in\n{said}");
    }
    assert!(said.ends_with("3 do not hold\n") && said.lines().count() == 4, "{said}");
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let folder = pack();
    let broken = [
        ("threat-of-visit", "severity  =", "severty   =", "`severity`"),
        ("personal-insult", "status    = \"active\"", "status    = \"activ\"", "`active`"),
        ("profanity", "lexicon:zh/profanity", "lexicon:zh/profanty", "profanity"),
    ];
    for (rule, right, wrong, _) in broken {
        let text = copied(rule);
        assert_eq!(text.matches(right).count(), 1, "{rule}: {right}");
        write(&folder.path().join(format!("mine/{rule}.toml")), text.replace(right, wrong));
    }
    let output = check(&folder);
    let said = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{said}");
    for (rule, right, wrong, way_out) in broken {
        let text = copied(rule).replace(right, wrong);
        let (at, line) = text.lines().enumerate().find(|(_, line)| line.contains(wrong)).expect("the line");
        let place = format!("mine/{rule}.toml:{}:", at + 1);
        let shown = said.split("\n\n").find(|part| part.contains(&place)).unwrap_or_else(|| panic!("{place}\n{said}"));
        let column = shown.split(&place).nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a column");
        let column: usize = column.parse().unwrap_or_else(|_| panic!("{column:?} in {shown}"));
        let (first, last) = (line.find(wrong).expect("the mistake") + 1, line.len());
        assert!((first..=last).contains(&column), "{rule}: column {column}\n{shown}");
        assert!(shown.contains(line) && shown.contains(way_out), "{rule}: {shown}");
    }
}

#[test]
fn the_list_has_every_rule_and_scorecard() {
    let folder = pack();
    write(&folder.path().join("mine/threat-of-visit.toml"), copied("threat-of-visit"));
    let output = callsift(folder.path(), &["rules", "list", "--rules", "mine"]);
    let said = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{said}");
    for (id, text) in shipped_rules() {
        let line = said.lines().find(|line| line.split_whitespace().next() == Some(&id));
        let line = line.unwrap_or_else(|| panic!("{id} is not in\n{said}"));
        for key in ["severity", "status", "category", "title"] {
            assert!(line.contains(&written(&text, key)), "{key}: {line}");
        }
    }
    assert!(said.contains("\n mine.threat-of-visit "), "{said}");
    assert!(
        said.ends_with("\nscorecards: cn-collections, default, service-quality, uk-collections, us-collections\n"),
        "{said}"
    );

    let alone = stdout(&callsift(folder.path(), &["rules", "list", "--rules", "mine", "--no-shipped-rules"]));
    let ids: Vec<_> = alone.lines().skip(1).take_while(|line| !line.is_empty()).collect();
    assert!(ids.len() == 1 && ids[0].trim_start().starts_with("mine.threat-of-visit "), "{alone}");
}

#[test]
fn a_rule_is_shown_as_written_and_as_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let overrides = "[rule.\"service-quality.too-fast\"]\nseverity = \"minor\"\nstatus = \"trial\"\n\
                     set = { \"look_for.fast.above\" = [\"330 chars/min\", \"220 words/min\"] }\n\
                     because = \"Our customers are older than most.\"\n";
    write(&folder.path().join("own/overrides.toml"), overrides);
    let show =
        |more: &[&str]| callsift(folder.path(), &[&["rules", "show", "service-quality.too-fast"], more].concat());

    let file = read_to_string(packaged("rules/service-quality/too-fast.toml")).expect("readable");
    let plain = show(&[]);
    assert_eq!((plain.status.code(), stdout(&plain)), (Some(0), file.clone()), "{}", stderr(&plain));

    let changed = show(&["--rules", "own"]);
    let said = stdout(&changed);
    assert_eq!(changed.status.code(), Some(0), "{}", stderr(&changed));
    let comments = said.strip_prefix(file.as_str()).expect("the file first");
    for change in
        ["severity = \"minor\"", "status = \"trial\"", "look_for.fast.above = [\"330 chars/min\", \"220 words/min\"]"]
    {
        let says = |line: &str| {
            line.contains(change) && line.contains("own/overrides.toml") && line.contains("older than most")
        };
        assert!(comments.lines().any(says), "{change} is not in\n{comments}");
    }
    assert!(comments.lines().all(|line| line.is_empty() || line.starts_with('#')), "{comments}");
}

#[test]
fn an_unknown_rule_names_the_nearest() {
    let cases = [
        ("service-quality.toofast", "service-quality.too-fast"),
        ("cn-collections.threat-of-visits", "cn-collections.threat-of-visit"),
    ];
    for (asked, nearest) in cases {
        let output = callsift(&packaged(""), &["rules", "show", asked]);
        let said = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{said}");
        assert!(said.contains(asked) && said.contains(&format!("`{nearest}`")), "{said}");
    }
}

/// Id and text of every shipped rule.
fn shipped_rules() -> Vec<(String, String)> {
    let rules: Vec<_> = files_below(&packaged("rules"))
        .into_iter()
        .filter_map(|(name, path)| {
            let id = name.strip_suffix(".toml")?.replace('/', ".");
            let is_rule = id.contains('.') && !id.ends_with(".pack") && !id.ends_with(".scorecard");
            is_rule.then(|| (id, read_to_string(path).expect("readable")))
        })
        .collect();
    assert!(rules.len() >= 40, "{} rules", rules.len());
    rules
}

/// What a rule's file says for a key of its top.
fn written(text: &str, key: &str) -> String {
    let line = text.lines().find(|line| line.split_whitespace().next() == Some(key)).expect(key);
    line.split('"').nth(1).expect("a text").to_owned()
}

/// A temporary folder with the pack `mine`, still without rules.
fn pack() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = read_to_string(packaged("rules/cn-collections/pack.toml")).expect("readable");
    write(&folder.path().join("mine/pack.toml"), text.replace("\"cn-collections\"", "\"mine\""));
    folder
}

/// A shipped rule of the collections pack, as a rule of `mine`.
fn copied(rule: &str) -> String {
    let path = packaged("rules/cn-collections").join(Path::new(rule).with_extension("toml"));
    read_to_string(path).expect("readable").replace("\"cn-collections.", "\"mine.")
}

fn check(folder: &TempDir) -> Output {
    callsift(folder.path(), &["rules", "check", "--rules", "mine", "--no-shipped-rules"])
}
