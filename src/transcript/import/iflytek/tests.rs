//! iFlytek's lattices: JSON inside strings, frames, and the channels of roles.

use super::*;
use serde_json::json;

fn st(start_ms: &str, end_ms: &str, role: &str, words: Value) -> Value {
    json!({"st": {"bg": start_ms, "ed": end_ms, "rl": role, "rt": [{"ws": words}]}})
}

fn word(text: &str, start: u64, end: u64) -> Value {
    json!({"wb": start, "we": end, "cw": [{"w": text, "wc": "0.9"}, {"w": "另一个", "wc": "0.1"}]})
}

#[test]
fn frames_count_tens_of_milliseconds_from_the_sentence() {
    let best = st("600", "2600", "0", json!([word("您好", 10, 40), word("，", 40, 40), word("海棠", 60, 90)]));
    for best in [best.clone(), json!(best.to_string())] {
        let said = read(&[json!({"lattice": [{"json_1best": best}]})]).unwrap();
        let only = &said.utterances[0];
        let times: Vec<(i64, i64)> = only.words.iter().map(|it| (it.span.start_ms, it.span.end_ms)).collect();
        assert_eq!((only.text.as_str(), times), ("您好，海棠", vec![(700, 1_000), (1_200, 1_500)]));
    }
}

#[test]
fn what_was_said_comes_before_what_was_smoothed() {
    let row = |text: &str| json!([{"json_1best": st("0", "900", "1", json!([word(text, 0, 90)]))}]);
    let both = json!({"lattice": row("好"), "lattice2": row("嗯好")});
    assert_eq!(read(&[both]).unwrap().utterances[0].text, "嗯好");
    let empty = json!({"lattice": row("好"), "lattice2": []});
    assert_eq!(read(&[empty]).unwrap().utterances[0].text, "好");
}

#[test]
fn roles_are_voices_but_where_their_channel_is_told() {
    let lattice: Vec<Value> = ["1", "2"]
        .iter()
        .zip(["0", "1000"])
        .map(|(role, at)| json!({"json_1best": st(at, at, role, json!([word("好", 0, 20)]))}))
        .collect();
    let speakers =
        |value: Value| -> Vec<Speaker> { read(&[value]).unwrap().utterances.iter().map(|it| it.speaker).collect() };
    assert_eq!(speakers(json!({"lattice": lattice})), [Speaker::Voice(0), Speaker::Voice(1)]);
    let label = json!({"rl_track": [{"rl": "2", "track": "L"}, {"rl": "1", "track": "R"}]});
    for label in [label.clone(), json!(label.to_string())] {
        assert_eq!(speakers(json!({"lattice": lattice, "label": label})), [Speaker::Channel(1), Speaker::Channel(0)]);
    }
}

#[test]
fn a_lattice_that_is_damaged_is_told() {
    let damaged = json!({"lattice": [{"json_1best": "{\"st\": {"}, {"json_1best": null}]});
    let error = read(&[damaged]).unwrap_err().to_string();
    assert!(error.contains("lattice has 2 entries"), "{error}");
    let half =
        json!({"lattice": [{"json_1best": "{"}, {"json_1best": st("0", "900", "1", json!([word("好", 0, 90)]))}]});
    let said = read(&[half]).unwrap();
    assert_eq!((said.utterances.len(), said.warnings.len()), (1, 1));
}
