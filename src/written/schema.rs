//! JSON Schema (draft 2020-12) of files that people write, for their editors: what the schemas of all files are made of.
//!
//! A schema says which keys there are, what they mean and what they can be. What takes two keys together to see is left
//! to the readers.

use super::quantity::{Dimension, UNITS};
use serde_json::{Map, Value, json};
use std::ops::RangeInclusive;

/// A key of a table.
#[derive(Clone, Debug)]
pub struct Key {
    name: &'static str,
    required: bool,
    value: Value,
}

/// A key that must be there, with what it means and what it can be.
#[must_use]
pub fn required(name: &'static str, meaning: &str, value: Value) -> Key {
    Key { required: true, ..optional(name, meaning, value) }
}

/// A key that may be left out.
#[must_use]
pub fn optional(name: &'static str, meaning: &str, mut value: Value) -> Key {
    if let Some(value) = value.as_object_mut() {
        value.insert("description".to_owned(), json!(meaning));
    }
    Key { name, required: false, value }
}

/// A table that has these keys and no others.
#[must_use]
pub fn table(keys: impl IntoIterator<Item = Key>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for key in keys {
        if key.required {
            required.push(key.name);
        }
        properties.insert(key.name.to_owned(), key.value);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The table of a whole file.
#[must_use]
pub fn file(title: &str, table: Value) -> Value {
    let mut schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title });
    if let (Some(schema), Value::Object(table)) = (schema.as_object_mut(), table) {
        schema.extend(table);
    }
    schema
}

/// A text that is not empty.
#[must_use]
pub fn text() -> Value {
    json!({ "type": "string", "pattern": r"\S" })
}

/// A text of that shape.
#[must_use]
pub fn shaped(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// Texts, none of which stands twice; at least so many.
#[must_use]
pub fn texts(at_least: usize) -> Value {
    json!({ "type": "array", "items": text(), "minItems": at_least, "uniqueItems": true })
}

/// `true` or `false`.
#[must_use]
pub fn flag() -> Value {
    json!({ "type": "boolean" })
}

/// A whole number.
#[must_use]
pub fn integer(range: RangeInclusive<i64>) -> Value {
    json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() })
}

/// A number.
#[must_use]
pub fn number(range: RangeInclusive<f64>) -> Value {
    json!({ "type": "number", "minimum": range.start(), "maximum": range.end() })
}

/// One of these names, which a reader chooses by.
#[must_use]
pub fn choice<T>(choices: &[(&str, T)]) -> Value {
    one_of_names(choices.iter().map(|(name, _)| *name))
}

/// One of these names.
#[must_use]
pub fn one_of_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Value {
    json!({ "enum": names.into_iter().collect::<Vec<_>>() })
}

/// A quantity of one of these dimensions.
#[must_use]
pub fn quantity(dimensions: &[Dimension]) -> Value {
    let units = UNITS.iter().filter(|unit| dimensions.contains(&unit.dimension)).map(|unit| unit.name);
    shaped(&format!("^[-+]?{DECIMAL} ({})$", units.collect::<Vec<_>>().join("|")))
}

/// Digits, with at most one point inside.
pub const DECIMAL: &str = r"[0-9]{1,12}(\.[0-9]{1,12})?";

/// A time.
#[must_use]
pub fn duration() -> Value {
    quantity(&[Dimension::Time])
}

/// A date in quotes.
#[must_use]
pub fn date() -> Value {
    shaped("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
}

/// A list of such values; at least so many.
#[must_use]
pub fn list_of(value: Value, at_least: usize) -> Value {
    json!({ "type": "array", "items": value, "minItems": at_least })
}

/// A table whose keys are the author's own, each with such a value.
#[must_use]
pub fn named(value: Value) -> Value {
    json!({ "type": "object", "additionalProperties": value, "minProperties": 1 })
}

/// A value that is exactly one of these.
#[must_use]
pub fn one_of(values: Vec<Value>) -> Value {
    json!({ "oneOf": values })
}
