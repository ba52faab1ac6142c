use super::*;
use proptest::prelude::*;
use std::io::Write as _;

/// The parts of a WAVE header that cases vary.
struct Header {
    tag: u16,
    channels: u16,
    rate_hz: u32,
    bits: u16,
    format_bytes: usize,
    data_claim: Option<u32>,
}

const PLAIN: Header = Header { tag: 1, channels: 1, rate_hz: 8_000, bits: 16, format_bytes: 16, data_claim: None };

fn wave(header: &Header, data: &[u8]) -> Vec<u8> {
    let frame_bytes = header.channels * header.bits / 8;
    let mut format = Vec::new();
    format.extend(header.tag.to_le_bytes());
    format.extend(header.channels.to_le_bytes());
    format.extend(header.rate_hz.to_le_bytes());
    format.extend((header.rate_hz.wrapping_mul(u32::from(frame_bytes))).to_le_bytes());
    format.extend(frame_bytes.to_le_bytes());
    format.extend(header.bits.to_le_bytes());
    format.resize(header.format_bytes, 0);
    let mut file = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
    file.extend((header.format_bytes as u32).to_le_bytes());
    file.extend(format);
    file.extend(b"note\x03\0\0\0abc\0data");
    file.extend(header.data_claim.unwrap_or(data.len() as u32).to_le_bytes());
    file.extend(data);
    let riff_bytes = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&riff_bytes.to_le_bytes());
    file
}

fn pcm16(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

type Channels = Vec<Vec<f32>>;

fn decode_with(options: &DecodeOptions, bytes: &[u8]) -> Result<(Decoded, Channels), DecodeError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let mut heard = Channels::new();
    let decoded = decode(file.path(), options, &mut |pcm| {
        assert!((1..=BLOCK_FRAMES).contains(&pcm.frames()));
        heard.resize(pcm.channels.len(), Vec::new());
        for (all, block) in heard.iter_mut().zip(&pcm.channels) {
            assert_eq!(block.len(), pcm.frames());
            all.extend_from_slice(block);
        }
    })?;
    assert_eq!(heard[0].len() as u64, decoded.frames);
    assert_eq!(heard.len(), usize::from(decoded.channels));
    Ok((decoded, heard))
}

fn decode_bytes(bytes: &[u8]) -> Result<(Decoded, Channels), DecodeError> {
    // What is tested here is ours.
    decode_with(&DecodeOptions { ffmpeg: Ffmpeg::Never, ..DecodeOptions::default() }, bytes)
}

#[test]
fn codings_read_the_samples_that_were_written() {
    let stereo = Header { channels: 2, ..PLAIN };
    let float = Header { tag: 3, bits: 32, ..PLAIN };
    let mut extensible = wave(&Header { tag: 0xfffe, format_bytes: 40, ..PLAIN }, &pcm16(&[16_384]));
    extensible[44] = 1;
    // (name, file, codec, channels)
    let cases = [
        ("16 bit", wave(&PLAIN, &pcm16(&[0, 16_384, -32_768])), "pcm_s16le", vec![vec![0.0, 0.5, -1.0]]),
        (
            "two channels",
            wave(&stereo, &pcm16(&[0, 16_384, -32_768, 0])),
            "pcm_s16le",
            vec![vec![0.0, -1.0], vec![0.5, 0.0]],
        ),
        ("8 bit", wave(&Header { bits: 8, ..PLAIN }, &[128, 192, 0]), "pcm_u8", vec![vec![0.0, 0.5, -1.0]]),
        ("24 bit", wave(&Header { bits: 24, ..PLAIN }, &[0, 0, 0x40, 0, 0, 0x80]), "pcm_s24le", vec![vec![0.5, -1.0]]),
        ("32 bit", wave(&Header { bits: 32, ..PLAIN }, &[0, 0, 0, 0x40]), "pcm_s32le", vec![vec![0.5]]),
        ("float", wave(&float, &0.25_f32.to_le_bytes()), "pcm_f32le", vec![vec![0.25]]),
        ("double", wave(&Header { bits: 64, ..float }, &0.25_f64.to_le_bytes()), "pcm_f64le", vec![vec![0.25]]),
        ("A-law, fmt of 16", wave(&Header { tag: 6, bits: 8, ..PLAIN }, &[0xaa]), "pcm_alaw", vec![vec![0.984_375]]),
        (
            "A-law, fmt of 18",
            wave(&Header { tag: 6, bits: 8, format_bytes: 18, ..PLAIN }, &[0xaa]),
            "pcm_alaw",
            vec![vec![0.984_375]],
        ),
        ("mu-law, fmt of 16", wave(&Header { tag: 7, bits: 8, ..PLAIN }, &[0xff]), "pcm_mulaw", vec![vec![0.0]]),
        (
            "mu-law, fmt of 18",
            wave(&Header { tag: 7, bits: 8, format_bytes: 18, ..PLAIN }, &[0xff]),
            "pcm_mulaw",
            vec![vec![0.0]],
        ),
        (
            "mu-law, fmt of 20",
            wave(&Header { tag: 7, bits: 8, format_bytes: 20, ..PLAIN }, &[0xff]),
            "pcm_mulaw",
            vec![vec![0.0]],
        ),
        ("extensible", extensible, "pcm_s16le", vec![vec![0.5]]),
    ];
    for (name, file, codec, expected) in cases {
        let (decoded, heard) = decode_bytes(&file).expect(name);
        assert_eq!((decoded.decoder.as_str(), decoded.codec.as_str()), ("callsift", codec), "{name}");
        assert_eq!(heard, expected, "{name}");
        assert_eq!((decoded.partial, decoded.warnings), (None, vec![]), "{name}");
    }
}

