//! How high a voice is: the lag at which a frame repeats itself, and a path through its frames.

use super::spectrum::LAGS;

/// Lowest and highest pitch that is looked for, Hz.
const LOWEST_HZ: f32 = 75.0;
const HIGHEST_HZ: f32 = 500.0;

/// Rate at which lags count, Hz.
const RATE_HZ: f32 = 8_000.0;

/// What an octave down costs, so that of a period and its double the shorter is taken
/// (Boersma 1993 has 0.01 per octave).
const OCTAVE_COST: f32 = 0.03;

/// How much a frame must repeat itself to count as voiced, in hundredths.
const VOICED: u8 = 50;

/// The best period of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Candidate {
    /// Its frequency in 1/100 Hz; 0 where no lag stands out.
    pub centi_hz: u16,
    /// Autocorrelation at its lag, in hundredths.
    pub strength: u8,
}

/// The best period that the autocorrelation by lag shows.
pub(super) fn candidate(autocorrelation: &[f32]) -> Candidate {
    let shortest = (RATE_HZ / HIGHEST_HZ) as usize;
    let longest = ((RATE_HZ / LOWEST_HZ).ceil() as usize).min(LAGS - 2);
    let mut best = (f32::NEG_INFINITY, 0.0, 0.0);
    for lag in shortest..=longest {
        let [before, here, after] = [autocorrelation[lag - 1], autocorrelation[lag], autocorrelation[lag + 1]];
        if here < 0.2 || here < before || here <= after {
            continue;
        }
        let (offset, height) = vertex(before, here, after);
        let period = lag as f32 + offset;
        let score = height - OCTAVE_COST * (period / shortest as f32).log2();
        if score > best.0 {
            best = (score, period, height);
        }
    }
    let (_, period, height) = best;
    if period == 0.0 {
        return Candidate::default();
    }
    let hz = (RATE_HZ / period).clamp(LOWEST_HZ, HIGHEST_HZ);
    Candidate { centi_hz: (hz * 100.0).round() as u16, strength: (height * 100.0).clamp(0.0, 100.0).round() as u8 }
}

/// Offset and height of the vertex of the parabola through three points one apart, the middle one
/// the highest.
fn vertex(before: f32, here: f32, after: f32) -> (f32, f32) {
    let curvature = before - 2.0 * here + after;
    if curvature >= 0.0 {
        return (0.0, here);
    }
    let offset = 0.5 * (before - after) / curvature;
    (offset, here - 0.25 * (before - after) * offset)
}

/// The pitch of each frame of a run, in 1/100 Hz, 0 where it is not voiced.
///
/// A frame counts where it repeats itself well enough and lies within a third of an octave of the
/// median of its voiced neighbours, which leaves octave errors and stray frames out.
pub(super) fn path(candidates: impl Iterator<Item = Candidate>, path: &mut Vec<u16>) {
    path.clear();
    path.extend(candidates.map(|candidate| if candidate.strength >= VOICED { candidate.centi_hz } else { 0 }));
    let mut around = [0; 2 * REACH + 1];
    let raw = path.clone();
    for (n, pitch) in path.iter_mut().enumerate().filter(|(_, pitch)| **pitch > 0) {
        let neighbours = &raw[n.saturating_sub(REACH)..raw.len().min(n + REACH + 1)];
        let mut count = 0;
        for &neighbour in neighbours.iter().filter(|&&neighbour| neighbour > 0) {
            around[count] = neighbour;
            count += 1;
        }
        around[..count].sort_unstable();
        let ratio = f32::from(*pitch) / f32::from(around[count / 2]);
        if count < LEAST_VOICED || !(1.0 / STRAY..=STRAY).contains(&ratio) {
            *pitch = 0;
        }
    }
}

/// The value at `percent` of the sorted pitches; nearest rank.
pub(super) fn percentile(sorted: &[u16], percent: usize) -> Option<crate::units::Hz> {
    let rank = sorted.len().checked_sub(1)? * percent;
    Some(crate::units::Hz(f32::from(sorted[(rank + 50) / 100]) / 100.0))
}

/// Frames to each side whose median a pitch must be near.
const REACH: usize = 4;

/// Voiced frames that the neighbourhood must have, the frame itself counted.
const LEAST_VOICED: usize = 3;

/// A third of an octave.
const STRAY: f32 = 1.26;
