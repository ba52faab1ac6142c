//! The page of all tables, for users: `docs/tables.md`.

use super::name::TableName;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use std::fmt::Write as _;

/// The text of `docs/tables.md`: how to read a dataset, and every column of every table.
#[must_use]
pub fn docs() -> String {
    let mut page = include_str!("docs_head.md").to_owned();
    for table in TableName::ALL {
        let _ = write!(page, "\n## {}\n\n{}\n\n", table.name(), table.meaning());
        page.push_str("| column | type | unit | meaning |\n| --- | --- | --- | --- |\n");
        push_rows(&mut page, table.schema().fields(), "");
    }
    page
}

fn push_rows(page: &mut String, fields: &Fields, prefix: &str) {
    for field in fields {
        let name = format!("{prefix}{}", field.name());
        let unit = metadata(field, "unit");
        let comment = metadata(field, "comment");
        let meaning = comment.strip_suffix(&format!(" [{unit}]")).unwrap_or(comment);
        let null = if field.is_nullable() { ", may be null" } else { "" };
        // Writing to a string never fails.
        let _ = writeln!(page, "| `{name}` | {}{null} | {unit} | {meaning} |", type_name(field.data_type()));
        if let DataType::List(element) = field.data_type() {
            push_elements(page, element, &name);
        }
    }
}

fn push_elements(page: &mut String, element: &FieldRef, list: &str) {
    if let DataType::Struct(fields) = element.data_type() {
        push_rows(page, fields, &format!("{list}[]."));
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
