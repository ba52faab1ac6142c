//! Whenever a writer dies, every call is in the dataset once or not at all, and the same commit finishes the work.

#![expect(clippy::disallowed_methods, reason = "looks at a dataset as a plain reader does")]

use super::batch::Batch;
use super::open::Dataset;
use super::throws::Throws;
use crate::storage::Folder;
use crate::tables::{Row, TableName};
use std::collections::BTreeMap;
use std::path::Path;

const NEVER: i64 = i64::MAX;

/// Two calls of one day, named after `seed`.
fn rows(seed: u64) -> Vec<Row> {
    let row = |at: u64| {
        let mut row = Throws::seeded(seed * 10 + at).row(&format!("call {seed}-{at}"));
        row.facts.call.metadata.started_at = None;
        row
    };
    vec![row(1), row(2)]
}

fn batch<'a>(rows: &'a [Row], run: &'a str) -> Batch<'a> {
    Batch { run, rows, ruleset_hash: "rules", tool_version: "0.1.0", settings: "none" }
}

/// A dataset whose writer dies at the change after `changes` more.
fn open(dir: &Path, changes: i64) -> Result<Dataset, super::error::DatasetError> {
    let folder = Folder::at(dir);
    folder.fuse.set(changes);
    Dataset::open_in(folder)
}

/// How many rows each table has, as a plain reader sees it: every file that ends in `.parquet`.
fn plain_rows(dir: &Path) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "parquet") {
            let file = std::fs::File::open(entry.path()).unwrap();
            let batches = super::parquet_file::decode(file, "a file", None).unwrap();
            let table = entry.path().strip_prefix(dir).unwrap().iter().next().unwrap().to_str().unwrap().to_owned();
            *counts.entry(table).or_default() += batches.iter().map(|batch| batch.num_rows()).sum::<usize>();
        }
    }
    counts
}

/// How many rows each table has once all of `batches` are committed.
fn all_rows(batches: &[&[Row]]) -> BTreeMap<String, usize> {
    let rows: Vec<Row> = batches.iter().flat_map(|rows| rows.to_vec()).collect();
    let tables = crate::tables::batches(&rows).into_iter();
    tables.map(|(table, batch)| (table.name().to_owned(), batch.num_rows())).collect()
}

/// Commits `second` in the dataset `dir` that a writer left behind, and checks that nothing is lost or there twice.
fn check_and_finish(dir: &Path, first: &[Row], second: &[Row], when: &str) {
    let before = plain_rows(dir);
    let all = all_rows(&[first, second]);
    assert!(before.iter().all(|(table, rows)| *rows <= all[table]), "{when}: a plain reader sees rows twice");

    let dataset = open(dir, NEVER).unwrap();
    let committed = dataset.committed_calls().unwrap().len();
    assert!(committed == 2 || committed == 4, "{when}: {committed} calls, so a batch is there in part");
    let seen: &[&[Row]] = if committed == 2 { &[first] } else { &[first, second] };
    assert_eq!(plain_rows(dir), all_rows(seen), "{when}: a plain reader sees what is not committed, or misses what is");
    if committed == 2 {
        // The next run need not make the same batches; what the dead one left must not stay beside them.
        for row in second {
            assert!(dataset.commit(&batch(std::slice::from_ref(row), "next")).unwrap().is_new, "{when}");
        }
    } else {
        assert!(!dataset.commit(&batch(second, "next")).unwrap().is_new, "{when}");
    }
    drop(dataset);

    assert_eq!(plain_rows(dir), all, "{when}");
    let dataset = open(dir, NEVER).unwrap();
    assert_eq!(dataset.committed_calls().unwrap().len(), 4, "{when}");
    assert_eq!(dataset.strays().unwrap(), [""; 0], "{when}");
    assert_eq!(dataset.folder.list("_tmp").unwrap(), [], "{when}: drafts are left");
    let batches = dataset.committed_batches().unwrap();
    let calls = batches.iter().map(|batch| dataset.read_facts(batch).unwrap().len()).sum::<usize>();
    assert_eq!(calls, 4, "{when}");
}

/// A dataset with `first` committed, and `second` killed after `changes` changes; whether it got through.
fn killed(dir: &Path, first: &[Row], second: &[Row], changes: i64) -> bool {
    let dataset = open(dir, NEVER).unwrap();
    dataset.commit(&batch(first, "dead")).unwrap();
    dataset.folder.fuse.set(changes);
    dataset.commit(&batch(second, "dead")).is_ok()
}

#[test]
fn a_commit_killed_at_any_change_is_whole_or_not_there() {
    let (first, second) = (rows(1), rows(2));
    for changes in 0.. {
        let dir = tempfile::tempdir().unwrap();
        let got_through = killed(dir.path(), &first, &second, changes);
        check_and_finish(dir.path(), &first, &second, &format!("killed at change {changes}"));
        if got_through {
            // 7 drafts, the record, 7 renames, 7 folders, the mark: fewer changes would not be the protocol.
            assert!(changes >= 23, "only {changes} changes");
            return;
        }
    }
}

