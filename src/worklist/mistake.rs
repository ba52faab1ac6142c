//! Mistakes in inputs, manifests and attempts files.

use super::identity::shown;
use std::path::Path;

/// At most so many mistakes of one file are listed.
const MAX_MISTAKES: usize = 50;

/// A mistake in an input, a manifest or an attempts file, found before any audio is touched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}\n  help: {help}")]
pub struct WorkMistake {
    /// File, and line or row where there is one; personal digits masked.
    pub place: String,
    /// What is wrong, with the value.
    pub message: String,
    /// The way out.
    pub help: String,
}

/// The first mistakes of a file, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    first: Vec<WorkMistake>,
    more: usize,
}

impl Mistakes {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    pub(super) fn push(&mut self, mistake: WorkMistake) {
        if self.first.len() < MAX_MISTAKES {
            self.first.push(mistake);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn extend(&mut self, mistakes: Vec<WorkMistake>) {
        mistakes.into_iter().for_each(|mistake| self.push(mistake));
    }

    /// Adds those of the same file that come after.
    pub(super) fn append(&mut self, later: Self) {
        self.extend(later.first);
        self.more += later.more;
    }

    /// The list for people; `path` is the file that they are in.
    pub(super) fn listed(mut self, path: &Path) -> Vec<WorkMistake> {
        if self.more > 0 {
            self.first.push(WorkMistake {
                place: shown(path),
                message: format!("{} more mistakes like these", self.more),
                help: "mend those above first".into(),
            });
        }
        self.first
    }
}
