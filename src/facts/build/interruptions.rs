//! One speaks while the other does.

use super::speech::{Channel, Speech};
use super::spoken::Spoken;
use super::turns::TURN_PAUSE_MS;
use crate::acoustics::Stretch;
use crate::facts::Interruption;
use crate::transcript::backchannel::is_backchannel;
use crate::units::Span;

/// The shortest overlap that counts, ms.
const SHORTEST_MS: i64 = 300;

/// Without words, speech under this length that ends before the other's is taken for a backchannel, ms.
const BACKCHANNEL_MS: i64 = 1_000;

/// Returns the interruptions by start, and the time both sides speak at once, ms; `None` where they have no channels of their own.
/// Machines and colleagues interrupt nobody, and nobody interrupts them.
pub(super) fn overlaps(speech: &Speech<'_>, spoken: &[Spoken<'_>]) -> Option<(Vec<Interruption>, i64)> {
    let sides = speech.sides()?;
    let own = sides.map(Channel::own_stretches);
    let [left, right] = [sides[0].with(&own[0]), sides[1].with(&own[1])];
    Some((interruptions(&left, &right, spoken), overlap_ms(&left, &right)))
}

/// One side's stretch begins while the other's, begun earlier, runs, and both go on for 300 ms or more.
fn interruptions(left: &Channel<'_>, right: &Channel<'_>, spoken: &[Spoken<'_>]) -> Vec<Interruption> {
    let mut found = between(left, right, spoken);
    found.extend(between(right, left, spoken));
    found.sort_by_key(|one| (one.span, one.by));
    found
}

/// Time both speak at once, counting overlaps from 300 ms.
fn overlap_ms(left: &Channel<'_>, right: &Channel<'_>) -> i64 {
    let overlaps = left.stretches.iter().flat_map(|stretch| right.within(stretch.span));
    overlaps.map(|(_, overlap_ms)| overlap_ms).filter(|&overlap_ms| overlap_ms >= SHORTEST_MS).sum()
}

/// The times `who` came in while `other` spoke.
fn between(other: &Channel<'_>, who: &Channel<'_>, spoken: &[Spoken<'_>]) -> Vec<Interruption> {
    let turn_starts = turn_starts(other, who);
    let mut found = Vec::new();
    for came_in in who.stretches {
        let index = other.stretches.partition_point(|stretch| stretch.span.end_ms <= came_in.span.start_ms);
        let Some(spoke) = other.stretches.get(index).filter(|it| it.span.start_ms < came_in.span.start_ms) else {
            continue;
        };
        let span = Span::new(came_in.span.start_ms, came_in.span.end_ms.min(spoke.span.end_ms));
        if span.length_ms() >= SHORTEST_MS {
            found.push(Interruption {
                by: who.role,
                span,
                into_turn_ms: span.start_ms - turn_starts[index],
                yielded: spoke.span.end_ms < came_in.span.end_ms,
                backchannel: is_attention(came_in, spoke, span, who, spoken),
            });
        }
    }
    found
}

/// For each stretch of `speaker`, where the turn began that it belongs to: pauses under 2 s in which `other` is silent do not end it.
fn turn_starts(speaker: &Channel<'_>, other: &Channel<'_>) -> Vec<i64> {
    let mut starts: Vec<i64> = Vec::with_capacity(speaker.stretches.len());
    let mut end_ms = None;
    for stretch in speaker.stretches {
        let pause = end_ms.map(|end_ms| Span::new(end_ms, stretch.span.start_ms));
        let goes_on = pause.is_some_and(|pause| pause.length_ms() < TURN_PAUSE_MS && other.speech_ms(pause) == 0);
        let start_ms = starts.last().copied().filter(|_| goes_on).unwrap_or(stretch.span.start_ms);
        starts.push(start_ms);
        end_ms = Some(stretch.span.end_ms);
    }
    starts
}

/// Whether who came in only showed attention: by the words said there, else by how short it was.
fn is_attention(came_in: &Stretch, spoke: &Stretch, overlap: Span, who: &Channel<'_>, spoken: &[Spoken<'_>]) -> bool {
    let during = |span: Span| {
        let before_end = spoken.partition_point(|one| one.span().start_ms < span.end_ms);
        let mut words = spoken[..before_end]
            .iter()
            .filter(|one| one.voice.role == who.role && one.span().overlap_ms(span) > 0)
            .filter(|one| one.utterance.text.chars().any(char::is_alphanumeric))
            .peekable();
        words.peek().is_some().then(|| words.all(|one| is_backchannel(&one.utterance.text)))
    };
    let short = came_in.span.length_ms() < BACKCHANNEL_MS && came_in.span.end_ms < spoke.span.end_ms;
    during(overlap).or_else(|| during(came_in.span)).unwrap_or(short)
}
