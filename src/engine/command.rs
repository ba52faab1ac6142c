//! An engine that is a program: it is given a WAV file and answers with a transcript of any format that callsift reads.

use super::{Clip, EngineError, Identity, Listener, Manner};
use crate::entities::mask_text;
use crate::transcript::Transcript;
use crate::transcript::import::{self, Format};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// More than any transcript takes; what a program writes beyond it is not read.
const MOST_OUTPUT_BYTES: u64 = 32 << 20;

/// What is kept of a program's messages: their end.
const KEPT_MESSAGE_BYTES: usize = 4 << 10;

/// The longest part of a program's message that an error repeats, characters.
const SHOWN_CHARS: usize = 300;

/// How often it is looked whether a program has ended; it is looked sooner at first.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What `{out}` ends in, and what programs add to it themselves.
const ENDINGS: [&str; 4] = ["out", "out.json", "out.srt", "out.vtt"];

/// How long the output of a program that has ended may stay open, in the hands of one that it started and sent out of its group.
const HELD_OPEN: Duration = Duration::from_secs(5);

/// The program and how it is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandOptions {
    /// The program and its arguments. In each, `{wav}` stands for the file to hear, `{out}` for a file to write, which may get `.json`,
    /// `.srt` or `.vtt` added, `{language}` for the call's language or `auto`, `{rate_hz}` for the file's rate.
    pub words: Vec<String>,
    /// The format of its answer; recognised where it is `None`.
    pub format: Option<Format>,
    /// The model, for the results.
    pub model: Option<String>,
    /// The rate at which it wants to hear.
    pub rate_hz: Option<u32>,
    /// The longest clip that it takes, ms.
    pub longest_ms: Option<i64>,
    /// How long one clip may take.
    pub timeout: Duration,
    /// How often a clip is tried in all.
    pub attempts: u32,
    /// How many programs run at a time.
    pub slots: usize,
}

/// The words of a command line: separated by spaces, quoted by `'` and `"`, with `\` before a character that is meant as it is.
/// Nothing else that shells know is known here, and no shell is run.
///
/// # Errors
/// A quote is not closed, there is no word, or `{wav}` is missing; a sentence with the way out.
pub fn command_words(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => words.extend(word.take()),
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            (Some(open), _) if c == open => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match quote {
        Some(open) => Err(format!("a {open} is not closed")),
        None if words.is_empty() => Err("it is empty; write a program and its arguments".to_owned()),
        None if !words[1..].iter().any(|word| word.contains("{wav}")) => {
            Err("no argument has {wav}, which stands for the file to hear; write it where the program takes the file"
                .to_owned())
        }
        None => Ok(words),
    }
}

/// A program as an engine.
pub struct Command {
    options: CommandOptions,
    identity: Identity,
}

/// Why a program gave no answer: an error, and whether another try may help.
type Attempt<T> = Result<T, (EngineError, bool)>;

impl Command {
    /// The engine.
    #[must_use]
    pub fn new(options: CommandOptions) -> Self {
        let identity = Identity {
            engine: "command".to_owned(),
            model: options.model.clone(),
            options: format!("{:?} {:?}", options.words, options.format.map(Format::name)),
        };
        Self { options, identity }
    }

    fn attempt(&self, clip: &Clip<'_>) -> Attempt<Transcript> {
        let outs = ENDINGS.map(|ending| clip.wav.with_extension(ending));
        // A try that was ended may have left a part.
        remove(&outs);
        let child = self.start(clip, &outs[0])?;
        let ended = Running::watch(child).end(self.options.timeout);
        let file = outs.iter().find_map(|out| written(out));
        remove(&outs);
        let (status, stdout, stderr) = ended?;
        if !status.success() {
            return Err((self.failed(status, &stderr), true));
        }
        let answer = if self.has_out() { file } else { Some(stdout) };
        let answer = answer.filter(|bytes| bytes.len() as u64 <= MOST_OUTPUT_BYTES);
        let answer = answer.ok_or_else(|| (bad("wrote nothing to {out}, or over 32 MiB", &stderr), false))?;
        let read = import::read_in(&answer, self.options.format);
        read.map_err(|error| (bad(&format!("answered with what is no transcript: {error}"), &stderr), false))
    }

