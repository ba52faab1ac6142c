use super::check::wrong;
use super::{Written, schema};
use crate::packs::folder::Place;
use crate::packs::{overrides, pack_file, sets, shipped, whitelist};
use crate::written::table::asked;
use crate::{lexicon, rules, score};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const OVERRIDES: &str = r#"
[rule."service-quality.too-fast"]
status = "trial"
severity = "minor"
set = { "look_for.fast.above" = ["330 chars/min"], look_for.fast.over = "call" }
because = "老年客户较多"
"#;

const SETS: &str = r#"
[[set]]
name = "early"
packs = ["service-quality"]
scorecard = "default"
when = { queue = ["M1", "M2"] }
[[set]]
name = "rest"
packs = ["service-quality"]
"#;

const CARD: &str = r#"
id = "small"
title = "小卡"
coverage_at_least = "80 %"
pass_at_least = 90
fail_below = 60.5
review_from = "critical"
[[item]]
name = "语速"
category = "语速"
packs = ["service-quality"]
max_points = 10
first = 2
each = 1
[[item]]
name = "致谢"
rule = "service-quality.thanks"
bonus_points = 1
cap_points = 3
[[excuse]]
name = "客户辱骂在先"
rules = ["service-quality.impatience"]
categories = ["抢话"]
after = "customer-tags.abuses-agent"
"#;

const WHITELIST: &str = r#"
[[script]]
name = "外访预告"
texts = ["我们会在约定的时间上门拜访您"]
rules = ["cn-collections.threat-of-visit"]
products = ["card"]
approved = { by = "合规部", on = "2026-11-01" }
until = "2027-01-01"
"#;

const LIST: &str = "id = \"zh/x\"\nmeans = \"甲\"\nowner = \"乙\"\nsource = \"丙\"\nconfidence = \"ours\"\n\
                    terms = [\"派人\"]\nnever = [\"派人送\"]\nbeside = [\"就\"]\nused_by = \"tool\"\n";

/// Every file that is tried: what it is, how it is shown, its text.
fn files() -> Vec<(Written, String, String)> {
    let of = |place: &Place| match place {
        Place::Rule { .. } => Written::Rule,
        Place::List { .. } => Written::List,
        Place::Pack(_) => Written::Pack,
        Place::Card | Place::DefaultCard => Written::Scorecard,
        Place::Overrides => Written::Overrides,
        Place::Sets => Written::Sets,
        Place::Whitelist => Written::Whitelist,
    };
    let shipped = shipped::layer().found.into_iter().map(|found| (of(&found.place), found.file, found.text));
    let made = [
        (Written::Overrides, OVERRIDES),
        (Written::Sets, SETS),
        (Written::Whitelist, WHITELIST),
        (Written::Scorecard, CARD),
        (Written::List, LIST),
        (Written::Rule, rules::file::EVERYTHING),
    ];
    shipped.chain(made.map(|(of, text)| (of, format!("{of:?}"), text.to_owned()))).collect()
}

fn json(text: &str) -> Value {
    toml::from_str(text).expect("TOML")
}

#[test]
fn every_shipped_file_fits_its_schema() {
    let files = files();
    assert!(files.len() > 90, "{} files", files.len());
    for (of, file, text) in files {
        assert_eq!(wrong(&schema(of), &json(&text)), Vec::<String>::new(), "{file}");
    }
}

/// Reads the file, so that its keys are noted.
fn read(of: Written, file: &str, text: &str) {
    let folder_and_stem = || {
        let mut parts = file.strip_suffix(".toml").unwrap_or("pack/everything").rsplit('/');
        let stem = parts.next().unwrap_or_default();
        (parts.next().unwrap_or_default().to_owned(), stem.to_owned())
    };
    let (folder, stem) = folder_and_stem();
    let mistakes = match of {
        Written::Rule => rules::file::read(&folder, &stem, file, text).err(),
        Written::List if folder == "pack" => lexicon::file::read("zh", "x", file, text).err(),
        Written::List => lexicon::file::read(&folder, &stem, file, text).err(),
        Written::Pack => pack_file::read(&folder, file, text).err(),
        Written::Scorecard => score::file::read(file, text).err(),
        Written::Overrides => overrides::read(file, text).err(),
        Written::Sets => sets::read(file, text).err(),
        Written::Whitelist => whitelist::read(file, text).err(),
    };
    assert!(mistakes.is_none(), "{file}: {mistakes:?}");
}

