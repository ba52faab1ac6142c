//! The arguments of what shows one thing and writes nothing.

use super::DecodeArgs;
use super::values::{EntityLanguage, SchemaFormat, transcript_format};
use crate::transcript::import::Format;
use clap::Args as ClapArgs;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift probe call.wav other.mp3
  callsift probe line-7.ul --raw mulaw:8000:2")]
pub(in crate::cli) struct Probe {
    /// Recordings
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print what every 10 ms of each channel show too
    #[arg(long)]
    pub frames: bool,
    #[command(flatten)]
    pub decoding: DecodeArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  echo 明天下午三点前还三千五百块 | callsift entities --date 2026-11-20")]
pub(in crate::cli) struct Entities {
    /// The lines' language
    #[arg(long, default_value = "zh", value_name = "LANGUAGE")]
    pub language: EntityLanguage,
    /// The day on which they were said, from which 明天 and 12号 are seen
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Date,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift transcript asr/call-0001.json > call-0001.transcript.json")]
pub(in crate::cli) struct Transcript {
    /// The transcript, as an engine wrote it
    pub file: PathBuf,
    /// Its format, where callsift does not recognise it
    #[arg(long, value_name = "FORMAT", value_parser = transcript_format)]
    pub transcript_format: Option<Format>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift schema findings
  callsift schema --format json > tables.jsonl")]
pub(in crate::cli) struct Schema {
    /// One table, such as calls; all of them without it
    #[arg(value_name = "TABLE")]
    pub table: Option<String>,
    /// How to print them
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub format: SchemaFormat,
}
