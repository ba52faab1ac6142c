//! A value held against a schema, as far as our schemas go: a word that is not known here is a mistake of the schema.

use regex::Regex;
use serde_json::{Map, Value};

/// What is wrong with `value`, each with its place; nothing where it fits.
pub(super) fn wrong(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, "", &mut found);
    found
}

fn check(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (word, says) in schema.as_object().into_iter().flatten() {
        let fits = match word.as_str() {
            "title" | "description" | "$schema" => true,
            "properties" | "additionalProperties" | "propertyNames" => continue,
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(says, item, &format!("{place}[{at}]"), found);
                }
                true
            }
            "oneOf" => {
                says.as_array().is_some_and(|all| all.iter().filter(|one| wrong(one, value).is_empty()).count() == 1)
            }
            "anyOf" => says.as_array().is_some_and(|all| all.iter().any(|one| wrong(one, value).is_empty())),
            "not" => !wrong(says, value).is_empty(),
            word => fits(word, says, value),
        };
        if !fits {
            found.push(format!("{place}: {word}"));
        }
    }
    if let Value::Object(keys) = value {
        check_keys(schema, keys, place, found);
    }
}

fn check_keys(schema: &Value, keys: &Map<String, Value>, place: &str, found: &mut Vec<String>) {
    for (key, value) in keys {
        let place = format!("{place}.{key}");
        if let Some(names) = schema.get("propertyNames") {
            check(names, &Value::from(key.as_str()), &place, found);
        }
        match (schema.get("properties").and_then(|it| it.get(key)), schema.get("additionalProperties")) {
            (Some(schema), _) => check(schema, value, &place, found),
            (None, Some(Value::Bool(false))) => found.push(format!("{place}: additionalProperties")),
            (None, Some(schema @ Value::Object(_))) => check(schema, value, &place, found),
            (None, _) => {}
        }
    }
}

/// A word that says something of one value alone.
fn fits(word: &str, says: &Value, value: &Value) -> bool {
    let items = value.as_array().map(Vec::as_slice);
    let least = || says.as_u64().expect("a count") as usize;
    match word {
        "type" => type_fits(says.as_str().expect("a type"), value),
        "enum" => says.as_array().is_some_and(|all| all.contains(value)),
        "const" => says == value,
        "pattern" => {
            let pattern = Regex::new(says.as_str().expect("a pattern")).expect("a regular expression");
            value.as_str().is_none_or(|text| pattern.is_match(text))
        }
        "required" => {
            let keys = says.as_array().expect("a list").iter().map(|key| key.as_str().expect("a key"));
            value.as_object().is_none_or(|table| keys.into_iter().all(|key| table.contains_key(key)))
        }
        "minimum" => value.as_f64().is_none_or(|number| number >= says.as_f64().expect("a number")),
        "maximum" => value.as_f64().is_none_or(|number| number <= says.as_f64().expect("a number")),
        "minItems" => items.is_none_or(|items| items.len() >= least()),
        "maxItems" => items.is_none_or(|items| items.len() <= least()),
        "minProperties" => value.as_object().is_none_or(|table| table.len() >= least()),
        "uniqueItems" => items.is_none_or(|items| items.iter().enumerate().all(|(at, one)| !items[..at].contains(one))),
        other => panic!("the schema says {other:?}, which is not known here"),
    }
}

fn type_fits(wanted: &str, value: &Value) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("no type {other:?}"),
    }
}
