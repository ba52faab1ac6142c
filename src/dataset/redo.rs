//! The redo record of a commit: which files it adds and removes. Once it is in place, the commit has happened.

use super::error::DatasetError;
use super::layout::{self, DataFile};
use super::log::CommittedBatch;
use crate::storage::Folder;
use crate::tables::TableName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// More than any record takes by far: one of a compaction names some hundred bytes a batch.
const MOST_BYTES: u64 = 1 << 28;
/// More than any file of a batch takes by far.
const MOST_FILE_BYTES: u64 = 1 << 36;

/// A redo record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Redo {
    /// The run whose drafts it names.
    pub(super) run: String,
    /// Files to put in place, in order.
    pub(super) add: Vec<Added>,
    /// Files to delete after that, in order.
    pub(super) remove: Vec<String>,
    /// All batches there are after it, as `date=…/<batch>`: earlier records need not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) all: Option<Vec<String>>,
}

/// A file that a commit adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Added {
    /// Where it goes.
    pub(super) path: String,
    /// Its size in bytes.
    pub(super) size: u64,
    /// BLAKE3 of its bytes, hex.
    pub(super) hash: String,
}

impl Added {
    pub(super) fn of(path: String, bytes: &[u8]) -> Self {
        Self { path, size: bytes.len() as u64, hash: blake3::hash(bytes).to_hex().to_string() }
    }

    fn is_at(&self, folder: &Folder, path: &str) -> Result<bool, DatasetError> {
        if folder.size(path)? != Some(self.size) {
            return Ok(false);
        }
        let bytes = folder.read(path, self.size.min(MOST_FILE_BYTES))?;
        Ok(blake3::hash(&bytes).to_hex().as_str() == self.hash)
    }
}

impl Redo {
    /// The record of that number, and whether it is carried out; `None` where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, or is not one.
    pub(super) fn find(folder: &Folder, number: u64) -> Result<Option<(Self, bool)>, DatasetError> {
        // A record changes its name once, from the first of these to the second.
        for (path, is_done) in
            [(layout::done(number), true), (layout::record(number), false), (layout::done(number), true)]
        {
            match folder.read(&path, MOST_BYTES) {
                Ok(bytes) => return Ok(Some((Self::parse(&path, &bytes)?, is_done))),
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// As [`Redo::find`], of each of `numbers`.
    pub(super) fn find_each(folder: &Folder, numbers: &[u64]) -> Vec<Result<Option<(Self, bool)>, DatasetError>> {
        // Nearly all of them are carried out.
        let paths: Vec<String> = numbers.iter().map(|number| layout::done(*number)).collect();
        let reads = folder.read_each(&paths, MOST_BYTES).into_iter().zip(&paths).zip(numbers);
        let found = reads.map(|((read, path), number)| match read {
            Ok(bytes) => Ok(Some((Self::parse(path, &bytes)?, true))),
            Err(error) if error.is_missing() => Self::find(folder, *number),
            Err(error) => Err(error.into()),
        });
        found.collect()
    }

    fn parse(path: &str, bytes: &[u8]) -> Result<Self, DatasetError> {
        let damaged = |what: String| DatasetError::Damaged { path: path.to_owned(), what };
        let redo: Self = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        layout::check_name("run", &redo.run)?;
        let mut paths = redo.add.iter().map(|added| &added.path).chain(&redo.remove);
        if let Some(path) = paths.find(|path| DataFile::of_path(path).is_none()) {
            return Err(damaged(format!("it names {path:?}")));
        }
        match redo.all.iter().flatten().find(|batch| CommittedBatch::of_path(batch).is_none()) {
            Some(batch) => Err(damaged(format!("it names {batch:?}"))),
            None => Ok(redo),
        }
    }

    /// The batches it adds.
    pub(super) fn added(&self) -> impl Iterator<Item = CommittedBatch> {
        batches(self.add.iter().map(|added| added.path.as_str()))
    }

    /// The batches it removes.
    pub(super) fn removed(&self) -> impl Iterator<Item = CommittedBatch> {
        batches(self.remove.iter().map(String::as_str))
    }

    /// Writes it in place: from here on, the commit has happened.
    ///
    /// # Errors
    /// Where it cannot be written, or another writer has made a commit of that number, which only a store without locks allows; then the
    /// commit has not happened.
    pub(super) fn write(&self, folder: &Folder, number: u64) -> Result<(), DatasetError> {
        let json = serde_json::to_vec(self).expect("text and numbers are always JSON");
        let draft = format!("{}/{number:012}.record", layout::drafts(&self.run));
        let path = layout::record(number);
        // Who was taken for dead has no drafts any more: then nothing may be decided.
        folder.confirm()?;
        if !folder.put_if_absent(&path, &json, &draft)? {
            return Err(DatasetError::Overtaken { path });
        }
        // Late as it may have been put: nobody has taken over until now, so it is read by whoever does.
        Ok(folder.confirm()?)
    }

    /// Puts its files in place, those that are there already left as they are, deletes what it removes, and marks it
    /// as carried out.
    ///
    /// # Errors
    /// Where a file cannot be put in place, or is nowhere. Carrying it out again goes on from there.
    pub(super) fn carry_out(&self, folder: &Folder, number: u64) -> Result<(), DatasetError> {
        let mut touched = BTreeSet::new();
        for (added, file) in self.add.iter().filter_map(|added| Some((added, DataFile::of_path(&added.path)?))) {
            folder.create_folder(&file.folder())?;
            self.put_in_place(folder, added, &file)?;
            touched.insert(file.folder());
        }
        sync_all(folder, &touched)?;
        touched.clear();
        for (path, file) in self.remove.iter().filter_map(|path| Some((path, DataFile::of_path(path)?))) {
            folder.remove(path)?;
            touched.insert(file.folder());
        }
        sync_all(folder, &touched)?;
        for partition in touched {
            folder.remove_if_empty(&partition)?;
        }
        Ok(folder.mark(&layout::record(number), &layout::done(number))?)
    }

    fn put_in_place(&self, folder: &Folder, added: &Added, file: &DataFile) -> Result<(), DatasetError> {
        let draft = file.draft(&self.run);
        if folder.size(&draft)? == Some(added.size) {
            return Ok(folder.rename(&draft, &added.path)?);
        }
        if added.is_at(folder, &added.path)? {
            return Ok(());
        }
        let what = "it is not what was committed, or is gone".to_owned();
        Err(DatasetError::Damaged { path: added.path.clone(), what })
    }
}

/// The batches whose file of `calls` is among `paths`.
fn batches<'a>(paths: impl Iterator<Item = &'a str>) -> impl Iterator<Item = CommittedBatch> {
    let files = paths.filter_map(DataFile::of_path);
    files.filter(|file| file.table == TableName::Calls).map(|file| CommittedBatch { date: file.date, name: file.batch })
}

fn sync_all(folder: &Folder, folders: &BTreeSet<String>) -> Result<(), DatasetError> {
    for place in folders {
        // One that was empty may have gone when this was carried out before.
        if folder.is_folder(place)? {
            folder.sync_folder(place)?;
        }
    }
    Ok(())
}
