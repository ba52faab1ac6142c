//! How fast compressed recordings become samples, beside symphonia alone, libsndfile and ffmpeg. Recordings are made with ffmpeg;
//! without it there is nothing to time.

#![expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a bench makes its recordings and says so")]

mod peers;

use callsift::audio::decode::{DecodeOptions, Ffmpeg, decode};
use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{AudioCodec, CodecConfig, VariableRateCodec};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peers::{Row, alone};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Five minutes; throughput in "elements" is recording seconds a second.
const SECONDS: u32 = 300;

const SOUND: &str =
    "0.3*sin(2*PI*(200+20*sin(t))*t)*(0.6+0.4*sin(7*t))+0.02*(random(0)-0.5)|0.2*sin(2*PI*300*t)*sin(3*t)";

/// Name and how it is made. Encoders of Opus choose by themselves between its two codecs: for speech of two channels they
/// mostly take the one for music.
const MADE: [(&str, &str); 10] = [
    ("call.mp3", "-ar 8000 -c:a libmp3lame -b:a 32k"),
    ("call.flac", "-ar 8000 -c:a flac"),
    ("call.m4a", "-ar 8000 -c:a aac -b:a 32k"),
    ("vorbis.ogg", "-ar 8000 -c:a libvorbis"),
    ("silk-mono.opus", "-ac 1 -ar 8000 -c:a libopus -application voip -b:a 12k"),
    ("hybrid-mono.opus", "-ac 1 -c:a libopus -application voip -b:a 28k"),
    ("celt-mono.opus", "-ac 1 -c:a libopus -application lowdelay -b:a 32k"),
    ("voice.opus", "-ar 16000 -c:a libopus -application voip -b:a 24k"),
    ("voice-48k.opus", "-c:a libopus -application voip -b:a 48k"),
    ("celt.opus", "-c:a libopus -application lowdelay -b:a 64k"),
];

fn decoding(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for recordings");
    let mut group = criterion.benchmark_group("decode_compressed");
    group.throughput(Throughput::Elements(u64::from(SECONDS))).sample_size(10);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
    let mut files: Vec<PathBuf> = MADE.iter().filter_map(|(name, how)| made(folder.path(), name, how)).collect();
    files.extend([amr(folder.path(), false), amr(folder.path(), true)]);
    let mut table = Vec::new();
    for path in files {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let frames = ours(&path);
        assert!(frames > 0, "{name}");
        group.bench_function(format!("{name}/callsift"), |bencher| bencher.iter(|| black_box(ours(&path))));
        if let Some(theirs) = alone(&path) {
            assert!(theirs.abs_diff(frames) < 4_096, "{name}");
            group.bench_function(format!("{name}/symphonia"), |bencher| bencher.iter(|| black_box(alone(&path))));
        }
        table.push(Row::time(&name, &path, f64::from(SECONDS), || _ = black_box(ours(&path))));
    }
    group.finish();
    peers::print(&table);
}

fn made(folder: &Path, name: &str, how: &str) -> Option<PathBuf> {
    let path = folder.join(name);
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-f", "lavfi", "-i", &format!("aevalsrc={SOUND}:s=48000:d={SECONDS}")]);
    let made = command.args(how.split_whitespace()).arg(&path).status().is_ok_and(|status| status.success());
    if !made {
        eprintln!("{name}: ffmpeg does not make it");
    }
    made.then_some(path)
}

fn amr(folder: &Path, is_wide: bool) -> PathBuf {
    let config = if is_wide { CodecConfig::amr_wb() } else { CodecConfig::amr_nb() };
    let mut codec = AmrCodec::new(&config).expect("a codec");
    let (mode, frame, magic) = if is_wide { (2, 320, &b"#!AMR-WB\n"[..]) } else { (7, 160, &b"#!AMR\n"[..]) };
    codec.set_mode(mode).expect("a mode");
    let mut file = magic.to_vec();
    for index in 0..SECONDS * 50 {
        let at = |n: u32| f64::from(index * frame + n) / f64::from(frame * 50);
        let samples = (0..frame).map(|n| (8_000.0 * (1_400.0 * at(n)).sin() * (3.0 * at(n)).sin()) as i16);
        file.push(mode << 3 | 4);
        file.extend(codec.encode(&samples.collect::<Vec<_>>()).expect("a frame"));
    }
    let path = folder.join(if is_wide { "wide.amr" } else { "narrow.amr" });
    std::fs::write(&path, file).expect("room for a recording");
    path
}

fn ours(path: &Path) -> u64 {
    let options = DecodeOptions { ffmpeg: Ffmpeg::Never, ..DecodeOptions::default() };
    let mut sum = 0.0;
    let decoded = decode(path, &options, &mut |pcm| sum += pcm.channels[0][0]).expect("a recording");
    black_box(sum);
    decoded.frames
}

criterion_group!(benches, decoding);
criterion_main!(benches);
