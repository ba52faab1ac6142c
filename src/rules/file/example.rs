//! `[[example]]`: calls that show what a rule reports and what it does not.

use super::super::model::{Example, ExampleLine, Expected};
use super::{call_line, earlier};
use crate::recording::StartedAt;
use crate::written::{Fault, Placed, Table, codes, unknown_value};
use jiff::fmt::temporal::Pieces;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeValue;

/// Columns of a call that an example can fill by a key of its own.
pub(super) const COLUMNS: [&str; 6] = ["callee_role", "stage", "direction", "ended_by", "queue", "product"];

/// The most lines of one call that are reported; the call may be something else altogether.
const MAX_LINE_FAULTS: usize = 5;

/// The values that a column of the manifest can have, where they are a closed list.
pub(super) fn closed_values(column: &str) -> Option<&'static [&'static str]> {
    match column {
        "callee_role" => Some(&["debtor", "guarantor", "co_debtor", "related_third", "unrelated_third", "unknown"]),
        "direction" => Some(&["inbound", "outbound"]),
        "ended_by" => Some(&["agent", "customer", "system"]),
        _ => None,
    }
}

/// Every example. `rule_language` is what an example speaks that does not say.
pub(super) fn read_all(rule: &Table<'_>, rule_language: Option<&String>) -> Vec<Example> {
    let tables = rule.tables("example");
    let mut names = BTreeSet::new();
    let mut examples = Vec::new();
    for table in &tables {
        let name = table.required_text("name");
        if !name.value.is_empty() && !names.insert(name.value.clone()) {
            let message = format!("two examples are called `{}`", name.value);
            table.report(Fault::new(codes::DUPLICATE, name.span.clone(), message));
        }
        examples.push(read_one(table, name, rule_language));
        table.refuse_unknown_keys();
    }
    let place = tables.first().map_or(rule.place(), Table::place);
    refuse_one_sided(rule, &place, &examples);
    examples
}

fn refuse_one_sided(rule: &Table<'_>, place: &std::ops::Range<usize>, examples: &[Example]) {
    let has = |expected| examples.iter().any(|example| example.expected == expected);
    if !has(Expected::Reports) {
        let fault = Fault::new(codes::NO_REPORTING_EXAMPLE, place.clone(), "no example reports");
        rule.report(
            fault
                .label("add an `[[example]]` with `report = true`")
                .help("an example shows that the rule finds what it is for"),
        );
    }
    if !has(Expected::Silent) {
        let fault = Fault::new(codes::NO_SILENT_EXAMPLE, place.clone(), "no example stays silent");
        rule.report(
            fault
                .label("add an `[[example]]` with `report = false`")
                .help("a near miss shows what the rule must not report"),
        );
    }
}

fn read_one(table: &Table<'_>, name: Placed<String>, rule_language: Option<&String>) -> Example {
    let expected = read_expected(table);
    let quote = table.text("quote");
    if let Some(quote) = quote.as_ref().filter(|_| expected.is_some_and(|expected| expected != Expected::Reports)) {
        let message = "`quote` is the quote of a finding, but this example expects none";
        table.report(Fault::new(codes::NEVER_TRUE, quote.span.clone(), message));
    }
    let channel_count = table.integer("channel_count", 1..=2).unwrap_or(2);
    let (recording, transcript) = read_parts(table);
    Example {
        expected: expected.unwrap_or(Expected::Silent),
        quote: quote.map(|quote| quote.value),
        channel_count: u16::try_from(channel_count).unwrap_or(2),
        recording,
        transcript,
        ..read_call(table, name, rule_language)
    }
}

/// Whether there is sound, and whether there are words.
fn read_parts(table: &Table<'_>) -> (bool, bool) {
    let (recording, transcript) = (table.flag("recording").unwrap_or(true), table.flag("transcript").unwrap_or(true));
    if !recording && !transcript {
        let message = "an example without recording and without transcript has nothing to judge";
        table.report(Fault::new(codes::NEVER_TRUE, table.key_place("transcript"), message));
    }
    (recording, transcript)
}

