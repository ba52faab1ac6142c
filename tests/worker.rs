//! Calls from a stream of Arrow and into one: what a worker writes is what a run writes, whoever dies meanwhile.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use arrow::array::{ArrayRef, AsArray, ListArray, RecordBatch, StringArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use callsift::tables::{TableName, unnested};
use common::said::{Said, add, assert_same, of_dataset, text};
use common::{call_wav, callsift, stderr, stdout, transcript, write};
use serde_json::Value;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const COLUMNS: [&str; 7] =
    ["call_id", "recording", "transcript", "started_at", "agent_id", "customer_id", "callee_role"];

/// The lines of a manifest of `calls` calls, which it makes in `folder`, with the manifest.
fn make_calls(folder: &Path, calls: usize) -> Vec<[String; COLUMNS.len()]> {
    let said = ["您好,这里是云杉银行。", "再不还款我们会派人到你家里。", "你这个老赖。", "请说。"];
    let sound = call_wav(16.0);
    let lines: Vec<[String; COLUMNS.len()]> = (0..calls)
        .map(|call| {
            let (recording, text) = (format!("rec/{call}.wav"), format!("text/{call}.json"));
            write(&folder.join(&recording), &sound);
            write(&folder.join(&text), transcript(&[(0, 500, 5_000, said[call % 4]), (1, 5_500, 10_500, "好")]));
            // The last has no date, and its file is no recording.
            let start = format!("2026-11-{}T09:{:02}:00+08:00", 10 + call % 3, call % 60);
            let start = if call + 1 == calls { String::new() } else { start };
            let (agent, customer) = (format!("agent-{}", call % 3), format!("c-{}", call % 4));
            [format!("call-{call}"), recording, text, start, agent, customer, "debtor".into()]
        })
        .collect();
    write(&folder.join(format!("rec/{}.wav", calls - 1)), "no sound");
    let manifest = lines.iter().map(|line| line.join(",")).collect::<Vec<_>>().join("\n");
    write(&folder.join("manifest.csv"), format!("{}\n{manifest}\n", COLUMNS.join(",")));
    lines
}

fn texts<'a>(cells: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(cells.map(|cell| (!cell.is_empty()).then_some(cell)).collect::<StringArray>())
}

/// Lines as a record batch, with the earlier calls of each customer among `lines` as a job would join them to it.
fn batch(lines: &[[String; COLUMNS.len()]], all: &[[String; COLUMNS.len()]]) -> RecordBatch {
    let earlier = ["call_id", "started_at", "callee_role"];
    let place = |name: &str| COLUMNS.iter().position(|column| *column == name).expect("a column");
    let (start, customer) = (place("started_at"), place("customer_id"));
    let is_earlier = |other: &[String; COLUMNS.len()], line: &[String; COLUMNS.len()]| {
        other[customer] == line[customer] && !other[start].is_empty() && other[start] < line[start]
    };
    let lists: Vec<Vec<_>> =
        lines.iter().map(|line| all.iter().filter(|other| is_earlier(other, line)).collect()).collect();
    let structs = earlier.map(|name| texts(lists.iter().flatten().map(|other| other[place(name)].as_str())));
    let fields: Fields = earlier.map(|name| Field::new(name, DataType::Utf8, true)).into_iter().collect();
    let structs: ArrayRef = Arc::new(StructArray::new(fields.clone(), structs.into(), None));
    let element = Arc::new(Field::new("item", DataType::Struct(fields), true));
    let offsets = OffsetBuffer::from_lengths(lists.iter().map(Vec::len));
    let lists: ArrayRef = Arc::new(ListArray::new(element, offsets, structs, None));
    let columns = COLUMNS
        .iter()
        .enumerate()
        .map(|(place, name)| (*name, texts(lines.iter().map(|line| line[place].as_str())), true));
    RecordBatch::try_from_iter_with_nullable(columns.chain([("prior_calls", lists, true)])).expect("a batch")
}

