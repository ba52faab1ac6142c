//! Lists of rules that had an answer: thousands of calls share a few of them.

use super::rule_sets::{RuleNo, RuleSet};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The lists met on a day, each kept once.
#[derive(Debug, Default)]
pub(super) struct Lists {
    lists: Vec<List>,
    /// By hash, the places of the lists that have it.
    places: HashMap<u64, Vec<usize>>,
}

/// A list, by the rule set whose it is.
#[derive(Debug)]
struct List {
    set: usize,
    ids: Vec<String>,
    /// Those of them that are violation rules of the set, sorted.
    violations: Vec<RuleNo>,
}

impl Lists {
    /// The place of the list `ids` of the rule set at `place`.
    pub(super) fn place(&mut self, place: usize, set: &RuleSet, ids: &[&str]) -> usize {
        let hash = hash_of(place, ids);
        let known = self.places.entry(hash).or_default();
        let is_it = |at: &&usize| self.lists[**at].set == place && self.lists[**at].ids == ids;
        if let Some(at) = known.iter().find(is_it) {
            return *at;
        }
        let mut violations: Vec<RuleNo> = ids.iter().filter_map(|id| set.violation(id)).collect();
        violations.sort_unstable();
        violations.dedup();
        known.push(self.lists.len());
        self.lists.push(List { set: place, ids: ids.iter().map(|id| (*id).to_owned()).collect(), violations });
        self.lists.len() - 1
    }

    /// The violation rules in the list.
    pub(super) fn violations(&self, list: usize) -> &[RuleNo] {
        &self.lists[list].violations
    }

    /// Each list's violation rules, and how many calls have it by `counts`.
    pub(super) fn counted<'a>(&'a self, counts: &'a Counts) -> impl Iterator<Item = (&'a [RuleNo], u64)> {
        self.lists.iter().zip(&counts.0).map(|(list, count)| (list.violations.as_slice(), *count))
    }
}

/// How many calls have each list.
#[derive(Debug, Default)]
pub(super) struct Counts(Vec<u64>);

impl Counts {
    pub(super) fn add(&mut self, list: usize) {
        if self.0.len() <= list {
            self.0.resize(list + 1, 0);
        }
        self.0[list] += 1;
    }
}

fn hash_of(set: usize, ids: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (set, ids).hash(&mut hasher);
    hasher.finish()
}
