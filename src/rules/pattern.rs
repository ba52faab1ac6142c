//! A regular expression that is read at once and compiled when it is first tried.
//!
//! Of a ruleset's patterns few are ever tried in a run, since most need a text that nobody says; compiling all of them
//! took most of a short run's time and memory.

use crate::lexicon::matcher::simplified;
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};
use serde::{Serialize, Serializer};
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

/// Texts of so many characters are rare enough to be worth searching for besides others.
const TELLING_CHARS: usize = 2;

/// The most memory that one pattern may take, compiled.
const PATTERN_BYTES: usize = 4 << 20;

/// More than a state of a compiled pattern takes, with what leads on from it.
const STATE_BYTES: usize = 64;

/// A regular expression over normalised text.
///
/// ```
/// use callsift::rules::pattern::Pattern;
/// let pattern: Pattern = "派人.{0,3}上门".parse()?;
/// assert_eq!(pattern.as_str(), "派人.{0,3}上门");
/// # Ok::<(), regex::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    read: Arc<Read>,
}

#[derive(Debug)]
struct Read {
    needs: Vec<Vec<String>>,
    can_be_empty: bool,
    compiled: OnceLock<Regex>,
}

impl FromStr for Pattern {
    type Err = regex::Error;

    /// Fails for what is no regular expression, and for what takes over 4 MiB when compiled.
    fn from_str(written: &str) -> Result<Self, regex::Error> {
        let parts = regex_syntax::parse(&simplified_pattern(written));
        let parts = parts.map_err(|error| regex::Error::Syntax(error.to_string()))?;
        // Only what may be too large must be compiled to be sure.
        let is_small = bound_bytes(&parts) <= PATTERN_BYTES;
        let compiled = if is_small { OnceLock::new() } else { compile(written, PATTERN_BYTES)?.into() };
        let can_be_empty = parts.properties().minimum_len() == Some(0);
        let read = Read { needs: needs(&parts), can_be_empty, compiled };
        Ok(Self { written: written.to_owned(), read: Arc::new(read) })
    }
}

impl Pattern {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it matches the empty text, and so everywhere.
    pub(super) fn can_be_empty(&self) -> bool {
        self.read.can_be_empty
    }

    /// Texts that stand in what it matches: of each of these sets one at least; no sets where nothing is known.
    pub(super) fn needs(&self) -> &[Vec<String>] {
        &self.read.needs
    }

    /// Compiled by the first who asks.
    pub(super) fn regex(&self) -> &Regex {
        let compiled = || compile(&self.written, PATTERN_BYTES).expect("what was read and is small enough compiles");
        self.read.compiled.get_or_init(compiled)
    }
}

impl AsRef<str> for Pattern {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

fn compile(written: &str, limit_bytes: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&simplified_pattern(written)).size_limit(limit_bytes).build()
}

/// No less than what a pattern takes when compiled: its parts, and the states that every pattern begins and ends with.
fn bound_bytes(pattern: &Hir) -> usize {
    bound_of_part(pattern).saturating_add(16 * STATE_BYTES)
}

fn bound_of_part(part: &Hir) -> usize {
    let all = |parts: &[Hir]| parts.iter().map(bound_of_part).fold(0, usize::saturating_add);
    let inside = match part.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len() * STATE_BYTES,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() * STATE_BYTES,
        HirKind::Class(Class::Unicode(class)) => class.ranges().iter().map(most_states).sum::<usize>() * STATE_BYTES,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or_else(|| repetition.min.max(1)) as usize;
            times.saturating_mul(bound_of_part(&repetition.sub).saturating_add(2 * STATE_BYTES))
        }
        HirKind::Capture(capture) => bound_of_part(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => all(parts),
    };
    inside.saturating_add(2 * STATE_BYTES)
}

