//! Decoders that may crash or hang run in a child of our own program, so that it costs one recording.
//!
//! The child writes records, each a letter and its fields, in little endian: `S` the shape (rate in Hz,
//! channels, full scale), `B` a block (frames, then the samples of each channel), `E` the end (bytes of
//! JSON, and the JSON).

pub(super) mod process;

use super::fence::{corrupt, fill};
use super::{BLOCK_FRAMES, Blocks, DecodeError, DecodeOptions, Stream};
use process::{Child, Exit, Limits};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;

/// What the child is called on the command line.
pub const COMMAND: &str = "decode-child";

/// How the child ended.
#[derive(Serialize, Deserialize)]
struct Ending {
    decoder: String,
    codec: String,
    warnings: Vec<String>,
    partial: Option<DecodeError>,
    /// Why there is no sound; the rest is empty then.
    error: Option<DecodeError>,
}

/// The longest ending that is read.
const MOST_ENDING_BYTES: u32 = 1 << 20;

/// Decodes the recording at `path`, which is `bytes` long, in a child, `program`.
pub(super) fn decode(
    program: &Path,
    path: &Path,
    bytes: u64,
    options: &DecodeOptions,
    blocks: &mut Blocks<'_>,
) -> Result<Stream, DecodeError> {
    let limits = Limits::of(bytes);
    let arguments = [OsString::from(COMMAND), options.max_duration_ms.to_string().into(), path.into()];
    let listen = |mut complaints: std::process::ChildStderr| {
        // Read and thrown away: what a crash says may hold words of a call.
        let _ = io::copy(&mut complaints, &mut io::sink());
    };
    let mut child = Child::start(program, arguments.to_vec(), &limits, listen)
        .ok_or_else(|| DecodeError::Unreadable { reason: "no process can be started".to_owned() })?;
    let ending = copy(&mut child, blocks);
    let (_, exit) = child.finish(blocks.cut || ending.is_err());
    match (ending?, exit) {
        (Some(ending), _) => into_stream(ending),
        (None, Exit::TimedOut) => broken_off(blocks, Some(DecodeError::TimedOut { limit_s: limits.stall_s })),
        (None, _) if blocks.cut => broken_off(blocks, None),
        _ => broken_off(blocks, Some(DecodeError::DecoderPanicked)),
    }
}

/// Decoders that a child may name; the first is the one it exists for.
const DECODERS: [&str; 4] = ["opus-rs", "rvoip", "symphonia", "callsift"];

fn into_stream(ending: Ending) -> Result<Stream, DecodeError> {
    if let Some(error) = ending.error {
        return Err(error);
    }
    let decoder = DECODERS.into_iter().find(|name| *name == ending.decoder).unwrap_or("callsift");
    Ok(Stream { decoder, codec: ending.codec, warnings: ending.warnings, partial: ending.partial })
}

/// What is there of a recording of which the child did not say the end.
fn broken_off(blocks: &Blocks<'_>, partial: Option<DecodeError>) -> Result<Stream, DecodeError> {
    match partial {
        Some(error) if blocks.frames == 0 => Err(error),
        partial => Ok(Stream { decoder: DECODERS[0], codec: "opus".to_owned(), warnings: Vec::new(), partial }),
    }
}

/// Hands on the blocks of `source`; returns its ending, or nothing where it breaks off or no more is
/// wanted.
fn copy(source: &mut impl Read, blocks: &mut Blocks<'_>) -> Result<Option<Ending>, DecodeError> {
    let mut source = io::BufReader::with_capacity(1 << 16, source);
    let mut samples = vec![0; 4 * BLOCK_FRAMES];
    while let Some([kind]) = chunk::<1>(&mut source)? {
        match kind {
            b'S' => {
                let Some(rate_hz) = number(&mut source)? else { break };
                let (Some(channels), Some(scale)) = (number(&mut source)?, number(&mut source)?) else { break };
                blocks.open(rate_hz, channels as usize, f32::from_bits(scale))?;
            }
            b'B' => {
                let frames = number(&mut source)?.unwrap_or(0) as usize;
                if frames > BLOCK_FRAMES || blocks.pcm.channels.is_empty() {
                    break;
                }
                for channel in &mut blocks.pcm.channels {
                    let bytes = &mut samples[..4 * frames];
                    if fill(&mut source, bytes)? < bytes.len() {
                        return Ok(None);
                    }
                    channel.clear();
                    channel.extend(bytes.as_chunks::<4>().0.iter().map(|sample| f32::from_le_bytes(*sample)));
                }
                if !blocks.emit() {
                    break;
                }
            }
            b'E' => return ending(&mut source).map(Some),
            _ => break,
        }
    }
    Ok(None)
}

