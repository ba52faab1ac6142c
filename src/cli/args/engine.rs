//! Which speech engine hears recordings.

use super::heading;
use super::values::{age, command_line, engine, transcript_format};
use crate::engine::http::{HttpConfig, KeyPlace};
use crate::engine::{EngineConfig, EngineName};
use crate::transcript::import::Format;
use clap::Args as ClapArgs;
use std::path::PathBuf;
use std::time::Duration;

/// The flags of all that asks an engine.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = heading::ENGINE)]
pub(in crate::cli) struct EngineArgs {
    /// Engine that hears the recordings without a saved transcript: command, http or sherpa
    ///
    /// Without one, only saved transcripts are read. --command and --engine-url say it too.
    #[arg(long, value_name = "NAME", value_parser = engine)]
    pub engine: Option<EngineName>,
    /// File that says which engine and how it is asked; flags win over it
    #[arg(long, value_name = "FILE")]
    pub engine_config: Option<PathBuf>,
    /// Program that hears a file and prints a transcript, such as 'whisper-cli -oj -of {out} -f {wav}'
    #[arg(long, value_name = "LINE", value_parser = command_line)]
    pub command: Option<CommandLine>,
    /// Address of a server that hears files, such as http://127.0.0.1:8000/v1/audio/transcriptions
    #[arg(long, value_name = "URL", conflicts_with = "command")]
    pub engine_url: Option<String>,
    /// Variable of the environment that holds the server's key
    #[arg(long, value_name = "NAME", conflicts_with = "engine_key_file", hide_short_help = true)]
    pub engine_key_env: Option<String>,
    /// File that holds the server's key and nothing else
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub engine_key_file: Option<PathBuf>,
    /// Model the engine is to use, or uses; for sherpa the model's folder, or its file
    #[arg(long, value_name = "NAME")]
    pub engine_model: Option<String>,
    /// Clips the engine hears at a time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_024), hide_short_help = true)]
    pub engine_slots: Option<u16>,
    /// How long one clip may take: 90s, 10m
    #[arg(long, value_name = "TIME", value_parser = age, hide_short_help = true)]
    pub engine_timeout: Option<Duration>,
    /// Format of saved transcripts and of the engine's answers, where callsift does not recognise it
    #[arg(long, value_name = "FORMAT", value_parser = transcript_format, hide_short_help = true)]
    pub transcript_format: Option<Format>,
}

/// Where answers are kept.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = heading::ENGINE)]
pub(in crate::cli) struct CacheArgs {
    /// Folder that keeps what the engine answered, unmasked, for its owner alone
    ///
    /// Without it callsift/transcripts in the user's folder for caches.
    #[arg(long, value_name = "DIR")]
    pub transcript_cache: Option<PathBuf>,
    /// Keep nothing, and ask the engine again each time
    #[arg(long, conflicts_with = "transcript_cache", hide_short_help = true)]
    pub no_transcript_cache: bool,
    /// Remove answers that are older: 90d, 12h
    #[arg(long, value_name = "TIME", value_parser = age, hide_short_help = true)]
    pub transcript_cache_age: Option<Duration>,
}

/// The words of a command line, as one value of a flag.
#[derive(Clone, Debug)]
pub(in crate::cli) struct CommandLine(pub Vec<String>);

impl EngineArgs {
    /// What the flags say.
    pub(in crate::cli) fn config(&self) -> EngineConfig {
        let command = self.command.as_ref().map(|_| EngineName::Command);
        let server = self.engine_url.as_ref().map(|_| EngineName::Http);
        let key = self.engine_key_env.clone().map(KeyPlace::Env);
        EngineConfig {
            // A command or an address says which engine it is for.
            engine: self.engine.or(command).or(server),
            model: self.engine_model.clone(),
            format: self.transcript_format,
            slots: self.engine_slots.map(usize::from),
            timeout: self.engine_timeout,
            command: self.command.clone().map(|line| line.0),
            http: HttpConfig {
                url: self.engine_url.clone(),
                key: key.or(self.engine_key_file.clone().map(KeyPlace::File)),
                ..HttpConfig::default()
            },
            ..EngineConfig::default()
        }
    }
}
