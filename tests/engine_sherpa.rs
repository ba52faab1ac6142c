//! The engine sherpa with the real library and made models, which prove plumbing and not recognition: what they "recognise" is tones.
#![cfg(all(feature = "sherpa", unix))]
#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use callsift::engine::sherpa::{Sherpa, SherpaOptions, SherpaSettings};
use callsift::engine::{Clip, EngineError, Listener};
use callsift::transcript::Transcript;
use common::{callsift, packaged, rows, stderr, stdout, transcript, voice, wav, write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The bands of the made SenseVoice by what they "mean": a tone in the middle of each, Hz.
const TONES: [(&str, f64); 7] = [
    ("您", 500.0),
    ("好", 900.0),
    ("。", 1_500.0),
    (" pay", 2_300.0),
    ("ment", 3_300.0),
    ("\"", 4_600.0),
    ("请", 6_500.0),
];

/// A tone's length and the silence behind it, ms.
const TONE_MS: i64 = 300;
const GAP_MS: i64 = 100;

fn model(name: &str) -> PathBuf {
    packaged("fixtures/sherpa").join(name)
}

fn options(name: &str) -> SherpaOptions {
    SherpaSettings::default().options(&model(name)).expect("a model of the repository")
}

fn start(options: SherpaOptions) -> Sherpa {
    Sherpa::start(options, Path::new(env!("CARGO_BIN_EXE_callsift"))).expect("the library is there")
}

/// A WAV file in `folder` with the tones of `tokens`; its path and length, ms.
fn tones(folder: &Path, name: &str, tokens: &[&str]) -> (PathBuf, i64) {
    let sounds = |token: &str| TONES.iter().find(|(known, _)| *known == token).expect("a tone of ours").1;
    let samples: Vec<i16> = tokens.iter().flat_map(|token| tone(sounds(token))).collect();
    let path = folder.join(name);
    write(&path, wav(16_000, &[samples]));
    (path, tokens.len() as i64 * (TONE_MS + GAP_MS))
}

fn tone(hz: f64) -> impl Iterator<Item = i16> {
    (0..(TONE_MS + GAP_MS) * 16).map(move |sample| {
        let wave = (std::f64::consts::TAU * hz * sample as f64 / 16_000.0).sin();
        if sample < TONE_MS * 16 { (wave * 10_000.0) as i16 } else { 0 }
    })
}

fn listen(sherpa: &Sherpa, (wav, duration_ms): &(PathBuf, i64)) -> Result<Transcript, EngineError> {
    sherpa.listen(&Clip { wav, rate_hz: 16_000, duration_ms: *duration_ms, language: None })
}

fn texts(transcript: &Transcript) -> String {
    transcript.utterances.iter().map(|utterance| utterance.text.as_str()).collect()
}

#[test]
fn tags_and_times_of_tokens_are_those_of_the_sound() {
    let folder = tempfile::tempdir().unwrap();
    let sherpa = start(options("made-sense-voice"));
    assert!(
        sherpa.identity().options.starts_with("sense_voice language=auto itn=true batch=1 provider=cpu sherpa-onnx=")
    );
    let heard =
        listen(&sherpa, &tones(folder.path(), "a.wav", &["您", "好", "。", " pay", "ment", "\"", "请"])).unwrap();
    assert_eq!(texts(&heard), "您好。 payment\"请");
    assert_eq!(heard.language.as_deref(), Some("zh"));
    assert_eq!(heard.engine_model.as_deref(), Some("made-sense-voice/model.int8.onnx on cpu"));
    let utterance = &heard.utterances[0];
    assert_eq!((utterance.emotion.as_deref(), utterance.event.as_deref()), (Some("HAPPY"), Some("Speech")));
    // Marks are no words, and the two tokens of `payment` are one.
    let places = [0, 1, 3, 6];
    assert_eq!(utterance.words.len(), places.len(), "{:?}", utterance.words);
    for (word, place) in utterance.words.iter().zip(places) {
        // A token's frame stands for 60 ms and sees 70 ms of sound.
        let late_ms = word.span.start_ms - place * (TONE_MS + GAP_MS);
        assert!((-70..=70).contains(&late_ms), "{word:?} is {late_ms} ms late");
        assert!(word.estimated, "where a token ends is not known");
    }
}

#[test]
fn clips_heard_together_are_as_those_heard_alone() {
    let folder = tempfile::tempdir().unwrap();
    let sherpa = start(SherpaOptions { batch: 8, ..options("made-sense-voice") });
    let said: [&[&str]; 4] = [&["您", "好"], &["请"], &[], &["好", "。", " pay", "ment"]];
    let files: Vec<(PathBuf, i64)> =
        said.iter().enumerate().map(|(number, said)| tones(folder.path(), &format!("{number}.wav"), said)).collect();
    let clips: Vec<Clip<'_>> = files
        .iter()
        .map(|(wav, duration_ms)| Clip { wav, rate_hz: 16_000, duration_ms: *duration_ms, language: None })
        .collect();
    let together: Vec<Transcript> = sherpa.listen_all(&clips).into_iter().map(Result::unwrap).collect();
    assert_eq!(together.iter().map(texts).collect::<Vec<_>>(), ["您好", "请", "", "好。 payment"]);
    for (file, together) in files.iter().zip(&together) {
        assert_eq!(&listen(&sherpa, file).unwrap(), together);
    }
    let mut with_another = clips.clone();
    with_another[1].wav = Path::new("nowhere.wav");
    let heard = sherpa.listen_all(&with_another);
    assert_eq!(heard[1].as_ref().unwrap_err().code, "engine_failed");
    assert_eq!(heard.iter().filter(|heard| heard.is_ok()).count(), 3);
}

#[test]
fn the_language_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let clip = tones(folder.path(), "a.wav", &[" pay"]);
    let sherpa = start(SherpaOptions { language: Some("en-GB".into()), ..options("made-sense-voice") });
    assert_eq!(listen(&sherpa, &clip).unwrap().language.as_deref(), Some("en"));
}

