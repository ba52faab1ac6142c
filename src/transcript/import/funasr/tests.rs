//! FunASR's shapes, and times that do not fit their text.

use super::*;
use serde_json::json;

#[test]
fn tokens_are_what_the_models_give_times() {
    let cases: [(&str, &[&str]); 4] = [
        ("您好，APP 3天", &["您", "好", "，", "APP", "3", "天"]),
        ("it's ok-ish", &["it's", "ok-ish"]),
        ("……？！好", &["……？！", "好"]),
        ("", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(tokens(text), expected, "{text}");
    }
}

#[test]
fn times_that_do_not_fit_the_text_are_left_out_and_told() {
    let value = json!({"key": "a", "text": "尾号1234。", "timestamp": [[600, 800], [800, 1_000], [1_000, 1_200], [1_300, 1_700]]});
    let said = read(&[value]).unwrap();
    let only = &said.utterances[0];
    assert_eq!((only.span.start_ms, only.span.end_ms, only.words.len()), (600, 1_700, 0));
    assert!(said.warnings[0].contains("do not fit 1 text"), "{:?}", said.warnings);
}

#[test]
fn several_recordings_are_no_call() {
    let result = |key: &str| json!({"key": key, "text": "您好", "timestamp": [[0, 200], [200, 400]]});
    assert!(read(&[json!([result("a"), result("a")])]).is_ok());
    for values in [vec![json!([result("a"), result("a"), result("b")])], vec![result("a"), result("a"), result("b")]] {
        let error = read(&values).unwrap_err();
        assert_eq!(error.code(), "bad_field");
        assert!(error.to_string().contains("[2].key"), "{error}");
    }
}

#[test]
fn a_text_with_tags_says_its_language() {
    let row = json!({"sentence": "<|yue|><|HAPPY|><|Speech|>你好", "start": 0, "end": "900", "spk": null});
    let value = json!({"key": "a", "text": "<|yue|><|HAPPY|><|Speech|>你好", "sentence_info": [row]});
    let said = read(&[value]).unwrap();
    assert_eq!((said.language.as_deref(), said.utterances[0].text.as_str()), (Some("yue"), "你好"));
    assert_eq!(said.utterances[0].emotion.as_deref(), Some("HAPPY"));
}

#[test]
fn drafts_of_a_stream_say_nothing_once_it_is_final() {
    let message = |mode: &str, text: &str| json!({"mode": mode, "wav_name": "a", "text": text, "is_final": false});
    let stream = [message("2pass-online", "您"), message("2pass-online", "好"), message("2pass-offline", "您好。")];
    assert_eq!(texts(&stream), ["您好。"]);
    assert_eq!(texts(&stream[..2]).len(), 2, "a stream without a final pass is all that there is");
}

fn texts(values: &[Value]) -> Vec<String> {
    read(values).unwrap().utterances.into_iter().map(|it| it.text).collect()
}