fn stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).expect("a schema");
    batches.iter().for_each(|batch| writer.write(batch).expect("written"));
    writer.finish().expect("ended");
    writer.into_inner().expect("bytes")
}

fn worker(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callsift"));
    command.arg("worker").args(["--recordings", "."]).args(more).current_dir(folder);
    command.envs([("NO_COLOR", "1"), ("LC_ALL", "C")]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it with `input`, all of which it is given before anything is read.
fn fed(mut command: Command, input: &[u8]) -> Output {
    let mut child = command.spawn().expect("it starts");
    let mut to = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        // Where it ends early, there is nobody to write to.
        scope.spawn(move || drop(to.write_all(input)));
        child.wait_with_output().expect("it ends")
    })
}

fn rows_of(output: &Output) -> Vec<RecordBatch> {
    assert!(output.status.success(), "{:?}: {}", output.status, stderr_of(output));
    let reader = StreamReader::try_new(output.stdout.as_slice(), None).expect("a stream");
    reader.collect::<Result<_, _>>().expect("batches")
}

fn stderr_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn of_worker(batches: &[RecordBatch]) -> Said {
    let mut said = Said::new();
    for tables in batches.iter().flat_map(|batch| unnested(batch).expect("tables")) {
        tables.iter().for_each(|(table, rows)| add(*table, rows, &mut said));
    }
    said
}

