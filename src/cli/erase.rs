//! `callsift forget` and `callsift hold`: what must go, and what must stay.

use super::args::{Forget, Hold, WhoseArgs};
use super::engine::users_cache;
use super::language::count;
use super::load::{customer_key, print_line};
use super::terminal::Page;
use super::{EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, no_dataset, print, print_page, run_name};
use crate::batch::RawText;
use crate::dataset::{Dataset, DatasetError, Erased, Holds, Snapshot, Whose};
use crate::engine::Cache;
use crate::entities::masked_id;
use std::collections::BTreeSet;

/// Runs `forget`; returns the exit code.
pub(super) fn forget(args: &Forget) -> u8 {
    let Some(whose) = whose(&args.whose) else { return EXIT_SET_UP };
    if whose == Whose::default() {
        print_line("whom or what to forget? give --customer or --call");
        return EXIT_SET_UP;
    }
    let Some(kept) = kept(args) else { return EXIT_SET_UP };
    let erased = match args.dry_run {
        true => Snapshot::open(&args.dataset).and_then(|snapshot| Ok(snapshot.meant(&whose)?.1)),
        false => erase(args, &whose, &kept),
    };
    match erased {
        Ok(erased) => {
            let code = if erased.held.is_empty() { EXIT_OK } else { EXIT_SOME_FAILED };
            print_page(&told(&erased, args.dry_run), code)
        }
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

/// What is kept of calls besides the dataset, unmasked.
struct Kept {
    raw_text: Option<RawText>,
    transcripts: Option<Cache>,
}

impl Kept {
    /// Removes what is kept of these calls; says how many raw texts and transcripts.
    fn forget<'a>(&self, calls: impl Iterator<Item = &'a String> + Clone) -> Result<[usize; 2], DatasetError> {
        let texts = self.raw_text.as_ref().map(|it| it.forget(calls.clone())).transpose()?;
        let transcripts = self.transcripts.as_ref().map(|it| it.forget(calls)).transpose()?;
        Ok([texts.unwrap_or(0), transcripts.unwrap_or(0)])
    }
}

/// The places that are named, and the user's cache of transcripts where there is one; `None` when what is wrong has been printed.
fn kept(args: &Forget) -> Option<Kept> {
    let raw_text = args.raw_text.as_deref().map(RawText::existing).transpose();
    let named = args.transcript_cache.clone();
    let place = named.or_else(|| users_cache().filter(|place| place.is_dir()));
    let transcripts = place.as_deref().map(Cache::existing).transpose();
    Some(Kept {
        raw_text: raw_text.map_err(|error| print_line(&format!("--raw-text: {error}"))).ok()?,
        transcripts: transcripts.map_err(|error| print_line(&format!("--transcript-cache: {error}"))).ok()?,
    })
}

/// Erases what is meant. What is kept besides goes first, while it is known whose it is, and once more for calls that came in
/// between.
fn erase(args: &Forget, whose: &Whose, kept: &Kept) -> Result<Erased, DatasetError> {
    let snapshot = Snapshot::open(&args.dataset)?;
    let (holds, (_, meant)) = (snapshot.holds()?, snapshot.meant(whose)?);
    // A call that is named may be gone from the dataset and still have its text.
    let named: Vec<&String> = whose.calls.iter().filter(|call_id| holds.because(call_id, None).is_none()).collect();
    let [mut texts, mut transcripts] = kept.forget(meant.calls.iter().chain(named))?;
    let spellings: BTreeSet<String> = args.whose.customer.iter().chain(&args.whose.call).cloned().collect();
    let dataset = Dataset::open(&args.dataset, &run_name())?;
    let erased = dataset.forget(whose, &spellings, jiff::Timestamp::now().as_microsecond())?;
    let later = kept.forget(erased.calls.iter())?;
    (texts, transcripts) = (texts + later[0], transcripts + later[1]);
    if kept.raw_text.is_some() {
        print(&format!("{} erased.\n", count(texts, "raw text")), EXIT_OK);
    }
    if kept.transcripts.is_some() {
        print(&format!("{} of the engine erased.\n", count(transcripts, "transcript")), EXIT_OK);
    }
    Ok(erased)
}

/// Runs `hold`; returns the exit code.
pub(super) fn hold(args: &Hold) -> u8 {
    let Some(whose) = whose(&args.whose) else { return EXIT_SET_UP };
    let names_some = whose != Whose::default();
    let holds = match (names_some, args.because.as_deref(), args.release) {
        (false, None, false) => Snapshot::open(&args.dataset).and_then(|snapshot| snapshot.holds()),
        (true, Some(because), false) => change_holds(args, &whose, Some(because)),
        (true, None, true) => change_holds(args, &whose, None),
        (false, ..) => return refuse("whose calls? give --customer or --call"),
        (true, ..) => return refuse("give --because with the reason for the hold, or --release"),
    };
    match holds {
        Ok(holds) => print_page(&listed(&holds), EXIT_OK),
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

fn change_holds(args: &Hold, whose: &Whose, because: Option<&str>) -> Result<Holds, DatasetError> {
    Snapshot::open(&args.dataset)?;
    Dataset::open(&args.dataset, &run_name())?.hold(whose, because)
}

fn refuse(error: &str) -> u8 {
    print_line(error);
    EXIT_SET_UP
}

/// The names as they may be written: masked, or as they are where the run was told to keep them; customers by their keyed hash
/// where there is a key. `None` where the key cannot be read, which is said.
fn whose(args: &WhoseArgs) -> Option<Whose> {
    let key = customer_key(args.customer_key.as_deref()).ok()?;
    let written = |names: &[String]| names.iter().flat_map(|name| [masked_id(name), name.clone()]).collect();
    let customers = match &key {
        Some(key) => args.customer.iter().map(|name| key.hash(name)).collect(),
        None => written(&args.customer),
    };
    Some(Whose { calls: written(&args.call), customers })
}

fn told(erased: &Erased, dry_run: bool) -> Page {
    let (mut page, calls) = (Page::default(), count(erased.calls.len(), "call"));
    page.line(match dry_run {
        true => format!("{calls} would be erased."),
        false => format!("{calls} erased. They will not come back: later runs leave them out."),
    });
    for call_id in erased.calls.iter().filter(|_| dry_run) {
        page.line(format!("  {call_id}"));
    }
    for (call_id, because) in &erased.held {
        page.line(format!("held, not erased: {call_id} ({because})"));
    }
    page
}

fn listed(holds: &Holds) -> Page {
    let mut page = Page::default();
    for (what, list) in [("call", &holds.calls), ("customer", &holds.customers)] {
        for (name, because) in list {
            page.line(format!("{what} {name}: {because}"));
        }
    }
    if page == Page::default() {
        page.line("nothing is held");
    }
    page
}
