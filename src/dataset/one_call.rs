//! One call of a dataset.

use super::error::DatasetError;
use super::log::CommittedBatch;
use super::snapshot::{Snapshot, unreadable};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::tables::{FactTables, TableName, read_facts, read_findings};
use arrow::array::RecordBatch;

impl Snapshot {
    /// The facts of the call `call_id` of `batch`; `None` where it is not there.
    ///
    /// # Errors
    /// [`DatasetError`] where one of the batch's files cannot be read.
    pub fn read_call(&self, batch: &CommittedBatch, call_id: &str) -> Result<Option<Facts>, DatasetError> {
        let tables = FactTables {
            calls: &self.rows_of_call(batch, TableName::Calls, call_id)?,
            turns: &self.rows_of_call(batch, TableName::Turns, call_id)?,
            stretches: &self.rows_of_call(batch, TableName::Stretches, call_id)?,
            entities: &self.rows_of_call(batch, TableName::Entities, call_id)?,
        };
        let mut facts = read_facts(tables).map_err(|source| unreadable(&format!("batch {}", batch.name), source))?;
        Ok(facts.pop())
    }

    /// What was reported of the call `call_id` of `batch`.
    ///
    /// # Errors
    /// As [`Snapshot::read_call`].
    pub fn read_findings(&self, batch: &CommittedBatch, call_id: &str) -> Result<Vec<Finding>, DatasetError> {
        let mut findings = Vec::new();
        for rows in self.rows_of_call(batch, TableName::Findings, call_id)? {
            let read = read_findings(&rows).map_err(|source| unreadable(&format!("batch {}", batch.name), source))?;
            findings.extend(read.into_iter().map(|(_, finding)| finding));
        }
        Ok(findings)
    }

    fn rows_of_call(
        &self,
        batch: &CommittedBatch,
        table: TableName,
        call_id: &str,
    ) -> Result<Vec<RecordBatch>, DatasetError> {
        let mut rows = self.read_by_call(batch, table, None)?;
        // Every call's rows stand together; those before are of others.
        rows.take_while(|id| id != call_id)?;
        rows.take_while(|id| id == call_id)
    }
}
