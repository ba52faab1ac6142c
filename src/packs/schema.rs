//! The JSON Schema of every file that people write.

use super::{overrides, pack_file, sets, whitelist};
use crate::{lexicon, rules, score};
use serde_json::Value;

#[cfg(test)]
mod check;
#[cfg(test)]
mod tests;

/// A file that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// A rule.
    Rule,
    /// A list of words.
    List,
    /// `pack.toml`.
    Pack,
    /// `scorecard.toml`.
    Scorecard,
    /// `overrides.toml`.
    Overrides,
    /// `sets.toml`.
    Sets,
    /// `whitelist.toml`.
    Whitelist,
}

/// The JSON Schema (draft 2020-12) of a file, for editors: which keys it has, what they mean and what they can be.
#[must_use]
pub fn schema(of: Written) -> Value {
    match of {
        Written::Rule => rules::file::schema(),
        Written::List => lexicon::file::schema(),
        Written::Pack => pack_file::schema(),
        Written::Scorecard => score::file::schema(),
        Written::Overrides => overrides::schema(),
        Written::Sets => sets::schema(),
        Written::Whitelist => whitelist::schema(),
    }
}
