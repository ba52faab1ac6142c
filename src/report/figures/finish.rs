//! Sums to figures.

use super::brought::Brought;
use super::complete::{ReconciledRun, complete};
use super::days::{Weeks, halves, of_halves};
use super::dialled::{number_days, third_persons};
use super::gathering::Gathering;
use super::model::{
    AgentFigures, CallCounts, Contact, Figures, Group, Known, Lack, Money, Own, Pending, RuleFigures, Standing,
    TeamRules,
};
use super::own::OwnSums;
use super::rule_sets::{Brief, RuleNo};
use super::share::Share;
use super::sums::{Sums, rank};
use super::tally::{Grouped, Tally};
use crate::finding::Reason;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Gathering<'_> {
    /// The figures of all days' sums, of what runs say of their attempts, and of what people brought.
    #[must_use]
    pub fn figures(self, tally: Tally, runs: &[ReconciledRun], brought: &Brought) -> Figures {
        let days = tally.days.ends();
        let weeks = tally.days.weeks(self.rules);
        let mondays = weeks.as_ref().map(Weeks::mondays).unwrap_or_default();
        let rules = self.rules(&tally);
        let (calls, pending) = tally.days.pending();
        let rates = tally.grouped.all.rates;
        let has_agents = |agents: &Known<Vec<AgentFigures>>| agents.as_ref().map(|_| ()).map_err(|lack| *lack);
        let (money, teams) = (self.money(&tally, brought), self.teams(&tally));
        let [hours, weekdays] = times(&tally.grouped);
        let agents = tally.agents.figures(brought.outcomes.is_some());
        let repeats = has_agents(&agents).and_then(|()| days.ok_or(Lack::Dates));
        Figures {
            scope: self.scope.clone(),
            days,
            complete: complete(runs, self.scope),
            red_line: rates.red_line(),
            violation: rates.reported(),
            confirmed: known(rates.confirmed(), rates.unproven),
            unproven: rates.unproven,
            weeks: weeks.map(|weeks| weeks.0).ok_or(Lack::Dates),
            agencies: ranked(tally.grouped.agencies, Lack::Agencies),
            pending: Pending { calls, over_a_day: pending },
            money,
            rules,
            teams,
            hours,
            weekdays,
            products: groups(tally.grouped.products),
            instruments: tally.instruments.figures(),
            repeats: repeats.map(|_| tally.repeats.figures(self.rules)),
            contact: {
                let (debtor_days, night) = tally.contact.sorted();
                let names_customers = tally.grouped.names_customers;
                Contact {
                    debtor_days: if names_customers { Ok(debtor_days) } else { Err(Lack::Customers) },
                    number_days: number_days(brought.attempts.as_ref(), self.scope),
                    night: days.map(|_| night).ok_or(Lack::Dates),
                    third_persons: third_persons(brought.attempts.as_ref(), self.scope),
                }
            },
            promises: brought.outcomes.as_ref().map(|_| tally.outcomes.promises()).ok_or(Lack::Outcomes),
            worst: tally.worst.figures(),
            own: self.own(tally.own, &agents, &mondays),
            calls: CallCounts { mean_score: tally.grouped.all.score.value(), ..tally.counts },
            agents,
        }
    }

    fn money(self, tally: &Tally, brought: &Brought) -> Known<Money> {
        let cost = brought.cost.ok_or(Lack::Cost)?;
        let confirmed = brought.reviews.as_ref().map(|_| tally.confirmed_findings).ok_or(Lack::Reviews)?;
        let paid = brought.outcomes.as_ref().map(|_| tally.outcomes.paid).ok_or(Lack::Outcomes);
        Ok(Money { cost, confirmed, cost_each: (confirmed > 0).then(|| cost / confirmed as f64), paid })
    }

    fn own(self, own: OwnSums, agents: &Known<Vec<AgentFigures>>, mondays: &[Date]) -> Option<Own> {
        let agent = self.scope.agent.as_ref()?;
        let figures = agents.as_ref().ok()?.iter().find(|of| &of.agent_id == agent)?;
        Some(own.figures(figures.clone(), mondays, self.rules))
    }

    fn teams(self, tally: &Tally) -> Known<Vec<TeamRules>> {
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
    fn rules(self, tally: &Tally) -> Vec<RuleFigures> {
        let last_days = tally.days.last_days_of_sets();
        let mut rules: Vec<RuleFigures> =
            (0..self.rules.ids().len()).filter_map(|rule| self.rule(rule, tally, &last_days)).collect();
        rules.sort_by_key(|rule| (Reverse(rule.severity), Reverse(rule.reported.hits)));
        rules
    }

    fn rule(self, rule: RuleNo, tally: &Tally, last_days: &BTreeMap<usize, Option<Date>>) -> Option<RuleFigures> {
        let (id, sums) = (&self.rules.ids()[rule], tally.rules.all[rule]);
        let was_asked = sums.rates.evaluable > 0 || sums.findings > 0 || sums.reasons.iter().any(|count| *count > 0);
        let of_sets = last_days.iter().filter_map(|(set, day)| {
            let set = self.rules.set(*set);
            set.violation(id).and_then(|_| Some((*day, set.briefs.get(id)?)))
        });
        let briefs: Vec<(Option<Date>, &Brief)> = of_sets.filter(|_| was_asked).collect();
        let last = briefs.iter().max_by_key(|(day, brief)| (*day, brief.revision))?.1;
        let mut revisions: Vec<i32> = briefs.iter().map(|(_, brief)| brief.revision).collect();
        revisions.sort_unstable();
        revisions.dedup();
        let halves = of_halves(tally.days.ends().and_then(halves), |from, to| tally.rules.between(rule, from, to));
        Some(RuleFigures {
            rule: id.clone(),
            title: last.title.clone(),
            category: last.category.clone(),
            severity: last.severity,
            status: last.status,
            revisions,
            source: last.source.clone(),
            advice: last.advice.clone(),
            reported: sums.rates.reported(),
            findings: sums.findings,
            confirmed: known(sums.rates.confirmed(), sums.rates.unproven),
            precision: self.reviewed.precision(id),
            standing: self.standing(id, last),
            appeals: self.reviewed.appeals(id),
            not_evaluated: reasons(sums.reasons),
            halves,
        })
    }

    fn standing(self, rule: &str, last: &Brief) -> Standing {
        self.reviewed.standing(rule, last.revision)
    }
}

