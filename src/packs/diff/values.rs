//! Two JSON values, compared path by path.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// One path at which two values differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// Where, such as `look_for.fast.above`.
    pub path: String,
    /// What stands there.
    pub values: Values,
}

/// What stands at a path, before and after.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// One value; `None`: nothing.
    Set {
        /// Before.
        before: Option<Value>,
        /// After.
        after: Option<Value>,
    },
    /// A list of entries whose order says nothing.
    Entries {
        /// Those that only the second has.
        added: Vec<String>,
        /// Those that only the first has.
        removed: Vec<String>,
    },
    /// Something else, of which no more is told.
    Otherwise,
}

/// Names by which the entries of a list of tables are known again.
const NAMES: [&str; 2] = ["name", "cite"];

/// Every path at which two values differ, in the order of paths.
pub(super) fn changed(before: &Value, after: &Value) -> Vec<Changed> {
    let mut changed = Vec::new();
    compare("", before, after, &mut changed);
    changed
}

fn compare(path: &str, before: &Value, after: &Value, changed: &mut Vec<Changed>) {
    if before == after {
        return;
    }
    if let (Some(before), Some(after)) = (table(before), table(after)) {
        return compare_tables(path, &before, &after, changed);
    }
    let values = match (entries(before), entries(after)) {
        (Some(before), Some(after)) if before != after => {
            let only = |of: &BTreeSet<String>, other: &BTreeSet<String>| of.difference(other).cloned().collect();
            Values::Entries { added: only(&after, &before), removed: only(&before, &after) }
        }
        _ => Values::Set { before: something(before), after: something(after) },
    };
    changed.push(Changed { path: path.to_owned(), values });
}

fn compare_tables(path: &str, before: &Map<String, Value>, after: &Map<String, Value>, changed: &mut Vec<Changed>) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let of = |table: &Map<String, Value>| table.get(key).cloned().unwrap_or(Value::Null);
        compare(&path, &of(before), &of(after), changed);
    }
}

/// A table, or a list of tables as a table by their names.
fn table(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(table) => Some(table.clone()),
        Value::Array(items) if !items.is_empty() => NAMES.iter().find_map(|name| {
            let named = |item: &Value| Some((item.get(name)?.as_str()?.to_owned(), item.clone()));
            let table: Map<String, Value> = items.iter().map(named).collect::<Option<_>>()?;
            (table.len() == items.len()).then_some(table)
        }),
        _ => None,
    }
}

/// The entries of a list of plain values.
fn entries(value: &Value) -> Option<BTreeSet<String>> {
    let text = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
        plain => Some(plain.to_string()),
    };
    value.as_array()?.iter().map(text).collect()
}

fn something(value: &Value) -> Option<Value> {
    (!value.is_null()).then(|| value.clone())
}
