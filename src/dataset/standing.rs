//! An account of a dataset: what it holds, what failed, what is stale.

use super::error::DatasetError;
use super::layout::{self, RUNS};
use super::snapshot::{Snapshot, unreadable};
use crate::facts::Status;
use crate::tables::{CallState, TableName, read_call_states};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;

/// A record of a run is smaller than this by far.
const MOST_RUN_BYTES: u64 = 1 << 28;

/// What a dataset holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// By date.
    pub days: BTreeMap<Option<Date>, DayStanding>,
    /// Calls by rule set and which of its rules were in force; `None`: not judged.
    pub rule_sets: BTreeMap<Option<(String, String)>, usize>,
    /// Calls by engine and model, where they have a transcript.
    pub engines: BTreeMap<(String, Option<String>), usize>,
    /// Calls by the version of callsift that judged them.
    pub versions: BTreeMap<String, usize>,
    /// Calls that failed or are read in part, by code.
    pub errors: BTreeMap<String, usize>,
    /// Failed calls that may go better when they are inspected again.
    pub retryable: usize,
    /// Runs, by name: the earliest first.
    pub runs: Vec<RunStanding>,
    /// Commits that are decided and not carried out: the next run does it.
    pub unfinished: usize,
    /// Files that no commit names.
    pub strays: Vec<String>,
    /// Names of calls and customers that must not be erased.
    pub holds: usize,
}

/// What a dataset holds of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayStanding {
    /// Calls.
    pub calls: usize,
    /// Of those, failed.
    pub failed: usize,
    /// Of those, read in part.
    pub partial: usize,
    /// Files of `calls`.
    pub batches: usize,
}

/// What is known of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunStanding {
    /// Its name.
    pub run: String,
    /// `done`, `stopped`, `failed`, `running`, or `died` for one that ended without a word.
    pub status: String,
    /// What it wrote of itself.
    pub record: Value,
}

impl Snapshot {
    /// What the dataset holds.
    ///
    /// # Errors
    /// [`DatasetError`] where it cannot be read.
    pub fn standing(&self) -> Result<Standing, DatasetError> {
        let mut standing =
            Standing { unfinished: self.unfinished, strays: self.strays()?, runs: self.runs()?, ..Standing::default() };
        let holds = self.holds()?;
        standing.holds = holds.calls.len() + holds.customers.len();
        let columns = TableName::call_state_columns();
        for batch in self.batches() {
            standing.days.entry(batch.date).or_default().batches += 1;
            for rows in self.read_columns(batch, TableName::Calls, Some(&columns))? {
                for call in read_call_states(&rows).map_err(|source| unreadable(&batch.path(), source))? {
                    standing.add(batch.date, call);
                }
            }
        }
        Ok(standing)
    }

    /// What ran, the earliest first.
    ///
    /// # Errors
    /// [`DatasetError`] where a record cannot be read.
    pub fn runs(&self) -> Result<Vec<RunStanding>, DatasetError> {
        let mut runs = Vec::new();
        for entry in self.folder.list(RUNS)? {
            let Some(run) = entry.name.strip_suffix(".json") else { continue };
            let bytes = self.folder.read(&format!("{RUNS}/{}", entry.name), MOST_RUN_BYTES)?;
            let record: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let said = record["status"].as_str().unwrap_or("unreadable");
            let is_dead = said == "running" && !self.folder.is_locked(&layout::alive(run));
            let status = if is_dead { "died" } else { said }.to_owned();
            runs.push(RunStanding { run: run.to_owned(), status, record });
        }
        Ok(runs)
    }
}

impl Standing {
    /// How many calls there are.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.days.values().map(|day| day.calls).sum()
    }

    /// The rule set of the latest run that has one.
    #[must_use]
    pub fn latest_rules(&self) -> Option<&str> {
        self.runs.iter().rev().find_map(|run| run.record["ruleset_hash"].as_str())
    }

    /// Calls that were judged by other rules than the latest run's, or by another version than `version`.
    #[must_use]
    pub fn stale(&self, version: &str) -> (usize, usize) {
        let latest = self.latest_rules();
        let other_rules = self.rule_sets.iter().filter_map(|(rules, calls)| Some((&rules.as_ref()?.0, calls)));
        let by_rules = other_rules.filter(|(hash, _)| latest.is_some_and(|latest| latest != hash.as_str()));
        let by_version = self.versions.iter().filter(|(of, _)| of.as_str() != version);
        (by_rules.map(|(_, calls)| calls).sum(), by_version.map(|(_, calls)| calls).sum())
    }

    fn add(&mut self, date: Option<Date>, call: CallState) {
        let day = self.days.entry(date).or_default();
        day.calls += 1;
        day.failed += usize::from(call.status == Status::Failed);
        day.partial += usize::from(call.status == Status::Partial);
        self.retryable += usize::from(call.status == Status::Failed && call.error_retryable == Some(true));
        if let Some(code) = call.error_code {
            *self.errors.entry(code).or_default() += 1;
        }
        if let Some(engine) = call.engine {
            *self.engines.entry((engine, call.engine_model)).or_default() += 1;
        }
        if let Some(version) = call.tool_version {
            *self.versions.entry(version).or_default() += 1;
        }
        *self.rule_sets.entry(call.ruleset_hash.zip(call.in_force_mode)).or_default() += 1;
    }
}
