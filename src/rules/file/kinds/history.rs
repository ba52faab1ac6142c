//! `kind = "history"`: earlier calls of the same customer.

use super::super::example::closed_values;
use crate::recording::PRIOR_DAYS;
use crate::rules::model::History;
use crate::written::{Fault, Table, codes};

/// Facts hold no calls before this, ms.
const LONGEST_MS: i64 = PRIOR_DAYS * 86_400_000;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> History {
    let count = |key| table.integer(key, 0..=100).and_then(|count| u32::try_from(count).ok());
    let (at_least, at_most) = (count("calls_at_least_count"), count("calls_at_most_count"));
    refuse_unbounded(table, at_least, at_most);
    let within_ms = table.duration_ms("within");
    if let Some(ms) = within_ms.filter(|ms| *ms > LONGEST_MS) {
        let said = format!("`within` is {} h", ms / 3_600_000);
        table.out_of_range(table.value_place("within"), &said, &format!("up to {} h", LONGEST_MS / 3_600_000));
    }
    History {
        at_least,
        at_most,
        within_ms,
        same_day: table.flag("same_day").unwrap_or(false),
        direction: closed(table, "direction"),
        answered: table.flag("answered"),
        talk_at_least_ms: table.duration_ms("talk_at_least"),
        callee_roles: roles(table),
        same_number: table.flag("same_number"),
        stop_requested: table.flag("stop_requested"),
    }
}

fn refuse_unbounded(table: &Table<'_>, at_least: Option<u32>, at_most: Option<u32>) {
    if at_least.is_none() && at_most.is_none() {
        let message = format!("{} does not say how many calls", table.name());
        let fault = Fault::new(codes::MISSING_KEY, table.place(), message);
        table.report(
            fault.label("add `calls_at_least_count = 3`").help("or `calls_at_most_count`; this call is not counted"),
        );
    }
    if let (Some(least), Some(most)) = (at_least, at_most)
        && least > most
    {
        let message = format!("no number is at least {least} and at most {most}");
        table.report(Fault::new(codes::NEVER_TRUE, table.value_place("calls_at_most_count"), message));
    }
}

fn closed(table: &Table<'_>, key: &'static str) -> Option<String> {
    let values = closed_values(key).unwrap_or_default();
    let choices: Vec<(&str, &'static str)> = values.iter().map(|value| (*value, *value)).collect();
    table.choice(key, &choices).map(str::to_owned)
}

fn roles(table: &Table<'_>) -> Vec<String> {
    let values = closed_values("callee_role").unwrap_or_default();
    let choices: Vec<(&str, &'static str)> = values.iter().map(|value| (*value, *value)).collect();
    let named = table.texts("callee_role").unwrap_or_default();
    named
        .iter()
        .filter_map(|role| table.choose(role, "an entry of `callee_role`", &choices))
        .map(str::to_owned)
        .collect()
}