#[test]
fn files_without_a_sample_are_refused_with_a_code() {
    let wide = Header { channels: 3, ..PLAIN };
    let cases: [(&str, Vec<u8>, &str); 14] = [
        ("no bytes", vec![], "empty_file"),
        ("one byte", vec![b'R'], "not_audio"),
        ("text", b"call,agent\n1,2\n".repeat(50), "not_audio"),
        ("zeros", vec![0; 5_000], "not_audio"),
        ("only RIFF", b"RIFF\0\0\0\0WAVE".to_vec(), "corrupt"),
        ("header cut off", wave(&PLAIN, &[])[..30].to_vec(), "corrupt"),
        ("short fmt", wave(&Header { format_bytes: 8, ..PLAIN }, &[0; 8]), "corrupt"),
        ("no samples", wave(&PLAIN, &[]), "no_samples"),
        ("no samples, more claimed", wave(&Header { data_claim: Some(99), ..PLAIN }, &[]), "no_samples"),
        ("half a sample", wave(&PLAIN, &[1]), "no_samples"),
        ("zero channels", wave(&Header { channels: 0, ..PLAIN }, &[0; 8]), "corrupt"),
        ("three channels", wave(&wide, &[0; 12]), "too_many_channels"),
        ("3,999 Hz", wave(&Header { rate_hz: 3_999, ..PLAIN }, &[0; 8]), "absurd_rate"),
        ("unknown codec", wave(&Header { tag: 0x1234, ..PLAIN }, &[0; 8]), "unsupported_codec"),
    ];
    for (name, file, code) in cases {
        let error = decode_bytes(&file).expect_err(name);
        assert_eq!(error.code(), code, "{name}: {error}");
    }
}

#[test]
fn rates_at_the_limits_are_taken() {
    for (rate_hz, accepted) in [(0, false), (4_000, true), (192_000, true), (192_001, false), (u32::MAX, false)] {
        let decoded = decode_bytes(&wave(&Header { rate_hz, ..PLAIN }, &[0; 8]));
        assert_eq!(decoded.is_ok(), accepted, "{rate_hz} Hz");
    }
}

#[test]
fn paths_that_are_no_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (path, code) in [(folder.path().to_owned(), "unreadable"), (folder.path().join("13800138000.wav"), "not_found")]
    {
        let error = decode(&path, &DecodeOptions::default(), &mut |_| {}).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.is_retryable());
        assert!(!error.to_string().contains("138"), "no path in {error}");
    }
}

