//! A declarative row: [`record!`] lists a type's columns once, and schema, writing, reading and documentation follow.

use super::error::TableError;
use super::value::Value;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Fields, Schema};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// A type whose values are rows, or groups of columns in a row.
pub(super) trait Record: Sized {
    /// Its columns, their names after `prefix`; all may be null where the group is `optional`.
    fn columns(prefix: &str, optional: bool) -> Vec<Column>;

    /// Appends one array a column. A `None` row is null in every column.
    fn write(rows: &[Option<&Self>], arrays: &mut Vec<ArrayRef>);

    /// One entry a row; `None` where a column that a row always fills is null.
    fn read(from: &Source<'_>, prefix: &str) -> Result<Vec<Option<Self>>, TableError>;
}

/// A field of a [`Record`]: a column, or a [`Flat`] group of them.
pub(super) trait Part {
    /// The field's type.
    type Of;

    /// Appends the field's columns.
    fn columns(described: Described, columns: &mut Vec<Column>);

    /// Appends one array a column.
    fn write(values: &[Option<&Self::Of>], arrays: &mut Vec<ArrayRef>);

    /// Reads the column `name`, or the columns that start with it; `None` where the row lacks what it must have.
    fn read(from: &Source<'_>, name: &str) -> Result<Vec<Option<Self::Of>>, TableError>;
}

/// A record, or an optional one, whose columns stand among those of the row around it.
pub(super) struct Flat<R>(PhantomData<R>);

/// A column as [`record!`] states it.
pub(super) struct Described {
    pub(super) name: String,
    pub(super) meaning: &'static str,
    pub(super) unit: &'static str,
    pub(super) dictionary: bool,
    pub(super) optional: bool,
}

/// A column of a table.
pub(super) struct Column {
    /// Name, type, nullability, and its documentation as metadata.
    pub(super) field: Field,
    /// Whether few values repeat, so that a dictionary pays.
    pub(super) dictionary: bool,
}

/// Where rows are read from: a record batch or a struct column.
pub(super) struct Source<'a> {
    columns: BTreeMap<&'a str, &'a ArrayRef>,
    rows: usize,
}

impl<'a> Source<'a> {
    /// The columns `arrays`, named by `fields`, of `rows` rows each.
    pub(super) fn new(fields: &'a Fields, arrays: &'a [ArrayRef], rows: usize) -> Self {
        Self { columns: fields.iter().map(|field| field.name().as_str()).zip(arrays).collect(), rows }
    }

    /// The columns of `batch`.
    pub(super) fn of(batch: &'a RecordBatch) -> Self {
        Self::new(batch.schema_ref().fields(), batch.columns(), batch.num_rows())
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }
}

/// The Arrow fields of `columns`.
pub(super) fn fields(columns: &[Column]) -> Fields {
    columns.iter().map(|column| column.field.clone()).collect()
}

/// Every row of `batch`, none of which may lack a value that it must have.
pub(super) fn read_rows<R: Record>(batch: &RecordBatch) -> Result<Vec<R>, TableError> {
    let rows = R::read(&Source::of(batch), "")?;
    rows.into_iter().enumerate().map(|(row, read)| read.ok_or(TableError::NullValue { row })).collect()
}

/// The columns of a table whose rows belong to calls: `call_id`, then those of `R`.
pub(super) fn columns_in_call<R: Record>() -> Vec<Column> {
    let mut columns = Vec::new();
    let meaning = "The call the row belongs to, as in `calls`.";
    let call_id = Described { name: "call_id".to_owned(), meaning, unit: "", dictionary: true, optional: false };
    <String as Part>::columns(call_id, &mut columns);
    columns.extend(R::columns("", false));
    columns
}

/// The table of `rows`, each with its call's id.
pub(super) fn write_in_call<'a, R: Record + 'a>(rows: impl Iterator<Item = (&'a String, &'a R)>) -> RecordBatch {
    let (call_ids, rows): (Vec<_>, Vec<_>) = rows.map(|(call_id, row)| (Some(call_id), Some(row))).unzip();
    let mut arrays = vec![<String as Value>::write(&call_ids)];
    R::write(&rows, &mut arrays);
    batch(&columns_in_call::<R>(), arrays)
}

/// The rows of `batch`, each with its call's id.
pub(super) fn read_in_call<R: Record>(batch: &RecordBatch) -> Result<Vec<(String, R)>, TableError> {
    let call_ids = <String as Part>::read(&Source::of(batch), "call_id")?.into_iter();
    let with_id = call_ids.zip(read_rows(batch)?).enumerate();
    with_id.map(|(row, (call_id, read))| Ok((call_id.ok_or(TableError::NullValue { row })?, read))).collect()
}

/// The record batch of `arrays`, one for each of `columns`.
pub(super) fn batch(columns: &[Column], arrays: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(Arc::new(Schema::new(fields(columns))), arrays)
        .expect("arrays and columns come from the same list")
}

impl<V: Value> Part for V {
    type Of = V::Of;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.push(described.column::<V>());
    }

