//! What engines leave out, get wrong or write only at times, and what becomes of it.

use callsift::transcript::import::{Format, read, read_as};
use callsift::transcript::{Speaker, Transcript};
use callsift::units::Role;

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

#[test]
fn a_batch_of_recordings_is_no_call() {
    let file = r#"{"transcript": {"results": [{"alternatives": [{"transcript": "hello"}]}]}}"#;
    let batch = |files: &[&str]| {
        let files: Vec<String> = files.iter().map(|name| format!(r#""gs://b/{name}": {file}"#)).collect();
        format!(r#"{{"results": {{{}}}}}"#, files.join(", "))
    };
    assert_eq!(texts(&said(&batch(&["a.wav"]))), ["hello"]);
    let error = read(batch(&["a.wav", "b.wav"]).as_bytes()).expect_err("two recordings");
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("bad_field", "the transcript's results has the results of 2 recordings; give one file a call")
    );
}

#[test]
fn words_that_stand_in_a_file_twice_are_read_once() {
    let words = r#"[{"word": "Hello", "start": 0, "end": 0.4}, {"word": "there", "start": 0.4, "end": 1}]"#;
    let both = said(&format!(
        r#"{{"segments": [{{"start": 0, "end": 1, "text": "Hello there", "words": {words}}}], "words": {words}}}"#
    ));
    assert_eq!((both.utterances[0].words.len(), both.warnings.len()), (2, 0), "{:?}", both.warnings);
}

#[test]
fn channels_are_believed_where_there_can_be_such() {
    let phrases = |channels: &[u32]| {
        let phrase = |(at, channel): (usize, &u32)| {
            format!(r#"{{"channel": {channel}, "offset": "PT{at}S", "nBest": [{{"display": "Hello."}}]}}"#)
        };
        let phrases: Vec<String> = channels.iter().enumerate().map(phrase).collect();
        format!(r#"{{"recognizedPhrases": [{}]}}"#, phrases.join(", "))
    };
    let google =
        |tag: u32| format!(r#"{{"results": [{{"channelTag": {tag}, "alternatives": [{{"transcript": "hello"}}]}}]}}"#);
    let deepgram = |channel: u32| {
        format!(
            r#"{{"results": {{"channels": [{{}}, {{}}], "utterances": [
                {{"channel": {channel}, "start": 0, "end": 1, "transcript": "hello"}}]}}}}"#
        )
    };
    let nobody = Speaker::Role(Role::Unknown);
    let cases = [
        ("azure, two", phrases(&[0, 1]), vec![Speaker::Channel(0), Speaker::Channel(1)]),
        ("azure, mixed to one", phrases(&[0, 0]), vec![nobody, nobody]),
        ("azure, beyond", phrases(&[1, 65_537]), vec![nobody, nobody]),
        ("google, from 1", google(2), vec![Speaker::Channel(1)]),
        ("google, none", google(0), vec![nobody]),
        ("google, beyond", google(65_537), vec![nobody]),
        ("deepgram", deepgram(1), vec![Speaker::Channel(1)]),
        ("deepgram, beyond", deepgram(65_537), vec![nobody]),
    ];
    for (name, text, expected) in cases {
        let speakers: Vec<Speaker> = said(&text).utterances.iter().map(|it| it.speaker).collect();
        assert_eq!(speakers, expected, "{name}");
    }
}

#[test]
fn azure_counts_in_ticks_or_in_ms() {
    let cases = [
        (
            "batch",
            r#"{"recognizedPhrases": [{"offset": "PT0.5S", "offsetInTicks": 5000000, "duration": "PT1S",
            "durationInTicks": 10000000, "nBest": [{"display": "Hello."}]}]}"#,
        ),
        (
            "of older tools",
            r#"{"RecognizedPhrases": [{"Offset": 5000000, "Duration": 10000000, "NBest": [{"Display": "Hello."}]}]}"#,
        ),
        ("fast", r#"{"phrases": [{"offsetMilliseconds": 500, "durationMilliseconds": 1000, "text": "Hello."}]}"#),
        ("fast, first version", r#"{"phrases": [{"offset": 500, "duration": 1000, "text": "Hello."}]}"#),
    ];
    for (name, text) in cases {
        let span = said(text).utterances[0].span;
        assert_eq!((span.start_ms, span.end_ms), (500, 1_500), "{name}");
    }
}

#[test]
fn what_is_far_ahead_is_not_looked_for() {
    let cue = |inside: usize| format!("WEBVTT\n\n00:01.000 --> 00:02.000\n<c.{}>hello\n", "x".repeat(inside));
    assert_eq!(texts(&said(&cue(100))), ["hello"]);
    assert!(texts(&said(&cue(1_000)))[0].starts_with("<c.x"));
    let tokens = |between: usize| {
        let filler = "x".repeat(between);
        format!(
            r#"{{"transcription": [{{"offsets": {{"from": 0, "to": 900}}, "text": " one {filler} two", "tokens": [
                {{"text": " one", "offsets": {{"from": 0, "to": 400}}}}, {{"text": " two", "offsets": {{"from": 400, "to": 900}}}}]}}]}}"#
        )
    };
    let counts = [100, 1_000].map(|between| said(&tokens(between)).utterances[0].words.len());
    assert_eq!(counts, [2, 1]);
}
