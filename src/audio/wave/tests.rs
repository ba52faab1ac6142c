use super::headerless::Raw;
use super::*;
use crate::audio::codec::packets::{BitOrder, Packets};
use crate::audio::codec::plain::Plain;
use proptest::prelude::*;
use std::io::Cursor;

const MONO_16: [u8; 16] = *b"\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0";
const SAMPLES: &[u8] = b"12345678";

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    claiming(id, body.len() as u32, body)
}

fn claiming(id: &[u8; 4], size: u32, body: &[u8]) -> Vec<u8> {
    [id, &size.to_le_bytes()[..], body].concat()
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    [b"RIFF", &(body.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &body].concat()
}

fn wave(format: &[u8], data: &[u8]) -> Vec<u8> {
    riff(&[chunk(b"fmt ", format), chunk(b"data", data)])
}

/// A `fmt ` body: tag, channels, bytes a frame and bits, `rest`.
fn format(tag: u16, channels: u16, frame_bytes: u16, bits: u16, rest: &[u8]) -> Vec<u8> {
    let numbers = [tag.to_le_bytes(), channels.to_le_bytes(), [0x40, 0x1f], [0; 2], [0; 2], [0; 2]].concat();
    [&numbers[..], &frame_bytes.to_le_bytes(), &bits.to_le_bytes(), rest].concat()
}

fn extensible(tag: u16, bits: u16, valid_bits: u16) -> Vec<u8> {
    let rest = [
        &[22, 0],
        &valid_bits.to_le_bytes()[..],
        &[4, 0, 0, 0],
        &tag.to_le_bytes(),
        b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71",
    ];
    format(0xfffe, 1, bits / 8, bits, &rest.concat())
}

fn find_in(bytes: &[u8], extension: Option<&str>, raw: Option<&str>) -> Found {
    let hints = Hints { extension, raw: raw.map(|raw| raw.parse().unwrap()) };
    find(&mut Cursor::new(bytes), bytes.len() as u64, &hints).unwrap()
}

/// What is found in `bytes`, and the bytes that are said to be samples.
fn samples_in<'a>(name: &str, bytes: &'a [u8]) -> (Stored, &'a [u8]) {
    match find_in(bytes, None, None) {
        Found::Samples(stored) => {
            let data = &bytes[stored.data_start as usize..][..stored.data_bytes as usize];
            (stored, data)
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn formats_say_how_samples_are_coded() {
    let plain = Coding::Plain;
    let packets = Coding::Packets;
    // (name, fmt body, coding)
    let cases = [
        ("14 bytes", MONO_16[..14].to_vec(), plain(Plain::S16)),
        ("16 bytes", MONO_16.to_vec(), plain(Plain::S16)),
        ("18 bytes", format(1, 1, 2, 16, &[0; 2]), plain(Plain::S16)),
        ("20 bytes", format(7, 1, 1, 8, &[0; 4]), plain(Plain::MuLaw)),
        ("40 bytes", extensible(1, 16, 16), plain(Plain::S16)),
        ("A-law, extensible", extensible(6, 8, 8), plain(Plain::ALaw)),
        ("mu-law, extensible", extensible(7, 8, 8), plain(Plain::MuLaw)),
        ("extensible in name only", format(0xfffe, 1, 2, 16, &[0; 2]), plain(Plain::S16)),
        ("A-law, 0 bits", format(6, 1, 1, 0, &[]), plain(Plain::ALaw)),
        ("12 bits", format(1, 1, 2, 12, &[]), plain(Plain::S16)),
        ("20 bits", format(1, 1, 3, 20, &[]), plain(Plain::S24)),
        ("24 bits in 4 bytes", format(1, 1, 4, 24, &[]), plain(Plain::S32)),
        ("8 bits in 2 bytes", format(1, 1, 2, 8, &[]), plain(Plain::S16)),
        ("A-law, 16 bits of what it decodes to", format(6, 1, 1, 16, &[]), plain(Plain::ALaw)),
        ("0 bytes a frame", format(1, 1, 0, 16, &[]), plain(Plain::S16)),
        ("double", format(3, 1, 8, 64, &[]), plain(Plain::F64)),
        ("MS", format(2, 1, 256, 4, &[]), packets(Packets::Ms { packet_bytes: 256 })),
        ("IMA", format(0x11, 1, 512, 4, &[]), packets(Packets::Ima { packet_bytes: 512 })),
        ("OKI", format(0x10, 1, 1, 4, &[]), packets(Packets::Oki)),
        ("Dialogic", format(0x17, 1, 1, 4, &[]), packets(Packets::Oki)),
        ("GSM", format(0x31, 1, 65, 0, &[2, 0, 64, 1]), packets(Packets::GsmMs)),
        ("G.722", format(0x28f, 1, 1, 4, &[]), packets(Packets::G722)),
        ("G.722, other tag", format(0x65, 1, 1, 4, &[]), packets(Packets::G722)),
        ("G.726", format(0x45, 1, 1, 4, &[]), packets(Packets::G726 { bits: 4, order: BitOrder::HighFirst })),
        ("MP3", format(0x55, 2, 1, 0, &[]), Coding::Mpeg),
    ];
    for (name, body, coding) in cases {
        let file = wave(&body, SAMPLES);
        let (stored, data) = samples_in(name, &file);
        assert_eq!((stored.coding, stored.rate_hz, data), (coding, 8_000, SAMPLES), "{name}");
        assert_eq!((stored.length, stored.warnings), (Length::Whole, vec![]), "{name}");
    }
}

#[test]
fn samples_of_24_bits_in_4_bytes_stand_high_or_low() {
    let narrow = || format(1, 2, 8, 24, &[]);
    // (name, fmt body, samples, coding): the lower three bytes are believed where the fourth never counts.
    let cases: [(&str, Vec<u8>, &[u8], Plain); 5] = [
        ("high", narrow(), &[0, 1, 2, 3, 0, 4, 5, 0xf6], Plain::S32),
        ("low, by the sign", narrow(), &[9, 1, 2, 0, 7, 4, 0xf5, 0xff], Plain::S24Low),
        ("low, zeros", extensible(1, 32, 24), &[9, 1, 2, 0, 7, 4, 0xf5, 0], Plain::S24Low),
        ("32 bits", extensible(1, 32, 32), &[9, 1, 2, 0, 7, 4, 0xf5, 0], Plain::S32),
        ("silence", narrow(), &[0; 8], Plain::S32),
    ];
    for (name, body, data, plain) in cases {
        assert_eq!(samples_in(name, &wave(&body, data)).0.coding, Coding::Plain(plain), "{name}");
    }
}

#[test]
fn another_recording_after_the_samples_is_told() {
    let whole = wave(&MONO_16, SAMPLES);
    let cases = [
        ("a whole file", [&whole[..], &whole].concat()),
        ("more samples", riff(&[chunk(b"fmt ", &MONO_16), chunk(b"data", SAMPLES), chunk(b"data", SAMPLES)])),
    ];
    for (name, file) in cases {
        let (stored, data) = samples_in(name, &file);
        assert_eq!((stored.length, data), (Length::Followed, SAMPLES), "{name}");
    }
}

#[test]
fn big_endian_files_are_read() {
    let chunk = |id: &[u8; 4], body: &[u8]| [&id[..], &(body.len() as u32).to_be_bytes(), body].concat();
    let be = |tag: u16, bits: u16| {
        let (rate, bytes) = (8_000_u32.to_be_bytes(), (8_000 * u32::from(bits) / 8).to_be_bytes());
        [&tag.to_be_bytes()[..], &[0, 1], &rate, &bytes, &(bits / 8).to_be_bytes(), &bits.to_be_bytes()].concat()
    };
    let cases = [
        ("16 bits", be(1, 16), Plain::S16Be),
        ("24 bits", be(1, 24), Plain::S24Be),
        ("float", be(3, 32), Plain::F32Be),
        ("mu-law", be(7, 8), Plain::MuLaw),
    ];
    for (name, body, plain) in cases {
        let file = [&b"RIFX\0\0\0\0WAVE"[..], &chunk(b"fmt ", &body), &chunk(b"data", SAMPLES)].concat();
        let (stored, data) = samples_in(name, &file);
        assert_eq!((stored.coding, stored.rate_hz, data), (Coding::Plain(plain), 8_000, SAMPLES), "{name}");
        assert_eq!((stored.length, stored.warnings), (Length::Whole, vec![]), "{name}");
    }
}

#[test]
fn codings_that_are_not_ours_go_to_others() {
    let cases = [
        ("tag that nobody knows", format(0x1234, 1, 1, 8, &[])),
        ("half floats", format(3, 1, 2, 16, &[])),
        ("GSM in two channels", format(0x31, 2, 65, 0, &[])),
        ("IMA without room", format(0x11, 2, 7, 4, &[])),
        ("G.726 of 8 bits", format(0x45, 1, 1, 8, &[])),
        ("most of everything", format(1, 1, 65_535, 65_535, &[])),
    ];
    for (name, body) in cases {
        assert_eq!(find_in(&wave(&body, SAMPLES), None, None), Found::Other(vec![]), "{name}");
    }
}

#[test]
fn samples_are_found_however_wrong_the_header() {
    let format = || chunk(b"fmt ", &MONO_16);
    let data = || chunk(b"data", SAMPLES);
    let mut small = wave(&MONO_16, SAMPLES);
    small[4..8].copy_from_slice(&9_u32.to_le_bytes());
    let zero = [b"RIFF\0\0\0\0", &wave(&MONO_16, SAMPLES)[8..]].concat();
    let tail = chunk(b"LIST", b"INFOISFT\x04\0\0\0abcd");
    // (name, file, whether a warning is due)
    let cases = [
        ("RIFF smaller than its chunks", small, false),
        ("RIFF of 0", zero, false),
        ("odd chunk with a pad", riff(&[format(), chunk(b"note", b"abc\0"), data()]), false),
        ("odd chunk, pad", riff(&[format(), claiming(b"note", 3, b"abc\0"), data()]), false),
        ("odd chunk, no pad", riff(&[format(), chunk(b"note", b"abc"), data()]), false),
        ("odd chunk, no pad, before fmt", riff(&[chunk(b"bext", b"abcde"), format(), data()]), false),
        (
            "LIST shorter than its text",
            riff(&[format(), claiming(b"LIST", 6, b"INFO\x01\x02\x03\x04\x05\x06\x07\x08"), data()]),
            true,
        ),
        ("LIST to past the end", riff(&[format(), claiming(b"LIST", 9_999, b"INFOICMT"), data()]), true),
        ("LIST over the samples", riff(&[format(), claiming(b"LIST", 18, b"INFOICMT"), data(), vec![0; 40]]), true),
        ("LIST to past the end, before fmt", riff(&[claiming(b"LIST", 9_999, b"INFOICMT"), format(), data()]), true),
        ("fmt that claims too little", riff(&[claiming(b"fmt ", 16, &[&MONO_16[..], &[0; 3]].concat()), data()]), true),
        ("fmt that claims too much", riff(&[claiming(b"fmt ", 9_999, &MONO_16), data()]), true),
        ("zeros before data", riff(&[format(), vec![0; 14], data()]), true),
        ("samples before their description", riff(&[data(), format()]), true),
        ("text after the samples", riff(&[format(), data(), tail]), false),
        ("sound after the samples", riff(&[format(), data(), vec![0x01; 40]]), true),
        ("junk before RIFF", [&[0x5a; 512][..], &wave(&MONO_16, SAMPLES)].concat(), true),
        ("RIFF in the junk", [b"RIFFraff", &wave(&MONO_16, SAMPLES)[..]].concat(), true),
    ];
    for (name, file, warned) in cases {
        let (stored, found) = samples_in(name, &file);
        assert_eq!((found, stored.length), (SAMPLES, Length::Whole), "{name}");
        assert_eq!(stored.warnings.len(), usize::from(warned), "{name}: {:?}", stored.warnings);
    }
}

#[test]
fn claims_of_length_are_weighed() {
    let file = |claim: u32| riff(&[chunk(b"fmt ", &MONO_16), claiming(b"data", claim, SAMPLES)]);
    let long = |ds64: u64, claim: u32| {
        let sizes = [&[0; 8][..], &ds64.to_le_bytes(), &[0; 12]].concat();
        let mut file = riff(&[chunk(b"ds64", &sizes), chunk(b"fmt ", &MONO_16), claiming(b"data", claim, SAMPLES)]);
        file[..4].copy_from_slice(if claim == 0 { b"BW64" } else { b"RF64" });
        file
    };
    let followed = riff(&[chunk(b"fmt ", &MONO_16), chunk(b"data", &[]), chunk(b"LIST", b"INFO")]);
    let most = u32::MAX;
    // (name, file, bytes that are there, what the claim is worth)
    let cases = [
        ("all there", file(8), 8, Length::Whole),
        ("less than there is", file(4), 4, Length::Whole),
        ("more than there is", file(80), 8, Length::Short { claimed_bytes: 80 }),
        ("0", file(0), 8, Length::Unknown),
        ("0, and a chunk", followed, 0, Length::Whole),
        ("the largest number", file(most), 8, Length::Unknown),
        ("2 GiB less a little", file(0x7fff_f000), 8, Length::Unknown),
        ("RF64", long(8, most), 8, Length::Whole),
        ("RF64, truncated", long(1 << 40, most), 8, Length::Short { claimed_bytes: 1 << 40 }),
        ("RF64, streamed", long(u64::MAX, most), 8, Length::Unknown),
        ("RF64, never completed", long(0, most), 8, Length::Unknown),
        ("BW64, never completed", long(0, 0), 8, Length::Unknown),
        ("RF64, short claim", long(8, 6), 6, Length::Whole),
    ];
    for (name, file, data_bytes, length) in cases {
        let (stored, _) = samples_in(name, &file);
        assert_eq!((stored.data_bytes, stored.length), (data_bytes, length), "{name}");
    }
}

#[test]
fn counts_of_samples_take_off_what_fills_up_a_packet() {
    // IMA in packets of 36 bytes: 65 samples each.
    let ima = format(0x11, 1, 36, 4, &[2, 0, 65, 0]);
    let file = |count: u32, packets: usize| {
        let fact = chunk(b"fact", &count.to_le_bytes());
        riff(&[chunk(b"fmt ", &ima), fact, chunk(b"data", &vec![0; 36 * packets])])
    };
    // (name, file, samples a channel)
    let cases = [
        ("fills up", file(100, 2), 100),
        ("exact", file(130, 2), 130),
        ("a packet too few", file(65, 2), 130),
        ("of both channels", file(260, 2), 130),
        ("never completed", file(0, 2), 130),
    ];
    for (name, file, frames) in cases {
        assert_eq!(samples_in(name, &file).0.frames(), frames, "{name}");
    }
}

fn w64_chunk(id: &[u8; 4], size: u64, body: &[u8]) -> Vec<u8> {
    let mut chunk = [id, &b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"[..], &size.to_le_bytes(), body].concat();
    chunk.resize(chunk.len().next_multiple_of(8), 0);
    chunk
}

fn w64(data_claim: u64) -> Vec<u8> {
    let wave = &w64_chunk(b"wave", 0, &[])[..16];
    let rest =
        [w64_chunk(b"fact", 25, &[7]), w64_chunk(b"fmt ", 40, &MONO_16), w64_chunk(b"data", data_claim, SAMPLES)];
    [&super::w64::START[..], &[0; 8], wave, &rest.concat()].concat()
}

fn au(data_start: u32, claim: u32, encoding: u32, channels: u32) -> Vec<u8> {
    let numbers = [data_start, claim, encoding, 8_000, channels].map(u32::to_be_bytes).concat();
    let mut file = [b".snd", &numbers[..]].concat();
    file.resize((data_start as usize).clamp(24, 99), 0);
    [file, SAMPLES.to_vec()].concat()
}

#[test]
fn wave64_and_au_are_read() {
    let plain = Coding::Plain;
    let g726 = |bits| Coding::Packets(Packets::G726 { bits, order: BitOrder::LowFirst });
    let (whole, unknown) = (Length::Whole, Length::Unknown);
    // (name, file, coding, bytes that are there, what the claim is worth)
    let cases = [
        ("Wave64", w64(32), plain(Plain::S16), 8, whole),
        ("Wave64, cut off", w64(24 + 800), plain(Plain::S16), 8, Length::Short { claimed_bytes: 800 }),
        ("Wave64, never completed", w64(0), plain(Plain::S16), 8, unknown),
        ("Wave64, header alone", w64(24), plain(Plain::S16), 8, unknown),
        ("Wave64, streamed", w64(u64::MAX), plain(Plain::S16), 8, unknown),
        ("AU", au(24, 8, 1, 1), plain(Plain::MuLaw), 8, whole),
        ("AU, words before", au(32, 8, 3, 2), plain(Plain::S16Be), 8, whole),
        ("AU, cut off", au(24, 80, 2, 1), plain(Plain::S8), 8, Length::Short { claimed_bytes: 80 }),
        ("AU, streamed", au(24, u32::MAX, 27, 1), plain(Plain::ALaw), 8, unknown),
        ("AU, never completed", au(24, 0, 6, 1), plain(Plain::F32Be), 8, unknown),
        ("AU, 24 bit", au(24, 6, 4, 1), plain(Plain::S24Be), 6, whole),
        ("AU, 32 bit", au(24, 8, 5, 1), plain(Plain::S32Be), 8, whole),
        ("AU, double", au(24, 8, 7, 1), plain(Plain::F64Be), 8, whole),
        ("AU, G.721", au(24, 8, 23, 1), g726(4), 8, whole),
        ("AU, G.722", au(24, 8, 24, 1), Coding::Packets(Packets::G722), 8, whole),
        ("AU, G.723 of 24 kbit/s", au(24, 8, 25, 1), g726(3), 8, whole),
        ("AU, G.723 of 40 kbit/s", au(24, 8, 26, 1), g726(5), 8, whole),
    ];
    for (name, file, coding, data_bytes, length) in cases {
        let (stored, data) = samples_in(name, &file);
        assert_eq!((stored.coding, stored.rate_hz, data), (coding, 8_000, &SAMPLES[..data_bytes]), "{name}");
        assert_eq!((stored.length, stored.warnings), (length, vec![]), "{name}");
    }
}

#[test]
fn headers_that_make_no_sense_are_broken() {
    let cases = [
        ("nothing but a start", b"RIFF\0\0\0\0WAVE".to_vec()),
        ("no samples", riff(&[chunk(b"fmt ", &MONO_16)])),
        ("no fmt", riff(&[chunk(b"data", SAMPLES)])),
        ("fmt of 8 bytes", wave(&MONO_16[..8], SAMPLES)),
        ("0 channels", wave(&[&MONO_16[..2], &[0; 2], &MONO_16[4..]].concat(), SAMPLES)),
        ("5,000 chunks", riff(&[vec![chunk(b"note", &[]); 5_000].concat()])),
        ("Wave64, cut off", w64(32)[..80].to_vec()),
        ("AU, cut off", au(24, 8, 1, 1)[..20].to_vec()),
        ("AU, samples in its header", au(20, 8, 1, 1)),
        ("AU, samples past its end", au(9_999, 8, 1, 1)),
        ("AU, 0 channels", au(24, 8, 1, 0)),
        ("AU, 70,000 channels", au(24, 8, 1, 70_000)),
    ];
    for (name, file) in cases {
        assert!(matches!(find_in(&file, None, None), Found::Broken(_)), "{name}");
    }
}

#[test]
fn content_goes_before_names() {
    let mono = wave(&MONO_16, SAMPLES);
    let noise = vec![0x12; 100];
    let loud = [&[0xff, 0xfb][..], &noise].concat();
    let ogg = [b"OggS", &noise[..]].concat();
    let (other, whole) = ("", "WAVE");
    // (name, file, ending, --raw, what it is taken for, whether a warning is due)
    let cases = [
        ("WAVE by its name", &mono, Some("wav"), None, whole, false),
        ("WAVE, no name", &mono, None, None, whole, false),
        ("WAVE, a name of nobody's", &mono, Some("tmp"), None, whole, false),
        ("WAVE, named MP3", &mono, Some("mp3"), None, whole, true),
        ("WAVE, named as headerless", &mono, Some("pcm"), None, whole, true),
        ("WAVE, in spite of --raw", &mono, Some("wav"), Some("alaw"), whole, false),
        ("Ogg, named WAVE", &ogg, Some("wav"), None, other, true),
        ("Ogg, named as headerless", &ogg, Some("raw"), Some("alaw"), other, true),
        ("A-law by its name", &noise, Some("al"), None, "alaw:8000:1", false),
        ("--raw over the name", &noise, Some("al"), Some("mulaw:16000:2"), "mulaw:16000:2", false),
        ("--raw, name of nobody's", &noise, Some("001"), Some("vox:6000"), "vox:6000:1", false),
        ("neither", &noise, Some("001"), None, other, false),
        ("quiet mu-law is no MP3", &loud, Some("ul"), None, "mulaw:8000:1", false),
        ("quiet mu-law, told", &loud, Some("001"), Some("mulaw"), "mulaw:8000:1", false),
        ("MP3 by its name", &loud, Some("mp3"), None, other, false),
        ("MP3 in spite of --raw", &loud, Some("mp3"), Some("mulaw"), other, false),
        ("MP3, named WAVE", &loud, Some("wav"), None, other, true),
    ];
    for (name, file, extension, raw, taken_for, warned) in cases {
        let (stored, warnings) = match find_in(file, extension, raw) {
            Found::Samples(stored) => (Some(stored.clone()), stored.warnings),
            Found::Other(warnings) => (None, warnings),
            broken @ Found::Broken(_) => panic!("{name}: {broken:?}"),
        };
        let expected = match taken_for {
            "" => None,
            "WAVE" => Some((Coding::Plain(Plain::S16), 8_000, 1)),
            raw => Some(raw.parse::<Raw>().map(|raw| (raw.coding, raw.rate_hz, raw.channels)).unwrap()),
        };
        assert_eq!(stored.map(|stored| (stored.coding, stored.rate_hz, stored.channels)), expected, "{name}");
        assert_eq!(warnings.len(), usize::from(warned), "{name}: {warnings:?}");
    }
}

#[test]
fn what_headerless_files_are_is_written_in_three_parts() {
    // (text, what it says or the code of the mistake)
    let cases = [
        ("mulaw:8000:2", "mulaw:8000:2"),
        ("ULAW", "mulaw:8000:1"),
        (" g722 ", "g722:16000:1"),
        ("oki:6000", "vox:6000:1"),
        ("s16be:44100:1", "s16be:44100:1"),
        ("g726:8000", "g726-32:8000:1"),
        ("", "raw_codec_unknown"),
        ("opus:48000:2", "raw_codec_unknown"),
        ("mulaw:fast:1", "raw_rate_bad"),
        ("mulaw:0:1", "raw_rate_bad"),
        ("mulaw::1", "raw_rate_bad"),
        ("mulaw:8000:0", "raw_channels_bad"),
        ("gsm:8000:2", "raw_channels_bad"),
        ("mulaw:8000:", "raw_channels_bad"),
        ("mulaw:8000:1:x", "raw_too_many_parts"),
    ];
    for (text, expected) in cases {
        let said = text.parse::<Raw>().map_or_else(|error| error.code().to_owned(), |raw| raw.to_string());
        assert_eq!(said, expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_damage_is_survived_and_samples_stay_within_the_file(
        kind in 0_usize..5,
        damage in prop::collection::vec((0_usize..120, any::<u8>()), 0..6),
        length in 0_usize..200,
    ) {
        let list = claiming(b"LIST", 6, b"INFO\x01\x02\x03\x04");
        let mut file = match kind {
            0 => wave(&MONO_16, SAMPLES),
            1 => wave(&extensible(7, 8, 8), SAMPLES),
            2 => riff(&[chunk(b"fact", &[1, 0, 0, 0]), list, chunk(b"fmt ", &format(0x11, 1, 8, 4, &[])), chunk(b"data", SAMPLES)]),
            3 => w64(32),
            _ => au(24, 8, 23, 1),
        };
        for (at, value) in damage {
            if let Some(byte) = file.get_mut(at) {
                *byte = value;
            }
        }
        file.truncate(length);
        if let Found::Samples(stored) = find_in(&file, None, None) {
            let end = stored.data_start.checked_add(stored.data_bytes);
            prop_assert!(end.is_some_and(|end| end <= file.len() as u64), "{:?}", stored);
            prop_assert!(stored.channels > 0 && stored.frames() <= 8 * file.len() as u64);
        }
    }
}
