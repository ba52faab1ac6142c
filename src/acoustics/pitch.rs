//! How high a voice is: the lags at which a frame repeats itself, and the best path through its frames.

use super::decibels::{half_decibels, log2};
use super::frame::Frame;
use super::spectrum::LAGS;

/// Lowest and highest pitch that is looked for, Hz.
const LOWEST_HZ: f32 = 75.0;
const HIGHEST_HZ: f32 = 500.0;

/// Rate at which lags count, Hz.
const RATE_HZ: f32 = 8_000.0;

/// What an octave down costs, so that of a period and its double the shorter is taken
/// (Boersma 1993 has 0.01 per octave).
const OCTAVE_COST: f32 = 0.015;

/// The least autocorrelation of the compressed spectrum that makes a candidate.
const LEAST: f32 = 0.15;

/// The two best periods of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Candidate {
    /// The better one's frequency in 1/100 Hz; 0 where no lag stands out.
    pub centi_hz: u16,
    /// The other's; 0 where there is no other.
    pub rival_centi_hz: u16,
    /// How much the frame repeats itself after the better period, in hundredths.
    pub strength: u8,
    /// And after the other.
    pub rival_strength: u8,
}

/// The best periods that the autocorrelation by lag shows, where `lean` puts its peaks right
/// ([`super::spectrum::Spectrum::autocorrelation`] gives both).
#[inline(always)]
pub(super) fn candidate(autocorrelation: &[f32; LAGS], lean: &[f32; LAGS]) -> Candidate {
    let (mut best, mut rival) = (Peak::NONE, Peak::NONE);
    for lag in SHORTEST..=LONGEST {
        let [before, here, after] = [autocorrelation[lag - 1], autocorrelation[lag], autocorrelation[lag + 1]];
        if here < LEAST || here < before || here <= after {
            continue;
        }
        let (_, height) = vertex(before, here, after);
        let (offset, _) = vertex(before * lean[lag - 1], here * lean[lag], after * lean[lag + 1]);
        let peak = Peak::new(lag as f32 + offset.clamp(-1.0, 1.0), height);
        if peak.score > best.score {
            (best, rival) = (peak, best);
        } else if peak.score > rival.score {
            rival = peak;
        }
    }
    Candidate {
        centi_hz: best.centi_hz(),
        rival_centi_hz: rival.centi_hz(),
        strength: best.strength(),
        rival_strength: rival.strength(),
    }
}

const SHORTEST: usize = (RATE_HZ / HIGHEST_HZ) as usize;
const LONGEST: usize = LAGS - 4;

/// A lag that stands out.
#[derive(Clone, Copy)]
struct Peak {
    period: f32,
    height: f32,
    score: f32,
}

impl Peak {
    const NONE: Self = Self { period: 0.0, height: 0.0, score: f32::NEG_INFINITY };

    #[inline(always)]
    fn new(period: f32, height: f32) -> Self {
        // What is left of a lower height is squared: so strong and weak are as far apart as they are without
        // the compression.
        let height = 1.0 - (1.0 - height.min(1.0)).powi(2);
        Self { period, height, score: height - OCTAVE_COST * log2(period) }
    }

    #[inline(always)]
    fn centi_hz(self) -> u16 {
        if self.period > 0.0 { ((RATE_HZ / self.period).clamp(LOWEST_HZ, HIGHEST_HZ) * 100.0 + 0.5) as u16 } else { 0 }
    }

    #[inline(always)]
    fn strength(self) -> u8 {
        (self.height * 100.0 + 0.5) as u8
    }
}

/// Offset and height of the vertex of the parabola through three points one apart, the middle one
/// the highest.
#[inline(always)]
fn vertex(before: f32, here: f32, after: f32) -> (f32, f32) {
    let curvature = before - 2.0 * here + after;
    if curvature >= 0.0 {
        return (0.0, here);
    }
    let offset = 0.5 * (before - after) / curvature;
    (offset, here - 0.25 * (before - after) * offset)
}

/// Finds the pitch of runs of frames, in buffers of its own.
///
/// Of all ways to take one of its two candidates or none in each frame, the one with the highest sum of
/// strengths less what jumps cost (Viterbi; Boersma 1993 has the costs). A second look at runs whose
/// pitch strays costs what is far from the run's median, which is what octave errors are.
#[derive(Default)]
pub(super) struct Tracker {
    /// For each frame, how much none of its candidates is worth.
    unvoiced: Vec<f32>,
    /// Where the best path to each of the three states of a frame comes from, two bits each.
    origins: Vec<u8>,
    sorted: Vec<u16>,
}

impl Tracker {
    /// The pitch of each frame of a run in 1/100 Hz, 0 where it is not voiced.
    pub(super) fn path(&mut self, run: &[Frame], path: &mut Vec<u16>) {
        self.weigh_silence(run);
        self.best_path(run, None, path);
        self.sorted.clear();
        self.sorted.extend(path.iter().filter(|&&centi_hz| centi_hz > 0));
        if self.sorted.len() < ENOUGH {
            return;
        }
        self.sorted.sort_unstable();
        let median = log2(f32::from(self.sorted[self.sorted.len() / 2]));
        let ends = [self.sorted[0], self.sorted[self.sorted.len() - 1]];
        if ends.iter().any(|&end| (log2(f32::from(end)) - median).abs() > USUAL_OCTAVES) {
            self.best_path(run, Some(median), path);
        }
    }

