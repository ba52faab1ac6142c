//! How fast bytes become samples.

#![expect(clippy::disallowed_methods, reason = "a bench makes its recordings")]

use callsift::audio::decode::{DecodeOptions, decode};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::PathBuf;

/// Ten minutes of two channels at 8 kHz; throughput in "elements" is recording seconds a second.
const SECONDS: u32 = 600;

fn decoding(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for recordings");
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Elements(u64::from(SECONDS)));
    for (name, tag, bits) in [("pcm16", 1_u16, 16_u16), ("mu-law", 7, 8), ("a-law", 6, 8)] {
        let path = write_wave(folder.path().join(name), tag, bits);
        let run = || {
            let mut sum = 0.0;
            let decoded = decode(&path, &DecodeOptions::default(), &mut |pcm| sum += pcm.channels[1][0]);
            black_box(sum);
            decoded.expect("a sound file")
        };
        assert_eq!((run().frames, run().channels, run().partial), (u64::from(SECONDS) * 8_000, 2, None));
        group.bench_function(name, |bencher| bencher.iter(run));
    }
    group.finish();
}

/// Writes a recording of all byte values in turn.
fn write_wave(path: PathBuf, tag: u16, bits: u16) -> PathBuf {
    let frame_bytes = 2 * bits / 8;
    let data: Vec<u8> = (0..SECONDS * 8_000 * u32::from(frame_bytes)).map(|n| (n % 251) as u8).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0");
    file.extend(tag.to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(8_000_u32.to_le_bytes());
    file.extend((8_000 * u32::from(frame_bytes)).to_le_bytes());
    file.extend(frame_bytes.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    std::fs::write(&path, file).expect("room for a recording");
    path
}

criterion_group!(benches, decoding);
criterion_main!(benches);
