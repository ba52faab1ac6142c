//! Comfort noise between talk (TS 26.092; `dtx_dec`).

use super::arithmetic::{
    Headroom, energy, left, left_32, less_product, plus_product, product, quotient, right_rounded, rounded, times,
    upper,
};
use super::excitation::Sub;
use super::filters::{Coefficients, ORDER, synthesised};
use super::logarithm::{log2, pow2};
use super::parameters::Parameters;
use super::post::Frame;
use super::spectrum::{Lines, filter_of, keep_apart, lines_of, pairs_of, pairs_of_silence};
use codec_core::codecs::amr::nb::decoder_tables::{LSP_INIT, MEAN_LSF_3};

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Speech.
    Speech,
    /// Speech that the network marks as damaged.
    SpeechBad,
    /// The start of silence.
    SilenceFirst,
    /// A description of silence.
    SilenceUpdate,
    /// A damaged description.
    SilenceBad,
    /// Nothing: silence goes on, or a frame is lost.
    Nothing,
}

/// What is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Speech,
    Noise,
    /// Noise that fades, as no description came for a second.
    Fading,
}

/// Frames that are looked back on.
const PAST: usize = 8;

/// A frame of noise: the sound, the filter, the lines.
pub(super) struct Heard {
    pub(super) frame: Frame,
    pub(super) filter: Coefficients,
    pub(super) lines: Lines,
}

/// What is remembered (`dtx_decState`).
pub(super) struct Noise {
    pub(super) state: State,
    /// Frames since the last description, and one over how many there are between two.
    since: i16,
    per_frame: i16,
    /// Logarithms of the level and pairs: as described, and as described before.
    pub(super) level: i16,
    level_before: i16,
    pairs: Lines,
    pairs_before: Lines,
    seed: i32,
    /// Of the last frames of speech; the latest are at `latest`.
    past_lines: [Lines; PAST],
    past_levels: [i16; PAST],
    latest: usize,
    deviations: [Lines; PAST],
    mean_gain: i16,
    correction: i16,
    hangover: i16,
    elapsed: i16,
    has_hangover: bool,
    is_description: bool,
    is_valid: bool,
    was_described: bool,
}

/// Frames of speech at the end of talk that describe the noise.
const HANGOVER: i16 = 7;

/// What is taken off the level, by rate.
const CORRECTIONS: [i16; 9] = [-1_023, -878, -732, -586, -440, -294, -148, 0, 0];

