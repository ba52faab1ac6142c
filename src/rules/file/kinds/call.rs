//! `kind = "call"`: facts of the call.

use crate::rules::model::{CallCondition, ColumnCondition};
use crate::written::{Fault, Placed, Reference, Table, codes};
use jiff::civil::{Time, Weekday};

pub(in crate::rules::file) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Whether only the start of the call counts for `between`.
pub(in crate::rules::file) const AT: [(&str, bool); 2] = [("start", true), ("any", false)];

/// One of these makes a condition.
const CONDITIONS: [&str; 6] = ["between", "weekdays", "days", "longer_than", "shorter_than", "column"];

pub(in crate::rules::file) fn read(table: &Table<'_>, references: &mut Vec<Reference>) -> CallCondition {
    if !CONDITIONS.iter().any(|key| table.has(key)) {
        let message = format!("{} says nothing of the call", table.name());
        let help = "add `between`, `weekdays`, `days`, `longer_than`, `shorter_than` or `column`";
        table.report(Fault::new(codes::MISSING_KEY, table.place(), message).help(help));
    }
    let longer_than_ms = table.duration_ms("longer_than");
    let shorter_than_ms = table.duration_ms("shorter_than");
    if let (Some(longer), Some(shorter)) = (longer_than_ms, shorter_than_ms)
        && longer >= shorter
    {
        let [longer, shorter] = [longer, shorter].map(|ms| ms as f64 / 1_000.0);
        let message = format!("no call is longer than {longer} s and shorter than {shorter} s");
        table.report(Fault::new(codes::NEVER_TRUE, table.value_place("shorter_than"), message));
    }
    CallCondition {
        between: between(table),
        at_start: table.choice("at", &AT).unwrap_or(false),
        days: days(table, references),
        weekdays: weekdays(table),
        longer_than_ms,
        shorter_than_ms,
        column: column(table),
        unless: unless(table),
        agreed_column: table.text("agreed_column").map(|column| column.value),
    }
}

fn between(table: &Table<'_>) -> Option<(Time, Time)> {
    let times = table.texts_or_none("between")?;
    let [from, to] = times.as_slice() else {
        let fault =
            Fault::new(codes::BAD_TIME, table.value_place("between"), "`between` takes two different times of day");
        table.report(fault.label("such as [\"22:00\", \"08:00\"]"));
        return None;
    };
    Some((time_of_day(table, from)?, time_of_day(table, to)?))
}

fn time_of_day(table: &Table<'_>, text: &Placed<String>) -> Option<Time> {
    let time = (text.value.len() == 5).then(|| Time::strptime("%H:%M", &text.value).ok()).flatten();
    if time.is_none() {
        let message = format!("`{}` is no time of day", text.value);
        table.report(
            Fault::new(codes::BAD_TIME, text.span.clone(), message)
                .help("write hours and minutes: \"08:00\" to \"23:59\"; midnight is \"00:00\""),
        );
    }
    time
}

/// Lists of days, which are named like lists of words.
fn days(table: &Table<'_>, references: &mut Vec<Reference>) -> Vec<String> {
    let (phrases, lists) = super::words::phrases_and_lists(table, table.texts("days").unwrap_or_default(), references);
    if let Some(phrase) = phrases.first() {
        let message = format!("`days` names lists of days, and `{phrase}` is none");
        let fault = Fault::new(codes::WRONG_TYPE, table.value_place("days"), message);
        table.report(
            fault.help("write `days = [\"lexicon:zh/holidays\"]`; the terms of the list are days such as 20261001"),
        );
    }
    lists
}

fn weekdays(table: &Table<'_>) -> Vec<Weekday> {
    let written = table.texts("weekdays").unwrap_or_default();
    written.iter().filter_map(|day| table.choose(day, "an entry of `weekdays`", &WEEKDAYS)).collect()
}

fn column(table: &Table<'_>) -> Option<ColumnCondition> {
    let column = table.text("column");
    let (is, is_not) = (table.texts("is"), table.texts("is_not"));
    refuse_wrong_keys_of_column(table);
    let column = column?.value;
    let (values, is) = match (is, is_not) {
        (Some(values), None) => (values, true),
        (None, Some(values)) => (values, false),
        _ => return None,
    };
    for value in &values {
        refuse_unknown_column_value(table, &column, value);
    }
    Some(ColumnCondition { column, values: values.into_iter().map(|value| value.value).collect(), is })
}

/// `unless_column` and `unless_is` stand together.
fn unless(table: &Table<'_>) -> Option<ColumnCondition> {
    let (column, values) = (table.text("unless_column"), table.texts("unless_is"));
    if table.has("unless_column") != table.has("unless_is") {
        let (there, missing) = match table.has("unless_column") {
            true => ("unless_column", "unless_is"),
            false => ("unless_is", "unless_column"),
        };
        let message = format!("`{there}` is there, but not `{missing}`");
        table.report(Fault::new(codes::MISSING_KEY, table.key_place(there), message).label(format!("add `{missing}`")));
    }
    let (column, values) = (column?.value, values?);
    for value in &values {
        refuse_unknown_column_value(table, &column, value);
    }
    Some(ColumnCondition { column, values: values.into_iter().map(|value| value.value).collect(), is: true })
}

/// `column` takes exactly one of `is` and `is_not`, and neither stands without it.
fn refuse_wrong_keys_of_column(table: &Table<'_>) {
    let fault = match (table.has("column"), table.has("is"), table.has("is_not")) {
        (true, false, false) => {
            let message = "`column` is there, but neither `is` nor `is_not`";
            Fault::new(codes::MISSING_KEY, table.key_place("column"), message).label("add `is = […]`")
        }
        (true, true, true) => {
            let message = "`is` and `is_not` cannot both stand in one condition";
            let help = "what is not in `is` is refused already";
            Fault::new(codes::TWO_KINDS, table.key_place("is_not"), message).help(help)
        }
        (false, is, is_not) if is || is_not => {
            let key = if is { "is" } else { "is_not" };
            let message = format!("`{key}` says values, but not of which column");
            Fault::new(codes::MISSING_KEY, table.key_place(key), message).label("add `column = \"…\"`")
        }
        _ => return,
    };
    table.report(fault);
}

/// A value that the column of a manifest never has would make the condition silently true or false for ever.
fn refuse_unknown_column_value(table: &Table<'_>, column: &str, value: &Placed<String>) {
    if let Some(values) = super::super::example::closed_values(column) {
        let choices: Vec<(&str, ())> = values.iter().map(|value| (*value, ())).collect();
        table.choose(value, &format!("the column `{column}`"), &choices);
    }
}
