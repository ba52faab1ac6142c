//! What is sent: some text, or a part of a sound, read as the other end takes it.

use super::sound::Sound;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::task::{JoinHandle, spawn_blocking};

/// So much of a sound is read at a time: 4 s of two channels at 8 kHz.
const READ_BYTES: usize = 1 << 17;

/// The body of an answer.
#[derive(Debug)]
pub(super) enum Body {
    /// All at once; nothing once it is sent.
    Whole(Option<Bytes>),
    /// Part of a sound.
    Part(Part),
}

/// Part of a sound.
#[derive(Debug)]
pub(super) struct Part {
    sound: Arc<Sound>,
    /// What is still to be read.
    rest: Range<u64>,
    /// What is being read.
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Body {
    pub(super) fn text(text: impl Into<Bytes>) -> Self {
        let bytes = text.into();
        Self::Whole((!bytes.is_empty()).then_some(bytes))
    }

    pub(super) fn sound(sound: Arc<Sound>, range: Range<u64>) -> Self {
        Self::Part(Part { sound, rest: range, reading: None })
    }

    /// Its size.
    pub(super) fn length_bytes(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
            Self::Part(part) => part.rest.end - part.rest.start,
        }
    }
}

impl Part {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.reading.is_none() && self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let reading = self.reading.get_or_insert_with(|| {
            let (sound, start) = (Arc::clone(&self.sound), self.rest.start);
            let most = READ_BYTES.min(usize::try_from(self.rest.end - start).unwrap_or(READ_BYTES));
            spawn_blocking(move || sound.read(start, most))
        });
        let read = ready!(Pin::new(reading).poll(context)).unwrap_or_else(|error| Err(io::Error::other(error)));
        self.reading = None;
        self.rest.start += read.as_ref().map_or(0, |bytes| bytes.len() as u64);
        Poll::Ready(Some(read))
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let next = match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Self::Part(part) => part.poll(context),
        };
        next.map(|next| next.map(|bytes| bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.length_bytes() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length_bytes())
    }
}
