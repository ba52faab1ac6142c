//! The decoder: its parts in their order (`Speech_Decode_Frame`).

pub use super::noise::Received;

use super::arithmetic::{Headroom, energy, left, median, product, quotient, right_32, rounded, times};
use super::dispersion::Dispersion;
use super::excitation::{Excitation, Mix, Sub};
use super::filters::{Coefficients, ORDER, synthesised};
use super::gains::{self, Concealer, Gains, Predictor, Quality, Smoother};
use super::history::{History, follow};
use super::lag::{self, LONGEST, Lag};
use super::logarithm::root;
use super::noise::{Noise, State};
use super::parameters::{MODE_59, MODE_102, MODE_122, MODE_475, MODE_795, MODE_SILENCE, Parameters};
use super::post::{Frame, Post, amplified, gain_between};
use super::pulses::{self, Pulses};
use super::spectrum::{Lines, Spectrum, between, filter_of, pairs_of};
use codec_core::codecs::amr::nb::decoder_tables::{LSP_INIT, MEAN_LSF_5};

/// The decoder, with its memory.
pub struct Narrow {
    talk: Talk,
    predictor: Predictor,
    noise: Noise,
    post: Post,
    pairs: Lines,
    mean_lines: Lines,
    /// The last samples before they are filtered for the ear.
    memory: [i16; ORDER],
    /// Energies of the last nine sub-frames, the latest last.
    energies: [i16; 9],
}

/// What silence makes the decoder forget.
struct Talk {
    spectrum: Spectrum,
    excitation: Excitation,
    pitch_gains: Concealer,
    pulses_gains: Concealer,
    smoother: Smoother,
    dispersion: Dispersion,
    history: History,
    sharpness: i16,
    lag: i16,
    received_lag: i16,
    /// How long frames have been lost, up to 6.
    losses: usize,
    was_bad: bool,
    /// Gains of the adaptive codebook, the latest last.
    gains: [i16; 9],
    seed: i16,
}

impl Talk {
    fn new(moving_subs: i16) -> Self {
        Self {
            spectrum: Spectrum::new(),
            excitation: Excitation::new(),
            pitch_gains: Concealer::of_pitch(),
            pulses_gains: Concealer::of_pulses(),
            smoother: Smoother::new(moving_subs),
            dispersion: Dispersion::new(),
            history: History::new(),
            sharpness: 0,
            lag: 40,
            received_lag: 40,
            losses: 0,
            was_bad: false,
            gains: [0; 9],
            seed: 21_845,
        }
    }
}

/// What holds for all of a frame.
struct Coded {
    mode: u8,
    parameters: Parameters,
    quality: Quality,
    lines_before: Lines,
    filters: [Coefficients; 4],
    /// At 4.75 kbit/s two sub-frames share a code of their gains.
    shared_gains: u16,
}

impl Default for Narrow {
    /// A decoder at the start of a recording.
    fn default() -> Self {
        Self {
            talk: Talk::new(0),
            predictor: Predictor::new(),
            noise: Noise::new(),
            post: Post::new(),
            pairs: LSP_INIT,
            mean_lines: MEAN_LSF_5,
            memory: [0; ORDER],
            energies: [0; 9],
        }
    }
}

impl Narrow {
    /// Decodes a frame of 20 ms to 160 samples of 16 bits.
    ///
    /// `mode` is the rate, 0 to 7: of the speech, or that of the talk which a description of silence names, or where
    /// there is nothing that of the last frame with one. What is missing of `body` reads 0.
    pub fn decode(&mut self, received: Received, mode: u8, body: &[u8]) -> Frame {
        let mode = mode.min(MODE_122);
        let state = self.noise.receive(received);
        let mut frame = if state == State::Speech {
            let parameters = match received {
                Received::Nothing => Parameters::made_up(mode, &mut self.talk.seed),
                _ => Parameters::read(mode, body),
            };
            self.speak(mode, parameters, received != Received::Speech)
        } else {
            self.be_silent(state, mode, body)
        };
        self.noise.state = state;
        // The lowest three bits of the output are none of the codec's.
        frame.iter_mut().for_each(|sample| *sample &= !7);
        frame
    }

