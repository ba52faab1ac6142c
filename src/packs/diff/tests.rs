use super::*;
use crate::packs::{Change, Pack, Set};
use crate::rules::model::{Kind, LookFor, Place, When};
use crate::rules::testing::{list, look, phrases, rule_of};
use serde_json::json;

/// Packs with the rule `test.rule`, which looks for a phrase and a list, and that list.
pub(crate) fn packs() -> Packs {
    let words = crate::rules::model::Words { lists: vec!["zh/x".into()], ..Default::default() };
    let looks = vec![look("a", phrases(&["派人"])), look("b", Kind::Words(words))];
    let rule = rule_of(looks, When::Or(Box::new(When::Name(0)), Box::new(When::Name(1))));
    let loaded = LoadedRule {
        rule,
        text: "as written".into(),
        pack: "test".into(),
        file: "test/rule.toml".into(),
        changes: Vec::new(),
        shipped: false,
    };
    let pack = Pack {
        id: "test".into(),
        title: "测试".into(),
        description: "甲".into(),
        language: "zh".into(),
        owner: "乙".into(),
        counsel: "丙".into(),
    };
    let set =
        |name: &str| Set { name: name.into(), packs: vec!["test".into()], scorecard: None, when: BTreeMap::new() };
    Packs {
        packs: [("test".to_owned(), pack)].into(),
        rules: [("test.rule".to_owned(), loaded)].into(),
        lists: [("zh/x".to_owned(), list("zh/x", &["一", "二"], &["一二"]))].into(),
        sets: vec![set("early"), set("rest")],
        ..Packs::default()
    }
}

pub(crate) fn with(change: impl FnOnce(&mut Packs)) -> Packs {
    let mut packs = packs();
    change(&mut packs);
    packs
}

/// The packs with another rule, written anew.
fn with_rule(change: impl FnOnce(&mut Rule)) -> Packs {
    with(|packs| {
        let loaded = packs.rules.get_mut("test.rule").expect("it is there");
        loaded.text = "written anew".into();
        change(&mut loaded.rule);
    })
}

/// The differences, a line each.
fn told(old: &Packs, new: &Packs) -> Vec<String> {
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".to_owned(), Value::to_string);
    let values = |values: &Values| match values {
        Values::Set { before, after } => format!("{} > {}", value(before), value(after)),
        Values::Entries { added, removed } => format!("+{} -{}", added.join(" "), removed.join(" ")),
        Values::Otherwise => "otherwise".to_owned(),
    };
    let mut told = Vec::new();
    for difference in diff(old, new) {
        let id = &difference.id;
        match &difference.how {
            How::Added => told.push(format!("+ {id}")),
            How::Removed => told.push(format!("- {id}")),
            How::Changed(changed) => {
                told.extend(changed.iter().map(|it| format!("{id} {}: {}", it.path, values(&it.values))));
            }
        }
        told.extend(difference.notes.iter().map(|note| format!("{id} note: {note}")));
        told.extend(difference.warnings.iter().map(|warning| format!("{id} warning: {warning}")));
    }
    told
}

