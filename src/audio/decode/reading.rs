//! Containers that symphonia opens, one of whose tracks is decoded.

use super::fence::{Fenced, fenced, fill, unsupported};
use super::mp4::{Edit, edit_of};
use super::packets::{Lost, Packets};
use super::tail::{Tail, tail_of};
use super::timeline::{Timeline, missing};
use super::{Blocks, DecodeError, Stream};
use std::io::{self, Read, Seek, SeekFrom};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::common::Limit;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{
    FORMAT_ID_ADTS, FORMAT_ID_CAF, FORMAT_ID_ISOMP4, FORMAT_ID_MKV, FORMAT_ID_OGG,
};
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

/// Opens `source`, which is `bytes` long.
pub(super) fn open<R>(mut source: R, bytes: u64) -> Result<Reading, DecodeError>
where
    R: Read + Seek + Send + Sync + 'static,
{
    // Looked for before the source is given away; a file that is no MP4 has none.
    let edit = edit_of(&mut source, bytes);
    source.seek(SeekFrom::Start(0))?;
    Reading::open(source, bytes, edit)
}

/// Where the segment of a Matroska file ends (RFC 8794, sections 4 and 11.2.1); none where it is no such
/// file, or was written without an end.
fn segment_end(start: &[u8]) -> Option<u64> {
    let (header, rest) = element_bytes(start.strip_prefix(b"\x1a\x45\xdf\xa3")?)?;
    let rest = rest.get(usize::try_from(header).ok()?..)?;
    let (segment, after) = element_bytes(rest.strip_prefix(b"\x18\x53\x80\x67")?)?;
    let from = (start.len() - after.len()) as u64;
    from.checked_add(segment)
}

/// The number that starts `bytes`, whose leading zero bits tell its length, and what follows; none where
/// it says that the length is unknown.
fn element_bytes(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let (number, rest) = bytes.split_at_checked(length).filter(|_| length <= 8)?;
    let value = number.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)) & !(1 << (7 * length));
    (value != (1 << (7 * length)) - 1).then_some((value, rest))
}

/// The largest tag that is read.
const MOST_TAG_BYTES: usize = 1 << 20;

/// How many packets in a row may fail to be read before the rest is given up.
const MOST_BAD_READS: u32 = 64;

/// A container opened for one of its tracks.
pub(super) struct Reading {
    format: Box<dyn FormatReader>,
    packets: Packets,
    track_id: u32,
    /// Length of a unit of time.
    unit: Option<TimeBase>,
    /// Rate that the track claims.
    rate_hz: Option<u32>,
    /// Frames before the recording, in the rate of the track.
    delay: u64,
    edit: Option<Edit>,
    /// Whether another stream follows the one that ended.
    is_chained: bool,
    packets_left: u64,
    bad_reads: u32,
    lost_packets: u64,
    /// Whether a packet used a part of the codec that is not decoded.
    is_refused: bool,
    /// Where the last packet ends, in units of the track.
    ends_at: i64,
}

impl Reading {
    /// Whether its track is Opus.
    pub(super) fn is_opus(&self) -> bool {
        matches!(self.packets, Packets::Opus(_))
    }

    /// Decodes the file, which is `bytes` long.
    pub(super) fn decode(mut self, bytes: u64, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
        let (mut end, mut warnings, mut goes_on) = (None, Vec::new(), true);
        while goes_on {
            let part = self.part(bytes, blocks, &mut warnings);
            goes_on = part.is_ok() && self.is_chained && !blocks.cut;
            end = end.or(part.unwrap_or_else(Some));
        }
        match end {
            _ if blocks.frames == 0 && self.is_refused => Err(unsupported(self.packets.codec())),
            Some(error) if blocks.frames == 0 => Err(error),
            end => Ok(self.into_stream(end, warnings)),
        }
    }

