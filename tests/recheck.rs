//! Judging from tables says what judging what was just heard says, and writes what would have been written.

#![expect(clippy::unwrap_used, reason = "a test may fail")]
#![expect(clippy::disallowed_methods, reason = "tables go through files")]

#[path = "recheck/calls.rs"]
mod calls;
#[path = "recheck/rules.rs"]
mod rules;
#[path = "recheck/throws.rs"]
mod throws;

use arrow::array::RecordBatch;
use callsift::batch::judged;
use callsift::facts::{Facts, Needs};
use callsift::inspect::changes::{Side, changes};
use callsift::inspect::{Plan, judge, judge_again};
use callsift::rules::Earlier;
use callsift::tables::{
    FactTables, Judged, Rejudged, Row, TableError, TableName, VerdictChange, batches, columns_for, fact_schema,
    facts_of_calls, judgement_batches, read_facts, read_facts_for, read_findings, read_not_evaluated,
    read_rules_evaluated, read_verdict_changes,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs::File;
use throws::Throws;

/// Numbers to draw from, others for each seed.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let odd = 2 * seed + 1;
    (0..1500).map(move |at: u64| (at + 1).wrapping_mul(odd).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 7)
}

type Tables = BTreeMap<TableName, Vec<RecordBatch>>;

/// The tables of `rows`, written to files and read back, of the tables of facts only what `needs` needs.
fn through_files(rows: &[Row], needs: Option<Needs>) -> Tables {
    let dir = tempfile::tempdir().unwrap();
    let through = |(table, batch): (TableName, RecordBatch)| {
        let path = dir.path().join(table.name());
        std::fs::write(&path, encode(&batch)).unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let mask = needs.map_or_else(ProjectionMask::all, |needs| {
            let columns = columns_for(table, needs);
            ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str))
        });
        (table, builder.with_projection(mask).build().unwrap().collect::<Result<_, _>>().unwrap())
    };
    batches(rows).into_iter().map(through).collect()
}

fn encode(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn facts_of(tables: &Tables) -> FactTables<'_> {
    FactTables {
        calls: &tables[&TableName::Calls],
        turns: &tables[&TableName::Turns],
        stretches: &tables[&TableName::Stretches],
        entities: &tables[&TableName::Entities],
    }
}

/// Calls, in the order of tables.
fn some_calls(throws: &mut Throws, count: usize) -> Vec<Facts> {
    let mut all: Vec<Facts> = (0..count).map(|index| calls::call(throws, &format!("call {index}"))).collect();
    all.sort_by_key(|facts| (facts.call.metadata.agent_id.clone(), facts.call.call_id.clone()));
    all
}

fn rows(facts: &[Facts], plan: &Plan) -> Vec<Row> {
    facts.iter().map(|facts| Row { facts: facts.clone(), judged: Some(judged(facts, plan)) }).collect()
}

