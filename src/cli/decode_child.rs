//! `callsift decode-child`: decodes one recording for another callsift, which survives when this one
//! does not.

use super::args::DecodeChild;
use super::{EXIT_IO, EXIT_OK};
use crate::audio::decode::child::serve;

/// Writes the recording to standard output.
pub(super) fn run(args: &DecodeChild) -> u8 {
    let output = std::io::stdout().lock();
    let mut output = std::io::BufWriter::with_capacity(1 << 16, output);
    if serve(&args.file, args.max_duration_ms, &mut output).is_ok() { EXIT_OK } else { EXIT_IO }
}
