//! What `callsift rules explain, diff, docs, schema` and the warnings of `check` promise on the command line.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{callsift, packaged, stderr, stdout, transcript, write};
use std::fs::read_to_string;
use std::path::Path;
use tempfile::TempDir;

const RULE: &str = "cn-collections.threat-of-visit";

/// A folder with the dataset `out` of one call without sound, in which a visit is denied, announced, and asked about.
fn inspected() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines = [
        (0, 0, 5_000, "您好,这里是云杉银行,工号八零四五。"),
        (1, 5_500, 9_000, "你们要派人到你家收钱吗?"),
        (0, 9_500, 13_000, "我们不会派人到你家。"),
        (0, 14_000, 18_000, "再不还款,就派人到你家。"),
    ];
    write(&folder.path().join("in/call-0001.transcript.json"), transcript(&lines));
    let output = callsift(folder.path(), &["inspect", "in", "--out", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    folder
}

fn call_id(folder: &Path) -> String {
    common::rows(&folder.join("out"), "calls")[0]["call_id"].clone()
}

#[test]
fn a_finding_is_explained_from_the_dataset() {
    let folder = inspected();
    let call = call_id(folder.path());
    let explain = |more: &[&str]| callsift(folder.path(), &[&["rules", "explain", "out"], more].concat());
    let output = explain(&[&call, RULE]);
    let said = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{said}");
    for part in [
        "\n  yes     set           the set all judges the call, with the pack cn-collections\n",
        "    hit         0:14   agent     “派人到你家” (派人到你家 of zh/threat-of-visit, exact)\n",
        "    taken away  0:05   customer  “派人到你家” (派人到你家 of zh/threat-of-visit, exact): by `speaker`\n",
        "    taken away  0:09   agent     “派人到你家” (派人到你家 of zh/threat-of-visit, exact): by `negation`\n",
        "\nThe rule reports 1 finding.\n  0:14   critical: ",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(!said.contains("judged by other rules"), "{said}");

    write(
        &folder.path().join("mine/overrides.toml"),
        format!("[rule.\"{RULE}\"]\nstatus = \"draft\"\nbecause = \"试\"\n"),
    );
    let said = stdout(&explain(&[&call, RULE, "--rules", "mine"]));
    let rule = read_to_string(packaged("rules/cn-collections/threat-of-visit.toml")).expect("readable");
    let revision = rule.lines().find_map(|line| line.strip_prefix("revision  = ")).expect("a revision");
    let judged =
        format!("The dataset has 1 finding of revision {revision} of this rule here: it was judged by other rules.");
    assert!(said.contains(&judged), "{judged}\n{said}");

    let mistyped = call.replace("0001", "001");
    for (asked, nearest) in
        [([call.as_str(), "cn-collections.threat-of-visits"], RULE), ([mistyped.as_str(), RULE], &call)]
    {
        let output = explain(&asked);
        let said = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{said}");
        assert!(said.contains(&format!("`{nearest}`")), "{said}");
    }
}

#[test]
fn two_sets_of_rules_are_compared() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let overrides = "[rule.\"service-quality.too-fast\"]\nset = { \"look_for.fast.above\" = [\"330 chars/min\", \"240 words/min\"] }\n\
                     because = \"年龄偏大\"\n";
    write(&folder.path().join("mine/overrides.toml"), overrides);
    let diff = |old: &str, new: &str| callsift(folder.path(), &["rules", "diff", old, new]);
    let output = diff("shipped", "mine");
    let said = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{said}");
    let expected = "\nrules\n  ~ service-quality.too-fast\n      look_for.fast.above.chars_per_min: 380.0 -> 330.0\n      \
                    mine/overrides.toml sets look_for.fast.above = [\"330 chars/min\", \"240 words/min\"]: 年龄偏大\n";
    assert!(said.starts_with("old: shipped (") && said.ends_with(expected), "{said}");
    assert!(stdout(&diff("mine", "mine")).ends_with("\nNo difference.\n"));
    assert_eq!(diff("shipped", "nowhere").status.code(), Some(2));
}

#[test]
fn the_handbook_and_the_schemas_are_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let written = callsift(folder.path(), &["rules", "docs", "--out", "handbook.md"]);
    assert_eq!((written.status.code(), stdout(&written)), (Some(0), String::new()), "{}", stderr(&written));
    let handbook = read_to_string(folder.path().join("handbook.md")).expect("written");
    assert_eq!(handbook, stdout(&callsift(folder.path(), &["rules", "docs"])));
    assert!(handbook.contains("坐席：再不还款我们会派人到你家里。"), "an example's line");
    assert_eq!(callsift(folder.path(), &["rules", "docs", "--out", "no/handbook.md"]).status.code(), Some(74));
    for of in ["rule", "list", "pack", "scorecard", "overrides", "sets"] {
        let schema: serde_json::Value =
            serde_json::from_str(&stdout(&callsift(folder.path(), &["rules", "schema", of]))).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{of}");
    }
}

#[test]
fn warnings_leave_the_exit_code_alone_unless_they_must_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = read_to_string(packaged("rules/service-quality/impatience.toml")).expect("readable");
    let approved = "approved = { by = \"合规部\", on = \"2026-01-01\", review_by = \"2026-06-30\" }\nrevision ";
    let text = text.replace("service-quality.", "mine.").replacen("revision ", approved, 1);
    write(&folder.path().join("mine/impatience.toml"), text);
    let pack = read_to_string(packaged("rules/service-quality/pack.toml")).expect("readable");
    write(&folder.path().join("mine/pack.toml"), pack.replace("\"service-quality\"", "\"mine\""));
    let check = |more: &[&str]| {
        let args = [&["rules", "check", "--rules", "mine", "--no-shipped-rules"], more].concat();
        callsift(folder.path(), &args)
    };
    let before = check(&["--strict", "--today", "2026-06-30"]);
    assert_eq!((before.status.code(), stderr(&before)), (Some(0), String::new()));
    for (strict, code) in [(&["--today", "2026-07-01"][..], 0), (&["--today", "2026-07-01", "--strict"][..], 1)] {
        let after = check(strict);
        let said = stderr(&after);
        assert_eq!(after.status.code(), Some(code), "{said}");
        assert!(stdout(&after).ends_with("all examples hold\n"));
        let warning =
            "warning[approval_passed]: mine/impatience.toml: mine.impatience: 合规部 approved it until 2026-06-30";
        assert!(said.starts_with(warning) && said.lines().count() == 1, "{said}");
    }
}
