//! The engine `http` against a server of our own that answers well, badly, slowly and not at all.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

#[path = "engine_http/batch.rs"]
mod batch;
mod common;
#[path = "engine_http/server.rs"]
mod server;
#[path = "engine_http/tls.rs"]
mod tls;

use callsift::engine::http::{Http, HttpOptions, Secret};
use callsift::engine::{Clip, EngineError, Listener};
use callsift::transcript::Transcript;
use server::{Request, Server, Step, answer};
use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tls::Authority;

const GOOD: &str = r#"{"format":"callsift/transcript","version":1,"segments":[
    {"role":"unknown","start_ms":0,"end_ms":900,"text":"您好"}]}"#;

/// Longer than any wait of these tests, and short enough to end a test that hangs.
const LONG: Duration = Duration::from_secs(20);

const KEY: &str = "sk-topsecret-1234";

fn good() -> Vec<Step> {
    answer(200, "Content-Type: application/json\r\n", GOOD.as_bytes())
}

/// Options that wait for next to nothing.
fn quick(url: &str) -> HttpOptions {
    HttpOptions {
        model: Some("m".into()),
        key: Some(Secret::new(KEY)),
        attempts: 3,
        backoff: Duration::from_millis(1),
        timeout: LONG,
        connect_timeout: Duration::from_secs(5),
        give_up_after: LONG,
        cool_down: Duration::from_millis(100),
        breaker_failures: 100,
        ..HttpOptions::new(url)
    }
}

struct Sound {
    _folder: TempDir,
    wav: std::path::PathBuf,
}

/// A file of `bytes` bytes; no server of these tests listens to it.
fn sound(bytes: usize) -> Sound {
    let folder = tempfile::tempdir().expect("a folder");
    let wav = folder.path().join("Zhang San 13800138000.wav");
    std::fs::write(&wav, vec![7; bytes]).expect("a file");
    Sound { _folder: folder, wav }
}

fn listen(http: &Http, sound: &Sound) -> Result<Transcript, EngineError> {
    http.listen(&Clip { wav: &sound.wav, rate_hz: 8_000, duration_ms: 1_000, language: Some("zh-CN") })
}

fn ask(options: HttpOptions) -> Result<Transcript, EngineError> {
    listen(&Http::new(options).expect("options"), &sound(4_000))
}

/// The error's code, or `good`; asserts what holds of every error.
fn outcome(result: &Result<Transcript, EngineError>) -> &str {
    match result {
        Ok(transcript) => {
            assert_eq!(transcript.utterances[0].text, "您好");
            "good"
        }
        Err(error) => {
            for secret in [KEY, "topsecret", "Bearer", "你好", "Zhang", "query"] {
                assert!(!format!("{error:?}").contains(secret), "{error:?} shows {secret}");
            }
            &error.code
        }
    }
}

/// One answer to every request.
fn always(steps: Vec<Step>) -> Server {
    Server::start(move |_, _| steps.clone())
}

/// `first` to the first request, then good ones.
fn first(first: Vec<Step>) -> Server {
    Server::start(move |number, _| if number == 0 { first.clone() } else { good() })
}

fn send(bytes: &[u8]) -> Vec<Step> {
    vec![Step::Send(bytes.to_vec()), Step::HangUp]
}

