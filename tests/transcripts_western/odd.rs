//! What engines leave out, get wrong or write only at times, and what becomes of it.

use callsift::transcript::Transcript;
use callsift::transcript::import::{Format, read, read_as};

fn said(text: &str) -> Transcript {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn texts(transcript: &Transcript) -> Vec<&str> {
    transcript.utterances.iter().map(|it| it.text.as_str()).collect()
}

#[test]
fn what_is_no_speech_is_passed_over_in_silence() {
    let cases: [(&str, &str, &[&str]); 7] = [
        (
            "a change of speakers",
            r#"{"format": "2.4", "results": [{"type": "speaker_change", "start_time": 0, "end_time": 0, "score": 0.9},
                {"type": "word", "start_time": 0, "end_time": 0.3, "alternatives": [{"content": "Hello"}]}]}"#,
            &["Hello"],
        ),
        (
            "a stretch without speech",
            r#"{"results": [{"resultEndTime": "4s"}, {"alternatives": [{}], "resultEndTime": "5s"},
                {"alternatives": [{"transcript": "hello"}], "resultEndTime": "6s"}]}"#,
            &["hello"],
        ),
        (
            "remarks",
            r#"{"segments": [{"start": 0, "end": 1, "text": " (wind)"}, {"start": 1, "end": 2, "text": " ♪♪"},
                {"start": 2, "end": 3, "text": " Hello."}]}"#,
            &["Hello."],
        ),
        (
            "silence at the start",
            r#"{"recognizedPhrases": [{"recognitionStatus": "InitialSilenceTimeout", "offset": "PT0S", "duration": "PT5S"},
                {"recognitionStatus": "Success", "offset": "PT5S", "duration": "PT1S", "nBest": [{"display": "Hello."}]}]}"#,
            &["Hello."],
        ),
        (
            "what is not final",
            r#"{"results": [{"final": false, "alternatives": [{"transcript": "hel "}]},
                {"final": true, "alternatives": [{"transcript": "hello %HESITATION there "}]}]}"#,
            &["hello there"],
        ),
        ("a comment", "WEBVTT\n\nNOTE\nno speech\n\n00:01.000 --> 00:02.000\nHello.\n", &["Hello."]),
        (
            "marks of style",
            "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=\"red\">2 < 3</font> & {so}\n",
            &["2 < 3 & {so}"],
        ),
    ];
    for (name, text, expected) in cases {
        let said = said(text);
        assert_eq!((texts(&said).as_slice(), said.warnings.len()), (expected, 0), "{name}: {:?}", said.warnings);
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let one =
        said(r#"{"segments": [{"start": 0, "end": 1, "text": "Hello."}, {"start": 1, "end": 2, "text": null}, 7]}"#);
    assert_eq!(texts(&one), ["Hello."]);
    assert_eq!(one.warnings, ["2 segment(s) of the transcript cannot be read; left out"]);
    let none = read(br#"{"retval": {"words": [{"speech": "Hello"}]}}"#).expect_err("no words");
    assert_eq!(none.code(), "bad_field");
    assert!(
        none.to_string().contains("retval.words has 1 entries") && none.to_string().contains("--transcript-format")
    );
    let repeated =
        format!(r#"{{"segments": [{}]}}"#, [r#"{"start": 0, "end": 1, "text": "Thank you."}"#; 4].join(", "));
    assert!(said(&repeated).warnings.iter().any(|it| it.starts_with("4 segment(s) of the transcript repeat")));
}

#[test]
fn a_file_of_another_format_is_refused_by_name() {
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Ours) {
        let error = read_as(br#"{"title": "Hello"}"#, format).expect_err(format.name());
        let told = error.to_string();
        assert!(told.contains("--transcript-format") && !told.contains("Hello"), "{}: {told}", format.name());
    }
}

#[test]
fn names_that_name_nothing_are_left_out() {
    let of = |id: &str| {
        said(&format!(r#"{{"CustomerMetadata": {{"ContactId": "{id}"}}, "Participants": [], "Transcript": []}}"#))
    };
    assert_eq!(of("contact-1").call_id.as_deref(), Some("contact-1"));
    assert_eq!((of("").call_id, of(&"x".repeat(1_001)).call_id), (None, None));
}

#[test]
fn languages_are_tags_however_they_are_written() {
    let cases = [
        (r#"{"text": "Hola.", "language": "spanish"}"#, Some("es")),
        (r#"{"text": "Hola.", "language": "es"}"#, Some("es")),
        (r#"{"text": "您好", "language": "Chinese"}"#, Some("zh")),
        (r#"{"text": "Hola."}"#, None),
        (r#"{"results": [{"alternatives": [{"transcript": "您好"}], "languageCode": "cmn-hans-cn"}]}"#, Some("zh")),
        ("WEBVTT\nLanguage: pt-BR\n\n00:01.000 --> 00:02.000\nOlá.\n", Some("pt-BR")),
    ];
    for (text, expected) in cases {
        assert_eq!(said(text).language.as_deref(), expected, "{text}");
    }
}
