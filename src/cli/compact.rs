//! `callsift compact`: fewer and larger files.

use super::args::Compact;
use super::{EXIT_OK, no_dataset, print, run_name};
use crate::batch::Days;
use crate::dataset::{Dataset, Snapshot};

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Compact) -> u8 {
    let days = Days { from: args.days.from, to: args.days.to };
    let compacted = Snapshot::open(&args.dataset)
        .and_then(|_| Dataset::open(&args.dataset, &run_name()))
        .and_then(|dataset| dataset.compact(&|day| days.hold(day), args.calls_per_file as usize));
    match compacted {
        Ok(compacted) => print(&format!("{} batches are {} now.\n", compacted.before, compacted.after), EXIT_OK),
        Err(error) => no_dataset(&args.dataset, &error),
    }
}
