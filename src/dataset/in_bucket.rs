//! A dataset in a bucket: what holds in a folder of this machine holds there.

use super::error::DatasetError;
use super::kill_points::{Content, WORKS, Work, columns, commit, content_of, row};
use super::log::Log;
use super::open::Dataset;
use super::snapshot::Snapshot;
use crate::storage::Folder;
use crate::tables::TableName;
use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const AT_ONCE: Duration = Duration::ZERO;
/// So much later what a dead writer held is anybody's.
const LATER: Duration = Duration::from_secs(60);

/// What somebody else does meanwhile.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// A store whose user dies at a chosen change, or is overtaken there.
struct Dying {
    inner: InMemory,
    /// Happens before the change after so many more.
    meanwhile: Mutex<Option<(i64, Meanwhile)>>,
    /// So many more changes happen.
    left: AtomicI64,
    /// Whether the last of them happens and is not answered.
    is_mute: AtomicBool,
}

impl Dying {
    fn over(inner: InMemory) -> Arc<Self> {
        Arc::new(Self {
            inner,
            meanwhile: Mutex::default(),
            left: AtomicI64::new(i64::MAX),
            is_mute: AtomicBool::new(false),
        })
    }

    fn dies_after(&self, changes: i64, is_mute: bool) {
        self.left.store(changes, Ordering::SeqCst);
        self.is_mute.store(is_mute, Ordering::SeqCst);
    }

    fn is_overtaken_after(&self, changes: i64, meanwhile: Meanwhile) {
        *self.meanwhile.lock().unwrap() = Some((changes, meanwhile));
    }

    /// Whether the change happens; and whether it is answered.
    fn burn(&self) -> (bool, bool) {
        let meanwhile = {
            let mut waiting = self.meanwhile.lock().unwrap();
            match waiting.as_mut() {
                Some((0, _)) => waiting.take(),
                Some((changes, _)) => {
                    *changes -= 1;
                    None
                }
                None => None,
            }
        };
        if let Some((_, act)) = meanwhile {
            std::thread::spawn(act).join().unwrap();
        }
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            1.. => (true, true),
            0 => (self.is_mute.load(Ordering::SeqCst), false),
            _ => (false, false),
        }
    }

    async fn change<T>(&self, change: impl Future<Output = Result<T>>) -> Result<T> {
        let (happens, is_answered) = self.burn();
        let done = if happens { Some(change.await?) } else { None };
        done.filter(|_| is_answered).ok_or_else(dead)
    }
}

fn dead() -> Error {
    Error::Generic { store: "dying", source: "killed".into() }
}

impl fmt::Debug for Dying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Dying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dying")
    }
}

#[async_trait]
impl ObjectStore for Dying {
    async fn put_opts(&self, to: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.change(self.inner.put_opts(to, payload, options)).await
    }

    async fn put_multipart_opts(&self, to: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.change(self.inner.put_multipart_opts(to, options)).await
    }

    async fn get_opts(&self, from: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(from, options).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        match self.burn() {
            (true, true) => self.inner.delete_stream(paths),
            (happens, _) => {
                let removed = happens.then(|| self.inner.delete_stream(paths));
                let all = async move {
                    if let Some(removed) = removed {
                        let _ = removed.collect::<Vec<_>>().await;
                    }
                    Err(dead())
                };
                futures_util::stream::once(all).boxed()
            }
        }
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.change(self.inner.copy_opts(from, to, options)).await
    }
}

fn folder(store: &Arc<Dying>, ahead: Duration) -> Folder {
    Folder::in_memory(Arc::clone(store) as Arc<dyn ObjectStore>, ahead)
}

fn open(store: &Arc<Dying>, run: &str, ahead: Duration) -> std::result::Result<Dataset, DatasetError> {
    Dataset::open_in(folder(store, ahead), run)
}

/// What callsift's own readers see.
fn own(store: &Arc<Dying>) -> Content {
    let folder = folder(store, AT_ONCE);
    let log = Log::read(&folder).unwrap();
    content_of(&Snapshot::of(Arc::new(folder), &log))
}

