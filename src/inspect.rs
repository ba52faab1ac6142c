//! The pure heart of an inspection: facts in, judgement and score out.

pub mod changes;
pub mod example;
pub mod mutate;

use crate::facts::{Facts, Needs, Status};
use crate::finding::Judgement;
use crate::recording::Metadata;
use crate::rules::{Earlier, InForce, Ruleset};
use crate::score::card::Scorecard;
use crate::score::{Owners, Score, not_judged, score, take_back};
use std::collections::BTreeMap;

/// What judges calls: every set of rules, and whether their days matter.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The sets; the first that is for a call judges it.
    pub sets: Vec<PlannedSet>,
    /// Hash of all that judges, resolved: rules, lists, cards, sets and approved scripts.
    pub ruleset_hash: String,
    /// Whether rules must be in force.
    pub in_force: InForce,
}

/// A set of rules and the card that scores them.
#[derive(Clone, Debug)]
pub struct PlannedSet {
    /// Its name.
    pub name: String,
    /// For each of these columns, the values of which a call must have one; empty: every call.
    pub when: BTreeMap<String, Vec<String>>,
    ruleset: Ruleset,
    card: Scorecard,
    /// Which of its items the rules belong to.
    owners: Owners,
}

impl Plan {
    /// What the rules of all sets look at.
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.sets.iter().map(|set| set.ruleset.needs()).fold(Needs::default(), Needs::and)
    }

    /// The first set that is for a call with this metadata.
    #[must_use]
    pub fn set_for(&self, metadata: &Metadata) -> Option<&PlannedSet> {
        self.sets.iter().find(|set| set.is_for(metadata))
    }
}

impl PlannedSet {
    /// A set of that name, for calls with these values in these columns.
    #[must_use]
    pub fn new(name: &str, when: BTreeMap<String, Vec<String>>, ruleset: Ruleset, card: Scorecard) -> Self {
        let owners = Owners::of(&card, ruleset.rules().map(|rule| (rule.id.as_str(), rule.category.as_str())));
        Self { name: name.to_owned(), when, ruleset, card, owners }
    }

    /// The rules.
    #[must_use]
    pub const fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// The card that scores.
    #[must_use]
    pub const fn card(&self) -> &Scorecard {
        &self.card
    }

    /// This set with `ruleset`, which holds some of its rules, in place of all of them.
    #[must_use]
    pub fn with(&self, ruleset: Ruleset) -> Self {
        Self::new(&self.name, self.when.clone(), ruleset.as_part_of(&self.ruleset), self.card.clone())
    }

    fn is_for(&self, metadata: &Metadata) -> bool {
        self.when.iter().all(|(column, values)| {
            metadata.column(column).is_some_and(|value| values.iter().any(|wanted| wanted == value))
        })
    }
}

/// Judges and scores a call by the first set of `plan` that is for it. A call that no set is for is not judged.
///
/// The same facts and plan always give the same outcome.
#[must_use]
pub fn judge(facts: &Facts, plan: &Plan) -> (Judgement, Score) {
    match plan.set_for(&facts.call.metadata) {
        Some(set) => scored(set, facts, set.ruleset.judge(facts, plan.in_force)),
        None => for_no_set(),
    }
}

/// As [`judge`] by `plan`, where all of its rules but those of `changed` say what they said `earlier`; see [`Ruleset::judge_again`].
///
/// # Panics
/// Where `changed` has not the sets of `plan`.
#[must_use]
pub fn judge_again(facts: &Facts, plan: &Plan, changed: &Plan, earlier: Earlier<'_>) -> (Judgement, Score) {
    let mut sets = plan.sets.iter().zip(&changed.sets);
    assert_eq!(plan.sets.len(), changed.sets.len(), "some rules of each set");
    let Some((set, changed)) = sets.find(|(set, _)| set.is_for(&facts.call.metadata)) else { return for_no_set() };
    let mut judgement = set.ruleset.judge_again(&changed.ruleset, facts, plan.in_force, earlier);
    take_back(&mut judgement.findings);
    scored(set, facts, judgement)
}

fn scored(set: &PlannedSet, facts: &Facts, mut judgement: Judgement) -> (Judgement, Score) {
    let score = match facts.call.status {
        Status::Failed | Status::Skipped => not_judged(&set.card.id, "the call could not be read"),
        Status::Ok | Status::Partial => score(&mut judgement, &set.card, &set.owners, facts.call.eligible),
    };
    (judgement, score)
}

fn for_no_set() -> (Judgement, Score) {
    (Judgement::default(), not_judged("", "no rule set is for this call"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{phrases, rule, ruleset, said};
    use crate::score::Verdict;
    use crate::score::card::{About, Item, Points};
    use crate::units::Role::Agent;

    fn set(name: &str, queue: Option<&str>) -> PlannedSet {
        let points = Points::Deduction { max_points: 100.0, first_points: 50.0, each_points: 0.0 };
        let about = About::Category { category: "测试".into(), packs: Vec::new() };
        let card = Scorecard {
            id: name.into(),
            title: String::new(),
            coverage_at_least: 0.8,
            pass_at_least: 90.0,
            fail_below: 60.0,
            review_from: None,
            items: vec![Item { name: "一".into(), about, points }],
            excuses: Vec::new(),
        };
        let when = queue.map(|queue| ("queue".to_owned(), vec![queue.to_owned()])).into_iter().collect();
        PlannedSet::new(name, when, ruleset(&[rule(phrases(&["您好"]))]), card)
    }

    fn plan(sets: Vec<PlannedSet>) -> Plan {
        Plan { sets, ruleset_hash: "hash".into(), in_force: InForce::OwnDay }
    }

    #[test]
    fn the_first_set_for_a_call_judges_it() {
        let both = plan(vec![set("m1", Some("M1")), set("rest", None)]);
        let mut facts = said(&[(0, Agent, "您好")]);
        let (judgement, score) = judge(&facts, &both);
        assert_eq!((score.scorecard.as_str(), score.score), ("rest", Some(50.0)));
        assert_eq!((judgement.findings[0].points, score.verdict), (50.0, Verdict::Fail));
        facts.call.metadata.queue = Some("M1".into());
        assert_eq!(judge(&facts, &both).1.scorecard, "m1");
        facts.call.status = Status::Failed;
        assert_eq!(judge(&facts, &both).1.not_judged_because, "the call could not be read");
        let only = plan(vec![set("m2", Some("M2"))]);
        assert_eq!(judge(&facts, &only).1.verdict, Verdict::NotJudged);
    }
}
