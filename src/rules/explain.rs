//! Why a rule said what it said of a call, step by step, by the very code that judges.

mod condition;
mod gates;
mod lift;
mod taken;
#[cfg(test)]
mod tests;

pub use condition::{Condition, Shown, Taken};
pub use gates::{Gate, Passes};
pub use lift::{loosened, without_never};

use super::asked::Asked;
use super::compile::{Compiled, Ruleset};
use super::evaluate::{InForce, judge_rule};
use super::heard::Heard;
use super::kleene::Truth;
use super::model::When;
use super::spelled;
use super::when::Answers;
use crate::facts::Facts;
use crate::finding::{Finding, Judgement, NotEvaluated, Reason};
use crate::lexicon::List;
use std::collections::BTreeMap;

/// Why a rule said what it said of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What is asked before the rule looks at the call, in turn.
    pub gates: Vec<Gate>,
    /// What became of each of its conditions, in the order of the file. They are looked at even where a gate is closed.
    pub conditions: Vec<Condition>,
    /// `report.when`, with the answer of each of its parts.
    pub when: Node,
    /// What came of it.
    pub outcome: Outcome,
}

/// One of three answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Yes.
    True,
    /// No.
    False,
    /// Nobody can tell.
    Unknown {
        /// Why.
        reason: Reason,
        /// More on why, for people.
        detail: String,
    },
}

/// A part of `report.when`.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// As an author would write it.
    pub text: String,
    /// Its answer.
    pub answer: Answered,
    /// What it is made of; none for a name and for an order of names.
    pub parts: Vec<Node>,
}

/// What a rule says of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The rule is not for the call, or does not judge.
    NotApplicable,
    /// It is for the call, and nobody can tell.
    NotEvaluated(NotEvaluated),
    /// It has nothing to report.
    Silent,
    /// It reports.
    Reports(Vec<Finding>),
}

impl Ruleset {
    /// Why the rule `id` says what it says of a call; `None` where there is no such rule. `lists` are those that the rules
    /// were compiled with.
    ///
    /// Gates, answers and outcome are those of [`Ruleset::judge`] itself. What was found and taken away is found by asking
    /// each condition again without the keys that take hits away.
    #[must_use]
    pub fn explain(
        &self,
        id: &str,
        lists: &BTreeMap<String, List>,
        facts: &Facts,
        in_force: InForce,
    ) -> Option<Explanation> {
        let compiled = self.rules.iter().find(|compiled| compiled.rule.id == id)?;
        let heard = Heard::of(self, facts);
        let asked = Asked::new(compiled, &heard);
        let answers = Answers(&asked);
        let gates = gates::of(compiled, &heard, in_force);
        let rule = &compiled.rule;
        let names: Vec<&str> = rule.look_fors.iter().map(|look| look.name.as_str()).collect();
        let lists = lift::without_never(lists);
        Some(Explanation {
            outcome: outcome(compiled, &heard, in_force, &gates),
            conditions: (0..names.len()).map(|at| condition::of(rule, at, answers, &lists, facts)).collect(),
            when: node(&rule.report.when, answers, &names),
            gates,
        })
    }

    /// All that the conditions of the rule `id` find in a call, whatever `report.when` makes of it. In a set of
    /// [`loosened`] rules this is what they find before anything is taken away.
    #[must_use]
    pub fn found(&self, id: &str, facts: &Facts) -> Vec<Shown> {
        let Some(compiled) = self.rules.iter().find(|compiled| compiled.rule.id == id) else { return Vec::new() };
        let heard = Heard::of(self, facts);
        let asked = Asked::new(compiled, &heard);
        let of = |at| Answers(&asked).hits(at).iter().map(Shown::of).collect::<Vec<_>>();
        (0..compiled.rule.look_fors.len()).flat_map(of).collect()
    }
}

fn outcome(compiled: &Compiled, heard: &Heard<'_>, in_force: InForce, gates: &[Gate]) -> Outcome {
    if gates.iter().any(|gate| gate.passes == Passes::No) {
        return Outcome::NotApplicable;
    }
    let mut judgement = Judgement::default();
    judge_rule(compiled, heard, in_force, &mut judgement);
    match judgement.not_evaluated.pop() {
        Some(aside) => Outcome::NotEvaluated(aside),
        None if judgement.evaluated.is_empty() => Outcome::NotApplicable,
        None if judgement.findings.is_empty() => Outcome::Silent,
        None => Outcome::Reports(judgement.findings),
    }
}

fn node(when: &When, answers: Answers<'_>, names: &[&str]) -> Node {
    let mut parts = Vec::new();
    match when {
        When::Not(inner) => parts.push(&**inner),
        When::And(..) | When::Or(..) => joined(when, when, &mut parts),
        When::Name(_) | When::Before(..) | When::Then(..) | When::EveryThen(..) => {}
    }
    let parts = parts.into_iter().map(|part| node(part, answers, names)).collect();
    Node { text: spelled::when(when, names), answer: answers.truth(when).into(), parts }
}

/// What `top` joins by one word, from left to right: three parts in `a or b or c`, not two.
fn joined<'w>(when: &'w When, top: &When, parts: &mut Vec<&'w When>) {
    match (when, top) {
        (When::And(left, right), When::And(..)) | (When::Or(left, right), When::Or(..)) => {
            joined(left, top, parts);
            joined(right, top, parts);
        }
        _ => parts.push(when),
    }
}

impl From<Truth> for Answered {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::True,
            Truth::False => Self::False,
            Truth::Unknown(why) => Self::Unknown { reason: why.reason, detail: why.detail },
        }
    }
}
