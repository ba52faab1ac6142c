//! The process that keeps its word: it hands rows to another that inspects, and starts that again where a recording killed it.

use super::counters::Counters;
use super::mark::{marked, with_mark};
use super::stream::Batches;
use super::trouble::Trouble;
use crate::entities::masked_id;
use arrow::array::{Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::ipc::writer::StreamWriter;
use std::collections::VecDeque;
use std::io::{self, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, TryRecvError, channel, sync_channel};
use std::time::Duration;

/// Parts that are with the process that inspects: it works on one while it reads the other.
const UNDER_WAY: usize = 2;
/// A recording that killed the process so often, alone, is not tried again.
const TRIES: usize = 2;
/// What Rust exits with after a panic.
const PANICKED: i32 = 101;

/// How a worker is run.
pub struct Supervision<'a> {
    /// Starts the process that inspects, with its standard input and output piped.
    pub start: &'a dyn Fn() -> io::Result<Child>,
    /// At most so many rows are with it at once in a part, of which there are two: whatever the size of batches, memory is bounded.
    pub rows_at_a_time: usize,
    /// How often it is said how far it is; `None`: never.
    pub heartbeat: Option<Duration>,
    /// How far it is.
    pub counters: &'a Counters,
}

/// Has the rows of `input` inspected and writes what comes of each to `output`, in their order. A recording that kills the process that
/// inspects is tried alone; where it does so twice, its row says so. `log` gets the heartbeats.
///
/// # Errors
/// What came in is wrong, a pipe failed, or the process that inspects does not start; then the stream that was written has no end.
pub fn supervise(
    supervision: &Supervision<'_>,
    input: impl Read + Send + 'static,
    output: impl Write,
    log: impl Write + Send,
) -> Result<(), Trouble> {
    let counters = supervision.counters;
    let (hold, stop) = channel();
    std::thread::scope(|scope| {
        if let Some(every) = supervision.heartbeat {
            scope.spawn(move || counters.beat(every, &stop, log));
        }
        let done = run(supervision, input, output);
        drop(hold);
        done
    })
}

fn run(supervision: &Supervision<'_>, input: impl Read + Send + 'static, output: impl Write) -> Result<(), Trouble> {
    let parts = read_apart(input, supervision.rows_at_a_time.max(1));
    // Whoever reads has always something to say, or is gone with its thread.
    let schema = match parts.recv().map_err(|_| Trouble::Cut)?? {
        Part::Schema(schema) => schema,
        Part::Rows(rows) => rows.schema(),
    };
    let mut hand = Hand::start(supervision.start, &schema)?;
    let answers = match hand.from.schema() {
        Ok(answers) => answers,
        Err(_) => return Err(hand.fate().into_trouble()),
    };
    let mut writer = StreamWriter::try_new_buffered(output, &answers)?;
    writer.flush()?;
    Going { supervision, schema, hand, writer, waiting: VecDeque::new() }.go(&parts)
}

enum Part {
    Schema(SchemaRef),
    Rows(RecordBatch),
}

/// Reads `input` on a thread that nobody waits for: where the worker ends early, its launcher may not have closed the pipe.
fn read_apart(input: impl Read + Send + 'static, rows_at_a_time: usize) -> Receiver<Result<Part, Trouble>> {
    let (send, receive) = sync_channel(UNDER_WAY);
    std::thread::spawn(move || {
        let mut batches = Batches::new(input);
        // Where nobody takes them, there is nothing more to do.
        let mut read = || -> Result<bool, Trouble> {
            if send.send(Ok(Part::Schema(batches.schema()?))).is_err() {
                return Ok(false);
            }
            while let Some(batch) = batches.next()? {
                for first in (0..batch.num_rows()).step_by(rows_at_a_time) {
                    let rows = batch.slice(first, rows_at_a_time.min(batch.num_rows() - first));
                    if send.send(Ok(Part::Rows(rows))).is_err() {
                        return Ok(false);
                    }
                }
            }
            Ok(true)
        };
        if let Err(trouble) = read() {
            let _ = send.send(Err(trouble));
        }
    });
    receive
}

/// A worker while it works.
struct Going<'a, W: Write> {
    supervision: &'a Supervision<'a>,
    schema: SchemaRef,
    hand: Hand,
    writer: StreamWriter<BufWriter<W>>,
    /// What the process that inspects has and has not answered, oldest first.
    waiting: VecDeque<RecordBatch>,
}

