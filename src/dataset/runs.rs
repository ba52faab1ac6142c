//! What ran, and the rules that judged.

use super::error::DatasetError;
use super::layout::{self, TMP};
use super::open::Dataset;
use super::parquet_file;
use crate::tables::{RuleRow, TableName, rules_batch};
use serde_json::{Map, Value};

impl Dataset {
    /// Writes `runs/<run>.json`: `about` with `status` = `running`.
    ///
    /// # Errors
    /// [`DatasetError::BadName`] for a `run` that cannot name a file; [`DatasetError::Storage`].
    pub fn start_run(&self, run: &str, about: &Map<String, Value>) -> Result<(), DatasetError> {
        self.write_run(run, about, "running")
    }

    /// Writes `runs/<run>.json` anew: `about` with `status` = `done`.
    ///
    /// # Errors
    /// As [`Dataset::start_run`].
    pub fn finish_run(&self, run: &str, about: &Map<String, Value>) -> Result<(), DatasetError> {
        self.write_run(run, about, "done")
    }

    /// Writes `runs/<run>.json` anew: `about` with `status` = `failed`.
    ///
    /// # Errors
    /// As [`Dataset::start_run`].
    pub fn fail_run(&self, run: &str, about: &Map<String, Value>) -> Result<(), DatasetError> {
        self.write_run(run, about, "failed")
    }

    /// Writes `rules/<ruleset_hash>.parquet` if it is not there; says whether it wrote it.
    ///
    /// # Errors
    /// [`DatasetError::BadName`] for a `ruleset_hash` that cannot name a file; [`DatasetError::Storage`].
    pub fn write_rules(&self, ruleset_hash: &str, rules: &[RuleRow]) -> Result<bool, DatasetError> {
        layout::check_name("rule set", ruleset_hash)?;
        let bytes = parquet_file::encode(TableName::Rules, &rules_batch(rules))?;
        let path = layout::rules(ruleset_hash);
        self.folder.create_folder(TMP)?;
        self.folder.create_folder(TableName::Rules.name())?;
        Ok(self.folder.put_if_absent(&path, &bytes, &format!("{TMP}/{ruleset_hash}.rules"))?)
    }

    fn write_run(&self, run: &str, about: &Map<String, Value>, status: &str) -> Result<(), DatasetError> {
        layout::check_name("run", run)?;
        let mut about = about.clone();
        about.insert("status".to_owned(), status.into());
        let json = format!("{:#}\n", Value::Object(about));
        self.folder.create_folder(TMP)?;
        self.folder.create_folder("runs")?;
        Ok(self.folder.replace(&layout::run(run), json.as_bytes(), &format!("{TMP}/{run}.run"))?)
    }
}
