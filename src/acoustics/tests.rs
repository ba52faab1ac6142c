use super::*;
use crate::units::Span;
use proptest::prelude::*;
use std::f64::consts::TAU;

const RATE_HZ: f64 = 8_000.0;

/// White noise of a level, the same every time.
fn noise(seconds: f64, rms: f64, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
    };
    (0..(seconds * RATE_HZ) as usize).map(|_| (next() * rms * 3_f64.sqrt()) as f32).collect()
}

fn add(into: &mut [f32], start_s: f64, sound: &[f32], gain: f32) {
    let start = (start_s * RATE_HZ) as usize;
    for (out, sample) in into[start..].iter_mut().zip(sound) {
        *out += gain * sample;
    }
}

/// Something like a voice: syllables of 200 ms that start with a hiss and go on with a vowel, each another one than that
/// before; its pitch glides.
fn voice(seconds: f64, pitch_hz: f64) -> Vec<f32> {
    const VOWELS_HZ: [(f64, f64); 5] =
        [(730.0, 1_090.0), (270.0, 2_290.0), (570.0, 840.0), (530.0, 1_840.0), (300.0, 870.0)];
    let hiss = noise(seconds, 1.0, 23);
    let mut phase = 0.0;
    (0..(seconds * RATE_HZ) as usize)
        .map(|n| {
            let t = n as f64 / RATE_HZ;
            let pitch = pitch_hz * (1.0 + 0.05 * (TAU * 2.7 * t).sin());
            phase += TAU * pitch / RATE_HZ;
            let (syllable, within) = ((5.0 * t) as usize, (5.0 * t).fract());
            let vowel = |syllable: usize| VOWELS_HZ[syllable * 7 % 5];
            let ((first, second), (next_first, next_second)) = (vowel(syllable), vowel(syllable + 1));
            let moved = ((within - 0.6) / 0.4).max(0.0);
            let (first, second) = (first + moved * (next_first - first), second + moved * (next_second - second));
            let loud = 0.1 + 0.9 * (TAU / 2.0 * ((within - 0.15) / 0.85).max(0.0)).sin();
            let harmonics = (1..=(3_600.0 / pitch) as u32).map(|harmonic| {
                let hz = f64::from(harmonic) * pitch;
                let formants =
                    1.0 / (1.0 + ((hz - first) / 90.0).powi(2)) + 0.6 / (1.0 + ((hz - second) / 120.0).powi(2));
                (formants + 0.02) * (f64::from(harmonic) * phase).sin()
            });
            let breath = if within < 0.25 && n > 0 { f64::from(hiss[n]) - f64::from(hiss[n - 1]) } else { 0.0 };
            (0.2 * loud * harmonics.sum::<f64>() + 0.03 * breath) as f32
        })
        .collect()
}

fn tone(seconds: f64, pitch_hz: f64, peak: f64) -> Vec<f32> {
    (0..(seconds * RATE_HZ) as usize).map(|n| (peak * (TAU * pitch_hz * n as f64 / RATE_HZ).sin()) as f32).collect()
}

fn measured(channels: &[&[f32]]) -> Acoustics {
    let mut measurer = Measurer::new(channels.len());
    measurer.push(channels);
    measurer.finish()
}

fn spans(channel: &ChannelAcoustics) -> Vec<Span> {
    channel.stretches.iter().map(|stretch| stretch.span).collect()
}

#[track_caller]
fn assert_near(found: &[Span], expected: &[(i64, i64)], tolerance_ms: i64, name: &str) {
    assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
    for (span, &(start_ms, end_ms)) in found.iter().zip(expected) {
        let off = (span.start_ms - start_ms).abs().max((span.end_ms - end_ms).abs());
        assert!(off <= tolerance_ms, "{name}: {span:?} for {start_ms} to {end_ms}");
        assert_eq!((span.start_ms % FRAME_MS, span.end_ms % FRAME_MS), (0, 0), "{name}");
    }
}

#[test]
fn levels_are_exact() {
    let square: Vec<f32> = (0..8_003).map(|n| if n / 10 % 2 == 0 { 1.0 } else { -1.0 }).collect();
    // (name, samples, dBFS, share clipped)
    let cases = [
        ("square at full scale", square.clone(), 0.0, 1.0),
        ("square at half", square.iter().map(|sample| sample / 2.0).collect(), -6.0206, 0.0),
        ("sine", tone(1.0, 1_000.0, 0.999), -3.0190, 0.0),
        ("one sample", vec![0.1], -20.0, 0.0),
        ("silence", vec![0.0; 1_000], -120.0, 0.0),
        ("nothing", vec![], -120.0, 0.0),
    ];
    for (name, samples, level, clipping) in cases {
        let channel = &measured(&[&samples]).channels[0];
        assert!((channel.level_dbfs.0 - level).abs() < 0.001, "{name}: {:?}", channel.level_dbfs);
        assert_eq!(channel.clipping, clipping, "{name}");
    }
}