    fn has_out(&self) -> bool {
        self.options.words.iter().any(|word| word.contains("{out}"))
    }

    fn start(&self, clip: &Clip<'_>, out: &Path) -> Attempt<Child> {
        let language = clip.language.unwrap_or("auto");
        let filled = |word: &String| {
            word.replace("{wav}", &clip.wav.to_string_lossy())
                .replace("{out}", &out.to_string_lossy())
                .replace("{language}", language)
                .replace("{rate_hz}", &clip.rate_hz.to_string())
        };
        let mut command = std::process::Command::new(&self.options.words[0]);
        command.args(self.options.words[1..].iter().map(filled));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that all it starts can be ended with it, and Ctrl-C reaches callsift alone.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        with_huge_pages(|| command.spawn()).map_err(|error| {
            let message = format!(
                "the engine's program {:?} cannot be started: {}; check --command",
                PathBuf::from(&self.options.words[0]).file_name().unwrap_or_default(),
                error.kind()
            );
            (EngineError::new("engine_not_started", message, true), false)
        })
    }

    fn failed(&self, status: ExitStatus, stderr: &[u8]) -> EngineError {
        let how = match status.code() {
            Some(code) => format!("ended with exit code {code}"),
            None => "was ended by a signal".to_owned(),
        };
        EngineError::new("engine_failed", format!("the engine's program {how}{}", last_words(stderr)), true)
    }
}

impl Listener for Command {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn manner(&self) -> Manner {
        Manner {
            rate_hz: self.options.rate_hz,
            longest_ms: self.options.longest_ms,
            slots: self.options.slots,
            at_once: 1,
        }
    }

    fn listen(&self, clip: &Clip<'_>) -> Result<Transcript, EngineError> {
        let mut tried = 1;
        loop {
            match self.attempt(clip) {
                Err((_, true)) if tried < self.options.attempts => tried += 1,
                other => return other.map_err(|(error, _)| error),
            }
        }
    }
}

fn bad(what: &str, stderr: &[u8]) -> EngineError {
    EngineError::new("engine_bad_answer", format!("the engine's program {what}{}", last_words(stderr)), true)
}

/// What a program wrote to a file.
fn written(out: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than allowed shows that it was too much.
    std::fs::File::open(out).ok()?.take(MOST_OUTPUT_BYTES + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Removes what programs wrote; most write one of them, or none.
fn remove(outs: &[PathBuf]) {
    for out in outs {
        let _ = std::fs::remove_file(out);
    }
}

/// The last line of a program's messages, masked: a program may say there what it heard.
fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    last.map_or_else(String::new, |line| {
        let shown: String = line.chars().filter(|c| !c.is_control()).take(SHOWN_CHARS).collect();
        format!("; its last message: {}", mask_text(&shown))
    })
}

/// A program that runs, and what it has written.
struct Running {
    child: Child,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
}

impl Running {
    fn watch(mut child: Child) -> Self {
        let stdout = child.stdout.take().map(|pipe| collect(pipe, Kept::First));
        let stderr = child.stderr.take().map(|pipe| collect(pipe, Kept::Last));
        Self { child, stdout: stdout.unwrap_or_else(|| channel().1), stderr: stderr.unwrap_or_else(|| channel().1) }
    }

    /// Waits for its end, and ends it and all that it started when `timeout` is over.
    fn end(mut self, timeout: Duration) -> Attempt<(ExitStatus, Vec<u8>, Vec<u8>)> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(1);
        while !has_ended(&mut self.child) && started.elapsed() < timeout {
            std::thread::sleep(pause);
            pause = (pause * 2).min(LOOK_EVERY);
        }
        let in_time = has_ended(&mut self.child);
        // Also after a good end: what it left running holds its pipes open.
        let Some(status) = kill_group(&mut self.child).filter(|_| in_time) else {
            let message = format!(
                "the engine's program took longer than {} s and was ended; give it more time with --engine-timeout",
                timeout.as_secs()
            );
            return Err((EngineError::new("engine_timeout", message, true), true));
        };
        let outputs = (self.stdout.recv_timeout(HELD_OPEN), self.stderr.recv_timeout(HELD_OPEN));
        let (Ok(stdout), Ok(stderr)) = outputs else {
            let message =
                "the engine's program left another running that holds its output open; start none that outlives it";
            return Err((EngineError::new("engine_bad_answer", message.to_owned(), true), false));
        };
        Ok((status, stdout, stderr))
    }
}

