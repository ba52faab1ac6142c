//! `callsift man`: the manual, one page a command.

use super::args::{Args, Man};
use super::load::print_line;
use super::{EXIT_IO, EXIT_OK};
use clap::CommandFactory;
use std::path::Path;

/// Writes the pages; returns the exit code.
pub(super) fn run(args: &Man) -> u8 {
    match write(&args.out) {
        Ok(()) => EXIT_OK,
        Err(error) => {
            print_line(&format!("--out {}: {error}", args.out.display()));
            EXIT_IO
        }
    }
}

fn write(out: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(out)?;
    clap_mangen::generate_to(Args::command(), out)
}