#[test]
fn a_request_is_a_form_with_the_file_and_the_key() {
    let server = always(good());
    let options = HttpOptions { prompt: Some("海棠".into()), ..quick(&format!("{}?query=1", server.url())) };
    assert_eq!(outcome(&ask(options)), "good");
    let requests = server.requests();
    let [Request { head, body }] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    assert!(head.starts_with("POST /v1/audio/transcriptions?query=1 HTTP/1.1\r\n"), "{head}");
    assert_eq!(requests[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(requests[0].header("accept-encoding"), Some("gzip"));
    assert_eq!(requests[0].header("expect"), None);
    let body = String::from_utf8_lossy(body);
    let boundary = requests[0].header("content-type").and_then(|it| it.strip_prefix("multipart/form-data; boundary="));
    let boundary = boundary.expect("a boundary");
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    let field =
        |name: &str, value: &str| format!("\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let fields = [
        ("model", "m"),
        ("language", "zh"),
        ("response_format", "verbose_json"),
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities[]", "segment"),
        ("prompt", "海棠"),
    ];
    assert_eq!(parts[1..7], fields.map(|(name, value)| field(name, value)));
    let file = parts[7];
    assert!(
        file.contains("name=\"file\"; filename=\"clip.wav\"\r\nContent-Type: audio/wav\r\n\r\n\u{7}\u{7}"),
        "{file}"
    );
    assert_eq!(file.matches('\u{7}').count(), 4_000);
    assert_eq!((parts.len(), parts[8]), (9, "--\r\n"));
}

#[test]
fn good_answers_come_in_any_dress() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(GOOD.as_bytes()).expect("packed");
    let packed = packed.finish().expect("packed");
    let (one, two) = GOOD.split_at(50);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
        one.len(),
        two.len()
    );
    let cases = [
        ("plain", good()),
        ("chunked", vec![Step::Send(chunked.into_bytes())]),
        ("packed", answer(200, "Content-Encoding: gzip\r\n", &packed)),
        ("up to the end of the connection", send(format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}").as_bytes())),
        ("in two pieces", {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{one}", GOOD.len());
            vec![Step::Send(head.into()), Step::Wait(Duration::from_millis(50)), Step::Send(two.into())]
        }),
    ];
    for (name, steps) in cases {
        let server = always(steps);
        assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), ("good", 1), "{name}");
    }
}

/// A name, an answer, and what comes of it, with how many requests: once, and then good ones; and always.
type Case = (&'static str, Vec<Step>, (&'static str, usize), (&'static str, usize));

#[test]
fn what_may_pass_is_asked_for_again_and_what_may_not_is_not() {
    let status = |status| answer(status, "", b"");
    let cut = || {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", GOOD.len());
        send(format!("{head}{}", &GOOD[..60]).as_bytes())
    };
    let cut_chunk = || send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"format\":");
    let bad_gzip = || answer(200, "Content-Encoding: gzip\r\n", b"no gzip");
    let cases: [Case; 21] = [
        ("408", status(408), ("good", 2), ("engine_timeout", 3)),
        ("425", status(425), ("good", 2), ("engine_busy", 3)),
        ("429", status(429), ("good", 2), ("engine_busy", 3)),
        ("500", status(500), ("good", 2), ("engine_failed", 3)),
        ("502", status(502), ("good", 2), ("engine_failed", 3)),
        ("503", status(503), ("good", 2), ("engine_failed", 3)),
        ("504", status(504), ("good", 2), ("engine_failed", 3)),
        ("no byte", vec![Step::HangUp], ("good", 2), ("engine_unreachable", 3)),
        ("cut", cut(), ("good", 2), ("engine_bad_answer", 3)),
        ("cut chunk", cut_chunk(), ("good", 2), ("engine_bad_answer", 3)),
        ("bad gzip", bad_gzip(), ("good", 2), ("engine_bad_answer", 3)),
        ("400", status(400), ("engine_refused", 1), ("engine_refused", 1)),
        ("401", status(401), ("engine_refused", 1), ("engine_refused", 1)),
        ("404", status(404), ("engine_refused", 1), ("engine_refused", 1)),
        ("413", status(413), ("engine_refused", 1), ("engine_refused", 1)),
        ("422", status(422), ("engine_refused", 1), ("engine_refused", 1)),
        ("501", status(501), ("engine_failed", 1), ("engine_failed", 1)),
        (
            "broken JSON",
            answer(200, "", b"{\"text\": \"\xe4\xbd\xa0\xe5\xa5\xbd"),
            ("good", 2),
            ("engine_bad_answer", 3),
        ),
        ("empty", answer(200, "", b""), ("good", 2), ("engine_bad_answer", 3)),
        ("no transcript", answer(200, "", b"{\"error\":1}"), ("engine_bad_answer", 1), ("engine_bad_answer", 1)),
        ("no HTTP", send(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), ("engine_bad_answer", 1), ("engine_bad_answer", 1)),
    ];
    for (name, steps, once, every) in cases {
        let server = first(steps.clone());
        assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), once, "{name}, once");
        let server = always(steps);
        assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), every, "{name}, always");
    }
}

