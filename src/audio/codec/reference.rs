//! Samples that other decoders make of the same bytes: ffmpeg 5.1, for GSM its libgsm.

use super::packets::{BitOrder, Packets};

/// Bytes that anybody can make: the upper bytes of x' = 1,664,525 x + 1,013,904,223, modulo 2^32, from 1.
fn bytes(count: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}

/// Makes the starts of packets of random bytes valid, as `fix` does it.
fn packets(packet_bytes: usize, count: usize, fix: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut bytes = bytes(packet_bytes * count);
    bytes.chunks_mut(packet_bytes).for_each(fix);
    bytes
}

/// All samples, interleaved, in 16 bits.
fn decoded(codec: Packets, channels: u16, bytes: &[u8]) -> Vec<i16> {
    let mut decoder = codec.decoder(channels);
    let mut out = vec![Vec::new(); usize::from(channels)];
    for packet in bytes.chunks(codec.packet_bytes()) {
        assert!(decoder.unpack(packet, &mut out));
    }
    assert_eq!(out[0].len() as u64, codec.frames(bytes.len() as u64, channels));
    (0..out[0].len()).flat_map(|frame| out.iter().map(move |samples| (samples[frame] * 32_768.0) as i16)).collect()
}

/// A number that depends on every sample and its place.
fn fold(samples: &[i16]) -> u32 {
    samples.iter().fold(0_u32, |sum, sample| sum.wrapping_mul(31).wrapping_add(i32::from(*sample) as u32))
}

fn fix_gsm(packet: &mut [u8]) {
    packet[0] = 0xd0 | packet[0] & 0x0f;
}

fn fix_ima(channels: usize) -> impl Fn(&mut [u8]) {
    move |packet| {
        for start in packet[..4 * channels].as_chunks_mut::<4>().0 {
            start[2] %= 89;
            start[3] = 0;
        }
    }
}

fn fix_ms(channels: usize) -> impl Fn(&mut [u8]) {
    move |packet| packet[..channels].iter_mut().for_each(|predictor| *predictor %= 7)
}

#[test]
fn decoders_agree_with_others() {
    use BitOrder::{HighFirst, LowFirst};
    let g726 = |bits, order| Packets::G726 { bits, order };
    let (ima, ms) = (|packet_bytes| Packets::Ima { packet_bytes }, |packet_bytes| Packets::Ms { packet_bytes });
    // (codec, channels, bytes, samples 24 to 31, all samples folded); G.726 as far as ffmpeg's sums do
    // not wrap round, where ours clip.
    let cases = [
        (Packets::Gsm, 1, packets(33, 20, fix_gsm), [-216, 112, -80, 40, 32, -592, -184, -544], 0x1479_5b80),
        (Packets::GsmMs, 1, bytes(650), [48, -104, -328, 192, -288, -504, 248, -648], 0xba75_c950),
        (Packets::G722, 1, bytes(512), [-45, 14, -113, -303, -86, 317, 333, 5], 0xd2c3_2580),
        (g726(2, LowFirst), 1, bytes(12), [-1_700, 2_528, 1_148, -1_376, -2_828, -628, 1_036, -3_200], 0x68db_7d88),
        (g726(2, HighFirst), 1, bytes(20), [-508, 416, 1_284, -1_536, -3_260, 712, -108, -2_824], 0x67dc_ef9c),
        (g726(3, LowFirst), 1, bytes(20), [488, -1_036, 1_236, -20, -2_004, 200, 3_416, 5_732], 0x3a40_1f54),
        (g726(3, HighFirst), 1, bytes(20), [-184, 20, -80, -328, 24, 196, -356, -628], 0x9165_f24c),
        (g726(4, LowFirst), 1, bytes(20), [1_548, -5_760, 8_352, -4_284, -3_236, 5_008, -6_056, 1_612], 0x7aea_f0b8),
        (g726(4, HighFirst), 1, bytes(20), [-1_056, 2_320, -2_212, 6_232, 2_440, -4_328, 1_316, -3_532], 0xbf86_74e8),
        (g726(5, LowFirst), 1, bytes(20), [-492, 1_432, -1_920, 1_692, 748, -1_804, 324, -4_564], 0xf299_df40),
        (g726(5, HighFirst), 1, bytes(20), [-144, 3_336, 7_056, 2_772, 3_892, 7_960, -6_632, 6_104], 0x148f_5b0c),
        (
            ima(64),
            1,
            packets(64, 4, fix_ima(1)),
            [-32_768, -32_768, -32_768, -4_097, 32_767, -20_479, -32_768, -32_768],
            0x2a2e_eb65,
        ),
        (
            ms(64),
            1,
            packets(64, 4, fix_ms(1)),
            [-1_586, -9_654, -32_768, -32_768, 32_767, 32_767, 32_767, -32_768],
            0x77de_0bcc,
        ),
        (Packets::Oki, 1, bytes(256), [2_528, 28_800, -5_344, 32_752, 32_752, 7_360, -32_768, -32_768], 0x6df8_c420),
        (
            ima(128),
            2,
            packets(128, 4, fix_ima(2)),
            [26_009, 25_054, 23_236, 25_601, 21_346, 25_899, 21_003, 26_170],
            0xd09d_4eca,
        ),
        (
            ms(128),
            2,
            packets(128, 4, fix_ms(2)),
            [-16_156, 32_767, -15_906, 32_767, -16_605, 32_767, -12_087, 32_767],
            0x853d_374a,
        ),
        (Packets::Oki, 2, bytes(256), [800, 10_544, -176, 27_648, 736, 6_672, -1_056, -13_072], 0x202d_4e40),
    ];
    for (codec, channels, bytes, some, all) in cases {
        let samples = decoded(codec, channels, &bytes);
        assert_eq!(samples[24..32], some, "{codec:?}, {channels} channels");
        assert_eq!(fold(&samples), all, "{codec:?}, {channels} channels");
    }
}

