//! Silences, and who should have spoken.

use super::speech::Speech;
use super::spoken::Spoken;
use super::voices::Voices;
use crate::facts::Silence;
use crate::units::{Role, Span};

/// The shortest silence that is kept, ms.
const SHORTEST_MS: i64 = 3_000;

/// What an utterance that asks ends with, punctuation aside.
const ASKING: [&str; 5] = ["?", "？", "吗", "呢", "么"];

/// Returns the silences of 3 s and more in which no channel has speech, by start. What comes before the first word
/// (ringing) and after the last (the line before it is hung up) is no silence of anybody. Whose a silence is:
///
/// - between two speakers, the second's, who took so long to answer;
/// - where one speaker goes on, the agent's; but the customer's after the agent asked;
/// - nobody's (`Unknown`) where roles are not known, and between a machine or a colleague and the agent.
pub(super) fn silences(speech: &Speech<'_>, spoken: &[Spoken<'_>], voices: &Voices) -> Vec<Silence> {
    let talk = Talk::of(speech, spoken);
    gaps(speech)
        .into_iter()
        .filter(|gap| gap.length_ms() >= SHORTEST_MS)
        .map(|gap| {
            let of = if voices.known() { owner(gap, &talk, spoken) } else { Role::Unknown };
            Silence { span: gap, of }
        })
        .collect()
}

/// The spans without speech on any channel, between the first speech and the last.
fn gaps(speech: &Speech<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> =
        speech.channels.iter().flat_map(|channel| channel.stretches).map(|stretch| stretch.span).collect();
    spans.sort_unstable();
    let mut gaps = Vec::new();
    let mut end_ms = spans.first().map_or(0, |first| first.end_ms);
    for span in spans {
        gaps.push(Span::new(end_ms, span.start_ms));
        end_ms = end_ms.max(span.end_ms);
    }
    gaps
}

/// Who spoke when, by start.
struct Talk {
    spans: Vec<(Span, Role)>,
    /// For each of `spans`, which of it and those before ends last.
    latest: Vec<usize>,
}

impl Talk {
    /// From the channels where each side has its own, else from the transcript.
    fn of(speech: &Speech<'_>, spoken: &[Spoken<'_>]) -> Self {
        let mut spans: Vec<(Span, Role)> = match speech.channels.as_slice() {
            [] | [_] => spoken.iter().map(|one| (one.span(), one.voice.role)).collect(),
            channels => {
                channels.iter().flat_map(|it| it.stretches.iter().map(|one| one.span).zip(it.speakers())).collect()
            }
        };
        spans.sort_unstable();
        let mut latest: Vec<usize> = Vec::with_capacity(spans.len());
        for index in 0..spans.len() {
            let before = latest.last().copied().filter(|&before| spans[before].0.end_ms > spans[index].0.end_ms);
            latest.push(before.unwrap_or(index));
        }
        Self { spans, latest }
    }
}

fn owner(gap: Span, talk: &Talk, spoken: &[Spoken<'_>]) -> Role {
    // Utterances' edges are not the sound's, so an utterance belongs to the side of the gap on which its middle lies.
    let is_before = |(span, _): &(Span, Role)| span.start_ms + span.end_ms.min(gap.end_ms) < gap.start_ms + gap.end_ms;
    let next = talk.spans.partition_point(is_before);
    let Some(last) = next.checked_sub(1).map(|index| talk.latest[index]) else { return Role::Unknown };
    let (before_span, before) = talk.spans[last];
    if before_span.end_ms >= gap.end_ms {
        return resumed(before, gap, spoken);
    }
    let first_ms = talk.spans.get(next).map(|(span, _)| span.start_ms);
    let mut after =
        talk.spans[next..].iter().take_while(|(span, _)| Some(span.start_ms) == first_ms).map(|&(_, it)| it);
    match after.clone().find(|&role| role != before).or_else(|| after.next()) {
        Some(after) if after == before => resumed(before, gap, spoken),
        // Whoever waits there waits for the line, not for an answer.
        Some(Role::Agent) if matches!(before, Role::Bot | Role::Third) => Role::Unknown,
        Some(Role::Bot | Role::Third) if before == Role::Agent => Role::Unknown,
        Some(after) => after,
        None => Role::Unknown,
    }
}

/// Whose the silence is after which the same speaker goes on.
fn resumed(speaker: Role, gap: Span, spoken: &[Spoken<'_>]) -> Role {
    match speaker {
        Role::Agent if asked(gap, spoken) => Role::Customer,
        Role::Agent | Role::Customer => Role::Agent,
        Role::Bot | Role::Third | Role::Unknown => Role::Unknown,
    }
}

/// Whether the agent's last utterance before `gap` ends as a question.
fn asked(gap: Span, spoken: &[Spoken<'_>]) -> bool {
    let before = spoken.partition_point(|one| one.span().start_ms < gap.start_ms);
    let last = spoken[..before].iter().rev().find(|one| one.voice.role == Role::Agent);
    last.is_some_and(|one| {
        let text = one.utterance.text.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '?' | '？'));
        ASKING.iter().any(|ending| text.ends_with(ending))
    })
}