impl Noise {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Noise,
            since: 0,
            per_frame: 1 << 13,
            level: 3_500,
            level_before: 3_500,
            pairs: LSP_INIT,
            pairs_before: LSP_INIT,
            seed: 0x7081_6958,
            past_lines: [MEAN_LSF_3; PAST],
            past_levels: [3_500; PAST],
            latest: 0,
            deviations: [[0; ORDER]; PAST],
            mean_gain: 0,
            correction: 0,
            hangover: HANGOVER,
            elapsed: i16::MAX,
            has_hangover: false,
            is_description: false,
            is_valid: false,
            was_described: false,
        }
    }

    /// What a frame turns the sound to (`rx_dtx_handler`).
    pub(super) fn receive(&mut self, received: Received) -> State {
        use Received::{Nothing, SilenceBad, SilenceFirst, SilenceUpdate, SpeechBad};
        let state = self.next_state(received);
        if !self.was_described && received == SilenceUpdate {
            self.elapsed = 0;
        }
        self.elapsed = self.elapsed.saturating_add(1);
        self.has_hangover = false;
        let is_talk = matches!(received, Received::Speech | SpeechBad) || received == Nothing && state == State::Speech;
        if is_talk {
            self.hangover = HANGOVER;
        } else if self.elapsed > 24 + HANGOVER - 1 {
            (self.has_hangover, self.elapsed, self.hangover) = (true, 0, 0);
        } else if self.hangover == 0 {
            self.elapsed = 0;
        } else {
            self.hangover -= 1;
        }
        if state != State::Speech {
            self.is_description = matches!(received, SilenceFirst | SilenceUpdate | SilenceBad);
            self.is_valid = received == SilenceUpdate;
            self.has_hangover &= received != SilenceBad;
        }
        state
    }

    fn next_state(&mut self, received: Received) -> State {
        use Received::{Nothing, SilenceBad, SilenceFirst, SilenceUpdate, SpeechBad};
        let is_silence = matches!(received, SilenceFirst | SilenceUpdate | SilenceBad);
        let goes_on = self.state != State::Speech && matches!(received, Nothing | SpeechBad);
        if !is_silence && !goes_on {
            self.since = 0;
            return State::Speech;
        }
        self.since = self.since.saturating_add(1);
        let still_fades = self.state == State::Fading && matches!(received, SilenceBad | SilenceFirst | Nothing);
        if still_fades || received != SilenceUpdate && self.since > 50 { State::Fading } else { State::Noise }
    }

    /// Learns from a frame of speech (`dtx_dec_activity_update`).
    pub(super) fn learn(&mut self, lines: &Lines, frame: &Frame) {
        self.latest = (self.latest + 1) % PAST;
        self.past_lines[self.latest] = *lines;
        let (exponent, fraction) = log2(energy(frame));
        self.past_levels[self.latest] = left(exponent, 10).saturating_add(fraction >> 5).saturating_sub(8_521);
    }

    /// Takes in what describes the silence, before any noise of this frame.
    pub(super) fn describe(&mut self, mode: u8, parameters: &mut Parameters) -> bool {
        let correction = CORRECTIONS[usize::from(mode)];
        if self.has_hangover && self.is_description {
            self.look_back(correction);
        }
        if self.is_description {
            (self.pairs_before, self.level_before) = (self.pairs, self.level);
            if self.is_valid {
                self.read(parameters);
            }
        }
        let fresh = times(left(correction, 5), 3_277) >> 5;
        self.correction = times(self.correction, 29_491).saturating_add(fresh);
        self.is_description
    }

    /// A frame of noise (`dtx_dec`).
    pub(super) fn hear(&mut self, state: State, memory: &mut [i16; ORDER]) -> Heard {
        let (pairs, level) = self.between();
        let (lines, deviating) = self.deviate(&pairs);
        let [filter, deviating] = [lines, deviating].map(|lines| filter_of(&pairs_of(&lines)));
        let loudness = self.loudness(&filter, level);
        let mut frame = [0; 160];
        for sub in frame.as_chunks_mut::<40>().0 {
            let pulses = self.pulses().map(|pulse| times(loudness, pulse));
            synthesised(&deviating, &pulses, memory, sub);
            *memory = *sub.last_chunk().expect("40 samples");
        }
        if state == State::Fading {
            self.fade();
        }
        if self.is_description && (self.is_valid || self.has_hangover) {
            self.since = 0;
            self.was_described = true;
        }
        Heard { frame, filter, lines }
    }

    /// Takes the last frames of speech for the noise.
    fn look_back(&mut self, correction: i16) {
        self.correction = correction;
        let next = (self.latest + 1) % PAST;
        self.past_lines[next] = self.past_lines[self.latest];
        self.past_levels[next] = self.past_levels[self.latest];
        let level = self.past_levels.iter().fold(0, |sum: i16, level| sum.saturating_add(level >> 3));
        let mean = self.mean_lines();
        self.pairs = pairs_of(&mean);
        self.level = level.saturating_sub(correction);
        self.deviations = self.past_lines.map(|lines| deviation(&lines, &mean));
    }

    fn mean_lines(&self) -> Lines {
        std::array::from_fn(|line| {
            (self.past_lines.iter().map(|lines| i32::from(lines[line])).sum::<i32>() >> 3) as i16
        })
    }

    fn read(&mut self, parameters: &mut Parameters) {
        self.per_frame = match self.since.min(32) {
            ..2 => 1 << 14,
            frames => quotient(1 << 10, left(frames, 10)),
        };
        self.since = 0;
        self.pairs = pairs_of_silence(parameters);
        self.level = match parameters.next() {
            0 => i16::MIN,
            code => left(code as i16, 9).saturating_sub(5_120),
        };
        if !self.was_described || self.state == State::Speech {
            (self.pairs_before, self.level_before) = (self.pairs, self.level);
        }
    }

    /// Pairs and level between the last two descriptions.
    fn between(&self) -> (Lines, i32) {
        let elapsed = times(left(self.since.saturating_add(1), 10), self.per_frame);
        let new = left(elapsed.min(1_024), 4);
        let old = 16_384 - new;
        let level = plus_product(product(new, self.level), old, self.level_before);
        let pairs = std::array::from_fn(|line| {
            left(times(new, self.pairs[line]).saturating_add(times(old, self.pairs_before[line])), 1)
        });
        (pairs, level)
    }

    /// The lines, and the lines as they deviate in this frame.
    fn deviate(&mut self, pairs: &Lines) -> (Lines, Lines) {
        let factor = times(self.mean_gain.saturating_sub(2_457), 9_830);
        let factor = left(4_096_i16.saturating_sub(factor).clamp(0, 4_096), 3);
        let deviation = self.deviations[self.random(3) as usize];
        let mut lines = lines_of(pairs);
        let mut deviating: Lines =
            std::array::from_fn(|line| lines[line].saturating_add(times(factor, deviation[line])));
        keep_apart(&mut lines);
        keep_apart(&mut deviating);
        (lines, deviating)
    }

    /// The height of pulses that come out of the filter at `level`.
    fn loudness(&mut self, filter: &Coefficients, level: i32) -> i16 {
        let rest = reflections(filter)
            .iter()
            .fold(i16::MAX, |rest, &reflection| times(rest, i16::MAX.saturating_sub(times(reflection, reflection))));
        let (exponent, fraction) = log2(i32::from(rest));
        let gain = left(exponent.saturating_sub(15), 12).saturating_add(fraction >> 3);
        let gain = 0_i16.saturating_sub(gain) >> 1;
        self.mean_gain = times(29_491, self.mean_gain).saturating_add(times(3_277, gain));
        let level = (level >> 10).saturating_add(4 << 16).saturating_sub(i32::from(gain) << 4);
        let level = level.saturating_add(i32::from(self.correction) << 5);
        pow2(upper(level), ((level & 0xffff) >> 1) as i16) as i16
    }

    /// Ten pulses at random (`build_CN_code`).
    fn pulses(&mut self) -> Sub {
        let mut pulses = [0; 40];
        for track in 0..10 {
            let place = usize::from(self.random(2)) * 10 + track;
            pulses[place] = if self.random(1) > 0 { 4_096 } else { -4_096 };
        }
        pulses
    }

    /// Bits out of a shift register (`pseudonoise`).
    fn random(&mut self, bits: u32) -> u8 {
        (0..bits).fold(0, |value, _| {
            let bit = self.seed & 1;
            let back = bit ^ (self.seed >> 28 & 1);
            self.seed = self.seed >> 1 | back << 30;
            value << 1 | bit as u8
        })
    }

    fn fade(&mut self) {
        let frames = if self.since <= 0 { 8 } else { self.since.min(32) };
        self.per_frame = quotient(1 << 10, left(frames, 10));
        self.since = 0;
        (self.pairs_before, self.level_before) = (self.pairs, self.level);
        self.level = self.level.saturating_sub(256);
    }
}

