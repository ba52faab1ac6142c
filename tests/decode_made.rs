//! Compressed recordings that are made here with ffmpeg: every container and codec in several ways, damaged ones, and
//! what happens where ffmpeg, or the child that decodes, is missing or dies.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod decoding;

use callsift::audio::decode::{DecodeError, DecodeOptions, Decoded, Ffmpeg};
use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{CodecConfig, FrameKind, VariableRateCodec};
use decoding::{has, hear, planar};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Six seconds that are unlike themselves at any other time: a tone that glides, and noise.
const SOUND: &str = "0.3*sin(2*PI*(200+60*t)*t)*(0.6+0.4*sin(7*t))+0.02*(random(0)-0.5)";

/// Makes a recording in `folder` with ffmpeg: `name` after its extension, of so many channels.
fn made(folder: &Path, name: &str, channels: usize, arguments: &str) -> PathBuf {
    let path = folder.join(name);
    let other = "0.2*sin(2*PI*(900-40*t)*t)";
    let source = if channels == 1 { SOUND.to_owned() } else { format!("{SOUND}|{other}") };
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", &format!("aevalsrc={source}:s=48000:d=6")])
        .args(arguments.split_whitespace())
        .arg(&path)
        .output()
        .expect("ffmpeg runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    path
}

fn alone() -> DecodeOptions {
    DecodeOptions { ffmpeg: Ffmpeg::Never, ..DecodeOptions::default() }
}

/// Decodes; the channels' samples.
fn heard(path: &Path, options: &DecodeOptions) -> Result<(Decoded, Vec<Vec<f32>>), DecodeError> {
    let (decoded, samples) = hear(path, options)?;
    let channels = planar(&samples, decoded.channels);
    Ok((decoded, channels))
}

/// The channels as ffmpeg decodes them.
fn theirs(path: &Path, decoded: &Decoded, decoder: &[&str]) -> Vec<Vec<f32>> {
    planar(&decoding::theirs(path, decoded, decoder), decoded.channels)
}

/// Signal over difference, in dB.
fn agreement_db(ours: &[f32], theirs: &[f32]) -> f64 {
    let (signal, noise) = ours.iter().zip(theirs).fold((1e-12, 1e-30), |(signal, noise), (a, b)| {
        (signal + f64::from(*b).powi(2), noise + f64::from(a - b).powi(2))
    });
    10.0 * (signal / noise).log10()
}

/// Name, channels, how it is made, the decoder in ffmpeg, and who decodes it here.
const MADE: [(&str, usize, &str, &str, &str); 30] = [
    ("silk.opus", 1, "-ar 8000 -c:a libopus -application voip -b:a 8k", "libopus", "opus-rs"),
    ("silk-stereo.opus", 2, "-ar 16000 -c:a libopus -application voip -b:a 16k", "libopus", "opus-rs"),
    ("hybrid.opus", 1, "-c:a libopus -application voip -b:a 28k", "libopus", "opus-rs"),
    ("hybrid-stereo.opus", 2, "-c:a libopus -application voip -b:a 40k", "libopus", "opus-rs"),
    ("celt.opus", 1, "-c:a libopus -application lowdelay -b:a 64k", "libopus", "opus-rs"),
    ("celt-2.5ms.opus", 2, "-c:a libopus -application lowdelay -frame_duration 2.5 -b:a 96k", "libopus", "opus-rs"),
    ("silk-60ms.opus", 1, "-ar 16000 -c:a libopus -application voip -frame_duration 60 -b:a 12k", "libopus", "opus-rs"),
    (
        "silk-120ms.opus",
        1,
        "-ar 16000 -c:a libopus -application voip -frame_duration 120 -b:a 12k",
        "libopus",
        "opus-rs",
    ),
    ("opus.webm", 2, "-c:a libopus -b:a 32k", "libopus", "opus-rs"),
    ("opus.mka", 1, "-c:a libopus -b:a 32k", "libopus", "opus-rs"),
    ("opus.mp4", 1, "-c:a libopus -b:a 32k", "libopus", "opus-rs"),
    ("mpeg2.5.mp3", 1, "-ar 8000 -c:a libmp3lame -b:a 16k", "mp3float", "symphonia"),
    ("joint.mp3", 2, "-ar 8000 -c:a libmp3lame -b:a 24k", "mp3float", "symphonia"),
    ("vbr.mp3", 2, "-ar 16000 -c:a libmp3lame -q:a 5", "mp3float", "symphonia"),
    ("no-tag.mp3", 1, "-ar 11025 -c:a libmp3lame -b:a 32k -write_xing 0 -id3v2_version 0", "mp3float", "symphonia"),
    ("mp3.mka", 1, "-ar 16000 -c:a libmp3lame -b:a 32k", "mp3float", "symphonia"),
    ("aac.m4a", 2, "-ar 8000 -c:a aac -b:a 32k", "aac", "symphonia"),
    ("aac-late-moov.mp4", 1, "-ar 44100 -c:a aac -b:a 64k", "aac", "symphonia"),
    ("aac-fragments.mp4", 1, "-ar 16000 -c:a aac -movflags frag_keyframe+empty_moov", "aac", "symphonia"),
    ("aac.3gp", 1, "-ar 8000 -c:a aac -b:a 24k", "aac", "symphonia"),
    ("adts.aac", 1, "-ar 16000 -c:a aac -b:a 32k", "aac", "symphonia"),
    ("aac.mka", 2, "-ar 22050 -c:a aac -b:a 48k", "aac", "symphonia"),
    ("vorbis.ogg", 2, "-ar 8000 -c:a libvorbis", "vorbis", "symphonia"),
    ("vorbis.webm", 1, "-ar 16000 -c:a libvorbis", "vorbis", "symphonia"),
    ("flac.flac", 2, "-ar 8000 -c:a flac", "flac", "symphonia"),
    ("flac.oga", 1, "-ar 16000 -c:a flac -f ogg", "flac", "symphonia"),
    ("alac.m4a", 2, "-ar 16000 -c:a alac", "alac", "symphonia"),
    ("pcm.aiff", 2, "-ar 8000", "pcm_s16be", "callsift"),
    ("pcm.caf", 1, "-ar 8000", "pcm_s16be", "callsift"),
    ("pcm.mkv", 2, "-ar 8000 -c:a pcm_s16le", "pcm_s16le", "symphonia"),
];

#[test]
fn made_recordings_decode_as_ffmpeg_does() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let mut wrong = Vec::new();
    for (name, channels, arguments, decoder, by) in MADE {
        let path = made(folder.path(), name, channels, arguments);
        let (decoded, ours) = heard(&path, &alone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let theirs = theirs(&path, &decoded, &["-c:a", decoder]);
        let db = ours.iter().zip(&theirs).map(|(a, b)| agreement_db(a, b)).fold(f64::INFINITY, f64::min);
        // Streams of frames without a length are whole frames, and Matroska's end is that of its last packet.
        let most_ms = if decoder == "aac" || decoder == "mp3float" { 130 } else { 30 };
        let is_right = (decoded.duration_ms - 6_000).abs() <= most_ms && db >= 40.0;
        let line = format!(
            "{name}: {} ms, {db:.1} dB, {} by {}, {:?}",
            decoded.duration_ms, decoded.codec, decoded.decoder, decoded.warnings
        );
        println!("{line}");
        if !is_right || decoded.decoder != by || !decoded.warnings.is_empty() || decoded.partial.is_some() {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_said_after_damage_keeps_its_time() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let cases = [
        ("cbr.mp3", 1, "-ar 8000 -c:a libmp3lame -b:a 16k"),
        ("tagless.mp3", 1, "-ar 16000 -c:a libmp3lame -b:a 32k -write_xing 0"),
        ("fixed.flac", 2, "-ar 8000 -c:a flac"),
        ("silk.opus", 1, "-ar 16000 -c:a libopus -application voip -b:a 24k -page_duration 100000"),
        ("vorbis.ogg", 1, "-ar 16000 -c:a libvorbis -page_duration 100000"),
        ("aac.m4a", 1, "-ar 16000 -c:a aac -b:a 32k -movflags faststart"),
    ];
    for (name, channels, arguments) in cases {
        let path = made(folder.path(), name, channels, arguments);
        let (whole, sound) = heard(&path, &alone()).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let (from, to) = (bytes.len() * 45 / 100, bytes.len() * 50 / 100);
        bytes[from..to].fill(0x55);
        std::fs::write(&path, bytes).unwrap();
        let (broken, heard) = heard(&path, &alone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        println!("{name}: {} of {} ms, {:?}", broken.duration_ms, whole.duration_ms, broken.warnings);
        assert!((broken.duration_ms - whole.duration_ms).abs() <= 40, "{name}: {} ms", broken.duration_ms);
        // The last third is what it was, at the time it was.
        let last = sound[0].len() * 2 / 3;
        let db = agreement_db(&heard[0][last..], &sound[0][last..]);
        assert!(db > 30.0, "{name}: {db:.1} dB");
        assert!(!broken.warnings.is_empty() && broken.partial.is_some(), "{name} says nothing");
    }
}

#[test]
fn chained_streams_follow_one_another() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let cases = [
        ("a.opus", "-c:a libopus -b:a 24k"),
        ("a.ogg", "-ar 16000 -c:a libvorbis"),
        ("a.mp3", "-ar 16000 -c:a libmp3lame -b:a 32k"),
        ("a.flac", "-ar 16000 -c:a flac"),
        ("a.oga", "-ar 16000 -c:a flac -f ogg"),
    ];
    for (name, how) in cases {
        let path = made(folder.path(), name, 1, how);
        let (_, once) = heard(&path, &alone()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&bytes[..], &bytes].concat()).unwrap();
        let (decoded, twice) = heard(&path, &alone()).unwrap();
        assert_eq!((decoded.duration_ms, decoded.partial), (12_000, None), "{name}");
        let again = agreement_db(&twice[0][once[0].len()..], &once[0]);
        assert!(again > 40.0, "{name}: {again:.1} dB");
    }
}

#[test]
fn what_changes_half_way_is_heard_to_the_end_in_the_shape_it_begins_with() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    // (ending, how, channels and rate of the first part and of the second)
    let cases = [
        ("mp3", "-c:a libmp3lame", (1, 16_000), (1, 24_000)),
        ("mp3", "-c:a libmp3lame", (1, 8_000), (2, 44_100)),
        ("mp3", "-c:a libmp3lame -write_xing 0", (1, 16_000), (1, 8_000)),
        ("mp3", "-c:a libmp3lame", (2, 16_000), (1, 16_000)),
        ("ogg", "-c:a libvorbis", (1, 16_000), (1, 8_000)),
        ("ogg", "-c:a libvorbis", (2, 16_000), (1, 16_000)),
        ("opus", "-c:a libopus", (1, 48_000), (2, 48_000)),
        ("aac", "-c:a aac", (1, 16_000), (1, 24_000)),
        ("aac", "-c:a aac", (2, 16_000), (1, 16_000)),
        ("flac", "-c:a flac", (1, 16_000), (2, 8_000)),
    ];
    for (ending, how, first, second) in cases {
        let name = format!("{first:?} to {second:?}.{ending}");
        let part = |number: usize, (channels, rate_hz): (usize, u32)| {
            let arguments = format!("{how} -ar {rate_hz} -id3v2_version 0");
            std::fs::read(made(folder.path(), &format!("{number}.{ending}"), channels, &arguments)).unwrap()
        };
        let path = folder.path().join("whole").with_extension(ending);
        std::fs::write(&path, [part(1, first), part(2, second)].concat()).unwrap();
        let (decoded, sound) = heard(&path, &alone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((usize::from(decoded.channels), decoded.rate_hz), first, "{name}");
        assert_eq!((decoded.partial, decoded.warnings.len()), (None, 1), "{name}: {:?}", decoded.warnings);
        assert!((12_000..12_400).contains(&decoded.duration_ms), "{name}: {} ms", decoded.duration_ms);
        // The second part is as loud as the first, at its start and at its end, on every channel.
        let second = sound[0].len() / 2;
        for samples in &sound {
            let power =
                |samples: &[f32]| samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32;
            let loudness = [0, second, second * 3 / 2].map(|at| power(&samples[at..at + second / 3]).sqrt());
            assert!(loudness.iter().all(|loudness| (0.05..0.3).contains(loudness)), "{name}: {loudness:?}");
        }
    }
}

#[test]
fn what_is_cut_off_is_never_ok() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let names: Vec<_> = MADE.iter().filter(|(name, ..)| name != &"no-tag.mp3" && name != &"adts.aac").collect();
    let by_ffmpeg = [
        ("speex.spx", 1, "-ar 8000 -c:a libspeex"),
        ("wma.wma", 1, "-ar 16000 -c:a wmav2"),
        ("g723.tco", 1, "-ar 8000 -c:a g723_1 -b:a 6300"),
        ("ac3.ac3", 1, "-c:a ac3"),
        ("mp2.wav", 1, "-ar 16000 -c:a mp2"),
        ("mp3.avi", 1, "-ar 16000 -c:a libmp3lame"),
        ("voice.voc", 1, "-ar 8000 -c:a pcm_u8"),
        ("streamed.flac", 1, "-ar 8000 -c:a flac"),
        ("fragments.mp4", 1, "-ar 8000 -c:a aac -movflags frag_keyframe+empty_moov -frag_duration 500000"),
        ("fast.m4a", 1, "-ar 8000 -c:a aac -movflags faststart"),
    ];
    let all = names.iter().map(|(name, channels, how, ..)| (*name, *channels, *how)).chain(by_ffmpeg);
    for (name, channels, how) in all {
        let path = made(folder.path(), name, channels, how);
        let mut bytes = std::fs::read(&path).unwrap();
        if name == "streamed.flac" {
            // A writer to a pipe cannot go back to tell the number of samples, 36 bits.
            bytes[21] &= 0xf0;
            bytes[22..26].fill(0);
        }
        for hundredths in [50, 99] {
            let cut = &bytes[..bytes.len() * hundredths / 100 - 1];
            std::fs::write(&path, cut).unwrap();
            let Ok((decoded, _)) = heard(&path, &DecodeOptions::default()) else {
                // What comes last may be what a file is known by.
                let is_known_by_its_end = ["m4a", "mp4", "3gp"].iter().any(|ending| name.ends_with(ending));
                assert!(
                    is_known_by_its_end && name != "fast.m4a" && name != "fragments.mp4",
                    "{name}: nothing is heard"
                );
                continue;
            };
            assert!(decoded.partial.is_some(), "{name} at {hundredths} %: {} ms, and ok", decoded.duration_ms);
        }
    }
}

/// A file of AMR frames at `mode`, of a tone that glides, with pauses where `dtx`.
fn amr(is_wide: bool, mode: u8, dtx: bool) -> Vec<u8> {
    let config = if is_wide { CodecConfig::amr_wb() } else { CodecConfig::amr_nb() };
    let mut codec = AmrCodec::new(&config).expect("a codec");
    codec.set_mode(mode).expect("a mode");
    codec.set_allow_dtx(dtx);
    let (frame, rate) = if is_wide { (320, 16_000.0) } else { (160, 8_000.0) };
    let mut file = if is_wide { b"#!AMR-WB\n".to_vec() } else { b"#!AMR\n".to_vec() };
    for index in 0..300 {
        let is_quiet = dtx && (100..200).contains(&index);
        let samples: Vec<i16> = (0..frame)
            .map(|n| {
                let t = f64::from(index * frame + n) / rate;
                let level = if is_quiet { 20.0 } else { 8_000.0 };
                (level * (std::f64::consts::TAU * (180.0 + 30.0 * t) * t).sin()) as i16
            })
            .collect();
        let coded = codec.encode_frame(&samples).expect("a frame");
        let frame_type = match coded.kind {
            FrameKind::Speech => coded.mode,
            FrameKind::ComfortNoise => 8 + u8::from(is_wide),
            _ => 15,
        };
        file.push(frame_type << 3 | 4);
        file.extend(coded.data);
    }
    file
}

/// By how many samples `theirs` is best moved to be like `ours`.
fn best_lag(ours: &[f32], theirs: &[f32]) -> i64 {
    let likeness = |lag: i64| {
        let (skip_ours, skip_theirs) = ((-lag).max(0) as usize, lag.max(0) as usize);
        ours.iter().skip(skip_ours).zip(theirs.iter().skip(skip_theirs)).map(|(a, b)| f64::from(a * b)).sum::<f64>()
    };
    (-200..=200).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap_or(0)
}

#[test]
fn amr_decodes_when_ffmpeg_does() {
    let folder = TempDir::new().unwrap();
    let has_ffmpeg = has("ffmpeg");
    let narrow = (0..8).map(|mode| (false, mode, false));
    let wide = (0..9).map(|mode| (true, mode, false));
    for (is_wide, mode, dtx) in narrow.chain(wide).chain([(false, 7, true), (true, 8, true)]) {
        let name = format!("{}-{mode}{}", if is_wide { "wide" } else { "narrow" }, if dtx { "-dtx" } else { "" });
        let path = folder.path().join(format!("{name}.amr"));
        std::fs::write(&path, amr(is_wide, mode, dtx)).unwrap();
        let (decoded, ours) = heard(&path, &alone()).unwrap();
        assert_eq!((decoded.duration_ms, decoded.partial.as_ref()), (6_000, None), "{name}");
        assert_eq!(decoded.rate_hz, if is_wide { 16_000 } else { 8_000 }, "{name}");
        assert_eq!(decoded.codec, if is_wide { "amr_wb" } else { "amr_nb" }, "{name}");
        if !has_ffmpeg {
            continue;
        }
        // ffmpeg's decoder of AMR is another than the standard's, of which it stays 28 dB (AMR) and 16 to 32 dB (AMR-WB)
        // apart, and far more in comfort noise: what is held to here is the time.
        let lag = best_lag(&ours[0], &theirs(&path, &decoded, &[])[0]);
        assert!(lag.abs() <= 16, "{name} is {lag} samples off");
        let in_3gp = folder.path().join(format!("{name}.3gp"));
        let copied =
            Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&path).args(["-c", "copy"]).arg(&in_3gp).status();
        assert!(copied.unwrap().success());
        let (decoded, same) = heard(&in_3gp, &alone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((decoded.duration_ms, &same), (6_000, &ours), "{name} in 3GP");
    }
}

#[test]
fn amr_that_is_damaged_or_cut_keeps_its_time() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("call.amr");
    let whole = amr(false, 7, false);
    let mut holed = whole.clone();
    // Ten frames of 32 bytes, of which none looks like a frame.
    holed[6 + 32 * 100..6 + 32 * 110].fill(0xff);
    let cut = whole[..6 + 32 * 150 + 7].to_vec();
    for (name, bytes, frames, code) in [("holed", holed, 48_000, "corrupt"), ("cut", cut, 24_000, "truncated")] {
        std::fs::write(&path, bytes).unwrap();
        let (decoded, _) = heard(&path, &alone()).unwrap();
        assert_eq!(decoded.frames, frames, "{name}");
        assert_eq!(decoded.partial.map(|partial| partial.code), Some(code), "{name}");
    }
}

