//! `callsift clips`: a WAV file of each finding, and their index.

use super::args::Clips;
use super::language::count;
use super::load::print_line;
use super::progress::Watcher;
use super::signals::stop_flag;
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, EXIT_STOPPED, no_dataset, print};
use crate::batch::clips::{BadFolder, ClipFolder, Clipped, ClipsError, ClipsOptions, INDEX, clips};
use crate::batch::recordings::RecordingFolders;
use crate::dataset::Snapshot;
use crate::entities::mask_text;
use crate::storage::StorageError;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

/// How many calls that failed are listed.
const LISTED: usize = 20;
const BYTES_PER_MB: f64 = 1e6;

/// Cuts the clips and prints the summary; returns the exit code.
pub(super) fn run(args: &Clips) -> u8 {
    let watcher = Watcher::start(args.output);
    let (stop, started) = (stop_flag(), Instant::now());
    let options = ClipsOptions {
        selection: args.selection(),
        cutting: args.cutting(),
        most_bytes: args.most,
        decode: args.decoding.options(),
        threads: args.threads,
        stop: Some(&stop),
    };
    let Some(folders) = recordings(args) else { return EXIT_SET_UP };
    let snapshot = match Snapshot::open(&args.dataset) {
        Ok(snapshot) => snapshot,
        Err(error) => return no_dataset(&args.dataset, &error),
    };
    let out = match ClipFolder::open(&args.out, &options.key()) {
        Ok(out) => out,
        Err(error) => return refused(&args.out, &error),
    };
    let ended = clips(&snapshot, &folders, out, &options, &watcher);
    watcher.bar().finish_and_clear();
    match ended {
        Ok(clipped) if args.output.quiet => code(&clipped),
        Ok(clipped) => print(&told(&clipped, args, started.elapsed().as_secs_f64()), code(&clipped)),
        Err(ClipsError::Dataset(error)) => no_dataset(&args.dataset, &error),
        Err(ClipsError::Storage(error)) => unwritten(&args.out, &error),
    }
}

/// The folders of recordings; `None` when what is wrong with them, or with times, has been printed.
fn recordings(args: &Clips) -> Option<RecordingFolders> {
    if args.longest <= args.pad {
        print_line("--longest is no longer than --pad, so that no clip would reach its finding; give a longer one");
        return None;
    }
    let folders = RecordingFolders::at(&args.recordings);
    let refused = |(place, error): (std::path::PathBuf, std::io::Error)| {
        let place = place.display();
        print_line(&mask_text(&format!("--recordings {place}: {error}; name a folder that you may read")));
    };
    folders.map_err(refused).ok()
}

/// Says that the folder is none for clips; returns the exit code.
fn refused(place: &Path, error: &BadFolder) -> u8 {
    if let BadFolder::Storage(error) = error {
        return unwritten(place, error);
    }
    print_line(&mask_text(&format!("--out {}: {error}", place.display())));
    EXIT_SET_UP
}

/// Says that the folder of clips cannot be written; returns the exit code.
fn unwritten(place: &Path, error: &StorageError) -> u8 {
    print_line(&mask_text(&format!("--out {}: {error}", place.display())));
    if error.code() == "unwritable" { EXIT_SET_UP } else { EXIT_IO }
}

const fn code(clipped: &Clipped) -> u8 {
    match (clipped.not_begun, clipped.failed.is_empty()) {
        (0, true) => EXIT_OK,
        (0, false) => EXIT_SOME_FAILED,
        _ => EXIT_STOPPED,
    }
}

fn told(clipped: &Clipped, args: &Clips, seconds: f64) -> String {
    let mut text = format!(
        "Cut {} of {}, {:.1} MB, in {seconds:.1} s.\n",
        count(clipped.clips, "clip"),
        count(clipped.recordings, "recording"),
        clipped.bytes as f64 / BYTES_PER_MB
    );
    // Writing to a string cannot fail.
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    if clipped.not_begun == 0 {
        line(format!("Index: {}", mask_text(&args.out.join(INDEX).to_string_lossy())));
    } else {
        let left = count(clipped.not_begun, "recording");
        line(format!("Stopped: {left} not begun, and no index written. The same command does all."));
    }
    if clipped.removed > 0 {
        line(format!("{} of an earlier run removed: nothing asks for them any more.", count(clipped.removed, "clip")));
    }
    let reasons = without(clipped, args.most);
    if clipped.clips + clipped.failed.len() + clipped.not_begun + reasons.len() == 0 {
        line("No finding of the dataset fits; check what --rule, --severity, --call and the like ask for.".to_owned());
    }
    reasons.into_iter().for_each(&mut line);
    failures(clipped).into_iter().for_each(line);
    text
}

/// The calls of which clips could not be cut, and why.
fn failures(clipped: &Clipped) -> Vec<String> {
    let told = |(call_id, findings, why): &(String, usize, String)| {
        format!("failed: {call_id}, {}: {}", count(*findings, "finding"), mask_text(why))
    };
    let mut lines: Vec<String> = clipped.failed.iter().take(LISTED).map(told).collect();
    if clipped.failed.len() > LISTED {
        lines.push(format!("and {} more failed", clipped.failed.len() - LISTED));
    }
    lines
}

/// Why findings have no clip, or not the one that was asked for.
fn without(clipped: &Clipped, most_bytes: u64) -> Vec<String> {
    let most_mb = most_bytes as f64 / BYTES_PER_MB;
    let reasons = [
        (
            clipped.left_out,
            "finding",
            format!(
                "left out, none graver than those cut: their clips would go over {most_mb:.0} MB. Give a larger --most, or ask for fewer."
            ),
        ),
        (
            clipped.without_time,
            "finding",
            "without a clip: something that is missing, or a fact of the whole call, has no place in it.".to_owned(),
        ),
        (clipped.without_sound, "finding", "without a clip: there is no sound of the call.".to_owned()),
        (
            clipped.not_muted,
            "clip",
            "with both parties: not_muted_because in the index says why the other could not be silenced.".to_owned(),
        ),
    ];
    let told = |(n, thing, reason)| format!("{} {reason}", count(n, thing));
    reasons.into_iter().filter(|(n, ..)| *n > 0).map(told).collect()
}
