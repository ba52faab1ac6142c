//! How loud and how high utterances and speakers are.

use super::speech::{Channel, Speech};
use super::spoken::Spoken;
use super::weighted::{mean, quantile};
use crate::units::{Role, Span};

/// The levels of every utterance and of both sides, not yet rounded.
pub(super) struct Levels {
    /// One entry an utterance.
    pub(super) turns: Vec<TurnLevel>,
    /// The agent's.
    pub(super) agent: SideLevel,
    /// The customer's.
    pub(super) customer: SideLevel,
}

/// How loud and how high an utterance is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TurnLevel {
    /// Overlap-weighted mean over its stretches, dBFS.
    pub(super) loudness_dbfs: Option<f64>,
    /// Over the same speaker's usual, dB.
    pub(super) over_usual_db: Option<f64>,
    /// Overlap-weighted mean over its voiced stretches, Hz.
    pub(super) pitch_hz: Option<f64>,
}

/// How loud and how high a speaker is over the call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SideLevel {
    /// Duration-weighted median, dBFS.
    pub(super) usual_dbfs: Option<f64>,
    /// Loudest less softest decile, dB.
    pub(super) range_db: Option<f64>,
    /// Median pitch, Hz.
    pub(super) pitch_hz: Option<f64>,
    /// 10th and 90th percentile of pitch, Hz.
    pub(super) pitch_range_hz: Option<(f64, f64)>,
}

/// Returns the levels. A speaker with a channel of its own is held against the channel's stretches, others against the
/// utterances of the same role; nobody's usual is known where roles are not.
pub(super) fn levels(spoken: &[Spoken<'_>], speech: Option<&Speech<'_>>) -> Levels {
    let mut turns: Vec<TurnLevel> = spoken.iter().map(|one| turn_level(one, speech)).collect();
    let by_role = |role| side_of_role(role, spoken, &turns, speech);
    let sides = Role::ALL.map(by_role);
    let by_channel: Vec<SideLevel> = speech.into_iter().flat_map(|it| &it.channels).map(side_of_channel).collect();
    for (turn, one) in turns.iter_mut().zip(spoken) {
        let own_channel = one.voice.heard_on.filter(|_| by_channel.len() > 1 && one.voice.is_own());
        let usual_dbfs = match own_channel {
            Some(channel) => by_channel.get(usize::from(channel)).and_then(|side| side.usual_dbfs),
            None if one.voice.role == Role::Unknown => None,
            None => sides[one.voice.role as usize].usual_dbfs,
        };
        turn.over_usual_db = turn.loudness_dbfs.zip(usual_dbfs).map(|(loudness, usual)| loudness - usual);
    }
    Levels { turns, agent: sides[Role::Agent as usize], customer: sides[Role::Customer as usize] }
}

fn turn_level(one: &Spoken<'_>, speech: Option<&Speech<'_>>) -> TurnLevel {
    let Some(channel) = one.voice.heard_on.and_then(|channel| speech?.channel(channel)) else {
        return TurnLevel::default();
    };
    let (loudness_dbfs, pitch_hz) = means(channel, one.span());
    TurnLevel { loudness_dbfs, over_usual_db: None, pitch_hz }
}

/// Overlap-weighted means of loudness and pitch over the stretches within `span`.
fn means(channel: &Channel<'_>, span: Span) -> (Option<f64>, Option<f64>) {
    let loudness = channel.within(span).map(|(stretch, ms)| (f64::from(stretch.loudness_dbfs.0), ms));
    let pitch = channel.within(span).filter_map(|(stretch, ms)| Some((f64::from(stretch.pitch?.0), ms)));
    (mean(loudness), mean(pitch))
}

/// The level of `role`: by its channel where it has one, else by its utterances.
fn side_of_role(role: Role, spoken: &[Spoken<'_>], turns: &[TurnLevel], speech: Option<&Speech<'_>>) -> SideLevel {
    let channels = speech.map(|speech| speech.channels.as_slice()).unwrap_or_default();
    if let Some(channel) = channels.iter().find(|channel| channel.role == role && channels.len() == 2) {
        return side_of_channel(channel);
    }
    let own = || spoken.iter().zip(turns).filter(|(one, _)| one.voice.role == role);
    let loudness: Vec<(f64, i64)> =
        own().filter_map(|(one, turn)| Some((turn.loudness_dbfs?, one.speech_ms))).collect();
    let pitch: Vec<(f64, i64)> = own().filter_map(|(one, turn)| Some((turn.pitch_hz?, one.speech_ms))).collect();
    SideLevel { pitch_hz: quantile(&pitch, 0.5), ..loudness_of(&loudness) }
}

fn side_of_channel(channel: &Channel<'_>) -> SideLevel {
    let weighted = |it: &crate::acoustics::Stretch| (f64::from(it.loudness_dbfs.0), it.span.length_ms());
    let loudness: Vec<(f64, i64)> = channel.own().map(weighted).collect();
    if !channel.is_own() {
        // The channel's pitch is that of all who speak on it; the side's own is that of its stretches.
        let pitch: Vec<(f64, i64)> =
            channel.own().filter_map(|it| Some((f64::from(it.pitch?.0), it.span.length_ms()))).collect();
        return SideLevel { pitch_hz: quantile(&pitch, 0.5), ..loudness_of(&loudness) };
    }
    SideLevel {
        pitch_hz: channel.pitch.map(|pitch| f64::from(pitch.median.0)),
        pitch_range_hz: channel.pitch.map(|pitch| (f64::from(pitch.low.0), f64::from(pitch.high.0))),
        ..loudness_of(&loudness)
    }
}

fn loudness_of(weighted: &[(f64, i64)]) -> SideLevel {
    let range = quantile(weighted, 0.9).zip(quantile(weighted, 0.1));
    SideLevel {
        usual_dbfs: quantile(weighted, 0.5),
        range_db: range.map(|(loud, soft)| loud - soft),
        ..SideLevel::default()
    }
}
