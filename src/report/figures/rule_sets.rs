//! The rules that judged, and which of them say that somebody did wrong.

use crate::finding::{RuleStatus, Severity};
use crate::tables::{CountedFinding, RuleRow};
use std::collections::{BTreeMap, HashMap};

/// The pack whose findings are about the customer.
const ABOUT_CUSTOMERS: &str = "customer-tags.";

/// A violation rule, as its place among [`RuleSets::ids`].
pub(super) type RuleNo = usize;

/// Whether findings of this rule are violations of the agent's: it is active, no note, and not about the customer.
fn is_violation(rule: &str, severity: Severity, status: RuleStatus) -> bool {
    status == RuleStatus::Active && severity != Severity::Note && !rule.starts_with(ABOUT_CUSTOMERS)
}

/// Whether a finding is a violation of the agent's that nothing excuses.
pub(super) fn is_violation_finding(finding: &CountedFinding) -> bool {
    finding.excused_by.is_none() && is_violation(&finding.rule, finding.severity, finding.status)
}

/// What figures need of a rule.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub(super) revision: i32,
    pub(super) title: String,
    pub(super) category: String,
    pub(super) severity: Severity,
    pub(super) status: RuleStatus,
    pub(super) source: String,
    pub(super) advice: String,
    pub(super) effect_hash: String,
}

/// The rule sets that judged, by the names of their files.
#[derive(Clone, Debug, Default)]
pub struct RuleSets {
    /// Ids of the violation rules of any of them, sorted.
    ids: Vec<String>,
    sets: Vec<RuleSet>,
    places: HashMap<String, usize>,
}

/// One of them.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleSet {
    /// All its rules.
    pub(super) briefs: BTreeMap<String, Brief>,
    /// Its violation rules.
    violations: HashMap<String, RuleNo>,
}

impl RuleSets {
    /// Those of the given names.
    #[must_use]
    pub fn new(sets: BTreeMap<String, Vec<RuleRow>>) -> Self {
        let rows = || sets.values().flatten();
        let violating = rows().filter(|rule| is_violation(&rule.rule, rule.severity, rule.status));
        let mut ids: Vec<String> = violating.map(|rule| rule.rule.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let places = sets.keys().cloned().zip(0..).collect();
        let sets = sets.into_values().map(|rules| RuleSet::new(rules, &ids)).collect();
        Self { ids, sets, places }
    }

    pub(super) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The violation rule of that id.
    pub(super) fn number(&self, rule: &str) -> Option<RuleNo> {
        self.ids.binary_search_by(|id| id.as_str().cmp(rule)).ok()
    }

    /// The place of the set of that name.
    pub(super) fn place(&self, hash: &str) -> Option<usize> {
        self.places.get(hash).copied()
    }

    pub(super) fn set(&self, place: usize) -> &RuleSet {
        &self.sets[place]
    }

    /// The text of a rule that is in any of the sets; where there are several, of its last revision.
    pub(super) fn any(&self, rule: &str) -> Option<&Brief> {
        self.sets.iter().filter_map(|set| set.briefs.get(rule)).max_by_key(|brief| brief.revision)
    }
}

impl RuleSet {
    fn new(rules: Vec<RuleRow>, ids: &[String]) -> Self {
        let number = |rule: &RuleRow| {
            let is_one = is_violation(&rule.rule, rule.severity, rule.status);
            is_one.then(|| ids.binary_search(&rule.rule).ok()).flatten()
        };
        let violations = rules.iter().filter_map(|rule| Some((rule.rule.clone(), number(rule)?))).collect();
        let briefs = rules.into_iter().map(|rule| (rule.rule.clone(), Brief::of(rule))).collect();
        Self { briefs, violations }
    }

    /// The rule's number, where it is a violation rule of this set.
    pub(super) fn violation(&self, rule: &str) -> Option<RuleNo> {
        self.violations.get(rule).copied()
    }

    /// Its violation rules, by id.
    pub(super) fn violation_briefs(&self) -> impl Iterator<Item = (&str, &Brief)> {
        let briefs = self.briefs.iter().map(|(rule, brief)| (rule.as_str(), brief));
        briefs.filter(|(rule, _)| self.violations.contains_key(*rule))
    }
}

impl Brief {
    fn of(rule: RuleRow) -> Self {
        Self {
            revision: rule.revision,
            title: rule.title,
            category: rule.category,
            severity: rule.severity,
            status: rule.status,
            source: rule.sources.into_iter().next().map(|source| source.cite).unwrap_or_default(),
            advice: rule.advice,
            effect_hash: rule.effect_hash,
        }
    }

    /// Whether it says the same of every call as another writing of the same rule; where an earlier version did not note what it does,
    /// its revision tells.
    pub(super) fn has_effect_of(&self, other: &Self) -> bool {
        if self.effect_hash.is_empty() || other.effect_hash.is_empty() {
            self.revision == other.revision
        } else {
            self.effect_hash == other.effect_hash
        }
    }
}
