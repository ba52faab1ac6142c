//! The dataset as it is now.

use super::calls::Calls;
use crate::dataset::DatasetError;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// How old what is shown may be before the dataset is asked whether anything was committed since.
const GLANCE: Duration = Duration::from_secs(3);

/// A dataset whose calls are read again when it has changed.
pub(super) struct View {
    dir: PathBuf,
    seen: Mutex<Seen>,
}

struct Seen {
    calls: Arc<Calls>,
    at: Instant,
}

impl View {
    /// The dataset in `dir`.
    ///
    /// # Errors
    /// [`DatasetError`] where it cannot be read.
    pub(super) fn open(dir: PathBuf) -> Result<Self, DatasetError> {
        let calls = Arc::new(Calls::read(&dir, None)?);
        Ok(Self { dir, seen: Mutex::new(Seen { calls, at: Instant::now() }) })
    }

    /// Its calls, at most a few seconds old; `None` where reading stumbled. While they are read again, all who ask wait for it.
    ///
    /// # Errors
    /// [`DatasetError`] where it cannot be read any more: what was erased must not be shown.
    pub(super) async fn calls(&self) -> Option<Result<Arc<Calls>, DatasetError>> {
        let mut seen = self.seen.lock().await;
        if seen.at.elapsed() < GLANCE {
            return Some(Ok(Arc::clone(&seen.calls)));
        }
        let (dir, before) = (self.dir.clone(), Arc::clone(&seen.calls));
        let work = move || {
            if before.are_latest()? { Ok(before) } else { Calls::read(&dir, Some(&before)).map(Arc::new) }
        };
        let read = spawn_blocking(work).await.ok()?;
        if let Ok(calls) = &read {
            *seen = Seen { calls: Arc::clone(calls), at: Instant::now() };
        }
        Some(read)
    }
}
