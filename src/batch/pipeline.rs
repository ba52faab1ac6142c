//! Batch after batch through many threads, and out again in order.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many batches may be under way, whatever their size: threads that find nothing left to begin in one go on to the next while
/// its last calls are being judged or wait for an engine.
const BATCHES_UNDER_WAY: usize = 2;

/// Smaller batches may be under way until so many calls are, for each thread.
const CALLS_A_WORKER: usize = 2;

/// The batches that are under way.
struct Line<R> {
    /// Calls begun, over all batches.
    begun_batches: usize,
    /// Calls of the last batch begun that are not begun, the one to begin next last.
    left_of_last: Vec<usize>,
    /// Results of the batches begun and not taken yet, oldest first.
    under_way: VecDeque<Vec<Option<R>>>,
    /// How many were taken.
    taken: usize,
    /// No batch is begun any more.
    is_closed: bool,
}

/// Works through batches on many threads.
pub(super) struct Pipeline<'a, T, R> {
    batches: &'a [Vec<T>],
    workers: usize,
    size: fn(&T) -> u64,
    line: Mutex<Line<R>>,
    changed: Condvar,
}

impl<'a, T: Sync, R: Send> Pipeline<'a, T, R> {
    /// For `workers` threads, or as many as the system gives. Of a batch the calls of the greatest `size` are begun first, so
    /// that at the end no thread is left alone with a long one; those of one size in their order.
    pub(super) fn new(batches: &'a [Vec<T>], workers: usize, size: fn(&T) -> u64) -> Self {
        let (under_way, left_of_last) = (VecDeque::new(), Vec::new());
        let line = Line { begun_batches: 0, left_of_last, under_way, taken: 0, is_closed: false };
        Self { batches, workers: workers.max(1), size, line: Mutex::new(line), changed: Condvar::new() }
    }

    /// Gives `take` the results of batch after batch, made by `work`; returns how many batches were begun.
    ///
    /// Before a batch is begun, `stop` is asked; once it says yes, or `take` says no, those under way are finished and none is begun.
    pub(super) fn run(
        self,
        work: &(dyn Fn(&T) -> R + Sync),
        stop: &(dyn Fn() -> bool + Sync),
        take: &mut dyn FnMut(usize, Vec<R>) -> bool,
    ) -> usize {
        std::thread::scope(|scope| {
            scope.spawn(|| self.work(work, stop));
            for _ in 1..self.workers {
                let another = std::thread::Builder::new().spawn_scoped(scope, || self.work(work, stop));
                if another.is_err() {
                    tracing::warn!("the system gives no more threads; callsift goes on with fewer");
                    break;
                }
            }
            while let Some((batch, results)) = self.oldest() {
                if !take(batch, results) {
                    self.lock().is_closed = true;
                    self.changed.notify_all();
                }
            }
        });
        self.lock().begun_batches
    }

    fn lock(&self) -> MutexGuard<'_, Line<R>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until nothing is left to begin. When `work` panics, nothing more is begun and nobody is left waiting.
    fn work(&self, work: &(dyn Fn(&T) -> R + Sync), stop: &(dyn Fn() -> bool + Sync)) {
        while let Some((batch, call)) = self.next(stop) {
            let result = catch_unwind(AssertUnwindSafe(|| work(&self.batches[batch][call])));
            let mut line = self.lock();
            let panic = match result {
                Ok(result) => {
                    let place = batch - line.taken;
                    if let Some(results) = line.under_way.get_mut(place) {
                        results[call] = Some(result);
                    }
                    None
                }
                Err(panic) => {
                    line.is_closed = true;
                    line.left_of_last.clear();
                    line.under_way.clear();
                    Some(panic)
                }
            };
            drop(line);
            self.changed.notify_all();
            if let Some(panic) = panic {
                resume_unwind(panic);
            }
        }
    }

