//! Which format a transcript is in.

use super::fields::{keys, kind_of};
use super::{Format, ImportError, json, ours};
use super::{aliyun, baidu, funasr, huawei, iflytek, sensevoice, tencent};
use super::{aws_call_analytics, aws_transcribe, azure, deepgram, google, ibm, kaldi, openai, speechmatics, vosk};
use super::{ctm, srt, vtt, whisper_cpp};
use crate::transcript::Transcript;
use serde_json::{Map, Value};

/// How a format is known and read.
enum Reader {
    /// From JSON values.
    Json { is: fn(&[Value]) -> bool, read: fn(&[Value]) -> Result<Transcript, ImportError> },
    /// From text that is no JSON.
    Text { is: fn(&str) -> bool, read: fn(&str) -> Result<Transcript, ImportError> },
}

/// The reader of `format`.
const fn reader(format: Format) -> Reader {
    use Reader::{Json, Text};
    match format {
        Format::Ours => Json { is: ours::is, read: ours::from_values },
        Format::SenseVoice => Json { is: sensevoice::is, read: sensevoice::read },
        Format::FunAsr => Json { is: funasr::is, read: funasr::read },
        Format::Aliyun => Json { is: aliyun::is, read: aliyun::read },
        Format::Tencent => Json { is: tencent::is, read: tencent::read },
        Format::Huawei => Json { is: huawei::is, read: huawei::read },
        Format::IFlytek => Json { is: iflytek::is, read: iflytek::read },
        Format::Baidu => Json { is: baidu::is, read: baidu::read },
        Format::WhisperCpp => Json { is: whisper_cpp::is, read: whisper_cpp::read },
        Format::OpenAi => Json { is: openai::is, read: openai::read },
        Format::Vosk => Json { is: vosk::is, read: vosk::read },
        Format::AwsCallAnalytics => Json { is: aws_call_analytics::is, read: aws_call_analytics::read },
        Format::AwsTranscribe => Json { is: aws_transcribe::is, read: aws_transcribe::read },
        Format::Google => Json { is: google::is, read: google::read },
        Format::Azure => Json { is: azure::is, read: azure::read },
        Format::Deepgram => Json { is: deepgram::is, read: deepgram::read },
        Format::Ibm => Json { is: ibm::is, read: ibm::read },
        Format::Speechmatics => Json { is: speechmatics::is, read: speechmatics::read },
        Format::Kaldi => Json { is: kaldi::is, read: kaldi::read },
        Format::Ctm => Text { is: ctm::is, read: ctm::read },
        Format::Srt => Text { is: srt::is, read: srt::read },
        Format::Vtt => Text { is: vtt::is, read: vtt::read },
    }
}

/// Reads the transcript in `bytes`, whatever its format.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read(bytes: &[u8]) -> Result<Transcript, ImportError> {
    let json::Text { text, warnings } = json::text(bytes)?;
    let of_text = Format::ALL.into_iter().find_map(|format| match reader(format) {
        Reader::Text { is, read } => is(&text).then_some(read),
        Reader::Json { .. } => None,
    });
    if let Some(read) = of_text {
        return with_warnings(read(&text)?, warnings);
    }
    let values = json::values(&text)?;
    let of_values = Format::ALL.into_iter().find_map(|format| match reader(format) {
        Reader::Json { is, read } => is(&values).then_some(read),
        Reader::Text { .. } => None,
    });
    let read = of_values.ok_or_else(|| ImportError::Unrecognised { looks_like: looks_like(&values) })?;
    with_warnings(read(&values)?, warnings)
}

/// Reads the transcript in `bytes`, which is in `format`.
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read_as(bytes: &[u8], format: Format) -> Result<Transcript, ImportError> {
    let json::Text { text, warnings } = json::text(bytes)?;
    let transcript = match reader(format) {
        Reader::Json { read, .. } => read(&json::values(&text)?)?,
        Reader::Text { read, .. } => read(&text)?,
    };
    with_warnings(transcript, warnings)
}

fn with_warnings(mut transcript: Transcript, mut warnings: Vec<String>) -> Result<Transcript, ImportError> {
    warnings.append(&mut transcript.warnings);
    Ok(Transcript { warnings, ..transcript })
}

/// The object that a file in `format` is, which has a list or a text at one of `keys`.
pub(super) fn top<'a>(
    values: &'a [Value],
    format: Format,
    keys: &[&str],
) -> Result<&'a Map<String, Value>, ImportError> {
    let is_told = |value: &Value| value.is_array() || value.is_string();
    let top = json::only(values).filter(|top| keys.iter().any(|key| top.get(*key).is_some_and(is_told)));
    top.ok_or_else(|| not_of(format, values))
}

/// That `values` are not in `format`.
pub(super) fn not_of(format: Format, values: &[Value]) -> ImportError {
    ImportError::NotOfFormat { format: format.name(), why: format!("it is {}", looks_like(values)) }
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