/// Calls in a folder, and what a plain run says of them.
fn site(calls: usize) -> (tempfile::TempDir, Vec<[String; COLUMNS.len()]>, Said) {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = make_calls(folder.path(), calls);
    let run = callsift(folder.path(), &["inspect", ".", "--out", "out", "--max-failed", "100%"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let plain = of_dataset(&folder.path().join("out"));
    (folder, lines, plain)
}

#[test]
fn a_worker_writes_what_a_run_writes() {
    let (folder, lines, plain) = site(9);
    let dates: Vec<Option<&str>> = lines.iter().map(|line| line[3].get(..10)).collect();
    for (threads, rows, at_a_time) in [("1", "16", 9), ("2", "3", 4)] {
        let batches: Vec<RecordBatch> = lines.chunks(at_a_time).map(|some| batch(some, &lines)).collect();
        let output = fed(worker(folder.path(), &["--threads", threads, "--rows", rows]), &stream(&batches));
        let batches = rows_of(&output);
        let column = |name: &str| -> Vec<Option<String>> {
            let shown = |batch: &RecordBatch| {
                let column = arrow::compute::cast(batch.column_by_name(name).expect("a column"), &DataType::Utf8);
                column.expect("text").as_string::<i32>().iter().map(|it| it.map(str::to_owned)).collect::<Vec<_>>()
            };
            batches.iter().flat_map(shown).collect()
        };
        let ids: Vec<Option<String>> = lines.iter().map(|line| Some(line[0].clone())).collect();
        assert_eq!(column("call_id"), ids, "in their order");
        assert_eq!(column("date"), dates.iter().map(|it| it.map(str::to_owned)).collect::<Vec<_>>());
        assert_same(&of_worker(&batches), &plain);
    }
    assert!(plain.keys().any(|(table, _)| *table == "findings"), "something is found");
    let earlier =
        |rows: &RecordBatch| rows.column_by_name("prior_calls").expect("a column").as_list::<i32>().value_length(0);
    assert!(plain.iter().any(|((table, _), rows)| *table == "calls" && earlier(rows) > 0), "calls have earlier ones");
}

#[test]
fn whoever_waits_for_each_row_gets_it() {
    let (folder, lines, plain) = site(3);
    let mut child = worker(folder.path(), &["--parent", &std::process::id().to_string()]).spawn().expect("it starts");
    let (to, from) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let mut writer = StreamWriter::try_new(to, &batch(&lines, &lines).schema()).expect("a schema");
    let mut reader = StreamReader::try_new(from, None).expect("the schema comes before any row");
    let mut answers = Vec::new();
    for line in lines.chunks(1) {
        writer.write(&batch(line, &lines)).expect("written");
        writer.flush().expect("flushed");
        answers.push(reader.next().expect("a row").expect("whole"));
    }
    writer.finish().expect("ended");
    drop(writer);
    assert!(reader.next().is_none());
    assert!(child.wait().expect("it ends").success());
    assert_same(&of_worker(&answers), &plain);
}

#[test]
fn a_recording_that_kills_is_put_aside_and_the_others_go_on() {
    let (folder, lines, mut plain) = site(8);
    let mut command = worker(folder.path(), &["--rows", "4", "--heartbeat", "100ms"]);
    // Milliseconds are no unit: the flag is refused before anything is read.
    assert_eq!(fed(command, b"").status.code(), Some(2));
    command = worker(folder.path(), &["--rows", "4", "--heartbeat", "1s"]);
    command.env("CALLSIFT_CRASH_AT", "call-5");
    let output = fed(command, &stream(&[batch(&lines, &lines)]));
    let rows = rows_of(&output);
    let mut said = of_worker(&rows);
    let aside = said.remove(&("calls", "call-5".to_owned())).expect("its row");
    assert_eq!([text(&aside, "status"), text(&aside, "error_code")], ["failed", "crashed_tool"]);
    for tables in [&mut said, &mut plain] {
        tables.retain(|(_, call), _| call != "call-5");
    }
    assert_same(&said, &plain);
    let told = stderr_of(&output);
    assert!(told.contains("call call-5 killed the process that inspects 2 times"), "{told}");
    let beat = told.lines().rev().find(|line| line.starts_with('{')).expect("a heartbeat");
    let beat: Value = serde_json::from_str(beat).expect("JSON");
    assert!(beat["rows_in"].as_u64() <= Some(8) && beat["callsift_worker"] == "alive", "{beat}");
}

#[cfg(target_os = "linux")]
mod processes {
    use super::*;

    /// Processes whose parent is `parent`.
    fn children(parent: u32) -> Vec<u32> {
        let processes = std::fs::read_dir("/proc").expect("listed").filter_map(|entry| {
            let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let of: u32 = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
            (of == parent).then_some(pid)
        });
        processes.collect()
    }

    fn waited<T>(mut look: impl FnMut() -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it does not come");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn kill(pid: u32) {
        assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill runs").success());
    }

    fn is_alive(pid: u32) -> bool {
        // One that nobody waited for is dead too.
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with('Z'))
    }

    fn started(folder: &Path, input: &[u8]) -> (Child, std::process::ChildStdin) {
        let mut child = worker(folder, &["--rows", "2", "--heartbeat", "0"]).spawn().expect("it starts");
        let mut to = child.stdin.take().expect("a pipe");
        to.write_all(input).expect("written");
        (child, to)
    }

    #[test]
    fn one_that_is_killed_loses_nothing() {
        let (folder, lines, plain) = site(8);
        let whole = stream(&[batch(&lines, &lines)]);
        let (mut child, to) = started(folder.path(), &whole);
        let inspecting = waited(|| children(child.id()).first().copied());
        let mut from = child.stdout.take().expect("a pipe");
        // The schema and a first row are there: it is in the middle.
        let mut bytes = vec![0; 1 << 16];
        from.read_exact(&mut bytes[..1]).expect("something comes");
        kill(inspecting);
        drop(to);
        bytes.truncate(1);
        from.read_to_end(&mut bytes).expect("the rest");
        assert!(child.wait().expect("it ends").success());
        let rows: Vec<RecordBatch> =
            StreamReader::try_new(bytes.as_slice(), None).expect("a stream").collect::<Result<_, _>>().expect("rows");
        assert_same(&of_worker(&rows), &plain);
    }

    #[test]
    fn nobody_is_left_behind() {
        let (folder, lines, _) = site(6);
        // Without its end, the worker waits for more.
        let whole = stream(&[batch(&lines, &lines)]);
        let (mut child, _to) = started(folder.path(), &whole[..whole.len() - 8]);
        let inspecting = waited(|| children(child.id()).first().copied());
        kill(child.id());
        child.wait().expect("it is dead");
        waited(|| (!is_alive(inspecting)).then_some(()));
    }

    #[test]
    fn a_worker_whose_parent_is_gone_does_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = fed(worker(folder.path(), &["--parent", "1"]), b"");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(74), 0), "{}", stderr_of(&output));
    }
}

