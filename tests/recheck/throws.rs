//! Values drawn from a row of numbers, so that a failing case shrinks.

use callsift::rules::pattern::Pattern;
use callsift::units::{Role, Span};

/// Draws values from numbers; from none left, the plainest.
pub(crate) struct Throws(std::vec::IntoIter<u64>);

impl Throws {
    pub(crate) fn new(numbers: Vec<u64>) -> Self {
        Self(numbers.into_iter())
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0.next().unwrap_or(0) % bound
    }

    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from) as u64) as i64
    }

    pub(crate) fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    /// True once in `count` times.
    pub(crate) fn seldom(&mut self, count: u64) -> bool {
        self.below(count) == count - 1
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    pub(crate) fn maybe<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.yes() { Some(draw(self)) } else { None }
    }

    pub(crate) fn some<T>(&mut self, at_most: u64, mut draw: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(at_most + 1)).map(|_| draw(self)).collect()
    }

    pub(crate) fn tenths(&mut self, from: i64, to: i64) -> f32 {
        self.between(from * 10, to * 10) as f32 / 10.0
    }

    pub(crate) fn span(&mut self) -> Span {
        let start_ms = self.between(0, 60_000);
        Span::new(start_ms, start_ms + self.between(0, 20_000))
    }

    pub(crate) fn role(&mut self) -> Role {
        self.one_of(&Role::ALL)
    }

    pub(crate) fn side(&mut self) -> Option<Role> {
        self.one_of(&[None, Some(Role::Agent), Some(Role::Customer), Some(Role::Bot)])
    }

    pub(crate) fn texts(&mut self, all: &[&str], at_most: u64) -> Vec<String> {
        self.some(at_most, |throws| throws.one_of(all).to_owned())
    }

    pub(crate) fn patterns(&mut self, all: &[&str], at_most: u64) -> Vec<Pattern> {
        self.some(at_most, |throws| throws.one_of(all).parse().expect("a pattern"))
    }
}
