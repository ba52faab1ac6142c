//! The arguments of what helps shells, packagers and other processes of ours.

use clap::Args as ClapArgs;
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift completions bash > ~/.local/share/bash-completion/completions/callsift
  callsift completions zsh > ~/.zfunc/_callsift
  callsift completions fish > ~/.config/fish/completions/callsift.fish")]
pub(in crate::cli) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift man --out man   then: man -l man/callsift-inspect.1")]
pub(in crate::cli) struct Man {
    /// Folder to write to; it is made where there is none
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct DecodeChild {
    /// Sound after this much is left out, in milliseconds
    pub max_duration_ms: i64,
    /// The recording
    pub file: PathBuf,
}
