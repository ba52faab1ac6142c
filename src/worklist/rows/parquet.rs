//! Rows of a Parquet file; every column of a plain type becomes text.

use super::row::Row;
use super::texts::{TextColumns, TextRows};
use super::{Fault, RowSource};
use crate::storage::StoredFile;
use arrow::array::RecordBatchReader;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows that are decoded together.
const BATCH_ROWS: usize = 1024;

pub(super) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    columns: TextColumns,
    batch: TextRows,
    /// The next row of `batch`.
    next: usize,
    /// Rows of all batches read.
    read: u64,
}

impl ParquetRows {
    /// Reads the schema.
    pub(super) fn open(file: StoredFile) -> Result<Self, Fault> {
        let reader = guarded(|| ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(BATCH_ROWS).build())?;
        let columns = TextColumns::of(&reader.schema())?;
        Ok(Self { reader, columns, batch: TextRows::default(), next: 0, read: 0 })
    }

    /// Reads batches until one has rows; returns whether there is one.
    fn read(&mut self) -> Result<bool, Fault> {
        while self.next == self.batch.len() {
            let reader = &mut self.reader;
            let Some(batch) = guarded(|| reader.next().transpose())? else { return Ok(false) };
            self.batch = guarded(|| Ok::<_, std::convert::Infallible>(self.columns.rows(&batch, self.read)))??;
            self.read += batch.num_rows() as u64;
            self.next = 0;
        }
        Ok(true)
    }
}

impl RowSource for ParquetRows {
    fn columns(&self) -> &[String] {
        self.columns.names()
    }

    fn has_header(&self) -> bool {
        true
    }

    fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        if !self.read()? {
            return Ok(false);
        }
        self.next += 1;
        self.batch.read(self.next - 1, row)?;
        Ok(true)
    }
}

/// Runs `read` on bytes that may be anything: the decoder's panics and errors both mean a broken file.
fn guarded<T, E>(read: impl FnOnce() -> Result<T, E>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(_)) | Err(_) => Err(broken()),
    }
}

fn broken() -> Fault {
    let help = "check that the file is whole and its compression snappy, zstd or none, or write it as CSV";
    Fault::file(None, "not Parquet that can be read".into(), help)
}
