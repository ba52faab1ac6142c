//! `where`: which part of a call a condition looks at.

use super::answer::{Answer, Blind, Hit};
use super::heard::Heard;
use super::kleene::Why;
use super::model::{LookFor, Place, Reach};
use super::speakers::Speakers;
use crate::facts::Facts;
use crate::finding::Reason;
use crate::units::Span;
use std::collections::BTreeMap;

/// Narrows an answer to the condition's place. `named` is the answer of the condition that the place
/// follows, if it follows one. Facts of the call as a whole have no place and are kept.
pub(crate) fn narrow(answer: Answer, look: &LookFor, heard: &Heard<'_>, named: Option<&Answer>) -> Answer {
    if is_at_end(&look.place) && is_cut_off(heard.facts) {
        return Answer::unknown(Reason::NoAudio, "the recording is cut off, so its end is not known");
    }
    let length_ms = length_ms(heard.facts);
    let share = |share: f64| (length_ms as f64 * share).round() as i64;
    match &look.place {
        Place::Anywhere => answer,
        Place::FirstMs(ms) => keep(answer, |hit| starts_before(hit, *ms)),
        Place::LastMs(ms) => keep(answer, |hit| ends_after(hit, length_ms - ms)),
        Place::FirstShare(part) => keep(answer, |hit| starts_before(hit, share(*part))),
        Place::LastShare(part) => keep(answer, |hit| ends_after(hit, length_ms - share(*part))),
        Place::FirstTurns(count) => in_turns(answer, look.speakers, heard, *count, false),
        Place::LastTurns(count) => in_turns(answer, look.speakers, heard, *count, true),
        Place::After { within, .. } => beside(answer, named, |named, hit| named.is_before(hit, *within)),
        Place::Before { within, .. } => beside(answer, named, |named, hit| named.is_behind(hit, *within)),
    }
}

const fn is_at_end(place: &Place) -> bool {
    matches!(place, Place::LastMs(_) | Place::LastTurns(_) | Place::LastShare(_))
}

fn is_cut_off(facts: &Facts) -> bool {
    let codes = ["truncated", "length_unknown", "too_long"];
    facts.call.error.as_ref().is_some_and(|error| codes.contains(&error.code.as_str()))
}

/// Length of the call, ms: of its sound, or until the last word where there is none.
pub(crate) fn length_ms(facts: &Facts) -> i64 {
    let said = || facts.turns.iter().map(|turn| turn.span.end_ms).max().unwrap_or(0);
    facts.call.sound.as_ref().map_or_else(said, |sound| sound.duration_ms)
}

fn keep(mut answer: Answer, is_inside: impl Fn(&Hit) -> bool) -> Answer {
    answer.hits.retain(|hit| hit.span.is_none() || is_inside(hit));
    answer
}

fn starts_before(hit: &Hit, ms: i64) -> bool {
    hit.span.is_some_and(|span| span.start_ms < ms)
}

fn ends_after(hit: &Hit, ms: i64) -> bool {
    hit.span.is_some_and(|span| span.end_ms > ms)
}

/// Keeps what lies in the first or last turns (runs of one speaker) of `speakers`.
fn in_turns(answer: Answer, speakers: Speakers, heard: &Heard<'_>, count: u32, last: bool) -> Answer {
    if !heard.facts.call.has_transcript {
        return match answer.blind {
            Blind::Everywhere(_) => answer,
            _ => Answer::unknown(Reason::NoTranscript, "turns are counted in the transcript, and there is none"),
        };
    }
    let mut runs: BTreeMap<i32, Span> = BTreeMap::new();
    for turn in heard.facts.turns.iter().filter(|turn| speakers.has(turn.role)) {
        let run = runs.entry(turn.turn_group).or_insert(turn.span);
        *run = Span::new(run.start_ms.min(turn.span.start_ms), run.end_ms.max(turn.span.end_ms));
    }
    let mut spans: Vec<Span> = runs.into_values().collect();
    spans.sort_unstable();
    let count = (count as usize).min(spans.len());
    let chosen = if last { &spans[spans.len() - count..] } else { &spans[..count] };
    let inside = |span: Span| chosen.iter().any(|run| run.overlap_ms(span) > 0 || run.start_ms == span.start_ms);
    keep(answer, |hit| hit.span.is_some_and(inside))
}

