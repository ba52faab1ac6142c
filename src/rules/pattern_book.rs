//! All patterns of all rules, and which texts each of them may match.
//!
//! Most patterns hold some text that each of their matches starts or ends with. These are searched for together with the
//! words of lists; a pattern is tried only where its own are found.

use super::pattern::Pattern;
use crate::lexicon::matcher::{ListIndex, MatcherBuilder};
use regex::Regex;

/// All patterns of all rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatternBook {
    all: Vec<(Pattern, Vec<ListIndex>)>,
}

impl PatternBook {
    /// Adds a pattern, and what it needs to `matcher` as lists.
    pub(super) fn add(&mut self, pattern: &Pattern, matcher: &mut MatcherBuilder) {
        let needs = pattern.needs().iter().map(|texts| matcher.parts(texts.clone())).collect();
        self.all.push((pattern.clone(), needs));
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn written(&self, index: usize) -> &str {
        self.all[index].0.as_str()
    }

    pub(crate) fn regex(&self, index: usize) -> &Regex {
        self.all[index].0.regex()
    }

    /// Lists of which each has something in every text that the pattern matches; none where nothing is known.
    pub(crate) fn needs(&self, index: usize) -> &[ListIndex] {
        &self.all[index].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_match_is_missed(
            text in "[派人上门a不]{0,12}",
            patterns in prop::collection::vec(r"[派人上门a]{1,2}(\.|\.\{0,2\}|\?|\*|\||)[派人上门a]{0,2}", 1..4),
        ) {
            let mut builder = MatcherBuilder::default();
            let mut book = PatternBook::default();
            for pattern in patterns.iter().filter_map(|pattern| pattern.parse().ok()) {
                book.add(&pattern, &mut builder);
            }
            let found = builder.build().scan(&text);
            for index in 0..book.len() {
                let needs = book.needs(index);
                if book.regex(index).is_match(&text) {
                    let is_there = |list: &ListIndex| found.iter().any(|hit| hit.list == *list);
                    prop_assert!(needs.iter().all(is_there), "{} in {text}", book.written(index));
                }
            }
        }
    }
}
