use super::{PackOptions, Packs, load};
use crate::finding::Severity;
use crate::recording::Metadata;
use crate::rules::model::Kind;
use crate::written::render::{Style, render};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

const PACK: &str = r#"
id = "service"
title = "服务"
description = "服务质量。"
language = "zh"
owner = "客服部"
counsel = "使用前请法务审阅。"
"#;

const RULE: &str = r#"
id = "service.silence"
title = "静音"
status = "trial"
severity = "minor"
category = "静音"
owner = "客服部"
revision = 1
what = "甲"
why = "乙"
misses = "丙"
sources = [{ cite = "惯例", confidence = "ours" }]
[look_for.quiet]
kind = "silence"
longer_than = "8 s"
unless_after = ["lexicon:zz/hold"]
[report]
when = "quiet"
message = "静音 {quiet.value}"
advice = "提前告知"
[[example]]
name = "报"
report = true
call = "00:00 agent 好"
[[example]]
name = "不报"
report = false
call = "00:00 agent 好"
"#;

const LIST: &str = r#"
id = "zz/hold"
means = "请客户稍等"
owner = "客服部"
source = "惯例"
confidence = "ours"
terms = ["请稍等"]
"#;

const CARD: &str = r#"
id = "small"
title = "小卡"
coverage_at_least = "80 %"
pass_at_least = 90
fail_below = 60
[[item]]
name = "静音"
rule = "service.silence"
max_points = 10
first = 2
each = 1
"#;

/// A folder that holds the pack `service`, and whatever `files` adds or replaces.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let standard = [
        ("service/pack.toml", PACK),
        ("service/silence.toml", RULE),
        ("service/scorecard.toml", CARD),
        ("lexicons/zz/hold.toml", LIST),
    ];
    for (path, text) in standard.iter().chain(files) {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("make a folder");
    fs::write(path, text).expect("write a file");
}

fn loaded(folders: &[&tempfile::TempDir]) -> Packs {
    let folders = folders.iter().map(|folder| folder.path().to_owned()).collect();
    load(&PackOptions { folders, shipped: false })
        .unwrap_or_else(|mistakes| panic!("{}", render(&mistakes, Style::Plain)))
}

