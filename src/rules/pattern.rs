//! A regular expression that is read at once and compiled when it is first tried.
//!
//! Of a ruleset's patterns few are ever tried in a run, since most need a text that nobody says; compiling all of them
//! took most of a short run's time and memory.

use super::required_texts::{Texts, alternatives};
use crate::lexicon::matcher::simplified;
use regex_automata::meta::Regex;
use regex_syntax::hir::{Class, ClassUnicodeRange, Dot, Hir, HirKind};
use serde::{Serialize, Serializer};
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

/// The most memory that one pattern may take, compiled.
const PATTERN_BYTES: usize = 4 << 20;

/// The memory of the states that a pattern has met, for each thread.
const STATES_BYTES: usize = 512 << 10;

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
    alternatives: Vec<Alternative>,
    can_be_empty: bool,
    /// Where it is nothing but any characters, so many at least.
    anything: Option<usize>,
    compiled: OnceLock<Regex>,
}

/// One of the alternatives at the top of a pattern.
#[derive(Debug)]
struct Alternative {
    needs: Vec<Texts>,
    parts: Hir,
    compiled: OnceLock<Regex>,
}

impl FromStr for Pattern {
    type Err = regex::Error;

    /// Fails for what is no regular expression, and for what takes over 4 MiB when compiled.
    fn from_str(written: &str) -> Result<Self, regex::Error> {
        let expression = simplified_pattern(written);
        let parts = regex_syntax::parse(&expression).map_err(|error| regex::Error::Syntax(error.to_string()))?;
        // Only what may be too large must be compiled to be sure.
        let is_small = bound_bytes(&parts) <= PATTERN_BYTES;
        let compiled = if is_small { OnceLock::new() } else { compile(&parts, PATTERN_BYTES)?.into() };
        let can_be_empty = parts.properties().minimum_len() == Some(0);
        let alternatives = alternatives(&parts).into_iter().map(|(part, needs)| Alternative {
            needs,
            parts: part.clone(),
            compiled: OnceLock::new(),
        });
        let read = Read { alternatives: alternatives.collect(), can_be_empty, anything: anything(&parts), compiled };
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

    /// For each of its alternatives, sets of texts of which each has one in all that is matched, the most telling first; no
    /// alternatives where of any of them nothing is known.
    pub(super) fn needs(&self) -> impl Iterator<Item = &[Texts]> {
        self.read.alternatives.iter().map(|alternative| alternative.needs.as_slice())
    }

    /// Calls `found` with where it matches, from left to right, matches of nothing left out. With `only`, no other of its alternatives
    /// can match in the text.
    pub(super) fn each(&self, text: &str, only: Option<usize>, mut found: impl FnMut(Range<usize>)) {
        match self.read.anything.filter(|_| !text.contains('\n')) {
            Some(fewest) if text.chars().nth(fewest - 1).is_some() => found(0..text.len()),
            Some(_) => {}
            None => {
                let regex = only.map_or_else(|| self.regex(), |only| self.read.alternatives[only].regex());
                regex.find_iter(text).map(|it| it.range()).filter(|range| !range.is_empty()).for_each(found);
            }
        }
    }

    /// What the first group of its first match in `text` holds.
    pub(super) fn group_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut captures = self.regex().create_captures();
        self.regex().captures(text, &mut captures);
        captures.get_group(1).map(|group| &text[group.range()])
    }

    /// Compiled by the first who asks.
    fn regex(&self) -> &Regex {
        self.read.compiled.get_or_init(|| {
            let parts = regex_syntax::parse(&simplified_pattern(&self.written)).ok();
            parts.and_then(|parts| compile(&parts, PATTERN_BYTES).ok()).expect(COMPILES)
        })
    }
}

impl Alternative {
    fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| compile(&self.parts, PATTERN_BYTES).expect(COMPILES))
    }
}

/// Why compiling cannot fail.
const COMPILES: &str = "what was read and is small enough compiles";

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

/// How many characters a pattern like `.+` or `.{4,}` must have at least; `None` for all others.
fn anything(pattern: &Hir) -> Option<usize> {
    let HirKind::Repetition(repetition) = pattern.kind() else { return None };
    let is_any = *repetition.sub == Hir::dot(Dot::AnyCharExceptLF);
    (is_any && repetition.greedy && repetition.max.is_none() && repetition.min > 0).then_some(repetition.min as usize)
}

fn compile(parts: &Hir, limit_bytes: usize) -> Result<Regex, regex::Error> {
    let limits = Regex::config().nfa_size_limit(Some(limit_bytes)).hybrid_cache_capacity(STATES_BYTES);
    let compiled = Regex::builder().configure(limits).build_from_hir(parts);
    compiled.map_err(|error| match error.size_limit() {
        Some(bytes) => regex::Error::CompiledTooBig(bytes),
        None => regex::Error::Syntax(error.to_string()),
    })
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
    fn what_is_too_large_is_refused_at_once() {
        for pattern in [r"(\w{1,50}派){1,40}", "(.{0,500}人){0,500}"] {
            let refused = pattern.parse::<Pattern>().err();
            assert!(matches!(refused, Some(regex::Error::CompiledTooBig(_))), "{pattern}: {refused:?}");
        }
        assert!(matches!("派(".parse::<Pattern>().err(), Some(regex::Error::Syntax(_))));
    }

    #[test]
    fn what_matches_anything_needs_no_compiling() {
        let table =
            [(".+", "派人", Some(0..6)), (".{2,}", "派人", Some(0..6)), (".{3,}", "派人", None), (".+", "", None)];
        for (written, text, expected) in table {
            let (pattern, mut found) = (read(written), Vec::new());
            pattern.each(text, None, |range| found.push(range));
            let found = (found, pattern.read.compiled.get().is_none());
            assert_eq!(found, (expected.into_iter().collect(), true), "{written} in {text}");
        }
        let (pattern, mut found) = (read(".{2,}"), Vec::new());
        pattern.each("派人\n去\n上门", None, |range| found.push(range));
        assert_eq!(found, [0..6, 11..17]);
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
                prop_assert!(compile(&parts, bound_bytes(&parts)).is_ok(), "{pattern}");
            }
        }
    }
}
