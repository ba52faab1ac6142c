//! Some calls of a dataset, with all that it knows of them.

use super::error::DatasetError;
use super::log::CommittedBatch;
use super::parquet_file;
use super::snapshot::{Snapshot, unreadable};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::tables::{FactTables, TableName, Verdicts, read_facts, read_findings, read_verdicts};
use arrow::array::RecordBatch;
use std::collections::{BTreeMap, BTreeSet};

/// A call as a dataset holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeCall {
    /// What was observed.
    pub facts: Facts,
    /// What was decided; `None` where it was not judged.
    pub verdicts: Option<Verdicts>,
    /// What was reported, in the order of the table.
    pub findings: Vec<Finding>,
}

impl Snapshot {
    /// Those of the calls `call_ids` that `batch` holds, in its order.
    ///
    /// # Errors
    /// [`DatasetError`] where one of the batch's files cannot be read.
    pub fn read_whole_calls(
        &self,
        batch: &CommittedBatch,
        call_ids: &BTreeSet<&str>,
    ) -> Result<Vec<WholeCall>, DatasetError> {
        let unreadable = |source| unreadable(&format!("batch {}", batch.name), source);
        let calls = self.rows_of(batch, TableName::Calls, call_ids)?;
        let facts = read_facts(FactTables {
            calls: &calls,
            turns: &self.rows_of(batch, TableName::Turns, call_ids)?,
            stretches: &self.rows_of(batch, TableName::Stretches, call_ids)?,
            entities: &self.rows_of(batch, TableName::Entities, call_ids)?,
        });
        let mut verdicts = BTreeMap::new();
        for rows in &calls {
            verdicts.extend(read_verdicts(rows).map_err(unreadable)?);
        }
        let mut findings: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for rows in self.rows_of(batch, TableName::Findings, call_ids)? {
            for (call_id, finding) in read_findings(&rows).map_err(unreadable)? {
                findings.entry(call_id).or_default().push(finding);
            }
        }
        let whole = |facts: Facts| WholeCall {
            verdicts: verdicts.remove(&facts.call.call_id).flatten(),
            findings: findings.remove(&facts.call.call_id).unwrap_or_default(),
            facts,
        };
        Ok(facts.map_err(unreadable)?.into_iter().map(whole).collect())
    }

    fn rows_of(
        &self,
        batch: &CommittedBatch,
        table: TableName,
        call_ids: &BTreeSet<&str>,
    ) -> Result<Vec<RecordBatch>, DatasetError> {
        let file = self.open_file(batch, table)?;
        parquet_file::decode_calls(&file, &batch.file(table).path(), call_ids)?.collect()
    }
}