#[test]
fn what_only_ffmpeg_decodes_names_the_codec_and_the_way_out() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let cases = [
        ("call.spx", "-ar 8000 -c:a libspeex", "speex", "speex"),
        ("call.wma", "-ar 16000 -c:a wmav2", "wma", "wmav2"),
        ("call.ac3", "-c:a ac3", "ac3", "ac3"),
        ("call.tta", "-ar 8000 -c:a tta", "tta", "tta"),
        ("call.tco", "-ar 8000 -c:a g723_1 -b:a 6300", "g723_1", "g723_1"),
    ];
    for (name, arguments, named, codec) in cases {
        let path = made(folder.path(), name, 1, arguments);
        let nowhere = DecodeOptions { ffmpeg: Ffmpeg::At("no-such-ffmpeg".into()), ..DecodeOptions::default() };
        for options in [alone(), nowhere] {
            let error = heard(&path, &options).unwrap_err();
            assert_eq!(error, DecodeError::UnsupportedCodec { codec: named.to_owned() }, "{name}");
            assert!(error.to_string().contains("install ffmpeg"), "{error}");
        }
        let (decoded, _) = heard(&path, &DecodeOptions::default()).unwrap();
        assert_eq!((decoded.decoder.as_str(), decoded.codec.as_str()), ("ffmpeg", codec), "{name}");
        assert!((decoded.duration_ms - 6_000).abs() <= 60, "{name}: {} ms", decoded.duration_ms);
        assert_eq!(decoded.partial, None, "{name}");
    }
    let text = folder.path().join("note.wma");
    std::fs::write(&text, "no sound at all\n".repeat(99)).unwrap();
    let error = heard(&text, &DecodeOptions::default()).unwrap_err();
    assert!(!error.to_string().contains("note"), "no path in {error}");
}

