//! `words`: phrases and lists.

use super::excludes;
use crate::rules::model::{Gather, Words};
use crate::written::{Fault, Placed, Reference, Referred, Table, codes};

/// How an entry names a list.
const LIST_PREFIX: &str = "lexicon:";

pub(in crate::rules::file) fn read(table: &Table<'_>, references: &mut Vec<Reference>) -> Words {
    let key = if table.has("all_of") { "all_of" } else { "words" };
    let (phrases, lists) = phrases_and_lists(table, table.required_texts(key), references);
    let gather = read_gather(table, phrases.len() + lists.len());
    let same_utterance = table.flag("same_utterance").unwrap_or(false);
    if same_utterance && gather == Gather::Any {
        let message = "`same_utterance` says where several words must be, but one is enough here";
        let fault = Fault::new(codes::NEVER_TRUE, table.key_place("same_utterance"), message);
        table.report(fault.help("write `all_of = […]` or `any_count = 2`, or take it out"));
    }
    Words {
        phrases,
        lists,
        gather,
        same_utterance,
        sounds_like: table.flag("sounds_like").unwrap_or(false),
        negation_excludes: excludes(table, "negation"),
        quotation_excludes: excludes(table, "quotation"),
        not_before: phrases_only(table, "not_before"),
        not_after: phrases_only(table, "not_after"),
    }
}

/// How many of the words, written in `entries` entries, make a hit.
fn read_gather(table: &Table<'_>, entries: usize) -> Gather {
    let any_count = table.integer("any_count", 1..=1_000).and_then(|count| u32::try_from(count).ok());
    if !table.has("all_of") {
        return any_count.filter(|count| *count > 1).map_or(Gather::Any, Gather::AtLeast);
    }
    if table.has("any_count") {
        let message = "`any_count` goes with `words`; `all_of` wants every one of its entries";
        table.report(Fault::new(codes::TWO_KINDS, table.key_place("any_count"), message));
    }
    if entries < 2 {
        let message = "`all_of` has one entry, so there is nothing to be said together";
        table.report(Fault::new(codes::NEVER_TRUE, table.key_place("all_of"), message).help("write `words = […]`"));
    }
    Gather::All
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

pub(super) fn phrases_only(table: &Table<'_>, key: &'static str) -> Vec<String> {
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
