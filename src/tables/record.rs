//! A declarative row: [`record!`] lists a type's columns once, and schema, writing, reading and documentation follow.

use super::error::TableError;
use super::name::TableName;
use super::value::{Texts, Value};
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{Field, Fields};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// A type whose values are rows, or groups of columns in a row.
pub(super) trait Record: Sized {
    /// Its columns, ready to be read row by row.
    type Reader<'a>;

    /// Its columns, their names after `prefix`; all may be null where the group is `optional`.
    fn columns(prefix: &str, optional: bool) -> Vec<Column>;

    /// Appends one array a column. A `None` row is null in every column.
    fn write(rows: &[Option<&Self>], arrays: &mut Vec<ArrayRef>);

    /// Makes the columns whose names start with `prefix` ready to be read.
    fn open<'a>(from: &Source<'a>, prefix: &str) -> Result<Self::Reader<'a>, TableError>;

    /// The row `row`, which the columns have; `None` where a column that a row always fills is null.
    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self>, TableError>;
}

/// A field of a [`Record`]: a column, or a [`Flat`] group of them.
pub(super) trait Part {
    /// The field's type.
    type Of;

    /// The field's columns, ready to be read row by row.
    type Reader<'a>;

    /// Appends the field's columns.
    fn columns(described: Described, columns: &mut Vec<Column>);

    /// Appends one array a column.
    fn write(values: &[Option<&Self::Of>], arrays: &mut Vec<ArrayRef>);

    /// Makes the column `name`, or the columns that start with it, ready to be read.
    fn open<'a>(from: &Source<'a>, name: &str) -> Result<Self::Reader<'a>, TableError>;

    /// The field in `row`; `None` where the row lacks what it must have.
    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self::Of>, TableError>;
}

/// A record, or an optional one, whose columns stand among those of the row around it.
pub(super) struct Flat<R>(PhantomData<R>);

/// A column that earlier versions did not write: where it is missing, every row has the plainest value.
pub(super) struct Later<V>(PhantomData<V>);

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
    wanted: Wanted<'a>,
}

/// Which columns are read; the others read as the plainest value, or as null, whether they are there or not.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// All.
    All,
    /// These.
    Only(&'a [&'a str]),
    /// All but these.
    AllBut(&'a [&'a str]),
}

impl Wanted<'_> {
    fn has(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(&name),
            Self::AllBut(names) => !names.contains(&name),
        }
    }
}

impl<'a> Source<'a> {
    /// The columns `arrays`, named by `fields`.
    pub(super) fn whole(fields: &'a Fields, arrays: &'a [ArrayRef]) -> Self {
        let columns = fields.iter().map(|field| field.name().as_str()).zip(arrays).collect();
        Self { columns, wanted: Wanted::All }
    }

    /// The columns of `batch`.
    pub(super) fn of(batch: &'a RecordBatch) -> Self {
        Self::whole(batch.schema_ref().fields(), batch.columns())
    }

    /// The columns of `batch` that are wanted.
    pub(super) fn part(batch: &'a RecordBatch, wanted: Wanted<'a>) -> Self {
        Self { wanted, ..Self::of(batch) }
    }

    /// The column `name`, and its name for as long as the source lives.
    fn column(&self, name: &str) -> Option<(&'a str, &'a ArrayRef)> {
        let (name, array) = self.columns.get_key_value(name)?;
        self.wanted.has(name).then_some((*name, *array))
    }
}

/// The Arrow fields of `columns`.
pub(super) fn fields(columns: &[Column]) -> Fields {
    columns.iter().map(|column| column.field.clone()).collect()
}

/// Every row of `batch`, none of which may lack a value that it must have.
pub(super) fn read_rows<R: Record>(batch: &RecordBatch) -> Result<Vec<R>, TableError> {
    let reader = R::open(&Source::of(batch), "")?;
    (0..batch.num_rows()).map(|row| read_row(&reader, row)).collect()
}

/// The row `row`, which may not lack a value that it must have.
pub(super) fn read_row<R: Record>(reader: &R::Reader<'_>, row: usize) -> Result<R, TableError> {
    R::get(reader, row)?.ok_or(TableError::NullValue { row })
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

/// The rows `rows` of `table`, each with its call's id.
pub(super) fn write_in_call<'a, R: Record + 'a>(
    table: TableName,
    rows: impl Iterator<Item = (&'a str, &'a R)>,
) -> RecordBatch {
    let (call_ids, rows): (Vec<_>, Vec<_>) = rows.map(|(call_id, row)| (call_id, Some(row))).unzip();
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(StringArray::from_iter_values(call_ids))];
    R::write(&rows, &mut arrays);
    table.batch(arrays)
}

/// The rows of `batch`, each with its call's id.
pub(super) fn read_in_call<R: Record>(batch: &RecordBatch) -> Result<Vec<(String, R)>, TableError> {
    let call_ids = call_ids(&Source::of(batch))?;
    let rows = read_rows(batch)?.into_iter().enumerate();
    rows.map(|(row, read)| Ok((call_ids.required(row)?.to_owned(), read))).collect()
}

