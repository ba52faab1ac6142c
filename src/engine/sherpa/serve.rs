//! The child's side.

mod hearing;

use super::protocol::{self, Request, TAG};
use hearing::Hearing;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// How long what is being heard may go on when nobody waits for it any more.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers the requests of `input` on `output` until `input` ends, which is when the tool is gone; then what is being heard is broken
/// off, and the process with it.
///
/// # Errors
/// `output` cannot be written.
pub fn serve(mut input: impl BufRead + Send + 'static, output: &mut dyn Write) -> io::Result<()> {
    leave_no_core();
    let (sender, requests) = channel();
    thread::spawn(move || {
        while let Ok(Some(request)) = protocol::read::<Request>(&mut input) {
            if sender.send(request).is_err() {
                return;
            }
        }
        drop(sender);
        thread::sleep(PATIENCE);
        // Nothing that a library is busy with can be broken off otherwise.
        std::process::abort();
    });
    let mut hearing = Hearing::default();
    for (number, request) in requests {
        let answer = hearing.answer(request);
        // All that the library had to say about it stands before this line, of which it may have begun one.
        writeln!(io::stderr(), "\n{}", TAG.trim())?;
        protocol::write(number, &answer, output)?;
    }
    Ok(())
}

/// A crash leaves no file with what was in memory, in which there would be a customer's voice.
fn leave_no_core() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Less is always allowed.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