    /// Decodes the file, or the next of the streams that are chained in it; an error ends it all, and what is wrong with
    /// this part alone is returned.
    fn part(
        &mut self,
        bytes: u64,
        blocks: &mut Blocks<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<Option<DecodeError>, DecodeError> {
        let mut timeline = Timeline::new(blocks, bytes);
        self.begin(&mut timeline);
        self.is_chained = false;
        let drained = self.drain(&mut timeline);
        let closed = self.close(&mut timeline);
        warnings.extend(timeline.warnings());
        drained.map_or(Ok(()), Err).and(closed)?;
        // Matroska and MP4 leave out what is silent; where streams have no holes, one is damage.
        let container = self.format.format_info().format;
        let may_have_gaps = container == FORMAT_ID_MKV || container == FORMAT_ID_ISOMP4;
        Ok(missing(&timeline).or_else(|| timeline.damage().filter(|_| !may_have_gaps)))
    }

    fn open<R>(source: R, bytes: u64, edit: Option<Edit>) -> Result<Self, DecodeError>
    where
        R: Read + Seek + Send + Sync + 'static,
    {
        fenced(|| {
            let format = open_format(source, bytes)?;
            let (track_id, packets) = open_track(&*format)?;
            // A packet without bytes of its own still has an entry in a table of the file.
            let packets_left = bytes.saturating_add(16);
            let (bad_reads, lost_packets, ends_at) = (0, 0, 0);
            let (unit, rate_hz, delay) = (None, None, 0);
            Ok(Self {
                format,
                packets,
                track_id,
                unit,
                rate_hz,
                delay,
                edit,
                is_chained: false,
                packets_left,
                bad_reads,
                lost_packets,
                is_refused: false,
                ends_at,
            })
        })?
    }

    /// Sets the clock for the track, the first of the file or one that is chained to it.
    fn begin(&mut self, timeline: &mut Timeline<'_, '_>) {
        let container = self.format.format_info().format;
        self.ends_at = 0;
        let Some(track) = self.format.tracks().iter().find(|track| track.id == self.track_id) else { return };
        self.unit = track.time_base;
        self.rate_hz =
            track.codec_params.as_ref().and_then(|params| params.audio()).and_then(|audio| audio.sample_rate);
        let delay = match (&self.packets, container) {
            // Symphonia takes Matroska's delay off the times themselves.
            (_, FORMAT_ID_MKV) => 0,
            (_, FORMAT_ID_ISOMP4) if self.edit.is_some() => self.edit_frames().0,
            (Packets::Opus(opus), _) => u64::from(opus.pre_skip()),
            _ => 0,
        };
        self.delay = delay;
        let claimed = self.claimed_by(track);
        let early = match &self.packets {
            Packets::Opus(opus) => i64::from(opus.pre_skip()),
            Packets::Symphonia(_) => delay as i64,
        };
        let first = (early > 0).then_some(-early);
        timeline.keep(first, self.edit.and_then(|_| self.edit_frames().1).map(|end| end as i64));
        timeline.claim(claimed);
    }

    /// Frames before the recording and, where the file says so, of the recording, by the edit list.
    fn edit_frames(&self) -> (u64, Option<u64>) {
        let (Some(rate_hz), Some(edit)) = (self.rate_hz, self.edit) else { return (0, None) };
        (edit.start_frames(rate_hz), edit.length_frames(rate_hz))
    }

    /// Frames that the container says the track has; none where it does not, or guesses.
    fn claimed_by(&self, track: &Track) -> Option<u64> {
        let container = self.format.format_info().format;
        if container == FORMAT_ID_MKV {
            let info = self.format.media_info();
            return scaled(info.duration?.get().try_into().ok()?, info.time_base?, self.rate_hz?)
                .map(i64::unsigned_abs);
        }
        if let Some(length) = self.edit.and_then(|_| self.edit_frames().1) {
            return Some(length);
        }
        // Packets of MP3 in CAF count for twice as much as they hold, by what ffmpeg writes at low rates.
        let is_guess = container == FORMAT_ID_ADTS || container == FORMAT_ID_CAF && self.packets.codec() == "mp3";
        let counts_delay = container == FORMAT_ID_OGG || container == FORMAT_ID_ISOMP4;
        let delay = if counts_delay { self.delay } else { 0 };
        track.num_frames.filter(|_| !is_guess).map(|frames| frames.saturating_sub(delay))
    }

    /// Decodes to the end; returns why it came early.
    fn drain(&mut self, timeline: &mut Timeline<'_, '_>) -> Option<DecodeError> {
        loop {
            if self.packets_left == 0 {
                return Some(DecodeError::Corrupt { detail: "it has more packets than bytes".to_owned() });
            }
            self.packets_left -= 1;
            let packet = match fenced(|| self.format.next_packet()) {
                Ok(Ok(Some(packet))) => packet,
                Ok(Ok(None)) => return None,
                Ok(Err(error)) => match self.recover(error, timeline) {
                    None if self.is_chained => return None,
                    None => continue,
                    end => return end,
                },
                Err(panicked) => return Some(panicked),
            };
            self.bad_reads = 0;
            if packet.track_id != self.track_id {
                continue;
            }
            match self.decode_packet(&packet, timeline) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(error),
            }
        }
    }

