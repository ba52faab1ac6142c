//! Whatever bytes a recording has, decoding ends soon, in little memory, with sound or an error: mutated files of every format.
//!
//! Each target runs for 2 seconds, or as long as `CALLSIFT_FUZZ_S` says; `CALLSIFT_FUZZ_SEED` takes another way through the
//! mutations. What fails is written to `target/tmp`, to be run again by adding it to
//! `fixtures/formats`.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "says how many executions there were, and what failed")]

#[path = "../benches/recheck/draw.rs"]
#[expect(dead_code, reason = "calls are made of more kinds of numbers")]
mod draw;

use callsift::audio::decode::{DecodeError, DecodeOptions, Ffmpeg, decode};
use draw::Draw;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Nothing takes longer of a processor, nor more memory: decoders hold a few blocks, and tables of files that fit in them.
const MOST_TIME: Duration = Duration::from_secs(5);

/// What waits for something is no decoder; a loaded machine may hold one back for a while.
const MOST_WAIT: Duration = Duration::from_secs(60);

const MOST_BYTES: isize = 64 << 20;

/// FLAC holds 65,535 equal samples in a dozen bytes; nothing holds more.
const MOST_FRAMES_A_BYTE: u64 = 65_536;

thread_local! {
    /// Bytes this thread has allocated and not freed, and the most since that was last set.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: isize) {
    // A thread that ends has no cell any more.
    let _ = HELD.try_with(|held| {
        let (now, most) = held.get();
        held.set((now + bytes, most.max(now + bytes)));
    });
}

#[expect(unsafe_code, reason = "hands on to the system's allocator")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// A place in so many bytes; headers are where most decisions are made.
fn place(draw: &mut Draw, bytes: usize) -> usize {
    let within = if draw.below(2) == 0 { bytes.min(128) } else { bytes };
    draw.below(within)
}

const ODD_NUMBERS: [u32; 10] = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

fn mutate(seeds: &[(PathBuf, Vec<u8>)], draw: &mut Draw) -> (usize, Vec<u8>) {
    let seed = draw.below(seeds.len());
    let mut bytes = seeds[seed].1.clone();
    for _ in 0..=draw.below(4) {
        if bytes.is_empty() {
            break;
        }
        let (at, kind) = (place(draw, bytes.len()), draw.below(7));
        match kind {
            0 => bytes[at] ^= 1 << draw.below(8),
            1 => bytes[at] = draw.number() as u8,
            2 => {
                let odd = ODD_NUMBERS[draw.below(ODD_NUMBERS.len())];
                let width = [1, 2, 4][draw.below(3)];
                let number =
                    if draw.below(2) == 0 { odd.to_le_bytes() } else { odd.rotate_left(32 - 8 * width).to_be_bytes() };
                let end = bytes.len().min(at + width as usize);
                bytes[at..end].copy_from_slice(&number[..end - at]);
            }
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..(at + 1 + draw.below(64)).min(bytes.len()))),
            5 => {
                let part = bytes[at..(at + 1 + draw.below(64)).min(bytes.len())].to_vec();
                let to = place(draw, bytes.len());
                bytes.splice(to..to, part);
            }
            _ => {
                let other = &seeds[draw.below(seeds.len())].1;
                let from = place(draw, other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
    (seed, bytes)
}

/// Puts the checksum of every page of an Ogg file right (RFC 3533), without which nothing behind it is looked at.
fn seal_pages(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|four| four == b"OggS") {
        at += found;
        let segments = bytes.get(at + 26).map_or(0, |count| usize::from(*count));
        let Some(table) = bytes.get(at + 27..at + 27 + segments) else { return };
        let body: usize = table.iter().map(|length| usize::from(*length)).sum();
        let end = (at + 27 + segments + body).min(bytes.len());
        bytes[at + 22..at + 26].fill(0);
        let sum = bytes[at..end].iter().fold(0_u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| sum << 1 ^ if sum >> 31 == 1 { 0x04C1_1DB7 } else { 0 })
        });
        bytes[at + 22..at + 26].copy_from_slice(&sum.to_le_bytes());
        at = end;
    }
}

