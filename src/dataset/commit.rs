//! Committing a batch: all of it, or nothing, whenever the process ends.

use super::batch::{Batch, batch_name};
use super::content::{self, Tables};
use super::error::DatasetError;
use super::layout;
use super::log::CommittedBatch;
use super::open::{Dataset, State};
use super::parquet_file;
use super::redo::{Added, Redo};
use super::seen::{Seen, call_hash};
use super::snapshot::{Snapshot, unreadable};
use crate::tables::{self, CallKey, TableName};
use arrow::array::RecordBatch;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a commit came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The batch's name.
    pub name: String,
    /// How many calls it added or replaced; the rest were in the dataset already, the same.
    pub calls: usize,
    /// How many of them replaced rows that were there.
    pub replaced: usize,
}

/// What a table of a batch is made of.
#[derive(Clone, Debug)]
pub enum TableContent {
    /// Its rows.
    Rows(RecordBatch),
    /// A file of such rows, taken as it is.
    File(Vec<u8>),
}

/// A batch whose files are written aside.
#[derive(Clone, Debug)]
pub(super) struct Staged {
    pub(super) batch: CommittedBatch,
    pub(super) keys: Vec<CallKey>,
    files: Vec<Added>,
}

/// What a new batch does to the batches that are there.
#[derive(Debug, Default)]
struct Effect {
    /// Calls whose rows are there already, equal.
    unchanged: BTreeSet<String>,
    /// Batches that lose calls, and which.
    losing: BTreeMap<CommittedBatch, BTreeSet<String>>,
}

impl Dataset {
    /// Commits `batch`. Calls that are in the dataset already are left as they are if their rows are equal, and
    /// replaced otherwise: what else their old batch holds is written again in the same commit.
    ///
    /// The files are written aside and brought to disk, then a record that names them is put in place, which is the
    /// commit; then they are put in place, `calls` last, so that a reader who sees a call sees what belongs to it, and
    /// what they replace is deleted.
    ///
    /// # Errors
    /// [`DatasetError`] where the batch is not one (see [`Batch`]) or cannot be written. Whether it was committed
    /// is then known at the next commit or [`Dataset::open`], which finishes it if it was.
    pub fn commit(&self, batch: &Batch<'_>) -> Result<Committed, DatasetError> {
        let date = batch.checked_date()?;
        let ids = batch.rows.iter().map(|row| row.facts.call.call_id.as_str());
        let stamps: BTreeMap<&str, u64> = ids.zip(batch.stamps.iter().copied()).collect();
        let tables = tables::batches(batch.rows);
        let calls = tables.iter().find(|(table, _)| *table == TableName::Calls);
        let keys = calls.map_or_else(|| Ok(Vec::new()), |(_, calls)| content::keys(calls))?;
        let tables = tables.into_iter().map(|(table, rows)| Ok((table, TableContent::Rows(rows))));
        self.commit_tables(date, keys, tables, &stamps, batch.force)
    }

    /// Commits the tables of some calls of one `date`: one for each of [`TableName::PER_BATCH`], in that order, sorted
    /// as [`tables::batches`] does, `keys` those of the calls. A table is asked for when those before it are written. `stamps` by call;
    /// `force` as in [`Batch`].
    ///
    /// # Errors
    /// As [`Dataset::commit`].
    pub fn commit_tables(
        &self,
        date: Option<Date>,
        keys: Vec<CallKey>,
        tables: impl Iterator<Item = Result<(TableName, TableContent), DatasetError>>,
        stamps: &BTreeMap<&str, u64>,
        force: bool,
    ) -> Result<Committed, DatasetError> {
        let mut staged = self.stage_each(date, keys, tables)?;
        let (_lock, mut state) = self.lock_to_commit()?;
        let effect = self.effect(&state, &staged, force)?;
        let stamp_of = |call_id: &str| stamps.get(call_id).copied().unwrap_or_default();
        self.note(&mut state, effect.unchanged.iter().map(|call_id| (call_id.as_str(), stamp_of(call_id))))?;
        if effect.unchanged.len() == staged.keys.len() {
            // The drafts may be gone: a commit of the same batch that had failed half-way took them.
            return Ok(Committed { name: staged.batch.name, calls: 0, replaced: 0 });
        }
        if !effect.unchanged.is_empty() {
            let rest = content::filter(&self.read_staged(&staged)?, |id| !effect.unchanged.contains(id))?;
            staged = self.stage(date, rest)?;
        }
        let replaced = effect.losing.values().map(BTreeSet::len).sum();
        let committed = Committed { name: staged.batch.name.clone(), calls: staged.keys.len(), replaced };
        let mut all = vec![staged];
        all.extend(self.survivors(&state, &effect.losing)?);
        self.exchange(&mut state, &all, effect.losing.keys(), stamps)?;
        if state.suspects.clear(all[0].keys.iter().map(|key| key.call_id.as_str())) {
            state.suspects.write(&self.folder, &self.run)?;
        }
        Ok(committed)
    }