#[test]
fn lengths_that_are_wrong_make_it_partial() {
    let data = pcm16(&[100; 20_000]);
    let claim = |bytes| wave(&Header { data_claim: Some(bytes), ..PLAIN }, &data);
    let mut odd = claim(80_000);
    odd.pop();
    // (name, file, frames, code)
    let cases = [
        ("whole", claim(40_000), 20_000, None),
        ("shorter than the file", claim(20_000), 10_000, None),
        ("twice the file", claim(80_000), 20_000, Some("truncated")),
        ("cut inside a sample", odd, 19_999, Some("truncated")),
        ("recorder crashed", claim(0), 20_000, Some("length_unknown")),
        ("streamed", claim(u32::MAX), 20_000, Some("length_unknown")),
    ];
    for (name, file, frames, code) in cases {
        let (decoded, _) = decode_bytes(&file).expect(name);
        assert_eq!(decoded.frames, frames, "{name}");
        assert_eq!(decoded.partial.as_ref().map(|partial| partial.code), code, "{name}");
        let warned = code.is_some() || name == "shorter than the file";
        assert_eq!(decoded.warnings.len(), usize::from(warned), "{name}");
    }
}

#[test]
fn an_empty_data_chunk_before_another_chunk_is_empty() {
    let mut file = wave(&PLAIN, &[]);
    file.extend(b"LIST\x04\0\0\0abcd");
    assert_eq!(decode_bytes(&file).unwrap_err(), DecodeError::NoSamples);
}

#[test]
fn what_is_no_number_reads_0_with_a_warning() {
    let samples = [0.5, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX];
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let (decoded, heard) = decode_bytes(&wave(&Header { tag: 3, bits: 32, ..PLAIN }, &data)).unwrap();
    assert_eq!(heard, [[0.5, 0.0, 0.0, 0.0, 0.0]]);
    assert_eq!(decoded.warnings, ["4 samples are no numbers, or far over full scale, and read 0"]);
}

#[test]
fn what_is_too_long_is_cut() {
    let options = DecodeOptions { max_duration_ms: 1_000, ..DecodeOptions::default() };
    let (decoded, _) = decode_with(&options, &wave(&PLAIN, &pcm16(&[1; 20_000]))).unwrap();
    assert_eq!((decoded.frames, decoded.duration_ms), (8_000, 1_000));
    assert_eq!(decoded.partial.unwrap().code, "too_long");
}

#[test]
fn the_file_is_known_by_its_hash() {
    // SHA-256 of "abc": FIPS 180-2, appendix B.1.
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"abc").unwrap();
    let identity = identify(file.path()).unwrap();
    assert_eq!(identity.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(identity.bytes, 3);
}

#[test]
fn a_coding_of_wave_that_is_not_known_is_refused() {
    // Floats of 16 bits.
    let mut file = wave(&Header { bits: 16, ..PLAIN }, &[0, 0, 0, 0x40, 0, 0, 0, 0xc0]);
    file[20] = 3;
    let options = DecodeOptions { ffmpeg: Ffmpeg::Never, ..DecodeOptions::default() };
    let error = decode_with(&options, &file).unwrap_err();
    assert_eq!(error.code(), "unsupported_codec", "{error}");
}

/// Starts of files of every container, so that random bytes get past the probe.
const MARKERS: [&[u8]; 10] = [
    b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0",
    b"RIFF\x24\0\0\0WAVEfmt \x14\0\0\0\x11\0\x01\0\x40\x1f\0\0",
    b"fLaC\0\0\0\x22",
    b"OggS\0\x02",
    b"ID3\x04\0\0\0\0\0\x08",
    b"\xff\xe3\x18\xc4",
    b"\xff\xf1\x50\x80",
    b"\0\0\0\x18ftypM4A ",
    b"FORM\0\0\x10\0AIFFCOMM",
    b"\x1a\x45\xdf\xa3",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_decode_or_fail_and_stay_bounded(
        marker in 0..=MARKERS.len(),
        tail in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let mut file = MARKERS.get(marker).map_or(Vec::new(), |start| start.to_vec());
        file.extend(tail);
        match decode_bytes(&file) {
            // No codec here makes more than 65,536 samples of a byte.
            Ok((decoded, _)) => prop_assert!(decoded.frames <= 65_536 * file.len() as u64),
            Err(error) => prop_assert_ne!(error.code(), "decoder_panicked"),
        }
    }

    #[test]
    fn any_damage_to_a_header_is_survived(at in 0_usize..60, value in any::<u8>(), length in 0_usize..120) {
        let mut file = wave(&PLAIN, &[7; 60]);
        file[at] = value;
        file.truncate(length);
        // A damaged tag may name another codec: G.722 makes 2 samples of a byte, MP3 at its lowest rate 48.
        if let Ok((decoded, _)) = decode_bytes(&file) {
            prop_assert!(decoded.frames <= 64 * file.len() as u64);
        }
    }
}
