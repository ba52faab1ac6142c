//! Writing RIFF WAVE files of 16-bit PCM.

/// Length of [`header`], bytes.
pub const HEADER_BYTES: u64 = 44;

/// The header of a file with `frames` samples a channel at `rate_hz`; 16-bit samples follow it, interleaved, little-endian.
///
/// Sizes past 4 GiB, which the format cannot say, are written as the largest that it can; readers take the rest of the file then.
///
/// Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0, "Waveform Audio File Format".
#[must_use]
pub fn header(rate_hz: u32, channels: u16, frames: u64) -> [u8; HEADER_BYTES as usize] {
    let frame_bytes = channels * 2;
    let data = u32::try_from(frames * u64::from(frame_bytes)).unwrap_or(u32::MAX - 36);
    let mut header = [0; HEADER_BYTES as usize];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        header[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(b"RIFF");
    put(&data.saturating_add(36).to_le_bytes());
    put(b"WAVEfmt ");
    put(&16_u32.to_le_bytes());
    put(&1_u16.to_le_bytes());
    put(&channels.to_le_bytes());
    put(&rate_hz.to_le_bytes());
    put(&rate_hz.saturating_mul(u32::from(frame_bytes)).to_le_bytes());
    put(&frame_bytes.to_le_bytes());
    put(&16_u16.to_le_bytes());
    put(b"data");
    put(&data.to_le_bytes());
    header
}

/// The nearest 16-bit sample to `sample`, full scale ±1; what is louder is clipped.
#[must_use]
pub fn sample_16_bit(sample: f32) -> i16 {
    (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16
}