/// What a plain reader sees: every file that ends in `.parquet`.
fn plain(store: &Arc<Dying>) -> Content {
    let folder = folder(store, AT_ONCE);
    let mut content: Content = TableName::PER_BATCH.map(|table| (table.name().to_owned(), BTreeMap::new())).into();
    for table in TableName::PER_BATCH {
        for day in folder.list(table.name()).unwrap() {
            let day = format!("{}/{}", table.name(), day.name);
            for file in folder.list(&day).unwrap().iter().filter(|file| file.name.ends_with(".parquet")) {
                let path = format!("{day}/{}", file.name);
                let rows = super::parquet_file::decode(folder.open(&path).unwrap(), &path, Some(&columns())).unwrap();
                super::kill_points::add(&mut content, table.name(), &rows.map(Result::unwrap).collect::<Vec<_>>());
            }
        }
    }
    content
}

fn prepared(work: &Work) -> InMemory {
    let store = Dying::over(InMemory::new());
    (work.before)(&open(&store, "before", AT_ONCE).unwrap()).unwrap();
    store.inner.fork()
}

#[test]
fn work_killed_at_any_request_is_done_or_not() {
    for work in &WORKS {
        let prepared = prepared(work);
        let done = Dying::over(prepared.fork());
        let before = plain(&done);
        (work.act)(&open(&done, "act", AT_ONCE).unwrap()).unwrap();
        let sides = [before, plain(&done)];
        assert_ne!(sides[0], sides[1].clone().into_iter().filter(|_| work.name != "compact").collect::<Content>());
        // All requests of one work, a third of those of the others, each time another third of a commit's.
        let step = if work.name == "replace" { 1 } else { 3 };
        for changes in (0..).step_by(step) {
            let when = format!("{} killed at request {changes}", work.name);
            let store = Dying::over(prepared.fork());
            let dataset = open(&store, "dead", AT_ONCE).unwrap();
            store.dies_after(changes, changes % 2 == 1);
            let got_through = (work.act)(&dataset).is_ok();
            // Some cannot even say that they go; others do, and clear up.
            store.dies_after(if changes % 4 < 2 { 0 } else { i64::MAX }, false);
            drop(dataset);
            store.dies_after(i64::MAX, false);

            let seen = own(&store);
            assert!(sides.contains(&seen), "{when}: callsift sees neither before nor after");
            let dataset = open(&store, "next", LATER).unwrap();
            assert_eq!(plain(&store), seen, "{when}: a plain reader sees something else");
            assert_eq!(dataset.snapshot().strays().unwrap(), [""; 0], "{when}");
            (work.act)(&dataset).unwrap();
            drop(dataset);
            assert_eq!(plain(&store), sides[1], "{when}: done again");
            let dataset = open(&store, "last", LATER).unwrap();
            let calls = dataset.snapshot().committed_calls().unwrap();
            assert!(calls.keys().all(|call_id| dataset.seen(call_id).is_some()), "{when}: calls are not in the index");
            drop(dataset);
            assert_eq!(folder(&store, LATER).list("_tmp").unwrap(), [], "{when}: drafts are left");
            if got_through {
                assert!(changes >= 24, "{}: only {changes} changes", work.name);
                break;
            }
        }
    }
}

#[test]
fn a_lock_is_left_to_die_where_a_change_may_still_arrive() {
    let store = Dying::over(prepared(&WORKS[0]));
    let dataset = open(&store, "unsure", AT_ONCE).unwrap();
    // 8 drafts, the lock, two leases confirmed: then the record, which happens and is not answered.
    store.dies_after(11, true);
    assert!(commit(&dataset, &[row("g", 2, 16)]).is_err());
    store.dies_after(i64::MAX, false);
    drop(dataset);
    assert!(folder(&store, AT_ONCE).is_locked("_commits/lock"), "the next must know that something may be on its way");
    let next = open(&store, "next", LATER).unwrap();
    assert_eq!(plain(&store), own(&store));
    commit(&next, &[row("g", 2, 16)]).unwrap();
    assert_eq!(own(&store)["calls"].values().sum::<usize>(), 7);
}