#[test]
fn clipping_follows_the_coding() {
    let mut measurer = Measurer::new(1).clipping_at(0.98);
    measurer.push(&[&[0.0, 0.98, -0.99, 0.97]]);
    assert_eq!(measurer.finish().channels[0].clipping, 0.5);
}

#[test]
fn speech_is_found_where_it_is() {
    let mut call = noise(12.0, 0.001, 1);
    add(&mut call, 1.0, &voice(2.0, 120.0), 1.0);
    add(&mut call, 3.2, &voice(1.0, 120.0), 1.0);
    add(&mut call, 6.0, &voice(0.5, 220.0), 0.3);
    add(&mut call, 9.0, &voice(3.0, 220.0), 1.0);
    let acoustics = measured(&[&call]);
    assert_eq!(acoustics.duration_ms, 12_000);
    // The pause of 200 ms is joined, those of seconds are not.
    assert_near(
        &spans(&acoustics.channels[0]),
        &[(1_000, 4_200), (6_000, 6_500), (9_000, 12_000)],
        50,
        "voices over faint noise",
    );
}

#[test]
fn speech_from_the_first_sample_needs_no_lead_in() {
    let mut call = noise(8.0, 0.003, 2);
    add(&mut call, 0.0, &voice(2.5, 150.0), 1.0);
    add(&mut call, 4.0, &voice(4.0, 150.0), 1.0);
    assert_near(&spans(&measured(&[&call]).channels[0]), &[(0, 2_500), (4_000, 8_000)], 50, "start to end");
}

#[test]
fn what_is_not_speech_gives_no_stretches() {
    let mut hum = noise(10.0, 0.001, 3);
    for harmonic in 1..8 {
        add(&mut hum, 0.0, &tone(10.0, 50.0 * f64::from(harmonic), 0.1), 1.0);
    }
    let mut ringback = noise(20.0, 0.0005, 4);
    for ring in 0..4 {
        add(&mut ringback, f64::from(ring) * 5.0, &tone(1.0, 450.0, 0.2), 1.0);
    }
    let mut louder = noise(10.0, 0.003, 5);
    add(&mut louder, 5.0, &noise(5.0, 0.03, 6), 1.0);
    let mut click = noise(5.0, 0.001, 7);
    add(&mut click, 2.0, &[0.9, -0.9, 0.5, -0.4, 0.2], 1.0);
    let cases = [
        ("digital silence", vec![0.0; 80_000]),
        ("a constant", vec![0.25; 80_000]),
        ("hiss", noise(10.0, 0.05, 8)),
        ("hiss that gets louder", louder),
        ("hum", hum),
        ("a tone", tone(10.0, 1_000.0, 0.5)),
        ("ringback", ringback),
        ("a click", click),
        ("less than a frame", vec![0.5; 79]),
    ];
    for (name, samples) in cases {
        let channel = &measured(&[&samples]).channels[0];
        assert_eq!(spans(channel), [], "{name}");
        assert_eq!((channel.speech_dbfs, channel.pitch), (None, None), "{name}");
        assert!(channel.level_dbfs.0.is_finite(), "{name}");
    }
}

#[test]
fn tones_that_no_voice_makes_are_kept() {
    let mut call = noise(20.0, 0.0005, 4);
    for ring in 0..3 {
        add(&mut call, f64::from(ring) * 5.0, &tone(1.0, 450.0, 0.2), 1.0);
    }
    add(&mut call, 16.0, &voice(3.0, 150.0), 1.0);
    let tones = &measured(&[&call]).channels[0].tones;
    assert_near(
        &tones.iter().map(|tone| tone.span).collect::<Vec<_>>(),
        &[(0, 1_000), (5_000, 6_000), (10_000, 11_000)],
        40,
        "ringback, and a voice that is no tone",
    );
    assert!(tones.iter().all(|tone| (tone.repeats.0 - 450.0).abs() < 5.0), "{tones:?}");
}

#[test]
fn hum_under_speech_does_not_hide_it() {
    let mut call = noise(10.0, 0.001, 9);
    for harmonic in 1..4 {
        add(&mut call, 0.0, &tone(10.0, 50.0 * f64::from(harmonic), 0.02), 1.0);
    }
    add(&mut call, 3.0, &voice(3.0, 180.0), 1.0);
    assert_near(&spans(&measured(&[&call]).channels[0]), &[(3_000, 6_000)], 50, "speech in hum");
}

