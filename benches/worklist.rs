//! A day's work list, read twice: every line checked, every recording and transcript looked at.
//!
//! `CALLSIFT_BENCH_CALLS=1000000 cargo bench --bench worklist -- --test` measures a million calls once.

#![expect(clippy::disallowed_methods, reason = "a benchmark makes files and takes the time")]
#![expect(clippy::print_stderr, reason = "a benchmark says what it measured")]

use callsift::worklist::{WorkList, WorkOptions};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fs::{File, create_dir, read_to_string};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

const FOLDERS: usize = 1_000;

fn calls_wanted() -> usize {
    std::env::var("CALLSIFT_BENCH_CALLS").ok().and_then(|calls| calls.parse().ok()).unwrap_or(20_000)
}

/// A manifest, and for every call an empty recording and transcript; each customer has two calls.
fn make_site(root: &Path, calls: usize) -> std::io::Result<()> {
    let mut manifest = BufWriter::new(File::create(root.join("manifest.csv"))?);
    writeln!(
        manifest,
        "call_id,recording,started_at,agent_id,team,customer_id,callee_role,stage,direction,answered,talk_s,due_amount"
    )?;
    for folder in 0..FOLDERS {
        create_dir(root.join(format!("d{folder:04}")))?;
    }
    for call in 0..calls {
        let (folder, name) = (call * FOLDERS / calls, format!("20261101-{call:07}"));
        for ending in ["wav", "transcript.json"] {
            File::create(root.join(format!("d{folder:04}/{name}.{ending}")))?;
        }
        let (day, second) = (call / 50_000 + 1, call % 50_000 + 28_800);
        let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        writeln!(
            manifest,
            "c-{call:07},d{folder:04}/{name}.wav,2026-11-{day:02}T{time}+08:00,agent-{:03},team-{},k-{:06},debtor,M1,\
             outbound,yes,{}.5,1200.00",
            call % 800,
            call % 20,
            call % (calls / 2),
            call % 300
        )?;
    }
    manifest.flush()
}

/// Reads the list and goes over it; returns the number of calls, of those without a file, and of earlier calls.
fn go_over(options: &WorkOptions) -> (usize, usize, usize) {
    let list = WorkList::read(options).expect("no mistakes");
    let (mut lacking, mut earlier) = (0, 0);
    let mut take = |item: callsift::worklist::WorkItem| {
        lacking += usize::from(!item.audio_is_there || item.recording.transcript.is_none());
        earlier += item.recording.prior_calls.len();
    };
    let counts = list.for_each(&mut take).expect("nothing changed");
    (counts.listed, lacking, earlier)
}

/// Processor time of this process so far, where Linux counts it, s.
fn cpu_s() -> f64 {
    let stat = read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, in hundredths of a second; the name in field 2 ends with the last bracket.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn worklist(criterion: &mut Criterion) {
    let calls = calls_wanted();
    let site = tempfile::tempdir().expect("a temporary folder");
    make_site(site.path(), calls).expect("files can be made");
    let options = WorkOptions { inputs: vec![site.path().to_owned()], ..WorkOptions::default() };
    let (clock, cpu_s) = (Instant::now(), cpu_s());
    assert_eq!(go_over(&options), (calls, 0, calls - calls / 2), "every second call has one before it");
    let (wall_s, cpu_s) = (clock.elapsed().as_secs_f64(), self::cpu_s() - cpu_s);
    eprintln!("{calls} calls, first pass and second: {wall_s:.2} s, {cpu_s:.2} s of processor time");
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| eprintln!("{line}"));

    let mut group = criterion.benchmark_group("worklist");
    group.sample_size(10).throughput(Throughput::Elements(calls as u64));
    group.bench_function("both passes", |bench| bench.iter(|| go_over(&options)));
    group.finish();
}

criterion_group!(benches, worklist);
criterion_main!(benches);
