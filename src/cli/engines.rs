//! `callsift engines check`: a short call of a made voice, heard by an engine.

use super::args::{EngineArgs, Engines, EnginesCheck, EnginesCommand};
use super::engine::{config, listener, named};
use super::terminal::{Ink, Line, Page};
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, load, print_page};
use crate::batch::try_on;
use crate::engine::{Live, Saved};
use crate::entities::mask_text;
use crate::facts::CallError;
use crate::recording::Recording;
use crate::transcript::{Speaker, Transcript, Utterance};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How far from its place an utterance may be heard, ms: engines pad, and round to a second.
const NEAR_MS: i64 = 1_000;

/// A call: what each channel says, from when to when. Made by fixtures/make_engine_samples.py.
struct Sample {
    language: &'static str,
    wav: &'static [u8],
    said: [(&'static str, i64, i64); 2],
}

const SAMPLES: [Sample; 2] = [
    Sample {
        language: "zh",
        wav: include_bytes!("../../fixtures/engine/zh.wav"),
        said: [("您好,这里是海棠银行。", 390, 3_210), ("我下周三还款。", 3_790, 5_670)],
    },
    Sample {
        language: "en",
        wav: include_bytes!("../../fixtures/engine/en.wav"),
        said: [("Hello, this is the bank calling.", 400, 2_550), ("I will pay next Wednesday.", 3_120, 4_770)],
    },
];

/// Runs `engines`; returns the exit code.
pub(super) fn run(args: &Engines) -> u8 {
    match &args.command {
        EnginesCommand::Check(check) => check_engine(check),
    }
}

fn check_engine(args: &EnginesCheck) -> u8 {
    let language = args.language.split('-').next().unwrap_or_default();
    let Some(sample) = SAMPLES.iter().find(|sample| sample.language == language) else {
        load::print_line(&format!("--language {}: there is a call in zh and one in en", args.language));
        return EXIT_SET_UP;
    };
    let Some(live) = live(&args.engine, &args.language) else { return EXIT_SET_UP };
    let tried = tempfile::tempdir().and_then(|folder| {
        let path = folder.path().join(format!("{language}.wav"));
        std::fs::write(&path, sample.wav)?;
        Ok(try_it(&live, path))
    });
    match tried {
        Ok(tried) => {
            let (page, works) = report(sample, &tried);
            print_page(&page, if works { EXIT_OK } else { EXIT_SOME_FAILED })
        }
        Err(error) => {
            load::print_line(&format!("the folder for temporary files: {}; name another with TMPDIR", error.kind()));
            EXIT_IO
        }
    }
}

/// The engine without a cache; `None` when what is wrong with it has been printed.
fn live(args: &EngineArgs, language: &str) -> Option<Live> {
    let config = config(args, Some(language))?;
    let listener = listener(named(&config)?, &config)?;
    Some(Live::new(listener, None, Saved { format: config.format }, config.language))
}

/// What an engine made of a call.
struct Tried {
    transcript: Option<Transcript>,
    error: Option<CallError>,
    took: Duration,
}

fn try_it(live: &Live, path: PathBuf) -> Tried {
    let recording = Recording { audio: Some(path), ..Recording::named("sample") };
    let started = Instant::now();
    let (transcript, facts) = try_on(live, &recording);
    Tried { transcript, error: facts.call.error, took: started.elapsed() }
}

/// What is said of it, and whether the engine works.
fn report(sample: &Sample, tried: &Tried) -> (Page, bool) {
    let mut page = Page::default();
    let mut tell = |mark: &str, what: &str| {
        page.line(marked(mark, what));
    };
    let Some(transcript) = &tried.transcript else {
        let (code, message) = tried.error.as_ref().map_or(("", "it says nothing"), |it| (&it.code, &it.message));
        tell("FAILS", format!("to answer with a transcript: {} {code}", mask_text(message)).trim_end());
        return (page, false);
    };
    let seconds = sample.said[1].2 as f64 / 1_000.0;
    tell("ok", &format!("answers with a transcript, in {:.1} s for {seconds:.1} s of sound", tried.took.as_secs_f64()));
    let mut works = true;
    for (channel, said) in (0_u16..).zip(sample.said) {
        works &= tell_channel(&mut tell, transcript, channel, said);
    }
    let all = &transcript.utterances;
    let has = |has: fn(&Utterance) -> bool| !all.is_empty() && all.iter().any(has);
    for (what, there, use_of_it) in [
        ("times of utterances", has(|it| !it.times_estimated), "findings lie at the second"),
        ("times of words", has(|it| !it.words.is_empty()), "quotes lie at the second"),
        ("confidence", has(|it| it.confidence.is_some()), "calls that were heard badly can be told"),
        ("emotion", has(|it| it.emotion.is_some()), "rules on emotion have a second witness"),
    ] {
        tell(if there { "ok" } else { "none" }, &format!("{what}: with them {use_of_it}"));
    }
    for warning in &transcript.warnings {
        tell("note", warning);
    }
    (page, works)
}

fn marked(mark: &str, what: &str) -> Line {
    let ink = match mark {
        "ok" => Ink::Good,
        "FAILS" => Ink::Bad,
        _ => Ink::Warning,
    };
    Line::of(ink, &format!("{mark:<6}")).and(Ink::Plain, &format!(" {what}"))
}

/// Tells what is heard of what is said on a channel; says whether anything is.
fn tell_channel(
    tell: &mut dyn FnMut(&str, &str),
    transcript: &Transcript,
    channel: u16,
    (wanted, start_ms, end_ms): (&str, i64, i64),
) -> bool {
    let heard = of_channel(transcript, channel);
    let said = heard.iter().map(|utterance| utterance.text.as_str()).collect::<Vec<_>>().join(" ");
    let wrong = wrong_percent(wanted, &said);
    tell(
        if heard.is_empty() { "FAILS" } else { "ok" },
        &format!(
            "channel {channel} is heard: {said:?}, where {wanted:?} is said: {wrong:.0} % of the characters are wrong"
        ),
    );
    let (Some(first), Some(last)) = (heard.first(), heard.last()) else { return false };
    let (from_ms, to_ms) = (first.span.start_ms, last.span.end_ms);
    let off_ms = (from_ms - start_ms).abs().max((to_ms - end_ms).abs());
    tell(
        if off_ms <= NEAR_MS { "ok" } else { "poor" },
        &format!("channel {channel} is heard at {from_ms}–{to_ms} ms, where {start_ms}–{end_ms} ms is right"),
    );
    true
}

/// What is heard on a channel in words.
fn of_channel(transcript: &Transcript, channel: u16) -> Vec<&Utterance> {
    let spoken =
        |it: &&Utterance| it.speaker == Speaker::Channel(channel) && it.text.chars().any(char::is_alphanumeric);
    transcript.utterances.iter().filter(spoken).collect()
}

/// The character error rate in per cent: letters and digits alone, upper and lower case alike.
fn wrong_percent(wanted: &str, heard: &str) -> f64 {
    let bare = |text: &str| -> Vec<char> { text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let (wanted, heard) = (bare(wanted), bare(heard));
    100.0 * strsim::generic_levenshtein(&wanted, &heard) as f64 / wanted.len() as f64
}
