//! Locks: an object that its holder writes anew every few seconds.
//!
//! Who holds a lease rests on it for [`SURE_FOR`] after it was renewed, and a change that rests on it is given up after
//! [`CHANGE_TAKES`]; together they are less than [`DEAD_AFTER`], after which others may take it.

use super::clock::{Clock, Moment};
use super::reach::{PATIENCE, io_error, runtime, wait};
use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, UpdateVersion};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::task::AbortHandle;

/// Its holder renews a lease so often.
const RENEWED_EVERY: Duration = Duration::from_secs(5);
/// A renewal that takes longer is begun again.
const RENEWAL_TAKES: Duration = Duration::from_secs(5);
/// Its holder rests on it for so long after it was renewed.
const SURE_FOR: Duration = Duration::from_secs(15);
/// Within so long a change is made or given up.
pub(super) const CHANGE_TAKES: Duration = Duration::from_secs(25);
/// After so long without a renewal it is anybody's.
const DEAD_AFTER: Duration = Duration::from_secs(45);

/// A lease.
#[derive(Debug)]
pub(super) struct Lease {
    store: Arc<dyn ObjectStore>,
    key: Key,
    /// What tells this holder from others.
    holder: u64,
    /// Whether who had it before has not released it.
    was_abandoned: bool,
    standing: Mutex<Standing>,
    /// One renewal at a time.
    renewing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Standing {
    /// The object as it was written last.
    version: UpdateVersion,
    renewals: u64,
    renewed_at: Moment,
    /// When the next renewal was first tried; the store may have made it then, whenever that is known.
    trying_since: Option<Moment>,
    is_lost: bool,
    /// Whether a change that rested on it failed, and may still be made late: then it is left to die, and who takes it knows that.
    is_doubtful: bool,
}

/// A lease that is held until this is dropped.
#[derive(Debug)]
pub(in crate::storage) struct Held {
    lease: Arc<Lease>,
    renewing: AbortHandle,
}

/// The leases that changes rest on.
#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<Vec<Weak<Lease>>>);

/// Who holds a lease, and how it stood when that was read.
struct Found {
    holder: Option<u64>,
    version: UpdateVersion,
    written_ms: i64,
}

impl Lease {
    /// The lease at `key`; `None` where another holds it.
    pub(super) fn take(store: Arc<dyn ObjectStore>, key: Key, clock: Clock) -> Result<Option<Arc<Self>>, Error> {
        let holder = random();
        wait(async move {
            let (renewed_at, mut mode, mut was_abandoned) = (Moment::now(), PutMode::Create, false);
            if let Some(found) = find(&store, &key).await? {
                was_abandoned = found.holder.is_some();
                if was_abandoned && clock.age(found.written_ms) <= DEAD_AFTER {
                    return Ok(None);
                }
                mode = PutMode::Update(found.version);
            }
            let Some((version, _)) = put(&store, &key, holder, 0, mode).await? else { return Ok(None) };
            let standing =
                Standing { version, renewals: 0, renewed_at, trying_since: None, is_lost: false, is_doubtful: false };
            let (standing, renewing) = (Mutex::new(standing), tokio::sync::Mutex::new(()));
            Ok(Some(Arc::new(Self { store, key, holder, was_abandoned, standing, renewing })))
        })
    }

    /// Whether somebody holds the lease at `key`.
    pub(super) fn is_held(store: Arc<dyn ObjectStore>, key: Key, clock: Clock) -> bool {
        let found = wait(async move { find(&store, &key).await });
        found.is_ok_and(|found| found.is_some_and(|it| it.holder.is_some() && clock.age(it.written_ms) <= DEAD_AFTER))
    }

    /// Whether nobody else can have it.
    fn is_sure(&self) -> bool {
        let standing = self.standing();
        !standing.is_lost && standing.renewed_at.elapsed() < SURE_FOR
    }

    fn is_lost(&self) -> bool {
        self.standing().is_lost
    }

    /// Renews it once.
    async fn renew(&self) -> Result<(), Error> {
        let _one = self.renewing.lock().await;
        let begun = Moment::now();
        let (version, renewals, since) = {
            let mut standing = self.standing();
            if standing.is_lost {
                return Ok(());
            }
            let since = *standing.trying_since.get_or_insert(begun);
            (standing.version.clone(), standing.renewals + 1, since)
        };
        let put = put(&self.store, &self.key, self.holder, renewals, PutMode::Update(version));
        let Ok(put) = tokio::time::timeout(RENEWAL_TAKES, put).await else {
            return Err(Error::Generic { store: "S3", source: "no answer".into() });
        };
        let mut standing = self.standing();
        match put? {
            Some((version, is_answer)) => {
                let renewed_at = if is_answer { begun } else { since };
                let is_doubtful = standing.is_doubtful;
                *standing = Standing { version, renewals, renewed_at, trying_since: None, is_lost: false, is_doubtful };
            }
            None => standing.is_lost = true,
        }
        Ok(())
    }

