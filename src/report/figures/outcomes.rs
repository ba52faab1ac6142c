//! What calls led to.

use super::brought::Outcome;
use super::model::Promises;
use super::seen::SeenCall;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A complaint within so many days is one of the call.
const COMPLAINT_DAYS: i32 = 30;

/// What is added up of promises and payments.
#[derive(Clone, Debug, Default)]
pub(super) struct OutcomesSums {
    /// By team and product.
    promises: BTreeMap<[String; 2], Promises>,
    /// What was paid after any of the calls.
    pub(super) paid: f64,
}

/// What became of a promise.
enum Fate {
    Kept,
    Late,
    Broken,
    Open,
}

impl Fate {
    fn of(promised: Date, outcome: &Outcome, known_until: Option<Date>) -> Self {
        match outcome.paid_at {
            Some(paid_at) if paid_at <= promised => Self::Kept,
            Some(_) => Self::Late,
            None if known_until.is_none_or(|until| promised >= until) => Self::Open,
            None => Self::Broken,
        }
    }
}

impl OutcomesSums {
    /// Adds what the call led to; of days after `known_until` nothing is known.
    pub(super) fn add(&mut self, call: &SeenCall<'_>, outcome: &Outcome, known_until: Option<Date>) {
        let amount = outcome.amount.filter(|_| outcome.paid_at.is_some()).unwrap_or_default();
        self.paid += amount;
        let Some(promised) = outcome.promised else { return };
        let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
        let key = [text(&call.row.team), text(&call.row.product)];
        let promises = self.promises.entry(key).or_default();
        promises.paid += amount;
        match Fate::of(promised, outcome, known_until) {
            Fate::Kept => promises.kept.add(true),
            Fate::Late => {
                promises.kept.add(false);
                promises.late += 1;
            }
            Fate::Broken => {
                promises.kept.add(false);
                promises.broken += 1;
            }
            Fate::Open => promises.open += 1,
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.paid += other.paid;
        for (key, more) in other.promises {
            let promises = self.promises.entry(key).or_default();
            promises.kept.merge(more.kept);
            promises.late += more.late;
            promises.broken += more.broken;
            promises.open += more.open;
            promises.paid += more.paid;
        }
    }

    /// By team, then product.
    pub(super) fn promises(self) -> Vec<Promises> {
        let named = |([team, product], promises): ([String; 2], Promises)| Promises { team, product, ..promises };
        self.promises.into_iter().map(named).collect()
    }
}

/// Whether the customer complained of the call on its day or within the days after.
pub(super) fn is_complained_of(date: Option<Date>, outcome: Option<&Outcome>) -> bool {
    let at = date.zip(outcome.and_then(|outcome| outcome.complaint_at));
    at.is_some_and(|(date, at)| date <= at && at <= date.saturating_add(COMPLAINT_DAYS.days()))
}
