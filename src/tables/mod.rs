//! What is written: one file per table, each a list of documented columns from which schema, writing, reading and
//! `docs/tables.md` all come.

mod calls;
mod cell;
mod counted;
mod docs;
mod entities;
mod error;
mod facts;
mod findings;
mod listed;
mod name;
mod nested;
mod not_evaluated;
mod record;
mod rejudged;
mod rows;
mod rules;
mod rules_evaluated;
mod score_items;
mod sound;
mod stretches;
mod turns;
mod value;
mod verdict_changes;
mod verdicts;

pub use calls::{fact_schema, facts_of_calls, judgement_schema};
pub use cell::{CSV_START, csv_cell};
pub use counted::{
    CountedCall, CountedFinding, CountedReason, CountedTurn, ReportedBy, counted_call_columns, counted_finding_columns,
    counted_reason_columns, counted_turn_columns, read_counted_calls, read_counted_findings, read_counted_reasons,
    read_counted_turns, read_reported_by, reported_by_columns,
};
pub use docs::{DocumentedColumn, docs, documented, section};
pub use error::TableError;
pub use facts::{FactTables, columns_for, read_facts, read_facts_for, runs_of_calls};
pub use findings::{read_findings, read_reporting_rules};
pub use listed::{ListedCall, listed_call_columns, read_listed_calls};
pub use name::{SCHEMA_VERSION, TableName};
pub use nested::{joined, nested, nested_schema, unnested};
pub use not_evaluated::read_not_evaluated;
pub use rejudged::{Rejudged, columns_to_rejudge, judgement_batches};
pub use rows::{Judged, Row, batches};
pub use rules::{RuleRow, RuleSource, read_rules, rules_batch};
pub use rules_evaluated::read_rules_evaluated;
pub use score_items::read_score_items;
pub use sound::{
    CallSound, StretchChannel, TurnChannel, read_call_sounds, read_stretch_channels, read_turn_channels, sound_columns,
};
pub use verdict_changes::{VerdictChange, read_verdict_changes};
pub use verdicts::{
    CallKey, CallState, HistoricCall, Verdicts, read_call_keys, read_call_states, read_customers, read_history,
    read_verdicts,
};