/// A call that is said and known, of which nothing is expected.
pub(super) fn read_call(table: &Table<'_>, name: Placed<String>, language: Option<&String>) -> Example {
    let call = table.required_text("call");
    let started_at = read_started_at(table);
    Example {
        line: table.page().line_of(name.span.start),
        name: name.value,
        expected: Expected::Silent,
        quote: None,
        lines: read_lines(table, &call),
        channel_count: 2,
        recording: true,
        transcript: true,
        started_at,
        columns: read_columns(table, language),
        earlier: earlier::read_all(table, started_at),
    }
}

fn read_expected(table: &Table<'_>) -> Option<Expected> {
    table.require("report");
    let value = table.value("report")?;
    match value.get_ref() {
        DeValue::Boolean(true) => Some(Expected::Reports),
        DeValue::Boolean(false) => Some(Expected::Silent),
        DeValue::String(text) if text == "not_evaluable" => Some(Expected::NotEvaluable),
        DeValue::String(text) => {
            let text = Placed::new(text.to_string(), value.span());
            let fault = unknown_value(&text, "`report`", ["not_evaluable"].into_iter());
            table.report(fault.help("one of true, false and \"not_evaluable\""));
            None
        }
        _ => {
            table.wrong_type(value, "`report`", "true, false or \"not_evaluable\"");
            None
        }
    }
}

fn read_lines(table: &Table<'_>, call: &Placed<String>) -> Vec<ExampleLine> {
    let mut lines: Vec<ExampleLine> = Vec::new();
    let mut faults = 0;
    let mut at = 0;
    for written in call.value.split('\n') {
        let line = written.trim_end();
        if !line.trim().is_empty() {
            let read = call_line::read(line).and_then(|read| in_order(read, lines.last()));
            match read {
                Ok(read) => lines.push(read),
                Err(_) if faults == MAX_LINE_FAULTS => break,
                Err(fault) => {
                    faults += 1;
                    let span = table.page().inside(call, at + fault.span.start..at + fault.span.end);
                    table.report(fault.at(span));
                }
            }
        }
        at += written.len() + 1;
    }
    lines
}

fn in_order(line: ExampleLine, last: Option<&ExampleLine>) -> Result<ExampleLine, Fault> {
    if last.is_some_and(|last| last.start_ms > line.start_ms) {
        let fault = Fault::new(codes::BAD_EXAMPLE_LINE, 0..5, "this line starts before the line above it");
        return Err(fault.help("lines stand in the order in which they start"));
    }
    Ok(line)
}

fn read_started_at(table: &Table<'_>) -> Option<StartedAt> {
    let text = table.text("started_at")?;
    let started_at = moment(&text.value);
    if started_at.is_none() {
        let message = format!("`started_at` is `{}`, which is no moment", text.value);
        let help = "local time with its distance from UTC: \"2026-11-20T21:50:00+08:00\"";
        table.report(Fault::new(codes::BAD_TIME, text.span, message).help(help));
    }
    started_at
}

fn moment(text: &str) -> Option<StartedAt> {
    let pieces = Pieces::parse(text).ok()?;
    let offset = pieces.to_numeric_offset()?;
    let timestamp = offset.to_timestamp(pieces.date().to_datetime(pieces.time()?)).ok()?;
    Some(StartedAt { timestamp_us: timestamp.as_microsecond(), utc_offset_min: offset.seconds() / 60 })
}

/// What `table` says of the column `column`, which may have a closed list of values.
pub(super) fn read_column(table: &Table<'_>, column: &'static str) -> Option<String> {
    let Some(values) = closed_values(column) else { return table.text(column).map(|text| text.value) };
    let choices: Vec<(&str, &'static str)> = values.iter().map(|value| (*value, *value)).collect();
    table.choice(column, &choices).map(str::to_owned)
}

fn read_columns(table: &Table<'_>, rule_language: Option<&String>) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for column in COLUMNS {
        columns.extend(read_column(table, column).map(|value| (column.to_owned(), value)));
    }
    let language = table.text("language").map(|text| text.value).or_else(|| rule_language.cloned());
    columns.extend(language.map(|language| ("language".to_owned(), language)));
    if let Some(extra) = table.table("extra") {
        for key in extra.keys() {
            let value =
                extra.named_value(&key.value).and_then(|value| extra.text_of(value, &format!("`extra.{}`", key.value)));
            columns.extend(value.map(|value| (key.value, value.value)));
        }
    }
    columns
}
