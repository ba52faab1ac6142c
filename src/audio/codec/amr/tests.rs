//! The decoder beside another that is known to agree with the reference decoder, over streams of all rates: with
//! silence between talk, and with frames that are lost or damaged.

use super::{Narrow, Received};
use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{CodecConfig, CodedFrame, FrameKind, VariableRateCodec};
use proptest::prelude::*;

/// Five seconds of tones with pauses, coded.
fn coded(mode: u8) -> Vec<CodedFrame> {
    let mut codec = AmrCodec::new(&CodecConfig::amr_nb()).unwrap();
    codec.set_allow_dtx(true);
    codec.set_mode(mode).unwrap();
    let sample = |at: i32| {
        let s = f64::from(at) / 8_000.0;
        let noise = f64::from(at.wrapping_mul(1_103_515_245) >> 16 & 0xff) - 128.0;
        let tone = 26_000.0 * (9.0 * s).sin().abs() * (1_100.0 * s + 3.0 * (20.0 * s).sin()).sin();
        (if s % 2.5 < 0.8 { tone + noise } else { noise / 32.0 }) as i16
    };
    let frame = |number: i32| (0..160).map(|at| sample(160 * number + at)).collect::<Vec<_>>();
    (0..250).map(|number| codec.encode_frame(&frame(number)).unwrap()).collect()
}

fn decoded(decoder: &mut Narrow, frame: &CodedFrame) -> [i16; 160] {
    let (received, mode) = match frame.kind {
        FrameKind::Speech if frame.quality_ok => (Received::Speech, frame.mode),
        FrameKind::Speech => (Received::SpeechBad, frame.mode),
        FrameKind::ComfortNoise => {
            let last = frame.data[4];
            let received = match (frame.quality_ok, last & 0x10 != 0) {
                (false, _) => Received::SilenceBad,
                (true, true) => Received::SilenceUpdate,
                (true, false) => Received::SilenceFirst,
            };
            (received, (last >> 3 & 1) | (last >> 1 & 2) | (last << 1 & 4))
        }
        _ => (Received::Nothing, frame.mode),
    };
    decoder.decode(received, mode, &frame.data)
}

/// The first frame in which the two differ.
fn first_difference(frames: &[CodedFrame]) -> Option<usize> {
    let mut theirs = AmrCodec::new(&CodecConfig::amr_nb()).unwrap();
    let mut ours = Narrow::default();
    frames.iter().position(|frame| theirs.decode_frame(frame).unwrap() != decoded(&mut ours, frame))
}

#[test]
fn all_rates_decode_to_the_samples_of_the_reference() {
    for mode in 0..8 {
        let frames = coded(mode);
        let silent = frames.iter().filter(|frame| frame.kind != FrameKind::Speech).count();
        assert!((10..200).contains(&silent), "mode {mode}: {silent} frames of silence");
        assert_eq!(first_difference(&frames), None, "mode {mode}");
    }
}

#[test]
fn what_is_lost_is_made_up_as_the_reference_does() {
    for mode in 0..8 {
        for (name, stride, run) in [("single", 9, 1), ("two", 17, 2), ("a second", 70, 50)] {
            let mut frames = coded(mode);
            for (number, frame) in frames.iter_mut().enumerate().filter(|(number, _)| number % stride < run) {
                match number % 4 {
                    0 => frame.quality_ok = false,
                    1 => frame.kind = FrameKind::NoData,
                    2 => frame.kind = FrameKind::Lost,
                    _ => frame.data.iter_mut().for_each(|byte| *byte ^= 0x5a),
                }
                frame.mode = mode;
            }
            assert_eq!(first_difference(&frames), None, "mode {mode}, {name}");
        }
    }
}

proptest! {
    #[test]
    fn no_frame_is_a_panic(frames in prop::collection::vec((0_u8..6, any::<u8>(), prop::collection::vec(any::<u8>(), 0..33)), 0..40)) {
        let mut decoder = Narrow::default();
        for (received, mode, body) in frames {
            let received = match received {
                0 => Received::Speech,
                1 => Received::SpeechBad,
                2 => Received::SilenceFirst,
                3 => Received::SilenceUpdate,
                4 => Received::SilenceBad,
                _ => Received::Nothing,
            };
            decoder.decode(received, mode, &body);
        }
    }
}