/// Keeps what lies beside a hit of the named condition. Where that one is not wholly examined, what lies elsewhere may or
/// may not count.
fn beside(answer: Answer, named: Option<&Answer>, is_beside: impl Fn(&Edges, &Hit) -> bool) -> Answer {
    let Some(named) = named else {
        return answer;
    };
    let all = answer.hits.len();
    let nowhere = named.hits.iter().all(|hit| hit.span.is_none()) && named.blind == Blind::Nowhere;
    let edges = Edges::of(&named.hits);
    let mut kept = keep(answer, |hit| is_beside(&edges, hit));
    let lost = all - kept.hits.len();
    kept.blind = match (kept.blind, named.why()) {
        // Where nothing of the named condition can be, nothing beside it can be either.
        _ if nowhere => Blind::Nowhere,
        (Blind::Nowhere, Some(why)) if lost > 0 => Blind::Spots(lost, why.clone()),
        (Blind::Spots(spots, why), Some(_)) => Blind::Spots(spots + lost, why),
        (blind, _) => blind,
    };
    kept
}

/// When hits start and end, in order, so that what lies beside them is found without going through them all.
struct Edges {
    /// Each start, and the turn it is in.
    starts: Vec<(i64, u32)>,
    /// Each end, and the last turn that a hit which ends there or before starts in.
    ends: Vec<(i64, u32)>,
}

impl Edges {
    fn of(hits: &[Hit]) -> Self {
        let spans = || hits.iter().filter_map(|hit| Some((hit.span?, hit.run)));
        let mut starts: Vec<(i64, u32)> = spans().map(|(span, run)| (span.start_ms, run)).collect();
        let mut ends: Vec<(i64, u32)> = spans().map(|(span, run)| (span.end_ms, run)).collect();
        starts.sort_unstable();
        ends.sort_unstable();
        let mut last_run = 0;
        for (_, run) in &mut ends {
            last_run = last_run.max(*run);
            *run = last_run;
        }
        Self { starts, ends }
    }

    /// Whether one of the hits ends before `hit` starts, no further away than `within`.
    fn is_before(&self, hit: &Hit, within: Option<Reach>) -> bool {
        let Some(span) = hit.span else { return false };
        let before = self.ends.partition_point(|(end_ms, _)| *end_ms <= span.start_ms);
        before.checked_sub(1).is_some_and(|last| {
            let (end_ms, run) = self.ends[last];
            is_near(end_ms, run, span.start_ms, hit.run, within)
        })
    }

    /// Whether one of the hits starts after `hit` ends, no further away than `within`.
    fn is_behind(&self, hit: &Hit, within: Option<Reach>) -> bool {
        let Some(span) = hit.span else { return false };
        let next = self.starts.partition_point(|(start_ms, _)| *start_ms < span.end_ms);
        self.starts.get(next).is_some_and(|&(start_ms, run)| is_near(span.end_ms, hit.run, start_ms, run, within))
    }
}

/// Whether what starts at `start_ms` in the turn `later` is no further than `within` from what started in the turn `run` and ended at
/// `end_ms`.
fn is_near(end_ms: i64, run: u32, start_ms: i64, later: u32, within: Option<Reach>) -> bool {
    match within {
        None => true,
        Some(Reach::Ms(ms)) => start_ms <= end_ms.saturating_add(ms),
        Some(Reach::Turns(turns)) => later.saturating_sub(run) <= turns,
    }
}

/// Whether `second` starts no further than `within` behind the end of `first`.
pub(crate) fn reaches(first: &Hit, second: &Hit, within: Reach) -> bool {
    let spans = first.span.zip(second.span);
    spans.is_some_and(|(one, other)| is_near(one.end_ms, first.run, other.start_ms, second.run, Some(within)))
}

/// Why turns of an unknown speaker are not examined.
pub(crate) fn no_roles(speakers: Speakers) -> Why {
    let whom = if speakers.is_anyone() { "unknown".to_owned() } else { speakers.to_string() };
    Why::new(Reason::NoRoles, format!("nobody knows which of the speakers is the {whom}"))
}
