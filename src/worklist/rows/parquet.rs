//! Rows of a Parquet file; every column of a plain type becomes text.

use super::bounded::MAX_LINE_BYTES;
use super::cast::{Unfit, is_plain, to_text};
use super::row::Row;
use super::{Fault, RowSource};
use arrow::array::{Array, RecordBatch, RecordBatchReader, StringArray};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows that are decoded together.
const BATCH_ROWS: usize = 1024;

pub(super) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    columns: Vec<String>,
    batch: Vec<StringArray>,
    batch_rows: usize,
    /// The next row of `batch`.
    next: usize,
    /// Rows handed on.
    number: u64,
}

impl ParquetRows {
    /// Reads the schema.
    pub(super) fn open(file: File) -> Result<Self, Fault> {
        let reader = guarded(|| ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(BATCH_ROWS).build())?;
        let schema = reader.schema();
        for field in schema.fields() {
            if !is_plain(field.data_type()) {
                let name = crate::worklist::identity::shown_text(field.name());
                let message = format!("the column {name} is of type {}, which is no text", field.data_type());
                return Err(Fault::file(
                    None,
                    message,
                    "write text, numbers, booleans, dates or timestamps, or leave it out",
                ));
            }
        }
        let columns = schema.fields().iter().map(|field| field.name().trim().to_owned()).collect();
        Ok(Self { reader, columns, batch: Vec::new(), batch_rows: 0, next: 0, number: 0 })
    }

    /// Reads batches until one has rows; returns whether there is one.
    fn read(&mut self) -> Result<bool, Fault> {
        while self.next == self.batch_rows {
            let reader = &mut self.reader;
            let Some(batch) = guarded(|| reader.next().transpose())? else { return Ok(false) };
            self.batch = guarded(|| Ok::<_, std::convert::Infallible>(self.texts(&batch)))??;
            (self.batch_rows, self.next) = (batch.num_rows(), 0);
        }
        Ok(true)
    }

    fn texts(&self, batch: &RecordBatch) -> Result<Vec<StringArray>, Fault> {
        let text = |(column, name): (_, &String)| {
            to_text(column).map_err(|unfit| {
                let name = crate::worklist::identity::shown_text(name);
                match unfit {
                    Unfit::Zone => {
                        Fault::file(None, format!("the zone of column {name} is not known"), "write timestamps in UTC")
                    }
                    Unfit::Cast => broken(),
                    Unfit::Row(row) => Fault::file(
                        Some(self.number + row as u64 + 1),
                        format!("the time in column {name} is in no year of the calendar"),
                        "mend it, or leave it null",
                    ),
                }
            })
        };
        batch.columns().iter().zip(&self.columns).map(text).collect()
    }
}

impl RowSource for ParquetRows {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        true
    }

    fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        if !self.read()? {
            return Ok(false);
        }
        let index = self.next;
        self.next += 1;
        self.number += 1;
        row.start(self.number);
        for (column, texts) in self.batch.iter().enumerate().filter(|(_, texts)| texts.is_valid(index)) {
            let cell = texts.value(index);
            if row.len_bytes() + cell.len() > MAX_LINE_BYTES {
                let message = format!("the row is longer than {MAX_LINE_BYTES} bytes");
                return Err(Fault::line(self.number, message, "shorten its cells"));
            }
            row.push(column, cell);
        }
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
