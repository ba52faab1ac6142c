//! What is said that has a value: numbers, percentages, money, dates, times and durations, in Chinese.

mod amounts;
mod clock;
mod dates;
mod find;
mod numeral;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use find::{Mention, Sort, mentions};
