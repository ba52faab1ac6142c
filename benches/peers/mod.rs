//! What the benches of decoding share: the clock, the others that decode the same recordings, and the table.

#![expect(
    clippy::disallowed_methods,
    reason = "a bench reads the clock, and starts the programs that it is compared with"
)]
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::TrackType;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;

/// How many runs the times are the middle of.
const RUNS: usize = 5;

/// Times real time of one recording.
pub(crate) struct Row {
    name: String,
    /// Ours, symphonia alone, libsndfile and ffmpeg; none for who cannot.
    times: [Option<f64>; 4],
}

impl Row {
    /// Times everybody over the recording at `path`, `duration_s` long; `ours` decodes it.
    pub(crate) fn time(name: &str, path: &Path, duration_s: f64, ours: impl Fn()) -> Self {
        let symphonia_s = alone(path).map(|_| seconds(|| _ = black_box(alone(path))));
        let spent_s = [Some(seconds(ours)), symphonia_s, libsndfile_s(path), ffmpeg_s(path)];
        Self { name: name.to_owned(), times: spent_s.map(|spent_s| spent_s.map(|spent_s| duration_s / spent_s)) }
    }
}

/// Prints the rows as a table.
pub(crate) fn print(rows: &[Row]) {
    println!("\ntimes real time on one core, middle of {RUNS} runs; ffmpeg's user time, its start included");
    println!(
        "{:<16} {:>9} {:>9} {:>11} {:>9} {:>13}",
        "", "callsift", "symphonia", "libsndfile", "ffmpeg", "of best peer"
    );
    for Row { name, times } in rows {
        let [ours, symphonia, libsndfile, ffmpeg] =
            times.map(|times| times.map_or("-".to_owned(), |x| format!("{x:.0}")));
        let best = times[1..].iter().flatten().copied().reduce(f64::max);
        let ratio = times[0].zip(best).map_or("-".to_owned(), |(ours, best)| format!("{:.2}", ours / best));
        println!("{name:<16} {ours:>9} {symphonia:>9} {libsndfile:>11} {ffmpeg:>9} {ratio:>13}");
    }
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Seconds of this core that a run takes; by the clock where the system does not tell.
fn seconds(run: impl Fn()) -> f64 {
    let once = |_| {
        let (start, start_s) = (Instant::now(), core_seconds());
        run();
        let spent_s = start_s.and_then(|start_s| Some(core_seconds()? - start_s));
        spent_s.unwrap_or_else(|| start.elapsed().as_secs_f64())
    };
    middle((0..RUNS).map(once).collect()).expect("there are runs")
}

/// What this thread has had of a core so far (Linux, `proc(5)`).
fn core_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// User time of ffmpeg; none where there is no ffmpeg.
fn ffmpeg_s(path: &Path) -> Option<f64> {
    let once = |_| {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "info", "-benchmark", "-threads", "1", "-i"]).arg(path).args(["-f", "null", "-"]);
        let output = command.stdin(Stdio::null()).output().ok()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        said.split("bench: utime=").nth(1)?.split('s').next()?.parse().ok()
    };
    middle((0..RUNS).map(once).collect::<Option<_>>()?)
}

/// Processor time of libsndfile, by way of Python's soundfile; none where it is not there or cannot decode it.
fn libsndfile_s(path: &Path) -> Option<f64> {
    let script = "import soundfile, sys, time\nstart = time.process_time()\n\
                  for block in soundfile.blocks(sys.argv[1], 65536, dtype='float32'): pass\n\
                  print(time.process_time() - start)";
    let once = |_| {
        let output = Command::new("python3").args(["-c", script]).arg(path).stdin(Stdio::null()).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    middle((0..RUNS).map(once).collect::<Option<_>>()?)
}

/// Decodes with symphonia and nothing around it; returns frames, none where it cannot.
pub(crate) fn alone(path: &Path) -> Option<u64> {
    let source = MediaSourceStream::new(Box::new(std::fs::File::open(path).ok()?), Default::default());
    let mut format =
        symphonia::default::get_probe().probe(&Hint::new(), source, Default::default(), Default::default()).ok()?;
    let track = format.default_track(TrackType::Audio)?;
    let params = track.codec_params.as_ref().and_then(|params| params.audio())?;
    let mut decoder =
        symphonia::default::get_codecs().make_audio_decoder(params, &AudioDecoderOptions::default()).ok()?;
    let (mut frames, mut planar): (u64, Vec<Vec<f32>>) = (0, Vec::new());
    while let Ok(Some(packet)) = format.next_packet() {
        let decoded = decoder.decode(&packet).ok()?;
        frames += decoded.frames() as u64;
        decoded.copy_to_vecs_planar(&mut planar);
    }
    black_box(planar);
    (frames > 0).then_some(frames)
}
