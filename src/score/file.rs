//! Scorecards as written: TOML to [`Scorecard`].

use super::card::{About, Excuse, Item, Points, Scorecard};
use crate::finding::Severity;
use crate::written::quantity::Dimension;
use crate::written::schema::{Key, number, optional, required, text, texts};
use crate::written::{Fault, Mistake, Page, Placed, Reference, Referred, Table, codes, schema};
use std::collections::BTreeSet;

/// The most points an item can be worth.
const MAX_POINTS: f64 = 1_000.0;

/// Reads the scorecard `text`, shown as `file`; returns with it the rules, categories and packs that it names, and where.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(file: &str, text: &str) -> Result<(Scorecard, Vec<Reference>), Vec<Mistake>> {
    Page::read(file, text, "the scorecard", |table| {
        let mut references = Vec::new();
        let card = read_card(table, &mut references);
        (card, references)
    })
}

/// The JSON Schema of a scorecard's file, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    let percent = || number(0.0..=100.0);
    let keys = [
        required("id", "Its id", text()),
        required("title", "What people see", text()),
        required(
            "coverage_at_least",
            "A call of which less could be judged has no score",
            schema::quantity(&[Dimension::Share]),
        ),
        required("pass_at_least", "The least score that passes", percent()),
        required("fail_below", "A score under this fails", percent()),
        optional(
            "review_from",
            "A finding of this severity or a graver one keeps a call from passing",
            schema::one_of_names(Severity::ALL.map(Severity::name)),
        ),
        required("item", "What costs or brings points", schema::list_of(schema::one_of(items()), 1)),
        optional("excuse", "What excuses findings", schema::list_of(excuse(), 1)),
    ];
    schema::file("A scorecard of callsift", schema::table(keys))
}

fn excuse() -> serde_json::Value {
    schema::table([
        required("name", "Its name, which reviews use too", text()),
        optional("rules", "The rules whose later findings are excused", texts(1)),
        optional("categories", "The categories whose later findings are excused", texts(1)),
        optional("after", "The rule whose finding, earlier in the call, excuses", text()),
    ])
}

/// The tables of items: about a rule or a category, and of points to lose or to gain.
fn items() -> Vec<serde_json::Value> {
    let points = || number(0.0..=MAX_POINTS);
    let name = || vec![required("name", "What people see; unique", text())];
    let rule = || vec![required("rule", "The rule whose findings count", text())];
    let category = || {
        vec![
            required("category", "The category whose findings count", text()),
            optional("packs", "Only rules of these packs", texts(1)),
        ]
    };
    let deduction = || {
        vec![
            required("max_points", "What the item is worth, and so the most that can be lost", points()),
            required("first", "Points lost by the first finding", points()),
            required("each", "Points lost by each further one", points()),
        ]
    };
    let bonus = || {
        vec![
            required("bonus_points", "Points gained by each finding", points()),
            required("cap_points", "The most that can be gained", points()),
        ]
    };
    let abouts: [&dyn Fn() -> Vec<Key>; 2] = [&rule, &category];
    let table = |parts: [Vec<Key>; 3]| schema::table(parts.into_iter().flatten());
    abouts.iter().flat_map(|about| [table([name(), about(), deduction()]), table([name(), about(), bonus()])]).collect()
}

fn read_card(table: &Table<'_>, references: &mut Vec<Reference>) -> Scorecard {
    let [id, title] = ["id", "title"].map(|key| table.required_text(key).value);
    let coverage_at_least = read_coverage(table);
    let pass_at_least = table.required_number("pass_at_least", 0.0..=100.0);
    let fail_below = table.required_number("fail_below", 0.0..=100.0);
    if fail_below > pass_at_least && table.has("pass_at_least") {
        let message = format!("`fail_below` is {fail_below}, more than `pass_at_least`, which is {pass_at_least}");
        table.report(Fault::new(codes::NEVER_TRUE, table.value_place("fail_below"), message));
    }
    let severities = Severity::ALL.map(|severity| (severity.name(), severity));
    let review_from = table.choice("review_from", &severities);
    let items = table.tables("item");
    if items.is_empty() {
        let fault = Fault::new(codes::MISSING_KEY, table.place(), "the scorecard has no item");
        table.report(fault.label("add `[[item]]`"));
    }
    let mut seen = BTreeSet::new();
    let items = items.iter().map(|item| read_item(item, references, &mut seen)).collect();
    let excuses = read_excuses(table, references);
    Scorecard { id, title, coverage_at_least, pass_at_least, fail_below, review_from, items, excuses }
}

