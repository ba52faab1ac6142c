//! The manifest's columns, masked.

use crate::entities::{mask_text, masked_id};
use crate::recording::{Leg, Metadata, PriorCall};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Returns `metadata` with every text masked, keys of further columns too, except the columns that `keep` names.
pub(super) fn metadata(metadata: &Metadata, keep: &[String]) -> Metadata {
    let own = |name: &str, value: &Option<String>| value.as_deref().map(|value| text(name, value, keep));
    Metadata {
        started_at: metadata.started_at,
        agent_id: own("agent_id", &metadata.agent_id),
        team: own("team", &metadata.team),
        customer_id: metadata.customer_id.as_deref().map(|id| customer_id(id, keep)),
        callee_role: own("callee_role", &metadata.callee_role),
        customer_zone: own("customer_zone", &metadata.customer_zone),
        queue: own("queue", &metadata.queue),
        product: own("product", &metadata.product),
        stage: own("stage", &metadata.stage),
        direction: own("direction", &metadata.direction),
        ended_by: own("ended_by", &metadata.ended_by),
        language: own("language", &metadata.language),
        extra: extra(&metadata.extra, keep),
    }
}

/// Returns the earlier calls with their texts masked.
pub(super) fn prior_calls(calls: &[PriorCall]) -> Vec<PriorCall> {
    let masked = |call: &PriorCall| PriorCall {
        direction: call.direction.as_deref().map(mask_text),
        callee_role: call.callee_role.as_deref().map(mask_text),
        ..call.clone()
    };
    calls.iter().map(masked).collect()
}

/// Returns the legs with the names of their agents masked, as that of the call is.
pub(super) fn legs(legs: Vec<Leg>, keep: &[String]) -> Vec<Leg> {
    let agent_id = |leg: &Leg| leg.agent_id.as_deref().map(|id| text("agent_id", id, keep));
    legs.into_iter().map(|leg| Leg { agent_id: agent_id(&leg), ..leg }).collect()
}

/// A JSON object with its names, texts and whole numbers masked; a number in which there is something to mask becomes a text.
pub(super) fn json(object: &str) -> String {
    serde_json::from_str::<Value>(object).map_or_else(|_| mask_text(object), |value| masked_json(value).to_string())
}

fn masked_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(mask_text(&text)),
        // A fraction's digits are no identifier's; some write whole numbers with `.0`.
        Value::Number(number) if number.as_f64().is_none_or(|value| value.fract() == 0.0) => {
            let text = number.to_string();
            let masked = mask_text(&text);
            if masked == text { Value::Number(number) } else { Value::String(masked) }
        }
        Value::Array(values) => Value::Array(values.into_iter().map(masked_json).collect()),
        Value::Object(fields) => {
            let mut masked = Map::new();
            for (name, value) in fields {
                let shown = unique(mask_text(&name), |shown| masked.contains_key(shown));
                masked.insert(shown, masked_json(value));
            }
            Value::Object(masked)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// `value` of the column `name`, masked unless `keep` names it.
pub(super) fn text(name: &str, value: &str, keep: &[String]) -> String {
    if keep.iter().any(|kept| kept == name) { value.to_owned() } else { mask_text(value) }
}

/// Two customers stay two, even where their ids are personal numbers.
fn customer_id(id: &str, keep: &[String]) -> String {
    if keep.iter().any(|kept| kept == "customer_id") { id.to_owned() } else { masked_id(id) }
}

/// `shown`, with as many primes as it takes to be another than those that are taken.
fn unique(mut shown: String, is_taken: impl Fn(&str) -> bool) -> String {
    while is_taken(&shown) {
        shown.push('\'');
    }
    shown
}

/// Two names that are one when masked stay two: the later gets primes.
fn extra(extra: &BTreeMap<String, String>, keep: &[String]) -> BTreeMap<String, String> {
    let mut masked = BTreeMap::new();
    for (name, value) in extra {
        let shown = unique(text(name, name, keep), |shown| masked.contains_key(shown));
        masked.insert(shown, text(name, value, keep));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_s_measures_stay_json() {
        let raw = r#"{"caller":{"13800138000":13900139000,"rate":[115.5,null,true]},"note":"打13800138000"}"#;
        let masked = r#"{"caller":{"rate":[115.5,null,true],"███████████":"███████████"},"note":"打███████████"}"#;
        assert_eq!(json(raw), masked);
        let table = [
            ("two names", r#"{"13800138000":1,"13900139000":2}"#, r#"{"███████████":1,"███████████'":2}"#),
            ("a fraction", r#"{"score":0.13800138000}"#, r#"{"score":0.13800138}"#),
            ("a whole number", r#"[13800138000.0,115.0]"#, r#"["███████████.0",115.0]"#),
        ];
        for (name, raw, masked) in table {
            assert_eq!(json(raw), masked, "{name}");
        }
        assert_eq!(json("no JSON 13800138000"), "no JSON ███████████");
    }

    #[test]
    fn masks_all_but_what_is_kept() {
        let raw = Metadata {
            agent_id: Some("8023".into()),
            customer_id: Some("C-13800138000".into()),
            queue: Some("13900139000".into()),
            extra: [("tel", "13800138000"), ("due", "2026-11-20"), ("13800138000", "a"), ("13900139000", "b")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Metadata::default()
        };
        let masked = metadata(&raw, &["queue".to_owned()]);
        assert_eq!(masked.agent_id.as_deref(), Some("8023"));
        let customer = |id: &str| {
            metadata(&Metadata { customer_id: Some(id.into()), ..Metadata::default() }, &[]).customer_id.unwrap()
        };
        assert!(masked.customer_id.is_some_and(|id| id.starts_with("C-███████████~")));
        assert_ne!(customer("13800138000"), customer("13800138001"));
        assert_eq!(metadata(&raw, &["customer_id".to_owned()]).customer_id, raw.customer_id);
        assert_eq!(masked.queue.as_deref(), Some("13900139000"));
        let extra: Vec<(&str, &str)> =
            masked.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(extra, [("due", "2026-11-20"), ("tel", "███████████"), ("███████████", "a"), ("███████████'", "b")]);
        assert_eq!(metadata(&raw, &["tel".to_owned()]).extra["tel"], "13800138000");
    }
}
