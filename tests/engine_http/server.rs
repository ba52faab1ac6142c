//! A server of our own: it does what a script says, request by request, and keeps what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

/// A part of what the server does when it was asked.
#[derive(Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// The same bytes until the other side hangs up.
    Endless(Vec<u8>),
    HangUp,
}

/// An answer with a length.
pub(crate) fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<Step> {
    let mut bytes = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    vec![Step::Send(bytes)]
}

type Script = dyn Fn(usize, &Request) -> Vec<Step> + Send + Sync;

/// Anything that bytes go to and come from.
pub(crate) trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// Makes the stream of a connection, such as one with TLS.
pub(crate) type Wrap = dyn Fn(TcpStream) -> Box<dyn Stream> + Send + Sync;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Answers the `n`-th request, from 0, as `script` says.
    pub(crate) fn start(script: impl Fn(usize, &Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::start_wrapped(script, Arc::new(|stream| Box::new(stream)))
    }

    pub(crate) fn start_wrapped(
        script: impl Fn(usize, &Request) -> Vec<Step> + Send + Sync + 'static,
        wrap: Arc<Wrap>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Self { address, requests: Arc::default(), connections: Arc::default() };
        let (requests, connections) = (Arc::clone(&server.requests), Arc::clone(&server.connections));
        let script: Arc<Script> = Arc::new(script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (script, requests, wrap) = (Arc::clone(&script), Arc::clone(&requests), Arc::clone(&wrap));
                std::thread::spawn(move || serve(BufReader::new(wrap(stream)), &*script, &requests));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1/audio/transcriptions", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic").clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Answers one connection's requests until it ends.
fn serve(mut stream: BufReader<Box<dyn Stream>>, script: &Script, requests: &Mutex<Vec<Request>>) {
    while let Some(request) = read(&mut stream) {
        let number = {
            let mut requests = requests.lock().expect("no panic");
            requests.push(request.clone());
            requests.len() - 1
        };
        for step in script(number, &request) {
            if !take(step, stream.get_mut()) {
                return;
            }
        }
    }
}

/// Whether the connection goes on.
fn take(step: Step, stream: &mut dyn Stream) -> bool {
    match step {
        Step::Send(bytes) => stream.write_all(&bytes).and_then(|()| stream.flush()).is_ok(),
        Step::Wait(time) => {
            std::thread::sleep(time);
            true
        }
        Step::Endless(bytes) => {
            while stream.write_all(&bytes).and_then(|()| stream.flush()).is_ok() {}
            false
        }
        Step::HangUp => false,
    }
}

fn read(stream: &mut BufReader<Box<dyn Stream>>) -> Option<Request> {
    if !stream.fill_buf().ok()?.first()?.is_ascii_alphabetic() {
        // TLS, for one.
        stream.get_mut().write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").ok()?;
        return None;
    }
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut request = Request { head, body: Vec::new() };
    if request.header("expect").is_some() {
        stream.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let len = request.header("content-length")?.parse().ok()?;
    stream.take(len).read_to_end(&mut request.body).ok()?;
    (request.body.len() as u64 == len).then_some(request)
}
