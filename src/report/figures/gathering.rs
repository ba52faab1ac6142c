//! Calls in, day by day; sums out.

use super::brought::Outcome;
use super::by_rule::named;
use super::contact::Debtors;
use super::lists::{Counts, Lists};
use super::model::Scope;
use super::outcomes::is_complained_of;
use super::reviewed::Reviewed;
use super::rule_sets::RuleSets;
use super::seen::{SeenCall, said};
use super::tally::Tally;
use super::weighed::Weighed;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What figures are gathered with. Of a call nothing is kept but what it adds to sums, and the few lines that are shown of it.
#[derive(Clone, Copy, Debug)]
pub struct Gathering<'a> {
    /// Which calls.
    pub scope: &'a Scope,
    /// The rules that judged any of them.
    pub rules: &'a RuleSets,
    /// What people decided.
    pub reviewed: &'a Reviewed,
    /// What calls led to.
    pub outcomes: Option<&'a BTreeMap<String, Outcome>>,
    /// The last day of which the outcomes know.
    pub known_until: Option<Date>,
    /// How many of the worst calls are shown.
    pub shown: usize,
}

/// The calls of one day, or those without a date.
#[derive(Debug)]
pub struct Day<'a> {
    gathering: Gathering<'a>,
    date: Option<Date>,
    tally: Tally,
    lists: Lists,
    /// Eligible calls by the list of rules that had an answer: all, and by team.
    all: Counts,
    teams: BTreeMap<String, Counts>,
    debtors: Debtors,
}

impl<'a> Gathering<'a> {
    /// A day without calls yet.
    #[must_use]
    pub fn day(self, date: Option<Date>) -> Day<'a> {
        Day {
            gathering: self,
            date,
            tally: self.nothing(),
            lists: Lists::default(),
            all: Counts::default(),
            teams: BTreeMap::new(),
            debtors: Debtors::default(),
        }
    }

    /// The sums of no call.
    #[must_use]
    pub fn nothing(self) -> Tally {
        Tally::new(self.rules.ids().len(), self.shown)
    }
}

impl Day<'_> {
    /// Adds a call of the day, unless it is not of the scope.
    pub fn add(&mut self, call: &SeenCall<'_>) {
        let Gathering { scope, reviewed, .. } = self.gathering;
        if scope.team.is_some() && scope.team != call.row.team {
            return;
        }
        let list = self.list_of(call);
        let is_evaluable = list.is_some_and(|list| !self.lists.violations(list).is_empty());
        let weighed = Weighed::new(call, reviewed, is_evaluable);
        if scope.agent.is_some() {
            self.tally.own.add_peer(&weighed);
            if scope.agent != call.row.agent_id {
                return;
            }
            self.tally.own.add(&weighed, reviewed);
        }
        self.add_to_sums(&weighed);
        self.add_to_rules(&weighed, list);
    }

    /// The sums of the day.
    #[must_use]
    pub fn finish(mut self) -> Tally {
        self.tally.rules.add_evaluable(&self.lists, &self.all, self.date);
        for (team, counts) in &self.teams {
            self.tally.rules.add_evaluable_of_team(&self.lists, counts, team);
        }
        if let Some(date) = self.date {
            self.tally.contact.debtor_days.extend(self.debtors.over(date));
        }
        self.tally
    }

    fn list_of(&mut self, call: &SeenCall<'_>) -> Option<usize> {
        let rules = self.gathering.rules;
        let place = rules.place(call.row.ruleset_hash.as_deref()?)?;
        Some(self.lists.place(place, rules.set(place), call.evaluated?))
    }

    fn add_to_sums(&mut self, weighed: &Weighed<'_>) {
        let Gathering { reviewed, outcomes, known_until, rules, .. } = self.gathering;
        let (call, tally) = (weighed.call, &mut self.tally);
        let outcome = outcomes.and_then(|outcomes| outcomes.get(&call.row.call_id));
        tally.counts.add(weighed);
        tally.grouped.add(weighed);
        tally.instruments.add(weighed);
        tally.agents.add(weighed, call.is_abusive(reviewed), is_complained_of(call.date, outcome));
        tally.repeats.add(weighed, reviewed.is_given());
        tally.contact.add(weighed);
        tally.worst.add(weighed);
        tally.confirmed_findings += weighed.violations.iter().filter(|(_, held)| held.is_confirmed()).count() as u64;
        outcome.into_iter().for_each(|outcome| tally.outcomes.add(call, outcome, known_until));
        let day = tally.days.of(call.date);
        day.rates.merge(weighed.sums.rates);
        day.pending += u64::from(weighed.is_pending());
        day.sets.extend(call.row.ruleset_hash.as_deref().and_then(|hash| rules.place(hash)));
        self.debtors.add(weighed);
    }

    fn add_to_rules(&mut self, weighed: &Weighed<'_>, list: Option<usize>) {
        let rules = self.gathering.rules;
        let row = &weighed.call.row;
        let sums = &mut self.tally.rules;
        for (finding, _) in weighed.reported() {
            rules.number(&finding.rule).into_iter().for_each(|rule| sums.all[rule].findings += 1);
        }
        if row.eligible
            && let Some(set) = row.ruleset_hash.as_deref().and_then(|hash| rules.place(hash))
        {
            for aside in &weighed.call.reasons {
                let rule = rules.set(set).violation(&aside.rule);
                rule.into_iter().for_each(|rule| sums.all[rule].reasons[aside.reason as usize] += 1);
            }
        }
        let Some(list) = list.filter(|_| weighed.is_eligible) else { return };
        self.all.add(list);
        if let Some(team) = &row.team {
            named(&mut self.teams, team, Counts::default).add(list);
        }
        for of_rule in weighed.by_rule() {
            let number = rules.number(&of_rule[0].0.rule);
            if let Some(rule) = number.filter(|rule| self.lists.violations(list).binary_search(rule).is_ok()) {
                sums.add(rule, said(&of_rule), weighed.call.date, row.team.as_deref());
            }
        }
    }
}