    /// Notes that nothing of the calls has changed, and how their files look now.
    ///
    /// # Errors
    /// [`DatasetError::Storage`] where that cannot be noted.
    pub fn note_unchanged<'a>(&self, stamps: impl Iterator<Item = (&'a str, u64)>) -> Result<(), DatasetError> {
        self.note(&mut self.state(), stamps)
    }

    fn note<'a>(&self, state: &mut State, stamps: impl Iterator<Item = (&'a str, u64)>) -> Result<(), DatasetError> {
        let blocks: Vec<u8> = stamps.flat_map(|(call_id, stamp)| state.index.note(call_hash(call_id), stamp)).collect();
        if blocks.is_empty() { Ok(()) } else { state.index.append(&self.folder, &blocks) }
    }

    /// Writes the files of a batch aside and brings them to disk.
    pub(super) fn stage(&self, date: Option<Date>, tables: Tables) -> Result<Staged, DatasetError> {
        let calls = tables.iter().find(|(table, _)| *table == TableName::Calls);
        let keys = calls.map_or(Ok(Vec::new()), |(_, calls)| content::keys(calls))?;
        let tables = tables.into_iter().map(|(table, rows)| Ok((table, TableContent::Rows(rows))));
        self.stage_each(date, keys, tables)
    }

    /// As [`Dataset::stage`], of the calls with `keys`, table after table.
    pub(super) fn stage_each(
        &self,
        date: Option<Date>,
        keys: Vec<CallKey>,
        tables: impl Iterator<Item = Result<(TableName, TableContent), DatasetError>>,
    ) -> Result<Staged, DatasetError> {
        let batch = CommittedBatch { date, name: batch_name(&keys) };
        let mut files = Vec::new();
        for table in tables {
            let (table, content) = table?;
            let file = batch.file(table);
            let bytes = match content {
                TableContent::Rows(rows) => parquet_file::encode(table, rows)?,
                TableContent::File(bytes) => bytes,
            };
            self.folder.write(&file.draft(&self.run), &bytes)?;
            files.push(Added::of(file.path(), &bytes));
        }
        self.folder.sync_folder(&layout::drafts(&self.run))?;
        // `calls` comes first of the tables, and goes into place last.
        files.reverse();
        Ok(Staged { batch, keys, files })
    }

    /// The tables of a batch whose files are written aside.
    fn read_staged(&self, staged: &Staged) -> Result<Tables, DatasetError> {
        let read = |table: TableName| {
            let path = staged.batch.file(table).draft(&self.run);
            let rows = parquet_file::decode(self.folder.open(&path)?, &path, None)?;
            let batches = rows.collect::<Result<Vec<_>, _>>()?;
            Ok((table, content::conform(&table.schema(), &batches).map_err(|source| unreadable(&path, source))?))
        };
        TableName::PER_BATCH.into_iter().map(read).collect()
    }

    /// Commits that the batches `staged` come, and the batches `gone` go.
    pub(super) fn exchange<'a>(
        &self,
        state: &mut State,
        staged: &[Staged],
        gone: impl Iterator<Item = &'a CommittedBatch> + Clone,
        stamps: &BTreeMap<&str, u64>,
    ) -> Result<(), DatasetError> {
        let add: Vec<Added> = staged.iter().flat_map(|staged| staged.files.clone()).collect();
        let stays: BTreeSet<&str> = add.iter().map(|added| added.path.as_str()).collect();
        let files = gone.clone().flat_map(|batch| TableName::PER_BATCH.map(|table| batch.file(table).path()));
        let remove = files.filter(|path| !stays.contains(path.as_str())).collect();
        let redo = Redo { run: self.run.clone(), add, remove, all: None };
        let number = state.log.next;
        redo.write(&self.folder, number).inspect_err(|_| state.is_unsure = true)?;
        state.log.apply(&redo, false);
        let mut blocks = Vec::new();
        for staged in staged {
            let calls = staged.keys.iter().map(|key| (call_hash(&key.call_id), seen(state, key, stamps)));
            let calls: Vec<_> = calls.collect();
            blocks.push(state.index.learn(&staged.batch, &calls));
        }
        redo.carry_out(&self.folder, number)?;
        state.log.carried_out(&redo, number);
        state.index.append(&self.folder, &blocks.concat())
    }

    /// The rest of the batches that lose calls, staged as batches of their own.
    pub(super) fn survivors(
        &self,
        state: &State,
        losing: &BTreeMap<CommittedBatch, BTreeSet<String>>,
    ) -> Result<Vec<Staged>, DatasetError> {
        let snapshot = Snapshot::of(Arc::clone(&self.folder), &state.log);
        let mut survivors = Vec::new();
        for (batch, leaving) in losing {
            let rest = content::filter(&content::read(&snapshot, batch)?, |id| !leaving.contains(id))?;
            if rest.iter().any(|(table, rows)| *table == TableName::Calls && rows.num_rows() > 0) {
                survivors.push(self.stage(batch.date, rest)?);
            }
        }
        Ok(survivors)
    }

    fn effect(&self, state: &State, staged: &Staged, force: bool) -> Result<Effect, DatasetError> {
        let mut there: BTreeMap<&CommittedBatch, Vec<&CallKey>> = BTreeMap::new();
        for key in &staged.keys {
            if let Some((_, batch)) = state.index.find(call_hash(&key.call_id)) {
                there.entry(batch).or_default().push(key);
            }
        }
        let snapshot = Snapshot::of(Arc::clone(&self.folder), &state.log);
        let mut effect = Effect::default();
        for (batch, keys) in there {
            let old = snapshot.read_keys(batch)?;
            let old: BTreeMap<&str, &CallKey> = old.iter().map(|key| (key.call_id.as_str(), key)).collect();
            for key in keys {
                match old.get(key.call_id.as_str()) {
                    Some(same) if !force && *same == key => {
                        effect.unchanged.insert(key.call_id.clone());
                    }
                    Some(_) => {
                        effect.losing.entry(batch.clone()).or_default().insert(key.call_id.clone());
                    }
                    // Another call of the same hash.
                    None => {}
                }
            }
        }
        Ok(effect)
    }
}

/// What is known of a call that is committed now.
fn seen(state: &State, key: &CallKey, stamps: &BTreeMap<&str, u64>) -> Seen {
    let before = || state.index.find(call_hash(&key.call_id)).map_or(0, |(seen, _)| seen.stamp);
    Seen { stamp: stamps.get(key.call_id.as_str()).copied().unwrap_or_else(before), ..Seen::of(key) }
}
