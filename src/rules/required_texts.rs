//! What a text must hold for a pattern to match it.
//!
//! A pattern is read as alternatives; of each, some texts stand in all that it matches: of each of several sets, one text at
//! least (as in Cox, "Regular expression matching with a trigram index", 2012, with whole words for trigrams). These texts of
//! all patterns are searched for at once, and a pattern is tried only where an alternative has all of its own.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};
use std::collections::BTreeSet;

/// Texts of which one must stand there.
pub(super) type Texts = BTreeSet<String>;

/// So many texts may come of putting parts one behind the other. More would be longer, and so rarer, but too many to search for.
const MOST_JOINED: usize = 48;

/// So many texts may a set have.
const MOST_TEXTS: usize = 400;

/// A class with more characters says nothing.
const MOST_CHARS: usize = 24;

/// So many alternatives are kept apart.
const MOST_ALTERNATIVES: usize = 64;

/// An alternative at the top of a pattern, and the sets of texts of which each has one in all that it matches, the most telling
/// set first.
pub(super) type Alternative<'a> = (&'a Hir, Vec<Texts>);

/// The alternatives of a pattern; none where of any of them nothing is known.
pub(super) fn alternatives(pattern: &Hir) -> Vec<Alternative<'_>> {
    let alternatives: Vec<Alternative<'_>> =
        branches(pattern).into_iter().map(|branch| (branch, all_of(part(branch)))).collect();
    if alternatives.iter().any(|(_, sets)| sets.is_empty()) || alternatives.len() > MOST_ALTERNATIVES {
        return Vec::new();
    }
    alternatives
}

/// The alternatives at the top of a pattern.
fn branches(pattern: &Hir) -> Vec<&Hir> {
    match pattern.kind() {
        HirKind::Alternation(parts) => parts.iter().flat_map(branches).collect(),
        HirKind::Capture(capture) => branches(&capture.sub),
        _ => vec![pattern],
    }
}

/// What is known of a part of a pattern.
struct Part {
    /// All that its end matches, where that is little.
    end: Option<Texts>,
    /// Whether that end is the whole part.
    is_whole: bool,
    /// Besides, sets of which each has a text in all that it matches.
    sets: Vec<Texts>,
}

impl Part {
    const ANYTHING: Self = Self { end: None, is_whole: false, sets: Vec::new() };

    fn exactly(texts: Texts) -> Self {
        Self { end: Some(texts), is_whole: true, sets: Vec::new() }
    }

    /// All that it matches, where that is little.
    fn whole(self) -> Option<Texts> {
        self.end.filter(|_| self.is_whole)
    }

    /// With what it matches as a set like others.
    fn settled(mut self) -> Vec<Texts> {
        self.sets.extend(self.end.and_then(telling));
        self.sets
    }
}

/// The texts as a set, unless one is empty; without those that hold others of them.
fn telling(texts: Texts) -> Option<Texts> {
    if texts.is_empty() || texts.len() > MOST_TEXTS || texts.contains("") {
        return None;
    }
    let shorter = |text: &str| texts.iter().any(|other| other.len() < text.len() && text.contains(other.as_str()));
    Some(texts.iter().filter(|text| !shorter(text)).cloned().collect())
}

/// The sets of an alternative, the most telling first.
fn all_of(part: Part) -> Vec<Texts> {
    let mut sets = part.settled();
    sets.sort_by_key(|texts| std::cmp::Reverse(worth(texts)));
    sets.dedup();
    sets
}

/// How much a set tells: long texts are rare, and so are few.
fn worth(texts: &Texts) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = texts.iter().map(|text| text.chars().count()).min().unwrap_or(0);
    (shortest, std::cmp::Reverse(texts.len()))
}

fn part(hir: &Hir) -> Part {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::exactly(Texts::from([String::new()])),
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).map_or(Part::ANYTHING, |text| Part::exactly(Texts::from([text.to_owned()])))
        }
        HirKind::Class(class) => of_class(class),
        HirKind::Repetition(repetition) => of_repetition(repetition),
        HirKind::Capture(capture) => part(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(part).fold(Part::exactly(Texts::from([String::new()])), joined),
        HirKind::Alternation(parts) => one_of(parts.iter().map(part).collect()),
    }
}

fn of_class(class: &Class) -> Part {
    let Class::Unicode(class) = class else { return Part::ANYTHING };
    let count: usize = class.ranges().iter().map(|range| range.len()).sum();
    if count > MOST_CHARS {
        return Part::ANYTHING;
    }
    let chars = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    Part::exactly(chars.map(String::from).collect())
}

fn of_repetition(repetition: &Repetition) -> Part {
    let once = part(&repetition.sub);
    match (repetition.min, repetition.max) {
        (0, Some(1)) => match once.whole() {
            Some(mut texts) if texts.len() < MOST_JOINED => {
                texts.insert(String::new());
                Part::exactly(texts)
            }
            _ => Part::ANYTHING,
        },
        (0, _) => Part::ANYTHING,
        (1, Some(1)) => once,
        _ => Part { sets: once.settled(), ..Part::ANYTHING },
    }
}

/// What stands first, and behind it what comes next.
fn joined(first: Part, next: Part) -> Part {
    let Part { end, is_whole, mut sets } = first;
    match (end, next.end) {
        (Some(first), Some(next_texts)) if next.is_whole && first.len() * next_texts.len() <= MOST_JOINED => {
            let both = first.iter().flat_map(|first| next_texts.iter().map(move |next| format!("{first}{next}")));
            Part { end: Some(both.collect()), is_whole, sets }
        }
        (first, end) => {
            sets.extend(first.and_then(telling).into_iter().chain(next.sets));
            Part { end, is_whole: false, sets }
        }
    }
}

/// One of these.
fn one_of(parts: Vec<Part>) -> Part {
    if parts.iter().all(|part| part.is_whole) {
        let texts: Texts = parts.into_iter().filter_map(Part::whole).flatten().collect();
        return if texts.len() <= MOST_TEXTS { Part::exactly(texts) } else { Part::ANYTHING };
    }
    // Of each the most telling set: a text of one of these stands in all that any of them matches.
    let best: Option<Vec<Texts>> = parts.into_iter().map(|part| all_of(part).into_iter().next()).collect();
    let texts = best.map(|sets| sets.into_iter().flatten().collect()).and_then(telling);
    Part { sets: texts.into_iter().collect(), ..Part::ANYTHING }
}
