//! What people decided about findings, and how far rules are believed for it.

use super::brought::{Decision, Review, Selection};
use super::model::Standing;
use super::rule_sets::is_violation_finding;
use super::share::Share;
use crate::tables::{CountedFinding, ReportedBy};
use std::collections::{BTreeMap, HashMap};

/// A rule is believed without review from this precision on.
const LEAST_PRECISION: f64 = 0.90;

/// It is measured on at least so many findings reviewed at random.
const LEAST_REVIEWED: u64 = 20;

/// What is known of a finding: what people decided, else how far its rule is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Upheld,
    Overturned,
    Rule(Standing),
}

impl Held {
    pub(super) fn is_confirmed(self) -> bool {
        matches!(self, Self::Upheld | Self::Rule(Standing::Believed))
    }

    pub(super) fn is_unproven(self) -> bool {
        self == Self::Rule(Standing::Unproven)
    }

    /// Whether a person has decided.
    pub(super) fn is_decided(self) -> bool {
        matches!(self, Self::Upheld | Self::Overturned)
    }
}

/// Decisions of reviewers, joined to the findings of a whole dataset.
#[derive(Clone, Debug, Default)]
pub struct Reviewed {
    is_given: bool,
    decided: HashMap<String, Decided>,
    /// By rule and revision.
    precision: BTreeMap<(String, i32), Precision>,
    /// By rule: appeals, and of those the ones that overturned what had stood.
    appeals: BTreeMap<String, Share>,
}

/// The last decision on a finding.
#[derive(Clone, Copy, Debug)]
struct Decided {
    decision: Decision,
    at_us: Option<i64>,
    /// How many findings it stands for, where it was chosen at random.
    random_weight: Option<f64>,
}

/// How often a rule was right, of findings that were chosen at random.
#[derive(Clone, Copy, Debug, Default)]
struct Precision {
    upheld: Share,
    upheld_weight: f64,
    weight: f64,
}

impl Precision {
    fn standing(self) -> Standing {
        if self.upheld.of < LEAST_REVIEWED {
            Standing::Unproven
        } else if self.upheld_weight / self.weight >= LEAST_PRECISION {
            Standing::Believed
        } else {
            Standing::Doubted
        }
    }
}

impl Reviewed {
    /// What `reviews` say, before it is known which rules reported the findings; `None`: nobody reviewed.
    #[must_use]
    pub fn new(reviews: Option<&[Review]>) -> Self {
        let mut reviewed = Self { is_given: reviews.is_some(), ..Self::default() };
        reviews.unwrap_or_default().iter().for_each(|review| reviewed.add(review));
        reviewed
    }

    /// Whether there are reviews.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.is_given
    }

    /// Whether the reviews name the finding.
    #[must_use]
    pub fn names(&self, finding_id: &str) -> bool {
        self.decided.contains_key(finding_id)
    }

    /// Learns which rules reported the findings that the reviews name, in the whole dataset.
    #[must_use]
    pub fn with_rules(mut self, reviews: &[Review], findings: &[ReportedBy]) -> Self {
        let mut rules = HashMap::new();
        for finding in findings {
            let Some(decided) = self.decided.get(&finding.finding_id) else { continue };
            rules.insert(finding.finding_id.as_str(), finding.rule.as_str());
            let Some(weight) = decided.random_weight else { continue };
            let precision = self.precision.entry((finding.rule.clone(), finding.revision)).or_default();
            let is_upheld = decided.decision == Decision::Upheld;
            precision.upheld.add(is_upheld);
            precision.weight += weight;
            precision.upheld_weight += if is_upheld { weight } else { 0.0 };
        }
        self.appeals = appeals(reviews, &rules);
        self
    }

    fn add(&mut self, review: &Review) {
        let (Some(finding), Some(decision)) = (&review.finding_id, review.decision) else { return };
        if decision == Decision::Missed {
            return;
        }
        let is_random = review.selection == Some(Selection::Random);
        let weight = is_random.then(|| 1.0 / review.probability.unwrap_or(1.0));
        let new = Decided { decision, at_us: review.decided_us, random_weight: weight };
        let Some(decided) = self.decided.get_mut(finding) else {
            self.decided.insert(finding.clone(), new);
            return;
        };
        if new.at_us > decided.at_us {
            (decided.decision, decided.at_us) = (new.decision, new.at_us);
        }
        let least = |a: f64, b: f64| a.min(b);
        decided.random_weight = match (decided.random_weight, weight) {
            (Some(one), Some(other)) => Some(least(one, other)),
            (one, other) => one.or(other),
        };
    }

    /// What is known of a finding.
    pub(super) fn held(&self, finding: &CountedFinding) -> Held {
        debug_assert!(is_violation_finding(finding), "nobody asks of others");
        match self.decided.get(&finding.finding_id).map(|decided| decided.decision) {
            Some(Decision::Upheld) => Held::Upheld,
            Some(Decision::Overturned) => Held::Overturned,
            _ => Held::Rule(self.standing(&finding.rule, finding.revision)),
        }
    }

    /// Whether a person overturned the finding.
    pub(super) fn is_overturned(&self, finding_id: &str) -> bool {
        self.decided.get(finding_id).is_some_and(|decided| decided.decision == Decision::Overturned)
    }

    /// How far a rule is believed.
    pub(super) fn standing(&self, rule: &str, revision: i32) -> Standing {
        // A look-up by two parts of which one is borrowed takes a range.
        let of_rule = self.of_rule(rule).find(|((_, of), _)| *of == revision);
        of_rule.map_or(Standing::Unproven, |(_, precision)| precision.standing())
    }

    /// Upheld of reviewed at random, all revisions together.
    pub(super) fn precision(&self, rule: &str) -> Option<Share> {
        let sum = |sum: Share, other: Share| Share { hits: sum.hits + other.hits, of: sum.of + other.of };
        self.of_rule(rule).map(|(_, precision)| precision.upheld).reduce(sum)
    }

    /// Appeals about a rule, and of those the ones that overturned what had stood.
    pub(super) fn appeals(&self, rule: &str) -> Share {
        self.appeals.get(rule).copied().unwrap_or_default()
    }

    fn of_rule<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = (&'a (String, i32), &'a Precision)> {
        self.precision.range((rule.to_owned(), i32::MIN)..).take_while(move |((of, _), _)| of == rule)
    }
}

/// By rule: what the line says, else the rule that reported the finding.
fn appeals(reviews: &[Review], rules: &HashMap<&str, &str>) -> BTreeMap<String, Share> {
    let named = |review: &'_ Review| Some((review.review_id.clone()?, review.decision?));
    let decisions: HashMap<String, Decision> = reviews.iter().filter_map(named).collect();
    let mut appeals: BTreeMap<String, Share> = BTreeMap::new();
    for review in reviews.iter().filter(|review| review.selection == Some(Selection::Appeal)) {
        let is_decided = matches!(review.decision, Some(Decision::Upheld | Decision::Overturned));
        let of_finding = || rules.get(review.finding_id.as_deref()?).map(|rule| (*rule).to_owned());
        let Some(rule) = review.rule.clone().or_else(of_finding).filter(|_| is_decided) else { continue };
        let before = review.appeal_of.as_ref().and_then(|of| decisions.get(of));
        let is_turned = review.decision == Some(Decision::Overturned) && before != Some(&Decision::Overturned);
        appeals.entry(rule).or_default().add(is_turned);
    }
    appeals
}
