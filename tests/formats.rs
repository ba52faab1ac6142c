//! Every format of `fixtures/formats` is heard: as long as ffmpeg says, at its rate, with as many channels.

use callsift::audio::decode::{DecodeOptions, decode};
use std::path::Path;

/// What no decoder of ours or of a library reads; an ffmpeg that is there does.
const OF_FFMPEG: [&str; 5] = ["ac3.ac3", "g723.tco", "speex.spx", "tta.tta", "wma.wma"];

/// What went into each file, ms. Encoders that work in blocks fill the last one up, and not all formats say by how much.
const LASTS_MS: u64 = 320;

/// Two per cent or 20 ms, whichever is more.
fn tolerance(frames: u64, rate_hz: u64) -> u64 {
    (frames / 50).max(rate_hz / 50)
}

#[test]
fn every_format_is_heard() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let mut rows = csv::Reader::from_path(folder.join("expected.csv")).expect("a table");
    let mut heard = 0;
    for row in rows.records().map(|row| row.expect("a row")) {
        let (name, number) = (&row[0], |at: usize| row[at].parse::<u64>().expect("a number"));
        if OF_FFMPEG.contains(&name) {
            continue;
        }
        let mut loudest = 0.0_f32;
        let decoded = decode(&folder.join(name), &DecodeOptions::default(), &mut |pcm| {
            loudest = pcm.channels.iter().flatten().fold(loudest, |loudest, sample| loudest.max(sample.abs()));
        });
        let decoded = decoded.unwrap_or_else(|error| panic!("{name}: {error}"));
        let (frames, rate_hz) = (number(1), number(2));
        assert_eq!((u64::from(decoded.rate_hz), u64::from(decoded.channels)), (rate_hz, number(3)), "{name}");
        let (truth, off) = (rate_hz * LASTS_MS / 1_000, tolerance(frames, rate_hz));
        let (least, most) = (frames.min(truth) - off, frames.max(truth) + off);
        assert!((least..=most).contains(&decoded.frames), "{name}: {} frames of {frames}", decoded.frames);
        assert_eq!(decoded.partial, None, "{name}");
        assert!((0.05..1.0).contains(&loudest), "{name}: at most {loudest}");
        heard += 1;
    }
    assert!(heard >= 30, "{heard} formats");
}