/// The column `call_id`, which every table has.
pub(super) fn call_ids<'a>(from: &Source<'a>) -> Result<Texts<'a>, TableError> {
    let name = "call_id";
    let (name, array) = from.column(name).ok_or_else(|| TableError::MissingColumn { column: name.to_owned() })?;
    Texts::open(array, name)
}

/// `None` where the column was left out on purpose.
impl<V: Value> Part for V {
    type Of = V::Of;
    type Reader<'a> = Option<V::Reader<'a>>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.push(described.column::<V>());
    }

    fn write(values: &[Option<&V::Of>], arrays: &mut Vec<ArrayRef>) {
        arrays.push(<V as Value>::write(values));
    }

    fn open<'a>(from: &Source<'a>, name: &str) -> Result<Self::Reader<'a>, TableError> {
        match from.column(name) {
            Some((name, array)) => V::open(array, name).map(Some),
            None if !from.wanted.has(name) && V::unread().is_some() => Ok(None),
            None => Err(TableError::MissingColumn { column: name.to_owned() }),
        }
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<V::Of>, TableError> {
        reader.as_ref().map_or_else(|| Ok(V::unread()), |reader| V::get(reader, row))
    }
}

/// `None` where an earlier version did not write the column, or it was left out: it reads as null.
impl<V: Value> Part for Option<V> {
    type Of = Option<V::Of>;
    type Reader<'a> = Option<V::Reader<'a>>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.push(Described { optional: true, ..described }.column::<V>());
    }

    fn write(values: &[Option<&Option<V::Of>>], arrays: &mut Vec<ArrayRef>) {
        let values: Vec<Option<&V::Of>> = values.iter().map(|value| value.and_then(Option::as_ref)).collect();
        arrays.push(<V as Value>::write(&values));
    }

    fn open<'a>(from: &Source<'a>, name: &str) -> Result<Self::Reader<'a>, TableError> {
        from.column(name).map(|(name, array)| V::open(array, name)).transpose()
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Option<V::Of>>, TableError> {
        reader.as_ref().map_or(Ok(None), |reader| V::get(reader, row)).map(Some)
    }
}

impl<V: Value> Part for Later<V> {
    type Of = V::Of;
    type Reader<'a> = Option<V::Reader<'a>>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        <V as Part>::columns(described, columns);
    }

    fn write(values: &[Option<&V::Of>], arrays: &mut Vec<ArrayRef>) {
        <V as Part>::write(values, arrays);
    }

    fn open<'a>(from: &Source<'a>, name: &str) -> Result<Self::Reader<'a>, TableError> {
        <Option<V> as Part>::open(from, name)
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<V::Of>, TableError> {
        <V as Part>::get(reader, row)
    }
}

impl<R: Record> Part for Flat<R> {
    type Of = R;
    type Reader<'a> = R::Reader<'a>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.extend(R::columns(&described.name, described.optional));
    }

    fn write(values: &[Option<&R>], arrays: &mut Vec<ArrayRef>) {
        R::write(values, arrays);
    }

    fn open<'a>(from: &Source<'a>, name: &str) -> Result<Self::Reader<'a>, TableError> {
        R::open(from, name)
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<R>, TableError> {
        R::get(reader, row)
    }
}

/// `None` where all its columns were left out on purpose.
impl<R: Record> Part for Flat<Option<R>> {
    type Of = Option<R>;
    type Reader<'a> = Option<R::Reader<'a>>;

    fn columns(described: Described, columns: &mut Vec<Column>) {
        columns.extend(R::columns(&described.name, true));
    }

    fn write(values: &[Option<&Option<R>>], arrays: &mut Vec<ArrayRef>) {
        let values: Vec<Option<&R>> = values.iter().map(|value| value.and_then(Option::as_ref)).collect();
        R::write(&values, arrays);
    }

    fn open<'a>(from: &Source<'a>, name: &str) -> Result<Self::Reader<'a>, TableError> {
        let is_wanted = |column: &Column| from.wanted.has(column.field.name());
        R::columns(name, true).iter().any(is_wanted).then(|| R::open(from, name)).transpose()
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Option<R>>, TableError> {
        reader.as_ref().map_or(Ok(None), |reader| R::get(reader, row)).map(Some)
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

            type Reader<'a> = ($(<$part as $crate::tables::record::Part>::Reader<'a>,)*);

            fn open<'a>(
                from: &$crate::tables::record::Source<'a>,
                prefix: &str,
            ) -> Result<Self::Reader<'a>, $crate::tables::error::TableError> {
                $(
                    let name = format!("{prefix}{}", $crate::tables::record::named!($field $($column)?));
                    let $field = <$part as $crate::tables::record::Part>::open(from, &name)?;
                )*
                Ok(($($field,)*))
            }

            fn get(
                ($($field,)*): &Self::Reader<'_>,
                row: usize,
            ) -> Result<Option<Self>, $crate::tables::error::TableError> {
                $(
                    let Some($field) = <$part as $crate::tables::record::Part>::get($field, row)? else {
                        return Ok(None);
                    };
                )*
                Ok(Some(Self { $($field),* }))
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
