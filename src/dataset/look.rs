//! What is known of the calls of a dataset, of one that is written to and of one that is only looked at.

use super::error::DatasetError;
use super::forget::Forgotten;
use super::layout::COMMITS;
use super::log::Log;
use super::open::{Dataset, check_is_ours};
use super::seen::{Index, Seen, call_hash};
use super::snapshot::Snapshot;
use crate::storage::Folder;
use crate::tables::CallKey;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Knows which calls are there.
pub trait Holdings: Sync {
    /// What is known of the call, if it is there.
    fn seen(&self, call_id: &str) -> Option<Seen>;

    /// What tells of each of the calls, if it is there, whether it must be inspected again.
    ///
    /// # Errors
    /// [`DatasetError`] where `calls` cannot be read.
    fn keys_of(&self, call_ids: &mut dyn Iterator<Item = &str>) -> Result<BTreeMap<String, CallKey>, DatasetError>;

    /// What was erased before.
    ///
    /// # Errors
    /// [`DatasetError`] where the list cannot be read.
    fn forgotten(&self) -> Result<Forgotten, DatasetError>;
}

impl Holdings for Dataset {
    fn seen(&self, call_id: &str) -> Option<Seen> {
        Self::seen(self, call_id)
    }

    fn keys_of(&self, call_ids: &mut dyn Iterator<Item = &str>) -> Result<BTreeMap<String, CallKey>, DatasetError> {
        Self::keys_of(self, call_ids)
    }

    fn forgotten(&self) -> Result<Forgotten, DatasetError> {
        self.snapshot().forgotten()
    }
}

/// The calls of a dataset at one moment. Nothing is written, and no lock is taken.
#[derive(Debug)]
pub struct Look {
    snapshot: Snapshot,
    index: Index,
}

impl Look {
    /// The calls of the dataset in the folder `dir`; none where there is nothing yet.
    ///
    /// # Errors
    /// [`DatasetError::NotADataset`] where the folder holds something else, [`DatasetError::Storage`] where it cannot be read.
    pub fn at(dir: &Path) -> Result<Self, DatasetError> {
        let folder = Folder::at(dir)?;
        check_is_ours(&folder)?;
        let log = if folder.is_folder(COMMITS)? { Log::read(&folder)? } else { Log::default() };
        let (mut index, lacking) = Index::load(&folder, &log.batches.keys().cloned().collect())?;
        let snapshot = Snapshot::of(Arc::new(folder), &log);
        for batch in lacking {
            let keys = snapshot.read_keys(&batch)?;
            let calls: Vec<_> = keys.iter().map(|key| (call_hash(&key.call_id), Seen::of(key))).collect();
            // The next run appends the block.
            drop(index.learn(&batch, &calls));
        }
        Ok(Self { snapshot, index })
    }
}

impl Holdings for Look {
    fn seen(&self, call_id: &str) -> Option<Seen> {
        self.index.find(call_hash(call_id)).map(|(seen, _)| seen)
    }

    fn keys_of(&self, call_ids: &mut dyn Iterator<Item = &str>) -> Result<BTreeMap<String, CallKey>, DatasetError> {
        keys_of(&self.snapshot, &wanted(&self.index, call_ids))
    }

    fn forgotten(&self) -> Result<Forgotten, DatasetError> {
        self.snapshot.forgotten()
    }
}

/// Calls that are there, and the batches that they are in.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    calls: BTreeSet<&'a str>,
    batches: BTreeSet<super::log::CommittedBatch>,
}

/// Those of `call_ids` that `index` has.
pub(super) fn wanted<'a>(index: &Index, call_ids: impl Iterator<Item = &'a str>) -> Wanted<'a> {
    let mut wanted = Wanted::default();
    for call_id in call_ids {
        if let Some((_, batch)) = index.find(call_hash(call_id)) {
            wanted.batches.insert(batch.clone());
            wanted.calls.insert(call_id);
        }
    }
    wanted
}

/// Their keys.
///
/// # Errors
/// [`DatasetError`] where `calls` cannot be read.
pub(super) fn keys_of(snapshot: &Snapshot, wanted: &Wanted<'_>) -> Result<BTreeMap<String, CallKey>, DatasetError> {
    let mut keys = BTreeMap::new();
    for batch in &wanted.batches {
        let of_batch = snapshot.read_keys(batch)?.into_iter().filter(|key| wanted.calls.contains(key.call_id.as_str()));
        keys.extend(of_batch.map(|key| (key.call_id.clone(), key)));
    }
    Ok(keys)
}