    fn be_silent(&mut self, state: State, mode: u8, body: &[u8]) -> Frame {
        self.talk = Talk::new(20);
        if self.noise.describe(mode, &mut Parameters::read(MODE_SILENCE, body)) {
            self.predictor.start_at(self.noise.level);
        }
        let mut heard = self.noise.hear(state, &mut self.memory);
        self.talk.spectrum.lines = heard.lines;
        self.pairs = pairs_of(&heard.lines);
        follow(&mut self.mean_lines, &heard.lines);
        self.post.process(mode, &mut heard.frame, &[heard.filter; 4]);
        heard.frame
    }

    fn speak(&mut self, mode: u8, mut parameters: Parameters, is_bad: bool) -> Frame {
        let quality = self.quality(is_bad);
        let lines_before = self.talk.spectrum.lines;
        let filters = self.filters(mode, &mut parameters, is_bad);
        let mut coded = Coded { mode, parameters, quality, lines_before, filters, shared_gains: 0 };
        let mut frame = [0; 160];
        for (sub, sound) in frame.as_chunks_mut::<40>().0.iter_mut().enumerate() {
            self.sub_frame(&mut coded, sub, sound);
        }
        let talk = &mut self.talk;
        talk.history.learn(&talk.gains, &frame);
        self.noise.learn(&talk.spectrum.lines, &frame);
        talk.was_bad = is_bad;
        follow(&mut self.mean_lines, &talk.spectrum.lines);
        self.post.process(mode, &mut frame, &coded.filters);
        frame
    }

    /// Counts losses, and says what is known before the frame is decoded.
    fn quality(&mut self, is_bad: bool) -> Quality {
        let talk = &mut self.talk;
        talk.losses = match (is_bad, talk.losses) {
            (true, losses) => (losses + 1).min(6),
            (false, 6) => 5,
            (false, _) => 0,
        };
        if self.noise.state != State::Speech {
            talk.losses = 5;
            talk.was_bad = self.noise.state == State::Fading;
        }
        let (is_noisy, unvoiced_frames) = (talk.history.is_noisy, talk.history.unvoiced_frames);
        Quality { is_bad, was_bad: talk.was_bad, is_noisy, unvoiced_frames }
    }

    /// The filters of the sub-frames.
    fn filters(&mut self, mode: u8, parameters: &mut Parameters, is_bad: bool) -> [Coefficients; 4] {
        let old = self.pairs;
        if mode == MODE_122 {
            let [middle, new] = self.talk.spectrum.two_sets(parameters.take(), is_bad);
            self.pairs = new;
            let half = |a: &Lines, b: &Lines| between(a, b, 1);
            return [half(&middle, &old), middle, half(&middle, &new), new].map(|pairs| filter_of(&pairs));
        }
        let new = self.talk.spectrum.pairs(mode, parameters.take(), is_bad);
        self.pairs = new;
        [0, 1, 2, 3].map(|sub| filter_of(&between(&old, &new, sub)))
    }

    fn sub_frame(&mut self, coded: &mut Coded, sub: usize, sound: &mut Sub) {
        let (mode, quality) = (coded.mode, coded.quality);
        let lag = self.lag(coded, sub);
        self.talk.excitation.repeat(lag);
        let early_gain = if mode == MODE_122 { self.pitch_gain(coded) } else { 0 };
        let mut pulses = pulses::decoded(mode, &mut coded.parameters, sub);
        let sharpness = if mode == MODE_122 { early_gain } else { self.talk.sharpness };
        pulses::sharpen(&mut pulses, lag.whole, left(sharpness, 1));
        let gains = self.gains(coded, sub, &pulses, early_gain);
        let repeated = *self.talk.excitation.sub();
        let sharpened = self.sharpened(mode, sub, gains.pitch, &repeated);
        if !quality.is_bad {
            self.talk.gains.copy_within(1.., 0);
            self.talk.gains[8] = gains.pitch;
        }
        let pitch = limited(gains.pitch, mode, quality);
        let gains = Gains { pitch, ..gains };
        let mut heard = self.excite(coded, sub, gains, pulses);
        self.synthesise(&coded.filters[sub], &mut heard, sharpened, sound);
        self.talk.excitation.pass();
        self.talk.lag = lag.whole;
    }

