//! The sounds of the last few calls that were asked for.

use super::calls::Call;
use super::sound::{Sound, SoundError};
use crate::audio::decode::DecodeOptions;
use crate::batch::recordings::{NoRecording, RecordingFolders, Sought};
use hyper::StatusCode;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::spawn_blocking;

/// At most so many are kept.
const MOST_SOUNDS: usize = 16;

/// At most so many bytes of them are kept, but for the last one, which is kept whatever its size.
const MOST_BYTES: u64 = 1 << 30;

/// The recordings of a dataset's calls.
pub(super) struct Sounds {
    folders: Option<Arc<RecordingFolders>>,
    options: Arc<DecodeOptions>,
    /// How many may be decoded at once.
    decoders: Semaphore,
    /// The last one asked for in front.
    kept: Mutex<VecDeque<Kept>>,
}

/// A sound, or why it cannot be had; empty while it is decoded.
type Cell = Arc<OnceCell<Result<Arc<Sound>, Arc<Unheard>>>>;

/// A call's sound. A recording that was replaced has another hash.
struct Kept {
    call_id: String,
    sha256: String,
    cell: Cell,
}

/// Why a call cannot be heard.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unheard {
    #[error("callsift was started without --recordings, so no sound can be played")]
    NotServed,
    #[error("the call has no recording: it was judged by its transcript alone")]
    Wordless,
    #[error("the dataset does not know the recording's bytes, since it could not be read when it was inspected")]
    Unknown,
    #[error(transparent)]
    Lost(#[from] NoRecording),
    #[error(transparent)]
    Broken(#[from] SoundError),
    #[error("decoding stumbled; please report it")]
    Stumbled,
}

impl Unheard {
    /// The status that says it.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::NotServed | Self::Wordless | Self::Unknown => StatusCode::NOT_FOUND,
            Self::Lost(NoRecording::Missing { .. }) => StatusCode::NOT_FOUND,
            Self::Lost(NoRecording::LeadsOut { .. }) => StatusCode::FORBIDDEN,
            Self::Lost(NoRecording::Changed { .. }) => StatusCode::CONFLICT,
            Self::Lost(NoRecording::Unreadable { .. }) | Self::Broken(SoundError::NoRoom(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Broken(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stumbled => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Sounds {
    /// Those below `folders`; without any, nothing can be heard.
    pub(super) fn below(folders: Option<RecordingFolders>, options: DecodeOptions) -> Self {
        let decoders = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        Self {
            folders: folders.map(Arc::new),
            options: Arc::new(options),
            decoders: Semaphore::new(decoders),
            kept: Mutex::default(),
        }
    }

    /// Whether a call may have a sound.
    pub(super) fn may_have(&self, call: &Call) -> bool {
        self.folders.is_some() && call.recording.is_some() && call.file_sha256.is_some()
    }

    /// The sound of `call`, decoded where it is not kept. However many ask at once, it is decoded once.
    ///
    /// # Errors
    /// Those who wait for the same sound get the same error; who asks later has it tried again.
    pub(super) async fn of(&self, call: &Call) -> Result<Arc<Sound>, Arc<Unheard>> {
        let folders = self.folders.clone().ok_or(Unheard::NotServed)?;
        let recording = call.recording.clone().ok_or(Unheard::Wordless)?;
        let sha256 = call.file_sha256.clone().ok_or(Unheard::Unknown)?;
        let cell = self.cell(&call.call_id, &sha256);
        let sound = cell.get_or_init(|| self.decode(folders, recording.into(), sha256.into())).await.clone();
        match &sound {
            Ok(_) => self.tidy(),
            Err(_) => self.kept().retain(|kept| !Arc::ptr_eq(&kept.cell, &cell)),
        }
        sound
    }

    async fn decode(
        &self,
        folders: Arc<RecordingFolders>,
        name: String,
        sha256: String,
    ) -> Result<Arc<Sound>, Arc<Unheard>> {
        // It is never closed.
        let _permit = self.decoders.acquire().await.map_err(|_| Unheard::Stumbled)?;
        let options = Arc::clone(&self.options);
        let work = move || -> Result<Sound, Unheard> {
            let sought = Sought { name: &name, sha256: &sha256, bytes: None };
            let found = folders.candidates(&[sought]).pop().unwrap_or_default();
            let (path, identity) = found.verified(&sought)?;
            Ok(Sound::decode(path, identity, &options)?)
        };
        let sound = spawn_blocking(work).await.unwrap_or(Err(Unheard::Stumbled));
        sound.map(Arc::new).map_err(Arc::new)
    }

    /// Where the sound is or will be; it is the last one asked for now.
    fn cell(&self, call_id: &str, sha256: &str) -> Cell {
        let mut kept = self.kept();
        let is_it = |kept: &Kept| kept.call_id == call_id && kept.sha256 == sha256;
        let place = kept.iter().position(is_it);
        let found = place.and_then(|place| kept.remove(place)).unwrap_or_else(|| Kept {
            call_id: call_id.to_owned(),
            sha256: sha256.to_owned(),
            cell: Cell::default(),
        });
        let cell = Arc::clone(&found.cell);
        kept.push_front(found);
        cell
    }

    /// Forgets those that were not asked for the longest; who is being sent one keeps it till its end.
    fn tidy(&self) {
        let (mut count, mut bytes) = (0, 0);
        self.kept().retain(|kept| {
            let Some(Ok(sound)) = kept.cell.get() else { return true };
            (count, bytes) = (count + 1, bytes + sound.length_bytes);
            count == 1 || (count <= MOST_SOUNDS && bytes <= MOST_BYTES)
        });
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, VecDeque<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
