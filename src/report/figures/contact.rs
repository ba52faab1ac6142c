//! Whom calls reached, how often and when.

use super::by_rule::named;
use super::model::{Contact, DebtorDay, Lack, NightCall};
use super::weighed::Weighed;
use jiff::civil::{Date, DateTime, Time};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A debtor may be called so often on a day.
const MOST_A_DAY: u64 = 3;

/// Talk of at least so much is effective, ms.
const EFFECTIVE_MS: i64 = 10_000;

/// The line as others draw it, ms.
const LONG_MS: i64 = 30_000;

const NIGHT_FROM: Time = Time::constant(22, 0, 0, 0);
const NIGHT_TO: Time = Time::constant(8, 0, 0, 0);

/// What a customer agreed to.
const AGREED_HOURS: &str = "agreed_hours";
const YES: [&str; 4] = ["true", "1", "yes", "是"];

/// Debtors called on a day, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Debtors(BTreeMap<String, DebtorCalls>);

/// How many calls, by how long the talk was.
#[derive(Clone, Copy, Debug, Default)]
struct DebtorCalls {
    any: u64,
    effective: u64,
    long: u64,
}

impl Debtors {
    pub(super) fn add(&mut self, weighed: &Weighed<'_>) {
        let call = weighed.call;
        let is_with_debtor = matches!(call.row.callee_role.as_deref(), None | Some("debtor" | "unknown"));
        let Some(customer) = &call.row.customer_id else { return };
        if !(call.is_ours() && call.is_answered() && is_with_debtor) {
            return;
        }
        let calls = named(&mut self.0, customer, DebtorCalls::default);
        let has = |least_ms: i64| u64::from(call.talk_ms().is_some_and(|talk_ms| talk_ms >= least_ms));
        calls.any += 1;
        calls.effective += has(EFFECTIVE_MS);
        calls.long += has(LONG_MS);
    }

    /// Those called too often on `date`.
    pub(super) fn over(self, date: Date) -> impl Iterator<Item = DebtorDay> {
        let too_often = self.0.into_iter().filter(|(_, calls)| calls.effective > MOST_A_DAY);
        too_often.map(move |(customer_id, calls)| DebtorDay {
            date,
            customer_id,
            calls_0_s: calls.any,
            calls_10_s: calls.effective,
            calls_30_s: calls.long,
        })
    }
}

/// What is gathered of contact.
#[derive(Clone, Debug, Default)]
pub(super) struct ContactSums {
    pub(super) debtor_days: Vec<DebtorDay>,
    night: Vec<NightCall>,
}

impl ContactSums {
    /// Keeps the call where anybody talked at night.
    pub(super) fn add(&mut self, weighed: &Weighed<'_>) {
        let call = weighed.call;
        let (Some(started_local), Some(ended_local)) = (weighed.started_local, call.ended_local()) else { return };
        let agreed = call.row.extra.get(AGREED_HOURS).is_some_and(|cell| YES.contains(&cell.to_lowercase().as_str()));
        if !call.is_ours() || agreed || !is_at_night(started_local, ended_local) {
            return;
        }
        let (call_id, agent_id) = (call.row.call_id.clone(), call.row.agent_id.clone());
        self.night.push(NightCall { call_id, started_local, ended_local, agent_id });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.debtor_days.extend(other.debtor_days);
        self.night.extend(other.night);
    }

    /// Debtor-days, the most calls first, and talk at night by start; nothing of the dialler's log.
    pub(super) fn figures(mut self, names_customers: bool, has_dates: bool) -> Contact {
        let day = |day: &DebtorDay| (Reverse(day.calls_10_s), day.date, day.customer_id.clone());
        self.debtor_days.sort_by_cached_key(day);
        self.night.sort_by_cached_key(|call| (call.started_local, call.call_id.clone()));
        Contact {
            debtor_days: if names_customers { Ok(self.debtor_days) } else { Err(Lack::Customers) },
            number_days: Err(Lack::Attempts),
            night: if has_dates { Ok(self.night) } else { Err(Lack::Dates) },
            third_persons: Err(Lack::Attempts),
        }
    }
}

fn is_at_night(started: DateTime, ended: DateTime) -> bool {
    let begins_at_night = started.time() >= NIGHT_FROM || started.time() < NIGHT_TO;
    begins_at_night || ended > started.date().to_datetime(NIGHT_FROM)
}
