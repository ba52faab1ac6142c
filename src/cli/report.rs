//! `callsift report`: one page for people.

use super::args::Report;
use super::language::Language;
use super::load::{customer_key, print_line};
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, no_dataset, print};
use crate::batch::{BroughtFiles, figures, read_brought, shown_calls};
use crate::dataset::{CommittedBatch, DatasetError, Snapshot};
use crate::entities::mask_text;
use crate::report::{Figures, Level, PageOptions, Scope, ShownCall, report_page};
use crate::storage::Folder;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes the page; returns the exit code.
pub(super) fn run(args: &Report, display: Language) -> u8 {
    if args.level == Level::Agent && args.agent.is_none() {
        print_line("--level agent is about one agent: name one with --agent");
        return EXIT_SET_UP;
    }
    let snapshot = match Snapshot::open(&args.dataset) {
        Ok(snapshot) => snapshot,
        Err(error) => return no_dataset(&args.dataset, &error),
    };
    let Ok(customer_key) = customer_key(args.customer_key.as_deref()) else { return EXIT_SET_UP };
    let brought = BroughtFiles {
        reviews: args.reviews.clone(),
        outcomes: args.outcomes.clone(),
        attempts: args.attempts.clone(),
        customer_key,
        known_until: args.known_until,
        cost: args.cost,
    };
    let brought = match read_brought(&brought) {
        Ok(brought) => brought,
        Err(mistakes) => {
            mistakes.iter().for_each(|mistake| print_line(&mistake.to_string()));
            return EXIT_SET_UP;
        }
    };
    let gathered = figures(&snapshot, &scope(args), brought, args.calls)
        .and_then(|figures| Ok((shown(&snapshot, &figures)?, figures)));
    match gathered {
        Ok((_, figures)) if figures.calls.all == 0 => {
            print_line(&mask_text(&format!("{} has no calls of that kind", args.dataset.display())));
            EXIT_SET_UP
        }
        Ok((calls, figures)) => write(args, display, &figures, &calls),
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

fn scope(args: &Report) -> Scope {
    Scope {
        from: args.date.or(args.from),
        to: args.date.or(args.to),
        team: args.team.clone(),
        agent: args.agent.clone(),
    }
}

/// The calls that the page shows in full: the worst, and the agent's good example.
fn shown(snapshot: &Snapshot, figures: &Figures) -> Result<Vec<ShownCall>, DatasetError> {
    let batch = |date: Option<Date>, name: &str| CommittedBatch { date, name: name.to_owned() };
    let worst = figures.worst.iter().map(|call| (batch(call.date, &call.batch), call.call_id.as_str()));
    let good = figures.own.as_ref().and_then(|own| own.good_example.as_ref());
    let good = good.map(|call| (batch(call.date, &call.batch), call.call_id.as_str()));
    let mut named = BTreeSet::new();
    let wanted: Vec<_> = worst.chain(good).filter(|(_, call_id)| named.insert(*call_id)).collect();
    shown_calls(snapshot, &wanted)
}

fn write(args: &Report, display: Language, figures: &Figures, calls: &[ShownCall]) -> u8 {
    let options = PageOptions { level: args.level, language: args.language.unwrap_or(display) };
    let page = report_page(figures, calls, &options);
    let shown = mask_text(&args.out.display().to_string());
    let Some(name) = args.out.file_name().and_then(std::ffi::OsStr::to_str) else {
        print_line(&format!("--out {shown} names no file"));
        return EXIT_SET_UP;
    };
    let folder = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = format!(".{name}.{}", std::process::id());
    match Folder::at(folder).and_then(|folder| folder.replace(name, page.as_bytes(), &draft)) {
        Ok(()) => {
            print(&format!("Report of {} calls, {} shown in full: {shown}\n", figures.calls.all, calls.len()), EXIT_OK)
        }
        Err(error) => {
            print_line(&mask_text(&format!("{}: {error}", folder.display())));
            EXIT_IO
        }
    }
}