#[test]
fn what_is_wrong_is_told_by_code_and_sentence() {
    let (folder, lines, _) = site(4);
    let (at, whole) = (folder.path(), stream(&[batch(&lines, &lines)]));
    let mut odd = lines.clone();
    odd[2][6] = "neighbour".into();
    let plain = |names: &[&str]| {
        let columns = names.iter().map(|name| (*name, texts(["x"].into_iter()), true));
        stream(&[RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")])
    };
    let numbers: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![1]));
    let ids = || texts(["x"].into_iter());
    let no_list = RecordBatch::try_from_iter([("call_id", ids()), ("recording", ids()), ("prior_calls", numbers)]);
    let (cut, no_list) = (whole[..whole.len() - 8].to_vec(), stream(&[no_list.expect("a batch")]));
    type Case<'a> = (&'a str, Vec<u8>, &'a [&'a str], i32, &'a str);
    let cases: [Case<'_>; 9] = [
        ("cut at its end", cut, &[], 74, "it has no end-of-stream mark"),
        ("cut in a message", whole[..whole.len() / 2].to_vec(), &[], 74, "it has no end-of-stream mark"),
        ("nothing", Vec::new(), &[], 74, "it has no end-of-stream mark"),
        ("no Arrow", b"call_id,recording\n".to_vec(), &[], 2, "no Arrow IPC stream"),
        ("a wrong value", stream(&[batch(&odd, &lines)]), &[], 2, "standard input:row 3: callee_role \"neighbour\""),
        ("no ids", plain(&["recording"]), &[], 2, "the column call_id is missing"),
        ("no files", plain(&["call_id", "team"]), &[], 2, "recording and transcript are both missing"),
        ("earlier calls of another type", no_list, &[], 2, "the column prior_calls is of type Int64"),
        ("no such rules", whole.clone(), &["--rules", "nowhere"], 2, "nowhere"),
    ];
    for (name, input, flags, code, sentence) in cases {
        let output = fed(worker(at, flags), &input);
        let told = stderr_of(&output);
        assert_eq!(output.status.code(), Some(code), "{name}: {told}");
        assert!(told.contains(sentence), "{name}: {told}");
        assert!(!output.stdout.ends_with(&[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]), "{name}: what was written has an end");
    }
    let mut closed = worker(at, &[]).spawn().expect("it starts");
    drop(closed.stdout.take());
    let mut to = closed.stdin.take().expect("a pipe");
    drop(to.write_all(&whole));
    drop(to);
    assert_eq!(closed.wait().expect("it ends").code(), Some(74), "nobody reads");
}

const PACK: &str = r#"
id          = "more"
title       = "新规则"
description = "一条新规则。"
language    = "zh"
owner       = "合规部"
counsel     = "仅供测试。"
"#;

const RULE: &str = r#"
id        = "more.name-of-bank"
title     = "报行名"
status    = "active"
severity  = "minor"
category  = "承诺"
owner     = "合规部"
revision  = 1
languages = ["zh"]
what      = "坐席报出行名。"
why       = "测试用。"
misses    = "没有。"
sources   = [{ cite = "测试用", confidence = "ours" }]

[look_for.name]
speaker   = "agent"
words     = ["云杉银行"]

