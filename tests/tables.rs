//! The promise of `docs/tables.md`: any reader of Parquet reads a dataset with no help.

#![expect(clippy::disallowed_methods, reason = "looks at a dataset as a plain reader does")]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use callsift::dataset::{Batch, Dataset, RunEnd, Snapshot};
use callsift::facts::{
    CallError, CallFacts, CallOutcome, EntityFacts, Facts, Interruption, RateFacts, Silence, SoundFacts, SpeakerFacts,
    Status, StretchFacts, TurnFacts, TurnWord,
};
use callsift::finding::{Evaluated, Finding, Judgement, MatchKind, NotEvaluated, Reason, RuleStatus, Severity};
use callsift::recording::{Metadata, StartedAt};
use callsift::score::{Score, ScoreItem, Verdict};
use callsift::tables::{self, Judged, Row, RuleRow, RuleSource, TableName};
use callsift::units::{Role, Span};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// 2026-11-20T02:00:00Z, which is 10:00 in Shanghai.
const MORNING_US: i64 = 1_795_140_000_000_000;
const HOUR_US: i64 = 3_600_000_000;

fn started(hours_later: i64) -> Option<StartedAt> {
    Some(StartedAt { timestamp_us: MORNING_US + hours_later * HOUR_US, utc_offset_min: 480 })
}

/// A failed call.
fn failed(call_id: &str, started_at: Option<StartedAt>) -> Row {
    let error = CallError {
        stage: "decode".into(),
        code: "not_audio".into(),
        message: "the file holds no sound; check the export".into(),
        retryable: false,
    };
    let call = CallFacts {
        recording: Some(format!("{call_id}.wav")),
        file_sha256: Some("00ff".into()),
        file_bytes: Some(44),
        metadata_sha256: "aa".into(),
        settings_hash: "bb".into(),
        status: Status::Failed,
        error: Some(error),
        metadata: Metadata { started_at, agent_id: Some("A7".into()), ..Metadata::default() },
        ..CallFacts::blank(call_id)
    };
    Row { facts: Facts { call, turns: vec![], stretches: vec![], entities: vec![] }, judged: None }
}

/// A call of two utterances with one finding.
fn judged(call_id: &str, started_at: Option<StartedAt>) -> Row {
    let mut call = failed(call_id, started_at).facts.call;
    call.status = Status::Ok;
    call.error = None;
    call.metadata.team = Some("早班".into());
    call.metadata.extra = BTreeMap::from([("region".to_owned(), "华东".to_owned())]);
    call.sound = Some(SoundFacts {
        decoder: "symphonia".into(),
        codec: "pcm_alaw".into(),
        rate_hz: 8_000,
        analysis_rate_hz: 8_000,
        channels: 2,
        duration_ms: 60_000,
        warnings: vec!["odd_length".into()],
    });
    call.outcome = Some(CallOutcome::Conversation);
    call.eligible = true;
    call.agent = SpeakerFacts { talk_ms: Some(12_000), talk_share: Some(0.75), ..SpeakerFacts::default() };
    call.silences = vec![Silence { span: Span::new(4_000, 9_000), of: Role::Agent }];
    call.interruptions = vec![Interruption {
        by: Role::Agent,
        span: Span::new(2_000, 3_500),
        into_turn_ms: 900,
        yielded: true,
        backchannel: false,
    }];
    call.overlap_ms = Some(1_500);
    let facts = Facts {
        call,
        turns: vec![turn(0, Role::Agent, "您好"), turn(1, Role::Customer, "我的手机是███████████")],
        stretches: vec![StretchFacts {
            channel: 0,
            role: Role::Agent,
            span: Span::new(0, 1_000),
            loudness_dbfs: -20.5,
            pitch_hz: None,
            syllables: None,
            anger: None,
        }],
        entities: vec![entity()],
    };
    Row { facts, judged: Some(judgement(call_id)) }
}

fn turn(turn: i32, role: Role, text: &str) -> TurnFacts {
    let start_ms = i64::from(turn) * 2_000;
    TurnFacts {
        turn,
        turn_group: turn,
        role,
        agent_id: None,
        channel: Some(turn),
        span: Span::new(start_ms, start_ms + 1_500),
        times_estimated: false,
        suspect: vec![],
        text: text.into(),
        words: vec![TurnWord { char_start: 0, char_end: 2, start_ms, end_ms: start_ms + 500, estimated: false }],
        language: Some("zh".into()),
        chars: text.chars().count() as i32,
        words_n: 0,
        syllables: None,
        rate: Some(RateFacts {
            articulation_per_min: 240.0,
            turn_per_min: 200.0,
            elapsed_per_min: None,
            counts: "chars".into(),
            method: "chars/1".into(),
        }),
        loudness_dbfs: Some(-20.5),
        loudness_over_usual_db: Some(0.0),
        pitch_hz: Some(180.0),
        anger_acoustic: None,
        anger_over_usual: None,
        anger_features: vec![],
        anger_engine: None,
        engine_emotion: None,
        engine_event: None,
        confidence: Some(0.5),
        vendor_measures: None,
        overlap_ms: Some(0),
        gap_before_ms: (turn > 0).then_some(500),
    }
}

