//! How fast bytes become samples: our own readers and codecs, and others beside them.

#![expect(clippy::disallowed_methods, reason = "a bench makes its recordings")]

mod peers;

use callsift::audio::decode::{DecodeOptions, decode, decode_identified, identify};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peers::Row;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Half an hour at 8 kHz; throughput in "elements" is recording seconds a second.
const SECONDS: u32 = 1_800;

/// A recording to time.
struct Case {
    name: &'static str,
    ending: &'static str,
    /// `None` for a file without a header.
    format: Option<Format>,
    channels: u16,
    /// Bytes of a packet and samples a channel that it holds.
    packet: (usize, u32),
    /// Makes a packet of arbitrary bytes valid.
    fix: fn(&mut [u8]),
}

/// Tag, bytes a frame, bits a sample.
struct Format(u16, u16, u16);

const CASES: [Case; 11] = [
    plain("pcm16", Format(1, 4, 16), 4),
    plain("mu-law", Format(7, 2, 8), 2),
    plain("a-law", Format(6, 2, 8), 2),
    plain("pcm24", Format(1, 6, 24), 6),
    plain("float", Format(3, 8, 32), 8),
    packed("ima", ".wav", Some(Format(0x11, 1_024, 4)), 2, (1_024, 1_017), |packet| {
        for start in [0, 4] {
            packet[start + 2] %= 89;
            packet[start + 3] = 0;
        }
    }),
    packed("ms", ".wav", Some(Format(2, 1_024, 4)), 2, (1_024, 1_012), |packet| {
        packet[..2].iter_mut().for_each(|predictor| *predictor %= 7);
    }),
    packed("dialogic", ".wav", Some(Format(0x17, 1, 4)), 1, (1_000, 2_000), |_| {}),
    packed("gsm", ".gsm", None, 1, (33, 160), |packet| packet[0] = 0xd0 | packet[0] & 15),
    packed("g722", ".g722", None, 1, (500, 1_000), |_| {}),
    packed("g726", ".wav", Some(Format(0x45, 1, 4)), 1, (500, 1_000), |_| {}),
];

const fn plain(name: &'static str, format: Format, frame_bytes: usize) -> Case {
    packed(name, ".wav", Some(format), 2, (frame_bytes, 1), |bytes| {
        // What floats read as numbers of a sound.
        if let [.., high] = bytes {
            *high &= 0x3e;
        }
    })
}

const fn packed(
    name: &'static str,
    ending: &'static str,
    format: Option<Format>,
    channels: u16,
    packet: (usize, u32),
    fix: fn(&mut [u8]),
) -> Case {
    Case { name, ending, format, channels, packet, fix }
}

fn decoding(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for recordings");
    let mut table = Vec::new();
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Elements(u64::from(SECONDS)));
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
    for case in &CASES {
        let (path, frames) = write(folder.path(), case);
        let identity = identify(&path).expect("a file");
        let run = || {
            let (mut sum, mut heard) = (0.0, 0);
            let decoded = decode_identified(&path, identity.clone(), &DecodeOptions::default(), &mut |pcm| {
                sum += pcm.channels[0][0];
                heard += pcm.frames() as u64;
            });
            black_box(sum);
            let decoded = decoded.expect("a sound file");
            assert_eq!((decoded.frames, heard, decoded.partial), (frames, frames, None), "{}", case.name);
        };
        run();
        group.bench_function(case.name, |bencher| bencher.iter(run));
        let duration_s = frames as f64 / if case.name == "g722" { 16_000.0 } else { 8_000.0 };
        table.push(Row::time(case.name, &path, duration_s, run));
        if case.name == "mu-law" {
            let hashing = || drop(decode(&path, &DecodeOptions::default(), &mut |pcm| _ = black_box(pcm)));
            table.push(Row::time("mu-law, hashed", &path, duration_s, hashing));
        }
    }
    group.finish();
    peers::print(&table);
}

/// Writes a recording of bytes without a pattern; returns where, and its samples a channel.
fn write(folder: &Path, case: &Case) -> (PathBuf, u64) {
    let (packet_bytes, packet_frames) = case.packet;
    let packets = SECONDS * 8_000 / packet_frames;
    let mut data = vec![0; packets as usize * packet_bytes];
    let mut state = 1_u32;
    for byte in &mut data {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
    data.chunks_mut(packet_bytes).for_each(case.fix);
    let mut file = case.format.as_ref().map_or(Vec::new(), |format| header(format, case.channels, data.len() as u32));
    file.extend(data);
    let path = folder.join(format!("{}{}", case.name, case.ending));
    std::fs::write(&path, file).expect("room for a recording");
    (path, u64::from(packets * packet_frames))
}

fn header(Format(tag, frame_bytes, bits): &Format, channels: u16, data_bytes: u32) -> Vec<u8> {
    let second_bytes = 8_000 * u32::from(channels) * u32::from(*bits) / 8;
    let mut file = [b"RIFF", &(38 + data_bytes).to_le_bytes()[..], b"WAVEfmt \x12\0\0\0"].concat();
    file.extend([tag.to_le_bytes(), channels.to_le_bytes(), 8_000_u16.to_le_bytes(), [0; 2]].concat());
    file.extend(second_bytes.to_le_bytes());
    file.extend([frame_bytes.to_le_bytes(), bits.to_le_bytes(), [0; 2]].concat());
    file.extend([b"data", &data_bytes.to_le_bytes()[..]].concat());
    file
}

criterion_group!(benches, decoding);
criterion_main!(benches);
