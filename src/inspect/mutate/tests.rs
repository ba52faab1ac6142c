mod broken;

use super::{mutants, survivors};
use crate::finding::RuleStatus;
use crate::inspect::example::check;
use crate::lexicon::List;
use crate::rules::compile;
use crate::rules::file::read;
use crate::rules::model::Rule;
use crate::rules::testing::list;
use std::collections::BTreeMap;

/// Two examples of a rule about nothing in particular.
const ANY_EXAMPLES: &str = r#"
[[example]]
name = "one"
report = true
call = "00:00 agent 好"

[[example]]
name = "another"
report = false
call = "00:00 agent 好"
"#;

/// The rule `t.rule` with these keys, conditions and `when`.
fn rule(keys: &str, look_fors: &str, when: &str, examples: &str) -> Rule {
    let text = format!(
        r#"
id = "t.rule"
title = "甲"
status = "draft"
severity = "major"
category = "乙"
owner = "丙"
revision = 1
languages = ["zh"]
what = "丁"
why = "戊"
misses = "己"
sources = [{{ cite = "庚", confidence = "ours" }}]
{keys}
{look_fors}
[report]
when = "{when}"
message = "辛"
advice = "壬"
{examples}"#
    );
    read("t", "rule", "rule.toml", &text).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{text}"))
}

fn lists() -> BTreeMap<String, List> {
    let all = [
        list("zh/negation", &["不会"], &["再不会"]),
        list("zh/quotation", &["您说"], &[]),
        list("zh/threat", &["堵门"], &["车堵门"]),
        list("zh/hold", &["请稍等"], &[]),
    ];
    all.into_iter().map(|list| (list.id.clone(), list)).collect()
}

/// A threat of the agent, neither denied nor quoted.
const THREAT: &str = r#"
[look_for.threat]
speaker = "agent"
words = ["lexicon:zh/threat"]
negation = "excludes"
"#;

const FOUND_AND_DENIED: &str = r#"
[[example]]
name = "堵门"
report = true
call = "00:00 agent 明天去堵门。"

[[example]]
name = "不会堵门"
report = false
call = "00:00 agent 我们不会堵门。"
"#;

const OF_THE_CUSTOMER_AND_INNOCENT: &str = r#"
[[example]]
name = "客户说的"
report = false
call = "00:00 customer 你们要堵门吗?"

[[example]]
name = "车堵门"
report = false
call = "00:00 agent 小区有车堵门。"
"#;

#[test]
fn what_no_example_notices_survives() {
    let both = [FOUND_AND_DENIED, OF_THE_CUSTOMER_AND_INNOCENT].concat();
    let table: [(&str, &str, &[&str]); 2] = [
        ("well tested", &both, &[]),
        (
            "badly tested",
            FOUND_AND_DENIED,
            &["t.rule: look_for.threat.speaker any instead of agent", "t.rule: lexicon:zh/threat without never"],
        ),
    ];
    for (name, examples, expected) in table {
        let rule = rule("", THREAT, "threat", examples);
        let whole = compile(std::slice::from_ref(&rule), &lists()).expect("the rule compiles");
        assert!(check(&rule, &whole).iter().all(|result| result.is_as_expected()), "{name}");
        let tally = survivors(&rule, &lists(), &whole);
        // Without its list, not denied, any speaker, the customer, two hits, the list without its innocent phrases.
        let names: Vec<&str> = tally.survivors.iter().map(String::as_str).collect();
        assert_eq!((tally.tried, &*names), (6, expected), "{name}");
    }
}

#[test]
fn what_nobody_can_write_is_not_tried() {
    // Silences of less than 3 s are not known, so `2.4 s` does not compile.
    let pause = "[look_for.it]\nkind = \"silence\"\nlonger_than = \"3 s\"";
    let rule = rule("", pause, "it", ANY_EXAMPLES);
    let whole = compile(std::slice::from_ref(&rule), &lists()).expect("the rule compiles");
    assert_eq!((mutants(&rule, &lists()).len(), survivors(&rule, &lists(), &whole).tried), (3, 2));
}

#[test]
fn a_rule_is_tried_as_one_of_its_set() {
    // Where no rule is for English, the example in English would not be evaluable, and so it would kill every mutant.
    let english = r#"
[[example]]
name = "in English"
report = false
language = "en"
call = "00:00 agent hello"
"#;
    let rule = rule("", THREAT, "threat", &[FOUND_AND_DENIED, english].concat());
    let rule = Rule { status: RuleStatus::Active, ..rule };
    let other = Rule { id: "t.other".into(), languages: vec!["en".into()], ..rule.clone() };
    let survivors = |all: &[Rule]| {
        let whole = compile(all, &lists()).expect("the rules compile");
        survivors(&rule, &lists(), &whole).survivors.len()
    };
    assert_eq!((survivors(&[rule.clone(), other]), survivors(std::slice::from_ref(&rule))), (2, 0));
}
