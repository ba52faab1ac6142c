//! Opening a dataset for writing: one writer at a time, and what a killed one left is finished first.

use super::error::DatasetError;
use super::layout::{self, COMMITS, LOCK, TMP};
use super::redo::Redo;
use crate::storage::{Folder, Lock};
use std::collections::BTreeMap;
use std::path::Path;

/// A dataset, open for writing by this process alone until it is dropped.
#[derive(Debug)]
pub struct Dataset {
    pub(super) folder: Folder,
    _lock: Lock,
}

impl Dataset {
    /// Opens the dataset in the folder `dir`, and makes it where there is none. Commits that were decided and not
    /// carried out are carried out; drafts of runs that are dead are removed.
    ///
    /// # Errors
    /// [`DatasetError::NotADataset`] where the folder holds something else, [`DatasetError::Locked`] where another
    /// process writes to it, [`DatasetError::Storage`] where it cannot be written (code `unwritable`), and
    /// [`DatasetError::Damaged`] where what was committed is gone.
    pub fn open(dir: &Path) -> Result<Self, DatasetError> {
        Self::open_in(Folder::at(dir))
    }

    pub(super) fn open_in(folder: Folder) -> Result<Self, DatasetError> {
        let found = folder.list("")?;
        if !found.iter().any(|entry| entry.name == COMMITS)
            && let Some(entry) = found.iter().find(|entry| !is_nothing(&entry.name))
        {
            return Err(DatasetError::NotADataset { found: entry.name.clone() });
        }
        folder.create_folder(COMMITS)?;
        let lock = folder.lock(LOCK)?.ok_or(DatasetError::Locked)?;
        finish_commits(&folder)?;
        // The lock is held, so every run that has a folder there is dead.
        if found.iter().any(|entry| entry.name == TMP) {
            folder.remove(TMP)?;
        }
        Ok(Self { folder, _lock: lock })
    }

    /// The names of the batches that are committed, and whether each is carried out.
    pub(super) fn records(&self) -> Result<BTreeMap<String, bool>, DatasetError> {
        records(&self.folder)
    }
}

/// What file systems and desktops put into a folder that is empty to people.
fn is_nothing(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "lost+found" | "Thumbs.db" | "desktop.ini")
}

fn finish_commits(folder: &Folder) -> Result<(), DatasetError> {
    let records = records(folder)?;
    for (batch, _) in records.iter().filter(|(_, is_done)| !**is_done) {
        Redo::read(folder, batch)?.carry_out(folder, batch)?;
    }
    Ok(())
}

fn records(folder: &Folder) -> Result<BTreeMap<String, bool>, DatasetError> {
    let entries = folder.list(COMMITS)?;
    let names = |ending| {
        let named = entries.iter().filter_map(move |entry| entry.name.strip_suffix(ending));
        named.filter(|batch| layout::is_batch_name(batch)).map(str::to_owned)
    };
    let mut records: BTreeMap<String, bool> = names(".json").map(|batch| (batch, false)).collect();
    for batch in names(".done") {
        if let Some(is_done) = records.get_mut(&batch) {
            *is_done = true;
        }
    }
    Ok(records)
}
