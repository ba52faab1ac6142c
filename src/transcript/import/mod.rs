//! Transcripts as engines write them, one file per format.
//!
//! Each reader fills a [`draft`], which knows nothing of formats: it orders, bounds and mends what engines leave out.

mod aliyun;
mod baidu;
mod draft;
mod error;
mod fields;
mod format;
mod funasr;
mod huawei;
mod iflytek;
mod json;
mod languages;
mod letters;
pub mod ours;
mod recognise;
mod roles;
mod rows;
mod sensevoice;
mod tencent;

pub use error::ImportError;
pub use format::Format;
pub use recognise::{read, read_as};