    /// Goes on after an error where that is possible; else why not.
    fn recover(&mut self, error: SymphoniaError, timeline: &mut Timeline<'_, '_>) -> Option<DecodeError> {
        match error {
            SymphoniaError::ResetRequired => match fenced(|| open_track(&*self.format)) {
                Ok(Ok((track_id, packets))) => {
                    (self.track_id, self.packets, self.is_chained) = (track_id, packets, true);
                    None
                }
                Ok(Err(error)) | Err(error) => Some(error),
            },
            SymphoniaError::DecodeError(_) if self.bad_reads < MOST_BAD_READS => {
                self.bad_reads += 1;
                self.lost_packets += 1;
                None
            }
            error => Some(ended(&error, timeline.blocks.frames)),
        }
    }

    /// Decodes one packet; false once no more is wanted.
    fn decode_packet(&mut self, packet: &Packet, timeline: &mut Timeline<'_, '_>) -> Result<bool, DecodeError> {
        let decoded = fenced(|| self.packets.decode(packet))?;
        let start = packet.pts.get().saturating_add_unsigned(packet.trim_start.get());
        self.ends_at = start.saturating_add_unsigned(packet.dur.get());
        match decoded {
            Ok(frames) => {
                let (rate_hz, channels) = self.packets.shape();
                if frames == 0 || channels == 0 {
                    return Ok(true);
                }
                timeline.open(rate_hz, channels)?;
                let at = self.frames_at(start, rate_hz);
                let packets = &self.packets;
                timeline.place(at, frames, &|range, channels| packets.read(range, channels))
            }
            // The time of the next packet shows how much is lost.
            Err(lost) => {
                self.lost_packets += 1;
                self.is_refused |= lost == Lost::Refused;
                // Sound that is lost before the first that is heard is silence too.
                let at = self.rate_hz.and_then(|rate_hz| self.frames_at(start, rate_hz));
                timeline.begin(at);
                Ok(true)
            }
        }
    }

    /// A time of the track, in frames.
    fn frames_at(&self, time: i64, rate_hz: u32) -> Option<i64> {
        scaled(time, self.unit?, rate_hz).map(|at| at.saturating_sub_unsigned(self.delay))
    }

    /// Fills what lost packets at the end leave.
    fn close(&mut self, timeline: &mut Timeline<'_, '_>) -> Result<(), DecodeError> {
        match self.frames_at(self.ends_at, timeline.blocks.pcm.rate_hz) {
            Some(end) if self.lost_packets > 0 && !timeline.blocks.cut => timeline.fill_to(end),
            _ => Ok(()),
        }
    }

    fn into_stream(self, end: Option<DecodeError>, mut warnings: Vec<String>) -> Stream {
        let lost = (self.lost_packets > 0)
            .then(|| DecodeError::Corrupt { detail: format!("{} packets cannot be decoded", self.lost_packets) });
        if let (Some(_), Some(lost)) = (&end, &lost) {
            warnings.push(lost.to_string());
        }
        let (decoder, codec) = (self.packets.decoder(), self.packets.codec().to_owned());
        Stream { decoder, codec, warnings, partial: end.or(lost) }
    }
}

