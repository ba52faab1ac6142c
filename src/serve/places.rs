//! Where the recordings of a dataset are.

use super::calls::{Call, Calls};
use crate::audio::decode::Identity;
use crate::batch::recordings::{Candidates, NoRecording, RecordingFolders, Sought};
use crate::entities::MASK;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How old the list of masked names must be before a name that it does not lead to has the folders walked again.
const LIST_AGE: Duration = Duration::from_secs(10);

/// The folders of recordings. Names that are masked in the dataset are looked for all together and kept, since a walk over a large folder
/// takes seconds.
pub(super) struct Places {
    folders: RecordingFolders,
    masked: Mutex<Masked>,
}

#[derive(Default)]
struct Masked {
    walked: Option<Instant>,
    files: BTreeMap<Box<str>, Candidates>,
}

impl Places {
    pub(super) fn below(folders: RecordingFolders) -> Self {
        Self { folders, masked: Mutex::default() }
    }

    /// The recording that is `sought`, a call's of `calls`.
    ///
    /// # Errors
    /// As [`NoRecording`] says.
    pub(super) fn find(&self, sought: &Sought<'_>, calls: &Calls) -> Result<(PathBuf, Identity), NoRecording> {
        if !sought.name.contains(MASK) {
            return verified(&self.folders.candidates(&[*sought]).pop().unwrap_or_default(), sought);
        }
        let found = verified(&self.masked(sought.name, calls, Duration::MAX), sought);
        found.or_else(|_| verified(&self.masked(sought.name, calls, LIST_AGE), sought))
    }

    /// The files that `name` may stand for, by a list that is at most `age` old.
    fn masked(&self, name: &str, calls: &Calls, age: Duration) -> Candidates {
        let mut masked = self.masked.lock().unwrap_or_else(PoisonError::into_inner);
        if masked.walked.is_none_or(|walked| walked.elapsed() > age) {
            masked.files = self.walk(calls);
            masked.walked = Some(Instant::now());
        }
        masked.files.get(name).cloned().unwrap_or_default()
    }

    fn walk(&self, calls: &Calls) -> BTreeMap<Box<str>, Candidates> {
        let masked: Vec<Sought<'_>> =
            calls.all.iter().filter_map(|call| sought(call)).filter(|sought| sought.name.contains(MASK)).collect();
        let names = masked.iter().map(|sought| sought.name.into());
        names.zip(self.folders.candidates(&masked)).collect()
    }
}

/// What is known of a call's recording; `None` where it has none, or its bytes are not known.
pub(super) fn sought(call: &Call) -> Option<Sought<'_>> {
    let (name, sha256) = call.recording.as_deref().zip(call.file_sha256.as_deref())?;
    Some(Sought { name, sha256, bytes: call.file_bytes })
}

fn verified(candidates: &Candidates, sought: &Sought<'_>) -> Result<(PathBuf, Identity), NoRecording> {
    candidates.verified(sought).map(|(path, identity)| (path.to_owned(), identity))
}
