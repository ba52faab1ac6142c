//! Figures by rule, and by team and rule.

use super::days::{halves, of_halves};
use super::finish::known;
use super::gathering::Gathering;
use super::model::{Known, Lack, RuleFigures, TeamRules};
use super::rule_sets::{Brief, RuleNo};
use super::share::Share;
use super::sums::Sums;
use super::tally::Tally;
use crate::finding::Reason;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// By place of a rule set, the last day on which it judged.
type LastDays = BTreeMap<usize, Option<Date>>;

impl<'a> Gathering<'a> {
    /// Team by rule.
    pub(super) fn teams(self, tally: &Tally) -> Known<Vec<TeamRules>> {
        let rules = |team: &str| -> BTreeMap<String, Share> {
            let shares = tally.rules.teams.get(team).map_or(&[][..], Vec::as_slice);
            let asked = self.rules.ids().iter().zip(shares).filter(|(_, share)| share.of > 0);
            asked.map(|(rule, share)| (rule.clone(), *share)).collect()
        };
        let team = |(team, sums): (&String, &Sums)| TeamRules {
            team: team.clone(),
            group: sums.group(team.clone()),
            rules: rules(team),
        };
        let teams: Vec<TeamRules> = tally.grouped.teams.iter().map(team).collect();
        if teams.is_empty() { Err(Lack::Teams) } else { Ok(teams) }
    }

    /// Every violation rule that any call was asked by.
    pub(super) fn rules(self, tally: &Tally) -> Vec<RuleFigures> {
        let last_days = tally.days.last_days_of_sets();
        let mut rules: Vec<RuleFigures> =
            (0..self.rules.ids().len()).filter_map(|rule| self.rule(rule, tally, &last_days)).collect();
        rules.sort_by_key(|rule| (Reverse(rule.severity), Reverse(rule.reported.hits)));
        rules
    }

    fn rule(self, rule: RuleNo, tally: &Tally, last_days: &LastDays) -> Option<RuleFigures> {
        let (id, sums) = (&self.rules.ids()[rule], tally.rules.all[rule]);
        let was_asked = sums.rates.evaluable > 0 || sums.findings > 0 || sums.reasons.iter().any(|count| *count > 0);
        let briefs = if was_asked { self.briefs(id, last_days) } else { Vec::new() };
        let last = *briefs.last()?;
        let revisions: BTreeSet<i32> = briefs.iter().map(|brief| brief.revision).collect();
        let halves = of_halves(tally.days.ends().and_then(halves), |from, to| tally.rules.between(rule, from, to));
        Some(RuleFigures {
            rule: id.clone(),
            title: last.title.clone(),
            category: last.category.clone(),
            severity: last.severity,
            status: last.status,
            revisions: revisions.into_iter().collect(),
            source: last.source.clone(),
            advice: last.advice.clone(),
            reported: sums.rates.reported(),
            findings: sums.findings,
            confirmed: known(sums.rates.confirmed(), sums.rates.unproven),
            precision: self.reviewed.precision(id),
            standing: self.reviewed.standing(id, last.revision),
            appeals: self.reviewed.appeals(id),
            not_evaluated: reasons(sums.reasons),
            halves,
        })
    }

    /// The rule as a violation rule of each set that judged, the one that was used last at the end.
    fn briefs(self, rule: &str, last_days: &LastDays) -> Vec<&'a Brief> {
        let of_set = |(set, day): (&usize, &Option<Date>)| {
            let set = self.rules.set(*set);
            set.violation(rule).and_then(|_| Some((*day, set.briefs.get(rule)?)))
        };
        let mut briefs: Vec<(Option<Date>, &Brief)> = last_days.iter().filter_map(of_set).collect();
        briefs.sort_by_key(|(day, brief)| (*day, brief.revision));
        briefs.into_iter().map(|(_, brief)| brief).collect()
    }
}

fn reasons(counts: [u64; Reason::ALL.len()]) -> BTreeMap<String, u64> {
    let named = Reason::ALL.into_iter().map(|reason| (reason.name().to_owned(), counts[reason as usize]));
    named.filter(|(_, count)| *count > 0).collect()
}
