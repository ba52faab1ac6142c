//! The fixture calls hold what `expected.toml` says, and each finding names it: rule, quote, second, speaker.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use common::{callsift, files_below, packaged, stderr};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::OnceLock;
use toml::Value;

/// How far a finding's start may be from the true one.
const TOLERANCE_S: f64 = 0.3;

/// The rules that stand for a row of the starter pack.
fn rules_of(row: Option<i64>, kind: &str) -> &'static [&'static str] {
    match (row, kind) {
        (Some(1), _) => &["cn-collections.organisation-not-stated"],
        (Some(3), _) => &["cn-collections.debt-before-identity"],
        (Some(7), _) => &["cn-collections.third-party-disclosure"],
        (Some(9), _) => &["cn-collections.threat-to-contacts"],
        (Some(15), _) => &["cn-collections.threat-of-violence"],
        (Some(17), _) => &["cn-collections.threat-of-visit"],
        (Some(23), _) => &["cn-collections.profanity"],
        (Some(24), _) => &["cn-collections.personal-insult"],
        (Some(25), _) => &["cn-collections.curse"],
        (Some(30), _) => &["service-quality.impatience"],
        (Some(33), _) => &["cn-collections.impersonated-authority"],
        (Some(39), _) => &["cn-collections.false-consequences"],
        (Some(47), _) => &["cn-collections.private-payment"],
        (Some(61), _) => &["cn-collections.forbidden-hours"],
        (Some(81), _) => &["service-quality.agent-silence"],
        (Some(82), _) => &["service-quality.too-fast"],
        (Some(84), _) => &["service-quality.interruption"],
        (Some(90), _) => &["emotion.agent-agitated"],
        (Some(98), _) => &["customer-tags.abuses-agent"],
        (None, "loudness") => &["service-quality.loudness"],
        _ => &[],
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Found {
    call: String,
    rule: String,
    severity: String,
    quote: String,
    role: Option<String>,
    start_s: Option<f64>,
}

/// Every finding of one run over the fixture calls.
fn findings() -> &'static [Found] {
    static FINDINGS: OnceLock<Vec<Found>> = OnceLock::new();
    FINDINGS.get_or_init(|| {
        let out = tempfile::tempdir().expect("a temporary folder");
        let output =
            callsift(&packaged(""), &["inspect", "fixtures/calls", "--out", out.path().to_str().expect("UTF-8")]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        files_below(&out.path().join("findings")).iter().flat_map(|(_, path)| read(path)).collect()
    })
}

fn read(path: &std::path::Path) -> Vec<Found> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("open"))
        .expect("Parquet")
        .build()
        .expect("readable");
    let mut found = Vec::new();
    for batch in reader {
        let batch = batch.expect("a batch");
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name).expect(name).as_string::<i32>();
            (!column.is_null(row)).then(|| column.value(row).to_owned())
        };
        let start = batch.column_by_name("start_ms").expect("start_ms").as_primitive::<Int64Type>();
        found.extend((0..batch.num_rows()).map(|row| Found {
            call: text("call_id", row).expect("a call"),
            rule: text("rule", row).expect("a rule"),
            severity: text("severity", row).expect("a severity"),
            quote: text("quote", row).unwrap_or_default(),
            role: text("role", row),
            start_s: (!start.is_null(row)).then(|| start.value(row) as f64 / 1000.0),
        }));
    }
    found
}

fn expected() -> Value {
    let text = std::fs::read_to_string(packaged("fixtures/calls/expected.toml")).expect("readable");
    Value::Table(text.parse().expect("TOML"))
}

fn strings<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    value[key].as_array().expect(key).iter().map(|entry| entry.as_str().expect("a string")).collect()
}

#[test]
fn every_violation_is_found_with_quote_and_second() {
    let expected = expected();
    let (mut missing, mut checked) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for event in expected["expected"].as_array().expect("a list") {
        let (call, kind) = (event["call"].as_str().expect("a call"), event["kind"].as_str().expect("a kind"));
        if call.starts_with("en-threat") {
            continue; // English packs come later.
        }
        let rules = rules_of(event.get("row").and_then(Value::as_integer), kind);
        assert!(!rules.is_empty(), "no rule stands for {event:?}");
        let quote = event.get("quote").and_then(Value::as_str).unwrap_or_default();
        let speaker = event.get("speaker").and_then(Value::as_str);
        let start_s = event.get("start_s").and_then(Value::as_float);
        *checked.entry(kind).or_default() += 1;
        let matches = |found: &&Found| {
            found.call == call
                && rules.contains(&found.rule.as_str())
                && found.quote.contains(quote)
                && (speaker.is_none() || found.role.as_deref() == speaker)
                && start_s.is_none_or(|start_s| found.start_s.is_some_and(|at| (at - start_s).abs() <= TOLERANCE_S))
        };
        if !findings().iter().any(|found| matches(&found)) {
            let near: Vec<_> = findings().iter().filter(|found| found.call == call).collect();
            missing.push(format!("{event:?}\n   found there: {near:#?}"));
        }
    }
    assert!(missing.is_empty(), "{} not found:\n{}", missing.len(), missing.join("\n"));
    let kinds: BTreeSet<&str> = checked.keys().copied().collect();
    let all = [
        "absence",
        "call",
        "emotion",
        "interruption",
        "loudness",
        "order",
        "patterns",
        "silence",
        "speech_rate",
        "words",
    ];
    assert_eq!(kinds, BTreeSet::from(all));
}

#[test]
fn clean_calls_have_no_violation() {
    let expected = expected();
    let clean = strings(&expected, "clean");
    assert!(clean.len() >= 3);
    let wrong: Vec<_> =
        findings().iter().filter(|found| clean.contains(&found.call.as_str()) && found.severity != "note").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_kind_stays_away_from_calls_without_it() {
    let expected = expected();
    let events = expected["expected"].as_array().expect("a list");
    let kinds = [
        (81, "service-quality.agent-silence"),
        (82, "service-quality.too-fast"),
        (84, "service-quality.interruption"),
        (61, "cn-collections.forbidden-hours"),
        (1, "cn-collections.organisation-not-stated"),
        (17, "cn-collections.threat-of-visit"),
        (33, "cn-collections.impersonated-authority"),
        (90, "emotion.agent-agitated"),
    ];
    for (row, rule) in kinds {
        let meant: BTreeSet<&str> = (events.iter())
            .filter(|event| event.get("row").and_then(Value::as_integer) == Some(row))
            .filter_map(|event| event["call"].as_str())
            .collect();
        let wrong: Vec<_> =
            findings().iter().filter(|found| found.rule == rule && !meant.contains(found.call.as_str())).collect();
        assert!(wrong.is_empty(), "{rule}: {wrong:#?}");
    }
}
