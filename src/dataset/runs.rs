//! What ran, and the rules that judged.

use super::error::DatasetError;
use super::layout::{self, RUNS};
use super::open::Dataset;
use super::parquet_file;
use crate::storage::Folder;
use crate::tables::{RuleRow, TableName, rules_batch};
use serde_json::{Map, Value};
use std::path::Path;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All is done.
    Done,
    /// It was stopped; the same command does the rest.
    Stopped,
    /// It could not go on.
    Failed,
}

impl RunEnd {
    /// Its name in `runs/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

impl Dataset {
    /// Writes `runs/<run>.json`: `about` with `status` = `running`.
    ///
    /// # Errors
    /// [`DatasetError::Storage`].
    pub fn start_run(&self, about: &Map<String, Value>) -> Result<(), DatasetError> {
        self.write_run(about, "running")
    }

    /// Writes `runs/<run>.json` anew: `about` with the `status` that `end` says.
    ///
    /// # Errors
    /// As [`Dataset::start_run`].
    pub fn end_run(&self, about: &Map<String, Value>, end: RunEnd) -> Result<(), DatasetError> {
        self.write_run(about, end.name())
    }

    /// The run's name.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Writes `rules/<ruleset_hash>.parquet` if it is not there; says whether it wrote it.
    ///
    /// # Errors
    /// [`DatasetError::BadName`] for a `ruleset_hash` that cannot name a file; [`DatasetError::Storage`].
    pub fn write_rules(&self, ruleset_hash: &str, rules: &[RuleRow]) -> Result<bool, DatasetError> {
        layout::check_name("rule set", ruleset_hash)?;
        let bytes = parquet_file::encode(TableName::Rules, rules_batch(rules))?;
        let path = layout::rules(ruleset_hash);
        self.folder.create_folder(TableName::Rules.name())?;
        Ok(self.folder.put_if_absent(&path, &bytes, &format!("{}/{ruleset_hash}.rules", layout::drafts(&self.run)))?)
    }

    fn write_run(&self, about: &Map<String, Value>, status: &str) -> Result<(), DatasetError> {
        let mut about = about.clone();
        about.insert("status".to_owned(), status.into());
        let json = format!("{:#}\n", Value::Object(about));
        self.folder.create_folder(RUNS)?;
        let draft = format!("{}/run", layout::drafts(&self.run));
        Ok(self.folder.replace(&layout::run(&self.run), json.as_bytes(), &draft)?)
    }
}

/// Writes `<ruleset_hash>.parquet` into `folder`, which may be that of the table `rules` of whoever keeps tables otherwise, if it is not
/// there; says whether it wrote it.
///
/// # Errors
/// As [`Dataset::write_rules`].
pub fn write_rules_table(folder: &Path, ruleset_hash: &str, rules: &[RuleRow]) -> Result<bool, DatasetError> {
    layout::check_name("rule set", ruleset_hash)?;
    let bytes = parquet_file::encode(TableName::Rules, rules_batch(rules))?;
    let folder = Folder::at(folder)?;
    folder.create_folder("")?;
    Ok(folder.put_if_absent(&format!("{ruleset_hash}.parquet"), &bytes, &format!(".{ruleset_hash}.draft"))?)
}