[report]
when      = "name"
message   = "报行名：“{quote}”"
advice    = "无。"

[[example]]
name      = "报了"
report    = true
call      = """
00:00  agent     您好，这里是云杉银行。
"""

[[example]]
name      = "没报"
report    = false
call      = """
00:00  agent     您好。
"""
"#;

#[test]
fn calls_are_judged_again_from_what_was_written() {
    let (folder, lines, plain) = site(6);
    let at = folder.path();
    let input = stream(&[batch(&lines, &lines)]);
    let written = rows_of(&fed(worker(at, &[]), &input));
    let same = rows_of(&fed(worker(at, &["--recheck", "--in-force", "own-day"]), &stream(&written)));
    assert_same(&of_worker(&same), &plain);
    write(&at.join("more/pack.toml"), PACK);
    write(&at.join("more/name-of-bank.toml"), RULE);
    let others = ["--rules", "more"];
    let recheck = callsift(at, &[&["recheck", "out", "--out", "earlier"][..], &others].concat());
    assert!(recheck.status.success(), "{}", stderr(&recheck));
    let again = rows_of(&fed(worker(at, &[&["--recheck"][..], &others].concat()), &stream(&written)));
    let (again, expected) = (of_worker(&again), of_dataset(&at.join("earlier")));
    assert_same(&again, &expected);
    assert!(again.keys().any(|(table, _)| *table == "verdict_changes"), "another rule says something more");
}

#[test]
fn other_engines_write_the_same_tables_otherwise() {
    let (folder, lines, plain) = site(5);
    let written = rows_of(&fed(worker(folder.path(), &[]), &stream(&[batch(&lines, &lines)])));
    let loose: Vec<RecordBatch> = written.iter().map(|batch| loosened(batch, "Asia/Shanghai")).collect();
    assert_ne!(loose[0].schema(), written[0].schema());
    let again = fed(worker(folder.path(), &["--recheck", "--in-force", "own-day"]), &stream(&loose));
    assert_same(&of_worker(&rows_of(&again)), &plain);
}

/// The batch as another engine would have it: everything may be null, elements are called `item`, times have another zone, and columns stand
/// in another order.
fn loosened(batch: &RecordBatch, zone: &str) -> RecordBatch {
    fn kind(of: &DataType, zone: &str) -> DataType {
        match of {
            DataType::List(element) => {
                DataType::List(Arc::new(Field::new("item", kind(element.data_type(), zone), true)))
            }
            DataType::Struct(fields) => DataType::Struct(
                fields.iter().map(|it| Field::new(it.name(), kind(it.data_type(), zone), true)).collect(),
            ),
            DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some(zone.into())),
            other => other.clone(),
        }
    }
    let schema = batch.schema();
    let fields: Vec<Field> =
        schema.fields().iter().rev().map(|it| Field::new(it.name(), kind(it.data_type(), zone), true)).collect();
    let column = |field: &Field| {
        let own = batch.column_by_name(field.name()).expect("a column");
        arrow::compute::cast(own, field.data_type()).expect("the same values")
    };
    let columns = fields.iter().map(column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch")
}

#[test]
fn the_protocol_is_described() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = callsift(folder.path(), &["describe", "--rules-table", "rules"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let described: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(described["protocol"], 1);
    let columns: Vec<&str> = described["output"]["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .filter_map(|column| column["name"].as_str())
        .collect();
    let tables = TableName::PER_BATCH.map(TableName::name);
    assert_eq!(columns, [&["call_id", "date"][..], &tables].concat());
    let hash = described["ruleset_hash"].as_str().expect("a hash");
    make_calls(folder.path(), 1);
    callsift(folder.path(), &["inspect", ".", "--out", "out", "--max-failed", "1"]);
    let table = |at: &str| std::fs::read(folder.path().join(format!("{at}/{hash}.parquet"))).expect("the table");
    assert_eq!(table("rules"), table("out/rules"), "as a dataset has it");
}
