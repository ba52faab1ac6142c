//! What happens in a run, for anyone watching: progress bars, logs, tests.

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The work list is known: `recordings` calls are to be inspected.
    RunStarted {
        /// How many calls the run will inspect.
        recordings: usize,
    },
    /// It is known what is to be judged again: the calls of `batches` batches.
    RecheckStarted {
        /// How many batches.
        batches: usize,
    },
    /// Work on a call begins.
    RecordingStarted {
        /// Which call.
        call_id: &'a str,
    },
    /// Work on a call ended, well or not.
    RecordingFinished {
        /// Which call.
        call_id: &'a str,
        /// Length of its sound, 0 where there is none.
        duration_ms: i64,
        /// Whether nothing of it could be read.
        failed: bool,
        /// What could not be read, and why.
        error: Option<&'a str>,
    },
    /// A batch was committed: its calls are in the dataset for good.
    BatchCommitted {
        /// The batch's name.
        batch: &'a str,
        /// How many calls it holds.
        calls: usize,
    },
}

/// Someone who watches a run. Called from every worker thread; must be quick.
pub trait Observer: Sync {
    /// Takes note of `event`.
    fn notice(&self, event: &Event<'_>);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Observer for Unwatched {
    fn notice(&self, _event: &Event<'_>) {}
}
