//! A table as the bytes of a Parquet file, and back.

use super::error::DatasetError;
use crate::storage::StoredFile;
use crate::tables::{SCHEMA_VERSION, TableName, runs_of_calls};
use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, PageIndexPolicy};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::ColumnPath;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A batch is one row group; compacted files get several, cut by rows alone so that equal rows give equal bytes.
pub(super) const ROW_GROUP_ROWS: usize = 1 << 20;

/// The writer is given so many rows at a time.
const ROWS_AT_ONCE: usize = 1_024;

/// The file of `rows`, which are of `table`. Equal rows give equal bytes.
///
/// # Errors
/// [`DatasetError::Parquet`] where the writer refuses them.
pub(super) fn encode(table: TableName, rows: RecordBatch) -> Result<Vec<u8>, DatasetError> {
    let mut file = TableFile::begin(table)?;
    file.push(rows)?;
    file.finish()
}

/// A file that is written as its rows come, so that they need not be held. Equal rows give equal bytes, however many come at a time.
pub struct TableFile {
    table: TableName,
    writer: ArrowWriter<Vec<u8>>,
    /// Too few to be given to the writer.
    waiting: RecordBatch,
}

impl TableFile {
    /// A file of `table` without rows.
    ///
    /// # Errors
    /// [`DatasetError::Parquet`] where the writer refuses the table's columns.
    pub fn begin(table: TableName) -> Result<Self, DatasetError> {
        Self::of_columns(table, table.schema())
    }

    /// A file with some of the columns of `table`, as [`TableFile::begin`].
    ///
    /// # Errors
    /// As [`TableFile::begin`].
    pub fn of_columns(table: TableName, columns: SchemaRef) -> Result<Self, DatasetError> {
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&columns), Some(properties(table)));
        let waiting = RecordBatch::new_empty(columns);
        Ok(Self { table, writer: writer.map_err(|error| failed(table.name(), &error))?, waiting })
    }

    /// Adds rows, with the columns of the file.
    ///
    /// # Errors
    /// [`DatasetError::Parquet`] where the writer refuses them.
    ///
    /// # Panics
    /// Where they have other columns.
    pub fn push(&mut self, rows: RecordBatch) -> Result<(), DatasetError> {
        let rows = match self.waiting.num_rows() {
            0 => rows,
            _ => concat_batches(self.waiting.schema_ref(), [&self.waiting, &rows]).expect("both have its columns"),
        };
        let mut first = 0;
        while rows.num_rows() - first >= ROWS_AT_ONCE {
            self.write(&rows.slice(first, ROWS_AT_ONCE))?;
            first += ROWS_AT_ONCE;
        }
        // What waits keeps alive all that it is a slice of.
        let rest = rows.slice(first, rows.num_rows() - first);
        self.waiting = if first == 0 { rest } else { copied(&rest) };
        Ok(())
    }

    /// Its bytes.
    ///
    /// # Errors
    /// As [`TableFile::push`].
    pub fn finish(mut self) -> Result<Vec<u8>, DatasetError> {
        let rest = self.waiting.slice(0, self.waiting.num_rows());
        self.write(&rest)?;
        self.writer.into_inner().map_err(|error| failed(self.table.name(), &error))
    }

    fn write(&mut self, rows: &RecordBatch) -> Result<(), DatasetError> {
        self.writer.write(rows).map_err(|error| failed(self.table.name(), &error))
    }
}

fn copied(rows: &RecordBatch) -> RecordBatch {
    let places = UInt32Array::from_iter_values(0..rows.num_rows() as u32);
    take_record_batch(rows, &places).expect("places are those of the rows")
}

/// The rows of `file`, only `columns` of them where given. `path` names it in errors.
///
/// # Errors
/// [`DatasetError::Parquet`] where it is not Parquet.
pub(super) fn decode(
    file: impl ChunkReader + 'static,
    path: &str,
    columns: Option<&[String]>,
) -> Result<Rows, DatasetError> {
    let failed = |error: ParquetError| failed(path, &error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    let mask = columns.map_or_else(ProjectionMask::all, |columns| {
        ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str))
    });
    let reader = builder.with_projection(mask).build().map_err(failed)?;
    Ok(Rows { reader, path: path.to_owned() })
}

/// The rows of `file` in which the column `call_id` has one of `call_ids`, in order; only their pages are unpacked.
///
/// # Errors
/// [`DatasetError::Parquet`] where it is not Parquet, or has no such column.
pub(super) fn decode_calls(file: &StoredFile, path: &str, call_ids: &BTreeSet<&str>) -> Result<Rows, DatasetError> {
    let failed = |error: ParquetError| failed(path, &error);
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    let metadata = ArrowReaderMetadata::load(file, options).map_err(failed)?;
    let opened = || -> Result<_, DatasetError> {
        let file = file.try_clone().map_err(|error| failed(ParquetError::External(Box::new(error))))?;
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone()))
    };
    let ids = opened()?;
    let only_ids = ProjectionMask::columns(ids.parquet_schema(), ["call_id"]);
    let ids = Rows { reader: ids.with_projection(only_ids).build().map_err(failed)?, path: path.to_owned() };
    let (mut runs, mut first) = (Vec::new(), 0);
    for rows in ids {
        let rows = rows?;
        let of_batch = runs_of_calls(&rows).map_err(|source| DatasetError::Table { path: path.to_owned(), source })?;
        let wanted = of_batch.into_iter().filter(|(call_id, _)| call_ids.contains(call_id));
        runs.extend(wanted.map(|(_, run)| first + run.start..first + run.end));
        first += rows.num_rows();
    }
    let selection = RowSelection::from_consecutive_ranges(runs.into_iter(), first);
    let reader = opened()?.with_row_selection(selection).build().map_err(failed)?;
    Ok(Rows { reader, path: path.to_owned() })
}

/// The rows of a file, a thousand at a time, read as they are asked for; an error says that it is damaged.
pub(super) struct Rows {
    reader: ParquetRecordBatchReader,
    path: String,
}

impl Iterator for Rows {
    type Item = Result<RecordBatch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.reader.next()?.map_err(|error| failed(&self.path, &error)))
    }
}

pub(super) fn failed(path: &str, error: &dyn std::error::Error) -> DatasetError {
    DatasetError::Parquet { path: path.to_owned(), reason: error.to_string() }
}

pub(super) fn properties(table: TableName) -> WriterProperties {
    let version = KeyValue::new("schema_version".to_owned(), SCHEMA_VERSION.to_string());
    let properties = WriterProperties::builder()
        // The form that readers parse to know whose mistakes to allow for.
        .set_created_by(concat!("callsift version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![version]))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(None)
        .set_dictionary_enabled(false);
    let dictionaries = table.dictionary_columns().into_iter();
    let with = |properties: parquet::file::properties::WriterPropertiesBuilder, column: String| {
        let path: Vec<String> = column.split('.').map(str::to_owned).collect();
        properties.set_column_dictionary_enabled(ColumnPath::from(path), true)
    };
    dictionaries.fold(properties, with).build()
}
