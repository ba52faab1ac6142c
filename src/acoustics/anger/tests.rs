use super::names::ALL;
use super::{Anger, Judge, colour, model, sound, weights};
use crate::acoustics::frame::Frame;
use crate::acoustics::spectrum::{Spectrum, WINDOW};
use crate::acoustics::stretches::Judged;
use crate::acoustics::{ChannelAcoustics, Measurer};
use std::f64::consts::TAU;

const RATE_HZ: f64 = 8_000.0;

/// Something like a voice, in syllables over faint noise, after half a second of the noise alone.
#[derive(Clone, Copy)]
struct Voice {
    pitch_hz: f64,
    /// How far the pitch glides to both sides, as a share of it.
    glide: f64,
    /// First formant, Hz.
    mouth_hz: f64,
    /// By how much harmonics fall per octave, dB.
    tilt_db: f64,
    /// How far syllables go down between their peaks, 0 to 1.
    depth: f64,
    syllables_hz: f64,
    /// How far pitch and formants shake, as a share: a voice that holds still is no angry one.
    shake: f64,
}

const CALM: Voice =
    Voice { pitch_hz: 105.0, glide: 0.12, mouth_hz: 420.0, tilt_db: 9.0, depth: 0.8, syllables_hz: 5.0, shake: 0.0 };

const AGITATED: Voice =
    Voice { pitch_hz: 230.0, glide: 0.15, mouth_hz: 800.0, tilt_db: 0.0, depth: 0.9, syllables_hz: 4.5, shake: 0.06 };

impl Voice {
    fn says(self, seconds: f64) -> Vec<f32> {
        let (mut phase, mut state, mut before) = (0.0, 1_u32, 0.0);
        (0..((seconds + 1.0) * RATE_HZ) as usize)
            .map(|n| {
                let t = n as f64 / RATE_HZ - 0.5;
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = f64::from(state >> 8) / 8_388_608.0 - 1.0;
                let hiss = noise - std::mem::replace(&mut before, noise);
                let shakes: f64 = [7.3, 11.9, 17.7].iter().map(|hz| (TAU * hz * t).sin() / 3.0).sum();
                let glides = 1.0 + self.glide * (TAU * 1.3 * t).sin();
                let pitch_hz = self.pitch_hz * glides * (1.0 + self.shake * shakes);
                phase += TAU * pitch_hz / RATE_HZ;
                let speaks = (0.0..seconds).contains(&t);
                let said = if speaks { self.sample(t, pitch_hz, phase) + 0.02 * self.breath(t) * hiss } else { 0.0 };
                (0.003 * noise + said) as f32
            })
            .collect()
    }

    /// How much of a syllable sounds: least where one ends and the next starts.
    fn syllable(self, t: f64) -> f64 {
        1.0 - self.depth * (0.5 + 0.5 * (TAU * self.syllables_hz * t).cos())
    }

    /// How much a consonant hisses there.
    fn breath(self, t: f64) -> f64 {
        (0.5 - self.syllable(t)).max(0.0)
    }

    fn sample(self, t: f64, pitch_hz: f64, phase: f64) -> f64 {
        let syllable = self.syllable(t);
        let shakes = 1.0 + 4.0 * self.shake * (TAU * 9.1 * t).sin();
        let mouth_hz = self.mouth_hz * (1.0 + 0.3 * (TAU * 2.1 * t).sin()) * shakes;
        let second_hz = 1_600.0 * (1.0 + 0.25 * (TAU * 3.1 * t).sin());
        let harmonics = (1..=(3_700.0 / pitch_hz) as u32).map(|harmonic| {
            let hz = f64::from(harmonic) * pitch_hz;
            let formants =
                1.0 / (1.0 + ((hz - mouth_hz) / 130.0).powi(2)) + 0.5 / (1.0 + ((hz - second_hz) / 200.0).powi(2));
            (formants + 0.03)
                * 10_f64.powf(-self.tilt_db / 20.0 * (hz / 500.0).log2())
                * (f64::from(harmonic) * phase).sin()
        });
        0.05 * syllable * harmonics.sum::<f64>()
    }
}

fn heard(samples: &[f32]) -> ChannelAcoustics {
    let mut measurer = Measurer::new(1);
    measurer.push(&[samples]);
    measurer.finish().channels.remove(0)
}

fn anger(samples: &[f32]) -> Anger {
    heard(samples).anger.unwrap()
}

#[test]
fn an_agitated_voice_sounds_angrier_than_a_calm_one() {
    for seconds in [1.5, 4.0, 12.0] {
        let (calm, agitated) = (anger(&CALM.says(seconds)), anger(&AGITATED.says(seconds)));
        assert!(calm.probability < 0.2, "{seconds} s: {calm:?}");
        assert!(agitated.probability > 0.5, "{seconds} s: {agitated:?}");
    }
    let higher = Voice { pitch_hz: 140.0, ..CALM };
    assert!(anger(&higher.says(4.0)).log_odds > anger(&CALM.says(4.0)).log_odds);
}

