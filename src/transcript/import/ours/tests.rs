//! Transcripts that read, and every way in which one does not.

use super::*;
use crate::transcript::import::json::LIMIT_BYTES;
use crate::transcript::{Speaker, Word};
use crate::units::{Role, Span};
use proptest::prelude::*;

fn with(segments: &str) -> String {
    format!(r#"{{"format": "callsift/transcript", "version": 1, "segments": [{segments}]}}"#)
}

fn segment(more: &str) -> String {
    format!(r#"{{"channel": 0, "start_ms": 1000, "end_ms": 3000, "text": "今天 还款, OK吗?"{more}}}"#)
}

fn error(json: &str) -> ImportError {
    read(json.as_bytes()).expect_err(json)
}

#[test]
fn reads_all_that_it_may_say() {
    let json = r#"{"format": "callsift/transcript", "version": 1, "call_id": "c-1", "language": "zh", "engine": "e", "engine_model": "m",
        "segments": [
          {"role": "customer", "start_ms": 4000, "end_ms": 5000, "text": "好", "emotion": {"label": "angry", "score": 0.8}, "event": "Speech"},
          {"role": "agent", "start_ms": 1000, "end_ms": 3000, "text": "今天 还款,OK吗?", "confidence": 0.9, "emotion": "<|NEUTRAL|>",
           "words": [{"text": "今天", "start_ms": 1000, "end_ms": 1400, "confidence": 0.5}, {"text": ",", "start_ms": 1400, "end_ms": 1400},
                     {"text": "还款", "start_ms": 1500, "end_ms": 2000}, {"text": "ok", "start_ms": 2000, "end_ms": 2500}]}]}"#;
    let transcript = read(format!("\u{FEFF}{json}").as_bytes()).unwrap();
    assert_eq!(transcript.call_id.as_deref(), Some("c-1"));
    assert_eq!(transcript.language.as_deref(), Some("zh"));
    assert_eq!((transcript.engine.as_deref(), transcript.engine_model.as_deref()), (Some("e"), Some("m")));
    assert!(transcript.warnings.is_empty(), "{:?}", transcript.warnings);
    let [agent, customer] = transcript.utterances.as_slice() else { panic!("two utterances") };
    assert_eq!((agent.speaker, agent.confidence), (Speaker::Role(Role::Agent), Some(0.9)));
    assert_eq!((agent.emotion.as_deref(), agent.emotion_score), (Some("<|NEUTRAL|>"), None));
    let word = |chars, start_ms, end_ms| Word { chars, span: Span::new(start_ms, end_ms), estimated: false };
    assert_eq!(agent.words, [word(0..2, 1000, 1400), word(3..5, 1500, 2000), word(6..8, 2000, 2500)]);
    assert_eq!((customer.emotion.as_deref(), customer.emotion_score), (Some("angry"), Some(0.8)));
    assert_eq!(customer.event.as_deref(), Some("Speech"));
}

#[test]
fn says_what_is_wrong_and_where() {
    let two = |first: &str, second: &str| {
        with(&format!(r#"{{"channel":0,"text":"密语",{first}}},{{"channel":0,"text":"密语",{second}}}"#))
    };
    let cases = [
        ("cut off", "{\"format\": \"callsift".to_owned(), "not_json", "line 1, column 20"),
        ("grammar", "{\n  \"a\": 密语}".to_owned(), "not_json", "line 2, column 8"),
        (
            "another engine's",
            r#"{"transcription": [], "result": {}}"#.to_owned(),
            "not_of_format",
            r#""result", "transcription""#,
        ),
        ("personal keys", r#"{"13800138000": 1}"#.to_owned(), "not_of_format", "(not shown)"),
        ("an array", "[1, 2]".to_owned(), "not_of_format", "an array of 2"),
        ("another format", r#"{"format": "x/y"}"#.to_owned(), "not_of_format", r#""x/y""#),
        (
            "later version",
            r#"{"format": "callsift/transcript", "version": 2}"#.to_owned(),
            "bad_version",
            "version is 2",
        ),
        (
            "no segments",
            r#"{"format": "callsift/transcript", "version": 1}"#.to_owned(),
            "bad_field",
            "segments is missing",
        ),
        ("a segment is a text", with(r#""密语""#), "bad_field", "segments[0] is a string"),
        ("no text", with(r#"{"channel":0,"start_ms":0,"end_ms":1}"#), "bad_field", "segments[0].text is missing"),
        (
            "text is a number",
            with(r#"{"channel":0,"start_ms":0,"end_ms":1,"text":5}"#),
            "bad_field",
            "segments[0].text is 5",
        ),
        ("no speaker", with(r#"{"start_ms":0,"end_ms":1,"text":"密语"}"#), "bad_field", "segments[0] has neither"),
        (
            "two speakers",
            with(r#"{"channel":0,"role":"agent","start_ms":0,"end_ms":1,"text":"密语"}"#),
            "bad_field",
            "give one",
        ),
        (
            "a name for a role",
            with(r#"{"role":"密语","start_ms":0,"end_ms":1,"text":"密语"}"#),
            "bad_field",
            "role is (not shown)",
        ),
        ("seconds", with(r#"{"channel":0,"start_ms":0.5,"end_ms":1,"text":"密语"}"#), "bad_field", "start_ms is 0.5"),
        ("negative", with(r#"{"channel":0,"start_ms":-5,"end_ms":1,"text":"密语"}"#), "bad_field", "start_ms is -5"),
        (
            "a year long",
            with(r#"{"channel":0,"start_ms":0,"end_ms":31536000000,"text":"密语"}"#),
            "bad_field",
            "more than a week",
        ),
        (
            "channel",
            with(r#"{"channel":-1,"start_ms":0,"end_ms":1,"text":"密语"}"#),
            "bad_field",
            "segments[0].channel is -1",
        ),
        ("confidence", with(&segment(r#","confidence": 87"#)), "bad_field", "segments[0].confidence is 87"),
        ("emotion", with(&segment(r#","emotion": {"score": 1}"#)), "bad_field", "segments[0].emotion.label is missing"),
        ("words", with(&segment(r#","words": {"密语": 1}"#)), "bad_field", "segments[0].words is an object"),
        (
            "word",
            with(&segment(r#","words": [{"text": "密语", "start_ms": 1}]"#)),
            "bad_field",
            "segments[0].words[0].end_ms",
        ),
        (
            "backwards",
            two(r#""start_ms":5,"end_ms":4"#, r#""start_ms":5,"end_ms":6"#),
            "times_reversed",
            "segments[0] ends at 4 ms",
        ),
        (
            "out of order",
            two(r#""start_ms":5000,"end_ms":6000"#, r#""start_ms":4999,"end_ms":7000"#),
            "times_out_of_order",
            "segments[1] starts at 4999 ms, but segments[0]",
        ),
        (
            "one over the other",
            two(r#""start_ms":0,"end_ms":6001"#, r#""start_ms":5000,"end_ms":7000"#),
            "times_out_of_order",
            "from 0 to 6001",
        ),
    ];
    for (name, json, code, says) in cases {
        let error = error(&json);
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(error.to_string().contains(says), "{name}: {error}");
        assert!(
            !error.to_string().contains("密语") && !format!("{error:?}").contains("密语"),
            "{name} quotes: {error}"
        );
    }
}

#[test]
fn refuses_bytes_that_are_no_text() {
    let broken = with(&segment("")).replace("OK", "O\u{FFFD}").into_bytes();
    let broken: Vec<u8> = String::from_utf8(broken)
        .unwrap()
        .split('\u{FFFD}')
        .collect::<Vec<_>>()
        .join("\0")
        .bytes()
        .map(|byte| if byte == 0 { 0xFF } else { byte })
        .collect();
    let transcript = read(&broken).unwrap();
    assert_eq!(transcript.utterances[0].text, "今天 还款, O\u{FFFD}吗?");
    assert!(transcript.warnings[0].contains("no UTF-8, at 1 place(s)"), "{:?}", transcript.warnings);
    assert_eq!(read(&vec![b' '; LIMIT_BYTES + 1]).unwrap_err().code(), "too_large");
    assert_eq!(read("[".repeat(100_000).as_bytes()).unwrap_err().code(), "not_json");
    assert_eq!(read(b"").unwrap_err().code(), "not_json");
}

#[test]
fn mends_and_says_so() {
    let small_overlap = with(
        r#"{"channel":0,"start_ms":0,"end_ms":6000,"text":"a","mood":1},{"channel":0,"start_ms":5000,"end_ms":7000,"text":"b","13800138000":1}"#,
    );
    let transcript = read(small_overlap.as_bytes()).unwrap();
    assert_eq!(
        transcript.warnings,
        [
            r#"the transcript has keys that are not known, ignored: "mood", (not shown)"#,
            "1 segment(s) of the transcript overlap the same speaker's one before, by up to 1000 ms",
        ]
    );
    let words = with(&segment(
        r#","words": [{"text": "明天", "start_ms": 1000, "end_ms": 1100}, {"text": "还款", "start_ms": 9000, "end_ms": 9100},
                      {"text": "吗", "start_ms": 2000, "end_ms": 2100}]"#,
    ));
    let transcript = read(words.as_bytes()).unwrap();
    assert_eq!(transcript.utterances[0].words, [Word { chars: 9..10, span: Span::new(2000, 2100), estimated: false }]);
    assert_eq!(
        transcript.warnings,
        [
            "1 word(s) of the transcript are not in their segment's text, left out; the first is segments[0].words[0]",
            "1 word(s) of the transcript have times more than a second outside their segment, left out; \
             the first is segments[0].words[1]",
        ]
    );
}

#[test]
fn several_unknown_voices_may_overlap() {
    let json = with(
        r#"{"role":"unknown","start_ms":0,"end_ms":6000,"text":"a"},{"role":"unknown","start_ms":100,"end_ms":7000,"text":"b"}"#,
    );
    assert!(read(json.as_bytes()).unwrap().warnings.is_empty());
}

proptest! {
    #[test]
    fn survives_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn never_quotes_a_damaged_transcript(at in 0_usize..400, byte in any::<u8>()) {
        let words = r#","words": [{"text": "密语", "start_ms": 1000, "end_ms": 1100}]"#;
        let mut bytes = with(&segment(words).replace("今天", "密语").replace("还款", "密语")).into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        match read(&bytes) {
            Ok(transcript) => prop_assert!(transcript.utterances.len() <= 1),
            Err(error) => prop_assert!(!error.to_string().contains("密语"), "{}", error),
        }
    }
}

#[test]
fn what_is_written_reads_the_same() {
    let all = with(
        r#"{"voice":2,"start_ms":0,"end_ms":900,"times_estimated":true,"text":"好的 OK","confidence":0.9,"emotion":{"label":"angry","score":0.8},
            "event":"Speech","vendor_measures":{"SpeechRate":115},"words":[{"text":"好的","start_ms":0,"end_ms":400,"times_estimated":true}]},
           {"channel":1,"start_ms":5000,"end_ms":7000,"text":"b","emotion":"sad"},{"role":"bot","start_ms":8000,"end_ms":9000,"text":"c"}"#,
    );
    let read_once = read(all.as_bytes()).unwrap();
    let written = write(&read_once);
    assert_eq!(read(written.as_bytes()).unwrap(), read_once, "{written}");
    assert_eq!(read_once.utterances[0].speaker, Speaker::Voice(2));
    assert!(read_once.utterances[0].times_estimated && read_once.utterances[0].words[0].estimated);
}