fn read_excuses(table: &Table<'_>, references: &mut Vec<Reference>) -> Vec<Excuse> {
    let mut seen = BTreeSet::new();
    table.tables("excuse").iter().map(|excuse| read_excuse(excuse, references, &mut seen)).collect()
}

fn read_excuse(table: &Table<'_>, references: &mut Vec<Reference>, seen: &mut BTreeSet<String>) -> Excuse {
    let name = table.required_text("name");
    if !name.value.is_empty() && !seen.insert(name.value.clone()) {
        table.report(Fault::new(codes::DUPLICATE, name.span, format!("two excuses are called `{}`", name.value)));
    }
    let mut refer = |referred, texts: Vec<Placed<String>>| -> Vec<String> {
        let reference =
            |text: &Placed<String>| Reference { referred, name: text.value.clone(), span: text.span.clone() };
        references.extend(texts.iter().map(reference));
        texts.into_iter().map(|text| text.value).collect()
    };
    let rules = refer(Referred::AnyRule, table.texts("rules").unwrap_or_default());
    let categories = refer(Referred::Category, table.texts("categories").unwrap_or_default());
    let after = refer(Referred::AnyRule, table.text("after").into_iter().collect()).pop();
    if after.is_some() && !table.has("rules") && !table.has("categories") {
        let fault =
            Fault::new(codes::NO_KIND, table.key_place("after"), "the excuse is about no `rules` and no `categories`");
        table.report(fault.label("add `rules = [\"…\"]` or `categories = [\"…\"]`"));
    }
    table.refuse_unknown_keys();
    Excuse { name: name.value, rules, categories, after }
}

fn read_coverage(table: &Table<'_>) -> f64 {
    table.require("coverage_at_least");
    let Some(coverage) = table.quantity("coverage_at_least", &[Dimension::Share]) else { return 0.0 };
    if !(0.0..=1.0).contains(&coverage.value.amount) {
        table.out_of_range(
            coverage.span,
            &format!("`coverage_at_least` is {} %", coverage.value.amount * 100.0),
            "0 % to 100 %",
        );
    }
    coverage.value.amount
}

fn read_item(table: &Table<'_>, references: &mut Vec<Reference>, seen: &mut BTreeSet<String>) -> Item {
    let name = table.required_text("name");
    if !name.value.is_empty() && !seen.insert(format!("name {}", name.value)) {
        table.report(Fault::new(codes::DUPLICATE, name.span, format!("two items are called `{}`", name.value)));
    }
    let about = read_about(table, references);
    let bonus = table.has("bonus_points") || table.has("cap_points");
    let points = if bonus { read_bonus(table) } else { read_deduction(table) };
    let counted = format!("{} {about:?}", if bonus { "bonus" } else { "points" });
    if !seen.insert(counted) && (table.has("rule") || table.has("category")) {
        let key = if table.has("rule") { "rule" } else { "category" };
        let fault = Fault::new(codes::DUPLICATE, table.value_place(key), "two items count the same findings");
        table.report(fault.help("a finding would cost its points twice; take one of them out"));
    }
    table.refuse_unknown_keys();
    Item { name: name.value, about, points }
}

fn read_about(table: &Table<'_>, references: &mut Vec<Reference>) -> About {
    let mut refer = |referred, text: &Placed<String>| {
        references.push(Reference { referred, name: text.value.clone(), span: text.span.clone() });
    };
    let (rule, category) = (table.text("rule"), table.text("category"));
    refuse_none_and_both(table);
    if let Some(rule) = rule {
        refer(Referred::Rule, &rule);
        return About::Rule(rule.value);
    }
    let Some(category) = category else { return About::Rule(String::new()) };
    let packs = table.texts("packs").unwrap_or_default();
    packs.iter().for_each(|pack| refer(Referred::Pack, pack));
    refer(Referred::Category, &category);
    About::Category { category: category.value, packs: packs.into_iter().map(|pack| pack.value).collect() }
}

