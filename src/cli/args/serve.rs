//! The arguments of what is looked at in a browser.

use super::{DecodeArgs, heading};
use crate::report::Language;
use clap::Args as ClapArgs;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift serve results --recordings recordings/2026-11-20
  callsift serve results --recordings calls --listen 127.0.0.1:8137 --token-file token --user-header X-Forwarded-User \\
    --allow-host qa.example.com --access-log access.jsonl                          behind a proxy (docs/serve.md)")]
pub(in crate::cli) struct Serve {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// Folder that was inspected, or that of its manifest, below which the recordings are; may be repeated. Without it nothing can be
    /// heard
    #[arg(long, value_name = "DIR", help_heading = heading::INPUT)]
    pub recordings: Vec<PathBuf>,
    /// Address and port to listen at
    #[arg(long, default_value = "127.0.0.1:8137", value_name = "ADDRESS:PORT", help_heading = heading::ACCESS)]
    pub listen: SocketAddr,
    /// Port, in place of that of --listen; 0 for any that is free
    #[arg(long, value_name = "PORT", help_heading = heading::ACCESS)]
    pub port: Option<u16>,
    /// Let other machines reach it, though nothing is encrypted
    #[arg(long, help_heading = heading::ACCESS)]
    pub allow_remote: bool,
    /// Name under which browsers reach it, such as that of a proxy; may be repeated. localhost and addresses of numbers need none
    #[arg(long, value_name = "NAME", help_heading = heading::ACCESS)]
    pub allow_host: Vec<String>,
    /// File with the token that opens it, in place of a new one for each start
    #[arg(long, value_name = "FILE", help_heading = heading::ACCESS)]
    pub token_file: Option<PathBuf>,
    /// File to add a JSON line to for everything that is looked at or heard; standard error without it
    #[arg(long, value_name = "FILE", help_heading = heading::ACCESS)]
    pub access_log: Option<PathBuf>,
    /// Header in which a proxy says who the user is, such as X-Forwarded-User; requests without it are refused then
    #[arg(long, value_name = "HEADER", help_heading = heading::ACCESS)]
    pub user_header: Option<String>,
    /// Language of the pages: zh or en, without it that of summaries; what rules say stays in theirs
    #[arg(long, value_name = "LANGUAGE", help_heading = heading::OUTPUT)]
    pub language: Option<Language>,
    #[command(flatten)]
    pub decoding: DecodeArgs,
}
