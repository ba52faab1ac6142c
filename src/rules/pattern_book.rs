//! All patterns of all rules, and which texts each of them may match.
//!
//! Most patterns hold some text that each of their matches starts or ends with. These are searched for together with the
//! words of lists; a pattern is tried only where its own are found.

use crate::lexicon::matcher::{ListIndex, MatcherBuilder};
use regex::Regex;
use regex_syntax::hir::literal::{ExtractKind, Extractor};

/// Texts of so many characters are rare enough to be worth searching for besides others.
const TELLING_CHARS: usize = 2;

/// All patterns of all rules.
#[derive(Clone, Debug)]
pub(crate) struct PatternBook {
    all: Vec<(Regex, Vec<ListIndex>)>,
}

impl PatternBook {
    /// The patterns `all`, in their order; what each of them needs becomes lists of `matcher`.
    pub(crate) fn of(all: Vec<Regex>, matcher: &mut MatcherBuilder) -> Self {
        let mut with_needs = |pattern: Regex| {
            let needs = needs(pattern.as_str()).into_iter().map(|texts| matcher.parts(texts)).collect();
            (pattern, needs)
        };
        Self { all: all.into_iter().map(&mut with_needs).collect() }
    }

    pub(crate) fn get(&self, index: usize) -> &Regex {
        &self.all[index].0
    }

    /// Lists of which each has something in every text that the pattern matches; none where nothing is known.
    pub(crate) fn needs(&self, index: usize) -> &[ListIndex] {
        &self.all[index].1
    }
}

/// What a match of `pattern` starts with and what it ends with: of each, one text stands in every match. Where all that
/// is known is so short that it stands in many texts, the longer of both alone; nothing where either may be anything, or
/// is too much to list.
fn needs(pattern: &str) -> Vec<Vec<String>> {
    let mut needs: Vec<Vec<String>> = Vec::new();
    for kind in [ExtractKind::Prefix, ExtractKind::Suffix] {
        needs.extend(required(pattern, kind).filter(|texts| !needs.contains(texts)));
    }
    let shortest = |texts: &Vec<String>| texts.iter().map(|text| text.chars().count()).min();
    let longest = needs.iter().map(shortest).max().flatten();
    needs.retain(|texts| shortest(texts) == longest || shortest(texts) >= Some(TELLING_CHARS));
    needs.truncate(if longest < Some(TELLING_CHARS) { 1 } else { 2 });
    needs
}

fn required(pattern: &str, kind: ExtractKind) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut literals = Extractor::new().kind(kind).extract(&hir);
    literals.dedup();
    let texts = literals.literals()?.iter().map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok());
    let mut texts: Vec<String> = texts.collect::<Option<_>>()?;
    texts.sort_unstable();
    texts.dedup();
    (!texts.is_empty() && texts.iter().all(|text| !text.is_empty())).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns_need_what_their_matches_start_and_end_with() {
        let table: [(&str, &str, &[&[&str]]); 11] = [
            ("a literal", "派人", &[&["派人"]]),
            ("both", "派人.{0,3}上门", &[&["派人"], &["上门"]]),
            ("only the longer one", "派.{0,3}上门", &[&["上门"]]),
            ("one of two short ones", "派.{1,3}人", &[&["派"]]),
            ("only a start", "派人.{1,3}", &[&["派人"]]),
            ("alternatives", "(公安局|法院).?找你", &[&["公安局", "法院"], &["找你"]]),
            ("alternatives at the end", ".(公安局|法院)", &[&["公安局", "法院"]]),
            ("anything", ".+", &[]),
            ("perhaps nothing", "派?", &[]),
            ("a wide class", "[0-9一-龥]+", &[]),
            ("any case", "(?i)vi[^a]", &[&["VI", "Vi", "vI", "vi"]]),
        ];
        for (name, pattern, expected) in table {
            assert_eq!(needs(pattern), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_match_is_missed(
            text in "[派人上门a不]{0,12}",
            patterns in prop::collection::vec(r"[派人上门a]{1,2}(\.|\.\{0,2\}|\?|\*|\||)[派人上门a]{0,2}", 1..4),
        ) {
            let mut builder = MatcherBuilder::default();
            let all = patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
            let book = PatternBook::of(all, &mut builder);
            let found = builder.build().scan(&text);
            for index in 0..book.all.len() {
                let needs = book.needs(index);
                if book.get(index).is_match(&text) {
                    let is_there = |list: &ListIndex| found.iter().any(|hit| hit.list == *list);
                    prop_assert!(needs.iter().all(is_there), "{} in {text}", book.get(index));
                }
            }
        }
    }
}