    /// Adds the pulses to the excitation; returns it as it is to be heard.
    fn excite(&mut self, coded: &Coded, sub: usize, gains: Gains, mut pulses: Pulses) -> Sub {
        let (mode, quality) = (coded.mode, coded.quality);
        let repeated = *self.talk.excitation.sub();
        let smoothed = self.smoothed(coded, sub, gains.pulses);
        let (share, shift) = if mode == MODE_122 { (gains.pitch >> 1, 2) } else { (gains.pitch, 1) };
        let mix = Mix { pitch: share, pulses: gains.pulses, shift };
        *self.talk.excitation.sub() = mix.of(&repeated, &pulses);
        let is_locked = mode <= MODE_59 && quality.unvoiced_frames > 3 && quality.is_noisy && quality.is_bad;
        self.talk.dispersion.spread(mode, &mut pulses, smoothed, gains.pitch, is_locked);
        let mut heard = Mix { pulses: smoothed, ..mix }.of(&repeated, &pulses);
        self.steady(mode, quality, &mut heard);
        heard
    }

    fn lag(&mut self, coded: &mut Coded, sub: usize) -> Lag {
        let (mode, talk) = (coded.mode, &mut self.talk);
        let code = coded.parameters.next();
        let lag = lag::decoded(mode, code, sub, talk.lag);
        if mode == MODE_122 {
            // Three codes of differences mean nothing.
            let is_lost = coded.quality.is_bad || lag::is_difference(mode, sub) && code >= 61;
            if is_lost {
                talk.received_lag = lag.whole;
                return Lag::of(talk.lag);
            }
            return lag;
        }
        talk.received_lag = lag.whole;
        if !coded.quality.is_bad {
            return lag;
        }
        talk.lag = if talk.lag < LONGEST { talk.lag + 1 } else { talk.lag };
        let is_noise = talk.history.is_noisy && talk.history.unvoiced_frames > 4 && mode <= MODE_59;
        Lag::of(if is_noise { talk.received_lag } else { talk.lag })
    }

    fn pitch_gain(&mut self, coded: &mut Coded) -> i16 {
        let (code, talk) = (coded.parameters.next(), &mut self.talk);
        let is_bad = coded.quality.is_bad;
        let gain = if is_bad { talk.pitch_gains.make_up(talk.losses) } else { gains::pitch(coded.mode, code) };
        talk.pitch_gains.learn(coded.quality, gain)
    }

    fn pulses_gain(&mut self, coded: &mut Coded, pulses: &Pulses) -> i16 {
        let (code, talk) = (coded.parameters.next(), &mut self.talk);
        let gain = if coded.quality.is_bad {
            talk.pulses_gains.make_up_pulses(talk.losses, &mut self.predictor)
        } else {
            self.predictor.pulses(coded.mode, code, pulses)
        };
        talk.pulses_gains.learn(coded.quality, gain)
    }

    fn gains(&mut self, coded: &mut Coded, sub: usize, pulses: &Pulses, early_gain: i16) -> Gains {
        if matches!(coded.mode, MODE_122 | MODE_795) {
            let pitch = if coded.mode == MODE_122 { early_gain } else { self.pitch_gain(coded) };
            return Gains { pitch, pulses: self.pulses_gain(coded, pulses) };
        }
        let is_even = sub.is_multiple_of(2);
        if coded.mode != MODE_475 || is_even {
            coded.shared_gains = coded.parameters.next();
        }
        let talk = &mut self.talk;
        let gains = if coded.quality.is_bad {
            let pitch = talk.pitch_gains.make_up(talk.losses);
            Gains { pitch, pulses: talk.pulses_gains.make_up_pulses(talk.losses, &mut self.predictor) }
        } else {
            self.predictor.both(coded.mode, coded.shared_gains, pulses, is_even)
        };
        let pitch = talk.pitch_gains.learn(coded.quality, gains.pitch);
        Gains { pitch, pulses: talk.pulses_gains.learn(coded.quality, gains.pulses) }
    }