#[test]
fn leaks_are_not_speech_and_soft_voices_are() {
    let mut agent = noise(20.0, 0.0003, 10);
    add(&mut agent, 1.0, &voice(6.0, 120.0), 2.0);
    add(&mut agent, 12.0, &voice(6.0, 120.0), 2.0);
    let mut customer = noise(20.0, 0.0003, 11);
    add(&mut customer, 8.0, &voice(3.0, 210.0), 0.25);
    // The customer comes in while the agent speaks, 18 dB softer.
    add(&mut customer, 15.0, &voice(2.0, 210.0), 0.25);
    let leaking: Vec<f32> = customer.iter().zip(&agent).map(|(own, other)| own + 0.03 * other).collect();
    let acoustics = measured(&[&agent, &leaking]);
    assert_near(&spans(&acoustics.channels[0]), &[(1_000, 7_000), (12_000, 18_000)], 50, "agent");
    assert_near(&spans(&acoustics.channels[1]), &[(8_000, 11_000), (15_000, 17_000)], 60, "customer");
    let only_leak: Vec<f32> = agent.iter().map(|other| 0.05 * other).collect();
    assert_eq!(spans(&measured(&[&agent, &only_leak]).channels[1]), [], "a channel of leak alone");
}

#[test]
fn loudness_is_of_the_speech_alone() {
    let speech = voice(2.0, 140.0);
    let square_sum: f64 = speech.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    let expected = Dbfs::from_mean_square(square_sum / speech.len() as f64).0;
    let mut call = noise(20.0, 0.0005, 12);
    add(&mut call, 4.0, &speech, 1.0);
    add(&mut call, 10.0, &speech, 0.5);
    let channel = &measured(&[&call]).channels[0];
    let [loud, soft] = channel.stretches.as_slice() else { panic!("two stretches, not {:?}", channel.stretches) };
    assert!((loud.loudness_dbfs.0 - expected).abs() < 0.3, "{:?} for {expected}", loud.loudness_dbfs);
    assert!((loud.loudness_dbfs.0 - soft.loudness_dbfs.0 - 6.02).abs() < 0.2);
    // The mean of powers 1 and 1/4 is 5/8, 2.04 dB under 1.
    assert!((channel.speech_dbfs.unwrap().0 - (expected - 2.04)).abs() < 0.3);
}

#[test]
fn pitch_is_the_voices() {
    for pitch_hz in [80.0, 100.0, 141.0, 200.0, 283.0, 400.0] {
        let mut call = noise(6.0, 0.001, 13);
        add(&mut call, 1.0, &voice(4.0, pitch_hz), 1.0);
        let channel = &measured(&[&call]).channels[0];
        let pitch = channel.pitch.unwrap();
        let near = |hz: Hz, ratio: f64| (f64::from(hz.0) / (pitch_hz * ratio) - 1.0).abs() < 0.015;
        // The voice glides by 5 % to both sides, as a sine: its 10th percentile is 0.951 of it.
        assert!(near(pitch.median, 1.0), "{pitch_hz} Hz: {pitch:?}");
        assert!(
            near(pitch.low, 1.0 - 0.05 * 0.951) && near(pitch.high, 1.0 + 0.05 * 0.951),
            "{pitch_hz} Hz: {pitch:?}"
        );
        assert!(near(channel.stretches[0].pitch.unwrap(), 1.0), "{pitch_hz} Hz");
    }
}

#[test]
fn pitch_is_exact_over_its_whole_range() {
    let harmonics = |pitch_hz: f64, number: u32| {
        let mut sound = vec![0.0; 8_000];
        for harmonic in 1..=number.min((3_500.0 / pitch_hz) as u32) {
            add(&mut sound, 0.0, &tone(1.0, pitch_hz * f64::from(harmonic), 0.1), 1.0);
        }
        sound
    };
    for pitch_hz in [80.0, 90.5, 120.0, 151.3, 220.0, 333.0, 410.0, 430.0, 480.0, 499.0] {
        for (name, number) in [("a tone", 1), ("a train of pulses", 99)] {
            let mut measurer = Measurer::new(1);
            measurer.push(&[&harmonics(pitch_hz, number)]);
            let found = f64::from(measurer.candidate_hz(50));
            assert!((found / pitch_hz - 1.0).abs() < 0.005, "{name} of {pitch_hz} Hz: {found}");
        }
    }
}

