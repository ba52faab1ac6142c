//! What is written: one file per table, each a list of documented columns from which schema, writing, reading and
//! `docs/tables.md` all come.

mod calls;
mod docs;
mod entities;
mod error;
mod findings;
mod name;
mod not_evaluated;
mod record;
mod rows;
mod rules;
mod score_items;
mod stretches;
mod turns;
mod value;
mod verdict_changes;
mod verdicts;

pub use docs::docs;
pub use error::TableError;
pub use findings::read_findings;
pub use name::{SCHEMA_VERSION, TableName};
pub use not_evaluated::read_not_evaluated;
pub use rows::{FactTables, Judged, Row, batches, read_facts};
pub use rules::{RuleRow, RuleSource, read_rules, rules_batch};
pub use score_items::read_score_items;
pub use verdict_changes::VerdictChange;
pub use verdicts::{CallKey, Verdicts, read_call_keys, read_verdicts};