#[test]
fn schemas_have_the_keys_that_readers_ask_for_and_no_others() {
    let files = files();
    let mut asked_for: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (of, file, text) in &files {
        asked::take();
        read(*of, file, text);
        let schema = schema(*of);
        for (table, keys) in asked::take() {
            let (path, node) = node(&schema, &table);
            let keys: BTreeSet<&str> = keys.into_iter().collect();
            let known = keys_of(node);
            assert!(keys.is_subset(&known), "{file}: {table} is asked for {:?}", &keys - &known);
            if path == "look_for" {
                let kinds = node["oneOf"].as_array().expect("kinds");
                assert!(kinds.iter().any(|kind| keys_of(kind) == keys), "{file}: no kind has just the keys {keys:?}");
            }
            asked_for.entry(format!("{of:?} {path}")).or_default().extend(keys);
        }
    }
    for (path, keys) in asked_for {
        let (of, path) = path.split_once(' ').expect("two words");
        let of = files.iter().map(|(of, ..)| *of).find(|it| format!("{it:?}") == of).expect("a file");
        let schema = schema(of);
        let known = keys_of(node(&schema, path).1);
        assert_eq!(keys, known, "{of:?} {path}");
    }
}

/// The part of `schema` that is about the table that messages call `table`, and its path without the author's own names.
fn node<'s>(schema: &'s Value, table: &str) -> (String, &'s Value) {
    let path = table.trim_matches('`');
    let Some(key) = path.split('.').next().filter(|key| schema["properties"].get(key).is_some()) else {
        return ("the".to_owned(), schema);
    };
    let mut node = &schema["properties"][key];
    node = node.get("items").unwrap_or(node);
    node = node.get("additionalProperties").filter(|it| it.is_object()).unwrap_or(node);
    let mut own = key.to_owned();
    for key in path.split('.').skip(1) {
        let Some(inner) = node["properties"].get(key) else { break };
        node = inner.get("items").unwrap_or(inner);
        own = format!("{own}.{key}");
    }
    (own, node)
}

/// The keys of a table, in whichever of its forms.
fn keys_of(node: &Value) -> BTreeSet<&str> {
    let own = node.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str());
    let forms = node.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    own.chain(forms.flat_map(keys_of)).collect()
}

#[test]
fn what_readers_refuse_schemas_refuse_too() {
    let everything = rules::file::EVERYTHING;
    let cases = [
        ("a key that is not known", Written::Rule, everything.replace("severity =", "severty ="), ".severty"),
        ("a missing key", Written::Rule, everything.replace("why = \"乙\"\n", ""), ": required"),
        ("no such status", Written::Rule, everything.replace("\"active\"", "\"activ\""), ".status: enum"),
        ("a wrong unit", Written::Rule, everything.replace("\"6.5 dB\"", "\"6.5 s\""), ".look_for.loud: oneOf"),
        ("no unit", Written::Rule, everything.replace("\"8 s\"", "8"), ".look_for.quiet: oneOf"),
        ("a key of another kind", Written::Rule, everything.replace("score_above", "above"), ".look_for.anger: oneOf"),
        (
            "two kinds",
            Written::Rule,
            everything.replace("patterns = [", "words = [\"甲\"]\npatterns = ["),
            ".look_for.pattern: oneOf",
        ),
        ("a place", Written::Rule, everything.replace("first 30 s", "in 30 s"), ".look_for.threat: oneOf"),
        ("a word of `when`", Written::Rule, everything.replace("look_for.cut", "look_for.not"), ".look_for.not: not"),
        ("a date", Written::Rule, everything.replace("2018-03-28", "2018-3-28"), ".in_force.from: pattern"),
        ("an empty list", Written::List, LIST.replace("[\"派人\"]", "[]"), ".terms: minItems"),
        ("twice the same", Written::List, LIST.replace("[\"派人\"]", "[\"派人\", \"派人\"]"), ".terms: uniqueItems"),
        (
            "points of both sorts",
            Written::Scorecard,
            CARD.replace("cap_points", "each = 1\ncap_points"),
            ".item[1]: oneOf",
        ),
        ("changes nothing", Written::Overrides, "[rule.\"a.b\"]\nbecause = \"甲\"".to_owned(), ".rule.a.b: anyOf"),
        ("no packs", Written::Sets, SETS.replacen("packs = [\"service-quality\"]\n", "", 1), ".set[0]: required"),
    ];
    for (name, of, text, place) in cases {
        let found = wrong(&schema(of), &json(&text));
        assert!(found.iter().any(|it| it.contains(place)), "{name}: {found:?}");
    }
}
