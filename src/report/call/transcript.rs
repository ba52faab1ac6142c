//! The words of a call, with what findings rest on marked in them.

use super::findings::Numbered;
use super::timeline::role_name;
use crate::facts::{Facts, TurnFacts};
use crate::report::Language;
use crate::units::clock;
use serde::Serialize;

/// A line of the transcript, or a gap in it.
#[derive(Serialize)]
pub(in crate::report) struct Line {
    anchor: String,
    role: &'static str,
    role_name: &'static str,
    start_ms: i64,
    at: String,
    /// What is odd about it.
    note: String,
    pieces: Vec<Piece>,
    /// So many utterances are left out before it.
    left_out: usize,
}

/// A piece of a line, marked or not.
#[derive(Serialize)]
struct Piece {
    text: String,
    /// The finding that it is evidence of: where its card is.
    href: Option<String>,
    severity: &'static str,
}

/// How much of a transcript a page shows.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Of one that has more lines than this, those around findings and the first ones.
    Around(usize),
}

/// So many lines are shown before and after a finding where not all are.
const BESIDE: i32 = 4;

pub(super) fn lines(
    facts: &Facts,
    findings: &[Numbered<'_>],
    prefix: &str,
    extent: Extent,
    language: Language,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut left_out = 0;
    for turn in &facts.turns {
        if !is_shown(turn, facts.turns.len(), findings, extent) {
            left_out += 1;
            continue;
        }
        lines.push(line(turn, findings, prefix, std::mem::take(&mut left_out), language));
    }
    lines
}

fn is_shown(turn: &TurnFacts, all: usize, findings: &[Numbered<'_>], extent: Extent) -> bool {
    let Extent::Around(most) = extent else { return true };
    let is_near = |numbered: &Numbered<'_>| {
        let (first, last) = (numbered.finding.turn, numbered.finding.turn_end.or(numbered.finding.turn));
        first.zip(last).is_some_and(|(first, last)| (first - BESIDE..=last + BESIDE).contains(&turn.turn))
    };
    all <= most || turn.turn < 2 * BESIDE || findings.iter().any(is_near)
}

fn line(turn: &TurnFacts, findings: &[Numbered<'_>], prefix: &str, left_out: usize, language: Language) -> Line {
    Line {
        anchor: format!("{prefix}t{}", turn.turn),
        role: turn.role.name(),
        role_name: role_name(turn.role, language),
        start_ms: turn.span.start_ms,
        at: clock(turn.span.start_ms),
        note: if turn.suspect.is_empty() {
            String::new()
        } else {
            language.say("may not have been said", "疑似转写错误").to_owned()
        },
        pieces: pieces(turn, findings, prefix),
        left_out,
    }
}

/// The text of `turn`, cut where evidence starts and ends. Of findings on the same words the gravest marks them.
fn pieces(turn: &TurnFacts, findings: &[Numbered<'_>], prefix: &str) -> Vec<Piece> {
    let chars: Vec<char> = turn.text.chars().collect();
    let mut marks: Vec<(usize, usize, Numbered<'_>)> = findings
        .iter()
        .filter_map(|numbered| place_in(turn, chars.len(), *numbered).map(|(from, to)| (from, to, *numbered)))
        .collect();
    marks.sort_by_key(|(from, _, numbered)| (std::cmp::Reverse(numbered.finding.severity), *from));
    let mut cuts: Vec<usize> = marks.iter().flat_map(|(from, to, _)| [*from, *to]).chain([0, chars.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |from: usize, to: usize| {
        let by = marks.iter().find(|(start, end, _)| *start <= from && to <= *end).map(|mark| mark.2);
        Piece {
            text: chars[from..to].iter().collect(),
            href: by.map(|numbered| numbered.href(prefix)),
            severity: by.map_or("", |numbered| numbered.finding.severity.name()),
        }
    };
    cuts.windows(2).map(|cut| piece(cut[0], cut[1])).collect()
}

/// Which characters of `turn`, which has `chars`, a finding rests on: of evidence over several utterances, the rest of the first, the
/// start of the last, and all between.
fn place_in(turn: &TurnFacts, chars: usize, numbered: Numbered<'_>) -> Option<(usize, usize)> {
    let finding = numbered.finding;
    let (first, last) = (finding.turn?, finding.turn_end.or(finding.turn)?);
    let (from, to) = (finding.char_start?, finding.char_end?);
    if !(first..=last).contains(&turn.turn) {
        return None;
    }
    let from = if turn.turn == first { usize::try_from(from).ok()? } else { 0 };
    let to = if turn.turn == last { usize::try_from(to).ok()? } else { chars };
    (from < to.min(chars)).then(|| (from, to.min(chars)))
}