#[test]
fn packets_that_contradict_themselves_are_refused() {
    let cases = [
        ("IMA, step that is none", Packets::Ima { packet_bytes: 8 }, vec![0, 0, 89, 0, 0, 0, 0, 0]),
        ("IMA, half a start", Packets::Ima { packet_bytes: 8 }, vec![0; 3]),
        ("MS, predictor that is none", Packets::Ms { packet_bytes: 9 }, vec![7, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("MS, half a start", Packets::Ms { packet_bytes: 9 }, vec![0; 6]),
        ("GSM, no marker", Packets::Gsm, vec![0; 33]),
        ("GSM, cut off", Packets::Gsm, vec![0xd0; 32]),
        ("GSM in pairs, cut off", Packets::GsmMs, vec![0; 64]),
    ];
    for (name, codec, packet) in cases {
        let mut out = vec![Vec::new()];
        assert!(!codec.decoder(1).unpack(&packet, &mut out), "{name}");
        assert!(out[0].is_empty(), "{name}");
    }
}

#[test]
fn frames_are_counted_by_bytes() {
    // (codec, channels, bytes, frames): packets' own sizes, then a short last one.
    let cases = [
        (Packets::Ima { packet_bytes: 256 }, 1, 256, 505),
        (Packets::Ima { packet_bytes: 256 }, 2, 512 + 12, 2 * 249 + 1),
        (Packets::Ima { packet_bytes: 256 }, 1, 3, 0),
        (Packets::Ms { packet_bytes: 256 }, 1, 256, 500),
        (Packets::Ms { packet_bytes: 256 }, 2, 256 + 15, 244 + 3),
        (Packets::Oki, 1, 10, 20),
        (Packets::Oki, 2, 10, 10),
        (Packets::Gsm, 1, 33 * 3 + 32, 480),
        (Packets::GsmMs, 1, 65 * 3 + 64, 960),
        (Packets::G722, 1, 7, 14),
        (Packets::G726 { bits: 3, order: BitOrder::LowFirst }, 1, 10, 26),
    ];
    for (codec, channels, bytes, frames) in cases {
        assert_eq!(codec.frames(bytes, channels), frames, "{codec:?}, {channels} channels, {bytes} bytes");
    }
}
