//! A child process that hears: started, asked, ended.

use super::complaints::Complaints;
use super::protocol::{self, Answer, Request};
use crate::engine::command::{has_ended, kill_group};
use std::ffi::OsString;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{self, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a child that has closed its output, or has nothing more to do, may take to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(5);

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
    /// Whether its end has been seen to.
    is_over: bool,
    input: Option<ChildStdin>,
    /// Answers with their requests' numbers; nothing stands for what is no answer, after which there is none.
    answers: Receiver<Option<(u64, Answer)>>,
    complaints: Arc<Complaints>,
    asked: u64,
}

impl Child {
    /// Starts a child. It leads a group of its own: signals of the terminal are for us, and it can be killed with all that it started.
    pub(super) fn start(launch: &Launch) -> Result<Self, Fate> {
        let mut command = Command::new(&launch.program);
        command.args(&launch.arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn().map_err(|error| Fate::NotStarted(error.kind().to_string()))?;
        let (Some(output), Some(complaints)) = (process.stdout.take(), process.stderr.take()) else {
            return Err(Fate::NotStarted("it has no output".to_owned()));
        };
        let input = process.stdin.take();
        // One answer waits at most, whatever a child says unasked.
        let (sender, answers) = sync_channel(1);
        // Ends with the child's output, at what is no answer, or when nobody listens any more.
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut is_answer = true;
            while is_answer {
                let answer = match protocol::read(&mut output) {
                    Ok(None) => return,
                    Ok(answer) => answer,
                    Err(_) => None,
                };
                is_answer = answer.is_some();
                if sender.send(answer).is_err() {
                    return;
                }
            }
        });
        Ok(Self { process, is_over: false, input, answers, complaints: Complaints::of(complaints), asked: 0 })
    }

    /// Asks it, and waits for its answer. After a fate there is no child any more.
    pub(super) fn ask(&mut self, request: &Request, timeout: Duration) -> Result<Reply, Fate> {
        self.asked += 1;
        // Where the child has died, its output ends, and that is what is told.
        let _ = self.input.as_mut().map(|input| protocol::write(self.asked, request, input));
        match self.answers.recv_timeout(timeout) {
            Ok(Some((number, answer))) if number == self.asked => {
                Ok(Reply { answer, complaints: self.complaints.of_answer() })
            }
            Err(RecvTimeoutError::Timeout) => {
                self.kill();
                Err(Fate::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.fate(true)),
            Ok(_) => Err(self.fate(false)),
        }
    }

    /// How it ended; one that said what is no answer has most likely been ended by us, or dies of nobody hearing it.
    fn fate(&mut self, fell_silent: bool) -> Fate {
        let has_ended = self.ends_soon();
        let ended = self.kill().filter(|_| has_ended).map(told);
        let ended = ended.filter(|(_, was_killed)| fell_silent || *was_killed);
        let (how, was_killed) = ended.unwrap_or_else(|| ("said what is no answer".to_owned(), false));
        Fate::Died { how, was_killed, last_words: self.complaints.last_words() }
    }

    fn ends_soon(&mut self) -> bool {
        let until = Instant::now() + PATIENCE;
        while !has_ended(&mut self.process) {
            if Instant::now() >= until {
                return false;
            }
            thread::sleep(LOOK_EVERY);
        }
        true
    }

    /// Ends it and whatever it started.
    fn kill(&mut self) -> Option<ExitStatus> {
        self.is_over = true;
        kill_group(&mut self.process)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // The end of its input tells it to end.
        self.input = None;
        if !self.is_over {
            self.ends_soon();
            self.kill();
        }
    }
}

#[cfg(unix)]
fn told(status: ExitStatus) -> (String, bool) {
    use std::os::unix::process::ExitStatusExt as _;
    /// SIGKILL, as the system sends it where memory runs out; 9 on every Unix.
    const KILL: i32 = 9;
    match (status.signal(), status.code()) {
        (Some(KILL), _) => ("was killed, as happens where memory runs out,".to_owned(), true),
        (Some(signal), _) => (format!("ended with signal {signal}"), false),
        (_, Some(code)) => (format!("ended with code {code}"), false),
        _ => ("ended".to_owned(), false),
    }
}

#[cfg(not(unix))]
fn told(status: ExitStatus) -> (String, bool) {
    (status.code().map_or_else(|| "ended".to_owned(), |code| format!("ended with code {code}")), false)
}