/// A share of confirmed calls, which nobody knows while there are calls of which nobody knows whether they belong to it.
fn known(confirmed: Share, unproven: u64) -> Known<Share> {
    if unproven == 0 { Ok(confirmed) } else { Err(Lack::Reviews) }
}

fn reasons(counts: [u64; Reason::ALL.len()]) -> BTreeMap<String, u64> {
    let named = Reason::ALL.into_iter().map(|reason| (reason.name().to_owned(), counts[reason as usize]));
    named.filter(|(_, count)| *count > 0).collect()
}

fn groups(by: BTreeMap<String, Sums>) -> Vec<Group> {
    by.into_iter().map(|(name, sums)| sums.group(name)).collect()
}

fn ranked(by: BTreeMap<String, Sums>, lack: Lack) -> Known<Vec<Group>> {
    let mut groups = groups(by);
    groups.sort_by_key(rank);
    if groups.is_empty() { Err(lack) } else { Ok(groups) }
}

/// By hour, named 0 to 23, and by weekday, named 1 (Monday) to 7.
fn times(grouped: &Grouped) -> [Known<Vec<Group>>; 2] {
    let times = grouped.times.ok_or(Lack::Dates);
    let numbered = |sums: &[Sums], first: usize| -> Vec<Group> {
        sums.iter().zip(first..).map(|(sums, number)| sums.group(number.to_string())).collect()
    };
    [times.map(|times| numbered(&times.hours, 0)), times.map(|times| numbered(&times.weekdays, 1))]
}
