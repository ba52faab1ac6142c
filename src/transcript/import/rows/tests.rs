//! Who spoke, where lists are hidden, and what words' times count from.

use super::*;
use serde_json::json;

fn who(channel: Option<u16>, name: Option<&str>) -> Who {
    Who { channel, name: name.map(str::to_owned) }
}

#[test]
fn roles_come_before_channels_and_channels_before_voices() {
    let (role, on, voice) = (Speaker::Role, Speaker::Channel, Speaker::Voice);
    let cases = [
        ("a role", vec![who(Some(0), Some("客服")), who(Some(1), Some("agent"))], vec![role(Role::Agent); 2]),
        (
            "seats and callers",
            vec![who(None, Some("坐席")), who(None, Some("客户")), who(None, Some("AGENT")), who(None, Some("USER"))],
            vec![role(Role::Agent), role(Role::Customer), role(Role::Agent), role(Role::Customer)],
        ),
        ("channels", vec![who(Some(0), Some("0")), who(Some(1), Some("0"))], vec![on(0), on(1)]),
        ("channels from 1", vec![who(Some(1), None), who(Some(2), None)], vec![on(0), on(1)]),
        ("voices on one channel", vec![who(Some(0), Some("3")), who(Some(0), Some("1"))], vec![voice(0), voice(1)]),
        ("voices were not told apart", vec![who(Some(0), Some("0")), who(Some(0), Some("0"))], vec![on(0); 2]),
        ("nothing is known", vec![who(None, Some("0")), who(None, None)], vec![role(Role::Unknown); 2]),
        ("one voice of many", vec![who(None, Some("1"))], vec![voice(0)]),
    ];
    for (name, all, expected) in cases {
        assert_eq!(speakers(all.iter()), expected, "{name}");
    }
}

#[test]
fn lists_are_found_behind_wrappers_and_inside_strings() {
    let list = json!([{"a": 1}]);
    let cases = [
        ("bare", json!({"sentences": list}), true),
        ("another spelling", json!({"Sentences": list}), true),
        ("a text", json!({"sentences": list.to_string()}), true),
        ("wrapped", json!({"Response": {"Data": [{"sentences": list}]}}), true),
        ("wrapped in a text", json!({"body": json!({"sentences": list}).to_string()}), true),
        ("the list alone", list.clone(), true),
        ("behind what wraps nothing", json!({"alternatives": {"sentences": list}}), false),
        ("under another name", json!({"segments": list}), false),
    ];
    for (name, value, expected) in cases {
        assert_eq!(any_row(&[value], &["sentences"], |row| row.contains_key("a")), expected, "{name}");
    }
    let deep = (0..DEEPEST).fold(list, |inner, _| json!({"data": inner}));
    assert!(!any_row(&[deep], &["sentences"], |row| row.contains_key("a")), "deeper than anybody writes");
}

#[test]
fn words_of_a_sentence_count_from_its_start_or_the_recordings() {
    let words = |times: &[(f64, Option<f64>)]| -> Vec<DraftWord> {
        let word = |&(start_ms, end_ms): &(f64, Option<f64>)| DraftWord::new("好", Some(start_ms), end_ms, None);
        times.iter().map(word).collect()
    };
    let cases = [
        ("from the sentence", vec![(0.0, Some(400.0)), (500.0, Some(1_900.0))], Some(2_600.0), 600.0),
        ("from the recording", vec![(600.0, Some(1_000.0)), (1_100.0, Some(2_500.0))], Some(2_600.0), 600.0),
        ("no end, from the recording", vec![(600.0, None)], None, 600.0),
        ("no end, from the sentence", vec![(20.0, None)], None, 620.0),
    ];
    for (name, times, end_ms, expected) in cases {
        let mut words = words(&times);
        from_the_start(&mut words, Some(600.0), end_ms);
        assert_eq!(words[0].start_ms, Some(expected), "{name}");
    }
}
