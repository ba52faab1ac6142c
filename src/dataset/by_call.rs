//! Rows of a batch, taken in the order of its calls, so that few of them are held at once.

use super::error::DatasetError;
use super::parquet_file::Rows;
use super::snapshot::unreadable;
use crate::tables::runs_of_calls;
use arrow::array::RecordBatch;

/// The rows of a table of a batch, a few calls at a time. Every table of a batch has its calls in the same order.
pub struct RowsByCall {
    path: String,
    rows: Rows,
    /// What was read and not taken.
    rest: Option<RecordBatch>,
}

impl RowsByCall {
    pub(super) const fn new(path: String, rows: Rows) -> Self {
        Self { path, rows, rest: None }
    }

    /// The rows that come next, up to the first one of a call that is not meant.
    ///
    /// # Errors
    /// [`DatasetError`] where the file is damaged or does not say which call a row belongs to.
    pub fn take_while(&mut self, is_meant: impl Fn(&str) -> bool) -> Result<Vec<RecordBatch>, DatasetError> {
        let mut taken = Vec::new();
        while let Some(rows) = self.rest.take().map(Ok).or_else(|| self.rows.next()).transpose()? {
            let runs = runs_of_calls(&rows).map_err(|source| unreadable(&self.path, source))?;
            let count = runs.iter().take_while(|(call_id, _)| is_meant(call_id)).map(|(_, rows)| rows.len()).sum();
            if count > 0 {
                taken.push(rows.slice(0, count));
            }
            if count < rows.num_rows() {
                self.rest = Some(rows.slice(count, rows.num_rows() - count));
                break;
            }
        }
        Ok(taken)
    }
}
