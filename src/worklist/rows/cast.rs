//! Columns of Parquet as text.

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Why a column has no text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Its time zone is not known.
    Zone,
    /// A time of this row, 0-based, is out of range.
    Row(usize),
    /// It is not what it says it is.
    Cast,
}

/// Whether a column of this type can be read as text.
pub(super) fn is_plain(kind: &DataType) -> bool {
    use DataType::{
        Boolean, Date32, Date64, Decimal32, Decimal64, Decimal128, Decimal256, Dictionary, LargeUtf8, Null, Timestamp,
        Utf8, Utf8View,
    };
    match kind {
        Dictionary(_, values) => is_plain(values),
        Utf8 | LargeUtf8 | Utf8View | Boolean | Date32 | Date64 | Timestamp(..) | Null => true,
        Decimal32(..) | Decimal64(..) | Decimal128(..) | Decimal256(..) => true,
        other => other.is_integer() || other.is_floating(),
    }
}

/// Returns the column as text, null where it is null: timestamps with a zone as ISO 8601 with offset, those without as
/// local time; NaN, which some writers put for nothing, as null.
pub(super) fn to_text(column: &ArrayRef) -> Result<StringArray, Unfit> {
    match column.data_type() {
        DataType::Dictionary(_, values) => to_text(&cast(column, values)?),
        DataType::Timestamp(unit, zone) => times(column, *unit, zone.as_deref()),
        DataType::Date64 => to_text(&cast(column, &DataType::Date32)?),
        DataType::Float16 | DataType::Float32 => {
            let column = cast(column, &DataType::Float32)?;
            let values = column.as_primitive::<Float32Type>().iter();
            Ok(values.map(|value| value.filter(|value| value.is_finite()).map(|value| value.to_string())).collect())
        }
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>().iter();
            Ok(values.map(|value| value.filter(|value| value.is_finite()).map(|value| value.to_string())).collect())
        }
        _ => Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone()),
    }
}

fn cast(column: &ArrayRef, to: &DataType) -> Result<ArrayRef, Unfit> {
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(column, to, &strict).map_err(|_| Unfit::Cast)
}

fn times(column: &ArrayRef, unit: TimeUnit, zone: Option<&str>) -> Result<StringArray, Unfit> {
    let zone = zone.map(|name| zone_of(name).ok_or(Unfit::Zone)).transpose()?;
    let ns_per_unit: i128 = match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    let text = |(row, value): (usize, Option<i64>)| {
        let Some(value) = value else { return Ok(None) };
        let time = Timestamp::from_nanosecond(i128::from(value) * ns_per_unit).map_err(|_| Unfit::Row(row))?;
        let format = if zone.is_some() { "%Y-%m-%dT%H:%M:%S%.f%:z" } else { "%Y-%m-%dT%H:%M:%S%.f" };
        let zoned = time.to_zoned(zone.clone().unwrap_or(TimeZone::UTC));
        Ok(Some(zoned.strftime(format).to_string()))
    };
    numbers(column, unit).into_iter().enumerate().map(text).collect()
}

fn numbers(column: &ArrayRef, unit: TimeUnit) -> Vec<Option<i64>> {
    let column = match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().reinterpret_cast::<Int64Type>(),
        TimeUnit::Millisecond => column.as_primitive::<TimestampMillisecondType>().reinterpret_cast(),
        TimeUnit::Microsecond => column.as_primitive::<TimestampMicrosecondType>().reinterpret_cast(),
        TimeUnit::Nanosecond => column.as_primitive::<TimestampNanosecondType>().reinterpret_cast(),
    };
    column.iter().collect()
}

/// The zone that Arrow calls `name`: an IANA name, `Z`, or an offset such as `+08:00` or `+0800`.
fn zone_of(name: &str) -> Option<TimeZone> {
    if name == "Z" {
        return Some(TimeZone::UTC);
    }
    if !name.starts_with(['+', '-']) {
        return TimeZone::get(name).ok();
    }
    let digits: String = name[1..].chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() == 2 { (number, 0) } else { (number / 100, number % 100) };
    let sign = if name.starts_with('-') { -1 } else { 1 };
    Some(TimeZone::fixed(jiff::tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{
        BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, LargeStringArray,
        StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    };
    use arrow::datatypes::Int32Type;
    use std::sync::Arc;

    // date -u -d 2026-11-19T12:00:00Z +%s
    const NOON_UTC_S: i64 = 1_795_089_600;

    fn texts(column: ArrayRef) -> Vec<Option<String>> {
        assert!(is_plain(column.data_type()), "{}", column.data_type());
        to_text(&column).expect("plain").iter().map(|text| text.map(str::to_owned)).collect()
    }

    #[test]
    fn plain_columns_become_text() {
        let ms = || TimestampMillisecondArray::from(vec![Some(NOON_UTC_S * 1000 + 250), None]);
        let dictionary: DictionaryArray<Int32Type> = [Some("debtor"), None].into_iter().collect();
        let decimal = Decimal128Array::from(vec![Some(120_050), None]).with_precision_and_scale(10, 2).expect("fits");
        let cases: [(&str, ArrayRef, &str); 13] = [
            ("large text", Arc::new(LargeStringArray::from(vec![Some("张"), None])), "张"),
            (
                "text view",
                Arc::new(StringViewArray::from(vec![Some("a longer text than fits"), None])),
                "a longer text than fits",
            ),
            ("dictionary", Arc::new(dictionary), "debtor"),
            ("integer", Arc::new(Int64Array::from(vec![Some(-7), None])), "-7"),
            ("whole float", Arc::new(Float64Array::from(vec![Some(1.0), None])), "1"),
            ("float", Arc::new(Float64Array::from(vec![Some(12.5), Some(f64::NAN)])), "12.5"),
            ("boolean", Arc::new(BooleanArray::from(vec![Some(true), None])), "true"),
            ("date", Arc::new(Date32Array::from(vec![Some(20_776), None])), "2026-11-19"),
            ("decimal", Arc::new(decimal), "1200.50"),
            ("local time", Arc::new(ms()), "2026-11-19T12:00:00.25"),
            ("zone", Arc::new(ms().with_timezone("Asia/Shanghai")), "2026-11-19T20:00:00.25+08:00"),
            ("offset", Arc::new(ms().with_timezone("-0330")), "2026-11-19T08:30:00.25-03:30"),
            (
                "UTC",
                Arc::new(
                    TimestampMicrosecondArray::from(vec![Some(NOON_UTC_S * 1_000_000), None]).with_timezone("UTC"),
                ),
                "2026-11-19T12:00:00+00:00",
            ),
        ];
        for (name, column, expected) in cases {
            assert_eq!(texts(column), [Some(expected.to_owned()), None], "{name}");
        }
    }

    #[test]
    fn what_has_no_text_is_named() {
        let odd = TimestampMillisecondArray::from(vec![0]).with_timezone("Mars/Olympus");
        assert_eq!(to_text(&(Arc::new(odd) as ArrayRef)).err(), Some(Unfit::Zone));
        let far = TimestampMillisecondArray::from(vec![0, i64::MAX]);
        assert_eq!(to_text(&(Arc::new(far) as ArrayRef)).err(), Some(Unfit::Row(1)));
        assert!(!is_plain(&DataType::Binary) && !is_plain(&DataType::Struct(arrow::datatypes::Fields::empty())));
    }
}