fn longer_than_ms(packs: &Packs) -> i64 {
    match &packs.rules["service.silence"].rule.look_fors[0].kind {
        Kind::Silence(silence) => silence.longer_than_ms,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_shipped_packs_have_no_mistakes() {
    let loaded = load(&PackOptions::default());
    assert!(loaded.is_ok(), "{}", render(&loaded.expect_err("not ok"), Style::Plain));
}

#[test]
fn a_folder_of_packs_is_loaded_with_its_lists_and_cards() {
    let packs = loaded(&[&folder(&[])]);
    assert_eq!(packs.rules.keys().collect::<Vec<_>>(), ["service.silence"]);
    assert_eq!(packs.rules["service.silence"].pack, "service");
    assert_eq!(packs.rules["service.silence"].text, RULE);
    assert_eq!(packs.lists["zz/hold"].terms, ["请稍等"]);
    assert_eq!(packs.cards["small"].items.len(), 1);
    assert_eq!((packs.sets.len(), packs.sets[0].packs.as_slice()), (1, ["service".to_owned()].as_slice()));
}

#[test]
fn overrides_replace_add_and_are_checked_by_the_rules_own_reader() {
    let overrides = r#"
[rule."service.silence"]
status = "active"
severity = "major"
set = { "look_for.quiet.longer_than" = "12 s", look_for.quiet.up_to = "30 s", "in_force" = { from = "2026-01-01" } }
because = "老年客户较多"
"#;
    // `in_force.from` has no table to stand in; what the rule has not, an override cannot reach.
    let folder_with_a_mistake = folder(&[("overrides.toml", overrides)]);
    let mistakes = load(&PackOptions { folders: vec![folder_with_a_mistake.path().to_owned()], shipped: false })
        .expect_err("a mistake");
    assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), ["unknown_path"]);

    let right = overrides.replace(r#", "in_force" = { from = "2026-01-01" }"#, "");
    let packs = loaded(&[&folder(&[("overrides.toml", &right)])]);
    let changed = &packs.rules["service.silence"];
    assert_eq!((changed.rule.status.name(), changed.rule.severity.name()), ("active", "major"));
    assert_eq!(longer_than_ms(&packs), 12_000);
    let paths: Vec<_> = changed.changes.iter().map(|change| (change.path.as_str(), change.value.as_str())).collect();
    let expected = [
        ("look_for.quiet.longer_than", "\"12 s\""),
        ("look_for.quiet.up_to", "\"30 s\""),
        ("severity", "\"major\""),
        ("status", "\"active\""),
    ];
    assert_eq!(paths, expected);
    // A key was added above the examples; their lines are those of the author's file all the same.
    let line = RULE.lines().position(|line| line == "name = \"报\"").expect("it stands there") + 1;
    assert_eq!(changed.rule.examples[0].line, line);
}

#[test]
fn later_folders_win() {
    let change = |time: &str| {
        format!(
            "[rule.\"service.silence\"]\nset = {{ \"look_for.quiet.longer_than\" = \"{time}\" }}\nbecause = \"试\"\n"
        )
    };
    let first = folder(&[("overrides.toml", &change("10 s"))]);
    let second = tempfile::tempdir().expect("a folder");
    write(second.path(), "overrides.toml", &change("11 s"));
    write(second.path(), "lexicons/zz/hold.toml", &LIST.replace("请稍等", "稍等"));
    write(second.path(), "sets.toml", "[[set]]\nname = \"every\"\npacks = [\"service\"]\nscorecard = \"small\"\n");
    let packs = loaded(&[&first, &second]);
    assert_eq!(longer_than_ms(&packs), 11_000);
    assert_eq!(packs.lists["zz/hold"].terms, ["稍等"]);
    assert_eq!(packs.card_of(&packs.sets[0]).map(|card| card.id.as_str()), Some("small"));
    let replaced: Vec<_> = packs.replaced.iter().map(|it| (it.what, it.id.as_str())).collect();
    assert_eq!(replaced, [("list", "zz/hold")]);
    assert!(packs.list_files["zz/hold"].file == packs.replaced[0].by && !packs.list_files["zz/hold"].shipped);
}

#[test]
fn the_first_set_that_matches_takes_the_call() {
    let sets = r#"
[[set]]
name = "early"
packs = ["service"]
when = { queue = ["M1", "M2"], product = ["card"] }
[[set]]
name = "rest"
packs = ["service"]
"#;
    let packs = loaded(&[&folder(&[("sets.toml", sets)])]);
    let call = |queue: Option<&str>, product: &str| Metadata {
        queue: queue.map(str::to_owned),
        product: Some(product.to_owned()),
        ..Metadata::default()
    };
    let cases = [
        (call(Some("M2"), "card"), "early"),
        (call(Some("M2"), "loan"), "rest"),
        (call(Some("M3"), "card"), "rest"),
        (call(None, "card"), "rest"),
    ];
    for (metadata, expected) in cases {
        assert_eq!(packs.set_for(&metadata).map(|set| set.name.as_str()), Some(expected), "{metadata:?}");
    }
}

#[test]
fn the_hash_changes_with_what_judges_and_with_nothing_else() {
    let hash = |files: &[(&str, &str)]| loaded(&[&folder(files)]).ruleset_hash(None);
    let base = hash(&[]);
    assert!(base.len() == 16 && base.bytes().all(|byte| byte.is_ascii_hexdigit()), "{base}");
    let replaced = |from: &str, to: &str| RULE.replace(from, to);
    let draft = hash(&[("service/silence.toml", &replaced("\"trial\"", "\"draft\""))]);
    let cases = [
        ("an example", replaced("00:00 agent 好", "00:00 agent 你好"), true),
        ("a comment", format!("# 注\n{RULE}"), true),
        ("a threshold", replaced("8 s", "9 s"), false),
        ("the same threshold in another unit", replaced("8 s", "8000 ms"), true),
        ("the message", replaced("静音 {", "静音:{"), false),
        ("the status", replaced("\"trial\"", "\"active\""), false),
    ];
    for (name, rule, same) in cases {
        assert_eq!(hash(&[("service/silence.toml", &rule)]) == base, same, "{name}");
    }
    assert_ne!(hash(&[("lexicons/zz/hold.toml", &LIST.replace("请稍等", "稍等"))]), base);
    // A draft does not judge, so nothing in it counts.
    let other_draft = replaced("\"trial\"", "\"draft\"").replace("8 s", "9 s");
    assert_eq!(hash(&[("service/silence.toml", &other_draft)]), draft);
    // The card is not chosen by any set; chosen, it counts.
    let packs = loaded(&[&folder(&[])]);
    assert_ne!(packs.ruleset_hash(Some("small")), packs.ruleset_hash(None));
}

/// What decides the answer of the rule in [`folder`], with `files`.
fn effect(files: &[(&str, String)]) -> Option<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    loaded(&[&folder(&files)]).effects().get("service.silence").cloned()
}