#[test]
fn eight_writers_at_once_lose_nothing_and_write_nothing_twice() {
    let store = Dying::over(InMemory::new());
    std::thread::scope(|scope| {
        for writer in 0..8_u64 {
            let store = &store;
            scope.spawn(move || {
                let dataset = open(store, &format!("run-{writer}"), AT_ONCE).unwrap();
                for batch in 0..3_u64 {
                    // One call is everybody's, the same each time; the others are each writer's own.
                    let own = format!("call-{writer}-{batch}");
                    commit(&dataset, &[row(&own, 1, writer * 10 + batch), row("shared", 1, 99)]).unwrap();
                }
            });
        }
    });
    let dataset = open(&store, "last", AT_ONCE).unwrap();
    let calls = dataset.snapshot().committed_calls().unwrap();
    assert_eq!(calls.len(), 8 * 3 + 1);
    assert!(calls.keys().all(|call_id| dataset.seen(call_id).is_some()));
    assert_eq!(plain(&store), own(&store));
    assert_eq!(dataset.snapshot().strays().unwrap(), [""; 0]);
}

#[test]
fn who_is_overtaken_at_any_request_loses_nothing_that_was_committed() {
    let prepared = prepared(&WORKS[0]);
    let mut failed = 0;
    for requests in 0.. {
        let store = Dying::over(prepared.fork());
        let slow = open(&store, "slow", AT_ONCE).unwrap();
        let fast = {
            let store = Arc::clone(&store);
            move || {
                let dataset = open(&store, "fast", LATER).unwrap();
                // A call that both commit, and two that are there already.
                commit(&dataset, &[row("g", 2, 16)]).unwrap();
                commit(&dataset, &[row("a", 1, 50), row("b", 1, 52)]).unwrap();
            }
        };
        store.is_overtaken_after(requests, Box::new(fast));
        let outcome = commit(&slow, &[row("g", 2, 16), row("h", 2, 17), row("e", 2, 18)]);
        let is_over = store.meanwhile.lock().unwrap().take().is_some();
        drop(slow);
        let when = format!("overtaken at request {requests}, {:?}", outcome.as_ref().err().map(DatasetError::code));
        let dataset = open(&store, "last", LATER).unwrap_or_else(|error| panic!("{when}: {error}"));
        assert_eq!(plain(&store), own(&store), "{when}");
        assert_eq!(dataset.snapshot().strays().unwrap(), [""; 0], "{when}");
        let calls = dataset.snapshot().committed_calls().unwrap_or_else(|error| panic!("{when}: {error}"));
        let has = |call_ids: &[&str]| call_ids.iter().all(|call_id| calls.contains_key(*call_id));
        assert!(has(&["a", "b", "c", "d", "e", "f"]), "{when}: calls are lost");
        assert!(is_over || has(&["g"]), "{when}: the faster one's call is lost");
        assert!(outcome.is_err() || has(&["g", "h"]), "{when}: what was said to be committed is not");
        failed += usize::from(outcome.is_err());
        // Done again, it is done.
        commit(&dataset, &[row("g", 2, 16), row("h", 2, 17), row("e", 2, 18)]).unwrap();
        assert_eq!(plain(&store)["calls"].values().sum::<usize>(), 8, "{when}");
        if is_over {
            assert!(requests >= 24 && failed > 5, "{failed} of {requests} failed");
            break;
        }
    }
}

#[test]
fn a_writer_that_was_taken_for_dead_commits_nothing() {
    let store = Dying::over(InMemory::new());
    let first = open(&store, "first", AT_ONCE).unwrap();
    commit(&first, &[row("a", 1, 1)]).unwrap();
    let second = open(&store, "second", LATER).unwrap();
    // What the first has drafted is gone: the second took it for dead.
    assert_eq!(commit(&first, &[row("b", 1, 2)]).unwrap_err().code(), "overtaken");
    commit(&second, &[row("c", 1, 3)]).unwrap();
    let calls = second.snapshot().committed_calls().unwrap();
    assert!(calls.contains_key("a") && calls.contains_key("c"));
    assert_eq!(plain(&store), own(&store));
}

#[test]
fn calls_that_a_dead_run_was_at_are_known() {
    let store = Dying::over(InMemory::new());
    for run in ["one", "two"] {
        let dataset = open(&store, run, LATER).unwrap();
        for call in ["ended", "caught"] {
            dataset.begin_call(call).unwrap();
        }
        dataset.end_call("ended").unwrap();
        dataset.begin_call(run).unwrap();
        store.dies_after(0, false);
        drop(dataset);
        store.dies_after(i64::MAX, false);
    }
    let dataset = open(&store, "three", LATER).unwrap();
    assert_eq!(["ended", "caught", "one", "two"].map(|call| dataset.died_with(call)), [0, 2, 1, 1]);
}
