use crate::audio::decode::{BLOCK_FRAMES, DecodeError, DecodeOptions, Decoded, decode};
use proptest::prelude::*;
use std::io::Write as _;

type Heard = Result<(Decoded, Vec<Vec<f32>>), DecodeError>;

/// Decodes `bytes` as a file whose name has the ending `suffix`.
fn hear(suffix: &str, raw: Option<&str>, bytes: &[u8]) -> Heard {
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let options = DecodeOptions { raw: raw.map(|raw| raw.parse().unwrap()), ..DecodeOptions::default() };
    let mut heard = Vec::new();
    let decoded = decode(file.path(), &options, &mut |pcm| {
        assert!((1..=BLOCK_FRAMES).contains(&pcm.frames()));
        heard.resize(pcm.channels.len(), Vec::new());
        heard.iter_mut().zip(&pcm.channels).for_each(|(all, block): (&mut Vec<f32>, _)| all.extend_from_slice(block));
    })?;
    assert!(heard.iter().all(|samples| samples.len() as u64 == decoded.frames));
    Ok((decoded, heard))
}

/// A WAVE file with a `fmt ` chunk of 18 bytes.
fn wave(tag: u16, channels: u16, frame_bytes: u16, bits: u16, claim: u32, data: &[u8]) -> Vec<u8> {
    let mut file = b"RIFF\xff\xff\xff\xffWAVEfmt \x12\0\0\0".to_vec();
    file.extend([tag.to_le_bytes(), channels.to_le_bytes(), [0x40, 0x1f], [0; 2], [0; 2], [0; 2]].concat());
    file.extend([frame_bytes.to_le_bytes(), bits.to_le_bytes(), [0; 2], *b"da", *b"ta"].concat());
    file.extend(claim.to_le_bytes());
    file.extend(data);
    file
}

/// 36 bytes of IMA in one channel: 65 samples, at the start `first`.
fn ima(first: i16, index: u8) -> Vec<u8> {
    let mut packet = first.to_le_bytes().to_vec();
    packet.extend([index, 0]);
    packet.resize(36, 0x08);
    packet
}

#[test]
fn packets_that_make_no_sense_are_silence_of_their_length() {
    let data = [ima(1_000, 0), ima(2_000, 99), ima(3_000, 0)].concat();
    let (decoded, heard) = hear(".wav", None, &wave(0x11, 1, 36, 4, 108, &data)).unwrap();
    assert_eq!((decoded.frames, decoded.partial.map(|partial| partial.code)), (195, Some("corrupt")));
    assert_eq!([heard[0][0], heard[0][130]], [1_000.0 / 32_768.0, 3_000.0 / 32_768.0]);
    assert!(heard[0][65..130].iter().all(|sample| *sample == 0.0));
    let error = hear(".wav", None, &wave(0x11, 1, 36, 4, 36, &ima(0, 99))).unwrap_err();
    assert_eq!(error.code(), "corrupt");
}

#[test]
fn files_that_end_early_are_partial() {
    let two = [ima(0, 0), ima(0, 0)].concat();
    let gsm = [[&[0xd0][..], &[0; 32]].concat(), [&[0xd0][..], &[0; 32]].concat()].concat();
    // (name, suffix, file, samples, code)
    let cases = [
        ("IMA", ".wav", wave(0x11, 1, 36, 4, 72, &two), 130, None),
        ("IMA, a packet short", ".wav", wave(0x11, 1, 36, 4, 108, &two), 130, Some("truncated")),
        ("IMA, in a packet", ".wav", wave(0x11, 1, 36, 4, 72, &two[..60]), 65 + 41, Some("truncated")),
        ("IMA, in a start", ".wav", wave(0x11, 1, 36, 4, 72, &two[..38]), 65, Some("truncated")),
        ("IMA, short last packet", ".wav", wave(0x11, 1, 36, 4, 60, &two[..60]), 65 + 41, None),
        ("IMA, streamed", ".wav", wave(0x11, 1, 36, 4, u32::MAX, &two), 130, Some("length_unknown")),
        ("GSM in WAVE, in a packet", ".wav", wave(0x31, 1, 65, 0, 130, &[7; 100]), 320, Some("truncated")),
        ("GSM", ".gsm", gsm.clone(), 320, None),
        ("GSM, in a frame", ".gsm", gsm[..50].to_vec(), 160, Some("truncated")),
        ("G.722", ".g722", vec![7; 51], 102, None),
        ("16 bit, headerless", ".sln", vec![7; 50], 25, None),
        ("16 bit, headerless, in a sample", ".sln", vec![7; 51], 25, Some("truncated")),
        ("A-law, headerless", ".al", vec![7; 51], 51, None),
        ("Dialogic", ".vox", vec![7; 51], 102, None),
        ("G.726", ".g726", vec![7; 51], 102, None),
    ];
    for (name, suffix, file, frames, code) in cases {
        let (decoded, _) = hear(suffix, None, &file).expect(name);
        assert_eq!((decoded.frames, decoded.decoder.as_str()), (frames, "callsift"), "{name}");
        assert_eq!(decoded.partial.as_ref().map(|partial| partial.code), code, "{name}");
        assert_eq!(decoded.warnings.len(), usize::from(code.is_some()), "{name}");
    }
}