/// `time` in `unit`s as frames of `rate_hz`, rounded.
fn scaled(time: i64, unit: TimeBase, rate_hz: u32) -> Option<i64> {
    let denominator = i128::from(unit.denom.get());
    let frames = i128::from(time) * i128::from(unit.numer.get()) * i128::from(rate_hz);
    i64::try_from((frames + denominator / 2).div_euclid(denominator)).ok()
}

fn open_format<R>(mut source: R, bytes: u64) -> Result<Box<dyn FormatReader>, DecodeError>
where
    R: Read + Seek + Send + Sync + 'static,
{
    let mut start = [0; 64];
    let read = fill(&mut source, &mut start)?;
    source.seek(SeekFrom::Start(0))?;
    // Of files that are cut off, symphonia takes nothing where it knows that the length is another than they say.
    let is_cut = segment_end(&start[..read]).is_some_and(|end| end > bytes)
        || (start.starts_with(b"OggS") || &start[4..8] == b"ftyp") && tail_of(&mut source, bytes, "")? == Tail::Cut;
    source.seek(SeekFrom::Start(0))?;
    let source = if is_cut { Fenced::forward_only(source, bytes) } else { Fenced::new(source, bytes) };
    let source = MediaSourceStream::new(Box::new(source), Default::default());
    let metadata = MetadataOptions::default()
        .limit_tag_bytes(Limit::Maximum(MOST_TAG_BYTES))
        .limit_visual_bytes(Limit::Maximum(0));
    symphonia::default::get_probe()
        .probe(&Hint::new(), source, FormatOptions::default(), metadata)
        .map_err(|error| no_format(&error))
}

/// The track that is decoded, and its decoder.
fn open_track(format: &dyn FormatReader) -> Result<(u32, Packets), DecodeError> {
    let params_of = |track: &Track| -> Option<AudioCodecParameters> {
        track.codec_params.as_ref().and_then(|params| params.audio()).cloned()
    };
    let track = format.default_track(TrackType::Audio).ok_or_else(|| unsupported("no known track of sound"))?;
    let params = params_of(track).ok_or_else(|| unsupported("no known track of sound"))?;
    Ok((track.id, Packets::new(&params)?))
}

/// Why no container could be opened.
fn no_format(error: &SymphoniaError) -> DecodeError {
    match error {
        // The probe's own refusal: none of the bytes start a known container.
        SymphoniaError::Unsupported(detail) if detail.starts_with("core (probe)") => DecodeError::NotAudio,
        SymphoniaError::Unsupported(detail) if detail.contains("missing") => {
            DecodeError::Corrupt { detail: (*detail).to_owned() }
        }
        SymphoniaError::Unsupported(detail) => unsupported(detail),
        SymphoniaError::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            DecodeError::Unreadable { reason: error.kind().to_string() }
        }
        SymphoniaError::IoError(_) => DecodeError::Corrupt { detail: "its header is cut off".to_owned() },
        other => DecodeError::Corrupt { detail: other.to_string() },
    }
}

/// Why a stream ended before its end.
fn ended(error: &SymphoniaError, frames: u64) -> DecodeError {
    match error {
        SymphoniaError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            DecodeError::EndsEarly { there: frames }
        }
        SymphoniaError::IoError(error) => DecodeError::Unreadable { reason: error.kind().to_string() },
        other => DecodeError::Corrupt { detail: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_segment_is_where_it_says() {
        // An EBML header of two bytes, then a segment of a length in one and in eight bytes.
        let cases: [(&str, &[u8], Option<u64>); 5] = [
            ("short", b"\x1a\x45\xdf\xa3\x82ab\x18\x53\x80\x67\x85", Some(17)),
            ("long", b"\x1a\x45\xdf\xa3\x82ab\x18\x53\x80\x67\x01\0\0\0\0\0\x01\0", Some(19 + 256)),
            ("unknown", b"\x1a\x45\xdf\xa3\x82ab\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", None),
            ("no length", b"\x1a\x45\xdf\xa3\x82ab\x18\x53\x80\x67\0\0", None),
            ("another file", b"RIFF....", None),
        ];
        for (name, start, end) in cases {
            assert_eq!(segment_end(start), end, "{name}");
        }
    }
}
