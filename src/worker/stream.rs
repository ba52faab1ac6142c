//! Reading an Arrow IPC stream: bounded, and whole or not at all.
//!
//! Messages are cut out here and not by Arrow's readers: one of those takes a stream that breaks off between two messages for whole and
//! reserves whatever a message claims to hold, the other waits for the message after a schema before it gives the schema.

use super::trouble::Trouble;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::buffer::Buffer;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::convert::try_fb_to_schema;
use arrow::ipc::reader::{read_dictionary, read_record_batch};
use arrow::ipc::{Message, MessageHeader, root_as_message};
use std::collections::HashMap;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// No message may be larger: thousands of rows of a manifest are a megabyte, what is written of a call of a day some tens.
const MOST_BYTES: u64 = 1 << 30;
/// Nor what a message says of itself.
const MOST_ABOUT_BYTES: u64 = 1 << 26;
/// What a message begins with (Arrow Columnar Format, "Encapsulated message format"); before version 0.15 it began with its length.
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// Record batches of a stream.
pub(super) struct Batches<R> {
    source: R,
    schema: Option<SchemaRef>,
    /// By id. Those of nested dictionaries are asked for one by one, never all.
    dictionaries: HashMap<i64, ArrayRef>,
    is_over: bool,
}

impl<R: Read> Batches<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, schema: None, dictionaries: HashMap::new(), is_over: false }
    }

    /// The schema, once it has come.
    pub(super) fn schema(&mut self) -> Result<SchemaRef, Trouble> {
        loop {
            if let Some(schema) = &self.schema {
                return Ok(Arc::clone(schema));
            }
            let Some((about, body)) = self.message()? else { return Err(no_arrow("it ends before its schema")) };
            if self.read(&about, &body)?.is_some() {
                return Err(no_arrow("rows before the schema"));
            }
        }
    }

    /// The next batch; `None` at the end of a whole stream.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, Trouble> {
        self.schema()?;
        while let Some((about, body)) = self.message()? {
            if let Some(batch) = self.read(&about, &body)? {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    /// What a message says of itself, and its body; `None` at the end.
    fn message(&mut self) -> Result<Option<(Vec<u8>, Buffer)>, Trouble> {
        if self.is_over {
            return Ok(None);
        }
        let mut length = self.four()?;
        if length == CONTINUATION {
            length = self.four()?;
        }
        let length = u64::from(u32::from_le_bytes(length));
        if length == 0 {
            self.is_over = true;
            return Ok(None);
        }
        let about = self.exactly(length, MOST_ABOUT_BYTES)?;
        let body = root_as_message(&about).map(|message| message.bodyLength());
        let body = body.ok().and_then(|length| u64::try_from(length).ok());
        let body = self.exactly(body.ok_or_else(|| no_arrow("a message that cannot be read"))?, MOST_BYTES)?;
        Ok(Some((about, Buffer::from(body))))
    }

    fn four(&mut self) -> Result<[u8; 4], Trouble> {
        let mut bytes = [0; 4];
        self.source.read_exact(&mut bytes).map_err(cut)?;
        Ok(bytes)
    }

    /// So many bytes: memory grows with what comes, not with what is claimed.
    fn exactly(&mut self, length: u64, most: u64) -> Result<Vec<u8>, Trouble> {
        if length > most {
            return Err(no_arrow(&format!("a message of {length} bytes, over {most}; send fewer rows at a time")));
        }
        let mut bytes = Vec::new();
        self.source.by_ref().take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(Trouble::Cut) }
    }

    /// Takes note of a message; its rows, where it holds some.
    fn read(&mut self, about: &[u8], body: &Buffer) -> Result<Option<RecordBatch>, Trouble> {
        // What a message says of itself is trusted more than it should be.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let message = root_as_message(about).map_err(|error| ArrowError::IpcError(error.to_string()))?;
            self.understand(message, body)
        }));
        let read = read.unwrap_or_else(|_| Err(ArrowError::IpcError("a message that contradicts itself".into())));
        read.map_err(|error| no_arrow(&error.to_string()))
    }

    fn understand(&mut self, message: Message<'_>, body: &Buffer) -> Result<Option<RecordBatch>, ArrowError> {
        let wrong = |why: &str| ArrowError::IpcError(why.into());
        if let Some(schema) = message.header_as_schema() {
            let schema: Schema = try_fb_to_schema(schema)?;
            return match self.schema.replace(Arc::new(schema)) {
                Some(_) => Err(wrong("a second schema")),
                None => Ok(None),
            };
        }
        let schema = self.schema.as_ref().ok_or_else(|| wrong("rows before the schema"))?;
        if let Some(dictionary) = message.header_as_dictionary_batch() {
            read_dictionary(body, dictionary, schema, &mut self.dictionaries, &message.version())?;
            return Ok(None);
        }
        if let Some(rows) = message.header_as_record_batch() {
            let schema = Arc::clone(schema);
            return read_record_batch(body, rows, schema, &self.dictionaries, None, &message.version()).map(Some);
        }
        match message.header_type() {
            MessageHeader::NONE => Ok(None),
            _ => Err(wrong("a message of another kind than schema, dictionary and rows")),
        }
    }
}

