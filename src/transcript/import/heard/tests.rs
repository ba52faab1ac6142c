use super::*;
use crate::units::Span;
use proptest::prelude::*;

fn spans(transcript: &Transcript) -> Vec<(String, i64, i64)> {
    let utterances = transcript.utterances.iter();
    utterances.map(|it| (it.text.clone(), it.span.start_ms, it.span.end_ms)).collect()
}

/// A result with a token every `step_s`.
fn result(text: &str, tokens: &[&str], step_s: f64) -> String {
    let starts: Vec<f64> = (0..tokens.len()).map(|index| index as f64 * step_s).collect();
    serde_json::json!({"text": text, "tokens": tokens, "timestamps": starts, "durations": []}).to_string()
}

#[test]
fn tags_and_times_are_kept() {
    let json = r#"{"lang": "<|zh|>", "emotion": "<|HAPPY|>", "event": "<|Speech|>", "text": "您好。 payment请",
        "timestamps": [0.00, 0.42, 0.84, 1.20, 1.62, 2.04], "durations": [], "tokens":["您", "好", "。", " pay", "ment", "请"],
        "ys_log_probs": [], "words": []}"#;
    let transcript = read(json.as_bytes(), 2_200).unwrap();
    assert_eq!(transcript.language.as_deref(), Some("zh"));
    let [utterance] = &transcript.utterances[..] else { panic!("{transcript:?}") };
    assert_eq!(utterance.text, "您好。 payment请");
    assert_eq!((utterance.emotion.as_deref(), utterance.event.as_deref()), (Some("HAPPY"), Some("Speech")));
    assert_eq!((utterance.span, utterance.times_estimated), (Span::new(0, 2_200), true));
    let words: Vec<_> = utterance.words.iter().map(|word| (word.chars.clone(), word.span, word.estimated)).collect();
    let expected = [
        (0..1, Span::new(0, 420), true),
        (1..2, Span::new(420, 1_200), true),
        (4..11, Span::new(1_200, 2_040), true),
        (11..12, Span::new(2_040, 2_200), true),
    ];
    assert_eq!(words, expected);
}

#[test]
fn odd_results_are_read() {
    let cases = [
        (
            "no times: the clip's",
            r#"{"text": "您好", "tokens": ["您", "好"], "timestamps": []}"#,
            vec![("您好", 0, 4_000)],
        ),
        ("nothing said", r#"{"lang": "", "text": "", "tokens": [], "timestamps": []}"#, vec![]),
        ("marks alone", r#"{"text": "。", "tokens": ["。"], "timestamps": [0.1]}"#, vec![]),
        (
            "parts of Paraformer",
            r#"{"text": "pay me", "tokens": ["p@@", "ay", "me"], "timestamps": [1, 2, 3]}"#,
            vec![("pay me", 1_000, 3_320)],
        ),
        (
            "control characters",
            "{\"text\": \"a\nb\", \"tokens\": [\"a\", \"\n\", \"b\"], \"timestamps\": [1, 2, 3]}",
            vec![("a b", 1_000, 3_160)],
        ),
        (
            "durations",
            r#"{"text": "您", "tokens": ["您"], "timestamps": [1], "durations": [0.2]}"#,
            vec![("您", 1_000, 1_200)],
        ),
        ("past the clip", r#"{"text": "您", "tokens": ["您"], "timestamps": [9]}"#, vec![("您", 4_000, 4_000)]),
        ("times that are none", r#"{"text": "您", "tokens": ["您"], "timestamps": ["x"]}"#, vec![("您", 0, 4_000)]),
    ];
    for (name, json, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|&(text, start, end)| (text.to_owned(), start, end)).collect();
        assert_eq!(spans(&read(json.as_bytes(), 4_000).unwrap()), expected, "{name}");
    }
}

#[test]
fn what_is_long_is_cut_at_its_marks() {
    // Twelve tokens: at a second each 11 s, at two seconds 22 s.
    let tokens = ["一", "二", "。", "三", "四", "，", "五", "六", "。", "七", "3", "5"];
    let text = "一二。三四，五六。七3.5";
    let cases = [
        ("short", 1.0, vec![("一二。三四，五六。七3.5", 0)]),
        ("sentences", 2.0, vec![("一二。", 0), ("三四，五六。", 6_000), ("七3.5", 18_000)]),
        ("clauses", 4.0, vec![("一二。", 0), ("三四，", 12_000), ("五六。", 24_000), ("七3.5", 36_000)]),
    ];
    for (name, step_s, expected) in cases {
        let transcript = read(result(text, &tokens, step_s).as_bytes(), 60_000).unwrap();
        let starts: Vec<_> = transcript.utterances.iter().map(|it| (it.text.as_str(), it.span.start_ms)).collect();
        // At four seconds a token, 三四，五六 lasts 16 s.
        assert_eq!(starts, expected, "{name}");
        assert_eq!(transcript.warnings, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_is_no_result_is_an_error() {
    for (json, code) in
        [("", "not_json"), ("[1]", "not_of_format"), ("{}", "bad_field"), (r#"{"text": 1}"#, "bad_field")]
    {
        assert_eq!(read(json.as_bytes(), 1_000).unwrap_err().code(), code, "{json}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, 1_000);
    }

    #[test]
    fn times_stay_within_the_clip(
        text in "[您好a3。， .]{0,40}",
        tokens in prop::collection::vec("[您好a3。@ ]{0,3}", 0..20),
        starts in prop::collection::vec(-2.0..50.0_f64, 0..20),
        duration_ms in 0..60_000_i64,
    ) {
        let json = serde_json::json!({"text": text, "tokens": tokens, "timestamps": starts}).to_string();
        let transcript = read(json.as_bytes(), duration_ms).unwrap();
        for utterance in &transcript.utterances {
            prop_assert!(0 <= utterance.span.start_ms && utterance.span.end_ms <= duration_ms);
            for word in &utterance.words {
                prop_assert!(utterance.span.start_ms <= word.span.start_ms && word.span.end_ms <= utterance.span.end_ms);
            }
        }
    }
}
