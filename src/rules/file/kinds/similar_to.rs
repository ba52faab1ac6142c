//! `similar_to`: sentences that say nearly the same.

use super::{excludes, share};
use crate::rules::model::SimilarTo;
use crate::written::Table;

/// Less than this and nearly every sentence is like another.
const LEAST: f64 = 0.3;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> SimilarTo {
    let sentences = super::words::phrases_only(table, "similar_to");
    table.require("similarity_above");
    SimilarTo {
        sentences,
        similarity_above: share(table, "similarity_above", LEAST..=1.0).unwrap_or(1.0),
        negation_excludes: excludes(table, "negation"),
        quotation_excludes: excludes(table, "quotation"),
    }
}
