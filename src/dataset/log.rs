//! The commits in their order, and the batches that are there after them.

use super::error::DatasetError;
use super::layout::{self, COMMITS, DataFile};
use super::redo::Redo;
use crate::storage::Folder;
use crate::tables::TableName;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How often a reader starts again because a compaction took records away under its eyes.
const TRIES: usize = 20;

/// So many records are asked for together: in a bucket each is a request.
const READ_AT_ONCE: usize = 64;

/// A batch that is in the dataset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommittedBatch {
    /// The date of its calls.
    pub date: Option<Date>,
    /// Its name.
    pub name: String,
}

impl CommittedBatch {
    pub(super) fn file(&self, table: TableName) -> DataFile {
        DataFile { table, date: self.date, batch: self.name.clone() }
    }

    /// Its place in the folder of any table: `date=…/<batch>`.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", layout::partition(self.date), self.name)
    }

    pub(super) fn of_path(path: &str) -> Option<Self> {
        let file = DataFile::of_path(&format!("{}/{path}.parquet", TableName::Calls.name()))?;
        Some(Self { date: file.date, name: file.batch })
    }
}

/// What the commits up to a number come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    /// The number of the next commit.
    pub(super) next: u64,
    /// The batches; with each, the run whose drafts may still hold its files.
    pub(super) batches: BTreeMap<CommittedBatch, Option<String>>,
    /// Commits that are decided and not known to be carried out.
    pub(super) pending: Vec<u64>,
}

/// What a commit changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) added: Vec<CommittedBatch>,
    pub(super) removed: Vec<CommittedBatch>,
}

impl Log {
    /// Every commit there is; a reader's view, which needs no lock.
    ///
    /// # Errors
    /// Where a record cannot be read, or one is missing.
    pub(super) fn read(folder: &Folder) -> Result<Self, DatasetError> {
        for _ in 0..TRIES {
            if let Some(log) = Self::try_read(folder)? {
                return Ok(log);
            }
        }
        let what = "records of commits are missing".to_owned();
        Err(DatasetError::Damaged { path: COMMITS.to_owned(), what })
    }

    /// Takes note of the commits since, and says what they changed.
    ///
    /// # Errors
    /// As [`Log::read`].
    pub(super) fn refresh(&mut self, folder: &Folder) -> Result<Change, DatasetError> {
        // A compaction takes earlier records away: then the one before the next is gone too.
        let is_known = self.next == 0 || Redo::find(folder, self.next - 1)?.is_some();
        if !is_known || self.next == 0 {
            return self.reload(folder);
        }
        let mut change = Change::default();
        while let Some((redo, is_done)) = Redo::find(folder, self.next)? {
            change.removed.extend(redo.removed());
            change.added.extend(redo.added());
            self.apply(&redo, is_done);
        }
        Ok(change)
    }

    /// Adds the next commit.
    pub(super) fn apply(&mut self, redo: &Redo, is_done: bool) {
        for batch in redo.removed() {
            self.batches.remove(&batch);
        }
        let drafts = || (!is_done).then(|| redo.run.clone());
        if let Some(all) = &redo.all {
            self.batches =
                all.iter().filter_map(|path| CommittedBatch::of_path(path)).map(|batch| (batch, None)).collect();
        }
        for batch in redo.added() {
            self.batches.insert(batch, drafts());
        }
        if !is_done {
            self.pending.push(self.next);
        }
        self.next += 1;
    }

    /// Takes note that the commit is carried out.
    pub(super) fn carried_out(&mut self, redo: &Redo, number: u64) {
        self.pending.retain(|pending| *pending != number);
        for batch in redo.added() {
            self.batches.entry(batch).and_modify(|drafts| *drafts = None);
        }
    }

    fn reload(&mut self, folder: &Folder) -> Result<Change, DatasetError> {
        let now = Self::read(folder)?;
        let lacks = |of: &Self, batch: &&CommittedBatch| !of.batches.contains_key(*batch);
        let change = Change {
            added: now.batches.keys().filter(|batch| lacks(self, batch)).cloned().collect(),
            removed: self.batches.keys().filter(|batch| lacks(&now, batch)).cloned().collect(),
        };
        *self = now;
        Ok(change)
    }

    /// `None` where a record went away meanwhile.
    fn try_read(folder: &Folder) -> Result<Option<Self>, DatasetError> {
        let names = folder.list(COMMITS)?;
        let mut numbers: Vec<u64> =
            names.iter().filter_map(|entry| Some(layout::record_number(&entry.name)?.0)).collect();
        numbers.sort_unstable();
        // One that was being renamed may be listed under both names.
        numbers.dedup();
        numbers.reverse();
        let mut records = Vec::with_capacity(numbers.len());
        'whole: for some in numbers.chunks(READ_AT_ONCE) {
            for (number, found) in some.iter().zip(Redo::find_each(folder, some)) {
                let Some((redo, is_done)) = found? else { return Ok(None) };
                let is_whole = redo.all.is_some();
                records.push((*number, redo, is_done));
                if is_whole {
                    break 'whole;
                }
            }
        }
        let starts_whole = records.last().is_none_or(|(number, redo, _)| *number == 0 || redo.all.is_some());
        let is_unbroken = records.windows(2).all(|pair| pair[0].0 == pair[1].0 + 1);
        if !starts_whole || !is_unbroken {
            return Ok(None);
        }
        let mut log = Self { next: records.last().map_or(0, |(number, ..)| *number), ..Self::default() };
        for (_, redo, is_done) in records.iter().rev() {
            log.apply(redo, *is_done);
        }
        Ok(Some(log))
    }
}
