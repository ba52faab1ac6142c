//! Whenever a writer dies, or the power goes, a dataset holds what it held before or what it was to hold: at once for
//! callsift's own readers, after the next start for every reader. And the same work done again finishes it.

#![expect(clippy::disallowed_methods, reason = "looks at a dataset as a plain reader does")]

use super::batch::Batch;
use super::error::DatasetError;
use super::forget::Whose;
use super::open::Dataset;
use super::snapshot::Snapshot;
use super::throws::Throws;
use crate::recording::StartedAt;
use crate::storage::Folder;
use crate::tables::{Row, TableName};
use arrow::array::RecordBatch;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

const NEVER: i64 = i64::MAX;
const DAY_US: i64 = 86_400_000_000;

/// How often each row is in each table, rows told apart by a few of their columns.
pub(super) type Content = BTreeMap<String, BTreeMap<String, usize>>;

/// Columns that tell rows, and versions of a row, apart.
pub(super) fn columns() -> Vec<String> {
    ["call_id", "metadata_sha256", "file_sha256", "turn", "text", "start_ms", "value", "finding_id", "item", "rule"]
        .map(str::to_owned)
        .into()
}

/// The call `id` of the day `day`, its content by `seed`.
pub(super) fn row(id: &str, day: i64, seed: u64) -> Row {
    let mut row = Throws::seeded(seed).row(id);
    row.facts.call.metadata.started_at = Some(StartedAt { timestamp_us: day * DAY_US, utc_offset_min: 0 });
    row.facts.call.metadata.customer_id = Some(format!("customer of {id}"));
    row
}

pub(super) fn commit(dataset: &Dataset, rows: &[Row]) -> Result<(), DatasetError> {
    let stamps = vec![7; rows.len()];
    dataset.commit(&Batch { rows, stamps: &stamps, force: false }).map(drop)
}

/// A dataset whose writer dies at the change after `changes` more.
fn open(dir: &Path, run: &str, changes: i64) -> Result<Dataset, DatasetError> {
    let folder = Folder::local(dir);
    folder.as_local().fuse.set(changes);
    Dataset::open_in(folder, run)
}

pub(super) fn add(content: &mut Content, table: &str, batches: &[RecordBatch]) {
    let rows = content.entry(table.to_owned()).or_default();
    for batch in batches {
        for place in 0..batch.num_rows() {
            *rows.entry(format!("{:?}", batch.slice(place, 1).columns())).or_default() += 1;
        }
    }
}

/// What a plain reader sees: every file that ends in `.parquet`, wherever it is.
fn plain(dir: &Path) -> Content {
    let mut content: Content = TableName::PER_BATCH.map(|table| (table.name().to_owned(), BTreeMap::new())).into();
    for entry in walkdir::WalkDir::new(dir).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "parquet") {
            let file = std::fs::File::open(entry.path()).unwrap();
            let rows = super::parquet_file::decode(file, "a file", Some(&columns())).unwrap();
            let batches: Vec<_> = rows.map(Result::unwrap).collect();
            let table = entry.path().strip_prefix(dir).unwrap().iter().next().unwrap().to_str().unwrap();
            add(&mut content, table, &batches);
        }
    }
    content
}

/// What callsift's own readers see.
fn own(dir: &Path) -> Content {
    content_of(&Snapshot::open(dir).unwrap())
}

pub(super) fn content_of(snapshot: &Snapshot) -> Content {
    let mut content = Content::new();
    for table in TableName::PER_BATCH {
        content.entry(table.name().to_owned()).or_default();
        for batch in snapshot.batches() {
            add(&mut content, table.name(), &snapshot.read_columns(batch, table, Some(&columns())).unwrap());
        }
    }
    content
}

/// Something that changes a dataset.
pub(super) struct Work {
    pub(super) name: &'static str,
    /// What is there before.
    pub(super) before: &'static dyn Fn(&Dataset) -> Result<(), DatasetError>,
    /// What is done.
    pub(super) act: &'static dyn Fn(&Dataset) -> Result<(), DatasetError>,
}

fn old_calls(dataset: &Dataset) -> Result<(), DatasetError> {
    commit(dataset, &[row("a", 1, 10), row("b", 1, 11), row("c", 1, 12)])?;
    commit(dataset, &[row("d", 1, 13)])?;
    commit(dataset, &[row("e", 2, 14), row("f", 2, 15)])
}

