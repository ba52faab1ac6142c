//! Messages to standard error, around the progress bar.

use super::args::LogFormat;
use super::terminal::{Ink, escaped, has_colours, message};
use indicatif::ProgressBar;
use std::fmt;
use std::io::{self, Write};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{DefaultFields, FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

/// Sends messages to standard error in `format`, above `bar`.
///
/// Text holds warnings and errors, JSON everything; where it is `quiet`, both hold errors alone.
pub(super) fn start(format: LogFormat, quiet: bool, bar: &ProgressBar) {
    let writer = AboveBar { bar: bar.clone(), is_json: format == LogFormat::Json };
    let most = |level: Level| if quiet { Level::ERROR } else { level };
    let builder = tracing_subscriber::fmt().with_writer(writer);
    // A second run in one process keeps the first one's subscriber: only tests do that.
    let _ = match format {
        LogFormat::Text => tracing::subscriber::set_global_default(
            builder
                .with_max_level(most(Level::WARN))
                .event_format(Plain { colours: has_colours(&io::stderr()) })
                .finish(),
        ),
        LogFormat::Json => tracing::subscriber::set_global_default(
            builder.json().with_max_level(most(Level::INFO)).with_target(false).finish(),
        ),
    };
}

/// Level and message, as `print_line` writes them.
struct Plain {
    colours: bool,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>, N: for<'a> FormatFields<'a> + 'static> FormatEvent<S, N> for Plain {
    fn format_event(&self, _context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut text = String::new();
        DefaultFields::new().format_fields(Writer::new(&mut text), event)?;
        let level = *event.metadata().level();
        let ink = if level == Level::ERROR { Ink::Bad } else { Ink::Warning };
        writeln!(writer, "{} {}", ink.on(&format!("{level:>5}"), self.colours), message(&text))
    }
}

/// Writes to standard error while the bar is hidden.
#[derive(Clone)]
struct AboveBar {
    bar: ProgressBar,
    is_json: bool,
}

impl Write for AboveBar {
    /// Is given a whole message at a time.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let text = if self.is_json { escaped(&text) } else { text };
        self.bar.suspend(|| io::stderr().write_all(text.as_bytes()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for AboveBar {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}