    /// The next call to begin: its batch, and its place there.
    fn next(&self, stop: &(dyn Fn() -> bool + Sync)) -> Option<(usize, usize)> {
        let mut line = self.lock();
        loop {
            if let Some(call) = line.left_of_last.pop() {
                return Some((line.begun_batches - 1, call));
            }
            if line.is_closed || line.begun_batches == self.batches.len() {
                return None;
            }
            let calls: usize = line.under_way.iter().map(Vec::len).sum();
            if line.under_way.len() < BATCHES_UNDER_WAY || calls < CALLS_A_WORKER * self.workers {
                if stop() {
                    line.is_closed = true;
                    self.changed.notify_all();
                    return None;
                }
                let batch = &self.batches[line.begun_batches];
                line.under_way.push_back(batch.iter().map(|_| None).collect());
                line.left_of_last = (0..batch.len()).rev().collect();
                line.left_of_last.sort_by_key(|call| (self.size)(&batch[*call]));
                line.begun_batches += 1;
                continue;
            }
            line = self.changed.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The results of the oldest batch under way, once they are all there; `None` where none is under way and none will be.
    fn oldest(&self) -> Option<(usize, Vec<R>)> {
        let mut line = self.lock();
        loop {
            if line.under_way.front().is_some_and(|results| results.iter().all(Option::is_some)) {
                let results = line.under_way.pop_front()?;
                line.taken += 1;
                self.changed.notify_all();
                return Some((line.taken - 1, results.into_iter().flatten().collect()));
            }
            let is_over = line.is_closed || line.begun_batches == self.batches.len();
            if is_over && line.under_way.is_empty() {
                return None;
            }
            line = self.changed.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn batches() -> Vec<Vec<u64>> {
        (0..9).map(|batch| (0..batch % 4 + 1).map(|call| batch * 10 + call).collect()).collect()
    }

    /// Later calls are done sooner.
    fn slowly(call: &u64) -> u64 {
        std::thread::sleep(std::time::Duration::from_millis(5 - call % 5));
        *call
    }

    #[test]
    fn batches_come_out_whole_and_in_order() {
        for workers in [1, 2, 7] {
            let (batches, mut out) = (batches(), Vec::new());
            let begun =
                Pipeline::new(&batches, workers, |call| call % 3).run(&slowly, &|| false, &mut |batch, results| {
                    assert_eq!(batch, out.len());
                    out.push(results);
                    true
                });
            assert_eq!((begun, out), (9, batches), "{workers}");
        }
    }

    #[test]
    fn long_calls_are_begun_first() {
        let (batches, begun) = (vec![vec![3, 9, 1, 9, 5], vec![2, 7]], Mutex::new(Vec::new()));
        let work = |call: &u64| begun.lock().unwrap().push(*call);
        Pipeline::new(&batches, 1, |call| *call).run(&work, &|| false, &mut |_, _| true);
        assert_eq!(begun.into_inner().unwrap(), [9, 9, 5, 3, 1, 7, 2]);
    }

    #[test]
    fn what_is_begun_is_finished() {
        let (batches, asked) = (batches(), AtomicUsize::new(0));
        let stop = || asked.fetch_add(1, Ordering::Relaxed) == 3;
        let mut out = Vec::new();
        let begun = Pipeline::new(&batches, 2, |_| 0).run(&slowly, &stop, &mut |_, results| {
            out.push(results);
            true
        });
        assert_eq!((begun, out), (3, batches[..3].to_vec()));
        let mut out = 0;
        let begun = Pipeline::new(&batches, 2, |_| 0).run(&slowly, &|| false, &mut |_, _| {
            out += 1;
            out < 2
        });
        assert!(begun >= 2 && begun == out && begun < 9, "{begun} begun, {out} taken");
    }

    #[test]
    fn nothing_to_do_is_done() {
        let none: Vec<Vec<u64>> = Vec::new();
        assert_eq!(Pipeline::new(&none, 3, |_| 0).run(&slowly, &|| false, &mut |_, _| true), 0);
    }

    #[test]
    fn many_small_batches_keep_all_threads_at_work() {
        let batches: Vec<Vec<u64>> = (0..40).map(|batch| vec![batch]).collect();
        let (at_work, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |call: &u64| {
            most.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(20));
            at_work.fetch_sub(1, Ordering::SeqCst);
            *call
        };
        Pipeline::new(&batches, 8, |_| 0).run(&work, &|| false, &mut |_, _| true);
        assert!(most.into_inner() > 4, "batches of one call are no reason to wait");
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_leaves_nobody_waiting() {
        let work = |call: &u64| if *call == 21 { panic!("of call 21") } else { *call };
        Pipeline::new(&batches(), 3, |_| 0).run(&work, &|| false, &mut |_, _| true);
    }
}