fn no_arrow(why: &str) -> Trouble {
    Trouble::NotArrow(why.to_owned())
}

fn cut(error: std::io::Error) -> Trouble {
    if error.kind() == std::io::ErrorKind::UnexpectedEof { Trouble::Cut } else { error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int32Array, StringArray};
    use arrow::ipc::writer::StreamWriter;
    use proptest::prelude::*;

    fn batch(rows: i32) -> RecordBatch {
        let numbers: ArrayRef = Arc::new(Int32Array::from_iter_values(0..rows));
        let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|row| format!("通话 {row}"))));
        RecordBatch::try_from_iter([("number", numbers), ("text", texts)]).unwrap()
    }

    fn stream(batches: &[RecordBatch]) -> Vec<u8> {
        let mut writer = StreamWriter::try_new(Vec::new(), &batch(0).schema()).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.finish().unwrap();
        writer.into_inner().unwrap()
    }

    /// Gives a few bytes at a time, as pipes do.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(bytes: &[u8], at_a_time: usize) -> Result<Vec<RecordBatch>, Trouble> {
        let mut batches = Batches::new(Dripping(bytes, at_a_time));
        batches.schema()?;
        let mut all = Vec::new();
        while let Some(batch) = batches.next()? {
            all.push(batch);
        }
        Ok(all)
    }

    #[test]
    fn batches_come_whole_however_they_drip() {
        let written = [batch(3), batch(0), batch(1_000)];
        for at_a_time in [1, 7, 4_096, 1 << 20] {
            assert_eq!(read(&stream(&written), at_a_time).unwrap(), written, "{at_a_time}");
        }
        assert!(read(&stream(&[]), 1).unwrap().is_empty());
    }

    #[test]
    fn a_stream_that_is_cut_anywhere_is_not_whole() {
        let whole = stream(&[batch(2), batch(2)]);
        for length in 0..whole.len() {
            let cut = read(&whole[..length], 4_096);
            assert!(matches!(cut, Err(Trouble::Cut)), "cut to {length}: {cut:?}");
        }
    }

    #[test]
    fn a_schema_is_there_once_it_has_come() {
        let whole = stream(&[]);
        let mut batches = Batches::new(&whole[..whole.len() - 8]);
        assert_eq!(batches.schema().unwrap(), batch(0).schema());
        assert!(matches!(batches.next(), Err(Trouble::Cut)));
    }

    #[test]
    fn what_is_no_stream_is_told() {
        let cases: [(&str, &[u8]); 4] = [
            ("CSV", b"call_id,recording\n1,a.wav\n"),
            ("a file of Arrow", b"ARROW1\0\0"),
            ("an end alone", &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]),
            ("a message longer than any", &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
        ];
        for (name, bytes) in cases {
            assert!(matches!(read(bytes, 64), Err(Trouble::NotArrow(_))), "{name}");
        }
    }

    #[test]
    fn dictionaries_are_read() {
        use arrow::array::{DictionaryArray, types::Int32Type};
        let texts: DictionaryArray<Int32Type> = ["debtor", "unknown", "debtor"].into_iter().collect();
        let rows = RecordBatch::try_from_iter([("callee_role", Arc::new(texts) as ArrayRef)]).unwrap();
        let mut writer = StreamWriter::try_new(Vec::new(), &rows.schema()).unwrap();
        writer.write(&rows).unwrap();
        writer.finish().unwrap();
        assert_eq!(read(&writer.into_inner().unwrap(), 5).unwrap(), [rows]);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_an_answer(place in 0..700_usize, value: u8, more in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut bytes = stream(&[batch(5), batch(3)]);
            let place = place % bytes.len();
            bytes[place] = value;
            drop(read(&bytes, 97));
            bytes.splice(place.., more);
            drop(read(&bytes, 97));
        }
    }
}