fn refuse_none_and_both(table: &Table<'_>) {
    match (table.has("rule"), table.has("category")) {
        (true, true) => {
            let message = "an item is about a `rule` or a `category`, not both";
            let fault = Fault::new(codes::TWO_KINDS, table.key_place("category"), message);
            table.report(fault.help("make two items of it"));
        }
        (false, false) => {
            let fault = Fault::new(codes::NO_KIND, table.place(), "the item is about no `rule` and no `category`");
            table.report(fault.label("add `rule = \"…\"` or `category = \"…\"`"));
        }
        _ => {}
    }
}

fn read_deduction(table: &Table<'_>) -> Points {
    let max_points = table.required_number("max_points", 0.0..=MAX_POINTS);
    let [first_points, each_points] = ["first", "each"].map(|key| {
        let points = table.required_number(key, 0.0..=MAX_POINTS);
        if points > max_points && table.has("max_points") {
            table.out_of_range(
                table.value_place(key),
                &format!("`{key}` is {points}"),
                &format!("at most `max_points`, which is {max_points}"),
            );
        }
        points
    });
    if max_points <= 0.0 && table.has("max_points") {
        table.out_of_range(table.value_place("max_points"), "`max_points` is 0", "more than 0");
    }
    Points::Deduction { max_points, first_points, each_points }
}

fn read_bonus(table: &Table<'_>) -> Points {
    let [bonus_points, cap_points] =
        ["bonus_points", "cap_points"].map(|key| table.required_number(key, 0.0..=MAX_POINTS));
    Points::Bonus { bonus_points, cap_points }
}

#[cfg(test)]
mod tests {
    use super::*;

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
name = "辱骂在先"
rules = ["service-quality.impatience"]
categories = ["抢话"]
after = "customer-tags.abuses-agent"

[[excuse]]
name = "系统故障"
"#;

    #[test]
    fn a_card_reads_as_it_is_written() {
        let (card, references) = read("scorecard.toml", CARD).expect("a right card");
        assert_eq!((card.coverage_at_least, card.pass_at_least, card.fail_below), (0.8, 90.0, 60.5));
        assert_eq!(card.review_from, Some(Severity::Critical));
        assert_eq!(
            card.items[0].about,
            About::Category { category: "语速".into(), packs: vec!["service-quality".into()] }
        );
        assert_eq!(card.items[0].points, Points::Deduction { max_points: 10.0, first_points: 2.0, each_points: 1.0 });
        assert_eq!(card.items[1].about, About::Rule("service-quality.thanks".into()));
        assert_eq!(card.items[1].points, Points::Bonus { bonus_points: 1.0, cap_points: 3.0 });
        let [abuse, name] = card.excuses.as_slice() else { panic!("{:?}", card.excuses) };
        assert_eq!((abuse.name.as_str(), abuse.after.as_deref()), ("辱骂在先", Some("customer-tags.abuses-agent")));
        assert_eq!(
            (abuse.rules.as_slice(), abuse.categories.as_slice()),
            (["service-quality.impatience".to_owned()].as_slice(), ["抢话".to_owned()].as_slice())
        );
        assert_eq!((name.name.as_str(), name.rules.len(), name.after.as_deref()), ("系统故障", 0, None));
        let referred: Vec<_> =
            references.iter().map(|reference| (reference.referred, &CARD[reference.span.clone()])).collect();
        assert_eq!(
            referred,
            [
                (Referred::Pack, "\"service-quality\""),
                (Referred::Category, "\"语速\""),
                (Referred::Rule, "\"service-quality.thanks\""),
                (Referred::AnyRule, "\"service-quality.impatience\""),
                (Referred::Category, "\"抢话\""),
                (Referred::AnyRule, "\"customer-tags.abuses-agent\"")
            ]
        );
    }
}
