//! `callsift compact`: fewer and larger files.

use super::args::Compact;
use super::{EXIT_OK, no_dataset, print, run_name};
use crate::batch::Days;
use crate::dataset::{Compacted, Dataset, DatasetError, Snapshot};

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Compact) -> u8 {
    match compact(args) {
        Ok(Compacted { before, after }) if args.dry_run => {
            print(&format!("{before} batches would be {after}.\n"), EXIT_OK)
        }
        Ok(Compacted { before, after }) => print(&format!("{before} batches are {after} now.\n"), EXIT_OK),
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

fn compact(args: &Compact) -> Result<Compacted, DatasetError> {
    let days = Days { from: args.days.from, to: args.days.to };
    let (is_meant, most_calls) = (|day| days.hold(day), args.calls_per_file as usize);
    let snapshot = Snapshot::open(&args.dataset)?;
    match args.dry_run {
        true => snapshot.compaction(&is_meant, most_calls),
        false => Dataset::open(&args.dataset, &run_name())?.compact(&is_meant, most_calls),
    }
}