impl<W: Write> Going<'_, W> {
    fn go(mut self, parts: &Receiver<Result<Part, Trouble>>) -> Result<(), Trouble> {
        loop {
            self.hand_on(parts)?;
            let Some(rows) = self.waiting.front().map(RecordBatch::num_rows) else { break };
            match self.hand.receive(rows) {
                Ok(answer) => {
                    self.waiting.pop_front();
                    self.write(&answer)?;
                }
                Err(Gone) => self.recover()?,
            }
        }
        self.hand.finish()?;
        Ok(self.writer.finish()?)
    }

    /// Hands on what there is, as long as there is room; waits for something only where nothing is under way.
    fn hand_on(&mut self, parts: &Receiver<Result<Part, Trouble>>) -> Result<(), Trouble> {
        while self.waiting.len() < UNDER_WAY {
            let next = match parts.try_recv() {
                Ok(next) => next,
                Err(TryRecvError::Empty) if self.waiting.is_empty() => match parts.recv() {
                    Ok(next) => next,
                    Err(_) => break,
                },
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            };
            let Part::Rows(rows) = next? else { continue };
            Counters::add(&self.supervision.counters.rows_in, rows.num_rows());
            let sent = self.hand.send(&rows, false);
            self.waiting.push_back(rows);
            if sent.is_err() {
                self.recover()?;
            }
        }
        Ok(())
    }

    fn write(&mut self, answer: &RecordBatch) -> Result<(), Trouble> {
        self.writer.write(answer)?;
        self.writer.flush()?;
        Counters::add(&self.supervision.counters.rows_out, answer.num_rows());
        Ok(())
    }

    /// Has what the dead process had tried row after row by another.
    fn recover(&mut self) -> Result<(), Trouble> {
        self.start_again()?;
        for rows in std::mem::take(&mut self.waiting) {
            for row in 0..rows.num_rows() {
                let answer = self.tried_alone(&rows.slice(row, 1))?;
                self.write(&answer)?;
            }
        }
        Ok(())
    }

    fn tried_alone(&mut self, row: &RecordBatch) -> Result<RecordBatch, Trouble> {
        for _ in 0..TRIES {
            match self.asked(row, false) {
                Ok(answer) => return Ok(answer),
                Err(Gone) => self.start_again()?,
            }
        }
        let name = name_of(row);
        tracing::warn!(
            "call {name} killed the process that inspects {TRIES} times: its row says so, and the others go on"
        );
        Counters::add(&self.supervision.counters.quarantined, 1);
        self.asked(row, true).map_err(|Gone| Trouble::Died(format!("at call {name}, which was not even tried")))
    }

    fn asked(&mut self, row: &RecordBatch, crashed: bool) -> Result<RecordBatch, Gone> {
        self.hand.send(row, crashed)?;
        self.hand.receive(row.num_rows())
    }

    /// Starts another process in place of one that died; where it did not die, but ended and said why, so does this one.
    fn start_again(&mut self) -> Result<(), Trouble> {
        let fate = self.hand.fate();
        let Fate::Died(why) = fate else { return Err(fate.into_trouble()) };
        tracing::warn!(
            "the process that inspects died ({why}); another goes on, with the calls that it had one by one"
        );
        Counters::add(&self.supervision.counters.restarts, 1);
        self.hand = Hand::start(self.supervision.start, &self.schema)?;
        Ok(())
    }
}

/// The process that inspects does not answer any more.
#[derive(Clone, Copy, Debug)]
struct Gone;

/// How it ended.
#[derive(Debug)]
enum Fate {
    /// It said why, and gave this code.
    Ended(u8),
    Died(String),
}

impl Fate {
    fn into_trouble(self) -> Trouble {
        match self {
            Self::Ended(0) => Trouble::Died("it ended before it was done".into()),
            Self::Ended(code) => Trouble::Ended { code },
            Self::Died(why) => Trouble::Died(why),
        }
    }
}

/// The process that inspects, and the pipes to it.
struct Hand {
    process: Child,
    to: Option<StreamWriter<BufWriter<ChildStdin>>>,
    from: Batches<ChildStdout>,
}

impl Hand {
    fn start(start: &dyn Fn() -> io::Result<Child>, schema: &Schema) -> Result<Self, Trouble> {
        let mut process = start()?;
        let no_pipe = || io::Error::other("the process that inspects has no pipes");
        let (to, from) = process.stdin.take().zip(process.stdout.take()).ok_or_else(no_pipe)?;
        // Where it is gone already, the first answer that does not come tells.
        let to = StreamWriter::try_new_buffered(to, &with_mark(schema)).and_then(|mut to| to.flush().map(|()| to));
        Ok(Self { process, to: to.ok(), from: Batches::new(from) })
    }

    fn send(&mut self, rows: &RecordBatch, crashed: bool) -> Result<(), Gone> {
        let marked = marked(rows, crashed).map_err(|_| Gone)?;
        let to = self.to.as_mut().ok_or(Gone)?;
        to.write(&marked).and_then(|()| to.flush()).map_err(|_| Gone)
    }

    /// The answer to the oldest part, which has so many rows.
    fn receive(&mut self, rows: usize) -> Result<RecordBatch, Gone> {
        match self.from.next() {
            Ok(Some(answer)) if answer.num_rows() == rows => Ok(answer),
            // It says what it should not: what it is worth shows how it ends.
            Ok(Some(_)) | Err(Trouble::NotArrow(_)) => {
                let _ = self.process.kill();
                Err(Gone)
            }
            Ok(None) | Err(_) => Err(Gone),
        }
    }

    /// Lets it end, and sees that it does as it should.
    fn finish(mut self) -> Result<(), Trouble> {
        let ended = self.to.take().map(|mut to| to.finish());
        let is_whole = matches!(ended, Some(Ok(()))) && matches!(self.from.next(), Ok(None));
        drop(ended);
        match self.fate() {
            Fate::Ended(0) if is_whole => Ok(()),
            fate => Err(fate.into_trouble()),
        }
    }

    /// Waits for its end.
    fn fate(&mut self) -> Fate {
        self.to = None;
        match self.process.wait() {
            Ok(status) => match status.code() {
                Some(PANICKED) => Fate::Died("it stumbled".into()),
                Some(code) => u8::try_from(code).map_or_else(|_| Fate::Died(status.to_string()), Fate::Ended),
                None => Fate::Died(status.to_string()),
            },
            Err(error) => Fate::Died(error.to_string()),
        }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        // Where the worker ends early, so does this one.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The call's id as it may be shown.
fn name_of(row: &RecordBatch) -> String {
    let ids = row.column_by_name("call_id").and_then(|ids| cast(ids, &DataType::Utf8).ok());
    let id = ids.as_ref().and_then(|ids| ids.as_any().downcast_ref::<StringArray>()).filter(|ids| !ids.is_empty());
    id.map_or_else(String::new, |ids| masked_id(ids.value(0)))
}
