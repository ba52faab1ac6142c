//! `callsift sherpa-child`: hears clips for another callsift, which survives when this one does not.

use super::{EXIT_IO, EXIT_OK};
use crate::engine::sherpa::serve;
use std::io::{BufReader, stdin, stdout};

/// Answers the requests of standard input on standard output.
pub(super) fn run() -> u8 {
    // A model is read over and over, which huge pages make quicker.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(false);
    if serve(BufReader::new(stdin()), &mut stdout().lock()).is_ok() { EXIT_OK } else { EXIT_IO }
}
