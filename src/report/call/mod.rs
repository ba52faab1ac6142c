//! One call: its timeline, its findings and its words.

mod findings;
mod timeline;
mod transcript;
mod view;

pub(super) use view::{CallView, Place, view};

use crate::facts::Facts;
use crate::finding::Finding;
use crate::tables::Verdicts;
use jiff::civil::Date;

/// A call to show: all that the dataset knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownCall {
    /// Its date, as the dataset files it.
    pub date: Option<Date>,
    /// What was observed.
    pub facts: Facts,
    /// What was decided; `None` where it was not judged.
    pub verdicts: Option<Verdicts>,
    /// What was reported, excused findings and those of rules on trial included.
    pub findings: Vec<Finding>,
}