    fn write(values: &[Option<&V::Of>], arrays: &mut Vec<ArrayRef>) {
        arrays.push(<V as Value>::write(values));
    }

    fn read(from: &Source<'_>, name: &str) -> Result<Vec<Option<V::Of>>, TableError> {
        let array = from.columns.get(name).ok_or_else(|| TableError::MissingColumn { column: name.to_owned() })?;
        <V as Value>::read(array, name)
    }
}

impl<V: Value> Part for Option<V> {
    type Of = Option<V::Of>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.push(Described { optional: true, ..described }.column::<V>());
    }

    fn write(values: &[Option<&Option<V::Of>>], arrays: &mut Vec<ArrayRef>) {
        let values: Vec<Option<&V::Of>> = values.iter().map(|value| value.and_then(Option::as_ref)).collect();
        arrays.push(<V as Value>::write(&values));
    }

    /// A column that an earlier version did not write reads as null.
    fn read(from: &Source<'_>, name: &str) -> Result<Vec<Option<Option<V::Of>>>, TableError> {
        let Some(array) = from.columns.get(name) else {
            return Ok((0..from.rows).map(|_| Some(None)).collect());
        };
        Ok(<V as Value>::read(array, name)?.into_iter().map(Some).collect())
    }
}

impl<R: Record> Part for Flat<R> {
    type Of = R;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.extend(R::columns(&described.name, described.optional));
    }

    fn write(values: &[Option<&R>], arrays: &mut Vec<ArrayRef>) {
        R::write(values, arrays);
    }

    fn read(from: &Source<'_>, name: &str) -> Result<Vec<Option<R>>, TableError> {
        R::read(from, name)
    }
}

impl<R: Record> Part for Flat<Option<R>> {
    type Of = Option<R>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.extend(R::columns(&described.name, true));
    }

    fn write(values: &[Option<&Option<R>>], arrays: &mut Vec<ArrayRef>) {
        let values: Vec<Option<&R>> = values.iter().map(|value| value.and_then(Option::as_ref)).collect();
        R::write(&values, arrays);
    }

    fn read(from: &Source<'_>, name: &str) -> Result<Vec<Option<Option<R>>>, TableError> {
        Ok(R::read(from, name)?.into_iter().map(Some).collect())
    }
}

impl Described {
    fn column<V: Value>(self) -> Column {
        let meaning = self.meaning.trim();
        let field = Field::new(self.name, V::data_type(), self.optional);
        let field = if self.unit.is_empty() {
            field.with_metadata([("comment", meaning.to_owned())])
        } else {
            field.with_metadata([("comment", format!("{meaning} [{}]", self.unit)), ("unit", self.unit.to_owned())])
        };
        Column { field, dictionary: self.dictionary }
    }
}

/// Lists the columns of a type: `/// meaning`, `#[unit = "ms"]`, `field as "column": Codec => dictionary`. The column
/// is named like its field unless `as` says otherwise; a [`Flat`] group has `as` for the prefix of its columns.
macro_rules! record {
    ($record:ty { $(
        $(#[doc = $meaning:literal])* $(#[unit = $unit:literal])?
        $field:ident $(as $column:literal)? : $part:ty $(=> $flag:ident)?
    ),* $(,)? }) => {
        impl $crate::tables::record::Record for $record {
            fn columns(prefix: &str, optional: bool) -> Vec<$crate::tables::record::Column> {
                let mut columns = Vec::new();
                $(<$part as $crate::tables::record::Part>::columns(
                    $crate::tables::record::Described {
                        name: format!("{prefix}{}", $crate::tables::record::named!($field $($column)?)),
                        meaning: concat!("", $($meaning),*),
                        unit: concat!("", $($unit)?),
                        dictionary: $crate::tables::record::flagged!($($flag)?),
                        optional,
                    },
                    &mut columns,
                );)*
                columns
            }

            fn write(rows: &[Option<&Self>], arrays: &mut Vec<arrow::array::ArrayRef>) {
                $(
                    let values: Vec<_> = rows.iter().map(|row| row.map(|row| &row.$field)).collect();
                    <$part as $crate::tables::record::Part>::write(&values, arrays);
                )*
            }

            fn read(
                from: &$crate::tables::record::Source<'_>,
                prefix: &str,
            ) -> Result<Vec<Option<Self>>, $crate::tables::error::TableError> {
                $(
                    let name = format!("{prefix}{}", $crate::tables::record::named!($field $($column)?));
                    let mut $field = <$part as $crate::tables::record::Part>::read(from, &name)?.into_iter();
                )*
                let next = |_| {
                    $(let $field = $field.next().flatten();)*
                    Some(Self { $($field: $field?),* })
                };
                Ok((0..from.rows()).map(next).collect())
            }
        }
    };
}

macro_rules! named {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $column:literal) => {
        $column
    };
}

macro_rules! flagged {
    () => {
        false
    };
    (dictionary) => {
        true
    };
}

pub(super) use {flagged, named, record};
