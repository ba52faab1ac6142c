//! Sums to figures.

use super::brought::Brought;
use super::complete::{ReconciledRun, complete};
use super::days::Weeks;
use super::dialled::{number_days, third_persons};
use super::gathering::Gathering;
use super::model::{AgentFigures, CallCounts, Contact, Figures, Group, Known, Lack, Money, Own, Pending};
use super::own::OwnSums;
use super::share::Share;
use super::sums::{Sums, rank};
use super::tally::{Grouped, Tally};
use jiff::civil::Date;
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
        let (money, teams) = (self.money(&tally, brought), self.teams(&tally));
        let [hours, weekdays] = times(&tally.grouped);
        let agents = tally.agents.figures(brought.outcomes.is_some());
        let can_repeat = agents.as_ref().map_err(|lack| *lack).and(days.ok_or(Lack::Dates));
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
            repeats: can_repeat.map(|_| tally.repeats.figures(self.rules)),
            contact: Contact {
                number_days: number_days(brought.attempts.as_ref(), self.scope),
                third_persons: third_persons(brought.attempts.as_ref(), self.scope),
                ..tally.contact.figures(tally.grouped.names_customers, days.is_some())
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
}

/// A share of confirmed calls, which nobody knows while there are calls of which nobody knows whether they belong to it.
pub(super) fn known(confirmed: Share, unproven: u64) -> Known<Share> {
    if unproven == 0 { Ok(confirmed) } else { Err(Lack::Reviews) }
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
