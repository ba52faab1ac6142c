//! Writes a dataset of made-up calls of 3 minutes with 25 utterances each, 10,000 a day, to judge again.
//!
//! `cargo run --release --example make_history -- DIR CALLS [word-times]`; every other sentence is one of a text file that
//! `CALLSIFT_SENTENCES` names, one sentence a line, where it is given.

#![expect(clippy::disallowed_methods, reason = "reads a file of sentences")]

#[path = "../benches/recheck/calls.rs"]
#[expect(dead_code, reason = "the benchmark takes more of it")]
mod calls;
#[path = "../benches/recheck/draw.rs"]
mod draw;
#[path = "../benches/recheck/sentences.rs"]
mod sentences;

use callsift::batch::judged;
use callsift::dataset::{Batch, Dataset, RunEnd};
use callsift::facts::Facts;
use callsift::inspect::Plan;
use callsift::packs::{PackOptions, load};
use callsift::tables::Row;
use std::path::PathBuf;

const CALLS_A_DAY: usize = 10_000;
const CALLS_A_BATCH: usize = 256;
const DAY_US: i64 = 86_400_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(dir), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("give a folder and a number of calls".into());
    };
    let (count, with_word_times) = (count.parse::<usize>()?, arguments.next().is_some());
    let real = match std::env::var("CALLSIFT_SENTENCES") {
        Ok(path) => std::fs::read_to_string(path)?.lines().map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    };
    let packs = load(&PackOptions::default()).map_err(|_| "the shipped packs do not load")?;
    let plan = packs.plan(None)?;
    let dataset = Dataset::open(&PathBuf::from(dir), "made-up")?;
    dataset.start_run(&serde_json::Map::new())?;
    dataset.write_rules(&plan.ruleset_hash, &packs.rule_rows())?;
    let mut draw = draw::Draw(7);
    let mut made = 0;
    while made < count {
        let of_day = CALLS_A_DAY - made % CALLS_A_DAY;
        let size = CALLS_A_BATCH.min(of_day).min(count - made);
        let rows: Vec<Row> = (made..made + size)
            .map(|index| row(calls::call(index, with_word_times, &real, &mut draw), index, &plan))
            .collect();
        dataset.commit(&Batch { rows: &rows, stamps: &vec![1; rows.len()], force: false })?;
        made += size;
    }
    dataset.end_run(&serde_json::Map::new(), RunEnd::Done)?;
    Ok(())
}

fn row(mut facts: Facts, index: usize, plan: &Plan) -> Row {
    if let Some(started_at) = &mut facts.call.metadata.started_at {
        started_at.timestamp_us -= (index / CALLS_A_DAY) as i64 * DAY_US;
    }
    let judged = judged(&facts, plan);
    Row { facts, judged: Some(judged) }
}
