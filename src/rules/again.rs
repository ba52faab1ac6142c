//! A call judged again, where some rules say what they said before.

use super::compile::{Compiled, Ruleset};
use super::evaluate::{InForce, judges, key};
use crate::facts::Facts;
use crate::finding::{Evaluated, Finding, Judgement, NotEvaluated, RuleStatus};
use std::sync::Arc;

/// What rules said of a call earlier, as tables keep it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier<'a> {
    /// What they reported, in any order; what it cost does not matter.
    pub findings: Vec<Finding>,
    /// Rules without an answer, in any order.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Ids of rules with an answer, sorted.
    pub evaluated: Vec<&'a str>,
}

impl Ruleset {
    /// What the rules say of a call, as [`Ruleset::judge`], where all of them but those of `changed` say what they said `earlier`. What
    /// is known there of other rules counts for nothing.
    ///
    /// `changed` holds some of these rules, compiled apart, and of the call no more need be known than they look at.
    #[must_use]
    pub fn judge_again(&self, changed: &Self, facts: &Facts, in_force: InForce, earlier: Earlier<'_>) -> Judgement {
        let Judgement { mut findings, mut not_evaluated, evaluated: anew, .. } = changed.judge(facts, in_force);
        let is_kept = |id: &str| self.find(id).is_some_and(judges) && changed.find(id).is_none();
        findings.extend(earlier.findings.into_iter().filter(|finding| is_kept(&finding.rule)));
        findings.sort_by(|left, right| key(left).cmp(&key(right)));
        not_evaluated.extend(earlier.not_evaluated.into_iter().filter(|one| is_kept(&one.rule)));
        not_evaluated.sort_by(|left, right| left.rule.cmp(&right.rule));
        let mut evaluated = Vec::with_capacity(anew.len() + earlier.evaluated.len());
        evaluated.extend(self.still(changed, &earlier.evaluated));
        for one in anew {
            // Few rules change, and among sorted ones the place of each is soon found.
            let at = evaluated.partition_point(|other: &Arc<Evaluated>| other.rule < one.rule);
            evaluated.insert(at, one);
        }
        let is_asked = |id: &str| {
            evaluated.binary_search_by(|one| one.rule.as_str().cmp(id)).is_ok()
                || not_evaluated.binary_search_by(|one| one.rule.as_str().cmp(id)).is_ok()
        };
        let trials = self.rules.iter().filter(|compiled| compiled.rule.status == RuleStatus::Trial);
        let trial = trials.map(|compiled| &compiled.rule.id).filter(|id| is_asked(id)).cloned().collect();
        Judgement { findings, not_evaluated, evaluated, trial }
    }

    /// Those of the rules `ids`, which are sorted, that judge and are none of `changed`.
    fn still(&self, changed: &Self, ids: &[&str]) -> impl Iterator<Item = Arc<Evaluated>> {
        // Both are sorted, so no rule is looked for twice.
        let mut rules = self.rules.iter().peekable();
        ids.iter().filter_map(move |id| {
            while rules.next_if(|compiled| compiled.rule.id.as_str() < *id).is_some() {}
            let compiled = rules.next_if(|compiled| compiled.rule.id == **id)?;
            let is_kept = judges(compiled) && changed.find(id).is_none();
            is_kept.then(|| Arc::clone(&compiled.evaluated))
        })
    }

    fn find(&self, id: &str) -> Option<&Compiled> {
        let at = self.rules.binary_search_by(|compiled| compiled.rule.id.as_str().cmp(id));
        at.ok().map(|at| &self.rules[at])
    }
}

#[cfg(test)]
mod tests {
    use super::super::compile;
    use super::super::model::{Gather, Kind, Rule, Words};
    use super::super::testing::{list, rule, said, strings};
    use super::*;
    use crate::units::Role::Agent;
    use std::collections::BTreeMap;

    fn named(id: &str, words: Words) -> Rule {
        Rule { id: id.into(), ..rule(Kind::Words(words)) }
    }

    /// What rules find is theirs alone: neither how others write the same words nor what else they name changes it.
    #[test]
    fn a_rule_says_the_same_whatever_others_look_for() {
        let of = |written: &[&str]| Words { phrases: strings(written), ..Words::default() };
        let sounding = |lists: &[&str]| Words { lists: strings(lists), sounds_like: true, ..Words::default() };
        let two = Words { gather: Gather::AtLeast(2), ..of(&["visit", "visiting"]) };
        let table = [
            ("another writing", of(&["app"]), of(&["APP"]), "下载app"),
            ("traditional characters", of(&["骗子"]), of(&["騙子"]), "是骗子"),
            ("another form", two, of(&["visiting"]), "We visit you. Visiting you."),
            ("lists the other way round", sounding(&["zh/one", "zh/two"]), sounding(&["zh/two"]), "会拍人上门的"),
        ];
        let lists = [list("zh/one", &["派人上门"], &[]), list("zh/two", &["牌人上门"], &[])];
        let lists: BTreeMap<_, _> = lists.into_iter().map(|list| (list.id.clone(), list)).collect();
        for (name, own, others, text) in table {
            let facts = said(&[(0, Agent, text)]);
            let judge = |rules: &[Rule]| compile(rules, &lists).expect("they compile").judge(&facts, InForce::Ignore);
            let own = named("b.own", own);
            let alone = judge(std::slice::from_ref(&own)).findings;
            assert!(!alone.is_empty(), "{name}");
            let mut beside = judge(&[own, named("a.other", others)]).findings;
            beside.retain(|finding| finding.rule == "b.own");
            assert_eq!(alone, beside, "{name}");
        }
    }
}
