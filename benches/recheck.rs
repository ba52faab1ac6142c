//! What it costs to judge a call again, stage by stage; times are per call of 25 utterances.

#![expect(clippy::disallowed_methods, reason = "tables go through files")]

#[path = "recheck/calls.rs"]
mod calls;
#[path = "recheck/draw.rs"]
mod draw;
#[path = "recheck/sentences.rs"]
mod sentences;

use arrow::array::RecordBatch;
use callsift::batch::judged;
use callsift::facts::{Facts, Needs};
use callsift::finding::Finding;
use callsift::inspect::changes::{Side, changes};
use callsift::inspect::{Plan, judge};
use callsift::packs::{PackOptions, load};
use callsift::tables::{
    FactTables, Rejudged, Row, SCHEMA_VERSION, TableName, batches, columns_for, judgement_batches, read_facts_for,
    read_findings, read_verdicts,
};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Calls of a batch, as a run commits them.
const CALLS: usize = 256;

type Files = BTreeMap<TableName, PathBuf>;
type Tables = BTreeMap<TableName, Vec<RecordBatch>>;

fn rechecking(criterion: &mut Criterion) {
    let plan = load(&PackOptions::default()).expect("the shipped packs load").plan(None).expect("and compile");
    let real = real_sentences();
    for (name, with_word_times) in [("sentence times", false), ("word times", true)] {
        let facts = calls::calls(CALLS, with_word_times, &real);
        let rows: Vec<Row> = facts.iter().map(|facts| row(facts, &plan)).collect();
        let findings: usize =
            rows.iter().filter_map(|row| row.judged.as_ref()).map(|j| j.judgement.findings.len()).sum();
        assert!((CALLS / 20..CALLS * 3).contains(&findings), "some calls breach rules: {findings}");
        let dir = tempfile::tempdir().expect("room for files");
        time_stages(criterion.benchmark_group(format!("recheck, {name}")), &write(dir.path(), &rows), &rows, &plan);
    }
}

/// Times each stage by itself, then all of them.
fn time_stages(mut group: BenchmarkGroup<'_, WallTime>, files: &Files, rows: &[Row], plan: &Plan) {
    let needs = plan.needs();
    let tables = decode_all(files, needs);
    let facts = read(&tables, needs);
    let again = judge_again(&facts, &tables, plan);
    assert_unchanged(rows, &tables, &again);
    let mut stage = |name: &str, run: &mut dyn FnMut()| {
        group.bench_function(name, |bench| bench.iter_custom(|times| per_call(times, run)));
    };
    stage("decode", &mut || drop(black_box(decode_all(files, needs))));
    stage("read facts", &mut || drop(black_box(read(&tables, needs))));
    stage("judge", &mut || facts.iter().for_each(|facts| drop(black_box(judge(facts, plan)))));
    stage("judge and compare", &mut || drop(black_box(judge_again(&facts, &tables, plan))));
    let calls = &tables[&TableName::Calls][0];
    let batches = || judgement_batches(calls, &again).expect("tables of ours");
    stage("tables", &mut || drop(black_box(batches())));
    let batches = batches();
    stage("encode", &mut || batches.iter().for_each(|(table, rows)| drop(black_box(encode(*table, rows)))));
    stage("all", &mut || {
        let tables = decode_all(files, needs);
        let again = judge_again(&read(&tables, needs), &tables, plan);
        let batches = judgement_batches(&tables[&TableName::Calls][0], &again).expect("tables of ours");
        batches.into_iter().for_each(|(table, rows)| drop(black_box(encode(table, &rows))));
    });
    group.finish();
}

/// The same rules say the same of the facts that were read, and nothing changes.
fn assert_unchanged(rows: &[Row], tables: &Tables, again: &[Rejudged]) {
    let expected: BTreeMap<TableName, RecordBatch> = batches(rows).into_iter().collect();
    for (table, batch) in judgement_batches(&tables[&TableName::Calls][0], again).expect("tables of ours") {
        // Of `calls`, the columns of judgement alone, which are the last.
        let all = &expected[&table];
        let judged: Vec<usize> = (all.num_columns() - batch.num_columns()..all.num_columns()).collect();
        assert_eq!(batch, all.project(&judged).expect("columns that it has"));
    }
}

