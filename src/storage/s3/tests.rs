#![expect(clippy::disallowed_methods, reason = "looks at a copy")]

use super::bucket::Bucket;
use crate::storage::place::Found;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn bucket_in(store: &Arc<InMemory>, ahead: Duration) -> Bucket {
    Bucket::in_memory(Arc::clone(store) as Arc<dyn ObjectStore>, ahead)
}

fn bucket() -> Bucket {
    bucket_in(&Arc::default(), Duration::ZERO)
}

fn names(bucket: &Bucket, folder: &str) -> Vec<String> {
    bucket.list(folder).unwrap().into_iter().map(|entry| entry.name).collect()
}

#[test]
fn files_are_written_read_renamed_and_removed() {
    let bucket = bucket();
    assert!(!bucket.is_there() && bucket.must_be_there().unwrap_err().is_missing());
    bucket.write("a/b/one", b"1").unwrap();
    bucket.write("a/two 二", b"22").unwrap();
    assert_eq!(names(&bucket, "a"), ["b", "two 二"]);
    assert!(
        bucket.list("a").unwrap()[0].is_folder
            && bucket.is_folder("a/b").unwrap()
            && !bucket.is_folder("a/two 二").unwrap()
    );
    assert_eq!((bucket.size("a/b/one").unwrap(), bucket.size("a/b").unwrap()), (Some(1), None));
    assert!(bucket.modified("a/b/one").unwrap().is_some_and(|it| it.elapsed().unwrap() < Duration::from_secs(60)));
    bucket.rename("a/b/one", "c").unwrap();
    assert!(bucket.read("a/b/one", 9).unwrap_err().is_missing());
    assert_eq!(bucket.read("c", 9).unwrap(), b"1");
    assert_eq!(bucket.read("a/two 二", 1).unwrap_err().code(), "too_large");
    bucket.remove("a").unwrap();
    bucket.remove("a").unwrap();
    assert_eq!(names(&bucket, ""), ["c"]);
    assert!(matches!(bucket.look("c").unwrap(), Found::File(state) if state.bytes == 1));
    assert_eq!(bucket.look("a").unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn what_is_put_first_stays() {
    let bucket = bucket();
    assert!(bucket.put_if_absent("a", b"first", "").unwrap());
    assert!(!bucket.put_if_absent("a", b"second", "").unwrap());
    assert!(bucket.put_if_absent("a", b"first", "").unwrap(), "an answer that was lost is asked for again");
    assert_eq!(bucket.read("a", 99).unwrap(), b"first");
}

#[test]
fn large_files_go_up_in_parts_and_are_read_by_blocks() {
    let (store, random) = (Arc::default(), |at: usize| (at.wrapping_mul(2_654_435_761) >> 13) as u8);
    let bucket = bucket_in(&store, Duration::ZERO);
    let bytes: Vec<u8> = (0..(17 << 20) + 12_345).map(random).collect();
    bucket.write("whole", &bytes).unwrap();
    bucket.write_unsynced("streamed", &mut bytes.as_slice()).unwrap();
    assert!(bucket.read("streamed", u64::MAX).unwrap() == bytes);
    let object = bucket.open("whole").unwrap();
    assert_eq!(object.size(), bytes.len() as u64);
    for (start, length) in [(0, 10), (bytes.len() - 8, 8), ((8 << 20) - 3, 7), (5, 16 << 20)] {
        assert!(object.read_at(start as u64, length).unwrap() == bytes[start..start + length], "{start}");
    }
    assert!(object.read_at(bytes.len() as u64 - 3, 4).is_err(), "there is nothing behind the end");
    let mut all = Vec::new();
    object.from(0).read_to_end(&mut all).unwrap();
    assert!(all == bytes);
    let copy = bucket.fetch("whole").unwrap();
    assert!(std::fs::read(&copy).unwrap() == bytes);
    bucket.write("empty", b"").unwrap();
    assert_eq!(bucket.open("empty").unwrap().size(), 0);
}

#[test]
fn an_object_that_changes_while_it_is_read_is_an_error() {
    let bucket = bucket();
    bucket.write("a", &vec![1; 17 << 20]).unwrap();
    let object = bucket.open("a").unwrap();
    bucket.write("a", &vec![2; 17 << 20]).unwrap();
    assert_eq!(object.read_at(9 << 20, 1).unwrap_err().kind(), io::ErrorKind::StaleNetworkFileHandle);
}

#[test]
fn parts_are_joined() {
    let bucket = bucket();
    assert_eq!(bucket.read_parts("seen", 99).unwrap(), (Vec::new(), 0));
    for part in [b"a", b"b", b"c"] {
        bucket.append_part("seen", part).unwrap();
    }
    assert_eq!(bucket.read_parts("seen", 99).unwrap(), (b"abc".to_vec(), 3));
    bucket.replace_parts("seen", b"xy", "").unwrap();
    bucket.append_part("seen", b"z").unwrap();
    assert_eq!(bucket.read_parts("seen", 99).unwrap(), (b"xyz".to_vec(), 2));
    assert_eq!(bucket.read_parts("seen", 2).unwrap_err().code(), "too_large");
}

#[test]
fn what_is_written_anew_is_written_once_for_all_who_wait() {
    let bucket = bucket();
    let appender = bucket.appender("journal").unwrap();
    assert!(appender.is_written_anew());
    let said = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (bucket, appender, said) = (&bucket, &appender, &said);
            scope.spawn(move || {
                said.lock().unwrap().push(thread);
                appender.replace(&|| said.lock().unwrap().clone()).unwrap();
                assert!(bucket.read("journal", 99).unwrap().contains(&thread));
            });
        }
    });
    let mut all = bucket.read("journal", 99).unwrap();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_lock_is_held_once_and_is_free_again() {
    let store = Arc::default();
    let (one, other) = (bucket_in(&store, Duration::ZERO), bucket_in(&store, Duration::ZERO));
    let lock = one.lock("lock").unwrap();
    assert!(lock.is_some() && other.lock("lock").unwrap().is_none());
    assert!(other.is_locked("lock") && !other.is_locked("no lock"));
    drop(lock);
    assert!(!one.is_locked("lock") && one.lock("lock").unwrap().is_some());
}

