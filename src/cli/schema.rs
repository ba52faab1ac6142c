//! `callsift schema`: the tables of a dataset, column by column.

use super::args::{Schema, SchemaFormat};
use super::load::print_line;
use super::table::Table;
use super::terminal::Page;
use super::{EXIT_OK, EXIT_SET_UP, print, print_json, print_page};
use crate::tables::{self, DocumentedColumn, SCHEMA_VERSION, TableName};
use crate::written::nearest::one_of;
use serde::Serialize;

/// Prints the tables to standard output; returns the exit code.
pub(super) fn run(args: &Schema) -> u8 {
    let chosen = match &args.table {
        None => TableName::ALL.to_vec(),
        Some(name) => match TableName::from_name(name) {
            Some(table) => vec![table],
            None => return unknown_table(name),
        },
    };
    match args.format {
        SchemaFormat::Text => print_page(&for_people(&chosen), EXIT_OK),
        SchemaFormat::Json => print_json(&chosen.into_iter().map(as_json).collect::<String>(), EXIT_OK),
        SchemaFormat::Markdown if args.table.is_none() => print(&tables::docs(), EXIT_OK),
        SchemaFormat::Markdown => print(&chosen.into_iter().map(tables::section).collect::<String>(), EXIT_OK),
    }
}

fn unknown_table(name: &str) -> u8 {
    print_line(&format!("no table {name:?}; {}", one_of(name, TableName::ALL.map(TableName::name))));
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

fn for_people(tables: &[TableName]) -> Page {
    let mut page = Page::default();
    for (at, table) in tables.iter().enumerate() {
        if at > 0 {
            page.blank();
        }
        push_table(&mut page, *table);
    }
    page
}

fn push_table(page: &mut Page, table: TableName) {
    page.line(format!("{}: {}", table.name(), table.meaning()));
    page.blank();
    let mut shown = Table::new(["column", "type", "unit", "meaning"]);
    for DocumentedColumn { name, type_name, nullable, unit, meaning } in tables::documented(table) {
        let null = if nullable { ", may be null" } else { "" };
        shown.row([name.into(), format!("{type_name}{null}").into(), unit.into(), meaning.into()]);
    }
    if has_date(table) {
        let meaning = "The call's local date, from the folder's name; null where its start is unknown.";
        shown.row(["date".into(), "date, may be null".into(), "".into(), meaning.into()]);
    }
    shown.push_to(page);
}

fn has_date(table: TableName) -> bool {
    TableName::PER_BATCH.contains(&table)
}