/// How lines deviate from the mean, less and less as the frequency rises.
fn deviation(lines: &Lines, mean: &Lines) -> Lines {
    const SHARES: Lines = [20_000, 20_000, 20_000, 20_000, 20_000, 18_000, 16_384, 8_192, 0, 0];
    std::array::from_fn(|line| {
        let deviation = times(lines[line].saturating_sub(mean[line]), SHARES[line]);
        let size = deviation.saturating_abs();
        let size = if size > 655 { 655 + ((size - 655) >> 2) } else { size }.min(1_310);
        if deviation < 0 { -size } else { size }
    })
}

/// Reflection coefficients of a filter; zeros where it is not stable (`A_Refl`).
fn reflections(filter: &Coefficients) -> [i16; ORDER] {
    let mut reflections = [0; ORDER];
    let mut state: [i16; ORDER] = *filter.last_chunk().expect("a coefficient more");
    for order in (0..ORDER).rev() {
        if state[order].saturating_abs() >= 4_096 {
            return [0; ORDER];
        }
        let reflection = left(state[order], 3);
        reflections[order] = reflection;
        let rest = i32::MAX.saturating_sub(product(reflection, reflection));
        let shift = rest.headroom();
        let factor = quotient(16_384, rounded(left_32(rest, shift)));
        let before = state;
        for place in 0..order {
            let sum = less_product(i32::from(before[place]) << 16, reflection, before[order - place - 1]);
            let lower = right_rounded(product(factor, rounded(sum)), 15 - shift);
            let Ok(lower) = i16::try_from(lower) else { return [0; ORDER] };
            if lower == i16::MIN {
                return [0; ORDER];
            }
            state[place] = lower;
        }
    }
    reflections
}