#[test]
fn the_effect_of_a_rule_changes_with_what_decides_it() {
    let changed = |from: &str, to: &str| vec![("service/silence.toml", RULE.replace(from, to))];
    let base = effect(&[]);
    assert!(base.as_ref().is_some_and(|hash| hash.len() == 16), "{base:?}");
    type Case<'a> = (&'a str, Vec<(&'a str, String)>, bool);
    let table: [Case<'_>; 6] = [
        ("an example", changed("00:00 agent 好", "00:00 agent 你好"), true),
        ("a threshold", changed("8 s", "9 s"), false),
        ("its status", changed("\"trial\"", "\"active\""), false),
        ("its list", vec![("lexicons/zz/hold.toml", LIST.replace("请稍等", "稍等"))], false),
        ("a script for it", vec![("whitelist.toml", WHITELIST.to_owned())], false),
        ("another rule", another("\"zh\""), true),
    ];
    for (name, files, same) in table {
        assert_eq!(effect(&files) == base, same, "{name}");
    }
    assert_eq!(effect(&changed("\"trial\"", "\"draft\"")), None, "what does not judge has none");
    for (list, same) in [("zh/negation", false), ("zh/quotation", false), ("zh/apology", true)] {
        let mut packs = loaded(&[&folder(&[])]);
        packs.lists.get_mut(list).expect("a shipped list").terms.push("甲乙丙".to_owned());
        assert_eq!(packs.effects().get("service.silence") == base.as_ref(), same, "{list}");
    }
}

/// The pack `other`, with a rule for these languages.
fn another(languages: &str) -> Vec<(&'static str, String)> {
    let rule = RULE.replace("service.silence", "other.silence");
    let rule = rule.replace("revision = 1", &format!("revision = 1\nlanguages = [{languages}]"));
    vec![("other/pack.toml", PACK.replace("\"service\"", "\"other\"")), ("other/silence.toml", rule)]
}

#[test]
fn the_effect_of_a_rule_for_a_language_changes_with_the_languages_that_have_rules() {
    let zh = || ("service/silence.toml", RULE.replace("revision = 1", "revision = 1\nlanguages = [\"zh\"]"));
    let beside = |languages: &str| effect(&[vec![zh()], another(languages)].concat());
    assert_eq!(beside("\"zh\""), effect(&[zh()]));
    assert_ne!(beside("\"en\""), effect(&[zh()]), "of a call in English it says nothing now");
}

#[test]
fn the_effect_of_a_rule_changes_with_the_calls_that_are_asked_about_it() {
    let sets = |when: &str, packs: &str| {
        let set =
            |name: &str, packs: &str, when: &str| format!("[[set]]\nname = \"{name}\"\npacks = {packs}\n{when}\n");
        let both = "[\"service\", \"other\"]";
        let text = [set("some", packs, when), set("all", both, "")].concat();
        effect(&[another("\"zh\""), vec![("sets.toml", text)]].concat())
    };
    let of_a = sets("when = { queue = [\"a\"] }", "[\"service\"]");
    assert_eq!(of_a, sets("when = { queue = [\"a\"] }", "[\"service\", \"other\"]"), "other rules beside it");
    assert_ne!(of_a, sets("when = { queue = [\"b\"] }", "[\"service\"]"), "other calls");
    assert_ne!(of_a, sets("when = { queue = [\"a\"] }", "[\"other\"]"), "fewer calls");
}

const WHITELIST: &str = r#"
[[script]]
name = "静音提示"
texts = ["请稍等,我为您查询"]
rules = ["service.silence"]
products = ["card", "loan"]
approved = { by = "合规部", on = "2026-11-01" }
until = "2027-01-01"
"#;

#[test]
fn whitelists_of_later_folders_add_to_earlier_ones() {
    let second = tempfile::tempdir().expect("a folder");
    let other = WHITELIST.replace("静音提示", "其他").replace("products = [\"card\", \"loan\"]\n", "");
    write(second.path(), "whitelist.toml", &other);
    let packs = loaded(&[&folder(&[("service/whitelist.toml", WHITELIST)]), &second]);
    let scripts: Vec<_> = packs.scripts.values().map(|loaded| &loaded.script).collect();
    assert_eq!(scripts.iter().map(|script| script.name.as_str()).collect::<Vec<_>>(), ["其他", "静音提示"]);
    assert_eq!(
        (scripts[0].products.len(), scripts[1].products.as_slice()),
        (0, ["card", "loan"].map(String::from).as_slice())
    );
    assert_eq!(scripts[1].texts, ["请稍等,我为您查询"]);
    assert_eq!((scripts[1].approved_by.as_str(), scripts[1].approved_on.to_string()), ("合规部", "2026-11-01".into()));
    assert_eq!(
        (scripts[1].rules.as_slice(), scripts[1].until.to_string()),
        (["service.silence".to_owned()].as_slice(), "2027-01-01".into())
    );
    assert!(packs.scripts["其他"].file.ends_with("whitelist.toml"));

    write(second.path(), "whitelist.toml", WHITELIST);
    let folders = [folder(&[("whitelist.toml", WHITELIST)]), second];
    let folders = folders.iter().map(|folder| folder.path().to_owned()).collect();
    let mistakes = load(&PackOptions { folders, shipped: false }).expect_err("one name twice");
    assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), ["duplicate"]);
}

