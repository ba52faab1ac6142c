use super::*;

#[test]
fn headers_are_read_as_the_standard_says() {
    // (name, header, bytes of the frame and samples): 144 or 72 times the bit rate over the rate, rounded down.
    let cases = [
        ("44.1 kHz, 128 kbit/s", [0xff, 0xfb, 0x90, 0x44], Some((417, 1_152))),
        ("the same, padded", [0xff, 0xfb, 0x92, 0x44], Some((418, 1_152))),
        ("16 kHz of MPEG-2, 16 kbit/s", [0xff, 0xf3, 0x28, 0xc4], Some((72, 576))),
        ("8 kHz of MPEG-2.5, 16 kbit/s", [0xff, 0xe3, 0x28, 0xc4], Some((144, 576))),
        ("layer II", [0xff, 0xfd, 0x90, 0x44], None),
        ("a rate that is reserved", [0xff, 0xfb, 0x9c, 0x44], None),
        ("free format", [0xff, 0xfb, 0x00, 0x44], None),
        ("no sync", [0xff, 0x0b, 0x90, 0x44], None),
    ];
    for (name, header, expected) in cases {
        assert_eq!(Frame::read(&header).map(|frame| (frame.bytes, frame.samples)), expected, "{name}");
    }
}

#[test]
fn delays_are_those_of_the_tag_and_the_decoder() {
    let mut file = vec![0xff, 0xfb, 0x90, 0x44];
    file.resize(36, 0);
    file.extend(b"Info\0\0\0\x01\0\0\0\x0aLAME3.100\0\0\0\0\0\0\0\0\0\0\0\0");
    // 576 samples before, 1,000 after.
    file.extend([0x24, 0x03, 0xe8]);
    file.resize(417, 0);
    let tag = Frame::read(&file).and_then(|frame| Tag::read(&frame, &file));
    assert_eq!(tag, Some(Tag { frames: Some(10), trimmed: Some((576 + 529, 1_000 - 529)) }));
}

#[test]
fn frames_are_found_after_tags_and_junk_only_where_they_follow_one_another() {
    let frame = |count: usize| [&[0xff, 0xe3, 0x28, 0xc4][..], &[0; 140]].concat().repeat(count);
    let cases = [
        ("frames", frame(2), true),
        ("a single frame", frame(1), true),
        ("after a tag", [&b"ID3\x04\0\0\0\0\0\x03abc"[..], &frame(2)].concat(), true),
        ("after junk", [&b"junk"[..], &frame(8)].concat(), true),
        ("one in junk", [&b"junk"[..], &frame(1), &b"junk"[..]].concat(), false),
        ("one, then junk", [&frame(1)[..], &b"more junk"[..]].concat(), false),
        ("nothing", vec![], false),
    ];
    for (name, file, expected) in cases {
        let bytes = file.len() as u64;
        assert_eq!(is_mp3(&mut std::io::Cursor::new(file), bytes).unwrap(), expected, "{name}");
    }
}
