//! A child process that hears: started, asked, ended.

use super::complaints::Complaints;
use super::protocol::{self, Answer, Request};
use std::ffi::OsString;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{self, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a child that has closed its output, or has nothing more to do, may take to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// The program that is a child, and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
}

/// What a child answered, and what it wrote to standard error meanwhile.
pub(super) struct Reply {
    pub(super) answer: Answer,
    pub(super) complaints: Vec<String>,
}

/// How a child that gave no answer ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It died, or said what is no answer; how, and its last words.
    Died { how: String, was_killed: bool, last_words: String },
    /// It took too long, and was killed.
    TimedOut,
    /// There is no such program, or it cannot be started.
    NotStarted(String),
}

/// A running child.
pub(super) struct Child {
    process: process::Child,
    input: Option<ChildStdin>,
    answers: Receiver<Answer>,
    complaints: Arc<Complaints>,
}

impl Child {
    /// Starts a child.
    pub(super) fn start(launch: &Launch) -> Result<Self, Fate> {
        let mut command = command(launch);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| Fate::NotStarted(error.kind().to_string()))?;
        let (Some(output), Some(complaints)) = (process.stdout.take(), process.stderr.take()) else {
            return Err(Fate::NotStarted("it has no output".to_owned()));
        };
        let input = process.stdin.take();
        let (sender, answers) = channel();
        // Ends with the child's output, at what is no answer, or when nobody listens any more.
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Ok(Some(answer)) = protocol::read(&mut output) {
                if sender.send(answer).is_err() {
                    return;
                }
            }
        });
        Ok(Self { process, input, answers, complaints: Complaints::of(complaints) })
    }

    /// Asks it, and waits for its answer. After a fate there is no child any more.
    pub(super) fn ask(&mut self, request: &Request, timeout: Duration) -> Result<Reply, Fate> {
        // Where the child has died, its output ends, and that is what is told.
        let _ = self.input.as_mut().map(|input| protocol::write(request, input));
        match self.answers.recv_timeout(timeout) {
            Ok(answer) => Ok(Reply { answer, complaints: self.complaints.of_answer() }),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Err(Fate::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.fate()),
        }
    }

    fn fate(&mut self) -> Fate {
        let status = self.wait();
        self.end();
        let (how, was_killed) = status.map_or_else(|| ("said what is no answer".to_owned(), false), told);
        Fate::Died { how, was_killed, last_words: self.complaints.last_words() }
    }

    /// Its end, where it comes soon.
    fn wait(&mut self) -> Option<ExitStatus> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Some(status);
            }
            if Instant::now() >= until {
                return None;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it and whatever it started.
    fn end(&mut self) {
        kill_group(self.process.id());
        // One that has ended cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // The end of its input tells it to end.
        self.input = None;
        if self.wait().is_none() {
            self.end();
        }
    }
}

#[cfg(unix)]
fn told(status: ExitStatus) -> (String, bool) {
    use std::os::unix::process::ExitStatusExt as _;
    /// SIGKILL, as the system sends it where memory runs out; 9 on every Unix.
    const KILL: i32 = 9;
    match (status.signal(), status.code()) {
        (Some(KILL), _) => ("was killed, as happens where memory runs out".to_owned(), true),
        (Some(signal), _) => (format!("ended with signal {signal}"), false),
        (_, Some(code)) => (format!("ended with code {code}"), false),
        _ => ("ended".to_owned(), false),
    }
}

#[cfg(not(unix))]
fn told(status: ExitStatus) -> (String, bool) {
    (status.code().map_or_else(|| "ended".to_owned(), |code| format!("ended with code {code}")), false)
}

/// A child leads a group of its own: signals of the terminal are for us, and it can be killed with all that it started. It leaves no
/// core file, in which there would be a customer's voice.
#[cfg(unix)]
fn command(launch: &Launch) -> Command {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "ulimit -c 0; exec \"$@\"", "sh"]).arg(&launch.program).args(&launch.arguments);
    command.process_group(0);
    command
}

#[cfg(not(unix))]
fn command(launch: &Launch) -> Command {
    let mut command = Command::new(&launch.program);
    command.args(&launch.arguments);
    command
}

/// Kills the group that process `leader` leads. The standard library kills single processes alone, and a shell has it built in.
#[cfg(unix)]
fn kill_group(leader: u32) {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "kill -KILL -\"$1\"", "sh", &leader.to_string()]);
    let _ = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[cfg(not(unix))]
fn kill_group(_: u32) {}
