//! What one condition of a rule found in a call.

use super::super::answer::Hit;
use super::super::model::{Kind, LookFor, Rule};
use super::super::spelled;
use super::super::when::Answers;
use super::Answered;
use super::taken;
use crate::facts::Facts;
use crate::finding::MatchKind;
use crate::lexicon::List;
use crate::units::Role;
use std::collections::BTreeMap;

/// What became of one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Its name in `when`.
    pub name: String,
    /// What it looks for, in words.
    pub looks_for: String,
    /// How many hits it needs.
    pub count_at_least: u32,
    /// Its hits, by start.
    pub hits: Vec<Shown>,
    /// What it found and does not count, by start; of what a threshold alone keeps out, what came nearest.
    pub taken: Vec<Taken>,
    /// Its answer.
    pub answer: Answered,
    /// Why a part of the call was not examined, where one was not.
    pub not_examined: Option<String>,
}

/// One hit, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Start of the evidence in the recording, ms; `None` for a fact of the call as a whole.
    pub start_ms: Option<i64>,
    /// The utterance it starts in.
    pub turn: Option<i32>,
    /// Who said or did it.
    pub role: Option<Role>,
    /// The words of the evidence; empty where there are none.
    pub quote: String,
    /// The listed word or pattern.
    pub matched: Option<String>,
    /// The list of that word.
    pub list: Option<String>,
    /// What kind of evidence it is.
    pub match_kind: MatchKind,
    /// The measured value.
    pub value: Option<f64>,
    /// What it was held against.
    pub threshold: Option<f64>,
    /// The unit of both.
    pub unit: Option<&'static str>,
}

/// What was found and does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// What was found.
    pub found: Shown,
    /// The keys of the condition of which each alone takes it away, as authors write them.
    pub by: Vec<&'static str>,
    /// Whether that is the threshold of a measure, which it does not reach.
    pub is_under: bool,
}

impl Shown {
    pub(super) fn of(hit: &Hit) -> Self {
        Self {
            start_ms: hit.known.or(hit.span).map(|span| span.start_ms),
            turn: hit.turns.map(|turns| turns.0),
            role: hit.role,
            quote: hit.quote.clone(),
            matched: hit.matched.clone(),
            list: None,
            match_kind: hit.match_kind,
            value: hit.value,
            threshold: hit.threshold,
            unit: hit.unit,
        }
    }

    /// The same with the list of `look` that its word is from.
    pub(super) fn with_list(self, look: &LookFor, lists: &BTreeMap<String, List>) -> Self {
        let Kind::Words(words) = &look.kind else { return self };
        let has = |id: &&String| {
            let list = lists.get(*id);
            self.matched.as_ref().is_some_and(|word| list.is_some_and(|list| list.terms.contains(word)))
        };
        let list = words.lists.iter().find(has).cloned();
        Self { list, ..self }
    }
}

/// What became of the condition `at` of `rule`; `lists` are [`super::without_never`].
pub(super) fn of(
    rule: &Rule,
    at: usize,
    answers: Answers<'_>,
    lists: &BTreeMap<String, List>,
    facts: &Facts,
) -> Condition {
    let look = &rule.look_fors[at];
    let answer = answers.0.answer(at);
    Condition {
        name: look.name.clone(),
        looks_for: spelled::look_for(look),
        count_at_least: look.count_at_least,
        hits: answer.hits.iter().map(|hit| Shown::of(hit).with_list(look, lists)).collect(),
        taken: taken::of(rule, at, &answer.hits, lists, facts),
        not_examined: answer.why().map(|why| why.detail.clone()),
        answer: answer.truth(look.count_at_least).into(),
    }
}