pub(super) const WORKS: [Work; 4] = [
    Work { name: "commit", before: &old_calls, act: &|dataset| commit(dataset, &[row("g", 2, 16), row("h", 2, 17)]) },
    // One changed on its day, one moved to another, one is all there was in its batch, one is new.
    Work {
        name: "replace",
        before: &old_calls,
        act: &|dataset| commit(dataset, &[row("b", 2, 21), row("e", 2, 24), row("d", 2, 23), row("g", 2, 26)]),
    },
    Work { name: "compact", before: &old_calls, act: &|dataset| dataset.compact(&|_| true, 100).map(drop) },
    Work {
        name: "forget",
        before: &old_calls,
        act: &|dataset| {
            let whose = Whose {
                calls: ["a".to_owned(), "d".to_owned()].into(),
                customers: ["customer of e".to_owned()].into(),
            };
            dataset.forget(&whose, &BTreeSet::new(), 3 * DAY_US).map(drop)
        },
    },
];

/// `work` with a dataset that it finds, and what readers see of that and of what it leaves.
struct Trial<'a> {
    work: &'a Work,
    prepared: tempfile::TempDir,
    sides: [Content; 2],
}

impl<'a> Trial<'a> {
    fn of(work: &'a Work) -> Self {
        let prepared = tempfile::tempdir().unwrap();
        (work.before)(&open(prepared.path(), "before", NEVER).unwrap()).unwrap();
        let before = plain(prepared.path());
        let dir = copy_of(prepared.path());
        (work.act)(&open(dir.path(), "act", NEVER).unwrap()).unwrap();
        Self { work, sides: [before, plain(dir.path())], prepared }
    }

    /// A dataset in which the work was killed after `changes` changes; whether it got through, and the folder it died in.
    fn killed(&self, changes: i64) -> (tempfile::TempDir, bool, Arc<Folder>) {
        let dir = copy_of(self.prepared.path());
        let dataset = open(dir.path(), "dead", NEVER).unwrap();
        dataset.folder.as_local().unsynced.lose(|| false);
        let folder = Arc::clone(&dataset.folder);
        folder.as_local().fuse.set(changes);
        let got_through = (self.work.act)(&dataset).is_ok();
        (dir, got_through, folder)
    }
}