#[test]
fn long_packets_come_in_blocks() {
    // One packet of 65,532 bytes: 131,057 samples.
    let mut packet = ima(0, 0);
    packet.resize(65_532, 0);
    let (decoded, _) = hear(".wav", None, &wave(0x11, 1, 65_532, 4, 65_532, &packet)).unwrap();
    assert_eq!((decoded.frames, decoded.partial), (131_057, None));
}

#[test]
fn headerless_files_are_what_is_said_of_them() {
    // (name, suffix, --raw, codec, rate in Hz, channels, or the code of an error)
    let cases = [
        ("told", ".dat", Some("mulaw:16000:2"), Ok(("pcm_mulaw", 16_000, 2))),
        ("told, in spite of the name", ".AL", Some("s16le:8000:1"), Ok(("pcm_s16le", 8_000, 1))),
        ("by its name", ".AL", None, Ok(("pcm_alaw", 8_000, 1))),
        ("Asterisk's 16 kHz", ".sln16", None, Ok(("pcm_s16le", 16_000, 1))),
        ("nobody's", ".dat", None, Err("not_audio")),
        ("rate too low", ".dat", Some("mulaw:100:1"), Err("absurd_rate")),
        ("too many channels", ".dat", Some("mulaw:8000:9"), Err("too_many_channels")),
    ];
    for (name, suffix, raw, expected) in cases {
        let heard = hear(suffix, raw, &[0x12; 400]);
        let said = heard.map(|(decoded, _)| (decoded.codec, decoded.rate_hz, decoded.channels));
        let expected = expected.map(|(codec, rate_hz, channels)| (codec.to_owned(), rate_hz, channels));
        assert_eq!(said.map_err(|error| error.code()), expected, "{name}");
    }
}

#[test]
fn names_that_mislead_are_warned_of() {
    let file = wave(1, 1, 2, 16, 8, &[0; 8]);
    let (decoded, _) = hear(".mp3", None, &file).unwrap();
    assert_eq!(decoded.warnings, ["its name ends in .mp3, but its content is WAVE"]);
    let (decoded, _) = hear(".wav", None, &[&[0x5a; 99][..], &file].concat()).unwrap();
    assert_eq!(decoded.warnings, ["99 bytes of junk stand before its header"]);
}

/// A small valid file of each kind: suffix and bytes.
fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let gsm = [[&[0xd5][..], &[0x5a; 32]].concat(), [&[0xd5][..], &[0xa5; 32]].concat()].concat();
    vec![
        (".wav", wave(1, 2, 4, 16, 64, &[0x3c; 64])),
        (".wav", wave(2, 2, 64, 4, 128, &[4; 128])),
        (".wav", wave(0x11, 2, 64, 4, 128, &[4; 128])),
        (".wav", wave(0x17, 1, 1, 4, 64, &[0x5c; 64])),
        (".wav", wave(0x31, 1, 65, 0, 130, &[0x5c; 130])),
        (".wav", wave(0x45, 1, 1, 3, 64, &[0x5c; 64])),
        (".wav", wave(0x28f, 1, 1, 4, 64, &[0x5c; 64])),
        (".wav", wave(0x55, 1, 1, 0, 64, &[0xff; 64])),
        (".gsm", gsm),
        (".vox", vec![0x77; 64]),
        (".g722", vec![0x77; 64]),
        (".g726", vec![0x77; 64]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_damage_is_survived_and_makes_no_samples_of_nothing(
        kind in 0_usize..12,
        damage in prop::collection::vec((0_usize..200, any::<u8>()), 0..8),
        length in 1_usize..220,
    ) {
        let (suffix, mut file) = kinds().swap_remove(kind);
        for (at, value) in damage {
            if let Some(byte) = file.get_mut(at) {
                *byte = value;
            }
        }
        file.truncate(length);
        match hear(suffix, None, &file) {
            // No more than GSM's 160 samples of 33 bytes; MPEG frames are another decoder's.
            Ok((decoded, heard)) if decoded.decoder == "callsift" => {
                prop_assert!(decoded.frames <= 5 * file.len() as u64);
                prop_assert!(heard.iter().flatten().all(|sample| sample.is_finite()));
            }
            Ok(_) => {}
            Err(error) => prop_assert_ne!(error.code(), "decoder_panicked"),
        }
    }
}