#[test]
fn paraformer_has_text_and_times() {
    let folder = tempfile::tempdir().unwrap();
    let heard =
        listen(&start(options("made-paraformer")), &tones(folder.path(), "a.wav", &["您", "好", "请"])).unwrap();
    assert_eq!(texts(&heard), "您好 payment");
    let utterance = &heard.utterances[0];
    assert_eq!((heard.language.as_deref(), utterance.emotion.as_deref()), (None, None));
    let starts_ms: Vec<i64> = utterance.words.iter().map(|word| word.span.start_ms).collect();
    // Its peaks are ten steps of 20 ms apart.
    assert_eq!(starts_ms.len(), 3, "{:?}", utterance.words);
    assert!(starts_ms.windows(2).all(|pair| (pair[1] - pair[0] - 200).abs() <= 20), "{starts_ms:?}");
}

/// A callsift whose processes write their ids into a file beside it.
fn noting_children() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("callsift");
    // Another process writes it: a file that this one has open for writing cannot be run meanwhile by what it forks.
    let script = r#"printf '#!/bin/sh\necho $$ >> "%s/ids"\nexec "%s" "$@"\n' "$1" "$2" > "$1/callsift"; chmod +x "$1/callsift""#;
    let callsift = Path::new(env!("CARGO_BIN_EXE_callsift"));
    assert!(
        Command::new("sh")
            .args(["-c", script, "sh"])
            .arg(folder.path())
            .arg(callsift)
            .status()
            .expect("a shell")
            .success()
    );
    (folder, program)
}

fn ids(folder: &TempDir) -> Vec<String> {
    std::fs::read_to_string(folder.path().join("ids")).expect("ids").lines().map(str::to_owned).collect()
}

fn signal(name: &str, id: &str) {
    assert!(
        Command::new("sh").args(["-c", "kill -\"$1\" \"$2\"", "sh", name, id]).status().expect("a shell").success()
    );
}

#[test]
fn a_killed_child_is_started_again_and_its_clip_asked_again() {
    let (folder, program) = noting_children();
    let sherpa = Sherpa::start(options("made-sense-voice"), &program).unwrap();
    let clip = tones(folder.path(), "a.wav", &["您", "好"]);
    assert_eq!(texts(&listen(&sherpa, &clip).unwrap()), "您好");
    let [first] = &ids(&folder)[..] else { panic!("more than one child") };
    // It cannot answer what it is asked, and dies before it can.
    signal("STOP", first);
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| listen(&sherpa, &clip));
        signal("KILL", first);
        assert_eq!(texts(&asked.join().unwrap().unwrap()), "您好");
    });
    assert_eq!(ids(&folder).len(), 2);
    // Without a second try, the error says that it may be tried again.
    let sherpa = Sherpa::start(SherpaOptions { attempts: 1, ..options("made-sense-voice") }, &program).unwrap();
    signal("KILL", ids(&folder).last().unwrap());
    let error = listen(&sherpa, &clip).unwrap_err();
    assert_eq!((error.code.as_str(), error.retryable), ("engine_died", true), "{error}");
    assert_eq!(texts(&listen(&sherpa, &clip).unwrap()), "您好");
}

#[test]
fn tokens_of_another_model_cost_no_more_than_their_clip() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens.txt");
    write(&tokens, "<blank> 0\n<s> 1\n");
    let sherpa = start(SherpaOptions { tokens, ..options("made-sense-voice") });
    let error = listen(&sherpa, &tones(folder.path(), "a.wav", &["您"])).unwrap_err();
    assert!(["engine_died", "model_unusable"].contains(&error.code.as_str()), "{error:?}");
}

