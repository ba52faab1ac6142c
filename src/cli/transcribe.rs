//! `callsift transcribe`: fills the cache of transcripts, and nothing else.

use super::args::Transcribe;
use super::engine::{config, listener, named};
use super::language::count;
use super::progress::Watcher;
use super::signals::stop_flag;
use super::summary::MS_PER_HOUR;
use super::terminal::Page;
use super::{EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, EXIT_STOPPED, load, print_page};
use crate::batch::{TranscribeOptions, TranscribedAll, transcribe};
use crate::engine::{Cache, Live, Saved};
use crate::entities::mask_text;
use crate::worklist::{WorkList, WorkOptions};

/// How many calls that failed are listed.
const LISTED: usize = 20;

/// Runs `transcribe`; returns the exit code.
pub(super) fn run(args: &Transcribe) -> u8 {
    let watcher = Watcher::start(args.output);
    let Some((work, live)) = set_up(args) else { return EXIT_SET_UP };
    let stop = stop_flag();
    let options = TranscribeOptions { threads: args.threads, decode: args.decoding.options(), stop: Some(&stop) };
    let done = transcribe(&work, &live, &options, &watcher);
    watcher.bar().finish_and_clear();
    match done {
        Ok(done) => {
            let page = told(&done, &live);
            let failed = if done.failed.is_empty() { EXIT_OK } else { EXIT_SOME_FAILED };
            let code = if done.not_begun > 0 { EXIT_STOPPED } else { failed };
            if args.output.quiet { code } else { print_page(&page, code) }
        }
        Err(mistakes) => {
            mistakes.iter().for_each(|mistake| tracing::error!("{mistake}"));
            EXIT_SET_UP
        }
    }
}

fn set_up(args: &Transcribe) -> Option<(WorkList, Live)> {
    let work = WorkList::read(&WorkOptions {
        inputs: args.inputs.clone(),
        manifest: args.manifest.clone(),
        shard: args.shard,
        ..WorkOptions::default()
    });
    let work = work.map_err(|mistakes| mistakes.iter().for_each(|mistake| tracing::error!("{mistake}"))).ok();
    let config = config(&args.engine, args.language.as_deref())?;
    let listener = listener(named(&config)?, &config)?;
    let cache = Cache::at(&args.out)
        .map_err(|error| load::print_line(&format!("--out {}: {error}", args.out.display())))
        .ok()?;
    Some((work?, Live::new(listener, Some(cache), Saved { format: config.format }, config.language)))
}

fn told(done: &TranscribedAll, live: &Live) -> Page {
    let (asked, cached) = live.asked_and_cached();
    let mut page = Page::default();
    page.line(format!(
        "{}, {:.2} h of sound: {} heard by the engine, {} known before.",
        count(done.calls, "recording"),
        done.audio_ms as f64 / MS_PER_HOUR,
        count(asked as usize, "channel"),
        count(cached as usize, "channel"),
    ));
    for (call_id, why) in done.failed.iter().take(LISTED) {
        page.line(format!("failed: {call_id}: {}", mask_text(why)));
    }
    if done.failed.len() > LISTED {
        page.line(format!("and {} more failed", done.failed.len() - LISTED));
    }
    if done.not_begun > 0 {
        page.line(format!("stopped: {} left", count(done.not_begun, "recording")));
    }
    page
}
