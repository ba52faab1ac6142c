//! The redo record of a commit: which files it adds. Once it is in place, the commit has happened.

use super::error::DatasetError;
use super::layout::{self, DataFile};
use crate::storage::Folder;
use serde::{Deserialize, Serialize};

/// More than any record of this version takes by far.
const MOST_BYTES: u64 = 1 << 20;
/// More than any file of a batch takes by far.
const MOST_FILE_BYTES: u64 = 1 << 36;

/// A redo record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Redo {
    /// The run whose drafts it names.
    pub(super) run: String,
    /// Files to put in place, in order.
    pub(super) add: Vec<Added>,
    /// Files to delete after that; none in this version.
    pub(super) remove: Vec<String>,
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
    /// The record of `batch`.
    ///
    /// # Errors
    /// Where it cannot be read, or is not one that this version carries out.
    pub(super) fn read(folder: &Folder, batch: &str) -> Result<Self, DatasetError> {
        let path = layout::record(batch);
        let bytes = folder.read(&path, MOST_BYTES)?;
        let damaged = |what: String| DatasetError::Damaged { path: path.clone(), what };
        let redo: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        layout::check_name("run", &redo.run)?;
        if !redo.remove.is_empty() {
            return Err(DatasetError::Newer { path });
        }
        match redo.add.iter().find(|added| DataFile::of_path(&added.path).is_none_or(|file| file.batch != batch)) {
            Some(added) => Err(damaged(format!("it names {:?}", added.path))),
            None => Ok(redo),
        }
    }

    /// Writes it in place: from here on, the commit has happened.
    ///
    /// # Errors
    /// Where it cannot be written; then the commit has not happened.
    pub(super) fn write(&self, folder: &Folder, batch: &str) -> Result<(), DatasetError> {
        let json = serde_json::to_vec(self).expect("text and numbers are always JSON");
        let draft = format!("{}/{}/{batch}.record", layout::TMP, self.run);
        Ok(folder.replace(&layout::record(batch), &json, &draft)?)
    }

    /// Puts its files in place, those that are there already left as they are, and marks it done.
    ///
    /// # Errors
    /// Where a file cannot be put in place, or is nowhere. Carrying it out again goes on from there.
    pub(super) fn carry_out(&self, folder: &Folder, batch: &str) -> Result<(), DatasetError> {
        let mut touched = std::collections::BTreeSet::new();
        for added in &self.add {
            if let Some(file) = DataFile::of_path(&added.path) {
                folder.create_folder(&file.folder())?;
                self.put_in_place(folder, added, &file)?;
                touched.insert(file.folder());
            }
        }
        for place in touched {
            folder.sync_folder(&place)?;
        }
        Ok(folder.write(&layout::done(batch), b"")?)
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