/// What the calls of `facts` are judged to be, and how that differs from what `tables` say.
fn judge_again(facts: &[Facts], tables: &Tables, plan: &Plan) -> Vec<Rejudged> {
    let mut findings: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for (call_id, finding) in read_findings(&tables[&TableName::Findings][0]).expect("tables of ours") {
        findings.entry(call_id).or_default().push(finding);
    }
    let verdicts = read_verdicts(&tables[&TableName::Calls][0]).expect("tables of ours");
    let again = facts.iter().zip(verdicts).map(|(facts, (call_id, before))| {
        let judged = judged(facts, plan);
        let after = Side {
            findings: &judged.judgement.findings,
            verdict: Some(judged.score.verdict),
            score: judged.score.score,
        };
        let before = Side {
            findings: findings.get(&call_id).map_or(&[], Vec::as_slice),
            verdict: before.as_ref().map(|before| before.verdict),
            score: before.and_then(|before| before.score),
        };
        let changes = changes(before, after);
        Rejudged { judged: Some(judged), changes }
    });
    again.collect()
}

fn row(facts: &Facts, plan: &Plan) -> Row {
    Row { facts: facts.clone(), judged: Some(judged(facts, plan)) }
}

fn write(dir: &Path, rows: &[Row]) -> Files {
    let written = batches(rows).into_iter().map(|(table, rows)| {
        let path = dir.join(table.name());
        std::fs::write(&path, encode(table, &rows)).expect("room for files");
        (table, path)
    });
    written.collect()
}

/// How long `times` runs over all calls take, for one call: time on the processor, where the system tells it, so that
/// other work on the machine does not count.
fn per_call(times: u64, run: &mut dyn FnMut()) -> Duration {
    let (started, on_processor) = (Instant::now(), on_processor());
    (0..times).for_each(|_| run());
    let spent = on_processor.zip(self::on_processor()).map(|(before, after)| after - before);
    spent.unwrap_or_else(|| started.elapsed()) / CALLS as u32
}

/// What this thread has had of a processor, as Linux counts it.
fn on_processor() -> Option<Duration> {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    counted.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn read(tables: &Tables, needs: Needs) -> Vec<Facts> {
    let of = |table| tables.get(&table).map_or(&[][..], Vec::as_slice);
    let tables = FactTables {
        calls: of(TableName::Calls),
        turns: of(TableName::Turns),
        stretches: of(TableName::Stretches),
        entities: of(TableName::Entities),
    };
    read_facts_for(tables, needs).expect("the tables are whole")
}

/// The tables of facts as far as they are needed, and the findings of before.
fn decode_all(files: &Files, needs: Needs) -> Tables {
    let mut tables = Tables::new();
    for table in [TableName::Calls, TableName::Turns, TableName::Stretches, TableName::Entities] {
        let columns = columns_for(table, needs);
        if !columns.is_empty() {
            tables.insert(table, decode(&files[&table], Some(&columns)));
        }
    }
    tables.insert(TableName::Findings, decode(&files[&TableName::Findings], None));
    tables
}

fn decode(file: &Path, columns: Option<&[String]>) -> Vec<RecordBatch> {
    let file = File::open(file).expect("a file that was written");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("a Parquet file");
    let mask = columns.map_or_else(ProjectionMask::all, |columns| {
        ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str))
    });
    let rows = builder.metadata().file_metadata().num_rows() as usize;
    let reader = builder.with_projection(mask).with_batch_size(rows.clamp(1, 1 << 16)).build();
    reader.expect("a Parquet file").collect::<Result<_, _>>().expect("whole pages")
}

/// As a dataset writes its files.
fn encode(table: TableName, rows: &RecordBatch) -> Vec<u8> {
    let version = KeyValue::new("schema_version".to_owned(), SCHEMA_VERSION.to_string());
    let properties = WriterProperties::builder()
        .set_key_value_metadata(Some(vec![version]))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_bytes(None)
        .set_dictionary_enabled(false);
    let with = |properties: parquet::file::properties::WriterPropertiesBuilder, column: String| {
        properties.set_column_dictionary_enabled(ColumnPath::from(column), true)
    };
    let properties = table.dictionary_columns().into_iter().fold(properties, with).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).expect("a schema of ours");
    writer.write(rows).expect("rows of that schema");
    writer.into_inner().expect("in memory")
}

/// Harmless dialogue to mix in, where the corpora are there.
fn real_sentences() -> Vec<String> {
    let path = std::env::var("CALLSIFT_CORPORA").unwrap_or_else(|_| "../shared/corpora".to_owned());
    let Ok(reader) = csv::Reader::from_path(format!("{path}/neutral-text/crosswoz-zh.csv")) else {
        return Vec::new();
    };
    reader.into_records().filter_map(|record| Some(record.ok()?.get(2)?.to_owned())).collect()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    targets = rechecking
}
criterion_main!(benches);
