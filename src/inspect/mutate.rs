//! Mutants: a rule with one thing in it broken. Examples that are good notice.
//!
//! Which mutants a rule has follows from a fixed list of ways to break it; each kind of condition has its own file or
//! function. Languages, messages and `once` are left alone: no example of a rule can see them.

mod amounts;
mod call;
mod kinds;
mod looks;
mod measured;
mod survive;
#[cfg(test)]
mod tests;
mod when;
mod words;

pub use survive::{Tally, survivors};

use crate::lexicon::List;
use crate::rules::model::{LookFor, Rule};
use std::collections::BTreeMap;

/// A rule with one thing in it broken, or with a broken list.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// The rule; its examples are those of the original.
    pub rule: Rule,
    /// The list that stands in for the one of the same id; `None` where all are as they were.
    pub list: Option<List>,
    /// What is broken, such as `look_for.threat.speaker any instead of agent`.
    pub what: String,
}

impl Mutant {
    /// The rule and what is broken in it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}: {}", self.rule.id, self.what)
    }
}

/// Something changed in several ways, one at a time, and each time what it was.
type Changed<T> = Vec<(String, T)>;

/// All mutants of `rule`, none of which is the rule itself or another mutant, in a fixed order. `lists` holds at least the
/// lists that the rule names.
#[must_use]
pub fn mutants(rule: &Rule, lists: &BTreeMap<String, List>) -> Vec<Mutant> {
    let mut making = Making { rule, made: Vec::new() };
    for (at, look) in rule.look_fors.iter().enumerate() {
        let counts = when::is_counted(&rule.report.when, at);
        let changed = kinds::changed(&look.kind);
        let of_kind = changed.into_iter().map(|(what, kind)| (what, LookFor { kind, ..look.clone() }));
        for (what, look) in of_kind.chain(looks::changed(look, counts)) {
            making.look(at, &what, look);
        }
    }
    for (what, needs) in looks::needs(rule) {
        making.add(what, Rule { needs, ..rule.clone() });
    }
    let names: Vec<&str> = rule.look_fors.iter().map(|look| look.name.as_str()).collect();
    for (what, when) in when::changed(&rule.report.when, &names) {
        let mut rule = rule.clone();
        rule.report.when = when;
        making.add(format!("report.when {what}"), rule);
    }
    making.made.extend(words::broken_lists(rule, lists));
    making.made
}

/// A rule, and the mutants made of it so far.
struct Making<'a> {
    rule: &'a Rule,
    made: Vec<Mutant>,
}

impl Making<'_> {
    fn look(&mut self, at: usize, what: &str, look: LookFor) {
        let what = format!("look_for.{}.{what}", look.name);
        let mut rule = self.rule.clone();
        rule.look_fors[at] = look;
        self.add(what, rule);
    }

    /// Adds a mutant, unless it is the rule itself or is there already.
    fn add(&mut self, what: String, rule: Rule) {
        if rule != *self.rule && self.made.iter().all(|mutant| mutant.rule != rule) {
            self.made.push(Mutant { rule, list: None, what });
        }
    }
}

/// `key` with one value instead of another.
fn instead(key: &str, new: impl std::fmt::Display, old: impl std::fmt::Display) -> String {
    format!("{key} {new} instead of {old}")
}

/// All of `items` but the one at `at`.
fn without<T: Clone>(items: &[T], at: usize) -> Vec<T> {
    [&items[..at], &items[at + 1..]].concat()
}
