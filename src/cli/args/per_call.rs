//! The arguments that decide what is written of a call, however calls come in.

use super::values::{channel, side, zone};
use super::{CacheArgs, DecodeArgs, EngineArgs, PackArgs, heading};
use crate::facts::AgentVoice;
use crate::units::Role;
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// What decides what is written of a call.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct CallArgs {
    /// Language of calls where neither manifest nor transcript says one, such as zh
    #[arg(long, value_name = "TAG", help_heading = heading::INPUT)]
    pub language: Option<String>,
    /// Zone of manifest times that have no offset, such as Asia/Shanghai
    #[arg(long, value_name = "ZONE", value_parser = zone, help_heading = heading::INPUT)]
    pub timezone: Option<TimeZone>,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID", help_heading = heading::RULES)]
    pub scorecard: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
    /// Channel the agent speaks on where the manifest does not say: 0, 1, left or right
    #[arg(long, default_value = "0", value_name = "CHANNEL", value_parser = channel, help_heading = heading::MEASURES)]
    pub agent_channel: u16,
    /// Which voice is the agent's in a recording of one channel: words, first, unknown or its number
    ///
    /// It matters where the engine tells voices apart. words: as far as what is said makes it plain; first: the one that speaks first,
    /// machines aside; a number: that of the transcript, from 0.
    #[arg(long, default_value = "words", value_name = "VOICE", help_heading = heading::MEASURES, hide_short_help = true)]
    pub agent_voice: AgentVoice,
    /// Infer no emotion of this role: agent or customer; may be repeated
    #[arg(long, value_name = "ROLE", value_parser = side, help_heading = heading::MEASURES, hide_short_help = true)]
    pub no_emotion: Vec<Role>,
    #[command(flatten)]
    pub decoding: DecodeArgs,
    /// Manifest columns to write as they are; personal digits in all others are masked
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = heading::PRIVACY, hide_short_help = true)]
    pub keep_manifest_columns: Vec<String>,
    /// File with a secret of 16 bytes or more: customer_id is written as a hash keyed with it
    #[arg(long, value_name = "FILE", help_heading = heading::PRIVACY)]
    pub customer_key: Option<PathBuf>,
}
