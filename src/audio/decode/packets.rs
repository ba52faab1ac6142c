//! Packets to frames: the decoders of containers, behind one face.

use super::fence::unsupported;
use super::{DecodeError, Pick, opus::OpusPackets};
use std::ops::Range;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::packet::Packet;

/// Why a packet cannot be decoded; the next one may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// Its bytes contradict themselves.
    Damaged,
    /// It uses a part of the codec that is not decoded, or is damaged so that it seems to.
    Refused,
}

/// A decoder that holds the frames of the packet it was given last.
pub(super) enum Packets {
    /// One of symphonia's.
    Symphonia(Box<dyn AudioDecoder>),
    /// Opus.
    Opus(Box<OpusPackets>),
}

impl Packets {
    /// A decoder for the codec of `params`.
    pub(super) fn new(params: &AudioCodecParameters) -> Result<Self, DecodeError> {
        // A decoder makes room for as many as it is told of.
        let channels = params.channels.as_ref().map_or(0, |channels| channels.count());
        if channels > usize::from(Pick::HIGHEST) + 1 {
            return Err(DecodeError::TooManyChannels { channels });
        }
        if params.codec == CODEC_ID_OPUS {
            return Ok(Self::Opus(Box::new(OpusPackets::new(params)?)));
        }
        symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map(Self::Symphonia)
            .map_err(|error| unsupported(&error.to_string()))
    }

    /// Who decodes: as `calls.decoder` says it.
    pub(super) fn decoder(&self) -> &'static str {
        match self {
            Self::Symphonia(_) => "symphonia",
            Self::Opus(_) => "opus-rs",
        }
    }

    /// The codec, as ffmpeg names it.
    pub(super) fn codec(&self) -> &str {
        match self {
            Self::Symphonia(decoder) => decoder.codec_info().short_name,
            Self::Opus(_) => "opus",
        }
    }

    /// Decodes one packet; returns its frames, which are held until the next.
    pub(super) fn decode(&mut self, packet: &Packet) -> Result<usize, Lost> {
        match self {
            Self::Symphonia(decoder) => match decoder.decode(packet) {
                Ok(decoded) => Ok(decoded.frames()),
                Err(SymphoniaError::Unsupported(_)) => Err(Lost::Refused),
                Err(_) => Err(Lost::Damaged),
            },
            Self::Opus(opus) => opus.decode(packet).ok_or(Lost::Damaged),
        }
    }

    /// Rate in Hz and channels of the frames that are held.
    pub(super) fn shape(&self) -> (u32, usize) {
        match self {
            Self::Symphonia(decoder) => {
                let decoded = decoder.last_decoded();
                (decoded.spec().rate(), decoded.spec().channels().count())
            }
            Self::Opus(opus) => opus.shape(),
        }
    }

    /// Puts frames that are held into `channels`.
    pub(super) fn read(&self, frames: Range<usize>, channels: &mut Vec<Vec<f32>>) {
        match self {
            Self::Symphonia(decoder) => decoder.last_decoded().slice(frames).copy_to_vecs_planar(channels),
            Self::Opus(opus) => opus.read(frames, channels),
        }
    }
}
