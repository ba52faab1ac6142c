//! How angry utterances and sides sound, by themselves and against the same speaker's usual.

use super::speech::{Channel, Speech};
use super::spoken::Spoken;
use super::weighted::{mean, quantile};
use crate::acoustics::Anger;
use crate::units::{Role, Span};

/// The anger of every utterance and of both sides, not yet rounded.
pub(super) struct Angers {
    /// One entry an utterance.
    pub(super) turns: Vec<TurnAnger>,
    /// The agent's, 0 to 1.
    pub(super) agent: Option<f64>,
    /// The customer's, 0 to 1.
    pub(super) customer: Option<f64>,
}

/// How angry an utterance sounds.
#[derive(Clone, Debug, Default)]
pub(super) struct TurnAnger {
    /// Overlap-weighted mean over its stretches, 0 to 1.
    pub(super) probability: Option<f64>,
    /// Over the same speaker's usual, -1 to 1.
    pub(super) over_usual: Option<f64>,
    /// What moved that of the stretch with the longest part in it most.
    pub(super) features: Vec<String>,
}

/// Whether nothing may be inferred of the emotion of `role`: it is switched off for it, or the voice may be one of those for
/// which it is.
pub(super) fn is_off(role: Role, off: &[Role]) -> bool {
    off.contains(&role) || (role == Role::Unknown && !off.is_empty())
}

/// Whether anything is inferred of the emotion of who speaks on `side`, and is `role` there. A machine has none; who talks on a side in
/// place of the agent or the customer may work for the house too.
pub(super) fn is_told(role: Role, side: Role, off: &[Role]) -> bool {
    let is_colleague = role == Role::Third && role != side && !off.is_empty();
    role != Role::Bot && !is_off(role, off) && !is_off(side, off) && !is_colleague
}

/// Returns the anger by sound, with that of roles in `off` left out. Whom an utterance is held against is as in
/// [`super::levels::levels`].
pub(super) fn angers(spoken: &[Spoken<'_>], speech: Option<&Speech<'_>>, off: &[Role]) -> Angers {
    let mut turns: Vec<TurnAnger> = spoken.iter().map(|one| turn(one, speech, off)).collect();
    let sides = Role::ALL.map(|role| side(role, spoken, &turns, speech, off));
    let by_channel: Vec<Option<f64>> = speech.into_iter().flat_map(|it| &it.channels).map(usual_of).collect();
    for (turn, one) in turns.iter_mut().zip(spoken) {
        let own_channel = one.voice.heard_on.filter(|_| by_channel.len() > 1 && one.voice.is_own());
        let usual = match own_channel {
            Some(channel) => by_channel.get(usize::from(channel)).copied().flatten(),
            None if one.voice.role == Role::Unknown => None,
            None => sides[one.voice.role as usize].usual,
        };
        turn.over_usual = turn.probability.zip(usual).map(|(probability, usual)| probability - usual);
    }
    Angers { turns, agent: sides[Role::Agent as usize].overall, customer: sides[Role::Customer as usize].overall }
}

/// A side's anger over the whole call.
#[derive(Clone, Copy, Default)]
struct Side {
    overall: Option<f64>,
    /// Duration-weighted median.
    usual: Option<f64>,
}

fn turn(one: &Spoken<'_>, speech: Option<&Speech<'_>>, off: &[Role]) -> TurnAnger {
    let channel = one.voice.heard_on.filter(|_| is_told(one.voice.role, one.voice.side, off));
    let Some(channel) = channel.and_then(|channel| speech?.channel(channel)) else { return TurnAnger::default() };
    let scored = || angry_within(channel, one.span());
    let longest = scored().max_by_key(|&(_, ms)| ms);
    TurnAnger {
        probability: mean(scored().map(|(anger, ms)| (f64::from(anger.probability), ms))),
        over_usual: None,
        features: longest.iter().flat_map(|(anger, _)| anger.moved_by).map(|moved| moved.feature.to_owned()).collect(),
    }
}

fn angry_within<'a>(channel: &'a Channel<'_>, span: Span) -> impl Iterator<Item = (&'a Anger, i64)> {
    channel.within(span).filter_map(|(stretch, ms)| Some((stretch.anger.as_ref()?, ms)))
}

/// The anger of `role`: by its channel where it has one, else by its utterances.
fn side(role: Role, spoken: &[Spoken<'_>], turns: &[TurnAnger], speech: Option<&Speech<'_>>, off: &[Role]) -> Side {
    if is_off(role, off) {
        return Side::default();
    }
    let channels = speech.map(|speech| speech.channels.as_slice()).unwrap_or_default();
    if let Some(channel) = channels.iter().find(|channel| channel.role == role && channels.len() == 2) {
        let of_all = || channel.anger.map(|anger| f64::from(anger.probability));
        let overall = if channel.is_own() { of_all() } else { mean(scored_of(channel)) };
        return Side { overall, usual: usual_of(channel) };
    }
    let own = spoken.iter().zip(turns).filter(|(one, _)| one.voice.role == role);
    let scored: Vec<(f64, i64)> = own.filter_map(|(one, turn)| Some((turn.probability?, one.speech_ms))).collect();
    Side { overall: mean(scored.iter().copied()), usual: quantile(&scored, 0.5) }
}

fn usual_of(channel: &Channel<'_>) -> Option<f64> {
    quantile(&scored_of(channel).collect::<Vec<_>>(), 0.5)
}

/// The anger of the stretches in which the one speaks whose channel it is, with their lengths.
fn scored_of(channel: &Channel<'_>) -> impl Iterator<Item = (f64, i64)> {
    channel.own().filter_map(|it| Some((f64::from(it.anger?.probability), it.span.length_ms())))
}
