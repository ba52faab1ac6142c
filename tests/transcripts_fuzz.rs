//! Whatever a file of transcripts holds, reading it ends soon, with a transcript or an error that quotes nobody: mutations of
//! every file in `fixtures/transcripts`, of their bytes and of the values in them.
//!
//! `CALLSIFT_FUZZ_SEED` takes another way through the mutations.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

#[path = "../benches/recheck/draw.rs"]
#[expect(dead_code, reason = "calls are made of more kinds of numbers")]
mod draw;

use callsift::transcript::Transcript;
use callsift::transcript::import::{Format, ours, read, read_as};
use common::{files_below, packaged};
use draw::Draw;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const MUTATIONS: usize = 300;

/// Files are a few kilobytes; a second is a loop.
const LONGEST: Duration = Duration::from_secs(5);

#[test]
fn mutated_transcripts_end_in_a_transcript_or_an_error() {
    let seed = std::env::var("CALLSIFT_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    for (name, path) in files_below(&packaged("fixtures/transcripts")) {
        let bytes = std::fs::read(path).expect("read");
        let mut draw = Draw(seed ^ name.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31) + u64::from(byte)));
        for number in 0..MUTATIONS {
            let mutated = if draw.below(2) == 0 { of_bytes(&bytes, &mut draw) } else { of_values(&bytes, &mut draw) };
            let format = Format::ALL[draw.below(Format::ALL.len())];
            let started = Instant::now();
            check(&format!("{name} {number}"), read(&mutated));
            check(&format!("{name} {number} as {}", format.name()), read_as(&mutated, format));
            assert!(started.elapsed() < LONGEST, "{name} {number}: {:?}", started.elapsed());
        }
    }
}

fn check(name: &str, read: Result<Transcript, callsift::transcript::import::ImportError>) {
    match read {
        Err(error) => assert!(!quotes(&error.to_string()), "{name}: {error}"),
        Ok(mut said) => {
            assert!(!said.warnings.iter().any(|warning| quotes(warning)), "{name}: {:?}", said.warnings);
            said.warnings.clear();
            for it in &said.utterances {
                let length = it.text.chars().count() as u32;
                assert!(0 <= it.span.start_ms && it.span.start_ms <= it.span.end_ms, "{name}: {:?}", it.span);
                assert!(it.words.iter().all(|word| word.chars.end <= length), "{name}");
                assert!(it.words.is_sorted_by_key(|word| word.span.start_ms), "{name}");
            }
            let starts: Vec<i64> = said.utterances.iter().map(|it| it.span.start_ms).collect();
            assert!(starts.is_sorted(), "{name}: {starts:?}");
            let again = read_as(ours::write(&said).as_bytes(), Format::Ours);
            assert!(again.is_ok(), "{name}: {again:?}");
        }
    }
}

/// Whether a message has words of the transcripts in it: these are all of Han characters.
fn quotes(message: &str) -> bool {
    message.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
}

fn of_bytes(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=draw.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = draw.below(bytes.len());
        let end = (at + 1 + draw.below(64)).min(bytes.len());
        match draw.below(5) {
            0 => bytes[at] ^= 1 << draw.below(8),
            1 => bytes[at] = b"{}[]\",:0-e\\\0"[draw.below(12)],
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            _ => {
                let part = bytes[at..end].to_vec();
                let to = draw.below(bytes.len());
                bytes.splice(to..to, part);
            }
        }
    }
    bytes
}

/// The file with some of its values changed; the same where it is no JSON.
fn of_values(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_slice(bytes).into_iter().collect();
    let Ok(values) = values else { return of_bytes(bytes, draw) };
    let mut all = Value::Array(values);
    for _ in 0..=draw.below(4) {
        let (at, from) = (draw.below(size(&all)), draw.below(size(&all)));
        let other = nth(&mut all, &mut { from }).cloned().unwrap_or_default();
        if let Some(value) = nth(&mut all, &mut { at }) {
            change(value, other, draw);
        }
    }
    let lines: Vec<String> = match all {
        Value::Array(values) => values.iter().map(Value::to_string).collect(),
        other => vec![other.to_string()],
    };
    lines.join("\n").into_bytes()
}

fn change(value: &mut Value, other: Value, draw: &mut Draw) {
    let odd =
        [json!(null), json!(true), json!(-1), json!(1e300), json!(""), json!("[["), json!([]), json!({}), json!("9e9")];
    match (draw.below(6), value) {
        (0, value) => *value = other,
        (1, value) => *value = Value::String(value.to_string()),
        (2, Value::Array(entries)) if !entries.is_empty() => drop(entries.remove(draw.below(entries.len()))),
        (3, Value::Array(entries)) if !entries.is_empty() => {
            let entry = entries[draw.below(entries.len())].clone();
            entries.push(entry);
        }
        (2 | 3, Value::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(draw.below(map.len())).cloned().unwrap_or_default();
            map.remove(&key);
        }
        (_, value) => *value = odd[draw.below(odd.len())].clone(),
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(entries) => entries.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum(),
        _ => 0,
    }
}

/// The value that comes `left` after `value`, counted down the tree.
fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(entries) => entries.iter_mut().find_map(|entry| nth(entry, left)),
        Value::Object(map) => map.values_mut().find_map(|entry| nth(entry, left)),
        _ => None,
    }
}
