//! What is still needed of a long sequence.

use std::ops::Range;

/// The part of a sequence, one item a frame or step, that is still needed; items are known by their place in all of it.
#[derive(Debug)]
pub(super) struct Track<T> {
    items: Vec<T>,
    /// Where the first of them is.
    first: usize,
}

impl<T> Track<T> {
    pub(super) const fn new() -> Self {
        Self { items: Vec::new(), first: 0 }
    }

    pub(super) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// How long the sequence is so far.
    pub(super) fn end(&self) -> usize {
        self.first + self.items.len()
    }

    /// The items at these places, which must not have been forgotten.
    pub(super) fn slice(&self, places: Range<usize>) -> &[T] {
        &self.items[places.start - self.first..places.end - self.first]
    }

    /// The items at these places, which must not have been forgotten, to change them.
    pub(super) fn slice_mut(&mut self, places: Range<usize>) -> &mut [T] {
        &mut self.items[places.start - self.first..places.end - self.first]
    }

    /// The items up to `reach` to each side of a place, where there are any.
    pub(super) fn around(&self, place: usize, reach: usize) -> &[T] {
        self.slice(place.saturating_sub(reach)..self.end().min(place + reach + 1))
    }

    /// How many items are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.items.len()
    }

    /// Lets go of what is before a place, once that is half of what is kept: each item moves at most once in the mean.
    pub(super) fn forget(&mut self, before: usize) {
        let forgotten = before.min(self.end()).saturating_sub(self.first);
        if 2 * forgotten > self.items.len() {
            self.items.drain(..forgotten);
            self.first += forgotten;
        }
    }
}

impl<T> std::ops::Index<usize> for Track<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.items[place - self.first]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_when_what_is_before_them_goes() {
        let mut track = Track::new();
        for n in 0..1_000_usize {
            track.push(n);
            let needed = n.saturating_sub(10);
            track.forget(needed);
            assert_eq!((track[needed], track[n], track.end()), (needed, n, n + 1));
            assert!(track.items.len() <= 24, "{} kept at {n}", track.items.len());
        }
        assert_eq!(track.slice(995..997), [995, 996]);
        assert_eq!(track.around(998, 2), [996, 997, 998, 999]);
        track.slice_mut(995..996)[0] = 7;
        assert_eq!(track[995], 7);
    }
}