#[test]
fn answers_without_end_end() {
    let body = || Step::Endless(vec![b' '; 1 << 16]);
    let head = |headers: &str| Step::Send(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes());
    let huge = format!("Content-Length: {}\r\n", 64_u64 << 20);
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 1 << 16], b"\r\n"].concat();
    let cases = [
        ("a huge answer", vec![head(&huge), body()], "engine_bad_answer"),
        ("an answer without length", vec![head(""), body()], "engine_bad_answer"),
        ("chunks without end", vec![head("Transfer-Encoding: chunked\r\n"), Step::Endless(chunk)], "engine_bad_answer"),
        (
            "headers without end",
            vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Endless(b"A: b\r\n".to_vec())],
            "engine_bad_answer",
        ),
        (
            "one header without end",
            vec![Step::Send(b"HTTP/1.1 200 OK\r\nA: ".to_vec()), Step::Endless(b"bbbbbbbb".to_vec())],
            "engine_bad_answer",
        ),
    ];
    for (name, steps, code) in cases {
        let server = always(steps);
        assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), (code, 1), "{name}");
    }
}

#[test]
fn a_bomb_is_not_unpacked_to_its_end() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..64 {
        bomb.write_all(&vec![b' '; 1 << 20]).expect("packed");
    }
    let server = always(answer(200, "Content-Encoding: gzip\r\n", &bomb.finish().expect("packed")));
    assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), ("engine_bad_answer", 1));
}

#[test]
fn a_slow_server_is_not_waited_for_longer_than_said() {
    let drip = vec![
        Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".to_vec()),
        Step::Wait(Duration::from_millis(200)),
        Step::Send(b"{".to_vec()),
        Step::Wait(LONG),
    ];
    for (name, steps) in [("no answer", vec![Step::Wait(LONG)]), ("half an answer", drip)] {
        let server = always(steps);
        let begun = Instant::now();
        let result = ask(HttpOptions { timeout: Duration::from_millis(300), attempts: 2, ..quick(&server.url()) });
        assert_eq!((outcome(&result), server.requests().len()), ("engine_timeout", 2), "{name}");
        assert!(result.is_err_and(|error| error.retryable) && begun.elapsed() < LONG, "{name}");
    }
    // All attempts together are bounded too.
    let server = always(vec![Step::Wait(LONG)]);
    let begun = Instant::now();
    let result = ask(HttpOptions { give_up_after: Duration::from_millis(300), attempts: 100, ..quick(&server.url()) });
    assert_eq!((outcome(&result), server.requests().len()), ("engine_timeout", 1));
    assert!(begun.elapsed() < LONG);
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let now = jiff::Timestamp::from_second(1_700_000_000).expect("a moment");
    let http_date = |seconds: i64| {
        let moment = (now + jiff::SignedDuration::from_secs(seconds)).to_zoned(jiff::tz::TimeZone::UTC);
        moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let date = format!("Date: {}\r\nRetry-After: {}\r\n", http_date(0), http_date(1));
    for (status, headers) in [(429, "Retry-After: 1\r\n"), (503, "Retry-After: 1\r\n"), (429, &date), (503, &date)] {
        let server = first(answer(status, headers, b""));
        let begun = Instant::now();
        assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), ("good", 2), "{status} {headers}");
        assert!(begun.elapsed() >= Duration::from_secs(1), "{status} {headers}");
    }
}

#[test]
fn no_server_gets_more_time_than_there_is() {
    // Longer than the clip has: given up at once.
    let server = always(answer(429, "Retry-After: 100\r\n", b""));
    assert_eq!((outcome(&ask(quick(&server.url()))), server.requests().len()), ("engine_busy", 1));
    // Longer than the cap: asked again when the cap is over.
    let server = always(answer(429, "Retry-After: 1000000000000\r\n", b""));
    let options = HttpOptions { retry_after_cap: Duration::from_millis(50), ..quick(&server.url()) };
    assert_eq!((outcome(&ask(options)), server.requests().len()), ("engine_busy", 3));
}

