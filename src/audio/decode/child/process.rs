//! A child process that decodes: what it writes is read, and when it stands still it is killed.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::process::{self, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Limits on a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Limits {
    /// Seconds without output after which it is killed.
    pub(in super::super) stall_s: u64,
    /// Processor time, where the system limits it.
    pub(in super::super) cpu_s: u64,
    /// Memory, where the system limits it.
    pub(in super::super) memory_kib: u64,
}

impl Limits {
    /// Limits for a file of that size: speech of 6 kbit/s, decoded at a hundredth of the usual speed.
    pub(in super::super) fn of(bytes: u64) -> Self {
        Self { stall_s: 20, cpu_s: 10 + bytes / 20_000, memory_kib: 2 << 20 }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Exit {
    /// By itself, with success or as it was told to.
    Done,
    /// By itself, with a failure.
    Failed,
    /// It took too long and was killed.
    TimedOut,
    /// There was no such program.
    Missing,
}

/// A running child, whose output it reads as; `T` is what is made of its complaints.
pub(in super::super) struct Child<T> {
    output: ChildStdout,
    process: Arc<Mutex<process::Child>>,
    complaints: JoinHandle<T>,
    guard: JoinHandle<bool>,
    news: Sender<News>,
}

/// What the guard hears.
enum News {
    Moving,
    Ended,
}

impl<T: Send + Default + 'static> Child<T> {
    /// Starts `program`; none where it cannot be started.
    pub(in super::super) fn start(
        program: &Path,
        arguments: Vec<OsString>,
        limits: &Limits,
        listen: impl FnOnce(ChildStderr) -> T + Send + 'static,
    ) -> Option<Self> {
        let mut command = command(program, arguments, limits);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().ok()?;
        let (output, complaints) = (process.stdout.take()?, process.stderr.take()?);
        let process = Arc::new(Mutex::new(process));
        let complaints = thread::spawn(move || listen(complaints));
        let (news, heard) = channel();
        let (guarded, stall) = (Arc::clone(&process), Duration::from_secs(limits.stall_s));
        let guard = thread::spawn(move || {
            loop {
                match heard.recv_timeout(stall) {
                    Ok(News::Moving) => {}
                    Ok(News::Ended) | Err(RecvTimeoutError::Disconnected) => return false,
                    Err(RecvTimeoutError::Timeout) => {
                        kill(&guarded);
                        return true;
                    }
                }
            }
        });
        Some(Self { output, process, complaints, guard, news })
    }

    /// Waits for its end, which is now where what it wrote `is_enough`; returns its complaints.
    pub(in super::super) fn finish(self, is_enough: bool) -> (T, Exit) {
        if is_enough {
            kill(&self.process);
        }
        drop(self.output);
        // The guard still watches: complaints end with the child.
        let complaints = self.complaints.join().unwrap_or_default();
        let status = self.process.lock().unwrap_or_else(PoisonError::into_inner).wait();
        // A guard that has killed it hears nothing any more.
        let _ = self.news.send(News::Ended);
        let was_late = self.guard.join().unwrap_or(false);
        let exit = match status {
            _ if was_late => Exit::TimedOut,
            _ if is_enough => Exit::Done,
            Ok(status) => exit_of(status),
            Err(_) => Exit::Failed,
        };
        (complaints, exit)
    }
}

impl<T> Read for Child<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.output.read(buffer)?;
        // Without a guard there is nobody to tell.
        let _ = self.news.send(News::Moving);
        Ok(read)
    }
}

/// What a shell exits with where there is no such command, and where it cannot be run (POSIX, `sh`).
const NO_COMMAND: [i32; 2] = [126, 127];

#[cfg(unix)]
fn exit_of(status: ExitStatus) -> Exit {
    use std::os::unix::process::ExitStatusExt as _;
    /// The signals at the end of processor time: the same numbers on Linux, macOS and the BSDs.
    const OUT_OF_TIME: [i32; 2] = [24, 9];
    match (status.code(), status.signal()) {
        (Some(0), _) => Exit::Done,
        (Some(code), _) if NO_COMMAND.contains(&code) => Exit::Missing,
        (_, Some(signal)) if OUT_OF_TIME.contains(&signal) => Exit::TimedOut,
        _ => Exit::Failed,
    }
}

#[cfg(not(unix))]
fn exit_of(status: ExitStatus) -> Exit {
    if status.success() { Exit::Done } else { Exit::Failed }
}

fn kill(process: &Mutex<process::Child>) {
    // One that has ended cannot be killed, and need not be.
    let _ = process.lock().unwrap_or_else(PoisonError::into_inner).kill();
}

/// Sets limits, then becomes the program: so there is one process to kill.
#[cfg(unix)]
fn command(program: &Path, arguments: Vec<OsString>, limits: &Limits) -> Command {
    use std::os::unix::process::CommandExt as _;
    const WITH_LIMITS: &str = "ulimit -t \"$1\"; ulimit -v \"$2\" 2>/dev/null; ulimit -c 0; shift 2; exec \"$@\"";
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", WITH_LIMITS, "sh", &limits.cpu_s.to_string(), &limits.memory_kib.to_string()])
        .arg(program)
        .args(arguments)
        // Signals of the terminal are for us, who decide when the child ends.
        .process_group(0);
    command
}

#[cfg(not(unix))]
fn command(program: &Path, arguments: Vec<OsString>, _: &Limits) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn listen(mut complaints: ChildStderr) {
        let _ = io::copy(&mut complaints, &mut io::sink());
    }

    fn run(script: &str, limits: Limits) -> (Vec<u8>, Exit) {
        let arguments = ["-c", script].map(OsString::from).to_vec();
        let mut child = Child::start(Path::new("sh"), arguments, &limits, listen).unwrap();
        let mut output = Vec::new();
        child.read_to_end(&mut output).unwrap();
        (output, child.finish(false).1)
    }

    #[test]
    fn children_end_as_they_should() {
        let limits = Limits { stall_s: 1, cpu_s: 1, memory_kib: 1 << 20 };
        let patient = Limits { stall_s: 20, ..limits };
        let cases = [
            ("writes and ends", "printf abc", limits, "abc", Exit::Done),
            ("fails", "printf ab; exit 3", limits, "ab", Exit::Failed),
            ("hangs", "printf a; exec sleep 30", limits, "a", Exit::TimedOut),
            ("runs for ever", "while :; do :; done", patient, "", Exit::TimedOut),
            ("is slow but moves", "printf a; sleep 0.7; printf b; sleep 0.7; printf c", limits, "abc", Exit::Done),
        ];
        for (name, script, limits, output, exit) in cases {
            assert_eq!(run(script, limits), (output.as_bytes().to_vec(), exit), "{name}");
        }
        let missing = Child::start(Path::new("no-such-program"), Vec::new(), &limits, listen).unwrap();
        assert_eq!(missing.finish(false).1, Exit::Missing);
    }
}