#[test]
fn differences_are_told_path_by_path() {
    let raised = |rule: &mut Rule| rule.revision = 4;
    let still = "test.rule warning: what it finds changed, but its revision is still 3: raise it";
    let table: Vec<(&str, Packs, Vec<&str>)> = vec![
        ("nothing", packs(), vec![]),
        (
            "a rule more",
            with(|it| {
                it.rules.insert("test.zwei".into(), it.rules["test.rule"].clone());
            }),
            vec!["+ test.zwei"],
        ),
        ("a rule less", with(|it| it.rules.clear()), vec!["- test.rule"]),
        (
            "words, and the revision raised",
            with_rule(|rule| {
                raised(rule);
                rule.look_fors[0].kind = phrases(&["派人", "上门"]);
            }),
            vec!["test.rule look_for.a.phrases: +上门 -", "test.rule revision: 3 > 4"],
        ),
        (
            "words, and the revision not raised",
            with_rule(|rule| rule.look_fors[0].kind = phrases(&["上门"])),
            vec!["test.rule look_for.a.phrases: +上门 -派人", still],
        ),
        (
            "when and where, as they are written",
            with_rule(|rule| {
                rule.report.when = When::Name(0);
                rule.look_fors[0].place = Place::FirstMs(30_000);
            }),
            vec!["test.rule look_for.a.where: - > \"first 30 s\"", "test.rule report.when: \"a or b\" > \"a\"", still],
        ),
        (
            "a condition more",
            with_rule(|rule| {
                raised(rule);
                rule.look_fors.push(LookFor { count_at_least: 2, ..look("c", phrases(&["好"])) });
            }),
            vec![
                "test.rule look_for.c: - > {\"count_at_least\":2,\"gather\":\"Any\",\"kind\":\"words\",\"lists\":[],\"negation_excludes\":false,\
                 \"not_after\":[],\"not_before\":[],\"phrases\":[\"好\"],\"quotation_excludes\":false,\"same_utterance\":false,\"sounds_like\":false,\
                 \"speaker\":\"any\"}",
                "test.rule revision: 3 > 4",
            ],
        ),
        (
            "a revision alone",
            with_rule(raised),
            vec![
                "test.rule revision: 3 > 4",
                "test.rule warning: the revision was raised from 3 to 4, although nothing changed",
            ],
        ),
        (
            "a revision back",
            with_rule(|rule| rule.revision = 2),
            vec!["test.rule revision: 3 > 2", "test.rule warning: the revision went back from 3 to 2"],
        ),
        (
            "a source, which finds nothing",
            with_rule(|rule| rule.sources[0].confidence = "read".into()),
            vec!["test.rule sources.第1条.confidence: \"ours\" > \"read\""],
        ),
        (
            "words of a list",
            with(|it| {
                it.lists.insert("zh/x".into(), list("zh/x", &["一", "三"], &["一二"]));
            }),
            vec!["zh/x terms: +三 -二", "zh/x note: used by test.rule"],
        ),
        (
            "a revision for the sake of a list",
            {
                let mut packs = with_rule(raised);
                packs.lists.insert("zh/x".into(), list("zh/x", &["一"], &["一二"]));
                packs
            },
            vec!["test.rule revision: 3 > 4", "zh/x terms: + -二", "zh/x note: used by test.rule"],
        ),
        (
            "a pack",
            with(|it| it.packs.get_mut("test").expect("it is there").owner = "丁".into()),
            vec!["test owner: \"乙\" > \"丁\""],
        ),
        (
            "sets",
            with(|it| {
                it.sets.reverse();
                it.sets[0].scorecard = Some("x".into());
            }),
            vec!["rest scorecard: - > \"x\"", "(all) order: \"early, rest\" > \"rest, early\""],
        ),
    ];
    for (name, new, expected) in table {
        assert_eq!(told(&packs(), &new), expected, "{name}");
    }
}

#[test]
fn what_an_override_changes_says_so_itself() {
    let change = Change {
        path: "look_for.a.count_at_least".into(),
        value: "2".into(),
        because: "试".into(),
        file: "mine/overrides.toml".into(),
    };
    let new = with(|packs| {
        let loaded = packs.rules.get_mut("test.rule").expect("it is there");
        loaded.rule.look_fors[0].count_at_least = 2;
        loaded.changes.push(change);
    });
    let expected = [
        "test.rule look_for.a.count_at_least: 1 > 2",
        "test.rule note: mine/overrides.toml sets look_for.a.count_at_least = 2: 试",
    ];
    assert_eq!(told(&packs(), &new), expected);
}

#[test]
fn examples_are_told_by_name() {
    let example = |name: &str, line| Example {
        name: name.into(),
        expected: crate::rules::model::Expected::Silent,
        quote: None,
        lines: Vec::new(),
        channel_count: 2,
        recording: true,
        transcript: true,
        started_at: None,
        columns: BTreeMap::new(),
        earlier: Vec::new(),
        line,
    };
    let with_examples = |examples: Vec<Example>| with_rule(|rule| rule.examples = examples);
    let old = with_examples(vec![example("甲", 10), example("乙", 20)]);
    let moved = with_examples(vec![example("甲", 11), example("乙", 21)]);
    assert_eq!(told(&old, &moved), Vec::<String>::new());
    let other = Example { recording: false, ..example("甲", 10) };
    let new = with_examples(vec![other, example("丙", 20)]);
    assert_eq!(told(&old, &new), ["test.rule example: +丙 -乙", "test.rule example.甲: otherwise"]);
}

#[test]
fn lists_of_tables_are_compared_by_name() {
    let card = |max: f64| json!({ "items": [{ "name": "语速", "max": max }, { "name": "静音", "max": 5 }] });
    let paths: Vec<String> = values::changed(&card(10.0), &card(9.0)).into_iter().map(|it| it.path).collect();
    assert_eq!(paths, ["items.语速.max"]);
}
