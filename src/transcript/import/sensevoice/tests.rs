//! Tags, tokens and streams.

use super::*;
use serde_json::json;

#[test]
fn tags_are_told_with_and_without_their_brackets() {
    for tags in [["<|zh|>", "<|ANGRY|>", "<|Speech|>"], ["zh", "ANGRY", "Speech"], [" <|zh|> ", "<|ANGRY|>", "Speech"]]
    {
        let value = json!({"lang": tags[0], "emotion": tags[1], "event": tags[2], "text": "您好", "timestamps": [0.6, 0.8],
            "tokens": ["您", "好"]});
        assert!(is(std::slice::from_ref(&value)), "{tags:?}");
        let said = read(&[value]).unwrap();
        let only = &said.utterances[0];
        assert_eq!(said.language.as_deref(), Some("zh"), "{tags:?}");
        assert_eq!((only.emotion.as_deref(), only.event.as_deref()), (Some("ANGRY"), Some("Speech")), "{tags:?}");
        assert_eq!((only.span.start_ms, only.times_estimated), (600, true), "{tags:?}");
    }
}

#[test]
fn what_the_model_does_not_know_is_no_tag() {
    let found = tagged("<|nospeech|><|EMO_UNKNOWN|><|Event_UNK|><|woitn|>");
    assert_eq!((found.language, found.emotion, found.event, found.text.as_str()), (None, None, None, ""));
    let found = tagged("a <| b");
    assert_eq!(found.text, "a <| b");
}

#[test]
fn tokens_of_english_are_parts_of_words() {
    let value = json!({"text": "ok today", "timestamps": ["0.1", "0.2", "0.5"], "tokens": [" o", "k", "▁today"]});
    let said = read(&[value]).unwrap();
    let starts: Vec<i64> = said.utterances[0].words.iter().map(|word| word.span.start_ms).collect();
    assert_eq!((said.engine.as_deref(), starts), (Some("sherpa-onnx"), vec![100, 500]));
}

#[test]
fn a_stream_counts_as_its_last_words() {
    let result = |segment: u64, text: &str, is_final: bool| {
        let tokens: Vec<String> = text.chars().map(String::from).collect();
        let starts: Vec<f64> = (0..tokens.len()).map(|at| 0.2 * at as f64).collect();
        json!({"text": text, "tokens": tokens, "timestamps": starts, "segment": segment, "start_time": 5.0 * segment as f64,
            "is_final": is_final})
    };
    let stream = [result(0, "您", false), result(0, "您好", false), result(0, "您好", true), result(1, "再见", false)];
    let said = read(&stream).unwrap();
    let told: Vec<(&str, i64)> = said.utterances.iter().map(|it| (it.text.as_str(), it.span.start_ms)).collect();
    assert_eq!(told, [("您好", 0), ("再见", 5_000)]);
}

#[test]
fn windows_put_together_are_parted_at_pauses() {
    let value = json!({"text": "您好再见", "timestamps": [0.5, 0.7, 40.0, 40.3], "tokens": ["您", "好", "再", "见"]});
    let said = read(&[value]).unwrap();
    let told: Vec<(&str, i64, i64)> =
        said.utterances.iter().map(|it| (it.text.as_str(), it.span.start_ms, it.span.end_ms)).collect();
    assert_eq!(told, [("您好", 500, 1_030), ("再见", 40_000, 40_630)]);
}

#[test]
fn words_count_from_the_start_of_their_result_or_of_the_recording() {
    for (name, start, stamps) in [
        ("of the result", json!(5.0), json!([[600, 800], [800, 1_000]])),
        ("of the recording", json!(5.0), json!([[5_600, 5_800], [5_800, 6_000]])),
        ("none told", json!(null), json!([[5_600, 5_800], [5_800, 6_000]])),
    ] {
        let text = "<|zh|><|ANGRY|><|Speech|><|withitn|>您好";
        let value = json!({"start": start, "text": text, "words": ["您", "好"], "timestamp": stamps});
        let said = read(&[value]).unwrap();
        let words: Vec<(i64, i64)> =
            said.utterances[0].words.iter().map(|word| (word.span.start_ms, word.span.end_ms)).collect();
        assert_eq!(words, [(5_600, 5_800), (5_800, 6_000)], "{name}");
        assert_eq!(said.utterances[0].span.start_ms, 5_600, "{name}");
    }
}

#[test]
fn each_part_with_tags_has_its_own_words() {
    let text = "<|zh|><|ANGRY|><|Speech|>您好。<|zh|><|SAD|><|Speech|>再见";
    let value =
        json!({"text": text, "tokens": ["您", "好", "。", "再", "见"], "timestamps": [0.1, 0.3, 0.5, 1.0, 1.2]});
    let said = read(&[value]).unwrap();
    let told: Vec<(&str, i64, usize)> =
        said.utterances.iter().map(|it| (it.emotion.as_deref().unwrap(), it.span.start_ms, it.words.len())).collect();
    assert_eq!(told, [("ANGRY", 100, 2), ("SAD", 1_000, 2)]);
}

#[test]
fn results_that_do_not_say_where_they_start_follow_one_another() {
    let value = |text: &str| {
        json!({"lang": "zh", "emotion": "", "event": "", "text": text, "timestamps": [0.5, 0.7],
        "tokens": text.chars().map(String::from).collect::<Vec<_>>()})
    };
    let said = read(&[value("您好"), value("再见")]).unwrap();
    let texts: Vec<&str> = said.utterances.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["您好", "再见"]);
    assert!(said.utterances[1].times_estimated && said.utterances[1].words.is_empty());
    assert!(said.warnings[0].starts_with("1 result(s)"), "{:?}", said.warnings);
}
