//! Which format a transcript is in.

use super::fields::{keys, kind_of};
use super::{Format, ImportError, json, ours};
use super::{aliyun, baidu, funasr, huawei, iflytek, sensevoice, tencent};
use crate::transcript::Transcript;
use serde_json::Value;

/// Reads the transcript in `bytes`, whatever its format.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read(bytes: &[u8]) -> Result<Transcript, ImportError> {
    let text = json::text(bytes)?;
    let values = json::values(&text.text)?;
    let format = Format::ALL.into_iter().find(|&format| is(format, &values));
    let format = format.ok_or_else(|| ImportError::Unrecognised { looks_like: looks_like(&values) })?;
    with_warnings(read_values(format, &values)?, text.warnings)
}

/// Reads the transcript in `bytes`, which is in `format`.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read_as(bytes: &[u8], format: Format) -> Result<Transcript, ImportError> {
    let text = json::text(bytes)?;
    let values = json::values(&text.text)?;
    with_warnings(read_values(format, &values)?, text.warnings)
}

fn with_warnings(mut transcript: Transcript, mut warnings: Vec<String>) -> Result<Transcript, ImportError> {
    warnings.append(&mut transcript.warnings);
    Ok(Transcript { warnings, ..transcript })
}

/// Whether `values` look like `format`.
fn is(format: Format, values: &[Value]) -> bool {
    match format {
        Format::Ours => ours::is(values),
        Format::SenseVoice => sensevoice::is(values),
        Format::FunAsr => funasr::is(values),
        Format::Aliyun => aliyun::is(values),
        Format::Tencent => tencent::is(values),
        Format::Huawei => huawei::is(values),
        Format::IFlytek => iflytek::is(values),
        Format::Baidu => baidu::is(values),
    }
}

fn read_values(format: Format, values: &[Value]) -> Result<Transcript, ImportError> {
    match format {
        Format::Ours => ours::from_values(values),
        Format::SenseVoice => sensevoice::read(values),
        Format::FunAsr => funasr::read(values),
        Format::Aliyun => aliyun::read(values),
        Format::Tencent => tencent::read(values),
        Format::Huawei => huawei::read(values),
        Format::IFlytek => iflytek::read(values),
        Format::Baidu => baidu::read(values),
    }
}

/// What `values` look like, for messages.
pub(super) fn looks_like(values: &[Value]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [Value::Object(map)] => format!("an object with the keys {}", keys(map)),
        [one] => kind_of(one),
        more => format!("{} JSON values one after another, the first {}", more.len(), kind_of(&more[0])),
    }
}

#[cfg(test)]
mod tests;
