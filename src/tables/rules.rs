//! `rules`: the rules that judged, one file per rule set.

use super::error::TableError;
use super::name::TableName;
use super::record::{Column, Later, Record, read_rows, record};
use super::value::{List, Nested};
use crate::finding::{RuleStatus, Severity};
use arrow::array::RecordBatch;
use jiff::civil::Date;

/// A rule as it judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// The rule's id.
    pub rule: String,
    /// Its revision.
    pub revision: i32,
    /// Its title.
    pub title: String,
    /// Where it is in its life.
    pub status: RuleStatus,
    /// How grave its findings are.
    pub severity: Severity,
    /// Its category.
    pub category: String,
    /// Languages it is for; empty: any.
    pub languages: Vec<String>,
    /// What it finds.
    pub what: String,
    /// Why that matters.
    pub why: String,
    /// What it cannot find.
    pub misses: String,
    /// Where it comes from.
    pub sources: Vec<RuleSource>,
    /// Its message, with placeholders.
    pub message: String,
    /// What to do about a finding.
    pub advice: String,
    /// Who looks after it.
    pub owner: String,
    /// First day it is in force.
    pub in_force_from: Option<Date>,
    /// Last day it is in force.
    pub in_force_until: Option<Date>,
    /// The rule's file as written.
    pub text: String,
    /// The rule as it judged, overrides applied and every quantity in its base unit, as JSON.
    pub resolved: String,
    /// Hash of all that decides what the rule says of a call; empty where an earlier version did not write it.
    pub effect_hash: String,
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSource {
    /// Law and clause, or practice.
    pub cite: String,
    /// How sure of it its author is.
    pub confidence: String,
}

/// The table of `rules`, sorted by id and revision.
#[must_use]
pub fn rules_batch(rules: &[RuleRow]) -> RecordBatch {
    let mut rules: Vec<Option<&RuleRow>> = rules.iter().map(Some).collect();
    rules.sort_by_key(|rule| rule.map(|rule| (&rule.rule, rule.revision)));
    let mut arrays = Vec::new();
    RuleRow::write(&rules, &mut arrays);
    TableName::Rules.batch(arrays)
}

/// The rules in `rules`, in the order of the table.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, or holds what no version writes.
pub fn read_rules(rules: &RecordBatch) -> Result<Vec<RuleRow>, TableError> {
    read_rows(rules)
}

pub(super) fn columns() -> Vec<Column> {
    RuleRow::columns("", false)
}

record!(RuleRow {
    /// The rule's id.
    rule: String => dictionary,
    /// Its revision, raised when its meaning changes.
    revision: i32,
    /// Its title.
    title: String,
    /// Where it is in its life: `draft`, `trial`, `active`, `retired`. Only active and trial rules judge.
    status as "rule_status": RuleStatus => dictionary,
    /// How grave its findings are: `note`, `minor`, `major`, `critical`, `fatal`.
    severity: Severity => dictionary,
    /// Its category.
    category: String => dictionary,
    /// Languages it is for, BCP 47; empty: any.
    languages: List<String>,
    /// What it finds.
    what: String,
    /// Why that matters.
    why: String,
    /// What it cannot find, and what it must not report.
    misses: String,
    /// Where it comes from.
    sources: List<Nested<RuleSource>>,
    /// Its message, with placeholders.
    message: String,
    /// What to do about a finding.
    advice: String,
    /// Who looks after it.
    owner: String => dictionary,
    /// First day it is in force, `2026-11-20`; null: since ever.
    in_force_from: Option<Date>,
    /// Last day it is in force; null: until further notice.
    in_force_until: Option<Date>,
    /// The rule's file as written.
    text: String,
    /// The rule as it judged, overrides applied and every quantity in its base unit, as JSON.
    resolved: String,
    /// Hash of all that decides what the rule says of a call: the rule, the lists it uses, the scripts that excuse it and the sets it is in. Where
    /// it is the same in two rule sets, `recheck` keeps what the rule said.
    effect_hash: Later<String>,
});

record!(RuleSource {
    /// Law and clause, or practice.
    cite: String,
    /// How sure of it its author is: `read`, `reported`, `from memory`, `ours`.
    confidence: String,
});