fn entity() -> EntityFacts {
    EntityFacts {
        entity: 0,
        turn: 1,
        role: Role::Customer,
        kind: "phone".into(),
        char_start: 5,
        char_end: 16,
        span: Span::new(2_500, 3_500),
        value: "███████████".into(),
        unit: None,
        confidence: None,
        complete: Some(true),
        equals_manifest: None,
        same_as_customer: Some(false),
        due: Some("2026-11-21".into()),
    }
}

fn judgement(call_id: &str) -> Judged {
    let finding = Finding {
        finding_id: format!("{call_id}-finding"),
        rule: "zh-service.greeting".into(),
        revision: 2,
        category: "service".into(),
        severity: Severity::Major,
        status: RuleStatus::Active,
        look_for: "greeting".into(),
        role: Some(Role::Agent),
        turn: Some(0),
        turn_end: Some(0),
        start_ms: Some(0),
        end_ms: Some(1_500),
        char_start: Some(0),
        char_end: Some(2),
        quote: "您好".into(),
        matched: Some("您好".into()),
        match_kind: MatchKind::Exact,
        distance: None,
        value: None,
        threshold: None,
        unit: None,
        points: 2.5,
        excused_by: None,
        message: "问候:您好".into(),
        advice: "Say more.".into(),
        source: "practice".into(),
    };
    let trial = Finding {
        status: RuleStatus::Trial,
        points: 0.0,
        excused_by: Some("script 还款提醒".into()),
        severity: Severity::Fatal,
        ..finding.clone()
    };
    let not_evaluated = NotEvaluated {
        rule: "zh-service.anger".into(),
        revision: 1,
        category: "service".into(),
        severity: Severity::Note,
        reason: Reason::NoEmotion,
        detail: "no engine tag".into(),
    };
    let item = ScoreItem {
        item: "greeting".into(),
        rule: Some("zh-service.greeting".into()),
        category: None,
        max_points: 5.0,
        lost_points: 2.5,
        applicable: true,
        evaluable: true,
        fatal: false,
        finding_ids: vec![finding.finding_id.clone()],
    };
    let score = Score {
        score: Some(97.5),
        grade: Some("A".into()),
        verdict: Verdict::Pass,
        not_judged_because: String::new(),
        coverage: Some(0.9),
        fatal: false,
        pending: false,
        scorecard: "zh-service".into(),
        items: vec![item],
    };
    Judged {
        judgement: Judgement {
            findings: vec![finding, trial],
            not_evaluated: vec![not_evaluated],
            evaluated: ["zh-service.closing", "zh-service.greeting"]
                .map(|rule| Evaluated { rule: rule.into(), category: "service".into() }.into())
                .into(),
            ..Judgement::default()
        },
        score,
        ruleset_hash: "0011223344556677".into(),
        in_force_mode: "own-day".into(),
        tool_version: "0.1.0".into(),
    }
}

fn rule() -> RuleRow {
    RuleRow {
        rule: "zh-service.greeting".into(),
        revision: 2,
        title: "问候".into(),
        status: RuleStatus::Active,
        severity: Severity::Major,
        category: "service".into(),
        languages: vec!["zh".into()],
        what: "A greeting.".into(),
        why: "Politeness.".into(),
        misses: "Irony.".into(),
        sources: vec![RuleSource { cite: "practice".into(), confidence: "ours".into() }],
        message: "问候:{greeting.quote}".into(),
        advice: "Say more.".into(),
        owner: "quality".into(),
        in_force_from: Some(jiff::civil::date(2026, 1, 1)),
        in_force_until: None,
        text: "id = \"zh-service.greeting\"\n".into(),
        resolved: "{}".into(),
        effect_hash: "0123456789abcdef".into(),
    }
}

fn batch(rows: &[Row]) -> Batch<'_> {
    Batch { rows, stamps: &[], force: false }
}

/// Three batches: 20 November with a failed call, 21 November (in Shanghai, not in UTC), and no date.
fn days() -> [Vec<Row>; 3] {
    [
        vec![judged("a", started(0)), failed("broken", started(1))],
        vec![judged("b", started(14))],
        vec![judged("undated", None)],
    ]
}

