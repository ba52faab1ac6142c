//! What is allowed in rules and lists, and still worth a person's look. Pure: what is read is judged here, and nothing
//! is read.

mod dates;
mod examples;
mod repeated;
mod terms;
#[cfg(test)]
mod tests;
mod unheard;

use super::model::{LoadedRule, Packs};
use crate::finding::RuleStatus;
use jiff::civil::Date;
use std::fmt;

/// Something worth a look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// The file, as it is shown.
    pub file: String,
    /// The rule or list, by id; empty for a file as a whole.
    pub about: String,
    /// A stable name of what was looked for.
    pub code: &'static str,
    /// What is odd.
    pub message: String,
    /// What to do about it.
    pub way_out: String,
    /// Whether the file came with callsift, so that its reader cannot change it.
    pub shipped: bool,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, about, code, message, way_out, .. } = self;
        let about = if about.is_empty() { String::new() } else { format!("{about}: ") };
        write!(f, "warning[{code}]: {file}: {about}{message}; {way_out}")
    }
}

/// Everything odd in `packs` on the day `today`, by file.
#[must_use]
pub fn lint(packs: &Packs, today: Date) -> Vec<Warning> {
    let checks: [fn(&Packs) -> Vec<Warning>; 8] = [
        unheard::in_no_set,
        unheard::never_true,
        terms::dead,
        terms::redundant,
        terms::in_two_lists,
        repeated::replaced,
        repeated::alike,
        examples::without_near_miss,
    ];
    let mut warnings: Vec<Warning> = checks.into_iter().flat_map(|check| check(packs)).collect();
    warnings.extend(dates::approvals(packs, today));
    warnings.extend(dates::run_out(packs, today));
    warnings.sort();
    warnings
}

/// A warning of a rule.
fn of_rule(loaded: &LoadedRule, code: &'static str, message: String, way_out: &str) -> Warning {
    let (file, about) = (loaded.file.clone(), loaded.rule.id.clone());
    Warning { file, about, code, message, way_out: way_out.to_owned(), shipped: loaded.shipped }
}

/// A warning of a list.
fn of_list(packs: &Packs, list: &str, code: &'static str, message: String, way_out: &str) -> Warning {
    let (file, shipped) = packs.list_files.get(list).map_or_else(Default::default, |it| (it.file.clone(), it.shipped));
    Warning { file, about: list.to_owned(), code, message, way_out: way_out.to_owned(), shipped }
}

/// The rules that judge where a set has their pack.
fn in_use(packs: &Packs) -> impl Iterator<Item = &LoadedRule> {
    packs.rules.values().filter(|loaded| matches!(loaded.rule.status, RuleStatus::Active | RuleStatus::Trial))
}