/// Decodes mutations of the files `names` for a while.
fn fuzz(target: &str, names: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let seeds: Vec<(PathBuf, Vec<u8>)> = names
        .iter()
        .map(|name| {
            (folder.join(name), std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect();
    let from_env =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let lasts = Duration::from_secs(from_env("CALLSIFT_FUZZ_S", 2));
    let mut draw =
        Draw(from_env("CALLSIFT_FUZZ_SEED", 1) ^ target.bytes().fold(0, |hash, byte| hash * 31 + u64::from(byte)));
    // Telling where a panic came from takes far more memory than decoding.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let scratch = tempfile::tempdir().expect("a folder");
    let (started, mut runs, mut sound, mut fenced) = (Instant::now(), 0_u64, 0_u64, 0_u64);
    while started.elapsed() < lasts {
        let (seed, mut bytes) = mutate(&seeds, &mut draw);
        // Now and then a wrong one must be met too.
        if draw.below(8) > 0 {
            seal_pages(&mut bytes);
        }
        let path = scratch.path().join("mutated").with_extension(seeds[seed].0.extension().unwrap_or_default());
        std::fs::write(&path, &bytes).expect("written");
        match run(&path, bytes.len() as u64) {
            Ok(Some(DecodeError::DecoderPanicked)) => fenced += 1,
            Ok(Some(_)) => {}
            Ok(None) => sound += 1,
            Err(why) => {
                let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{target}-{runs}"));
                std::fs::write(&kept, &bytes).expect("written");
                panic!("{target}: {why}; the bytes are in {}", kept.display());
            }
        }
        runs += 1;
    }
    println!("{target}: {runs} executions, {sound} with sound, {fenced} panics inside a decoder of others, caught");
    assert!(runs >= 20 && sound > 0, "{target}: {runs} executions, {sound} with sound");
}

/// How long this thread has been running, where the system says so: other processes are not the decoder's fault.
fn busy() -> Duration {
    thread_local!(static BORN: Instant = Instant::now());
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()).and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| BORN.with(Instant::elapsed), Duration::from_nanos)
}

/// The error that decoding ended with, if any, or what was wrong about how it went.
fn run(path: &Path, file_bytes: u64) -> Result<Option<DecodeError>, String> {
    HELD.set((0, 0));
    let (started, began, mut frames, mut wrong) = (Instant::now(), busy(), 0, None);
    let options = DecodeOptions { ffmpeg: Ffmpeg::Never, ..DecodeOptions::default() };
    let decoded = decode(path, &options, &mut |pcm| {
        frames += pcm.frames() as u64;
        let shape = pcm.channels.iter().all(|samples| samples.len() == pcm.frames());
        if !shape || pcm.channels.iter().flatten().any(|sample| !sample.is_finite() || sample.abs() > 16.0) {
            wrong = Some("a block of another shape, or samples that are no sound".to_owned());
        }
    });
    let (took, most) = (busy().saturating_sub(began), HELD.get().1);
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    if took > MOST_TIME || started.elapsed() > MOST_WAIT {
        return Err(format!("it took {took:?} of a processor, {:?} by the clock", started.elapsed()));
    }
    if most > MOST_BYTES {
        return Err(format!("it held {most} bytes"));
    }
    match decoded {
        Ok(decoded) if decoded.frames != frames || frames == 0 => {
            Err(format!("{} frames of {frames} are told of", decoded.frames))
        }
        Ok(_) if frames > (file_bytes + 64) * MOST_FRAMES_A_BYTE => {
            Err(format!("{frames} frames of {file_bytes} bytes"))
        }
        Ok(_) => Ok(None),
        Err(error) => Ok(Some(error)),
    }
}

macro_rules! targets {
    ($($target:ident: $($name:literal)*;)*) => {$(
        #[test]
        fn $target() {
            fuzz(stringify!($target), &[$($name),*]);
        }
    )*};
}

targets! {
    riff: "pcm-u8.wav" "pcm-s16.wav" "pcm-s24.wav" "pcm-f32.wav" "pcm-f64.wav" "alaw.wav" "mulaw.wav" "rf64.wav";
    wave64: "pcm.w64";
    au: "pcm.au" "mulaw.au";
    adpcm: "ima.wav" "ms.wav" "dialogic.vox";
    gsm: "gsm.gsm" "gsm49.wav";
    g722: "g722.g722" "g722.wav";
    g726: "g726.wav";
    mp3: "mpeg25.mp3" "vbr.mp3" "mp3.wav";
    adts: "aac.aac";
    mp4: "aac.m4a" "alac.m4a" "aac.3gp" "opus.mp4";
    flac: "flac.flac";
    matroska: "flac.mka" "opus.webm";
    vorbis: "vorbis.ogg";
    opus: "opus.opus";
    amr: "amr-nb.amr";
    aiff: "pcm.aiff";
    caf: "pcm.caf";
}