/// What `spawn` starts may have huge pages, as if callsift did not do without: what a process may have, those that it starts may.
fn with_huge_pages<T>(spawn: impl FnOnce() -> T) -> T {
    #[cfg(target_os = "linux")]
    if rustix::thread::transparent_huge_pages_are_disabled().unwrap_or(false) {
        use rustix::thread::disable_transparent_huge_pages;
        let _ = disable_transparent_huge_pages(false);
        let spawned = spawn();
        let _ = disable_transparent_huge_pages(true);
        return spawned;
    }
    spawn()
}

/// Whether a program has ended. Its status is left to be taken: until then its number, which is its group's, is nobody else's.
#[cfg(unix)]
pub(super) fn has_ended(child: &mut Child) -> bool {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let ended = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    group(child).is_some_and(|pid| !matches!(waitid(WaitId::Pid(pid), ended), Ok(None)))
}

#[cfg(not(unix))]
pub(super) fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

#[cfg(unix)]
fn group(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
}

/// Ends a program and everything in its group, and takes its status.
pub(super) fn kill_group(child: &mut Child) -> Option<ExitStatus> {
    #[cfg(unix)]
    if let Some(group) = group(child) {
        // There may be nobody left.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    child.wait().ok()
}

/// Which end of an output is kept.
#[derive(Clone, Copy)]
enum Kept {
    First,
    Last,
}

/// Reads a pipe to its end on a thread of its own, so that a program never waits for room in it.
fn collect(mut pipe: impl Read + Send + 'static, kept: Kept) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let (mut all, mut block) = (Vec::new(), [0; 8_192]);
        while let Ok(read @ 1..) = pipe.read(&mut block) {
            match kept {
                // One byte more than allowed shows that it was too much.
                Kept::First if all.len() as u64 <= MOST_OUTPUT_BYTES => all.extend_from_slice(&block[..read]),
                Kept::First => {}
                Kept::Last => {
                    all.extend_from_slice(&block[..read]);
                    all.drain(..all.len().saturating_sub(KEPT_MESSAGE_BYTES));
                }
            }
        }
        // Nobody waits for what a program that took too long has written.
        let _ = send.send(all);
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_are_split_as_people_quote() {
        let cases = [
            ("whisper-cli -oj -f {wav}", Some(vec!["whisper-cli", "-oj", "-f", "{wav}"])),
            ("'a b' \"c 'd'\" e\\ f {wav}", Some(vec!["a b", "c 'd'", "e f", "{wav}"])),
            ("a '' {wav}", Some(vec!["a", "", "{wav}"])),
            ("a '{wav}", None),
            ("", None),
            ("{wav}", None),
            ("whisper-cli", None),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(command_words(line).ok(), expected, "{line}");
        }
    }

    #[test]
    fn messages_are_masked_and_short() {
        assert_eq!(
            last_words(b"one\ntwo 13800138000\n\n"),
            "; its last message: two \u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}\u{2588}"
        );
        assert_eq!(last_words(b""), "");
    }
}
