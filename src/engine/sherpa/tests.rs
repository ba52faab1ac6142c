//! The tool's side, against shells that play the child.

use super::child::Launch;
use super::options::{SherpaKind, SherpaOptions};
use super::protocol::TAG;
use super::{Sherpa, SherpaSettings};
use crate::engine::{Clip, EngineError, Listener};
use crate::transcript::Transcript;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// The start of every script: `ask` waits for a request, in front of which is an empty line; `say` answers it; `words` is an answer.
const START: &str = r#"ask() { read -r _; read -r tag n request; }
say() { printf '%s %s %s\n' "$tag" "$n" "$1"; echo callsift-sherpa/1 >&2; }
words='{"heard":[{"result":"{\"text\":\"您好\",\"tokens\":[\"您\",\"好\"],\"timestamps\":[0.1,0.3]}"}]}'
"#;

/// Answers the first request, which opens the model.
const OPEN: &str = "ask; say '{\"open\":\"2.0.1\"}'\n";

struct Played {
    folder: TempDir,
    sherpa: Result<Sherpa, EngineError>,
}

/// The engine over children that run `script`, with what `change` changes.
fn played(script: &str, change: impl FnOnce(&mut SherpaOptions)) -> Played {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    for name in ["model.onnx", "tokens.txt"] {
        std::fs::write(file(name), name).expect("written");
    }
    let settings = SherpaSettings { kind: Some(SherpaKind::SenseVoice), ..SherpaSettings::default() };
    let mut options = settings.options(folder.path()).expect("options");
    options.clip_timeout = Duration::from_secs(20);
    change(&mut options);
    let script = format!("{START}{script}");
    let arguments = ["-c".into(), script.into(), "sh".into(), folder.path().into()];
    let launch = Launch { program: "/bin/sh".into(), arguments: arguments.into() };
    Played { sherpa: Sherpa::over(options, launch), folder }
}

fn listen(sherpa: &Sherpa) -> Result<Transcript, EngineError> {
    let clip = Clip { wav: Path::new("clip.wav"), rate_hz: 16_000, duration_ms: 900, language: None };
    sherpa.listen(&clip)
}

#[test]
fn a_child_answers_clip_after_clip() {
    let script = format!("{OPEN}while ask; do say \"$words\"; done");
    let sherpa = played(&script, |_| {}).sherpa.unwrap();
    for _ in 0..3 {
        let transcript = listen(&sherpa).unwrap();
        assert_eq!(transcript.utterances[0].text, "您好");
        assert_eq!(transcript.utterances[0].words[1].span.start_ms, 300);
        assert!(transcript.engine_model.unwrap().ends_with("/model.onnx on cpu"));
    }
    assert_eq!(sherpa.warnings(), Vec::<String>::new());
}

#[test]
fn what_goes_wrong_at_a_clip_is_its_error() {
    let cases = [
        ("killed", "kill -9 $$", "engine_died", true, "was killed"),
        (
            "an exit",
            "echo of 13800138000 >&2; exit 3",
            "engine_died",
            false,
            "code 3 while it heard this: \"of ███████████\"",
        ),
        ("too slow", "sleep 60", "engine_timeout", true, "--engine-timeout"),
        ("another number", "n=99; say \"$words\"; sleep 60", "engine_died", false, "no answer"),
        ("noise", "yes", "engine_died", false, "no answer"),
        ("an answer without end", "printf '%s %s ' $tag $n; yes | tr -d '\\n'", "engine_died", false, "no answer"),
        ("no result", "say '{\"heard\":[{\"failed\":\"why\"}]}'", "engine_failed", true, "why"),
        ("too few", "say '{\"heard\":[]}'", "engine_bad_answer", false, "another question"),
        ("no JSON", "say '{\"heard\":[{\"result\":\"{\"}]}'", "engine_bad_answer", false, "JSON"),
        ("an empty result", "echo Return an empty result >&2; say \"$words\"", "engine_failed", true, "failed"),
    ];
    for (name, script, code, retryable, says) in cases {
        let timeout = Duration::from_millis(if name == "too slow" { 200 } else { 20_000 });
        let script = format!("{OPEN}ask; {script}");
        let played = played(&script, |options| (options.attempts, options.clip_timeout) = (1, timeout));
        let error = listen(&played.sherpa.unwrap()).unwrap_err();
        assert_eq!((error.code.as_str(), error.retryable), (code, retryable), "{name}: {error}");
        assert!(error.message.contains(says), "{name}: {error}");
    }
}