    /// The adaptive codebook once more, where it is so strong that it is added to what is heard.
    fn sharpened(&mut self, mode: u8, sub: usize, gain: i16, repeated: &Sub) -> Option<Sub> {
        const SHARPEST: i16 = 13_017;
        let talk = &mut self.talk;
        let mut sharpness = if mode == MODE_122 { gain } else { gain.min(SHARPEST) };
        if mode == MODE_102 && talk.lag > 45 {
            sharpness >>= 2;
        }
        if mode != MODE_475 || sub % 2 == 1 {
            talk.sharpness = gain.min(SHARPEST);
        }
        let sharpness = left(sharpness, 1);
        let shift = if mode == MODE_122 { 1 } else { 0 };
        let scaled = |sample: i16| rounded(product(times(sample, sharpness), gain) >> shift);
        (sharpness > 16_384).then(|| repeated.map(scaled))
    }

    fn smoothed(&mut self, coded: &Coded, sub: usize, gain: i16) -> i16 {
        let lines = between(&coded.lines_before, &self.talk.spectrum.lines, sub);
        self.talk.smoother.smooth(coded.mode, gain, &lines, &self.mean_lines, coded.quality)
    }

    /// Keeps noise from falling off where frames are lost (`Ex_ctrl`).
    fn steady(&mut self, mode: u8, quality: Quality, heard: &mut Sub) {
        let (wide, exponent) = root(energy(heard) >> 1);
        let now = (right_32(wide, (exponent >> 1) + 15) >> 2) as i16;
        let is_shaky = quality.is_noisy && quality.is_doubtful() && self.talk.losses < 4;
        if is_shaky && mode <= MODE_59 && quality.unvoiced_frames > 5 {
            self.steadied(quality, now, heard);
        }
        if !is_shaky {
            self.energies.copy_within(1.., 0);
            self.energies[8] = now;
        }
    }

    fn steadied(&self, quality: Quality, now: i16, heard: &mut Sub) {
        let target = median(&self.energies);
        if now >= target || now <= 5 {
            return;
        }
        let last = self.energies[8];
        let recent = (self.energies[7].saturating_add(last) >> 1).min(last);
        let is_careful = quality.unvoiced_frames < 7 || quality.was_bad;
        let most = left(recent, 2).saturating_sub(if is_careful { recent } else { 0 });
        let shift = now.headroom();
        let scale = product(target.min(most), quotient(16_383, left(now, shift)));
        let scale = right_32(scale, 20 - shift).min(32_767) as i16;
        for sample in heard {
            *sample = (product(scale, *sample) >> 11) as i16;
        }
    }

    fn synthesise(&mut self, filter: &Coefficients, heard: &mut Sub, sharpened: Option<Sub>, sound: &mut Sub) {
        let input = sharpened.map_or(*heard, |sharpened| {
            let sum: Sub = std::array::from_fn(|place| sharpened[place].saturating_add(heard[place]));
            match gain_between(heard, &sum) {
                Some(gain) => sum.map(|sample| amplified(sample, gain)),
                None => sum,
            }
        });
        if synthesised(filter, &input, &self.memory, sound) {
            // What is too loud to be filtered is made quieter, with all that is remembered.
            self.talk.excitation.quieten();
            heard.iter_mut().for_each(|sample| *sample >>= 2);
            synthesised(filter, heard, &self.memory, sound);
        }
        self.memory = *sound.last_chunk().expect("40 samples");
    }
}

/// The gain of the adaptive codebook, which in noise is no tone's where frames are lost.
fn limited(gain: i16, mode: u8, quality: Quality) -> i16 {
    if !(quality.is_doubtful() && quality.is_noisy && mode <= MODE_59) || gain <= 12_288 {
        return gain;
    }
    (((gain - 12_288) >> 1) + 12_288).min(14_745)
}