/// What inspecting the recordings of `folder` prints, and its exit code.
fn run(folder: &Path, config: &str, model: &Path) -> (String, Option<i32>) {
    write(&folder.join("engine.toml"), config);
    // A small pack: all of them take long to read in a build for tests.
    let (model, rules) = (model.to_str().expect("UTF-8"), packaged("rules/emotion"));
    let judge = [
        "inspect",
        "in",
        "--out",
        "out",
        "--threads",
        "2",
        "--no-shipped-rules",
        "--rules",
        rules.to_str().expect("UTF-8"),
    ];
    let hear =
        ["--engine", "sherpa", "--engine-model", model, "--engine-config", "engine.toml", "--transcript-cache", "kept"];
    let output = callsift(folder, &[&judge[..], &hear[..]].concat());
    (stdout(&output) + &stderr(&output), output.status.code())
}

#[test]
fn tags_reach_the_dataset_and_what_really_computes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // 70 s: at least three clips a channel that are heard together.
    let spans: Vec<(f64, f64)> =
        (0..10).map(|number| (7.0 * f64::from(number) + 0.5, 7.0 * f64::from(number) + 4.5)).collect();
    write(&folder.join("in/a.wav"), wav(8_000, &[voice(70.0, 200.0, &spans), voice(70.0, 120.0, &[])]));
    let (said, code) = run(folder, "[sherpa]\nprovider = \"cuda\"\nbatch = 4\n", &model("made-sense-voice"));
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("warning: the engine sherpa computes on cpu: sherpa-onnx does not offer cuda here"),
        "{said}"
    );
    let calls = rows(&folder.join("out"), "calls");
    assert_eq!((calls[0]["engine"].as_str(), calls[0]["language"].as_str()), ("sherpa", "zh"));
    assert_eq!(calls[0]["engine_model"], "made-sense-voice/model.int8.onnx on cpu");
    let turns = rows(&folder.join("out"), "turns");
    assert!(turns.len() >= 3, "{turns:?}");
    for turn in &turns {
        assert_eq!((turn["engine_emotion"].as_str(), turn["engine_event"].as_str()), ("happy", "speech"), "{turn:?}");
    }
    let last_ms = turns.iter().map(|turn| turn["start_ms"].parse::<i64>().unwrap()).max().unwrap();
    assert!(last_ms > 40_000, "the last clip's times count from its own start: {last_ms}");
}

#[test]
fn a_model_that_ends_the_library_costs_only_what_it_should_hear() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sound = wav(8_000, &[voice(6.0, 200.0, &[(0.5, 5.0)]), voice(6.0, 120.0, &[])]);
    for name in ["heard-1", "heard-2", "saved"] {
        write(&folder.join(format!("in/{name}.wav")), &sound);
    }
    write(&folder.join("in/saved.transcript.json"), transcript(&[(0, 500, 5_000, "您好")]));
    let (said, code) = run(folder, "[sherpa]\nkind = \"sense_voice\"\n", &model("made-without-metadata"));
    // A call without a transcript is judged by its sound, and the exit code says that words are missing.
    assert_eq!(code, Some(1), "{said}");
    let is_clear = said.contains("while it loaded the model") && said.contains("is it a model of this kind");
    assert!(is_clear, "{said}");
    let mut calls = rows(&folder.join("out"), "calls");
    calls.sort_by_key(|call| call["call_id"].clone());
    let told: Vec<_> = calls.iter().map(|call| (call["call_id"].as_str(), call["error_code"].as_str())).collect();
    assert_eq!(told, [("heard-1.wav", "model_unusable"), ("heard-2.wav", "model_unusable"), ("saved.wav", "")]);
    // The right model, and the same command does the rest.
    let (said, code) = run(folder, "", &model("made-sense-voice"));
    assert_eq!(code, Some(0), "{said}");
    assert!(rows(&folder.join("out"), "calls").iter().all(|call| call["error_code"].is_empty()), "{said}");
}

#[test]
fn wrong_options_are_told_before_anything_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("in/a.wav"), wav(8_000, &[voice(1.0, 200.0, &[])]));
    let cases = [
        ("language = \"fr\"\n", model("made-sense-voice"), "does not know the language fr"),
        ("", folder.path().join("sense-voice"), "cannot read its model"),
        ("", folder.path().join("mine"), "kind"),
        ("[sherpa]\ntokens = \"no.txt\"\n", model("made-sense-voice"), "no.txt"),
    ];
    for (config, model, says) in cases {
        let (said, code) = run(folder.path(), config, &model);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    }
}