#[test]
fn syllables_are_about_those_of_the_voice() {
    let mut call = noise(20.0, 0.001, 17);
    add(&mut call, 1.0, &voice(8.0, 120.0), 1.0);
    let channel = &measured(&[&call]).channels[0];
    // Five a second.
    assert!((channel.syllables - 40.0).abs() < 8.0, "{}", channel.syllables);
    let per_s = channel.articulation_syllables_per_s.unwrap();
    assert!((per_s - 5.0).abs() < 1.0, "{per_s}");
    assert_eq!(channel.stretches[0].syllables, channel.syllables);
    let silence = &measured(&[&noise(5.0, 0.001, 18)]).channels[0];
    assert_eq!((silence.syllables, silence.articulation_syllables_per_s), (0.0, None));
}

#[test]
fn memory_does_not_grow_with_the_call() {
    // Seven minutes and a half of turns, and a voice that never pauses on the other side: 45,000 frames each.
    let mut agent = noise(450.0, 0.001, 19);
    let turns: Vec<(i64, i64)> = (0..45).map(|turn| (turn * 10_000 + 3_000, turn * 10_000 + 7_000)).collect();
    let turn = voice(4.0, 120.0);
    turns.iter().for_each(|&(start_ms, _)| add(&mut agent, start_ms as f64 / 1_000.0, &turn, 1.0));
    let mut customer = noise(450.0, 0.001, 20);
    let minute = voice(50.0, 200.0);
    (0..9).for_each(|n| add(&mut customer, 50.0 * f64::from(n), &minute, 1.0));
    let mut measurer = Measurer::new(2);
    for (agent, customer) in agent.chunks(80_000).zip(customer.chunks(80_000)) {
        measurer.push(&[agent, customer]);
        // A minute ahead and a block, half a minute of leaks, a minute and a half of speech, and as much again that waits to go.
        assert!(measurer.kept_frames() <= 2 * (7_200 + 3_000 + 9_000), "{}", measurer.kept_frames());
    }
    let channels = measurer.finish().channels;
    assert_near(&spans(&channels[0]), &turns, 50, "turns");
    assert_near(&spans(&channels[1]), &[(0, 450_000)], 50, "a monologue");
    assert!((channels[1].syllables / 2_250.0 - 1.0).abs() < 0.25, "five a second, not {}", channels[1].syllables);
}

#[test]
fn blocks_do_not_matter() {
    let mut left = noise(6.0, 0.001, 14);
    add(&mut left, 1.0, &voice(2.0, 110.0), 1.0);
    let mut right = noise(6.0, 0.001, 15);
    add(&mut right, 3.3, &voice(2.0, 230.0), 1.0);
    let (left, right) = (&left[..47_963], &right[..47_963]);
    let whole = measured(&[left, right]);
    assert_eq!(whole.channels.iter().map(|channel| channel.stretches.len()).sum::<usize>(), 2);
    for block in [1, 7, 80, 4_096] {
        let mut measurer = Measurer::new(2);
        for (left, right) in left.chunks(block).zip(right.chunks(block)) {
            measurer.push(&[left, right]);
        }
        assert_eq!(measurer.finish(), whole, "blocks of {block}");
    }
}

#[test]
fn frames_agree_with_stretches() {
    let mut call = noise(5.0, 0.001, 16);
    add(&mut call, 1.0, &voice(2.0, 150.0), 1.0);
    let mut measurer = Measurer::keeping(1, Keep::Frames);
    measurer.push(&[&call]);
    let (acoustics, kept) = measurer.finish_with_kept();
    let frames: Vec<&[FrameMeasure]> = kept.iter().map(|channel| channel.frames.as_slice()).collect();
    assert_eq!((frames.len(), frames[0].len()), (1, 500));
    let span = acoustics.channels[0].stretches[0].span;
    for (n, frame) in frames[0].iter().enumerate() {
        let inside = (span.start_ms..span.end_ms).contains(&(n as i64 * FRAME_MS));
        assert!(inside || (!frame.speaking && frame.pitch.is_none()), "frame {n}");
    }
    assert!(frames[0].iter().filter(|frame| frame.pitch.is_some()).count() > 150);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_samples_give_finite_measures(
        samples in prop::collection::vec(prop_oneof![-1.0_f32..1.0, Just(0.0), Just(1.0), -1e30_f32..1e30], 0..3_000),
        channels in 0_usize..4,
    ) {
        let acoustics = measured(&vec![samples.as_slice(); channels]);
        prop_assert_eq!(acoustics.channels.len(), channels);
        for channel in acoustics.channels {
            prop_assert!(!channel.level_dbfs.0.is_nan());
            prop_assert!((0.0..=1.0).contains(&channel.clipping));
            prop_assert!(channel.anger.is_none_or(|anger| (0.0..=1.0).contains(&anger.probability)));
            for stretch in channel.stretches {
                prop_assert!(stretch.span.end_ms <= acoustics.duration_ms && stretch.span.length_ms() >= 100);
            }
        }
    }
}
