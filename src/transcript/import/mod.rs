//! Transcripts as engines write them, one file per format.
//!
//! Each reader fills a `draft`, which knows nothing of formats: it orders, bounds and mends what engines leave out.

mod aliyun;
mod aws_call_analytics;
mod aws_transcribe;
mod azure;
mod baidu;
mod ctm;
mod cues;
mod deepgram;
mod draft;
mod error;
mod fields;
mod format;
mod funasr;
mod google;
pub mod heard;
mod huawei;
mod ibm;
mod iflytek;
mod json;
mod kaldi;
mod languages;
mod letters;
mod openai;
pub mod ours;
mod recognise;
mod roles;
mod rows;
mod sensevoice;
mod speechmatics;
mod srt;
mod tencent;
mod vosk;
mod vtt;
mod whisper_cpp;

pub use error::ImportError;
pub use format::Format;
pub use json::LIMIT_BYTES;
pub use recognise::{read, read_as, read_in};
