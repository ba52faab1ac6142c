//! `overrides.toml`: what a user changes in rules that are not theirs.

use crate::finding::{RuleStatus, Severity};
use crate::written::{Fault, Mistake, Page, Placed, Table, codes, schema};
use serde_json::json;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// One change of one value of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The rule's id, where it stands.
    pub rule: Placed<String>,
    /// What changes, such as `look_for.fast.above`.
    pub path: String,
    /// The new value as TOML, where it stands.
    pub value: Placed<String>,
    /// Bytes of the file where the path stands.
    pub path_span: Range<usize>,
    /// Why.
    pub because: String,
}

/// Reads the overrides `text`, shown as `file`.
///
/// # Errors
///
/// Every mistake in the file, by place. Whether the rules and paths exist is not looked at.
pub fn read(file: &str, text: &str) -> Result<Vec<Override>, Vec<Mistake>> {
    Page::read(file, text, "the file of overrides", |table| {
        table.require_as("rule", "[rule.\"PACK.RULE\"]".to_owned());
        let Some(rules) = table.table("rule") else { return Vec::new() };
        rules.keys().into_iter().flat_map(|rule| read_rule(&rules, rule)).collect()
    })
}

/// The JSON Schema of overrides.toml, for editors.
#[must_use]
pub(super) fn schema() -> serde_json::Value {
    let mut rule = schema::table([
        schema::required("because", "Why", schema::text()),
        schema::optional("status", "Its status instead", schema::one_of_names(RuleStatus::ALL.map(RuleStatus::name))),
        schema::optional("severity", "Its severity instead", schema::one_of_names(Severity::ALL.map(Severity::name))),
        schema::optional(
            "set",
            "Values instead, by their paths in the rule, such as \"look_for.fast.above\"",
            json!({ "type": "object", "minProperties": 1 }),
        ),
    ]);
    rule["anyOf"] = ["status", "severity", "set"].map(|key| json!({ "required": [key] })).into();
    let rules = schema::required("rule", "Rules by their ids", schema::named(rule));
    schema::file("Overrides of callsift", schema::table([rules]))
}

/// What to say of a second value for one path of one rule, the first one standing at `first`.
pub(super) fn conflict(second: &Override, first: &str) -> Fault {
    let message = format!("`{}` of `{}` has a second value in one folder", second.path, second.rule.value);
    Fault::new(codes::OVERRIDE_CONFLICT, second.value.span.clone(), message)
        .help(format!("the first one is {first}; keep one of them"))
}

fn read_rule(rules: &Table<'_>, rule: Placed<String>) -> Vec<Override> {
    let Some(table) = rules.named_value(&rule.value).and_then(|value| rules.named_table(&rule.value, value)) else {
        return Vec::new();
    };
    let because = table.required_text("because").value;
    let mut values = Vec::new();
    for key in ["status", "severity"] {
        let written = table.text(key).map(|text| (key.to_owned(), table.key_place(key), text.span));
        values.extend(written);
    }
    if let (Some(set), Some(value)) = (table.table("set"), table.value("set")) {
        flatten("", set.place(), value, &mut values);
    }
    table.refuse_unknown_keys();
    if values.is_empty() {
        let fault =
            Fault::new(codes::EMPTY, rule.span.clone(), format!("the override of `{}` changes nothing", rule.value));
        table.report(
            fault.help("give it `status`, `severity` or `set = { \"look_for.fast.above\" = \"330 chars/min\" }`"),
        );
    }
    let changes = values.into_iter().map(|(path, path_span, value_span)| Override {
        rule: rule.clone(),
        path,
        value: Placed::new(table.page().text()[value_span.clone()].to_owned(), value_span),
        path_span,
        because: because.clone(),
    });
    refuse_second_values(&table, changes.collect())
}

/// Every value under `value` that is no table, with its path and the places of its key and itself.
fn flatten(
    path: &str,
    key_span: Range<usize>,
    value: &Spanned<DeValue<'_>>,
    values: &mut Vec<(String, Range<usize>, Range<usize>)>,
) {
    let Some(table) = value.get_ref().as_table() else {
        values.push((path.to_owned(), key_span, value.span()));
        return;
    };
    for (key, value) in table.iter() {
        let path = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        flatten(&path, key.span(), value, values);
    }
}

fn refuse_second_values(table: &Table<'_>, mut changes: Vec<Override>) -> Vec<Override> {
    changes.sort_by_key(|change| change.value.span.start);
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for change in &changes {
        if let Some(first) = first.get(&change.path) {
            table.report(conflict(change, first));
        } else {
            let line = table.page().line_of(change.value.span.start);
            first.insert(change.path.clone(), format!("in line {line}"));
        }
    }
    changes
}