    /// Frames much softer than the loud ones of the run are less likely voiced.
    fn weigh_silence(&mut self, run: &[Frame]) {
        let level = |frame: &Frame| half_decibels(frame.mean_square);
        let mut counts = [0_usize; 256];
        run.iter().for_each(|frame| counts[usize::from(level(frame))] += 1);
        let mut louder = run.len() / LOUD_SHARE;
        let loud = counts.iter().rposition(|&count| {
            let found = count > louder;
            louder = louder.saturating_sub(count);
            found
        });
        let soft = loud.unwrap_or(0) as f32 - SOFTER_HALF_DB;
        self.unvoiced.clear();
        self.unvoiced
            .extend(run.iter().map(|frame| VOICED + (soft - f32::from(level(frame))).max(0.0) * SOFT_COST_PER_HALF_DB));
    }

    fn best_path(&mut self, run: &[Frame], median: Option<f32>, path: &mut Vec<u16>) {
        self.origins.clear();
        let mut before: Option<[State; 3]> = None;
        for (frame, &unvoiced) in run.iter().zip(&self.unvoiced) {
            let mut here = states(frame, unvoiced, median);
            let mut origins = 0;
            for (n, state) in here.iter_mut().enumerate() {
                if let Some(before) = &before {
                    let (origin, sum) = state.best_origin(before);
                    state.score += sum;
                    origins |= origin << (2 * n);
                }
            }
            self.origins.push(origins);
            // Relative to the best, so that sums stay small over any length.
            let best = here.iter().map(|state| state.score).fold(IMPOSSIBLE, f32::max);
            here.iter_mut().for_each(|state| state.score -= best);
            before = Some(here);
        }
        path.clear();
        path.resize(run.len(), 0);
        let Some(last) = before else { return };
        let mut state = (0..3).fold(0, |best, n| if last[n].score > last[best].score { n } else { best });
        for (n, frame) in run.iter().enumerate().rev() {
            path[n] = [frame.candidate.centi_hz, frame.candidate.rival_centi_hz, 0][state];
            state = usize::from(self.origins[n] >> (2 * state) & 3);
        }
    }
}

/// A candidate, or none, and the best path that ends there.
#[derive(Clone, Copy)]
struct State {
    /// Octaves over 1/100 Hz; none where unvoiced.
    octaves: Option<f32>,
    score: f32,
}

impl State {
    /// Which of the states before is best to come from, and the score of the path so far.
    fn best_origin(&self, before: &[Self; 3]) -> (u8, f32) {
        let mut best = (0, f32::NEG_INFINITY);
        for (n, origin) in (0..).zip(before) {
            let cost = match (origin.octaves, self.octaves) {
                (Some(there), Some(here)) => JUMP_COST_PER_OCTAVE * (there - here).abs(),
                (None, None) => 0.0,
                _ => VOICING_COST,
            };
            if origin.score - cost > best.1 {
                best = (n, origin.score - cost);
            }
        }
        best
    }
}

fn states(frame: &Frame, unvoiced: f32, median: Option<f32>) -> [State; 3] {
    let Candidate { centi_hz, rival_centi_hz, strength, rival_strength } = frame.candidate;
    let voiced = |centi_hz: u16, strength: u8| {
        let octaves = log2(f32::from(centi_hz));
        let strange = median.map_or(0.0, |median| ((octaves - median).abs() - USUAL_OCTAVES).max(0.0));
        let score =
            f32::from(strength) / 100.0 + OCTAVE_COST * (octaves - MIDDLE_OCTAVES) - STRANGE_COST_PER_OCTAVE * strange;
        State { octaves: Some(octaves), score: if centi_hz > 0 { score } else { IMPOSSIBLE } }
    };
    [voiced(centi_hz, strength), voiced(rival_centi_hz, rival_strength), State { octaves: None, score: unvoiced }]
}

/// How much a frame must repeat itself to count as voiced, where its neighbours leave it open.
const VOICED: f32 = 0.6;

/// A run's loud level is that which one frame in this many exceeds.
const LOUD_SHARE: usize = 20;

/// How much softer than loud a frame may be, half decibels, and what more of it costs.
const SOFTER_HALF_DB: f32 = 50.0;
const SOFT_COST_PER_HALF_DB: f32 = 0.05;

/// What a step in pitch costs, and a step between voiced and unvoiced (Boersma 1993: 0.35 and 0.14, at 10 ms).
const JUMP_COST_PER_OCTAVE: f32 = 0.4;
const VOICING_COST: f32 = 0.15;

/// How far from its median a run's pitch may be, and what more of it costs.
const USUAL_OCTAVES: f32 = 0.3;
const STRANGE_COST_PER_OCTAVE: f32 = 0.1;

/// Voiced frames that make a median: 200 ms.
const ENOUGH: usize = 20;

/// 150 Hz.
const MIDDLE_OCTAVES: f32 = 13.87;

/// Less than any path can have.
const IMPOSSIBLE: f32 = -1e9;

/// The value at `percent` of the sorted pitches; nearest rank.
pub(super) fn percentile(sorted: &[u16], percent: usize) -> Option<crate::units::Hz> {
    let rank = sorted.len().checked_sub(1)? * percent;
    Some(crate::units::Hz(f32::from(sorted[(rank + 50) / 100]) / 100.0))
}
