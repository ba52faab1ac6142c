//! `callsift schema`: the tables of a dataset, column by column.

use super::args::{Schema, SchemaFormat};
use super::load::print_line;
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP};
use crate::tables::{self, DocumentedColumn, SCHEMA_VERSION, TableName};
use crate::written::nearest::{did_you_mean, quoted};
use comfy_table::{Table, presets};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::Write as _;

/// Prints the tables to standard output; returns the exit code.
pub(super) fn run(args: &Schema) -> u8 {
    let chosen = match &args.table {
        None => TableName::ALL.to_vec(),
        Some(name) => match TableName::from_name(name) {
            Some(table) => vec![table],
            None => return unknown_table(name),
        },
    };
    let text = match args.format {
        SchemaFormat::Text => chosen.into_iter().map(for_people).collect::<Vec<_>>().join("\n"),
        SchemaFormat::Json => chosen.into_iter().map(as_json).collect(),
        SchemaFormat::Markdown if args.table.is_none() => tables::docs(),
        SchemaFormat::Markdown => chosen.into_iter().map(tables::section).collect(),
    };
    if std::io::stdout().lock().write_all(text.as_bytes()).is_ok() { EXIT_OK } else { EXIT_IO }
}

fn unknown_table(name: &str) -> u8 {
    let names = || TableName::ALL.into_iter().map(TableName::name);
    let hint = did_you_mean(name, names());
    let hint = if hint.is_empty() { hint } else { format!(" {hint}") };
    print_line(&format!("no table {name:?};{hint} there are {}", quoted(names(), ", ")));
    EXIT_SET_UP
}

/// A table as one line of JSON.
#[derive(Serialize)]
struct TableLine {
    table: &'static str,
    schema_version: i32,
    meaning: &'static str,
    /// The column that is in the name of the folder, not in the files.
    partitioned_by: Option<&'static str>,
    columns: Vec<DocumentedColumn>,
}

fn as_json(table: TableName) -> String {
    let line = TableLine {
        table: table.name(),
        schema_version: SCHEMA_VERSION,
        meaning: table.meaning(),
        partitioned_by: has_date(table).then_some("date"),
        columns: tables::documented(table),
    };
    let line = serde_json::to_string(&line).expect("texts, numbers and flags are always JSON");
    format!("{line}\n")
}

fn for_people(table: TableName) -> String {
    let mut shown = Table::new();
    shown.load_style(presets::NOTHING);
    shown.set_header(["column", "type", "unit", "meaning"]);
    for DocumentedColumn { name, type_name, nullable, unit, meaning } in tables::documented(table) {
        let null = if nullable { ", may be null" } else { "" };
        shown.add_row([name, format!("{type_name}{null}"), unit, meaning]);
    }
    if has_date(table) {
        let meaning = "The call's local date, from the folder's name; null where its start is unknown.";
        shown.add_row(["date", "date, may be null", "", meaning]);
    }
    let mut text = format!("{}: {}\n\n", table.name(), table.meaning());
    for line in shown.lines() {
        // Writing to a string never fails.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn has_date(table: TableName) -> bool {
    TableName::PER_BATCH.contains(&table)
}