    async fn release(&self) {
        let _one = self.renewing.lock().await;
        let version = self.standing().version.clone();
        let put = self.store.put_opts(&self.key, Bytes::new().into(), PutMode::Update(version).into());
        // Who comes next need not wait then. Where it fails, they wait.
        let _ = tokio::time::timeout(RENEWAL_TAKES, put).await;
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    pub(super) fn new(lease: Arc<Lease>) -> Self {
        let renewed = Arc::clone(&lease);
        let renewing = runtime().spawn(async move {
            while !renewed.is_lost() {
                tokio::time::sleep(RENEWED_EVERY).await;
                // What fails is tried again; meanwhile the lease becomes doubtful by itself.
                let _ = renewed.renew().await;
            }
        });
        Self { lease, renewing: renewing.abort_handle() }
    }

    /// Whether who had it before died with it, or was taken for dead.
    pub(in crate::storage) fn was_abandoned(&self) -> bool {
        self.lease.was_abandoned
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewing.abort();
        let lease = Arc::clone(&self.lease);
        let is_settled = {
            let standing = lease.standing();
            !standing.is_lost && !standing.is_doubtful
        };
        if is_settled {
            wait(async move { lease.release().await });
        }
    }
}

impl Leases {
    pub(super) fn add(&self, lease: &Arc<Lease>) {
        let mut leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        leases.retain(|lease| lease.strong_count() > 0);
        leases.push(Arc::downgrade(lease));
    }

    /// Waits until each of them is sure.
    ///
    /// # Errors
    /// One has passed to another, or the store is out of reach for long.
    pub(super) fn ensure(&self) -> io::Result<()> {
        self.held().into_iter().filter(|lease| !lease.is_sure()).try_for_each(renewed)
    }

    /// Renews each of them: once that is done, nobody else has had it until then.
    ///
    /// # Errors
    /// As [`Leases::ensure`].
    pub(super) fn confirm(&self) -> io::Result<()> {
        self.held().into_iter().try_for_each(renewed)
    }

    /// A change that rests on them failed: the store may still make it.
    pub(super) fn doubt(&self) {
        self.held().iter().for_each(|lease| lease.standing().is_doubtful = true);
    }

    fn held(&self) -> Vec<Arc<Lease>> {
        let leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        leases.iter().filter_map(Weak::upgrade).collect()
    }
}

fn renewed(lease: Arc<Lease>) -> io::Result<()> {
    let begun = Moment::now();
    loop {
        let renewing = Arc::clone(&lease);
        let renewed = wait(async move { renewing.renew().await });
        if lease.is_lost() {
            let told =
                "another callsift took over, since the store was out of reach for long, or this process stood still";
            return Err(io::Error::new(io::ErrorKind::StaleNetworkFileHandle, told));
        }
        match renewed {
            Ok(()) if lease.is_sure() => return Ok(()),
            Err(error) if begun.elapsed() > PATIENCE => return Err(io_error(error)),
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// 64 bits of the system's randomness, with which the standard library seeds its maps.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

async fn find(store: &Arc<dyn ObjectStore>, key: &Key) -> Result<Option<Found>, Error> {
    let got = match store.get(key).await {
        Err(Error::NotFound { .. }) => return Ok(None),
        got => got?,
    };
    let version = UpdateVersion { e_tag: got.meta.e_tag.clone(), version: got.meta.version.clone() };
    let written_ms = got.meta.last_modified.timestamp_millis();
    let text = got.bytes().await?;
    Ok(Some(Found { holder: holder_of(&text), version, written_ms }))
}

/// Writes that `holder` has it; gives the version, and whether that was the answer, or found when the answer was lost. `None` where another
/// was faster.
async fn put(
    store: &Arc<dyn ObjectStore>,
    key: &Key,
    holder: u64,
    renewals: u64,
    mode: PutMode,
) -> Result<Option<(UpdateVersion, bool)>, Error> {
    // Each renewal has a text of its own, and so a version.
    let text = format!("{holder:016x} {renewals}\n");
    match store.put_opts(key, text.clone().into(), mode.into()).await {
        Ok(put) => Ok(Some((put.into(), true))),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotFound { .. }) => {
            // Its answer may have been lost, and the same asked again.
            let got = match store.get(key).await {
                Err(Error::NotFound { .. }) => return Ok(None),
                got => got?,
            };
            let version = UpdateVersion { e_tag: got.meta.e_tag.clone(), version: got.meta.version.clone() };
            Ok((got.bytes().await? == text).then_some((version, false)))
        }
        Err(error) => Err(error),
    }
}

/// Who holds what has this text; `None` where it is free.
fn holder_of(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    // A text that is not ours is somebody's, and dies like any other.
    Some(std::str::from_utf8(text).ok().and_then(|text| u64::from_str_radix(text.get(..16)?, 16).ok()).unwrap_or(0))
}

#[cfg(test)]
impl Held {
    pub(super) fn renew_now(&self) {
        let lease = Arc::clone(&self.lease);
        let _ = wait(async move { lease.renew().await });
    }
}