#[test]
fn scripts_are_part_of_the_hash() {
    let hash = |files: &[(&str, &str)]| loaded(&[&folder(files)]).ruleset_hash(None);
    let with = |text: &str| hash(&[("whitelist.toml", text)]);
    let base = with(WHITELIST);
    assert_ne!(base, hash(&[]));
    assert_eq!(base, hash(&[("service/whitelist.toml", WHITELIST)]), "where it stands does not count");
    assert_ne!(base, with(&WHITELIST.replace("我为您", "我帮您")));
    assert_ne!(base, with(&WHITELIST.replace("2027", "2028")));
    assert_ne!(base, with(&WHITELIST.replace("\"card\", ", "")));
}

#[test]
fn planned_sets_know_the_scripts_of_their_rules() {
    let rule = RULE
        .replace("\"trial\"", "\"active\"")
        .replace(
            "kind = \"silence\"\nlonger_than = \"8 s\"\nunless_after = [\"lexicon:zz/hold\"]",
            "words = [\"lexicon:zz/hold\"]",
        )
        .replace("静音 {quiet.value}", "静音");
    let files = [("service/silence.toml", rule.as_str()), ("whitelist.toml", WHITELIST)];
    let plan = loaded(&[&folder(&files)]).plan(Some("small")).expect("it compiles");
    let mut facts = crate::rules::testing::said(&[(0, crate::units::Role::Agent, "您好,请稍等,我为您查询")]);
    let excused = |facts: &crate::facts::Facts| crate::inspect::judge(facts, &plan).0.findings[0].excused_by.clone();
    facts.call.metadata.product = Some("card".into());
    assert_eq!(excused(&facts), None, "nobody knows on which day");
    facts.call.metadata.started_at = Some(crate::recording::StartedAt { timestamp_us: 0, utc_offset_min: 480 });
    assert_eq!(excused(&facts).as_deref(), Some("script 静音提示"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// An override says the same as the same words in the rule's own file, whichever folder it stands in, and the last folder wins.
    #[test]
    fn an_override_is_as_good_as_the_rule_rewritten(first_ms in 3_000..90_000_i64, last_ms in 3_000..90_000_i64, severity in 0..5_usize) {
        let severity = Severity::ALL[severity].name();
        let overriding = |ms: i64| format!(
            "[rule.\"service.silence\"]\nseverity = \"{severity}\"\nset = {{ \"look_for.quiet.longer_than\" = \"{ms} ms\" }}\nbecause = \"试\"\n"
        );
        let second = tempfile::tempdir().expect("a folder");
        write(second.path(), "overrides.toml", &overriding(last_ms));
        let overridden = loaded(&[&folder(&[("overrides.toml", &overriding(first_ms))]), &second]);
        let text = RULE.replace("\"8 s\"", &format!("\"{last_ms} ms\"")).replace("\"minor\"", &format!("\"{severity}\""));
        let rewritten = loaded(&[&folder(&[("service/silence.toml", &text)])]);
        prop_assert_eq!(&overridden.rules["service.silence"].rule, &rewritten.rules["service.silence"].rule);
        prop_assert_eq!(overridden.ruleset_hash(None), rewritten.ruleset_hash(None));
    }
}