fn write_dataset(dir: &Path, days: &[Vec<Row>]) {
    let dataset = Dataset::open(dir, "run-1").unwrap();
    let about = serde_json::Map::from_iter([("calls".to_owned(), 4.into())]);
    dataset.start_run(&about).unwrap();
    for rows in days {
        assert_eq!(dataset.commit(&batch(rows)).unwrap().calls, rows.len());
    }
    dataset.write_rules("0011223344556677", &[rule()]).unwrap();
    dataset.end_run(&about, RunEnd::Done).unwrap();
}

/// Runs a reader in Python over a dataset; skips, and says so, where the module is not there.
fn read_with(module: &str, script: &str) {
    let found = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        let required = std::env::var("CALLSIFT_REQUIRE_READERS").is_ok_and(|value| value == "1");
        assert!(!required, "python3 has no module {module}, and CALLSIFT_REQUIRE_READERS=1 requires it");
        note(&format!("SKIPPED: python3 has no module {module}; install it to read the tables with it"));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    write_dataset(dir.path(), &days());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(script);
    let output =
        Command::new("python3").env("PYTHONDONTWRITEBYTECODE", "1").arg(script).arg(dir.path()).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("all read"), "{said}");
}

#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
fn note(text: &str) {
    eprintln!("{text}");
}

#[test]
fn pyarrow_reads_every_table() {
    read_with("pyarrow", "read_with_pyarrow.py");
}

#[test]
fn duckdb_reads_every_table() {
    read_with("duckdb", "read_with_duckdb.py");
}

#[test]
fn history_says_who_was_called_and_who_asked_for_an_end() {
    let dir = tempfile::tempdir().unwrap();
    let found = |call_id: &str, rule: &str, status: RuleStatus| {
        let mut row = judged(call_id, started(0));
        row.facts.call.metadata.callee_role = Some("guarantor".into());
        let findings = &mut row.judged.as_mut().unwrap().judgement.findings;
        findings.iter_mut().for_each(|finding| (finding.rule, finding.status) = (rule.into(), status));
        row
    };
    let day = vec![
        found("active", "customer-tags.stop-request", RuleStatus::Active),
        found("another rule", "customer-tags.stop-request-2", RuleStatus::Active),
        failed("failed", started(1)),
        found("trial", "customer-tags.stop-request", RuleStatus::Trial),
    ];
    write_dataset(dir.path(), &[day]);
    let dataset = Snapshot::open(dir.path()).unwrap();
    let history = dataset.batches().flat_map(|batch| dataset.read_history(batch).unwrap());
    let said = history.map(|call| {
        let prior = call.prior.unwrap();
        assert_eq!(prior.same_number, None, "numbers are in no table");
        (call.call_id, prior.callee_role.is_some_and(|role| role == "guarantor"), prior.stop_requested)
    });
    let expected = [
        ("active", true, Some(true)),
        ("another rule", true, None),
        ("failed", false, None),
        ("trial", true, Some(true)),
    ];
    assert_eq!(said.collect::<Vec<_>>(), expected.map(|(id, is_known, stop)| (id.to_owned(), is_known, stop)));
}

#[test]
fn what_is_committed_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    write_dataset(dir.path(), &days());
    let dataset = Snapshot::open(dir.path()).unwrap();

    let calls = dataset.committed_calls().unwrap();
    let of = |id: &str| {
        let (key, batch) = &calls[id];
        (batch.date.map(|date| date.to_string()), key.status, key.ruleset_hash.is_some())
    };
    assert_eq!(calls.keys().collect::<Vec<_>>(), ["a", "b", "broken", "undated"]);
    assert_eq!(of("a"), (Some("2026-11-20".into()), Status::Ok, true));
    assert_eq!(of("b"), (Some("2026-11-21".into()), Status::Ok, true));
    assert_eq!(of("broken"), (Some("2026-11-20".into()), Status::Failed, false));
    assert_eq!(of("undated"), (None, Status::Ok, true));

    let read: Vec<Facts> = dataset.batches().flat_map(|batch| dataset.read_facts(batch).unwrap()).collect();
    let [first, second, undated] = days();
    let wrote: Vec<Facts> = [undated, first, second].concat().into_iter().map(|row| row.facts).collect();
    assert_eq!(read, wrote);
    assert_eq!(dataset.read_rules("0011223344556677").unwrap(), [rule()]);
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("runs/run-1.json")).unwrap()).unwrap();
    assert_eq!((&run["status"], &run["calls"]), (&"done".into(), &4.into()));
}

#[test]
fn committing_again_does_nothing() {
    let dir = tempfile::tempdir().unwrap();
    write_dataset(dir.path(), &days());
    let before = hashes(dir.path());
    let dataset = Dataset::open(dir.path(), "run-2").unwrap();
    for rows in days() {
        let turned: Vec<Row> = rows.into_iter().rev().collect();
        assert_eq!(dataset.commit(&batch(&turned)).unwrap().calls, 0);
    }
    assert!(!dataset.write_rules("0011223344556677", &[]).unwrap());
    assert_eq!(hashes(dir.path()), before);
}

