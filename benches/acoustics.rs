//! How fast samples become measures.

use callsift::acoustics::Measurer;
use callsift::audio::resample::Resampler;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::f32::consts::TAU;
use std::hint::black_box;

/// Length of the call, in seconds; throughput in "elements" is recording seconds a second.
const SECONDS: usize = 300;

/// Frames of a block, as the decoder makes them.
const BLOCK: usize = 4_096;

fn measuring(criterion: &mut Criterion) {
    let [left, right] = call();
    let mut group = criterion.benchmark_group("acoustics");
    group.throughput(Throughput::Elements(SECONDS as u64));
    let run = || {
        let mut measurer = Measurer::new(2);
        for (left, right) in left.chunks(BLOCK).zip(right.chunks(BLOCK)) {
            measurer.push(&[left, right]);
        }
        measurer.finish()
    };
    let found: Vec<usize> = run().channels.iter().map(|channel| channel.stretches.len()).collect();
    assert_eq!(found, [SECONDS / 10, SECONDS / 10], "one stretch a turn");
    group.bench_function("two channels, half speech", |bencher| bencher.iter(run));
    for (stages, sound, speech) in stages(&left) {
        let run = || {
            let mut measurer = Measurer::new(2);
            for block in sound.chunks(BLOCK) {
                measurer.push(&[block, block]);
            }
            measurer.finish()
        };
        assert_eq!(!run().channels[0].stretches.is_empty(), speech, "{stages}");
        group.bench_function(stages, |bencher| bencher.iter(run));
    }
    group.finish();
}

/// Sounds that need more of the stages each, and whether they are speech: what one takes longer than the one
/// before it is the next stage's.
fn stages(voice: &[f32]) -> [(&'static str, Vec<f32>, bool); 3] {
    let voiced: Vec<f32> = voice[..40_000].iter().chain(&voice[80_000..120_000]).copied().collect();
    [
        ("levels and activity: digital silence", vec![0.0; SECONDS * 8_000], false),
        ("and spectra: steady noise", voice[40_000..80_000].repeat(SECONDS / 5), false),
        ("and pitch: speech throughout on both", voiced.repeat(SECONDS / 10), true),
    ]
}

fn resampling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("resample");
    group.throughput(Throughput::Elements(30));
    for rate_hz in [16_000, 44_100, 48_000] {
        let samples: Vec<f32> = (0..rate_hz * 30).map(|n| (n as f32 * 0.01).sin()).collect();
        let run = || {
            let mut made = 0;
            let mut resampler = Resampler::new(rate_hz, 2);
            for block in samples.chunks(BLOCK) {
                resampler.push(&[block, block], &mut |block| made += black_box(block)[0].len());
            }
            resampler.finish(&mut |block| made += block[0].len());
            made
        };
        assert_eq!(run(), 30 * 8_000);
        group.bench_function(format!("{rate_hz} Hz, two channels"), |bencher| bencher.iter(run));
    }
    group.finish();
}

/// Two voices that take turns of 5 s over faint noise.
fn call() -> [Vec<f32>; 2] {
    let mut state = 1_u32;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let mut phase = [0.0_f32; 2];
    let mut channels = [Vec::new(), Vec::new()];
    for n in 0..SECONDS * 8_000 {
        let t = n as f32 / 8_000.0;
        let speaker = n / 40_000 % 2;
        for (channel, samples) in channels.iter_mut().enumerate() {
            let mut sample = 0.001 * noise();
            if channel == speaker {
                let pitch_hz = [120.0, 210.0][channel] * (1.0 + 0.08 * (TAU * 2.3 * t).sin());
                phase[channel] = (phase[channel] + pitch_hz / 8_000.0).fract();
                // Syllables of 200 ms: a hiss, then a vowel that is another one each time.
                let within = (5.0 * t).fract();
                let vowel_hz = 300.0 + 500.0 * (0.618 * (5.0 * t).floor()).fract();
                let loud = (TAU / 2.0 * ((within - 0.15) / 0.85).max(0.0)).sin();
                let formants = |hz: f32| {
                    1.0 / (1.0 + ((hz - vowel_hz) / 100.0).powi(2))
                        + 0.5 / (1.0 + ((hz - 3.0 * vowel_hz) / 150.0).powi(2))
                };
                let harmonic = |number: f32| formants(number * pitch_hz) * (TAU * number * phase[channel]).sin();
                sample += 0.2 * loud * (1..=16).map(|number| harmonic(number as f32)).sum::<f32>();
                sample += if within < 0.25 { 0.03 * (noise() - noise()) } else { 0.0 };
            }
            samples.push(sample);
        }
    }
    channels
}

criterion_group!(benches, measuring, resampling);
criterion_main!(benches);
