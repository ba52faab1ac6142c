//! Columns of Parquet files as they stand, so that what does not change is neither read nor written anew.

use super::error::DatasetError;
use super::parquet_file::{ROW_GROUP_ROWS, failed, properties};
use crate::tables::TableName;
use arrow::datatypes::Schema;
use bytes::Bytes;
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    RowGroupMetaData,
};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};
use std::sync::Arc;

/// The columns of a file, encoded and compressed.
pub struct EncodedColumns {
    bytes: Bytes,
    metadata: ParquetMetaData,
}

impl EncodedColumns {
    /// Those of the file `bytes`; `path` names it in errors.
    ///
    /// # Errors
    /// [`DatasetError::Parquet`] where it is not Parquet.
    pub fn of(bytes: Vec<u8>, path: &str) -> Result<Self, DatasetError> {
        let bytes = Bytes::from(bytes);
        // All that a writer notes, so that it can be noted again.
        let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
        let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
        let metadata = reader.with_metadata_options(Some(options)).parse_and_finish(&bytes);
        metadata.map(|metadata| Self { bytes, metadata }).map_err(|error| failed(path, &error))
    }

    /// Whether they are, or begin with, the columns `schema`, in row groups as this version writes them.
    #[must_use]
    pub fn begin_with(&self, schema: &Schema) -> bool {
        let Ok(wanted) = converted(schema) else { return false };
        let own = self.descriptor();
        let groups = self.metadata.row_groups();
        let is_full = |group: &RowGroupMetaData| group.num_rows() == ROW_GROUP_ROWS as i64;
        groups.iter().rev().skip(1).all(is_full)
            && wanted.num_columns() <= own.num_columns()
            && wanted.columns().iter().zip(own.columns()).all(|(wanted, own)| wanted == own)
    }

    /// The file of `table` that has the columns of `parts`, each taken from the first part that has it. It has the bytes that
    /// [`super::TableFile`] would give of the same rows, where all parts were written by it.
    ///
    /// # Errors
    /// [`DatasetError::Parquet`] where a column is in no part, or not with the same rows.
    pub fn join(table: TableName, parts: &[Self]) -> Result<Vec<u8>, DatasetError> {
        joined(table, parts).map_err(|error| failed(table.name(), &error))
    }

    fn descriptor(&self) -> &SchemaDescriptor {
        self.metadata.file_metadata().schema_descr()
    }

    fn place(&self, column: &ColumnDescriptor) -> Option<usize> {
        self.descriptor().columns().iter().position(|own| own.as_ref() == column)
    }

    /// Puts the column at `place` of row group `group` behind those that are in `writer`.
    fn copy(
        &self,
        group: usize,
        place: usize,
        writer: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    ) -> Result<(), ParquetError> {
        let row_group = self.metadata.row_group(group);
        let index = self.metadata.page_index_for_row_group(group);
        let metadata = as_written(row_group.column(place).clone())?;
        if !is_inside(&metadata, self.bytes.len()) {
            return Err(ParquetError::EOF(format!("column {} ends behind the file", metadata.column_path())));
        }
        let close = ColumnCloseResult {
            bytes_written: metadata.compressed_size() as u64,
            rows_written: row_group.num_rows() as u64,
            bloom_filter: None,
            column_index: index.column_index(place).cloned(),
            offset_index: index.offset_index(place).cloned(),
            metadata,
        };
        writer.append_column(&self.bytes, close)
    }
}

/// Whether the column lies inside a file of `length_bytes`. A damaged footer may say anything, and the writer that copies asks nothing.
fn is_inside(metadata: &ColumnChunkMetaData, length_bytes: usize) -> bool {
    let start = metadata.dictionary_page_offset().unwrap_or_else(|| metadata.data_page_offset());
    let range = u64::try_from(start).ok().zip(u64::try_from(metadata.compressed_size()).ok());
    range.and_then(|(start, size)| start.checked_add(size)).is_some_and(|end| end <= length_bytes as u64)
}

/// What is noted of a column, as its writer noted it: for numbers, older readers get the bounds twice, which reading forgets.
fn as_written(metadata: ColumnChunkMetaData) -> Result<ColumnChunkMetaData, ParquetError> {
    let is_signed = metadata.column_descr().sort_order().is_signed();
    let statistics = match metadata.statistics().filter(|_| is_signed).cloned() {
        Some(Statistics::Int32(bounds)) => Statistics::Int32(bounds.with_backwards_compatible_min_max(true)),
        Some(Statistics::Int64(bounds)) => Statistics::Int64(bounds.with_backwards_compatible_min_max(true)),
        Some(Statistics::Float(bounds)) => Statistics::Float(bounds.with_backwards_compatible_min_max(true)),
        Some(Statistics::Double(bounds)) => Statistics::Double(bounds.with_backwards_compatible_min_max(true)),
        _ => return Ok(metadata),
    };
    metadata.into_builder().set_statistics(statistics).build()
}

fn converted(schema: &Schema) -> Result<SchemaDescriptor, ParquetError> {
    ArrowSchemaConverter::new().convert(schema)
}