#[test]
fn one_slot_that_is_told_to_slow_down_slows_all() {
    let server = first(answer(429, "Retry-After: 1\r\n", b""));
    let http = Http::new(quick(&server.url())).expect("options");
    let sound = sound(4_000);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(outcome(&listen(&http, &sound)), "good"));
        while server.requests().is_empty() {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(outcome(&listen(&http, &sound)), "good");
        assert!(begun.elapsed() >= Duration::from_secs(1));
    });
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn the_key_goes_nowhere_else() {
    let other = always(good());
    for status in [301, 302, 303, 307, 308] {
        let server = always(answer(status, &format!("Location: {}\r\n", other.url()), b""));
        let result = ask(quick(&server.url()));
        assert_eq!((outcome(&result), server.requests().len()), ("engine_refused", 1), "{status}");
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn an_answer_that_shows_the_key_is_not_shown() {
    let body = format!(r#"{{"error":{{"message":"bad key {KEY} 你好","type":"{KEY}","code":"invalid_api_key"}}}}"#);
    let server = always(answer(401, &format!("X-Key: {KEY}\r\n"), body.as_bytes()));
    let result = ask(quick(&format!("{}?query={KEY}", server.url())));
    assert_eq!(outcome(&result), "engine_refused");
    let message = result.expect_err("refused").message;
    let host = server.address;
    let expected = format!(
        "the engine at {host} answers 401 (invalid_api_key): the key is refused; check --engine-key-env or --engine-key-file"
    );
    assert_eq!(message, expected);
}

#[test]
fn a_server_that_is_not_there() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let result = ask(quick(&format!("http://{port}/v1/audio/transcriptions")));
    assert_eq!(outcome(&result), "engine_unreachable");
    let error = result.expect_err("unreachable");
    assert!(
        error.retryable && error.message.contains("refused after 3 attempts")
            || error.message.contains("after 3 attempts: the connection is refused"),
        "{error}"
    );
    let result = ask(quick("http://no-such-host.invalid/v1/audio/transcriptions"));
    assert_eq!(outcome(&result), "engine_unreachable");
}

#[test]
fn a_clip_that_is_not_there_is_no_fault_of_the_server() {
    let server = always(good());
    let http = Http::new(quick(&server.url())).expect("options");
    let gone = Sound { wav: "/no/such/clip.wav".into(), ..sound(0) };
    assert_eq!((outcome(&listen(&http, &gone)), server.connections()), ("clip_unreadable", 0));
}

#[test]
fn a_refusal_is_heard_though_the_server_hangs_up_on_large_clips() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/v1/audio/transcriptions", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The head, and not what follows it: hanging up on what nobody has read takes the answer along.
            let mut head = [0; 4_096];
            let _ = std::io::Read::read(&mut stream, &mut head);
            let _ = stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let http = Http::new(quick(&url)).expect("options");
    assert_eq!(outcome(&listen(&http, &sound(32 << 20))), "engine_refused");
}

#[test]
fn a_server_is_trusted_only_where_its_certificate_is_right() {
    let (known, unknown) = (Authority::new(), Authority::new());
    let folder = tempfile::tempdir().expect("a folder");
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, &known.pem).expect("a file");
    let cases = [
        ("right", &known, "localhost", 2100, Some(&ca_file), "good", ""),
        ("no ca_file", &known, "localhost", 2100, None, "engine_tls", "nobody trusted vouches"),
        ("unknown authority", &unknown, "localhost", 2100, Some(&ca_file), "engine_tls", "nobody trusted vouches"),
        ("another name", &known, "elsewhere.example", 2100, Some(&ca_file), "engine_tls", "another name"),
        ("expired", &known, "localhost", 2021, Some(&ca_file), "engine_tls", "has expired"),
    ];
    for (name, authority, host, until, ca_file, code, why) in cases {
        let server = authority.server(host, until, |_, _| good());
        let url = format!("https://localhost:{}/v1/audio/transcriptions", server.address.port());
        let result = ask(HttpOptions { ca_file: ca_file.cloned(), ..quick(&url) });
        assert_eq!(outcome(&result), code, "{name}: {result:?}");
        // No request, and so no key, goes to a server that is not trusted.
        assert_eq!(server.requests().len(), usize::from(code == "good"), "{name}");
        assert!(result.err().is_none_or(|error| error.retryable && error.message.contains(why)), "{name}");
    }
}

#[test]
fn http_and_https_are_not_taken_for_one_another() {
    let plain = always(good());
    let result = ask(quick(&plain.url().replace("http:", "https:")));
    assert_eq!(outcome(&result), "engine_tls", "{result:?}");
    let secure = Authority::new().server("localhost", 2100, |_, _| good());
    let result = ask(quick(&secure.url()));
    assert_ne!(outcome(&result), "good", "{result:?}");
    assert_eq!((plain.requests().len(), secure.requests().len()), (0, 0));
}