fn side(judged: &Judged) -> Side<'_> {
    Side { findings: &judged.judgement.findings, verdict: Some(judged.score.verdict), score: judged.score.score }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn facts_judge_alike_before_and_after_tables(numbers in prop::collection::vec(any::<u64>(), 0..1500)) {
        let mut throws = Throws::new(numbers);
        let plan = rules::plan(&mut throws);
        let all = some_calls(&mut throws, 3);
        let written = rows(&all, &plan);
        prop_assert_eq!(&read_facts(facts_of(&through_files(&written, None))).unwrap(), &all);
        let read = read_facts_for(facts_of(&through_files(&written, Some(plan.needs()))), plan.needs()).unwrap();
        for (before, after) in all.iter().zip(&read) {
            prop_assert_eq!(judge(before, &plan), judge(after, &plan));
        }
    }

    #[test]
    fn judging_again_writes_what_inspecting_would(numbers in prop::collection::vec(any::<u64>(), 0..1500)) {
        let mut throws = Throws::new(numbers);
        let (old, new) = (rules::plan(&mut throws), rules::plan(&mut throws));
        let all = some_calls(&mut throws, 4);
        let files = through_files(&rows(&all, &old), None);
        let calls = &files[&TableName::Calls][0];
        let again: Vec<Rejudged> =
            all.iter().map(|facts| Rejudged { judged: Some(judged(facts, &new)), changes: vec![] }).collect();
        let expected: BTreeMap<TableName, RecordBatch> = batches(&rows(&all, &new)).into_iter().collect();
        let got = judgement_batches(calls, &again).unwrap();
        let tables: Vec<TableName> = got.iter().map(|(table, _)| *table).collect();
        let of_facts = [TableName::Turns, TableName::Stretches, TableName::Entities];
        prop_assert_eq!(tables, TableName::PER_BATCH.into_iter().filter(|table| !of_facts.contains(table)).collect::<Vec<_>>());
        for (table, batch) in got {
            let columns: Vec<usize> = (0..expected[&table].num_columns()).collect();
            let judged = &columns[columns.len() - batch.num_columns()..];
            prop_assert!(table == TableName::Calls || judged.len() == columns.len());
            let expected = expected[&table].project(judged).unwrap();
            prop_assert_eq!(&batch, &expected);
            prop_assert_eq!(encode(&batch), encode(&expected), "{}", table.name());
        }
    }
}

/// Where only rules that have changed are asked, and the others say what they said, all is said that would be.
#[test]
fn what_rules_said_that_have_not_changed_is_kept() {
    let (mut all_rules, mut asked, mut kept) = (0, 0, 0);
    for seed in 0..400 {
        let mut throws = Throws::new(numbers(seed).collect());
        let [old, new, changed] = rules::plans_with_changes(&mut throws);
        let all = some_calls(&mut throws, 4);
        let files = through_files(&rows(&all, &old), None);
        let needs = changed.needs();
        let known = through_files(&rows(&all, &old), Some(needs));
        let read = read_facts_for(facts_of(&known), needs).unwrap();
        let evaluated = read_rules_evaluated(&files[&TableName::Calls][0]).unwrap();
        for ((facts, known), evaluated) in all.iter().zip(&read).zip(evaluated) {
            let call_id = &facts.call.call_id;
            let findings = rows_of(&files[&TableName::Findings], call_id, read_findings);
            let not_evaluated = rows_of(&files[&TableName::NotEvaluated], call_id, read_not_evaluated);
            let earlier = Earlier { findings, not_evaluated, evaluated: evaluated.unwrap_or_default() };
            let expected = judge(facts, &new);
            asked += changed.sets[0].ruleset().rules().count();
            all_rules += new.sets[0].ruleset().rules().count();
            let is_asked = |id: &str| changed.sets[0].ruleset().rules().any(|rule| rule.id == id);
            kept += expected.0.findings.iter().filter(|finding| !is_asked(&finding.rule)).count();
            assert_eq!(judge_again(known, &new, &changed, earlier), expected, "seed {seed}");
        }
    }
    let share = asked as f64 / all_rules as f64;
    assert!(kept > 20 && (0.25..0.75).contains(&share), "{kept} findings kept, {share} of the rules asked");
}

/// What a table says of a call, by its reader.
fn rows_of<T>(batches: &[RecordBatch], call_id: &str, read: Read<T>) -> Vec<T> {
    let rows = batches.iter().flat_map(|batch| read(batch).unwrap());
    rows.filter(|(of, _)| of == call_id).map(|(_, row)| row).collect()
}

type Read<T> = fn(&RecordBatch) -> Result<Vec<(String, T)>, TableError>;

