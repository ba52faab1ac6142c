//! Packs to what judges: compiled rules with the card that scores them, and the rows that record them.

use super::model::{LoadedRule, Packs, Set};
use crate::finding::RuleStatus;
use crate::inspect::{Plan, PlannedSet};
use crate::rules::{CompileError, InForce, compile_with};
use crate::score::Scorecard;
use crate::tables::{RuleRow, RuleSource};
use crate::written::nearest::did_you_mean;

/// Why packs cannot judge.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// There is no such scorecard.
    #[error("there is no scorecard {name:?}; {hint} `callsift rules list` shows them all")]
    UnknownCard {
        /// The name.
        name: String,
        /// The nearest names.
        hint: String,
    },
    /// No scorecard is there to score a set.
    #[error("the set {set:?} has no scorecard; add a scorecard.toml, or name one with --scorecard")]
    NoCard {
        /// The set.
        set: String,
    },
    /// No rule judges.
    #[error("no rules are left to judge by; leave out --no-shipped-rules, or add a folder with --rules")]
    NoRules,
    /// A rule cannot be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
}

impl Packs {
    /// What judges calls, rules being in force on each call's own day; `scorecard` scores every call where it is given.
    ///
    /// # Errors
    /// [`PlanError`]: an unknown scorecard, no scorecard, no rules.
    pub fn plan(&self, scorecard: Option<&str>) -> Result<Plan, PlanError> {
        if !self.rules.values().any(judges) {
            return Err(PlanError::NoRules);
        }
        let sets = self.sets.iter().map(|set| self.planned(set, scorecard)).collect::<Result<_, _>>()?;
        Ok(Plan { sets, ruleset_hash: self.ruleset_hash(scorecard), in_force: InForce::OwnDay })
    }

    fn planned(&self, set: &Set, scorecard: Option<&str>) -> Result<PlannedSet, PlanError> {
        let card = match scorecard {
            Some(name) => self.card_named(name)?,
            None => self.card_of(set).ok_or_else(|| PlanError::NoCard { set: set.name.clone() })?,
        };
        let rules: Vec<_> = self.of_set(&set.packs).map(|loaded| loaded.rule.clone()).collect();
        let scripts: Vec<_> = self.scripts.values().map(|loaded| loaded.script.clone()).collect();
        let ruleset = compile_with(&rules, &self.lists, &scripts)?;
        Ok(PlannedSet::new(&set.name, set.when.clone(), ruleset, card.clone()))
    }

    fn card_named(&self, name: &str) -> Result<&Scorecard, PlanError> {
        self.cards.get(name).ok_or_else(|| PlanError::UnknownCard {
            name: name.to_owned(),
            hint: did_you_mean(name, self.cards.keys().map(String::as_str)),
        })
    }

    pub(super) fn of_set<'p>(&'p self, packs: &'p [String]) -> impl Iterator<Item = &'p LoadedRule> {
        self.rules.values().filter(move |loaded| packs.contains(&loaded.pack) && judges(loaded))
    }

    /// The rules that judge in some set, as the table of rules records them.
    #[must_use]
    pub fn rule_rows(&self) -> Vec<RuleRow> {
        let row_of = |(id, effect): (&str, String)| RuleRow { effect_hash: effect, ..row(&self.rules[id]) };
        self.effects().into_iter().map(row_of).collect()
    }

    /// `whole`, which these packs made, with those of its rules alone that `is_wanted` says: of them it says what `whole` does.
    ///
    /// # Errors
    /// [`PlanError::Compile`], which no rule of `whole` gives.
    pub fn part_of(&self, whole: &Plan, is_wanted: impl Fn(&str) -> bool) -> Result<Plan, PlanError> {
        let scripts: Vec<_> = self.scripts.values().map(|loaded| loaded.script.clone()).collect();
        let part = |set: &PlannedSet| {
            let rules: Vec<_> = set.ruleset().rules().filter(|rule| is_wanted(&rule.id)).cloned().collect();
            Ok(set.with(compile_with(&rules, &self.lists, &scripts)?))
        };
        let sets = whole.sets.iter().map(part).collect::<Result<_, PlanError>>()?;
        Ok(Plan { sets, ruleset_hash: whole.ruleset_hash.clone(), in_force: whole.in_force })
    }

    pub(super) fn is_in_a_set(&self, loaded: &LoadedRule) -> bool {
        self.sets.iter().any(|set| set.packs.contains(&loaded.pack))
    }
}

pub(super) fn judges(loaded: &LoadedRule) -> bool {
    matches!(loaded.rule.status, RuleStatus::Active | RuleStatus::Trial)
}

fn row(loaded: &LoadedRule) -> RuleRow {
    let rule = &loaded.rule;
    let source = |source: &crate::rules::model::Source| RuleSource {
        cite: source.cite.clone(),
        confidence: source.confidence.clone(),
    };
    RuleRow {
        rule: rule.id.clone(),
        revision: rule.revision,
        title: rule.title.clone(),
        status: rule.status,
        severity: rule.severity,
        category: rule.category.clone(),
        languages: rule.languages.clone(),
        what: rule.what.clone(),
        why: rule.why.clone(),
        misses: rule.misses.clone(),
        sources: rule.sources.iter().map(source).collect(),
        message: rule.report.message.clone(),
        advice: rule.report.advice.clone(),
        owner: rule.owner.clone(),
        in_force_from: rule.in_force_from,
        in_force_until: rule.in_force_until,
        text: loaded.text.clone(),
        resolved: serde_json::to_string(rule).expect("text, numbers and dates are always JSON"),
        effect_hash: String::new(),
    }
}
