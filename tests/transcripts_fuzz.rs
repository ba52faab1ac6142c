//! Whatever a file of transcripts holds, reading it ends soon, with a valid transcript or with an error that says where and
//! quotes nobody: mutations of every file in `fixtures/transcripts`, a family of files for each engine or cloud.
//!
//! Some hundred mutations are tried, always the same. `CALLSIFT_FUZZ_S` goes on for so long with each family, and
//! `CALLSIFT_FUZZ_SEED` takes another way; `CALLSIFT_FUZZ_FAMILIES=ibm,srt` tries those alone. What fails is written to `target/tmp`.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "says how many mutations there were, and what failed")]

mod common;

#[path = "../benches/recheck/draw.rs"]
#[expect(dead_code, reason = "calls are made of more kinds of numbers")]
mod draw;

#[path = "transcripts_fuzz/mutate.rs"]
mod mutate;

use callsift::transcript::import::{Format, ImportError, ours, read, read_as};
use callsift::transcript::{Speaker, Transcript, Utterance};
use callsift::units::Role;
use common::{files_below, packaged};
use draw::Draw;
use mutate::Seeds;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How many mutations are tried where no time is given, of all families together.
const MUTATIONS: usize = 1_500;

/// Files are a few kilobytes; seconds are a loop, also on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

/// A week: no time is later.
const LATEST_MS: i64 = 7 * 24 * 3_600_000;

#[test]
fn mutated_transcripts_end_in_a_transcript_or_an_error() {
    let families = families();
    let most = MUTATIONS.div_ceil(families.len());
    let lasts = from_env("CALLSIFT_FUZZ_S").map(Duration::from_secs);
    let failed = Mutex::new(Vec::new());
    let waiting = Mutex::new(families.into_iter());
    let work = || {
        loop {
            let next = waiting.lock().expect("no thread panicked").next();
            let Some((family, seeds)) = next else { break };
            failed.lock().expect("no thread panicked").extend(fuzz(&family, &seeds, most, lasts));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().expect("no thread panicked");
    assert!(failed.is_empty(), "{} failed, and are in {}: {failed:?}", failed.len(), env!("CARGO_TARGET_TMPDIR"));
}

fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// The files of each engine or cloud, by the first part of their names; those of no format together.
fn families() -> BTreeMap<String, Seeds> {
    let mut families: BTreeMap<String, Seeds> = BTreeMap::new();
    for (name, path) in files_below(&packaged("fixtures/transcripts")) {
        let first = name.split(['-', '.']).next().unwrap_or_default();
        let is_known = Format::ALL.into_iter().any(|format| format.name().starts_with(first));
        let family = if is_known { first } else { "others" };
        families.entry(family.to_owned()).or_default().add(std::fs::read(path).expect("read"));
    }
    if let Ok(only) = std::env::var("CALLSIFT_FUZZ_FAMILIES") {
        families.retain(|family, _| only.split(',').any(|wanted| wanted == family));
        assert!(!families.is_empty(), "no family of {only}");
    }
    families
}

/// Tries mutations of a family; the names of the files that hold what failed, a few at most.
fn fuzz(family: &str, seeds: &Seeds, most: usize, lasts: Option<Duration>) -> Vec<String> {
    const ENOUGH: usize = 5;
    let seed = from_env("CALLSIFT_FUZZ_SEED").unwrap_or(1);
    let mut draw = Draw(seed ^ family.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31) + u64::from(byte)));
    let (began, mut count, mut failed) = (Instant::now(), 0, Vec::new());
    while failed.len() < ENOUGH && lasts.map_or(count < most, |lasts| began.elapsed() < lasts) {
        let mutated = seeds.mutated(&mut draw);
        let format = Format::ALL[draw.below(Format::ALL.len())];
        if catch_unwind(AssertUnwindSafe(|| try_one(&mutated, format))).is_err() {
            let name = format!("{family}-{count}-as-{}", format.name());
            std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name), &mutated).expect("written");
            eprintln!("{name} failed");
            failed.push(name);
        }
        count += 1;
    }
    println!("{family}: {count} mutations");
    failed
}

