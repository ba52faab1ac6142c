//! The child's side.

use super::protocol::{self, Answer, Request, TAG};
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
    for request in requests {
        let answer = hearing.answer(request);
        // All that the library had to say about it stands before this line.
        writeln!(io::stderr(), "{}", TAG.trim())?;
        protocol::write(&answer, output)?;
    }
    Ok(())
}

/// A callsift without the library.
#[cfg(not(feature = "sherpa"))]
#[derive(Default)]
struct Hearing;

#[cfg(not(feature = "sherpa"))]
impl Hearing {
    #[expect(clippy::unused_self, clippy::needless_pass_by_value, reason = "as where the library is")]
    fn answer(&mut self, _: Request) -> Answer {
        let error = super::listen::not_built();
        Answer::Failed(error.code, error.message)
    }
}

#[cfg(feature = "sherpa")]
use hearing::Hearing;

#[cfg(feature = "sherpa")]
mod hearing;