fn ending(source: &mut impl Read) -> Result<Ending, DecodeError> {
    let bytes = number(source)?.unwrap_or(0).min(MOST_ENDING_BYTES);
    let mut text = Vec::new();
    source.take(u64::from(bytes)).read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(|_| corrupt("its decoder ends without a word"))
}

fn chunk<const N: usize>(source: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    Ok((fill(source, &mut bytes)? == N).then_some(bytes))
}

fn number(source: &mut impl Read) -> io::Result<Option<u32>> {
    Ok(chunk(source)?.map(u32::from_le_bytes))
}

/// Decodes the recording at `path`, at most `max_duration_ms` of it, and writes it to `output`: what the
/// child does.
///
/// # Errors
///
/// When `output` cannot be written. A recording that cannot be decoded is written as such.
pub fn serve(path: &Path, max_duration_ms: i64, output: &mut dyn Write) -> io::Result<()> {
    let options = DecodeOptions { max_duration_ms, ffmpeg: super::Ffmpeg::Never, ..DecodeOptions::default() };
    let (mut written, mut is_open) = (Ok(()), false);
    let mut sink = |pcm: &crate::audio::Pcm| {
        if written.is_ok() {
            written = write_block(pcm, &mut is_open, output);
        }
    };
    let mut blocks = Blocks::new(&options, &mut sink);
    let result = std::fs::metadata(path)
        .map_err(DecodeError::from)
        .and_then(|metadata| super::container::decode(path, metadata.len(), &options, &mut blocks));
    let was_cut = blocks.cut;
    written?;
    let ending = match result {
        Ok(Stream { decoder, codec, warnings, partial }) => {
            // The parent, whose limit is the same, sees no block too many.
            let too_long = was_cut.then_some(DecodeError::TooLong { max_s: max_duration_ms / 1_000 });
            let partial = partial.or(too_long);
            Ending { decoder: decoder.to_owned(), codec, warnings, partial, error: None }
        }
        Err(error) => {
            let (decoder, codec) = (String::new(), String::new());
            Ending { decoder, codec, warnings: Vec::new(), partial: None, error: Some(error) }
        }
    };
    let text = serde_json::to_vec(&ending)?;
    output.write_all(b"E")?;
    output.write_all(&(text.len() as u32).to_le_bytes())?;
    output.write_all(&text)?;
    output.flush()
}

fn write_block(pcm: &crate::audio::Pcm, is_open: &mut bool, output: &mut dyn Write) -> io::Result<()> {
    if !*is_open {
        *is_open = true;
        output.write_all(b"S")?;
        for number in [pcm.rate_hz, pcm.channels.len() as u32, pcm.full_scale.to_bits()] {
            output.write_all(&number.to_le_bytes())?;
        }
    }
    let mut record = Vec::with_capacity(5 + 4 * pcm.frames() * pcm.channels.len());
    record.push(b'B');
    record.extend((pcm.frames() as u32).to_le_bytes());
    record.extend(pcm.channels.iter().flatten().flat_map(|sample| sample.to_le_bytes()));
    output.write_all(&record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_child_breaks_off_with_is_no_end() {
        let shape = [&b"S"[..], &8_000_u32.to_le_bytes(), &1_u32.to_le_bytes(), &1_f32.to_le_bytes()].concat();
        let block = [&b"B"[..], &2_u32.to_le_bytes(), &0.5_f32.to_le_bytes(), &(-0.5_f32).to_le_bytes()].concat();
        let cases = [
            ("nothing", vec![], 0),
            ("a shape", shape.clone(), 0),
            ("a block", [&shape[..], &block].concat(), 2),
            ("half a block", [&shape[..], &block[..9]].concat(), 0),
            ("a block of no shape", block.clone(), 0),
            ("a block that is too long", [&shape[..], b"B\xff\xff\xff\xff"].concat(), 0),
            ("another record", [&shape[..], &block, b"?"].concat(), 2),
        ];
        for (name, bytes, frames) in cases {
            let mut heard = 0;
            let mut sink = |pcm: &crate::audio::Pcm| heard += pcm.frames();
            let options = DecodeOptions::default();
            let mut blocks = Blocks::new(&options, &mut sink);
            assert!(copy(&mut bytes.as_slice(), &mut blocks).unwrap().is_none(), "{name}");
            assert_eq!(heard, frames, "{name}");
        }
    }
}
