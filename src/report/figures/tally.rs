//! All sums of some days.

use super::agents::Agents;
use super::by_rule::{RulesSums, named};
use super::contact::ContactSums;
use super::days::Days;
use super::instruments::{Instruments, NOT_SAID};
use super::model::CallCounts;
use super::outcomes::OutcomesSums;
use super::own::OwnSums;
use super::repeats::Repeats;
use super::sums::Sums;
use super::weighed::Weighed;
use super::worst::Worst;
use crate::facts::{CallOutcome, Status};
use jiff::civil::DateTime;
use std::collections::BTreeMap;

const AGENCY: &str = "agency";
const HOURS: usize = 24;
const WEEKDAYS: usize = 7;

/// Sums by what calls have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Grouped {
    pub(super) all: Sums,
    pub(super) agencies: BTreeMap<String, Sums>,
    pub(super) teams: BTreeMap<String, Sums>,
    pub(super) products: BTreeMap<String, Sums>,
    /// `None` until a start is met.
    pub(super) times: Option<Times>,
    /// Whether any call names its customer.
    pub(super) names_customers: bool,
}

/// By local hour of the start, and by weekday.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) hours: [Sums; HOURS],
    pub(super) weekdays: [Sums; WEEKDAYS],
}

/// Sums of some days. Those of earlier days come first where tallies are merged, so that sums of fractions do not hang on threads.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub(super) counts: CallCounts,
    pub(super) grouped: Grouped,
    pub(super) days: Days,
    pub(super) instruments: Instruments,
    pub(super) rules: RulesSums,
    pub(super) agents: Agents,
    pub(super) repeats: Repeats,
    pub(super) contact: ContactSums,
    pub(super) outcomes: OutcomesSums,
    pub(super) confirmed_findings: u64,
    pub(super) worst: Worst,
    pub(super) own: OwnSums,
}

impl Tally {
    pub(super) fn new(rules: usize, shown: usize) -> Self {
        Self { rules: RulesSums::new(rules), worst: Worst::new(shown), ..Self::default() }
    }

    /// Adds what `later` counted, of other days.
    pub fn merge(&mut self, later: Self) {
        self.counts.merge(later.counts);
        self.grouped.merge(later.grouped);
        self.days.merge(later.days);
        self.instruments.merge(later.instruments);
        self.rules.merge(later.rules);
        self.agents.merge(later.agents);
        self.repeats.merge(later.repeats);
        self.contact.merge(later.contact);
        self.outcomes.merge(later.outcomes);
        self.confirmed_findings += later.confirmed_findings;
        self.worst.merge(later.worst);
        self.own.merge(later.own);
    }
}

impl Grouped {
    pub(super) fn add(&mut self, weighed: &Weighed<'_>) {
        let (row, sums) = (&weighed.call.row, weighed.sums);
        self.all.merge(sums);
        let said = |cell: &Option<String>| cell.as_deref().unwrap_or(NOT_SAID).to_owned();
        let product = format!("{} / {}", said(&row.product), said(&row.stage));
        named(&mut self.products, &product, Sums::default).merge(sums);
        if let Some(agency) = row.extra.get(AGENCY) {
            named(&mut self.agencies, agency, Sums::default).merge(sums);
        }
        if let Some(team) = &row.team {
            named(&mut self.teams, team, Sums::default).merge(sums);
        }
        if let Some(started) = weighed.started_local {
            self.times.get_or_insert_default().add(started, sums);
        }
        self.names_customers |= row.customer_id.is_some();
    }

    fn merge(&mut self, other: Self) {
        self.all.merge(other.all);
        merge(&mut self.agencies, other.agencies);
        merge(&mut self.teams, other.teams);
        merge(&mut self.products, other.products);
        if let Some(times) = other.times {
            self.times.get_or_insert_default().merge(times);
        }
        self.names_customers |= other.names_customers;
    }
}

impl Default for Times {
    fn default() -> Self {
        Self { hours: [Sums::default(); HOURS], weekdays: [Sums::default(); WEEKDAYS] }
    }
}

impl Times {
    fn add(&mut self, started: DateTime, sums: Sums) {
        self.hours[started.hour() as usize % HOURS].merge(sums);
        self.weekdays[started.weekday().to_monday_zero_offset() as usize % WEEKDAYS].merge(sums);
    }

    fn merge(&mut self, other: Self) {
        self.hours.iter_mut().zip(other.hours).for_each(|(sums, more)| sums.merge(more));
        self.weekdays.iter_mut().zip(other.weekdays).for_each(|(sums, more)| sums.merge(more));
    }
}

impl CallCounts {
    pub(super) fn add(&mut self, weighed: &Weighed<'_>) {
        let row = &weighed.call.row;
        self.all += 1;
        self.undated += u64::from(weighed.call.date.is_none());
        self.failed += u64::from(row.status == Status::Failed);
        self.partial += u64::from(row.status == Status::Partial);
        self.skipped += u64::from(row.status == Status::Skipped);
        self.eligible += u64::from(weighed.is_eligible);
        self.half_known += u64::from(row.eligible && !weighed.is_eligible);
        if let Some(outcome) = row.call_outcome.filter(|outcome| *outcome != CallOutcome::Conversation) {
            *self.other_outcomes.entry(outcome.name().to_owned()).or_default() += 1;
        }
        if let Some(verdict) = row.verdict {
            *self.verdicts.entry(verdict).or_default() += 1;
        }
        self.sound_s += row.duration_ms.unwrap_or_default() as f64 / 1000.0;
        for (finding, _) in weighed.reported() {
            *self.findings.entry(finding.severity).or_default() += 1;
        }
    }

    fn merge(&mut self, other: Self) {
        self.all += other.all;
        self.undated += other.undated;
        self.failed += other.failed;
        self.partial += other.partial;
        self.skipped += other.skipped;
        self.eligible += other.eligible;
        self.half_known += other.half_known;
        self.sound_s += other.sound_s;
        other.other_outcomes.into_iter().for_each(|(name, n)| *self.other_outcomes.entry(name).or_default() += n);
        other.verdicts.into_iter().for_each(|(verdict, n)| *self.verdicts.entry(verdict).or_default() += n);
        other.findings.into_iter().for_each(|(severity, n)| *self.findings.entry(severity).or_default() += n);
    }
}

fn merge(into: &mut BTreeMap<String, Sums>, from: BTreeMap<String, Sums>) {
    from.into_iter().for_each(|(name, sums)| named(into, &name, Sums::default).merge(sums));
}
