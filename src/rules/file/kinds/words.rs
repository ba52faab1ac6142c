//! `words`: phrases and lists.

use super::excludes;
use crate::rules::model::Words;
use crate::written::{Fault, Placed, Reference, Referred, Table, codes};

/// How an entry names a list.
const LIST_PREFIX: &str = "lexicon:";

pub(in crate::rules::file) fn read(table: &Table<'_>, references: &mut Vec<Reference>) -> Words {
    let (phrases, lists) = phrases_and_lists(table, table.required_texts("words"), references);
    Words {
        phrases,
        lists,
        sounds_like: table.flag("sounds_like").unwrap_or(false),
        negation_excludes: excludes(table, "negation"),
        quotation_excludes: excludes(table, "quotation"),
        not_before: phrases_only(table, "not_before"),
        not_after: phrases_only(table, "not_after"),
    }
}

/// Divides entries into literal phrases and the ids of lists, whose places are noted in `references`.
pub(super) fn phrases_and_lists(
    table: &Table<'_>,
    entries: Vec<Placed<String>>,
    references: &mut Vec<Reference>,
) -> (Vec<String>, Vec<String>) {
    let (mut phrases, mut lists) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry.value.strip_prefix(LIST_PREFIX) {
            Some(id) => {
                let span = table.page().inside(&entry, LIST_PREFIX.len()..entry.value.len());
                references.push(Reference { referred: Referred::List, name: id.to_owned(), span });
                lists.push(id.to_owned());
            }
            None => phrases.extend(phrase(table, entry)),
        }
    }
    (phrases, lists)
}

fn phrases_only(table: &Table<'_>, key: &'static str) -> Vec<String> {
    table.texts(key).unwrap_or_default().into_iter().filter_map(|entry| phrase(table, entry)).collect()
}

/// A phrase without letters or digits has nothing left once it is normalised.
fn phrase(table: &Table<'_>, entry: Placed<String>) -> Option<String> {
    if entry.value.chars().any(char::is_alphanumeric) {
        return Some(entry.value);
    }
    if !entry.value.trim().is_empty() {
        let message = format!("`{}` has no letter, digit or character to find", entry.value);
        table.report(Fault::new(codes::EMPTY, entry.span, message).help("text is matched without its punctuation"));
    }
    None
}
