//! What the tables hold, for people: `docs/tables.md`, and `callsift schema`.

use super::name::TableName;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use std::fmt::Write as _;

/// A column of a table, as people read of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DocumentedColumn {
    /// Its name; a field of a list's elements is `list[].field`.
    pub name: String,
    /// Its type, such as `text`, `int64` or `list of struct`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// What it says.
    pub meaning: String,
}

/// The text of `docs/tables.md`: how to read a dataset, and every column of every table.
#[must_use]
pub fn docs() -> String {
    let mut page = include_str!("docs_head.md").to_owned();
    for table in TableName::ALL {
        page.push('\n');
        page.push_str(&section(table));
    }
    page
}

/// The section of `docs/tables.md` on one table.
#[must_use]
pub fn section(table: TableName) -> String {
    let mut text = format!("## {}\n\n{}\n\n", table.name(), table.meaning());
    text.push_str("| column | type | unit | meaning |\n| --- | --- | --- | --- |\n");
    for DocumentedColumn { name, type_name, nullable, unit, meaning } in documented(table) {
        let null = if nullable { ", may be null" } else { "" };
        // Writing to a string never fails.
        let _ = writeln!(text, "| `{name}` | {type_name}{null} | {unit} | {meaning} |");
    }
    text
}

/// The columns of `table`, each followed by the fields of its elements where it is a list of structs. `date` is not
/// among them: it is in the name of the folder.
#[must_use]
pub fn documented(table: TableName) -> Vec<DocumentedColumn> {
    let mut columns = Vec::new();
    push_columns(&mut columns, table.schema().fields(), "");
    columns
}

fn push_columns(columns: &mut Vec<DocumentedColumn>, fields: &Fields, prefix: &str) {
    for field in fields {
        let name = format!("{prefix}{}", field.name());
        let unit = metadata(field, "unit");
        let comment = metadata(field, "comment");
        columns.push(DocumentedColumn {
            name: name.clone(),
            type_name: type_name(field.data_type()),
            nullable: field.is_nullable(),
            unit: unit.to_owned(),
            meaning: comment.strip_suffix(&format!(" [{unit}]")).unwrap_or(comment).to_owned(),
        });
        if let DataType::List(element) = field.data_type() {
            push_elements(columns, element, &name);
        }
    }
}

fn push_elements(columns: &mut Vec<DocumentedColumn>, element: &FieldRef, list: &str) {
    if let DataType::Struct(fields) = element.data_type() {
        push_columns(columns, fields, &format!("{list}[]."));
    }
}

fn metadata<'a>(field: &'a Field, key: &str) -> &'a str {
    field.metadata().get(key).map_or("", String::as_str)
}

fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "text".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::Int32 => "int32".to_owned(),
        DataType::Int64 => "int64".to_owned(),
        DataType::Float32 => "float32".to_owned(),
        DataType::Float64 => "float64".to_owned(),
        DataType::Timestamp(..) => "timestamp (µs, UTC)".to_owned(),
        DataType::List(element) => format!("list of {}", type_name(element.data_type())),
        DataType::Struct(_) => "struct".to_owned(),
        other => other.to_string(),
    }
}