#[test]
fn finishing_a_commit_may_be_killed_too() {
    let (first, second) = (rows(1), rows(2));
    for changes in [11, 16, 21] {
        for more in 0.. {
            let dir = tempfile::tempdir().unwrap();
            let got_through = killed(dir.path(), &first, &second, changes);
            assert!(!got_through, "{changes} changes are a whole commit");
            let opened = open(dir.path(), more).is_ok();
            check_and_finish(dir.path(), &first, &second, &format!("killed at {changes}, then at {more}"));
            if opened {
                break;
            }
        }
    }
}

#[test]
fn making_a_dataset_may_be_killed() {
    for changes in 0.. {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("new/results");
        let opened = open(&dir, changes).is_ok();
        assert_eq!(open(&dir, NEVER).unwrap().committed_calls().unwrap().len(), 0, "killed at change {changes}");
        if opened {
            return;
        }
    }
}

#[test]
fn a_commit_that_failed_is_finished_by_the_same_process() {
    let (first, second) = (rows(1), rows(2));
    for changes in [3, 12, 20] {
        let dir = tempfile::tempdir().unwrap();
        let dataset = open(dir.path(), NEVER).unwrap();
        dataset.commit(&batch(&first, "run")).unwrap();
        dataset.folder.fuse.set(changes);
        dataset.commit(&batch(&second, "run")).unwrap_err();
        dataset.folder.fuse.set(NEVER);
        dataset.commit(&batch(&second, "run")).unwrap();
        assert_eq!(dataset.committed_calls().unwrap().len(), 4);
        assert_eq!(plain_rows(dir.path()), all_rows(&[&first, &second]));
    }
}

#[test]
fn rules_and_runs_killed_at_any_change_are_whole_or_not_there() {
    for changes in 0.. {
        let dir = tempfile::tempdir().unwrap();
        let dataset = open(dir.path(), NEVER).unwrap();
        let about = serde_json::Map::from_iter([("calls".to_owned(), 2.into())]);
        dataset.start_run("run", &about).unwrap();
        dataset.folder.fuse.set(changes);
        let wrote = dataset.write_rules("hash", &[]).and_then(|_| dataset.finish_run("run", &about));
        drop(dataset);

        let run = std::fs::read(dir.path().join("runs/run.json")).unwrap();
        let run: serde_json::Value = serde_json::from_slice(&run).unwrap();
        assert_eq!(run["status"], if wrote.is_ok() { "done" } else { run["status"].as_str().unwrap() });
        let dataset = open(dir.path(), NEVER).unwrap();
        let is_there = dir.path().join("rules/hash.parquet").exists();
        assert_eq!(dataset.write_rules("hash", &[]).unwrap(), !is_there, "killed at change {changes}");
        assert_eq!(dataset.read_rules("hash").unwrap(), []);
        if wrote.is_ok() {
            return;
        }
    }
}

#[test]
fn files_that_no_commit_names_are_reported_and_left() {
    let first = rows(1);
    let dir = tempfile::tempdir().unwrap();
    let dataset = open(dir.path(), NEVER).unwrap();
    dataset.commit(&batch(&first, "run")).unwrap();
    let stray = format!("{}/date=2026-11-20/0123456789abcdef.parquet", TableName::Turns.name());
    dataset.folder.create_folder("turns/date=2026-11-20").unwrap();
    dataset.folder.write(&stray, b"not ours").unwrap();
    dataset.folder.write("calls/notes.txt", b"not ours").unwrap();
    drop(dataset);

    let dataset = open(dir.path(), NEVER).unwrap();
    assert_eq!(dataset.strays().unwrap(), ["calls/notes.txt", &stray]);
    assert_eq!(dataset.committed_calls().unwrap().len(), 2);
    assert!(dir.path().join(stray).exists());
}

#[test]
fn a_record_is_believed_only_if_it_is_one() {
    let name = "0123456789abcdef";
    let cases = [
        ("", "damaged"),
        ("{}", "damaged"),
        (r#"{"run":"../x","add":[],"remove":[]}"#, "bad_name"),
        (r#"{"run":"x","add":[],"remove":["calls/a"]}"#, "newer"),
        (r#"{"run":"x","add":[{"path":"../../a","size":1,"hash":""}],"remove":[]}"#, "damaged"),
        (
            r#"{"run":"x","add":[{"path":"calls/date=2026-11-20/0123456789abcdef.parquet","size":9,"hash":""}],"remove":[]}"#,
            "damaged",
        ),
    ];
    for (json, code) in cases {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("_commits")).unwrap();
        std::fs::write(dir.path().join(format!("_commits/{name}.json")), json).unwrap();
        let error = open(dir.path(), NEVER).unwrap_err();
        assert_eq!(error.code(), code, "{json}: {error}");
    }
}

#[test]
fn what_was_committed_and_is_gone_is_missed() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = open(dir.path(), NEVER).unwrap();
    dataset.commit(&batch(&rows(1), "run")).unwrap();
    std::fs::remove_dir_all(dir.path().join("calls")).unwrap();
    assert_eq!(dataset.committed_calls().unwrap_err().code(), "damaged");
}
