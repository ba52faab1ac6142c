//! The top of a rule's file.

use super::super::compile::needed_columns;
use super::super::model::{Approval, LookFor, Rule, Source};
use super::{example, look_for, report};
use crate::facts::CallOutcome;
use crate::finding::{RuleStatus, Severity};
use crate::written::{Fault, Mistake, Page, Placed, Reference, Table, codes};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Reads the rule `text` of the pack `pack`, whose file is called `<file_stem>.toml` and is shown as `file`.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(pack: &str, file_stem: &str, file: &str, text: &str) -> Result<Rule, Vec<Mistake>> {
    read_referring(pack, file_stem, file, text).map(|(rule, _)| rule)
}

/// Reads a rule as [`read`] does; returns with it the lists that it names, and where.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read_referring(
    pack: &str,
    file_stem: &str,
    file: &str,
    text: &str,
) -> Result<(Rule, Vec<Reference>), Vec<Mistake>> {
    Page::read(file, text, "the rule", |table| {
        let mut references = Vec::new();
        let rule = read_rule(table, &format!("{pack}.{file_stem}"), &mut references);
        (rule, references)
    })
}

fn read_rule(table: &Table<'_>, expected_id: &str, references: &mut Vec<Reference>) -> Rule {
    let id = table.required_text("id");
    check_id(table, &id, expected_id);
    let text = |key| table.required_text(key).value;
    let (in_force_from, in_force_until) = read_in_force(table);
    let languages = read_languages(table);
    let written = look_for::read_all(table, references);
    let report = report::read(table, &written);
    let look_fors: Vec<LookFor> = written.into_iter().map(|written| written.look_for).collect();
    Rule {
        id: id.value,
        title: text("title"),
        status: read_named(table, "status", RuleStatus::ALL.map(|status| (status.name(), status))),
        severity: read_named(table, "severity", Severity::ALL.map(|severity| (severity.name(), severity))),
        category: text("category"),
        owner: text("owner"),
        approved: read_approval(table),
        revision: read_revision(table),
        in_force_from,
        in_force_until,
        outcomes: read_outcomes(table),
        needs: all_needs(table.texts("needs").unwrap_or_default(), &look_fors),
        what: text("what"),
        why: text("why"),
        misses: text("misses"),
        sources: read_sources(table),
        examples: example::read_all(table, languages.first()),
        languages,
        look_fors,
        report,
    }
}

/// The choice at `key`; where it is missing or none, that is reported and the first one stands in.
fn read_named<T: Copy, const N: usize>(table: &Table<'_>, key: &'static str, choices: [(&str, T); N]) -> T {
    table.required_choice(key, &choices).unwrap_or(choices[0].1)
}

fn check_id(table: &Table<'_>, id: &Placed<String>, expected: &str) {
    if id.value.is_empty() {
        return;
    }
    if id.value != expected {
        let message = format!("the id is `{}`, but the file's place says `{expected}`", id.value);
        let help = "an id is the folder's name, a dot and the file's name; rename one of them";
        table.report(
            Fault::new(codes::ID_NOT_PATH, id.span.clone(), message).label(format!("write \"{expected}\"")).help(help),
        );
    } else if !id.value.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.')) {
        let message = format!("the id `{}` has characters other than letters, digits, `-` and `_`", id.value);
        table.report(Fault::new(codes::BAD_NAME, id.span.clone(), message).help("rename the file or its folder"));
    }
}

fn read_revision(table: &Table<'_>) -> i32 {
    table.require("revision");
    let revision = table.integer("revision", 1..=1_000_000).unwrap_or(1);
    i32::try_from(revision).unwrap_or(1)
}

fn read_approval(table: &Table<'_>) -> Option<Approval> {
    let approved = table.table("approved")?;
    let by = approved.required_text("by").value;
    approved.require("on");
    let on = approved.date("on");
    let review_by = approved.date("review_by");
    refuse_backwards(&approved, on.as_ref(), review_by.as_ref(), ["on", "review_by"]);
    approved.refuse_unknown_keys();
    Some(Approval { by, on: on?.value, review_by: review_by.map(|date| date.value) })
}

fn read_in_force(table: &Table<'_>) -> (Option<Date>, Option<Date>) {
    let Some(in_force) = table.table("in_force") else { return (None, None) };
    in_force.require("from");
    let (from, until) = (in_force.date("from"), in_force.date("until"));
    refuse_backwards(&in_force, from.as_ref(), until.as_ref(), ["from", "until"]);
    in_force.refuse_unknown_keys();
    (from.map(|date| date.value), until.map(|date| date.value))
}

fn refuse_backwards(table: &Table<'_>, first: Option<&Placed<Date>>, last: Option<&Placed<Date>>, keys: [&str; 2]) {
    if let (Some(first), Some(last)) = (first, last)
        && last.value < first.value
    {
        let [first_key, last_key] = keys;
        let message = format!("`{last_key}` ({}) is before `{first_key}` ({})", last.value, first.value);
        table.report(
            Fault::new(codes::NEVER_TRUE, last.span.clone(), message)
                .label(format!("{} or later is allowed", first.value)),
        );
    }
}

fn read_languages(table: &Table<'_>) -> Vec<String> {
    let languages = table.texts_or_none("languages").unwrap_or_default();
    for language in &languages {
        let is_tag =
            matches!(language.value.len(), 2 | 3) && language.value.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_tag && !language.value.trim().is_empty() {
            let message = format!("`{}` is no language tag", language.value);
            let help = "two or three small letters, without script or region: \"zh\", \"en\", \"yue\"";
            table.report(Fault::new(codes::UNKNOWN_VALUE, language.span.clone(), message).help(help));
        }
    }
    languages.into_iter().map(|language| language.value).collect()
}

fn read_sources(table: &Table<'_>) -> Vec<Source> {
    table.require("sources");
    let sources = table.tables("sources");
    if sources.is_empty() && table.has("sources") {
        let fault = Fault::new(codes::EMPTY, table.value_place("sources"), "`sources` is an empty list");
        table.report(
            fault
                .label("at least one entry is wanted here")
                .help("write where the rule comes from; practice without a legal source is \"ours\""),
        );
    }
    sources.iter().map(read_source).collect()
}

/// How sure of a source one can be.
pub(super) const CONFIDENCES: [&str; 4] = ["read", "reported", "from memory", "ours"];

fn read_source(source: &Table<'_>) -> Source {
    let cite = source.required_text("cite").value;
    let confidence = source.required_choice("confidence", &CONFIDENCES.map(|it| (it, it)));
    source.refuse_unknown_keys();
    Source { cite, confidence: confidence.unwrap_or_default().to_owned() }
}

/// The columns that the author names, and those that the conditions cannot do without.
fn all_needs(named: Vec<Placed<String>>, look_fors: &[LookFor]) -> Vec<String> {
    let named = named.into_iter().map(|need| need.value);
    // Of several columns one may do, which only a call can tell.
    let of_looks = look_fors.iter().flat_map(needed_columns).filter(|columns| columns.len() == 1).flatten();
    named.chain(of_looks).collect::<BTreeSet<String>>().into_iter().collect()
}

/// Kinds of calls that a rule is for.
fn read_outcomes(table: &Table<'_>) -> Vec<CallOutcome> {
    let choices = CallOutcome::ALL.map(|outcome| (outcome.name(), outcome));
    let named = table.texts("outcomes").unwrap_or_default();
    named.iter().filter_map(|name| table.choose(name, "an entry of `outcomes`", &choices)).collect()
}
