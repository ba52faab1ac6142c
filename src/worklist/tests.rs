//! Work lists of files on disk.

mod any_bytes;
mod callees;
mod earlier;
mod found;
mod legs;
mod mistakes;
mod reconciled;
mod stamps;

use super::folders::parent;
use super::{WorkCounts, WorkItem, WorkList, WorkMistake, WorkOptions};
use arrow::array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of files.
struct Site(tempfile::TempDir);

impl Site {
    fn of(files: &[(&str, &str)]) -> Self {
        let site = Self(tempfile::tempdir().expect("a temporary folder"));
        files.iter().for_each(|(name, text)| site.write(name, text.as_bytes()));
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(parent(&path)).expect("made");
        fs::write(path, bytes).expect("written");
    }

    fn options(&self, input: &str) -> WorkOptions {
        WorkOptions { inputs: vec![self.path(input)], ..WorkOptions::default() }
    }

    /// Only what a manifest says.
    fn listed_in(&self, manifest: &str) -> WorkOptions {
        WorkOptions { manifest: Some(self.path(manifest)), ..WorkOptions::default() }
    }
}

fn read(options: &WorkOptions) -> WorkList {
    WorkList::read(options).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn mistakes(options: &WorkOptions) -> Vec<WorkMistake> {
    WorkList::read(options).map(|list| list.len()).expect_err("mistakes")
}

fn items(list: &WorkList) -> (Vec<WorkItem>, WorkCounts) {
    let mut items = Vec::new();
    let counts = list.for_each(&mut |item| items.push(item)).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    (items, counts)
}

fn ids(options: &WorkOptions) -> Vec<String> {
    let list = read(options);
    let (items, _) = items(&list);
    assert_eq!(items.len(), list.len());
    items.into_iter().map(|item| item.recording.call_id).collect()
}

/// Writes a Parquet file of one row group.
fn write_parquet(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let file = fs::File::create(path).expect("made");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
}