#[test]
fn a_sick_server_is_left_alone_until_a_probe_finds_it_well() {
    // Sick for the first two clips and the first probe.
    let server = Server::start(|number, _| if number < 3 { answer(500, "", b"") } else { good() });
    let options = HttpOptions { attempts: 1, breaker_failures: 2, ..quick(&server.url()) };
    let http = Http::new(options).expect("options");
    let sound = sound(4_000);
    let ask = || outcome(&listen(&http, &sound)).to_owned();
    assert_eq!([ask(), ask()], ["engine_failed", "engine_failed"]);
    let begun = Instant::now();
    // Waits for the cool-down, then is the probe.
    assert_eq!(ask(), "engine_failed");
    assert!(begun.elapsed() >= Duration::from_millis(90), "{:?}", begun.elapsed());
    // Eight come while it is open; all wait, one probes, and when it is back the others go.
    std::thread::scope(|scope| {
        let clips: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        assert!(clips.into_iter().all(|clip| clip.join().expect("no panic") == "good"));
    });
    assert!(begun.elapsed() >= Duration::from_millis(180), "{:?}", begun.elapsed());
    assert_eq!(server.requests().len(), 11);
}

#[test]
fn clips_do_not_wait_for_a_server_that_stays_sick() {
    let server = always(answer(503, "", b""));
    let options = HttpOptions {
        attempts: 1,
        breaker_failures: 2,
        give_up_after: Duration::from_millis(300),
        cool_down: Duration::from_millis(250),
        ..quick(&server.url())
    };
    let http = Http::new(options).expect("options");
    let sound = sound(4_000);
    let begun = Instant::now();
    let outcomes: Vec<String> = (0..200)
        .map(|_| {
            std::thread::sleep(Duration::from_millis(5));
            outcome(&listen(&http, &sound)).to_owned()
        })
        .collect();
    let asked = server.requests().len();
    // Two to find out, and one a cool-down.
    let most = 3 + begun.elapsed().as_millis() as usize / 250;
    assert!((3..=most).contains(&asked), "{asked} requests, at most {most}");
    let count = |code| outcomes.iter().filter(|outcome| *outcome == code).count();
    assert_eq!((count("engine_failed"), count("engine_unavailable")), (asked, 200 - asked));
}

#[test]
fn a_proxy_is_taken_from_the_options_only() {
    let server = always(good());
    // It refuses, so that nothing but the attempt is seen.
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = proxy.local_addr().expect("an address");
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = proxy.accept().expect("a connection");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let mut byte = [0];
            std::io::Read::read_exact(&mut stream, &mut byte).expect("a request");
            head.push(char::from(byte[0]));
        }
        let _ = stream.write_all(b"HTTP/1.1 403 No\r\n\r\n");
        head
    });
    let proxy = Some(Secret::new(&format!("http://user:topsecret@{address}")));
    let result = ask(HttpOptions { proxy, attempts: 1, ..quick(&server.url()) });
    assert_eq!((outcome(&result), server.connections()), ("engine_unreachable", 0), "{result:?}");
    let heard = heard.join().expect("no panic");
    assert!(heard.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.address)) && !heard.contains(KEY), "{heard}");
}

#[test]
fn sixteen_slots_share_sixteen_connections() {
    const SLOTS: usize = 16;
    const CLIPS: usize = 320;
    let server = Server::start(|_, _| [vec![Step::Wait(Duration::from_millis(50))], good()].concat());
    let http = Http::new(HttpOptions { slots: SLOTS, ..quick(&server.url()) }).expect("options");
    let sound = sound(160_000);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..http.manner().slots {
            scope.spawn(|| {
                for _ in 0..CLIPS / SLOTS {
                    assert_eq!(outcome(&listen(&http, &sound)), "good");
                }
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{:.0} clips/s with {SLOTS} slots of 50 ms each; {:.0} is the most",
        CLIPS as f64 / seconds,
        SLOTS as f64 / 0.05
    );
    assert_eq!((server.requests().len(), server.connections()), (CLIPS, SLOTS));
}