#[test]
fn what_is_said_unasked_is_no_answer() {
    let script = format!("{OPEN}ask; say \"$words\"; say \"$words\"; ask; sleep 60");
    let sherpa = played(&script, |options| options.attempts = 1).sherpa.unwrap();
    assert!(listen(&sherpa).is_ok());
    assert_eq!(listen(&sherpa).unwrap_err().code, "engine_died");
}

#[test]
fn a_clip_is_asked_again_of_a_new_child() {
    let once = "if mkdir \"$1/died\"; then kill -9 $$; fi";
    let script = format!("{OPEN}ask; {once}; say \"$words\"");
    let played = played(&script, |_| {});
    assert_eq!(listen(&played.sherpa.unwrap()).unwrap().utterances[0].text, "您好");
    assert!(played.folder.path().join("died").is_dir());
}

#[test]
fn children_that_only_die_are_given_up() {
    let script = format!("{OPEN}ask; echo x >> \"$1/asked\"; exit 1");
    let played = played(&script, |options| options.attempts = 1);
    let sherpa = played.sherpa.unwrap();
    let codes: Vec<String> = (0..6).map(|_| listen(&sherpa).unwrap_err().code).collect();
    assert_eq!(
        codes,
        ["engine_died", "engine_died", "engine_died", "engine_died", "engine_unavailable", "engine_unavailable"]
    );
    assert_eq!(std::fs::read_to_string(played.folder.path().join("asked")).unwrap().lines().count(), 4);
}

#[test]
fn a_model_that_cannot_be_loaded_is_each_clips_error() {
    let cases = [
        ("the library ends it", "echo no metadata >&2; exit 255", "no metadata"),
        ("killed", "kill -9 $$", "was killed"),
        ("refused", "ask; say '{\"failed\":[\"model_unusable\",\"no model\"]}'", "no model"),
    ];
    for (name, script, says) in cases {
        let sherpa = played(script, |_| {}).sherpa.unwrap();
        assert!(sherpa.warnings()[0].contains(says), "{name}: {:?}", sherpa.warnings());
        let error = listen(&sherpa).unwrap_err();
        assert_eq!((error.code.as_str(), error.retryable), ("model_unusable", true), "{name}");
        assert!(error.message.contains(says), "{name}: {error}");
    }
}

#[test]
fn what_computes_is_what_the_library_says() {
    let loud = OPEN.replace("say", "echo 'session.cc:9 no such thing. Fallback to cpu!' >&2; say");
    let script = format!("{loud}ask; say \"$words\"");
    let sherpa = played(&script, |options| options.provider = "cuda".to_owned()).sherpa.unwrap();
    assert!(sherpa.identity().options.contains("provider=cpu"), "{:?}", sherpa.identity());
    assert!(sherpa.warnings()[0].contains("computes on cpu"), "{:?}", sherpa.warnings());
    let transcript = listen(&sherpa).unwrap();
    assert!(transcript.engine_model.unwrap().ends_with(" on cpu"));
}

#[test]
fn clips_that_cannot_be_heard_together_are_heard_alone() {
    // Two files in one request kill it.
    let script =
        format!("{OPEN}while ask; do case \"$request\" in *,*) exit 1;; *bad*) exit 2;; esac; say \"$words\"; done");
    let sherpa = played(&script, |options| options.batch = 3).sherpa.unwrap();
    let wavs = ["a.wav", "bad.wav", "c.wav"];
    let clips = wavs.map(|wav| Clip { wav: Path::new(wav), rate_hz: 16_000, duration_ms: 900, language: None });
    let heard: Vec<Option<String>> =
        sherpa.listen_all(&clips).into_iter().map(|heard| heard.err().map(|error| error.code)).collect();
    assert_eq!(heard, [None, Some("engine_died".to_owned()), None]);
}

#[test]
fn the_protocol_of_the_scripts_is_ours() {
    assert_eq!(TAG, "callsift-sherpa/1 ");
}
