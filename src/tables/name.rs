//! The tables of a dataset, by name.

use super::record::{Column, columns_in_call, fields};
use super::verdict_changes::VerdictChange;
use super::{calls, findings, rules, verdicts};
use crate::facts::{EntityFacts, StretchFacts, TurnFacts};
use crate::finding::{Finding, NotEvaluated};
use crate::score::ScoreItem;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use std::sync::{Arc, OnceLock};

/// Version of the tables, in every file's metadata; raised when columns are added. Columns are never taken away.
pub const SCHEMA_VERSION: i32 = 1;

/// A table of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableName {
    /// One row per recording.
    Calls,
    /// One row per utterance.
    Turns,
    /// One row per stretch of speech.
    Stretches,
    /// One row per thing mentioned.
    Entities,
    /// One row per thing a rule reported.
    Findings,
    /// One row per scorecard item of a call.
    ScoreItems,
    /// One row per applicable rule and call that could not be judged.
    NotEvaluated,
    /// One row per rule that judged.
    Rules,
    /// One row per difference between two judgements.
    VerdictChanges,
}

impl TableName {
    /// All tables.
    pub const ALL: [Self; 9] = [
        Self::Calls,
        Self::Turns,
        Self::Stretches,
        Self::Entities,
        Self::Findings,
        Self::ScoreItems,
        Self::NotEvaluated,
        Self::Rules,
        Self::VerdictChanges,
    ];

    /// The tables that every batch of calls has a file in.
    pub const PER_BATCH: [Self; 8] = [
        Self::Calls,
        Self::Turns,
        Self::Stretches,
        Self::Entities,
        Self::Findings,
        Self::ScoreItems,
        Self::NotEvaluated,
        Self::VerdictChanges,
    ];

    /// Its name: the folder it is in.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Turns => "turns",
            Self::Stretches => "stretches",
            Self::Entities => "entities",
            Self::Findings => "findings",
            Self::ScoreItems => "score_items",
            Self::NotEvaluated => "not_evaluated",
            Self::Rules => "rules",
            Self::VerdictChanges => "verdict_changes",
        }
    }

    /// The table of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// What a row of it is.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Calls => "One row per recording, failed ones included.",
            Self::Turns => "One row per utterance: a segment of the transcript as the speech engine gave it.",
            Self::Stretches => "One row per stretch of speech, found by sound alone, with edges on 10 ms.",
            Self::Entities => "One row per thing mentioned, with its place.",
            Self::Findings => "One row per thing a rule reported, with its evidence.",
            Self::ScoreItems => {
                "One row per scorecard item of a call: the points lost, and the findings that cost them."
            }
            Self::NotEvaluated => "One row per applicable rule and call that could not be judged, and why.",
            Self::Rules => "One row per rule that judged, one file per rule set; `calls.ruleset_hash` names the file.",
            Self::VerdictChanges => {
                "One row per difference between two judgements of a call. Empty until a dataset is judged again by other rules."
            }
        }
    }

    /// Its columns, each with its documentation as metadata: `comment` (meaning and unit) and `unit`.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        static SCHEMAS: [OnceLock<SchemaRef>; TableName::ALL.len()] = [const { OnceLock::new() }; TableName::ALL.len()];
        Arc::clone(SCHEMAS[self as usize].get_or_init(|| Arc::new(Schema::new(fields(&self.columns())))))
    }

    /// The record batch of `arrays`, one for each of its columns.
    pub(super) fn batch(self, arrays: Vec<ArrayRef>) -> RecordBatch {
        RecordBatch::try_new(self.schema(), arrays).expect("arrays and columns come from the same list")
    }

    /// The columns whose few values repeat, so that they are written with a dictionary: their paths in a Parquet file,
    /// which for a list is that of its elements.
    #[must_use]
    pub fn dictionary_columns(self) -> Vec<String> {
        let path = |column: Column| match column.field.data_type() {
            DataType::List(element) => format!("{}.list.{}", column.field.name(), element.name()),
            _ => column.field.name().clone(),
        };
        self.columns().into_iter().filter(|column| column.dictionary).map(path).collect()
    }

    /// The columns of `calls` that [`super::read_call_keys`] needs.
    #[must_use]
    pub fn call_key_columns() -> Vec<String> {
        verdicts::key_columns().iter().map(|column| column.field.name().clone()).collect()
    }

    /// The columns of `calls` that [`super::read_call_states`] needs.
    #[must_use]
    pub fn call_state_columns() -> Vec<String> {
        verdicts::state_columns().iter().map(|column| column.field.name().clone()).collect()
    }

    /// The columns of `calls` that [`super::read_history`] needs.
    #[must_use]
    pub fn history_columns() -> Vec<String> {
        verdicts::history_columns().iter().map(|column| column.field.name().clone()).collect()
    }

    /// The columns of `findings` that [`super::read_reporting_rules`] needs.
    #[must_use]
    pub fn reporting_rule_columns() -> Vec<String> {
        findings::reporting_columns().iter().map(|column| column.field.name().clone()).collect()
    }

    pub(super) fn columns(self) -> Vec<Column> {
        match self {
            Self::Calls => calls::columns(),
            Self::Turns => columns_in_call::<TurnFacts>(),
            Self::Stretches => columns_in_call::<StretchFacts>(),
            Self::Entities => columns_in_call::<EntityFacts>(),
            Self::Findings => columns_in_call::<Finding>(),
            Self::ScoreItems => columns_in_call::<ScoreItem>(),
            Self::NotEvaluated => columns_in_call::<NotEvaluated>(),
            Self::Rules => rules::columns(),
            Self::VerdictChanges => columns_in_call::<VerdictChange>(),
        }
    }
}