fn try_one(bytes: &[u8], format: Format) {
    let started = Instant::now();
    // Our own format keeps texts as they are; of all others they are made tidy.
    let is_ours = read_as(bytes, Format::Ours).is_ok();
    check(read(bytes), is_ours);
    check(read_as(bytes, format), is_ours);
    assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
}

fn check(read: Result<Transcript, ImportError>, is_ours: bool) {
    match read {
        Err(error) => check_error(&error),
        Ok(said) => check_transcript(said, is_ours),
    }
}

fn check_error(error: &ImportError) {
    let told = error.to_string();
    assert!(!quotes(&told), "{told}");
    match error {
        ImportError::NotJson { line, column, .. } => {
            assert!(*line > 0 && told.contains(&format!("{line}, column {column}")))
        }
        ImportError::BadField { place, .. }
        | ImportError::TimesReversed { place, .. }
        | ImportError::TimesOutOfOrder { place, .. } => assert!(!place.is_empty() && told.contains(place), "{told}"),
        whole_file => assert!(
            matches!(
                whole_file.code(),
                "too_large" | "too_many" | "not_unpacked" | "unknown_format" | "not_of_format" | "bad_version"
            ),
            "{told}"
        ),
    }
}

fn check_transcript(mut said: Transcript, is_ours: bool) {
    assert!(!said.warnings.iter().any(|warning| quotes(warning)), "{:?}", said.warnings);
    said.warnings.clear();
    assert!(said.utterances.is_sorted_by_key(|it| it.span.start_ms));
    let is_tidy = |text: &str| text.chars().any(char::is_alphanumeric) && !text.contains(char::is_control);
    assert!(is_ours || said.utterances.iter().all(|it| is_tidy(&it.text)), "{said:?}");
    said.utterances.iter().for_each(check_utterance);
    let mut ends: BTreeMap<Speaker, i64> = BTreeMap::new();
    for it in &said.utterances {
        let before = ends.insert(it.speaker, it.span.end_ms).unwrap_or_default();
        let may_overlap = matches!(it.speaker, Speaker::Role(Role::Third | Role::Unknown));
        assert!(may_overlap || before <= it.span.end_ms, "{:?} {before} {:?}", it.speaker, it.span);
    }
    let again = read_as(ours::write(&said).as_bytes(), Format::Ours).expect("what is written is read");
    assert_eq!(again, said);
}

fn check_utterance(it: &Utterance) {
    let length = it.text.chars().count() as u32;
    assert!(
        0 <= it.span.start_ms && it.span.start_ms <= it.span.end_ms && it.span.end_ms <= LATEST_MS,
        "{:?}",
        it.span
    );
    assert!(it.confidence.is_none_or(|share| (0.0..=1.0).contains(&share)));
    assert!(it.emotion_score.is_none_or(|share| (0.0..=1.0).contains(&share)));
    let is_object = |json: &String| serde_json::from_str::<serde_json::Map<_, _>>(json).is_ok();
    assert!(it.vendor_measures.as_ref().is_none_or(is_object), "{:?}", it.vendor_measures);
    for word in &it.words {
        assert!(word.chars.start < word.chars.end && word.chars.end <= length, "{:?}", word.chars);
        let is_within = it.span.start_ms <= word.span.start_ms && word.span.end_ms <= it.span.end_ms;
        assert!(is_within && word.span.start_ms <= word.span.end_ms, "{:?} in {:?}", word.span, it.span);
    }
    assert!(it.words.is_sorted_by_key(|word| (word.chars.start, word.span.start_ms)));
}

/// Whether a message has words of the transcripts in it: these are of Han characters.
fn quotes(message: &str) -> bool {
    message.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
}