#[test]
fn a_lock_whose_holder_is_silent_passes_on_and_its_holder_changes_nothing_more() {
    let store = Arc::default();
    let one = bucket_in(&store, Duration::ZERO);
    let held = one.lease("lock").unwrap().expect("nobody has it");
    one.write("a", b"1").unwrap();
    // To one whose clock is a minute later, it was renewed too long ago.
    let later = bucket_in(&store, Duration::from_secs(60));
    assert!(!later.is_locked("lock"));
    let taken = later.lock("lock").unwrap();
    assert!(taken.is_some());
    held.renew_now();
    assert_eq!(one.write("a", b"2").unwrap_err().code(), "overtaken");
    assert_eq!(later.read("a", 9).unwrap(), b"1");
    drop(held);
    assert!(one.is_locked("lock"), "what passed on is not released by who had it");
    drop(taken);
    one.write("a", b"3").unwrap();
}

#[test]
fn of_many_who_want_a_lock_one_has_it() {
    let store: Arc<InMemory> = Arc::default();
    let holding = AtomicU64::new(0);
    let count = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let bucket = bucket_in(&store, Duration::ZERO);
                for _ in 0..5 {
                    let _lock = bucket.wait_for_lock("lock").unwrap();
                    assert_eq!(holding.fetch_add(1, Ordering::SeqCst), 0, "another holds it");
                    *count.lock().unwrap() += 1;
                    holding.fetch_sub(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(count.into_inner().unwrap(), 40);
}

#[test]
fn a_store_that_keeps_conditions_is_taken() {
    bucket().must_keep_conditions().unwrap();
}