/// A call by two plans: its changes are written and read back, with whose call it was.
#[test]
fn changes_are_written_and_read_back() {
    let mut told = 0;
    for seed in 0..60 {
        let mut throws = Throws::new(numbers(seed).collect());
        let (old, new) = (rules::plan(&mut throws), rules::plan(&mut throws));
        let all = some_calls(&mut throws, 4);
        let calls = &batches(&rows(&all, &old))[0].1;
        let again = |facts: &Facts| {
            let after = judged(facts, &new);
            let changes = changes(side(&judged(facts, &old)), side(&after));
            Rejudged { judged: Some(after), changes }
        };
        let again: Vec<Rejudged> = all.iter().map(again).collect();
        let tables = judgement_batches(calls, &again).unwrap();
        let read = read_verdict_changes(&tables.last().unwrap().1).unwrap();
        let expected: Vec<(String, VerdictChange)> = all
            .iter()
            .zip(&again)
            .flat_map(|(facts, again)| again.changes.iter().map(move |change| (facts, change.clone())))
            .map(|(Facts { call, .. }, change)| {
                let (agent_id, team) = (call.metadata.agent_id.clone(), call.metadata.team.clone());
                (call.call_id.clone(), VerdictChange { change, agent_id, team })
            })
            .collect();
        assert_eq!(read, expected);
        told += read.len();
    }
    assert!(told > 20, "other rules say other things: {told}");
}

/// What approved scripts and the card excuse is excused again, from the columns that the rules need alone.
#[test]
fn what_is_excused_is_excused_again() {
    let (mut by_script, mut by_card) = (0, 0);
    let plan = rules::excusing_plan();
    for seed in 0..40 {
        let mut throws = Throws::new(numbers(seed).collect());
        let all = some_calls(&mut throws, 4);
        let written = rows(&all, &plan);
        let read = read_facts_for(facts_of(&through_files(&written, Some(plan.needs()))), plan.needs()).unwrap();
        for (row, again) in written.iter().zip(&read) {
            let before = &row.judged.as_ref().unwrap().judgement.findings;
            assert_eq!(before, &judged(again, &plan).judgement.findings);
            let of = |kind: &str| {
                before.iter().filter(|one| one.excused_by.as_ref().is_some_and(|by| by.starts_with(kind))).count()
            };
            by_script += of("script ");
            by_card += of("excuse ");
        }
    }
    assert!(by_script > 10 && by_card > 10, "{by_script} by scripts, {by_card} by the card");
}

/// The rate of what may not have been said is not judged again either, from the columns that the rule needs alone.
#[test]
fn what_may_not_have_been_said_is_left_out_again() {
    let mut left_out = 0;
    let plan = rules::rate_plan();
    for seed in 0..40 {
        let mut throws = Throws::new(numbers(seed).collect());
        let all = some_calls(&mut throws, 4);
        let files = through_files(&rows(&all, &plan), Some(plan.needs()));
        let read = read_facts_for(facts_of(&files), plan.needs()).unwrap();
        for (before, after) in all.iter().zip(&read) {
            assert_eq!(judge(before, &plan), judge(after, &plan));
            let mut trusted = before.clone();
            trusted.turns.iter_mut().for_each(|turn| turn.suspect.clear());
            left_out += usize::from(judge(&trusted, &plan) != judge(before, &plan));
        }
    }
    assert!(left_out > 10, "{left_out}");
}

#[test]
fn calls_of_another_version_are_brought_up_to_date() {
    let mut throws = Throws::new((0..900).collect());
    let plan = rules::plan(&mut throws);
    let rows = rows(&some_calls(&mut throws, 2), &plan);
    let calls = &batches(&rows)[0].1;
    let facts = facts_of_calls(calls).unwrap();
    assert_eq!(facts, calls.project(&(0..fact_schema().fields().len()).collect::<Vec<_>>()).unwrap());
    let without = |name: &str| {
        let keep: Vec<usize> = (0..calls.num_columns()).filter(|&at| calls.schema().field(at).name() != name).collect();
        calls.project(&keep).unwrap()
    };
    for (name, reads) in
        [("engine_model", "null"), ("legs", "empty"), ("roles_confidence", "null"), ("vendor_measures", "null")]
    {
        assert_eq!(facts_of_calls(&without(name)).unwrap(), facts, "a column that was never written is {reads}");
    }
    assert_eq!(facts_of_calls(&without("status")).unwrap_err().code(), "missing_column");
}
