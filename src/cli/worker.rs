//! `callsift worker` and `callsift describe`: calls from and into streams of Arrow, for engines that distribute.

use super::args::{Describe, Worker};
use super::engine::{Engine, engine};
use super::load::{load_plan, print_line};
use super::per_call::{settings, work_options};
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, log, print_json};
use crate::batch::{Inspector, available};
use crate::dataset::write_rules_table;
use crate::entities::mask_text;
use crate::worker::{Counters, Inspection, Supervision, Trouble, describe, inspect, judge_again, supervise};
use crate::worklist::WorkOptions;
use indicatif::ProgressBar;
use std::io::{stderr, stdin, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Inspects what comes in, in a process of its own; returns the exit code.
pub(super) fn run(args: &Worker) -> u8 {
    log::start(args.log_format, false, &ProgressBar::hidden());
    if !dies_with_parent(args.inspects_for.or(args.parent)) {
        print_line(
            "--parent is not the process that started this one: give the id of the process that does, and start again",
        );
        return EXIT_IO;
    }
    let done = if args.inspects_for.is_some() { inspects(args) } else { supervised(args) };
    match done {
        Ok(code) => code,
        // It has been said already.
        Err(Trouble::Ended { code }) => code,
        Err(trouble) => {
            tracing::error!("{}", mask_text(&trouble.to_string()));
            if trouble.may_pass() { EXIT_IO } else { EXIT_SET_UP }
        }
    }
}

fn supervised(args: &Worker) -> Result<u8, Trouble> {
    let counters = Counters::default();
    let start = || start(std::process::id());
    let (rows_at_a_time, heartbeat) = (args.rows, args.heartbeat.0);
    let supervision = Supervision { start: &start, rows_at_a_time, heartbeat, counters: &counters };
    supervise(&supervision, stdin(), stdout().lock(), stderr())?;
    Ok(EXIT_OK)
}

/// Starts this command again to inspect for the process `pid`.
fn start(pid: u32) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).arg(format!("--inspects-for={pid}"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
}

fn inspects(args: &Worker) -> Result<u8, Trouble> {
    let loaded = load_plan(&args.per_call.packs, args.per_call.scorecard.as_deref());
    if args.recheck {
        let Some((_, mut plan)) = loaded else { return Ok(EXIT_SET_UP) };
        plan.in_force = args.in_force;
        judge_again(&plan, stdin(), stdout().lock())?;
        return Ok(EXIT_OK);
    }
    let engine = engine(&args.per_call.engine, &args.per_call.cache, args.per_call.language.as_deref());
    let (Some((_, plan)), Some(Engine { engine, identity }), Some(options)) =
        (loaded, engine, work_options(&args.per_call))
    else {
        return Ok(EXIT_SET_UP);
    };
    let settings = settings(&args.per_call, identity);
    let inspector = Inspector::new(&plan, engine.as_ref(), &settings, available(args.threads));
    let options = WorkOptions { transcripts: args.transcripts.clone(), ..options };
    let folder = args.recordings.as_deref().unwrap_or(Path::new(""));
    inspect(Inspection { inspector: &inspector, options, folder }, stdin(), stdout().lock())?;
    Ok(EXIT_OK)
}

/// Has this process killed when the one that started it dies, where the system knows such a thing; elsewhere its pipes break. False where that
/// one, if it is known, has died before.
fn dies_with_parent(parent: Option<u32>) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // What cannot be had is done without.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
    #[cfg(unix)]
    if let Some(parent) = parent {
        return std::os::unix::process::parent_id() == parent;
    }
    let _ = parent;
    true
}

/// Prints what a worker with these rules reads and writes; returns the exit code.
pub(super) fn describe_worker(args: &Describe) -> u8 {
    let Some((packs, plan)) = load_plan(&args.packs, args.scorecard.as_deref()) else { return EXIT_SET_UP };
    if let Some(folder) = &args.rules_table
        && let Err(error) = write_rules_table(folder, &plan.ruleset_hash, &packs.rule_rows())
    {
        print_line(&mask_text(&format!("--rules-table {}: {error}", folder.display())));
        return EXIT_IO;
    }
    print_json(&format!("{:#}\n", describe(&plan)), EXIT_OK)
}