/// SHA-256 of every Parquet file, by path in the dataset.
fn hashes(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(dir).into_iter().map(|entry| entry.unwrap().into_path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "parquet"));
    let hash = |path: PathBuf| {
        let hash = Sha256::digest(std::fs::read(&path).unwrap()).to_vec();
        (path.strip_prefix(dir).unwrap().to_owned(), hash)
    };
    files.map(hash).collect()
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let days = days();
    let mut turned: Vec<Vec<Row>> = days.iter().map(|rows| rows.iter().rev().cloned().collect()).collect();
    turned.reverse();
    write_dataset(one.path(), &days);
    write_dataset(other.path(), &turned);
    let hashes = [hashes(one.path()), hashes(other.path())];
    assert_eq!(hashes[0].len(), 3 * TableName::PER_BATCH.len() + 1);
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn what_is_no_batch_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = Dataset::open(dir.path(), "run").unwrap();
    let mixed = [judged("a", started(0)), judged("b", None)];
    let twice = [judged("a", started(0)), judged("a", started(1))];
    let cases: [(&[Row], &str); 3] = [(&[], "empty_batch"), (&mixed, "mixed_dates"), (&twice, "duplicate_call")];
    for (rows, code) in cases {
        assert_eq!(dataset.commit(&batch(rows)).unwrap_err().code(), code);
    }
    assert_eq!(dataset.snapshot().batches().len(), 0);
    assert_eq!(Dataset::open(dir.path(), "../run").unwrap_err().code(), "bad_name");
}

#[test]
fn a_folder_that_is_no_dataset_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("holiday.jpg");
    std::fs::write(&file, b"").unwrap();
    let cases: [(&Path, &str, &str); 3] = [
        (dir.path(), "not_a_dataset", "holiday.jpg"),
        (&file, "unwritable", "choose another folder"),
        (&file.join("results"), "unwritable", "choose another folder"),
    ];
    for (path, code, says) in cases {
        let error = Dataset::open(path, "run").unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn two_write_at_once_and_no_call_twice() {
    let dir = tempfile::tempdir().unwrap();
    let one = Dataset::open(dir.path(), "one").unwrap();
    let other = Dataset::open(dir.path(), "other").unwrap();
    assert_eq!(Dataset::open(dir.path(), "one").unwrap_err().code(), "run_taken");

    let [first, second, undated] = days();
    assert_eq!(one.commit(&batch(&first)).unwrap().calls, 2);
    assert_eq!(other.commit(&batch(&first)).unwrap().calls, 0, "it is there, though this writer did not write it");
    assert_eq!(other.commit(&batch(&second)).unwrap().calls, 1);
    let mut changed = first.clone();
    changed[0].facts.call.metadata_sha256.push('x');
    let replaced = one.commit(&batch(&changed)).unwrap();
    assert_eq!((replaced.calls, replaced.replaced), (1, 1));
    assert_eq!(other.commit(&batch(&undated)).unwrap().calls, 1);
    let calls = one.snapshot().committed_calls().unwrap();
    assert_eq!(calls.len(), 3, "this writer has not looked since");
    drop(one);

    let calls = Snapshot::open(dir.path()).unwrap().committed_calls().unwrap();
    assert_eq!(calls.keys().collect::<Vec<_>>(), ["a", "b", "broken", "undated"]);
    assert!(calls["a"].0.metadata_sha256.ends_with('x'));
    drop(other);
    assert!(!dir.path().join("_tmp").exists());
}

#[test]
fn docs_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tables.md");
    let docs = tables::docs();
    if std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &docs).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let stale = written.lines().zip(docs.lines()).find(|(written, docs)| written != docs);
    assert!(
        written == docs,
        "docs/tables.md is stale, first at {stale:?}; run UPDATE_DOCS=1 cargo test --test tables docs"
    );
}

#[test]
fn every_column_says_what_it_is() {
    for table in TableName::ALL {
        for field in table.schema().fields() {
            let place = format!("{}.{}", table.name(), field.name());
            let comment = field.metadata().get("comment").map_or("", String::as_str);
            assert!(comment.contains('.'), "{place} is not documented: {comment:?}");
            let unit = field.metadata().get("unit");
            for (ending, expected) in
                [("_ms", "ms"), ("_hz", "Hz"), ("_db", "dB"), ("_dbfs", "dBFS"), ("_bytes", "bytes")]
            {
                let named = field.name().ends_with(ending);
                assert!(!named || unit.is_some_and(|unit| unit == expected), "{place} has the unit {unit:?}");
            }
        }
    }
}
