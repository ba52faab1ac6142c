//! Mutants tried on the examples of their rule.

use super::{Mutant, mutants};
use crate::facts::Facts;
use crate::inspect::example::{calls, results};
use crate::lexicon::{List, NEGATION, QUOTATION};
use crate::rules::model::Rule;
use crate::rules::{Ruleset, compile};
use std::collections::BTreeMap;

/// What became of the mutants of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many were tried.
    pub tried: usize,
    /// The names of those that no example noticed, in the order in which they are made.
    pub survivors: Vec<String>,
}

/// Tries every mutant of `rule` on the rule's examples; one of them that is not as expected kills it. `whole` is the set of
/// rules that the rule is of. Where the rule's own examples do not hold, the answer means nothing.
///
/// A mutant that does not compile is not tried: nobody can write it.
#[must_use]
pub fn survivors(rule: &Rule, lists: &BTreeMap<String, List>, whole: &Ruleset) -> Tally {
    let (lists, calls) = (lists_for(rule, lists), calls(rule));
    let mut tally = Tally::default();
    for mutant in mutants(rule, &lists) {
        let Some(survives) = survives(&mutant, &lists, &calls, whole) else {
            continue;
        };
        tally.tried += 1;
        if survives {
            tally.survivors.push(mutant.name());
        }
    }
    tally
}

/// Whether every example is as expected; `None` where the mutant does not compile.
fn survives(mutant: &Mutant, lists: &BTreeMap<String, List>, calls: &[Facts], whole: &Ruleset) -> Option<bool> {
    let rule = std::slice::from_ref(&mutant.rule);
    let ruleset = match &mutant.list {
        None => compile(rule, lists),
        Some(broken) => {
            let mut lists = lists.clone();
            lists.insert(broken.id.clone(), broken.clone());
            compile(rule, &lists)
        }
    };
    let ruleset = ruleset.ok()?.as_part_of(whole);
    Some(results(&mutant.rule, calls, &ruleset).all(|result| result.is_as_expected()))
}

/// The lists that the rule names, and those that tell negation and quotation.
fn lists_for(rule: &Rule, lists: &BTreeMap<String, List>) -> BTreeMap<String, List> {
    let is_named = |id: &String| rule.look_fors.iter().any(|look| look.kind.lists().contains(id));
    let is_tool = |id: &str| id.ends_with(NEGATION) || id.ends_with(QUOTATION);
    lists.iter().filter(|(id, _)| is_tool(id) || is_named(id)).map(|(id, list)| (id.clone(), list.clone())).collect()
}
