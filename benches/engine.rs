//! How near a run comes to what its engine can do: a server that takes 50 ms a call and hears 16 at a time answers at most 320
//! calls a second, and callsift decodes, measures, sends, keeps and judges around it.
//!
//! `CALLSIFT_BENCH_CALLS=1500 cargo bench --bench engine` says calls a second and their share of that limit; `TMPDIR=/dev/shm` before it
//! keeps a disk that others use out of the answer.

#![expect(clippy::disallowed_methods, reason = "a benchmark makes files and takes the time")]
#![expect(clippy::print_stderr, reason = "a benchmark says what it measured")]

#[path = "../tests/common/mod.rs"]
mod common;

use callsift::batch::{TranscribeOptions, transcribe};
use callsift::engine::http::{Http, HttpOptions};
use callsift::engine::{Cache, Live, Saved};
use callsift::events::Unwatched;
use callsift::worklist::{WorkList, WorkOptions};
use common::{voice, wav, write};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

const SLOTS: usize = 16;
const CALL: Duration = Duration::from_millis(50);
const ANSWER: &str = r#"{"format":"callsift/transcript","version":1,"segments":[{"role":"unknown","start_ms":200,"end_ms":1800,"text":"您好"}]}"#;

fn main() {
    let calls = std::env::var("CALLSIFT_BENCH_CALLS").ok().and_then(|calls| calls.parse().ok()).unwrap_or(1_500);
    let site = tempfile::tempdir().expect("a folder");
    let mut sound = voice(2.0, 150.0, &[(0.2, 1.8)]);
    for call in 0..calls {
        // No two are alike, or the cache would know them.
        (sound[0], sound[1]) = ((call % 1_000) as i16, (call / 1_000) as i16);
        write(&site.path().join(format!("{call:05}.wav")), wav(8_000, &[sound.clone()]));
    }
    let begun = Instant::now();
    let heard = run(site.path());
    let rate = calls as f64 / begun.elapsed().as_secs_f64();
    assert_eq!(heard, calls, "all are heard");
    let limit = SLOTS as f64 / CALL.as_secs_f64();
    eprintln!("{calls} calls of 2 s: {rate:.1} calls/s, {:.1} % of the engine's {limit:.0}", 100.0 * rate / limit);
}

/// Has the engine hear everything; returns how much it was asked about.
fn run(site: &Path) -> usize {
    let http = Http::new(HttpOptions { slots: SLOTS, ..HttpOptions::new(&serve()) }).expect("options");
    let cache = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(&cache.path().join("cache")).expect("a cache");
    let live = Live::new(Box::new(http), Some(cache), Saved::default(), None);
    let work = WorkList::read(&WorkOptions { inputs: vec![site.to_owned()], ..WorkOptions::default() });
    let options = TranscribeOptions { threads: 0, decode: Default::default(), stop: None };
    let done = transcribe(&work.expect("no mistakes"), &live, &options, &Unwatched).expect("nothing changed");
    assert_eq!(done.failed, [], "none fails");
    live.asked_and_cached().0 as usize
}

/// Starts a server that answers each request after [`CALL`]; returns its address.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/v1/audio/transcriptions", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer_all(BufReader::new(stream)));
        }
    });
    url
}

/// Answers a connection's requests; an error is its end.
fn answer_all(mut stream: BufReader<TcpStream>) -> std::io::Result<()> {
    let mut bodies = vec![0; 64 << 10];
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        stream.read_exact(&mut bodies[..length])?;
        std::thread::sleep(CALL);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", ANSWER.len());
        stream.get_mut().write_all(format!("{head}{ANSWER}").as_bytes())?;
    }
}
