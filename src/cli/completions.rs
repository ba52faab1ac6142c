//! `callsift completions`: what completes commands and flags in a shell.

use super::args::{Args, Completions};
use super::{EXIT_OK, print};
use clap::{Arg, Command, CommandFactory};

/// Prints the script; returns the exit code.
pub(super) fn run(args: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut shown(&Args::command()), "callsift", &mut script);
    print(&String::from_utf8_lossy(&script), EXIT_OK)
}

/// The command without what is hidden, which the library would offer to everybody.
fn shown(command: &Command) -> Command {
    let is_shown = |arg: &&Arg| !arg.is_hide_set();
    let below = command.get_subcommands().filter(|it| !it.is_hide_set()).map(shown);
    let shown = Command::new(command.get_name().to_owned())
        .args(command.get_arguments().filter(is_shown).cloned())
        .subcommands(below);
    let shown = match command.get_about() {
        Some(about) => shown.about(about.clone()),
        None => shown,
    };
    match command.get_version() {
        Some(version) => shown.version(version.to_owned()),
        None => shown,
    }
}