fn copy_of(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in walkdir::WalkDir::new(dir).into_iter().map(Result::unwrap) {
        let to = copy.path().join(entry.path().strip_prefix(dir).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(to).unwrap();
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
    copy
}

/// Checks that the dataset in `dir`, left by a dead writer, is as before `work` or after it, and that doing it again
/// finishes it.
fn check_and_finish(dir: &Path, trial: &Trial<'_>, when: &str) {
    let Trial { work, sides, .. } = trial;
    let [_, after] = sides;
    let seen = own(dir);
    assert!(sides.contains(&seen), "{when}: callsift sees neither before nor after");

    let dataset = open(dir, "next", NEVER).unwrap();
    assert_eq!(own(dir), seen, "{when}: opening changed what is there");
    assert_eq!(plain(dir), seen, "{when}: a plain reader sees something else");
    assert_eq!(dataset.snapshot().strays().unwrap(), [""; 0], "{when}");
    (work.act)(&dataset).unwrap();
    drop(dataset);

    assert_eq!(plain(dir), *after, "{when}: done again");
    let dataset = open(dir, "last", NEVER).unwrap();
    let calls = dataset.snapshot().committed_calls().unwrap();
    assert_eq!(calls.len(), after["calls"].values().sum::<usize>(), "{when}");
    for call_id in calls.keys() {
        assert!(dataset.seen(call_id).is_some(), "{when}: {call_id} is not in the index");
    }
    assert_eq!(dataset.snapshot().strays().unwrap(), [""; 0], "{when}");
    drop(dataset);
    assert!(!dir.join("_tmp").exists(), "{when}: drafts are left");
}

#[test]
fn work_killed_at_any_change_is_done_or_not() {
    for trial in WORKS.iter().map(Trial::of) {
        for changes in 0.. {
            let (dir, got_through, _) = trial.killed(changes);
            check_and_finish(dir.path(), &trial, &format!("{} killed at change {changes}", trial.work.name));
            if got_through {
                // 8 drafts, their folder, the record, 8 renames, 8 folders, the mark: fewer would not be the protocol.
                assert!(changes >= 27, "{}: only {changes} changes", trial.work.name);
                break;
            }
        }
    }
}

#[test]
fn a_loss_of_power_undoes_names_and_no_commit() {
    for trial in WORKS.iter().map(Trial::of) {
        for changes in 0.. {
            // All that was not brought to disk is lost; now and then every other change of it, or the others.
            let lost: &[[bool; 2]] = match changes % 8 {
                0 => &[[true, true], [true, false]],
                4 => &[[true, true], [false, true]],
                _ => &[[true, true]],
            };
            let mut got_through = false;
            for lost in lost {
                let (dir, through, folder) = trial.killed(changes);
                got_through = through;
                let mut turns = lost.iter().cycle();
                folder.as_local().unsynced.lose(|| *turns.next().unwrap());
                let when = format!("{}: power lost at change {changes}, {lost:?}", trial.work.name);
                check_and_finish(dir.path(), &trial, &when);
            }
            if got_through {
                break;
            }
        }
    }
}

#[test]
fn finishing_may_be_killed_too() {
    for trial in WORKS.iter().map(Trial::of) {
        for changes in [12, 27] {
            for more in (0..).step_by(3) {
                let (dir, ..) = trial.killed(changes);
                let opened = open(dir.path(), "second", more).is_ok();
                let when = format!("{} killed at {changes}, then at {more}", trial.work.name);
                check_and_finish(dir.path(), &trial, &when);
                if opened {
                    break;
                }
            }
        }
    }
}

#[test]
fn making_a_dataset_may_be_killed() {
    for changes in 0.. {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("new/results");
        let opened = open(&dir, "run", changes).is_ok();
        let dataset = open(&dir, "next", NEVER).unwrap();
        assert_eq!(dataset.snapshot().batches().len(), 0, "killed at change {changes}");
        if opened {
            return;
        }
    }
}

#[test]
fn work_that_failed_is_finished_by_the_same_process() {
    for trial in WORKS.iter().map(Trial::of) {
        for changes in [3, 12, 20, 30] {
            let dir = copy_of(trial.prepared.path());
            let dataset = open(dir.path(), "run", NEVER).unwrap();
            dataset.folder.as_local().fuse.set(changes);
            let _ = (trial.work.act)(&dataset);
            dataset.folder.as_local().fuse.set(NEVER);
            (trial.work.act)(&dataset).unwrap();
            assert_eq!(plain(dir.path()), trial.sides[1], "{} failed at {changes}", trial.work.name);
        }
    }
}

#[test]
fn files_that_no_commit_names_are_reported_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = open(dir.path(), "run", NEVER).unwrap();
    old_calls(&dataset).unwrap();
    let stray = format!("{}/date=2026-11-20/0123456789abcdef.parquet", TableName::Turns.name());
    dataset.folder.create_folder("turns/date=2026-11-20").unwrap();
    dataset.folder.write(&stray, b"not ours").unwrap();
    dataset.folder.write("calls/notes.txt", b"not ours").unwrap();
    drop(dataset);

    let dataset = open(dir.path(), "next", NEVER).unwrap();
    assert_eq!(dataset.snapshot().strays().unwrap(), ["calls/notes.txt", &stray]);
    assert_eq!(dataset.snapshot().committed_calls().unwrap().len(), 6);
    assert!(dir.path().join(stray).exists());
}

#[test]
fn a_record_is_believed_only_if_it_is_one() {
    let cases = [
        ("", "damaged"),
        ("{}", "damaged"),
        (r#"{"run":"../x","add":[],"remove":[]}"#, "bad_name"),
        (r#"{"run":"x","add":[],"remove":["calls/a"]}"#, "damaged"),
        (r#"{"run":"x","add":[],"remove":["../../a"]}"#, "damaged"),
        (r#"{"run":"x","add":[],"remove":[],"all":["../../a"]}"#, "damaged"),
        (r#"{"run":"x","add":[{"path":"../../a","size":1,"hash":""}],"remove":[]}"#, "damaged"),
        (
            r#"{"run":"x","add":[{"path":"calls/date=2026-11-20/0123456789abcdef.parquet","size":9,"hash":""}],"remove":[]}"#,
            "damaged",
        ),
    ];
    for (json, code) in cases {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("_commits")).unwrap();
        std::fs::write(dir.path().join("_commits/000000000000.json"), json).unwrap();
        let error = open(dir.path(), "run", NEVER).unwrap_err();
        assert_eq!(error.code(), code, "{json}: {error}");
    }
}

#[test]
fn a_record_that_is_missing_is_missed() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = open(dir.path(), "run", NEVER).unwrap();
    old_calls(&dataset).unwrap();
    drop(dataset);
    std::fs::remove_file(dir.path().join("_commits/000000000001.done")).unwrap();
    assert_eq!(open(dir.path(), "next", NEVER).unwrap_err().code(), "damaged");
}

#[test]
fn what_was_committed_and_is_gone_is_missed() {
    let dir = tempfile::tempdir().unwrap();
    let dataset = open(dir.path(), "run", NEVER).unwrap();
    old_calls(&dataset).unwrap();
    std::fs::remove_dir_all(dir.path().join("calls")).unwrap();
    assert_eq!(dataset.snapshot().committed_calls().unwrap_err().code(), "gone");
}
