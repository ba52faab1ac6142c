//! Reading what was committed: a view that stays the same while others write.

use super::by_call::RowsByCall;
use super::columns::EncodedColumns;
use super::content;
use super::error::DatasetError;
use super::layout::{self, COMMITS, DataFile};
use super::log::{CommittedBatch, Log};
use super::parquet_file::{self, Rows};
use super::redo::Redo;
use crate::facts::Facts;
use crate::storage::{Folder, StoredFile};
use crate::tables::{
    CallKey, FactTables, HistoricCall, RuleRow, TableError, TableName, read_call_keys, read_facts, read_history,
    read_reporting_rules, read_rules,
};
use arrow::array::RecordBatch;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// The rule that finds that somebody asks not to be called again.
const STOP_REQUEST_RULE: &str = "customer-tags.stop-request";

/// The batches of a dataset at one moment. It takes no lock; a batch that is replaced or removed after that moment
/// can no longer be read, and says so.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) folder: Arc<Folder>,
    /// With the run whose drafts may hold their files.
    batches: BTreeMap<CommittedBatch, Option<String>>,
    /// How many commits are decided and not carried out.
    pub unfinished: usize,
    /// The number of the commit that comes after them.
    next: u64,
}

impl Snapshot {
    /// The dataset in the folder `dir`, which is only read.
    ///
    /// # Errors
    /// [`DatasetError::NoDataset`] where there is none, [`DatasetError::Storage`] where it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, DatasetError> {
        let folder = Folder::at(dir)?;
        if !folder.is_folder(COMMITS)? {
            return Err(DatasetError::NoDataset);
        }
        let log = Log::read(&folder)?;
        Ok(Self::of(Arc::new(folder), &log))
    }

    pub(super) fn of(folder: Arc<Folder>, log: &Log) -> Self {
        Self { folder, batches: log.batches.clone(), unfinished: log.pending.len(), next: log.next }
    }

    /// Whether nothing was committed since; two records are looked for, whatever the size of the dataset.
    ///
    /// # Errors
    /// [`DatasetError`] where a record of a commit cannot be read.
    pub fn is_latest(&self) -> Result<bool, DatasetError> {
        // A compaction takes earlier records away: then the one before the next is gone too.
        let is_known = self.next == 0 || Redo::find(&self.folder, self.next - 1)?.is_some();
        Ok(is_known && Redo::find(&self.folder, self.next)?.is_none())
    }

    /// The batches, by date (unknown first), then name.
    pub fn batches(&self) -> impl ExactSizeIterator<Item = &CommittedBatch> {
        self.batches.keys()
    }

    /// What tells of each call of `batch` whether it must be inspected again.
    ///
    /// # Errors
    /// [`DatasetError`] where its file of `calls` cannot be read.
    pub fn read_keys(&self, batch: &CommittedBatch) -> Result<Vec<CallKey>, DatasetError> {
        let columns = TableName::call_key_columns();
        let path = batch.file(TableName::Calls).path();
        let mut keys = Vec::new();
        for rows in parquet_file::decode(self.open_file(batch, TableName::Calls)?, &path, Some(&columns))? {
            keys.extend(read_call_keys(&rows?).map_err(|source| unreadable(&path, source))?);
        }
        Ok(keys)
    }

    /// The calls of `batch` as earlier calls of their customers. Where a rule, active or on trial, found that somebody
    /// asked not to be called again, the call says so.
    ///
    /// # Errors
    /// [`DatasetError`] where its file of `calls` or of `findings` cannot be read.
    pub fn read_history(&self, batch: &CommittedBatch) -> Result<Vec<HistoricCall>, DatasetError> {
        let stopped = self.calls_with(batch, STOP_REQUEST_RULE)?;
        let mut calls = Vec::new();
        for rows in self.rows(batch, TableName::Calls, Some(&TableName::history_columns()))? {
            calls.extend(read_history(&rows?, &stopped).map_err(|source| unreadable(&batch.path(), source))?);
        }
        Ok(calls)
    }

    /// The calls of `batch` on which `rule` reported.
    fn calls_with(&self, batch: &CommittedBatch, rule: &str) -> Result<BTreeSet<String>, DatasetError> {
        let path = batch.file(TableName::Findings).path();
        let mut calls = BTreeSet::new();
        for rows in self.rows(batch, TableName::Findings, Some(&TableName::reporting_rule_columns()))? {
            let found = read_reporting_rules(&rows?).map_err(|source| unreadable(&path, source))?;
            calls.extend(found.into_iter().filter(|(_, reporting)| reporting == rule).map(|(call_id, _)| call_id));
        }
        Ok(calls)
    }

    /// Every committed call, by id, with its batch.
    ///
    /// # Errors
    /// [`DatasetError`] where `calls` cannot be read or has a call twice.
    pub fn committed_calls(&self) -> Result<BTreeMap<String, (CallKey, CommittedBatch)>, DatasetError> {
        let mut calls = BTreeMap::new();
        for batch in self.batches() {
            for key in self.read_keys(batch)? {
                let call_id = key.call_id.clone();
                if calls.insert(call_id.clone(), (key, batch.clone())).is_some() {
                    return Err(unreadable(&batch.path(), TableError::DuplicateCall { call_id }));
                }
            }
        }
        Ok(calls)
    }

    /// The facts of the calls of `batch`, sorted by agent, then id.
    ///
    /// # Errors
    /// [`DatasetError`] where one of its files cannot be read.
    pub fn read_facts(&self, batch: &CommittedBatch) -> Result<Vec<Facts>, DatasetError> {
        let tables = FactTables {
            calls: &self.read_table(batch, TableName::Calls)?,
            turns: &self.read_table(batch, TableName::Turns)?,
            stretches: &self.read_table(batch, TableName::Stretches)?,
            entities: &self.read_table(batch, TableName::Entities)?,
        };
        read_facts(tables).map_err(|source| unreadable(&format!("batch {}", batch.name), source))
    }

    /// The rows of `batch` in `table`, which is one of [`TableName::PER_BATCH`].
    ///
    /// # Errors
    /// [`DatasetError`] where its file cannot be read.
    pub fn read_table(&self, batch: &CommittedBatch, table: TableName) -> Result<Vec<RecordBatch>, DatasetError> {
        self.read_columns(batch, table, None)
    }

    /// As [`Snapshot::read_columns`], some rows at a time, as the present schema has them; those that an earlier version did not write are
    /// null.
    ///
    /// # Errors
    /// As [`Snapshot::read_table`].
    pub fn read_parts(
        &self,
        batch: &CommittedBatch,
        table: TableName,
        columns: Option<&[String]>,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, DatasetError>> + use<>, DatasetError> {
        let path = batch.file(table).path();
        let is_wanted = |name: &String| columns.is_none_or(|columns| columns.contains(name));
        let all = table.schema();
        let wanted = (0..all.fields().len()).filter(|at| is_wanted(all.field(*at).name())).collect::<Vec<_>>();
        let schema = Arc::new(all.project(&wanted).expect("these are columns of the table"));
        let conformed = move |rows: Result<RecordBatch, DatasetError>| {
            content::conform(&schema, &[rows?]).map_err(|source| unreadable(&path, source))
        };
        Ok(self.rows(batch, table, columns)?.map(conformed))
    }

    /// The file of `batch` in `table` as it is.
    ///
    /// # Errors
    /// As [`Snapshot::read_table`].
    pub fn read_bytes(&self, batch: &CommittedBatch, table: TableName) -> Result<Vec<u8>, DatasetError> {
        let mut file = self.open_file(batch, table)?;
        let mut bytes = Vec::with_capacity(file.size().unwrap_or_default() as usize);
        let read = file.read_to_end(&mut bytes);
        read.map_err(|error| DatasetError::Parquet { path: batch.file(table).path(), reason: error.to_string() })?;
        Ok(bytes)
    }

    /// What the files of `batch` take.
    ///
    /// # Errors
    /// [`DatasetError`] where one of them cannot be opened.
    pub fn files_bytes(&self, batch: &CommittedBatch) -> Result<u64, DatasetError> {
        let size = |table| Ok(self.open_file(batch, table)?.size().unwrap_or_default());
        TableName::PER_BATCH.into_iter().map(size).sum()
    }

    /// The columns of `batch` in `table` as they stand.
    ///
    /// # Errors
    /// As [`Snapshot::read_table`].
    pub fn read_encoded(&self, batch: &CommittedBatch, table: TableName) -> Result<EncodedColumns, DatasetError> {
        EncodedColumns::of(self.read_bytes(batch, table)?, &batch.file(table).path())
    }

    /// As [`Snapshot::read_table`], only those of `columns` that are there, where any are named.
    ///
    /// # Errors
    /// As [`Snapshot::read_table`].
    pub fn read_columns(
        &self,
        batch: &CommittedBatch,
        table: TableName,
        columns: Option<&[String]>,
    ) -> Result<Vec<RecordBatch>, DatasetError> {
        self.rows(batch, table, columns)?.collect()
    }

    /// The rows of `batch` in `table`, call after call, only those of `columns` that are there where any are named.
    ///
    /// # Errors
    /// As [`Snapshot::read_table`].
    pub fn read_by_call(
        &self,
        batch: &CommittedBatch,
        table: TableName,
        columns: Option<&[String]>,
    ) -> Result<RowsByCall, DatasetError> {
        Ok(RowsByCall::new(batch.file(table).path(), self.rows(batch, table, columns)?))
    }

    fn rows(&self, batch: &CommittedBatch, table: TableName, columns: Option<&[String]>) -> Result<Rows, DatasetError> {
        parquet_file::decode(self.open_file(batch, table)?, &batch.file(table).path(), columns)
    }

    /// The rules that judged.
    ///
    /// # Errors
    /// [`DatasetError`] where there are none of that name, or they cannot be read.
    pub fn read_rules(&self, ruleset_hash: &str) -> Result<Vec<RuleRow>, DatasetError> {
        layout::check_name("rule set", ruleset_hash)?;
        let path = layout::rules(ruleset_hash);
        let mut rules = Vec::new();
        for rows in parquet_file::decode(self.folder.open(&path)?, &path, None)? {
            rules.extend(read_rules(&rows?).map_err(|source| unreadable(&path, source))?);
        }
        Ok(rules)
    }

    /// Files in the folders of tables that no commit names, sorted. They are for people to look at; callsift neither
    /// reads nor deletes them.
    ///
    /// # Errors
    /// [`DatasetError::Storage`] where a folder cannot be listed.
    pub fn strays(&self) -> Result<Vec<String>, DatasetError> {
        let is_ours = |path: &str| {
            let batch = DataFile::of_path(path).map(|file| CommittedBatch { date: file.date, name: file.batch });
            batch.is_some_and(|batch| self.batches.contains_key(&batch))
        };
        let mut strays = Vec::new();
        for table in TableName::PER_BATCH {
            strays.extend(self.files_of(table)?.into_iter().filter(|path| !is_ours(path)));
        }
        strays.sort();
        Ok(strays)
    }

    /// The file of `batch` in `table`, in place or still among the drafts of a commit that is being carried out.
    pub(super) fn open_file(&self, batch: &CommittedBatch, table: TableName) -> Result<StoredFile, DatasetError> {
        let file = batch.file(table);
        let drafts = self.batches.get(batch).and_then(Option::as_ref).map(|run| file.draft(run));
        let places = [Some(file.path()), drafts.clone(), drafts.map(|_| file.path())];
        for place in places.into_iter().flatten() {
            match self.folder.open(&place) {
                Ok(file) => return Ok(file),
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DatasetError::Gone { path: file.path() })
    }

    /// The paths of what is in the partitions of `table`.
    fn files_of(&self, table: TableName) -> Result<Vec<String>, DatasetError> {
        let mut files = Vec::new();
        for partition in self.folder.list(table.name())? {
            let folder = format!("{}/{}", table.name(), partition.name);
            if !partition.is_folder || layout::date_of_partition(&partition.name).is_none() {
                files.push(folder);
                continue;
            }
            files.extend(self.folder.list(&folder)?.into_iter().map(|file| format!("{folder}/{}", file.name)));
        }
        Ok(files)
    }
}

pub(super) fn unreadable(path: &str, source: TableError) -> DatasetError {
    DatasetError::Table { path: path.to_owned(), source }
}
