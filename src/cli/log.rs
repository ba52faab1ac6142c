//! Messages to standard error, around the progress bar.

use super::args::LogFormat;
use indicatif::ProgressBar;
use std::io::{self, IsTerminal, Write};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// Sends messages to standard error in `format`, above `bar`.
///
/// Text holds warnings and errors, JSON everything.
pub(super) fn start(format: LogFormat, bar: &ProgressBar) {
    let writer = AboveBar(bar.clone());
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A second run in one process keeps the first one's subscriber: only tests do that.
    let _ = match format {
        LogFormat::Text => tracing::subscriber::set_global_default(
            tracing_subscriber::fmt()
                .with_max_level(Level::WARN)
                .without_time()
                .with_target(false)
                .with_ansi(colours)
                .with_writer(writer)
                .finish(),
        ),
        LogFormat::Json => tracing::subscriber::set_global_default(
            tracing_subscriber::fmt()
                .json()
                .with_max_level(Level::INFO)
                .with_target(false)
                .with_writer(writer)
                .finish(),
        ),
    };
}

/// Writes to standard error while the bar is hidden.
struct AboveBar(ProgressBar);

impl Write for AboveBar {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for AboveBar {
    type Writer = AboveBar;

    fn make_writer(&'a self) -> Self::Writer {
        AboveBar(self.0.clone())
    }
}
