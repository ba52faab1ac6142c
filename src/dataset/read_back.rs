//! Reading what was committed.

use super::error::DatasetError;
use super::layout::{self, DataFile};
use super::open::Dataset;
use super::parquet_file;
use crate::facts::{Facts, Status};
use crate::tables::{CallKey, FactTables, RuleRow, TableError, TableName, read_call_keys, read_facts, read_rules};
use arrow::array::RecordBatch;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What tells whether a committed call must be inspected again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 of the recording's bytes.
    pub file_sha256: Option<String>,
    /// SHA-256 of the transcript's bytes.
    pub transcript_sha256: Option<String>,
    /// SHA-256 of the call's metadata.
    pub metadata_sha256: String,
    /// The rules that judged it; `None` where it was not judged.
    pub ruleset_hash: Option<String>,
    /// The version of callsift that judged it; `None` where it was not judged.
    pub tool_version: Option<String>,
    /// Hash of the settings that shape facts.
    pub settings_hash: String,
    /// Its partition.
    pub date: Option<Date>,
    /// How its inspection went.
    pub status: Status,
}

/// A batch that is in the dataset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommittedBatch {
    /// The date of its calls.
    pub date: Option<Date>,
    /// Its name.
    pub name: String,
}

impl Dataset {
    /// The batches that are committed, by date (unknown first), then name.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] where one lacks its file of `calls`.
    pub fn committed_batches(&self) -> Result<Vec<CommittedBatch>, DatasetError> {
        let records = self.records()?;
        let files = self.files_of(TableName::Calls)?;
        let files = files.iter().filter_map(|path| DataFile::of_path(path));
        let mut batches: Vec<CommittedBatch> = files
            .filter(|file| records.contains_key(&file.batch))
            .map(|file| CommittedBatch { date: file.date, name: file.batch })
            .collect();
        batches.sort();
        let found: BTreeSet<&String> = batches.iter().map(|batch| &batch.name).collect();
        if let Some(batch) = records.keys().find(|batch| !found.contains(batch)) {
            let what = "its file of calls is gone".to_owned();
            return Err(DatasetError::Damaged { path: layout::record(batch), what });
        }
        Ok(batches)
    }

    /// Every committed call, by id.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`], [`DatasetError::Parquet`] or [`DatasetError::Table`] where `calls` cannot be read or
    /// has a call twice.
    pub fn committed_calls(&self) -> Result<BTreeMap<String, Fingerprint>, DatasetError> {
        let columns = TableName::call_key_columns();
        let mut calls = BTreeMap::new();
        for batch in self.committed_batches()? {
            let path = batch.file(TableName::Calls).path();
            for rows in parquet_file::decode(self.folder.open(&path)?, &path, Some(&columns))? {
                for key in read_call_keys(&rows).map_err(|source| unreadable(&path, source))? {
                    let call_id = key.call_id.clone();
                    if calls.insert(key.call_id.clone(), Fingerprint::of(key, batch.date)).is_some() {
                        return Err(unreadable(&path, TableError::DuplicateCall { call_id }));
                    }
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
        let path = batch.file(table).path();
        parquet_file::decode(self.folder.open(&path)?, &path, None)
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
            rules.extend(read_rules(&rows).map_err(|source| unreadable(&path, source))?);
        }
        Ok(rules)
    }

    /// Files in the folders of tables that no commit names, sorted. They are for people to look at; callsift neither
    /// reads nor deletes them.
    ///
    /// # Errors
    /// [`DatasetError::Storage`] where a folder cannot be listed.
    pub fn strays(&self) -> Result<Vec<String>, DatasetError> {
        let records = self.records()?;
        let is_ours = |path: &str| DataFile::of_path(path).is_some_and(|file| records.contains_key(&file.batch));
        let mut strays = Vec::new();
        for table in TableName::PER_BATCH {
            strays.extend(self.files_of(table)?.into_iter().filter(|path| !is_ours(path)));
        }
        strays.sort();
        Ok(strays)
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

impl Fingerprint {
    fn of(key: CallKey, date: Option<Date>) -> Self {
        Self {
            file_sha256: key.file_sha256,
            transcript_sha256: key.transcript_sha256,
            metadata_sha256: key.metadata_sha256,
            ruleset_hash: key.ruleset_hash,
            tool_version: key.tool_version,
            settings_hash: key.settings_hash,
            date,
            status: key.status,
        }
    }
}

impl CommittedBatch {
    fn file(&self, table: TableName) -> DataFile {
        DataFile { table, date: self.date, batch: self.name.clone() }
    }
}

fn unreadable(path: &str, source: TableError) -> DatasetError {
    DatasetError::Table { path: path.to_owned(), source }
}
