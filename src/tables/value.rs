//! How one value is kept in a column: its Arrow type, and both directions.

use super::error::TableError;
use super::record::{Record, Source, fields};
use crate::facts::{CallOutcome, Status};
use crate::finding::{MatchKind, Reason, RuleStatus, Severity};
use crate::score::Verdict;
use crate::units::Role;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, PrimitiveArray, StringArray, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, FieldRef, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// How values of [`Value::Of`] are kept in a column.
pub(super) trait Value {
    /// What is kept.
    type Of;

    /// The column's type.
    fn data_type() -> DataType;

    /// The column of `values`; `None` is null.
    fn write(values: &[Option<&Self::Of>]) -> ArrayRef;

    /// The values of `array`, which belongs to the column `column`.
    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Self::Of>>, TableError>;
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

            fn data_type() -> DataType {
                $data_type
            }

            fn write(values: &[Option<&$rust>]) -> ArrayRef {
                let array: PrimitiveArray<$arrow> = values.iter().map(|value| value.copied()).collect();
                Arc::new(array.with_data_type($data_type))
            }

            fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<$rust>>, TableError> {
                Ok(primitive::<$arrow>(array, &Self::data_type(), column)?.iter().collect())
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

    fn data_type() -> DataType {
        DataType::Boolean
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        Arc::new(values.iter().map(|value| value.copied()).collect::<BooleanArray>())
    }

    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Self>>, TableError> {
        let values = array.as_boolean_opt().ok_or_else(|| wrong_type(array, &Self::data_type(), column))?;
        Ok(values.iter().collect())
    }
}

impl Value for String {
    type Of = Self;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        Arc::new(values.iter().map(|value| value.map(Self::as_str)).collect::<StringArray>())
    }

    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Self>>, TableError> {
        Ok(text(array, column)?.iter().map(|value| value.map(str::to_owned)).collect())
    }
}

/// Kept as JSON with sorted keys.
impl Value for BTreeMap<String, String> {
    type Of = Self;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        let json = |map| serde_json::to_string(map).expect("a map from text to text is always JSON");
        Arc::new(values.iter().map(|value| value.map(json)).collect::<StringArray>())
    }

    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Self>>, TableError> {
        parsed(array, column, |json| serde_json::from_str(json).ok())
    }
}

/// Kept as text, `2026-11-20`.
impl Value for Date {
    type Of = Self;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn write(values: &[Option<&Self>]) -> ArrayRef {
        Arc::new(values.iter().map(|value| value.map(Self::to_string)).collect::<StringArray>())
    }

    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Self>>, TableError> {
        parsed(array, column, |date| date.parse().ok())
    }
}

macro_rules! kept_by_name {
    ($($named:ty)*) => {$(
        impl Value for $named {
            type Of = Self;

            fn data_type() -> DataType {
                DataType::Utf8
            }

            fn write(values: &[Option<&Self>]) -> ArrayRef {
                Arc::new(values.iter().map(|value| value.map(|value| value.name())).collect::<StringArray>())
            }

            fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Self>>, TableError> {
                parsed(array, column, |name| Self::ALL.into_iter().find(|value| value.name() == name))
            }
        }
    )*};
}

kept_by_name! { Role Status CallOutcome Severity RuleStatus MatchKind Reason Verdict }

impl<V: Value> Value for List<V> {
    type Of = Vec<V::Of>;

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

    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<Vec<V::Of>>>, TableError> {
        let lists = array.as_list_opt::<i32>().ok_or_else(|| wrong_type(array, &Self::data_type(), column))?;
        let mut flat = V::read(lists.values(), column)?.into_iter();
        let mut at = 0;
        let mut read = Vec::with_capacity(lists.len());
        for (row, ends) in lists.value_offsets().windows(2).enumerate() {
            let (start, end) = (ends[0] as usize, ends[1] as usize);
            // A null or sliced-off list may still own elements; they are passed over.
            flat.by_ref().take(start - at).for_each(drop);
            let list: Option<Vec<V::Of>> = flat.by_ref().take(end - start).collect();
            at = end;
            let list = list.ok_or(TableError::NullValue { row })?;
            read.push((!lists.is_null(row)).then_some(list));
        }
        Ok(read)
    }
}

impl<R: Record> Value for Nested<R> {
    type Of = R;

    fn data_type() -> DataType {
        DataType::Struct(fields(&R::columns("", false)))
    }

    fn write(values: &[Option<&R>]) -> ArrayRef {
        let mut columns = Vec::new();
        R::write(values, &mut columns);
        let nulls: NullBuffer = values.iter().map(Option::is_some).collect();
        Arc::new(StructArray::new(fields(&R::columns("", false)), columns, Some(nulls)))
    }

    fn read(array: &ArrayRef, column: &str) -> Result<Vec<Option<R>>, TableError> {
        let structs = array.as_struct_opt().ok_or_else(|| wrong_type(array, &Self::data_type(), column))?;
        R::read(&Source::new(structs.fields(), structs.columns(), structs.len()), "")
    }
}

/// Named as the Parquet format recommends, so that every reader sees a plain list.
fn element<V: Value>() -> FieldRef {
    Arc::new(Field::new("element", V::data_type(), false))
}

fn primitive<'a, T: ArrowPrimitiveType>(
    array: &'a ArrayRef,
    expected: &DataType,
    column: &str,
) -> Result<&'a PrimitiveArray<T>, TableError> {
    array.as_primitive_opt().ok_or_else(|| wrong_type(array, expected, column))
}

fn text<'a>(array: &'a ArrayRef, column: &str) -> Result<&'a StringArray, TableError> {
    array.as_string_opt().ok_or_else(|| wrong_type(array, &DataType::Utf8, column))
}

fn parsed<T>(array: &ArrayRef, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<Option<T>>, TableError> {
    let unknown = |value: &str| TableError::UnknownValue { column: column.to_owned(), value: value.to_owned() };
    text(array, column)?
        .iter()
        .map(|value| value.map(|value| parse(value).ok_or_else(|| unknown(value))).transpose())
        .collect()
}

fn wrong_type(array: &ArrayRef, expected: &DataType, column: &str) -> TableError {
    TableError::WrongType {
        column: column.to_owned(),
        expected: expected.to_string(),
        found: array.data_type().to_string(),
    }
}
