//! How one value is kept in a column: its Arrow type, and both directions.

use super::error::TableError;
use super::record::{Record, Source, fields};
use crate::facts::{CallOutcome, Status};
use crate::finding::{MatchKind, Reason, RuleStatus, Severity};
use crate::recording::Party;
use crate::score::{ChangeKind, Verdict};
use crate::units::Role;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, PrimitiveArray, StringArray, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{
    DataType, Field, FieldRef, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// How values of [`Value::Of`] are kept in a column.
pub(super) trait Value {
    /// What is kept.
    type Of;

    /// The column of an array, ready to be read row by row.
    type Reader<'a>;

    /// The column's type.
    fn data_type() -> DataType;

    /// The column of `values`; `None` is null.
    fn write(values: &[Option<&Self::Of>]) -> ArrayRef;

    /// Makes `array`, which belongs to the column `column`, ready to be read.
    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError>;

    /// The value in `row`, which the array has; `None` is null.
    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self::Of>, TableError>;

    /// What a row has that is read without this column, because nobody looks at it; `None` where it must be there.
    fn unread() -> Option<Self::Of> {
        None
    }
}

/// Texts, and the column they are in for messages.
pub(super) struct Texts<'a> {
    array: &'a StringArray,
    column: &'a str,
}

/// A moment, kept as microseconds since 1970 UTC.
pub(super) struct Utc;

/// A list, none of whose elements is null.
pub(super) struct List<V>(PhantomData<V>);

/// A record as the element of a list.
pub(super) struct Nested<R>(PhantomData<R>);

macro_rules! primitives {
    ($($codec:ty: $rust:ty => $arrow:ty, $data_type:expr;)*) => {$(
        impl Value for $codec {
            type Of = $rust;
            type Reader<'a> = &'a PrimitiveArray<$arrow>;

            fn data_type() -> DataType {
                $data_type
            }

            fn write(values: &[Option<&$rust>]) -> ArrayRef {
                let array: PrimitiveArray<$arrow> = values.iter().map(|value| value.copied()).collect();
                Arc::new(array.with_data_type($data_type))
            }

            fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
                array.as_primitive_opt().ok_or_else(|| wrong_type(array, &Self::data_type(), column))
            }

            fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<$rust>, TableError> {
                Ok(reader.is_valid(row).then(|| reader.value(row)))
            }

            fn unread() -> Option<$rust> {
                Some(<$rust>::default())
            }
        }
    )*};
}

primitives! {
    i32: i32 => Int32Type, DataType::Int32;
    i64: i64 => Int64Type, DataType::Int64;
    f32: f32 => Float32Type, DataType::Float32;
    f64: f64 => Float64Type, DataType::Float64;
    Utc: i64 => TimestampMicrosecondType, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
}

impl Value for bool {
    type Of = Self;
    type Reader<'a> = &'a BooleanArray;

    fn data_type() -> DataType {
        DataType::Boolean
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        Arc::new(values.iter().map(|value| value.copied()).collect::<BooleanArray>())
    }

    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
        array.as_boolean_opt().ok_or_else(|| wrong_type(array, &Self::data_type(), column))
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self>, TableError> {
        Ok(reader.is_valid(row).then(|| reader.value(row)))
    }

    fn unread() -> Option<Self> {
        Some(false)
    }
}

impl Value for String {
    type Of = Self;
    type Reader<'a> = Texts<'a>;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        Arc::new(values.iter().map(|value| value.map(Self::as_str)).collect::<StringArray>())
    }

    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
        Texts::open(array, column)
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self>, TableError> {
        Ok(reader.get(row).map(Self::from))
    }

    fn unread() -> Option<Self> {
        Some(Self::new())
    }
}

/// Kept as JSON with sorted keys.
impl Value for BTreeMap<String, String> {
    type Of = Self;
    type Reader<'a> = Texts<'a>;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        let json = |map| serde_json::to_string(map).expect("a map from text to text is always JSON");
        Arc::new(values.iter().map(|value| value.map(json)).collect::<StringArray>())
    }

    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
        Texts::open(array, column)
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self>, TableError> {
        reader.parsed(row, |json| serde_json::from_str(json).ok())
    }

    fn unread() -> Option<Self> {
        Some(Self::new())
    }
}

/// Kept as text, `2026-11-20`.
impl Value for Date {
    type Of = Self;
    type Reader<'a> = Texts<'a>;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        Arc::new(values.iter().map(|value| value.map(Self::to_string)).collect::<StringArray>())
    }

    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
        Texts::open(array, column)
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self>, TableError> {
        reader.parsed(row, |date| date.parse().ok())
    }
}