#[test]
fn a_child_decodes_as_this_process_does_and_may_die() {
    if !has("ffmpeg") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = made(folder.path(), "call.opus", 2, "-c:a libopus -b:a 32k");
    let by = |child: &str| DecodeOptions { child: Some(child.into()), ..alone() };
    let here = heard(&path, &alone()).unwrap();
    let there = heard(&path, &by(env!("CARGO_BIN_EXE_callsift"))).unwrap();
    assert_eq!(here, there);
    let short = DecodeOptions { max_duration_ms: 1_500, ..by(env!("CARGO_BIN_EXE_callsift")) };
    let (decoded, _) = heard(&path, &short).unwrap();
    assert_eq!((decoded.duration_ms, decoded.partial.map(|partial| partial.code)), (1_500, Some("too_long")));
    for program in ["true", "false", "no-such-program"] {
        assert_eq!(heard(&path, &by(program)).unwrap_err(), DecodeError::DecoderPanicked, "{program}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_is_survived_and_bounded(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        kept in 0.3_f64..1.0,
    ) {
        let folder = TempDir::new().unwrap();
        let names = ["silk.opus", "opus.webm", "opus.mp4", "vbr.mp3", "aac.m4a", "adts.aac", "vorbis.ogg", "flac.flac", "alac.m4a"];
        let made_here = MADE.iter().filter(|(name, ..)| names.contains(name) && has("ffmpeg"));
        let mut files: Vec<(String, Vec<u8>)> = made_here
            .map(|(name, channels, arguments, ..)| {
                let path = made(folder.path(), name, *channels, arguments);
                ((*name).to_owned(), std::fs::read(path).unwrap())
            })
            .collect();
        files.push(("narrow.amr".to_owned(), amr(false, 4, true)));
        files.push(("wide.amr".to_owned(), amr(true, 2, true)));
        for (name, bytes) in files {
            for shift in 0..12 {
                let mut bytes = bytes.clone();
                for (index, value) in &damage {
                    let at = (index.index(bytes.len()) + shift * 7) % bytes.len();
                    bytes[at] = value.wrapping_add(shift as u8);
                }
                bytes.truncate((bytes.len() as f64 * kept) as usize);
                let path = folder.path().join(&name);
                std::fs::write(&path, &bytes).unwrap();
                let started = std::time::Instant::now();
                if let Ok((decoded, _)) = heard(&path, &alone()) {
                    let most = 4_096 * bytes.len() as u64 + 60 * u64::from(decoded.rate_hz);
                    prop_assert!(decoded.frames <= most, "{} has {} frames", name, decoded.frames);
                }
                prop_assert!(started.elapsed().as_secs() < 5, "{} takes too long", name);
            }
        }
    }
}
