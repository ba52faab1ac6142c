//! What each service of Alibaba Cloud leaves out or writes in its own way.

use super::*;
use serde_json::json;

fn sentence_of(row: Value) -> crate::transcript::Utterance {
    read(&[json!({"Sentences": [row]})]).unwrap().utterances.remove(0)
}

#[test]
fn loudness_is_no_emotion() {
    let said = sentence_of(json!({"BeginTime": 1, "EndTime": 900, "Text": "好", "EmotionValue": 9.9}));
    assert_eq!((said.emotion, said.emotion_score), (None, None));
    assert_eq!(said.vendor_measures.as_deref(), Some(r#"{"EmotionValue":9.9}"#));
}

#[test]
fn a_missing_end_is_bounded_and_marked() {
    let said = sentence_of(json!({"BeginTime": "600", "EndTime": null, "Text": "您好"}));
    assert_eq!((said.span.start_ms, said.span.end_ms, said.times_estimated), (600, 1_260, true));
}

#[test]
fn a_contact_centre_has_the_time_of_day_beside_the_offset() {
    let row = json!({"begin": "600", "end": "900", "beginTime": "2026-11-19 10:00:01", "identity": "张三",
        "role": "客户", "words": "你好", "emotionValue": 6});
    let values = [json!({"data": {"asrResult": {"asrResult": [row]}}})];
    assert!(is(&values));
    let said = read(&values).unwrap().utterances.remove(0);
    assert_eq!((said.speaker, said.span.start_ms, said.span.end_ms), (Speaker::Role(Role::Customer), 600, 900));
}

#[test]
fn words_of_several_sentences_go_to_the_one_in_which_they_start() {
    let holder = json!({
        "Sentences": [
            {"BeginTime": 0, "EndTime": 1_000, "Text": "您好", "ChannelId": 0},
            {"BeginTime": 500, "EndTime": 1_000, "Text": "喂", "ChannelId": 1},
            {"BeginTime": 1_000, "EndTime": 2_000, "Text": "海棠银行", "ChannelId": 0},
        ],
        "Words": [
            {"BeginTime": 1_000, "EndTime": 1_400, "Word": "海棠", "ChannelId": 0},
            {"BeginTime": 0, "EndTime": 400, "Word": "您好", "ChannelId": 0},
            {"BeginTime": 500, "EndTime": 900, "Word": "喂", "ChannelId": 1},
            {"BeginTime": 5_000, "EndTime": 5_900, "Word": "喂", "ChannelId": 1},
        ],
    });
    let starts = read(&[holder]).unwrap().utterances;
    let starts: Vec<Vec<i64>> =
        starts.iter().map(|it| it.words.iter().map(|word| word.span.start_ms).collect()).collect();
    assert_eq!(starts, [vec![0], vec![500], vec![1_000]]);
}

#[test]
fn words_beside_a_lone_sentence_are_its_own_once() {
    let words =
        json!([{"BeginTime": 0, "EndTime": 400, "Word": "您"}, {"BeginTime": 400, "EndTime": 900, "Word": "好"}]);
    let said = read(&[json!({"BeginTime": 0, "EndTime": 900, "Text": "您好", "Words": words})]).unwrap();
    assert_eq!(said.utterances[0].words.len(), 2);
    assert_eq!(said.warnings, [""; 0]);
}

#[test]
fn a_silent_recording_has_no_sentences() {
    for (name, value) in
        [("Sentences", json!({"Result": {"Sentences": []}})), ("asrResult", json!({"data": {"asrResult": []}}))]
    {
        assert!(is(std::slice::from_ref(&value)), "{name}");
        assert!(read(&[value]).unwrap().utterances.is_empty(), "{name}");
    }
}