macro_rules! kept_by_name {
    ($($named:ty)*) => {$(
        impl Value for $named {
            type Of = Self;
            type Reader<'a> = Texts<'a>;

            fn data_type() -> DataType {
                DataType::Utf8
            }

            fn write(values: &[Option<&Self>]) -> ArrayRef {
                Arc::new(values.iter().map(|value| value.map(|value| value.name())).collect::<StringArray>())
            }

            fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
                Texts::open(array, column)
            }

            fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<Self>, TableError> {
                reader.parsed(row, |name| Self::ALL.into_iter().find(|value| value.name() == name))
            }
        }
    )*};
}

kept_by_name! { Role Status CallOutcome Party Severity RuleStatus MatchKind Reason Verdict ChangeKind }

impl<V: Value> Value for List<V> {
    type Of = Vec<V::Of>;
    type Reader<'a> = (&'a ListArray, V::Reader<'a>);

    fn data_type() -> DataType {
        DataType::List(element::<V>())
    }

    fn write(values: &[Option<&Vec<V::Of>>]) -> ArrayRef {
        let lengths = values.iter().map(|list| list.map_or(0, Vec::len));
        let nulls: NullBuffer = values.iter().map(Option::is_some).collect();
        let flat: Vec<Option<&V::Of>> = values.iter().flatten().flat_map(|list| list.iter().map(Some)).collect();
        let offsets = OffsetBuffer::from_lengths(lengths);
        Arc::new(ListArray::new(element::<V>(), offsets, V::write(&flat), Some(nulls)))
    }

    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
        let lists = array.as_list_opt().ok_or_else(|| wrong_type(array, &Self::data_type(), column))?;
        Ok((lists, V::open(lists.values(), column)?))
    }

    fn get((lists, values): &Self::Reader<'_>, row: usize) -> Result<Option<Vec<V::Of>>, TableError> {
        if lists.is_null(row) {
            return Ok(None);
        }
        let ends = &lists.value_offsets()[row..=row + 1];
        let (start, end) = (ends[0] as usize, ends[1] as usize);
        let mut elements = Vec::with_capacity(end - start);
        for at in start..end {
            elements.push(V::get(values, at)?.ok_or(TableError::NullValue { row })?);
        }
        Ok(Some(elements))
    }

    fn unread() -> Option<Vec<V::Of>> {
        Some(Vec::new())
    }
}

impl<R: Record> Value for Nested<R> {
    type Of = R;
    type Reader<'a> = R::Reader<'a>;

    fn data_type() -> DataType {
        DataType::Struct(fields(&R::columns("", false)))
    }

    fn write(values: &[Option<&R>]) -> ArrayRef {
        let mut columns = Vec::new();
        R::write(values, &mut columns);
        let nulls: NullBuffer = values.iter().map(Option::is_some).collect();
        Arc::new(StructArray::new(fields(&R::columns("", false)), columns, Some(nulls)))
    }

    fn open<'a>(array: &'a ArrayRef, column: &'a str) -> Result<Self::Reader<'a>, TableError> {
        let structs = array.as_struct_opt().ok_or_else(|| wrong_type(array, &Self::data_type(), column))?;
        R::open(&Source::whole(structs.fields(), structs.columns()), "")
    }

    fn get(reader: &Self::Reader<'_>, row: usize) -> Result<Option<R>, TableError> {
        R::get(reader, row)
    }
}

/// Named as the Parquet format recommends, so that every reader sees a plain list.
fn element<V: Value>() -> FieldRef {
    Arc::new(Field::new("element", V::data_type(), false))
}

impl<'a> Texts<'a> {
    /// The texts of `array`, which belongs to the column `column`.
    pub(super) fn open(array: &'a ArrayRef, column: &'a str) -> Result<Self, TableError> {
        let texts = array.as_string_opt().ok_or_else(|| wrong_type(array, &DataType::Utf8, column))?;
        Ok(Self { array: texts, column })
    }

    /// The text in `row`, which may not be null.
    pub(super) fn required(&self, row: usize) -> Result<&'a str, TableError> {
        self.get(row).ok_or(TableError::NullValue { row })
    }

    /// The texts of all rows, none of which may be null.
    pub(super) fn all_required(&self) -> Result<impl Iterator<Item = &'a str> + use<'a>, TableError> {
        match self.array.nulls().and_then(|nulls| nulls.iter().position(|is_valid| !is_valid)) {
            Some(row) => Err(TableError::NullValue { row }),
            None => Ok(self.array.iter().flatten()),
        }
    }

    fn get(&self, row: usize) -> Option<&'a str> {
        self.array.is_valid(row).then(|| self.array.value(row))
    }

    fn parsed<T>(&self, row: usize, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, TableError> {
        let unknown =
            |value: &str| TableError::UnknownValue { column: self.column.to_owned(), value: value.to_owned() };
        self.get(row).map(|value| parse(value).ok_or_else(|| unknown(value))).transpose()
    }
}

fn wrong_type(array: &ArrayRef, expected: &DataType, column: &str) -> TableError {
    TableError::WrongType {
        column: column.to_owned(),
        expected: expected.to_string(),
        found: array.data_type().to_string(),
    }
}
