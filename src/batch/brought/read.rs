//! All files at once.

use super::{attempts, outcomes, reviews};
use crate::entities::CustomerKey;
use crate::report::Brought;
use crate::worklist::{Cells, WorkMistake};
use jiff::civil::Date;
use std::path::PathBuf;

/// What people bring, by its place.
#[derive(Clone, Debug, Default)]
pub struct BroughtFiles {
    /// Decisions of reviewers.
    pub reviews: Option<PathBuf>,
    /// What calls led to.
    pub outcomes: Option<PathBuf>,
    /// The dialler's log.
    pub attempts: Option<PathBuf>,
    /// The key with which ids of customers are shown, as in the dataset.
    pub customer_key: Option<CustomerKey>,
    /// What the work cost.
    pub cost: Option<f64>,
    /// The last day of which the outcomes know.
    pub known_until: Option<Date>,
}

/// What the files say. Tables may be CSV, JSON lines or Parquet, by their extension.
///
/// # Errors
/// Every mistake in them, the first fifty of each file, with its line, the value and the way out.
pub fn read_brought(files: &BroughtFiles) -> Result<Brought, Vec<WorkMistake>> {
    let mut mistakes = Vec::new();
    let reviews = files.reviews.as_deref().map(reviews::read).transpose();
    let outcomes = files.outcomes.as_deref().map(outcomes::read).transpose();
    let attempts = files.attempts.as_deref().map(|path| attempts::read(path, files.customer_key.as_ref())).transpose();
    let brought = Brought {
        reviews: fine(reviews, &mut mistakes),
        outcomes: fine(outcomes, &mut mistakes),
        attempts: fine(attempts, &mut mistakes),
        cost: files.cost,
        known_until: files.known_until,
    };
    if mistakes.is_empty() { Ok(brought) } else { Err(mistakes) }
}

fn fine<T>(read: Result<Option<T>, Vec<WorkMistake>>, mistakes: &mut Vec<WorkMistake>) -> Option<T> {
    read.map_err(|wrong| mistakes.extend(wrong)).ok().flatten()
}

/// The value of that name.
pub(super) fn one_of<T: Copy, const N: usize>(
    cells: &mut Cells<'_>,
    (column, cell): (&str, &str),
    all: [T; N],
    name: fn(T) -> &'static str,
) -> Option<T> {
    cells.one_of(column, cell, &all.map(name)).map(|place| all[place])
}
