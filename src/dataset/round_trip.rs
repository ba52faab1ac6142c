//! What is written is read back, whatever it is.

#![expect(clippy::disallowed_methods, reason = "tables go through files")]

use super::batch::batch_name;
use super::parquet_file::{TableFile, decode, encode};
use super::throws::Throws;
use crate::facts::{Facts, Status};
use crate::finding::{RuleStatus, Severity};
use crate::tables::{
    CallKey, FactTables, Judged, Row, RuleRow, RuleSource, TableName, batches, read_call_keys, read_facts,
    read_findings, read_not_evaluated, read_rules, read_rules_evaluated, read_score_items, read_verdicts, rules_batch,
};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The tables of `rows`, each written to a file and read back.
fn through_files(rows: &[Row]) -> BTreeMap<TableName, Vec<RecordBatch>> {
    let dir = tempfile::tempdir().unwrap();
    let through = |(table, batch): (TableName, RecordBatch)| {
        let path = dir.path().join(table.name());
        std::fs::write(&path, encode(table, batch.clone()).unwrap()).unwrap();
        (table, decode(std::fs::File::open(&path).unwrap(), table.name(), None).unwrap().map(Result::unwrap).collect())
    };
    batches(rows).into_iter().map(through).collect()
}

fn sorted(rows: &[Row]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (row.facts.call.metadata.agent_id.clone(), row.facts.call.call_id.clone()));
    rows
}

/// What `of` gives of every row, with the row's call.
fn expected<T: Clone>(rows: &[Row], of: impl Fn(&Row) -> Vec<T>) -> Vec<(String, T)> {
    rows.iter().flat_map(|row| of(row).into_iter().map(|item| (row.facts.call.call_id.clone(), item))).collect()
}

fn read<T, E: std::fmt::Debug>(batches: &[RecordBatch], read: impl Fn(&RecordBatch) -> Result<Vec<T>, E>) -> Vec<T> {
    batches.iter().flat_map(|batch| read(batch).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_call_survives(numbers in proptest::collection::vec(any::<u64>(), 0..1200), calls in 1_usize..4) {
        let mut throws = Throws::new(numbers);
        let rows: Vec<Row> = (0..calls).map(|call| throws.row(&format!("call {call}"))).collect();
        let tables = through_files(&rows);
        let rows = sorted(&rows);

        let facts: Vec<Facts> = rows.iter().map(|row| row.facts.clone()).collect();
        let fact_tables = FactTables {
            calls: &tables[&TableName::Calls],
            turns: &tables[&TableName::Turns],
            stretches: &tables[&TableName::Stretches],
            entities: &tables[&TableName::Entities],
        };
        prop_assert_eq!(read_facts(fact_tables).unwrap(), facts);

        let findings = expected(&rows, |row| row.judged.clone().map_or(vec![], |judged| judged.judgement.findings));
        prop_assert_eq!(read(&tables[&TableName::Findings], read_findings), findings);
        let items = expected(&rows, |row| row.judged.clone().map_or(vec![], |judged| judged.score.items));
        prop_assert_eq!(read(&tables[&TableName::ScoreItems], read_score_items), items);
        let gaps = expected(&rows, |row| row.judged.clone().map_or(vec![], |judged| judged.judgement.not_evaluated));
        prop_assert_eq!(read(&tables[&TableName::NotEvaluated], read_not_evaluated), gaps);

        let answered: Vec<_> =
            tables[&TableName::Calls].iter().flat_map(|calls| read_rules_evaluated(calls).unwrap()).collect();
        let sorted = |judged: &Judged| {
            let mut rules: Vec<String> = judged.judgement.evaluated.iter().map(|rule| rule.rule.clone()).collect();
            rules.sort();
            rules
        };
        let expected: Vec<_> = rows.iter().map(|row| row.judged.as_ref().map(sorted)).collect();
        prop_assert_eq!(answered.len(), expected.len());
        for (answered, expected) in answered.into_iter().zip(&expected) {
            prop_assert_eq!(answered, expected.as_ref().map(|rules| rules.iter().map(String::as_str).collect()));
        }

        for ((call_id, verdicts), row) in read(&tables[&TableName::Calls], read_verdicts).into_iter().zip(&rows) {
            prop_assert_eq!(&call_id, &row.facts.call.call_id);
            let Some(judged) = &row.judged else { prop_assert_eq!(verdicts, None); continue };
            let verdicts = verdicts.unwrap();
            let score = &judged.score;
            prop_assert_eq!((verdicts.score, verdicts.verdict, verdicts.coverage), (score.score, score.verdict, score.coverage));
            let fatal = |finding: &&crate::finding::Finding| finding.severity == Severity::Fatal && finding.counts();
            prop_assert_eq!(verdicts.findings_fatal as usize, judged.judgement.findings.iter().filter(fatal).count());
        }
    }
}

#[test]
fn throws_fill_every_column() {
    let rows: Vec<Row> = (0..40).map(|seed| Throws::seeded(seed).row(&format!("call {seed}"))).collect();
    for (table, batch) in batches(&rows) {
        if table == TableName::VerdictChanges {
            assert_eq!(batch.num_rows(), 0, "only judging again changes verdicts");
            continue;
        }
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            assert!(column.null_count() < batch.num_rows(), "{}.{} is never filled", table.name(), field.name());
            assert!(!field.is_nullable() || column.null_count() > 0, "{}.{} is never null", table.name(), field.name());
        }
    }
}

