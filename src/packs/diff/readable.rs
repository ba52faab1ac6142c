//! A rule as JSON in the words of its author, so that the path of a change reads like the rule's file.

use crate::rules::model::{LookFor, Rule};
use crate::rules::spelled;
use serde_json::{Map, Value, json};

/// The rule without its examples. Conditions stand by name, `where` and `when` as they are written.
pub(super) fn readable(rule: &Rule) -> Value {
    let mut value = super::value(rule);
    let names: Vec<&str> = rule.look_fors.iter().map(|look| look.name.as_str()).collect();
    let looks: Map<String, Value> = rule.look_fors.iter().map(|look| (look.name.clone(), of_look_for(look))).collect();
    if let Some(rule_value) = value.as_object_mut() {
        rule_value.remove("look_fors");
        rule_value.insert("look_for".to_owned(), Value::Object(looks));
    }
    if let Some(when) = value.pointer_mut("/report/when") {
        *when = json!(spelled::when(&rule.report.when, &names));
    }
    value
}

/// The keys of the kind stand beside those of every condition, as in the file.
fn of_look_for(look: &LookFor) -> Value {
    let place = spelled::place(&look.place);
    let mut keys = Map::new();
    keys.insert("speaker".to_owned(), json!(look.speakers.to_string()));
    if !place.is_empty() {
        keys.insert("where".to_owned(), json!(place));
    }
    keys.insert("count_at_least".to_owned(), json!(look.count_at_least));
    match super::value(&look.kind) {
        Value::Object(kind) => {
            for (name, of_kind) in kind {
                keys.insert("kind".to_owned(), json!(snake_case(&name)));
                keys.extend(of_kind.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
            }
        }
        kind => {
            keys.insert("kind".to_owned(), kind);
        }
    }
    Value::Object(keys)
}

/// `SpeechRate` as `speech_rate`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}