/// No less than the states of a range of characters: of each length in bytes, sequences that widen to the range's middle and
/// narrow again, each of as many ranges of bytes.
fn most_states(range: &ClassUnicodeRange) -> usize {
    let lengths = range.start().len_utf8()..=range.end().len_utf8();
    if range.len() == 1 { *lengths.end() } else { lengths.map(|bytes| bytes * (2 * bytes - 1)).sum() }
}

/// What a match of `pattern` starts with and what it ends with: of each, one text stands in every match. Where all that
/// is known is so short that it stands in many texts, the longer of both alone; nothing where either may be anything, or
/// is too much to list.
fn needs(pattern: &Hir) -> Vec<Vec<String>> {
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

fn required(pattern: &Hir, kind: ExtractKind) -> Option<Vec<String>> {
    let mut literals = Extractor::new().kind(kind).extract(pattern);
    literals.dedup();
    let texts = literals.literals()?.iter().map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok());
    let mut texts: Vec<String> = texts.collect::<Option<_>>()?;
    texts.sort_unstable();
    texts.dedup();
    (!texts.is_empty() && texts.iter().all(|text| !text.is_empty())).then_some(texts)
}

/// The pattern as simplified text has it, but for the ends of ranges in classes.
fn simplified_pattern(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let is_range = |dash: usize| {
        let next = chars.get(dash + 1);
        dash > 0 && chars[dash] == '-' && !"[^".contains(chars[dash - 1]) && next.is_some_and(|next| *next != ']')
    };
    let ends_range = |at: usize| is_range(at + 1) || at > 0 && is_range(at - 1);
    let (mut simple, mut in_class) = (String::with_capacity(pattern.len()), false);
    for (at, &c) in chars.iter().enumerate() {
        in_class = if in_class { c != ']' } else { c == '[' };
        simple.push(if in_class && at + 1 < chars.len() && ends_range(at) { c } else { simplified(c) });
    }
    simple
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pattern: &str) -> Pattern {
        pattern.parse().expect(pattern)
    }

    #[test]
    fn patterns_are_simplified_but_for_ranges() {
        let table = [
            ("plain", "騙子.{0,3}電話", "骗子.{0,3}电话"),
            ("a class", "[騙電]子", "[骗电]子"),
            ("a range", "[一-龥]騙", "[一-龥]骗"),
            ("a dash at an end", "[騙-]|[-騙]", "[骗-]|[-骗]"),
            ("outside a class", "騙-子", "骗-子"),
        ];
        for (name, pattern, expected) in table {
            assert_eq!(simplified_pattern(pattern), expected, "{name}");
        }
    }

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
            assert_eq!(read(pattern).needs(), expected, "{name}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_at_once() {
        for pattern in [r"(\w{1,50}派){1,40}", "(.{0,500}人){0,500}"] {
            let refused = pattern.parse::<Pattern>().err();
            assert!(matches!(refused, Some(regex::Error::CompiledTooBig(_))), "{pattern}: {refused:?}");
        }
        assert!(matches!("派(".parse::<Pattern>().err(), Some(regex::Error::Syntax(_))));
    }

    #[test]
    fn a_pattern_compiles_when_it_is_first_tried() {
        let pattern = read("派人.{0,5}上門");
        assert!(pattern.read.compiled.get().is_none());
        assert!(pattern.regex().is_match("派人去上门") && pattern.read.compiled.get().is_some());
    }

    proptest! {
        #[test]
        fn none_takes_more_than_its_bound(
            pattern in r"(\(|\)|\||\w|\d|\PL|\.|\[\^派a\]|\[一-龥a-z\]|\[à-ﻼ\]|[派人a不]|\(\?i\)|\{0,20\}|\{3\}|\+|\?|\^|\\b){1,9}"
        ) {
            if let Ok(parts) = regex_syntax::parse(&pattern) {
                prop_assume!(bound_bytes(&parts) < 64 << 20);
                prop_assert!(compile(&pattern, bound_bytes(&parts)).is_ok(), "{pattern}");
            }
        }
    }
}
