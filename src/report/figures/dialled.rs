//! What the dialler's log says of numbers and third persons.

use super::brought::{Attempt, Attempts, Callee};
use super::model::{Known, Lack, NumberDay, Scope, ThirdPerson};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A number may be tried so often on a day.
const MOST_A_DAY: u64 = 6;

/// Contact is lost after so many attempts in vain, one after the other.
const ATTEMPTS: usize = 3;

/// Attempts count for so long.
const DAYS_BACK: i32 = 30;

/// Numbers tried too often on a day of the scope, the most attempts first; attempts name no team and no agent.
pub(super) fn number_days(attempts: Option<&Attempts>, scope: &Scope) -> Known<Vec<NumberDay>> {
    let attempts = attempts.filter(|attempts| attempts.list.iter().any(|attempt| attempt.number.is_some()));
    let attempts = attempts.ok_or(Lack::Attempts)?;
    let mut days: BTreeMap<(Date, u32), (u64, u64)> = BTreeMap::new();
    for attempt in attempts.list.iter().filter(|attempt| scope.holds(Some(attempt.ring_local.date()))) {
        let Some(number) = attempt.number else { continue };
        let (count, answered) = days.entry((attempt.ring_local.date(), number)).or_default();
        *count += 1;
        *answered += u64::from(attempt.is_answered);
    }
    let over = days.into_iter().filter(|(_, (count, _))| *count > MOST_A_DAY);
    let day = |((date, number), (attempts_n, answered)): ((Date, u32), (u64, u64))| {
        let number = attempts.numbers.get(number as usize).cloned().unwrap_or_default();
        NumberDay { date, number, attempts: attempts_n, answered }
    };
    let mut days: Vec<NumberDay> = over.map(day).collect();
    days.sort_by_cached_key(|day| (Reverse(day.attempts), day.date, day.number.clone()));
    Ok(days)
}

/// Third persons reached on a day of the scope while the debtor could be, by time.
pub(super) fn third_persons(attempts: Option<&Attempts>, scope: &Scope) -> Known<Vec<ThirdPerson>> {
    let attempts = attempts.filter(|attempts| attempts.list.iter().any(|attempt| attempt.callee.is_some()));
    let attempts = attempts.ok_or(Lack::Attempts)?;
    let tries = tries_of_debtors(attempts);
    let third = |attempt: &&Attempt| attempt.is_answered && attempt.callee.is_some_and(Callee::is_third);
    let of_scope = |attempt: &&Attempt| scope.holds(Some(attempt.ring_local.date()));
    let reached = attempts.list.iter().filter(third).filter(of_scope);
    let mut persons: Vec<ThirdPerson> = reached.filter_map(|attempt| person(attempt, attempts, &tries)).collect();
    persons.sort_by_cached_key(|person| (person.ring_local, person.customer_id.clone(), person.number.clone()));
    persons.dedup();
    Ok(persons)
}

/// The attempts to each debtor, by time.
fn tries_of_debtors(attempts: &Attempts) -> BTreeMap<u32, Vec<&Attempt>> {
    let mut tries: BTreeMap<u32, Vec<&Attempt>> = BTreeMap::new();
    for attempt in attempts.list.iter().filter(|attempt| attempt.callee == Some(Callee::Debtor)) {
        if let Some(customer) = attempt.customer {
            tries.entry(customer).or_default().push(attempt);
        }
    }
    tries.values_mut().for_each(|tries| tries.sort_by_key(|attempt| attempt.ring_local));
    tries
}

/// The third person that `reached` got, where contact with the debtor was not lost.
fn person(reached: &Attempt, attempts: &Attempts, tries: &BTreeMap<u32, Vec<&Attempt>>) -> Option<ThirdPerson> {
    let earliest: DateTime = reached.ring_local.saturating_sub(DAYS_BACK.days());
    let of_debtor = reached.customer.and_then(|customer| tries.get(&customer)).map_or(&[][..], Vec::as_slice);
    let before = of_debtor.partition_point(|attempt| attempt.ring_local < reached.ring_local);
    let last: Vec<&Attempt> =
        of_debtor[..before].iter().rev().take(ATTEMPTS).copied().filter(|it| it.ring_local >= earliest).collect();
    let failures = last.iter().filter(|attempt| !attempt.is_answered).count();
    let is_lost = failures >= ATTEMPTS || last.iter().any(|attempt| attempt.is_invalid);
    let named = |names: &[String], place: Option<u32>| {
        place.and_then(|place| names.get(place as usize)).cloned().unwrap_or_default()
    };
    (!is_lost).then(|| ThirdPerson {
        ring_local: reached.ring_local,
        customer_id: named(&attempts.customers, reached.customer),
        number: named(&attempts.numbers, reached.number),
        callee_role: reached.callee.map_or("", Callee::name).to_owned(),
        attempts_before: last.len() as u64,
        failures_before: failures as u64,
    })
}
