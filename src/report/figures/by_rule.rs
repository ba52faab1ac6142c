//! Sums by rule.

use super::lists::{Counts, Lists};
use super::rule_sets::RuleNo;
use super::share::Share;
use super::sums::{Rates, Said};
use crate::finding::Reason;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is added up of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RuleSums {
    pub(super) rates: Rates,
    /// Findings that nobody overturned, on any call.
    pub(super) findings: u64,
    /// Conversations on which it had no answer, by reason.
    pub(super) reasons: [u64; Reason::ALL.len()],
}

/// What is added up of each rule, by [`RuleNo`].
#[derive(Clone, Debug, Default)]
pub(super) struct RulesSums {
    pub(super) all: Vec<RuleSums>,
    /// By day: reported of evaluable.
    pub(super) days: BTreeMap<Date, Vec<Share>>,
    /// By team: the same.
    pub(super) teams: BTreeMap<String, Vec<Share>>,
}

impl RulesSums {
    pub(super) fn new(rules: usize) -> Self {
        Self { all: vec![RuleSums::default(); rules], ..Self::default() }
    }

    /// Adds what a rule reported of a call.
    pub(super) fn add(&mut self, rule: RuleNo, said: Said, date: Option<Date>, team: Option<&str>) {
        self.all[rule].rates.add_said(said);
        let rules = self.all.len();
        if said.is_reported {
            let of_day = date.map(|date| &mut of_key(&mut self.days, &date, rules)[rule]);
            of_day.into_iter().for_each(|share| share.hits += 1);
            let of_team = team.map(|team| &mut of_name(&mut self.teams, team, rules)[rule]);
            of_team.into_iter().for_each(|share| share.hits += 1);
        }
    }

    /// Adds the calls of a day on which rules were evaluable.
    pub(super) fn add_evaluable(&mut self, lists: &Lists, counts: &Counts, date: Option<Date>) {
        let rules = self.all.len();
        for (violations, count) in lists.counted(counts) {
            violations.iter().for_each(|rule| self.all[*rule].rates.evaluable += count);
            if let Some(date) = date {
                let of_day = of_key(&mut self.days, &date, rules);
                violations.iter().for_each(|rule| of_day[*rule].of += count);
            }
        }
    }

    /// Adds those of a team.
    pub(super) fn add_evaluable_of_team(&mut self, lists: &Lists, counts: &Counts, team: &str) {
        let of_team = of_name(&mut self.teams, team, self.all.len());
        for (violations, count) in lists.counted(counts) {
            violations.iter().for_each(|rule| of_team[*rule].of += count);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (sums, more) in self.all.iter_mut().zip(other.all) {
            sums.rates.merge(more.rates);
            sums.findings += more.findings;
            sums.reasons.iter_mut().zip(more.reasons).for_each(|(sum, more)| *sum += more);
        }
        for (date, shares) in other.days {
            merge(of_key(&mut self.days, &date, shares.len()), shares);
        }
        for (team, shares) in other.teams {
            merge(of_name(&mut self.teams, &team, shares.len()), shares);
        }
    }

    /// Reported of evaluable of a rule, on the days from the first to the last.
    pub(super) fn between(&self, rule: RuleNo, first: Date, last: Date) -> Share {
        let mut sum = Share::default();
        self.days.range(first..=last).for_each(|(_, shares)| sum.merge(shares[rule]));
        sum
    }
}

fn of_key<'a>(by: &'a mut BTreeMap<Date, Vec<Share>>, date: &Date, rules: usize) -> &'a mut Vec<Share> {
    by.entry(*date).or_insert_with(|| vec![Share::default(); rules])
}

fn of_name<'a>(by: &'a mut BTreeMap<String, Vec<Share>>, name: &str, rules: usize) -> &'a mut Vec<Share> {
    named(by, name, || vec![Share::default(); rules])
}

/// The entry of that name, whose text is copied only where it is new.
pub(super) fn named<'a, T>(by: &'a mut BTreeMap<String, T>, name: &str, new: impl FnOnce() -> T) -> &'a mut T {
    if !by.contains_key(name) {
        by.insert(name.to_owned(), new());
    }
    by.get_mut(name).expect("it is there or was inserted")
}

fn merge(into: &mut [Share], shares: Vec<Share>) {
    into.iter_mut().zip(shares).for_each(|(share, more)| share.merge(more));
}