#[test]
fn rules_survive() {
    let rule = RuleRow {
        rule: "zh-collections.threat".into(),
        revision: 3,
        title: "威胁".into(),
        status: RuleStatus::Trial,
        severity: Severity::Fatal,
        category: "conduct".into(),
        languages: vec!["zh".into()],
        what: "Threats.".into(),
        why: "They are forbidden.".into(),
        misses: "Irony.".into(),
        sources: vec![RuleSource { cite: "a law".into(), confidence: "read".into() }],
        message: "{threat.quote}".into(),
        advice: "Talk to the agent.".into(),
        owner: "quality".into(),
        in_force_from: Some(jiff::civil::date(2026, 1, 1)),
        in_force_until: None,
        text: "id = \"zh-collections.threat\"\n".into(),
        resolved: "{}".into(),
        effect_hash: "0123456789abcdef".into(),
    };
    let earlier = RuleRow { revision: 2, languages: vec![], sources: vec![], ..rule.clone() };
    let batch = rules_batch(&[rule.clone(), earlier.clone()]);
    assert_eq!(read_rules(&batch).unwrap(), [earlier, rule]);
    assert_eq!(batch.schema(), TableName::Rules.schema());
}

#[test]
fn a_column_of_a_later_version_may_be_missing() {
    let batch = &batches(&[Throws::seeded(1).row("call")])[0].1;
    let keep: Vec<usize> =
        (0..batch.num_columns()).filter(|&at| batch.schema().field(at).name() != "language").collect();
    let facts =
        read_facts(FactTables { calls: &[batch.project(&keep).unwrap()], turns: &[], stretches: &[], entities: &[] });
    assert_eq!(facts.unwrap()[0].call.language, None);
}

#[test]
fn what_cannot_be_read_says_so() {
    let tables = batches(&[Throws::seeded(3).row("call"), Throws::seeded(4).row("other")]);
    let (calls, turns) = (&tables[0].1, &tables[1].1);
    let without_status: Vec<usize> =
        (0..calls.num_columns()).filter(|&at| calls.schema().field(at).name() != "status").collect();
    let one_call = calls.slice(0, 1);
    let cases = [
        (vec![calls.project(&without_status).unwrap()], vec![], "missing_column"),
        (vec![calls.clone(), calls.clone()], vec![], "duplicate_call"),
        (vec![one_call], vec![turns.clone()], "stray_row"),
    ];
    for (calls, turns, code) in cases {
        let error = read_facts(FactTables { calls: &calls, turns: &turns, stretches: &[], entities: &[] }).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
}

#[test]
fn a_slice_of_a_table_is_read_as_that_slice() {
    let rows: Vec<Row> = (0..9).map(|seed| Throws::seeded(seed).row(&format!("call {seed}"))).collect();
    let calls = &batches(&rows)[0].1;
    let read = |calls: RecordBatch| {
        read_facts(FactTables { calls: &[calls], turns: &[], stretches: &[], entities: &[] }).unwrap()
    };
    assert_eq!(read(calls.slice(3, 4)), read(calls.clone())[3..7]);
}

#[test]
fn a_file_has_the_same_bytes_however_its_rows_come() {
    let rows: Vec<Row> = (0..70).map(|seed| Throws::seeded(seed).row(&format!("call {seed:02}"))).collect();
    let few = batches(&rows);
    for (table, few) in few.into_iter().filter(|(_, rows)| rows.num_rows() > 0) {
        // Some thousands of rows, so that the writer is given several times.
        let many = vec![few; 40];
        let whole = concat_batches(&table.schema(), &many).unwrap();
        let at_once = encode(table, whole.clone()).unwrap();
        for step in [1_000, 1_024, 1_300] {
            let mut file = TableFile::begin(table).unwrap();
            let firsts = (0..whole.num_rows()).step_by(step);
            firsts.for_each(|first| file.push(whole.slice(first, step.min(whole.num_rows() - first))).unwrap());
            assert!(file.finish().unwrap() == at_once, "{}, {step} rows at a time", table.name());
        }
    }
}

#[test]
fn a_batch_is_named_by_its_input() {
    let keys: Vec<CallKey> = [1, 2].map(|seed| CallKey::of(&Throws::seeded(seed).row(&seed.to_string()))).into();
    let name = batch_name(&keys);
    assert_eq!(name.len(), 16);
    assert_eq!(batch_name(keys.iter().rev()), name, "order does not matter");
    let changes: [fn(&mut CallKey); 11] = [
        |key| key.call_id.push('x'),
        |key| key.file_sha256 = Some("x".into()),
        |key| key.transcript_sha256 = Some(String::new()),
        |key| key.transcript_sha256 = None,
        |key| key.metadata_sha256.push('x'),
        |key| key.settings_hash.push('x'),
        |key| key.status = if key.status == Status::Ok { Status::Failed } else { Status::Ok },
        |key| key.error_code = Some("x".into()),
        |key| key.ruleset_hash = Some("x".into()),
        |key| key.in_force_mode = Some("x".into()),
        |key| key.tool_version = Some("x".into()),
    ];
    let mut names = std::collections::BTreeSet::from([name, batch_name(&keys[..1])]);
    for (place, change) in changes.into_iter().enumerate() {
        let mut changed = keys.clone();
        changed[0].transcript_sha256 = Some("y".into());
        change(&mut changed[0]);
        assert!(names.insert(batch_name(&changed)), "change {place} does not change the name");
    }
}

#[test]
fn keys_survive() {
    let rows: Vec<Row> = (0..20).map(|seed| Throws::seeded(seed).row(&format!("call {seed:02}"))).collect();
    let mut keys = read(&through_files(&rows)[&TableName::Calls], read_call_keys);
    keys.sort_by(|one, other| one.call_id.cmp(&other.call_id));
    assert_eq!(keys, rows.iter().map(CallKey::of).collect::<Vec<_>>());
}
