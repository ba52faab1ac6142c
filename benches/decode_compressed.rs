//! How fast compressed recordings become samples, beside symphonia alone and ffmpeg. Recordings are made with ffmpeg;
//! without it there is nothing to time.

#![expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a bench makes its recordings and says so")]

use callsift::audio::decode::{DecodeOptions, Ffmpeg, decode};
use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{AudioCodec, CodecConfig, VariableRateCodec};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::TrackType;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;

/// Five minutes; throughput in "elements" is recording seconds a second.
const SECONDS: u32 = 300;

const SOUND: &str =
    "0.3*sin(2*PI*(200+20*sin(t))*t)*(0.6+0.4*sin(7*t))+0.02*(random(0)-0.5)|0.2*sin(2*PI*300*t)*sin(3*t)";

/// Name, how it is made, and whether symphonia decodes it.
const MADE: [(&str, &str, bool); 8] = [
    ("call.mp3", "-ar 8000 -c:a libmp3lame -b:a 32k", true),
    ("call.flac", "-ar 8000 -c:a flac", true),
    ("call.m4a", "-ar 8000 -c:a aac -b:a 32k", true),
    ("vorbis.ogg", "-ar 8000 -c:a libvorbis", true),
    ("silk-mono.opus", "-ac 1 -ar 8000 -c:a libopus -application voip -b:a 12k", false),
    ("silk.opus", "-ar 16000 -c:a libopus -application voip -b:a 24k", false),
    ("hybrid.opus", "-c:a libopus -application voip -b:a 48k", false),
    ("celt.opus", "-c:a libopus -application lowdelay -b:a 64k", false),
];

fn decoding(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for recordings");
    let mut group = criterion.benchmark_group("decode_compressed");
    group.throughput(Throughput::Elements(u64::from(SECONDS))).sample_size(10);
    let mut files: Vec<(PathBuf, bool)> =
        MADE.iter().filter_map(|(name, how, is_known)| Some((made(folder.path(), name, how)?, *is_known))).collect();
    files.push((amr(folder.path(), false), false));
    files.push((amr(folder.path(), true), false));
    for (path, is_known) in files {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let frames = ours(&path);
        assert!(frames > 0, "{name}");
        group.bench_function(format!("{name}/callsift"), |bencher| bencher.iter(|| black_box(ours(&path))));
        if is_known {
            assert!(alone(&path).abs_diff(frames) < 4_096, "{name}");
            group.bench_function(format!("{name}/symphonia"), |bencher| bencher.iter(|| black_box(alone(&path))));
        }
        if let Some(user_s) = ffmpeg_user_s(&path) {
            eprintln!("{name}: ffmpeg {:.0} recording seconds a second of processor time", f64::from(SECONDS) / user_s);
        }
    }
    group.finish();
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

/// Symphonia without anything around it; returns frames.
fn alone(path: &Path) -> u64 {
    let source = MediaSourceStream::new(Box::new(std::fs::File::open(path).expect("a file")), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), source, Default::default(), Default::default())
        .expect("a container");
    let track = format.default_track(TrackType::Audio).expect("a track");
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).expect("sound");
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .expect("a decoder");
    let (mut frames, mut planar): (u64, Vec<Vec<f32>>) = (0, Vec::new());
    while let Some(packet) = format.next_packet().expect("packets") {
        let decoded = decoder.decode(&packet).expect("frames");
        frames += decoded.frames() as u64;
        decoded.copy_to_vecs_planar(&mut planar);
    }
    black_box(planar);
    frames
}

/// Processor time that ffmpeg says it took, in seconds.
fn ffmpeg_user_s(path: &Path) -> Option<f64> {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-nostdin", "-benchmark", "-threads", "1", "-i"]).arg(path).args(["-f", "null", "-"]);
    let said = String::from_utf8_lossy(&command.output().ok()?.stderr).into_owned();
    said.split("utime=").nth(1)?.split('s').next()?.parse().ok()
}

criterion_group!(benches, decoding);
criterion_main!(benches);
