//! A table as the bytes of a Parquet file, and back.

use super::error::DatasetError;
use crate::tables::{SCHEMA_VERSION, TableName};
use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::fs::File;

/// A batch is one row group; compacted files get several, cut by rows alone so that equal rows give equal bytes.
const ROW_GROUP_ROWS: usize = 1 << 20;

/// The file of `rows`, which are of `table`. Equal rows give equal bytes.
///
/// # Errors
/// [`DatasetError::Parquet`] where the writer refuses them.
pub(super) fn encode(table: TableName, rows: &RecordBatch) -> Result<Vec<u8>, DatasetError> {
    write(table, rows).map_err(|error| failed(table.name(), &error))
}

/// The rows of `file`, only `columns` of them where given. `path` names it in errors.
///
/// # Errors
/// [`DatasetError::Parquet`] where it is not Parquet.
pub(super) fn decode(file: File, path: &str, columns: Option<&[String]>) -> Result<Rows, DatasetError> {
    let failed = |error: ParquetError| failed(path, &error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    let mask = columns.map_or_else(ProjectionMask::all, |columns| {
        ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str))
    });
    let reader = builder.with_projection(mask).build().map_err(failed)?;
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

fn failed(path: &str, error: &dyn std::error::Error) -> DatasetError {
    DatasetError::Parquet { path: path.to_owned(), reason: error.to_string() }
}

fn write(table: TableName, rows: &RecordBatch) -> Result<Vec<u8>, ParquetError> {
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties(table)))?;
    writer.write(rows)?;
    writer.into_inner()
}

fn properties(table: TableName) -> WriterProperties {
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