fn joined(table: TableName, parts: &[EncodedColumns]) -> Result<Vec<u8>, ParquetError> {
    let schema = table.schema();
    let descriptor = converted(&schema)?;
    let mut properties = properties(table);
    add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
    let mut file = SerializedFileWriter::new(Vec::new(), descriptor.root_schema_ptr(), Arc::new(properties))?;
    let missing = |column: &ColumnDescriptor| ParquetError::General(format!("no column {}", column.path()));
    let find = |column: &ColumnDescriptor| {
        parts.iter().find_map(|part| Some((part, part.place(column)?))).ok_or_else(|| missing(column))
    };
    let columns = descriptor.columns().iter().map(|column| find(column)).collect::<Result<Vec<_>, _>>()?;
    let groups = |part: &EncodedColumns| part.metadata.row_groups().iter().map(|it| it.num_rows()).collect::<Vec<_>>();
    let rows = parts.first().map_or_else(Vec::new, groups);
    if parts.iter().any(|part| groups(part) != rows) {
        return Err(ParquetError::General("columns of other rows".to_owned()));
    }
    for group in 0..rows.len() {
        let mut writer = file.next_row_group()?;
        columns.iter().try_for_each(|(part, place)| part.copy(group, *place, &mut writer))?;
        writer.close()?;
    }
    file.into_inner()
}

#[cfg(test)]
mod tests {
    use super::super::parquet_file::{TableFile, encode};
    use super::super::throws::Throws;
    use super::*;
    use crate::tables::{Row, batches, fact_schema, judgement_schema};
    use arrow::array::RecordBatch;
    use arrow::compute::concat_batches;
    use arrow::datatypes::SchemaRef;

    /// The table of calls drawn with that seed, so many times.
    fn calls(seed: u64, times: usize) -> RecordBatch {
        let rows: Vec<Row> = (0..5).map(|call| Throws::seeded(seed + call).row(&format!("call {call}"))).collect();
        let (_, calls) = batches(&rows).swap_remove(0);
        concat_batches(&calls.schema(), std::iter::repeat_n(&calls, times)).expect("the same columns")
    }

    fn encoded(bytes: Vec<u8>) -> EncodedColumns {
        EncodedColumns::of(bytes, "a file").expect("Parquet")
    }

    /// The columns `schema` of `calls` in a file of their own.
    fn part(calls: &RecordBatch, schema: &SchemaRef) -> EncodedColumns {
        let places: Vec<usize> =
            schema.fields().iter().map(|field| calls.schema().index_of(field.name()).expect("its column")).collect();
        let mut file = TableFile::of_columns(TableName::Calls, Arc::clone(schema)).expect("a file");
        file.push(calls.project(&places).expect("its columns")).expect("rows");
        encoded(file.finish().expect("bytes"))
    }

    #[test]
    fn columns_of_two_files_give_the_bytes_of_one() {
        for (seed, times) in [(1, 0), (2, 1), (3, 700), (4, 1), (5, 1), (6, 40)] {
            let (calls, others) = (calls(seed, times), calls(seed + 100, times));
            let whole = encode(TableName::Calls, calls.clone()).expect("bytes");
            let judgements = part(&calls, &judgement_schema());
            let facts = part(&calls, &fact_schema());
            assert!(facts.begin_with(&fact_schema()) && !facts.begin_with(&TableName::Calls.schema()));
            let joined = EncodedColumns::join(TableName::Calls, &[part(&calls, &judgement_schema()), facts]);
            assert!(joined.expect("bytes") == whole, "of two parts, seed {seed}");
            // The same facts, judged otherwise: columns are taken from the first part that has them.
            let facts_and_others =
                [&calls.columns()[..fact_schema().fields().len()], &others.columns()[fact_schema().fields().len()..]];
            let before =
                RecordBatch::try_new(calls.schema(), facts_and_others.concat()).expect("columns of one length");
            let before = encoded(encode(TableName::Calls, before).expect("bytes"));
            assert!(before.begin_with(&fact_schema()));
            let joined = EncodedColumns::join(TableName::Calls, &[judgements, before]).expect("bytes");
            assert!(joined == whole, "over what was, seed {seed}");
        }
    }

    #[test]
    fn columns_that_do_not_belong_together_are_refused() {
        let (one, two) = (calls(1, 1), calls(1, 2));
        let parts =
            |left: &RecordBatch, right: &RecordBatch| [part(left, &judgement_schema()), part(right, &fact_schema())];
        let told =
            |parts: &[EncodedColumns]| EncodedColumns::join(TableName::Calls, parts).expect_err("refused").to_string();
        assert!(told(&parts(&one, &two)).contains("columns of other rows"));
        assert!(told(&parts(&one, &one)[..1]).contains("no column"));
        assert!(EncodedColumns::of(b"PAR1 is not all".to_vec(), "x").is_err());
        // What the footer says of a file that is shorter.
        for length_bytes in [0, 10, 100] {
            let whole = encoded(encode(TableName::Calls, one.clone()).expect("bytes"));
            let short = EncodedColumns { bytes: whole.bytes.slice(..length_bytes), metadata: whole.metadata };
            assert!(told(&[short]).contains("ends behind the file"), "{length_bytes}");
        }
    }
}