/// The judgement of windows of the samples as they are: all of them stand out, two of three are voiced.
fn judged_alone(samples: &[f32]) -> Anger {
    let mut spectrum = Spectrum::new();
    let windows = samples.windows(WINDOW).step_by(80).filter_map(|window| window.try_into().ok());
    let frames: Vec<Frame> =
        windows.map(|window| Frame { colour: colour::of(spectrum.power(window)), ..Frame::default() }).collect();
    let path: Vec<u16> = (0..frames.len()).map(|n| if n % 30 < 20 { 20_000 + 10 * n as u16 } else { 0 }).collect();
    let mut judge = Judge::new();
    let mut sounds = Vec::new();
    let judged = vec![Judged { speech: 255, stands_out: true }; frames.len()];
    sound::of_run(&frames, &path, &judged, &mut sounds);
    judge.hear(&sounds);
    judge.finish().unwrap()
}

fn with_gain(samples: &[f32], gain_db: f32) -> Vec<f32> {
    samples.iter().map(|sample| sample * 10_f32.powf(gain_db / 20.0)).collect()
}

#[test]
fn gain_does_not_matter() {
    for (name, voice) in [("calm", CALM), ("agitated", AGITATED)] {
        let plain = voice.says(4.0);
        let (alone, all) = (judged_alone(&plain), anger(&plain));
        for gain_db in [-20.0, -7.3, 12.0, 20.0] {
            let gained = with_gain(&plain, gain_db);
            let found = judged_alone(&gained);
            assert!((found.probability - alone.probability).abs() < 1e-3, "{name}, {gain_db} dB: {found:?}, {alone:?}");
            assert_eq!(found.moved_by.map(|moved| moved.feature), alone.moved_by.map(|moved| moved.feature), "{name}");
            // Which frames stand out is told from levels that are rounded, down to those of 16-bit samples.
            let found = anger(&gained);
            assert!((found.probability - all.probability).abs() < 0.02, "{name}, {gain_db} dB: {found:?}, {all:?}");
        }
    }
}

#[test]
fn too_little_speech_is_not_judged() {
    let hiss: Vec<f32> = AGITATED.says(0.0).repeat(4);
    let cases = [("nothing", vec![]), ("silence", vec![0.0; 80_000]), ("hiss", hiss), ("0.3 s", AGITATED.says(0.3))];
    for (name, samples) in cases {
        let channel = heard(&samples);
        assert_eq!(channel.anger, None, "{name}");
        assert!(channel.stretches.iter().all(|stretch| stretch.anger.is_none()), "{name}");
    }
}

#[test]
fn stretches_are_judged_apart_and_together() {
    let mut call = CALM.says(3.0);
    call.extend(AGITATED.says(3.0));
    let channel = heard(&call);
    let [calm, agitated] = channel.stretches.as_slice() else { panic!("two stretches, not {:?}", channel.stretches) };
    let [calm, agitated, all] = [calm.anger, agitated.anger, channel.anger].map(Option::unwrap);
    assert!(calm.log_odds < all.log_odds && all.log_odds < agitated.log_odds, "{calm:?} {all:?} {agitated:?}");
}

#[test]
fn blocks_do_not_matter() {
    let samples = AGITATED.says(6.0);
    let whole = heard(&samples);
    assert!(whole.anger.is_some());
    for block in [1, 79, 4_096] {
        let mut measurer = Measurer::new(1);
        samples.chunks(block).for_each(|block| measurer.push(&[block]));
        assert_eq!(measurer.finish().channels[0], whole, "blocks of {block}");
    }
}

#[test]
fn reasons_have_names_and_are_in_order() {
    let known: Vec<&str> = ALL.iter().flat_map(|group| group.names()).collect();
    for voice in [CALM, AGITATED] {
        let moved = anger(&voice.says(3.0)).moved_by;
        assert!(moved.iter().all(|moved| known.contains(&moved.feature)), "{moved:?}");
        assert!(moved.is_sorted_by(|a, b| a.by.abs() >= b.by.abs()), "{moved:?}");
    }
    assert!(anger(&AGITATED.says(3.0)).moved_by.iter().any(|moved| moved.by > 0.0));
}

#[test]
fn little_evidence_is_drawn_to_the_base_rate() {
    let base = 1.0 / (1.0 + (-weights::BASE_LOG_ODDS).exp());
    for log_odds in [-6.0, 6.0] {
        assert!((model::probability(log_odds, 0.0) - base).abs() < 1e-6);
        let far = |voiced_s: f32| (model::probability(log_odds, voiced_s) - base).abs();
        assert!(far(0.2) < far(0.5) && far(0.5) < far(3.0), "{log_odds}");
    }
}

#[test]
fn an_average_voice_is_moved_by_nothing() {
    let (_, influences) = model::judge(&weights::MEANS);
    assert!(influences.iter().all(|influence| influence.by == 0.0 && influence.above == 0.0));
}
