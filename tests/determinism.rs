//! The same bytes out, whatever the threads, the order of the input and the time each recording takes.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use callsift::batch::{self, Intake, RunOptions, Settings};
use callsift::dataset::Dataset;
use callsift::engine::Saved;
use callsift::events::{Event, Observer};

use callsift::packs::{PackOptions, load};
use callsift::worklist::{WorkList, WorkOptions};
use common::{files_below, transcript, voice, wav, write};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Calls made: `CALLSIFT_DETERMINISM_CALLS`, or enough for several batches.
fn calls_wanted() -> usize {
    std::env::var("CALLSIFT_DETERMINISM_CALLS").ok().and_then(|value| value.parse().ok()).unwrap_or(300)
}

/// A small generator of numbers that only look random, so that a failure can be had again.
struct Dice(AtomicU64);

impl Dice {
    fn roll(&self, sides: u64) -> u64 {
        let step = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        let mixed = (step ^ (step >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// Makes a recording take up to 3 ms longer, at its start and at its end.
struct Delays(Dice);

impl Observer for Delays {
    fn notice(&self, event: &Event<'_>) {
        if matches!(event, Event::RecordingStarted { .. } | Event::RecordingFinished { .. }) {
            std::thread::sleep(Duration::from_micros(self.0.roll(3000)));
        }
    }
}

/// Short calls over five dates and one without a date; some say what a rule reports, some are broken.
fn make_calls(folder: &Path, calls: usize) {
    let dice = Dice(AtomicU64::new(7));
    let sounds: Vec<Vec<u8>> = (0..8)
        .map(|n| {
            let turn = 0.2 + 0.05 * f64::from(n);
            wav(
                8000,
                &[voice(1.5, 180.0 + 9.0 * f64::from(n), &[(0.1, turn)]), voice(1.5, 110.0, &[(turn + 0.1, 1.4)])],
            )
        })
        .collect();
    let said = [
        "您好,这里是云杉银行。",
        "再不还款我们会派人到你家里。",
        "你这个老赖。",
        "我要投诉你们。",
        "请说。",
        "我是派出所的。",
    ];
    let mut manifest = String::from("call_id,recording,transcript,started_at,agent_id,callee_role\n");
    for call in 0..calls {
        let bytes = if dice.roll(50) == 0 { b"broken".to_vec() } else { sounds[dice.roll(8) as usize].clone() };
        write(&folder.join(format!("rec/{call}.wav")), bytes);
        let pick = |sides| said[dice.roll(sides) as usize];
        let segments = [(0, 100, 500, pick(6)), (1, 600, 1000, pick(6)), (0, 1050, 1400, pick(6))];
        write(&folder.join(format!("text/{call}.json")), transcript(&segments));
        let day = dice.roll(6);
        let started =
            if day == 5 { String::new() } else { format!("2026-11-{:02}T09:{:02}:00+08:00", 16 + day, dice.roll(60)) };
        manifest.push_str(&format!(
            "call-{call},rec/{call}.wav,text/{call}.json,{started},agent-{},debtor\n",
            dice.roll(9)
        ));
    }
    write(&folder.join("manifest.csv"), manifest);
}

/// The SHA-256 of every table file of a run.
fn run(calls: &Path, threads: usize, seed: u64) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().expect("a temporary folder");
    let list = WorkList::read(&WorkOptions { inputs: vec![calls.to_owned()], ..WorkOptions::default() });
    let mut recordings = Vec::new();
    list.expect("a work list").for_each(&mut |item| recordings.push(item)).expect("the calls");
    let dice = Dice(AtomicU64::new(seed));
    for place in (1..recordings.len()).rev() {
        recordings.swap(place, dice.roll(place as u64 + 1) as usize);
    }
    let packs = load(&PackOptions { folders: Vec::new(), shipped: true }).expect("the shipped packs");
    let plan = packs.plan(None).expect("a plan");
    let dataset = Dataset::open(out.path(), "test").expect("a dataset");
    let settings = Settings::default();
    let options = RunOptions {
        threads,
        memory_bytes: None,
        settings: &settings,
        force: false,
        verify: false,
        raw_text: None,
        stop: None,
        survives: None,
    };
    let delays = Delays(dice);
    let mut intake = Intake::new(&dataset, &plan, &options).expect("an intake");
    recordings.into_iter().for_each(|item| intake.offer(item));
    let tally = batch::run(intake, &plan, &dataset, &Saved { format: None }, &options, &delays).expect("a run");
    assert_eq!(tally.calls, calls_wanted());
    files_below(out.path())
        .into_iter()
        .filter(|(name, _)| name.ends_with(".parquet"))
        .map(|(name, path)| (name, format!("{:x?}", Sha256::digest(std::fs::read(path).expect("readable")))))
        .collect()
}

#[test]
fn equal_bytes_whatever_the_threads_and_the_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    make_calls(folder.path(), calls_wanted());
    let first = run(folder.path(), 1, 1);
    assert!(first.len() >= 6 * 7, "{} table files", first.len());
    for (threads, seed) in [(2, 2), (8, 3), (1, 4)] {
        let other = run(folder.path(), threads, seed);
        assert_eq!(first, other, "{threads} threads, seed {seed}");
    }
    println!("{} calls, {} table files, threads 1, 2, 8 and 1 again: equal", calls_wanted(), first.len());
}
