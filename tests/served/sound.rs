//! What is heard is the recording, and nothing else.

use super::{STRANGE_ID, Site, encoded};

#[test]
fn what_is_heard_is_the_recording_whole_or_in_part() {
    let site = Site::new();
    let served = site.serve(&[]);
    // As the recordings are 16-bit PCM already, header and samples are theirs.
    for (id, file) in [("plain", "in/a/plain.wav"), ("masked", "in/13800138000.wav"), (STRANGE_ID, "in/strange.wav")] {
        let answer = served.get(&format!("/audio/{}.wav", encoded(id)));
        assert_eq!((answer.status, answer.header("accept-ranges")), (200, "bytes"), "{id}");
        assert!(answer.body == site.bytes(file), "{id}");
    }
    let whole = site.bytes("in/a/plain.wav");
    let (length, last) = (whole.len(), whole.len() - 1);
    let target = "/audio/plain.wav";
    let asked = |range: &str, more: &[(&str, &str)]| served.get_with(target, &[&[("Range", range)], more].concat());
    let parts: [(&str, std::ops::Range<usize>); 7] = [
        ("bytes=0-0", 0..1),
        (&format!("bytes={last}-{last}"), last..length),
        (&format!("bytes={last}-99999999"), last..length),
        ("bytes=100-299", 100..300),
        ("bytes=200000-", 200_000..length),
        ("bytes=-100", length - 100..length),
        ("bytes=-99999999", 0..length),
    ];
    for (range, expected) in parts {
        let answer = asked(range, &[]);
        let said = format!("bytes {}-{}/{length}", expected.start, expected.end - 1);
        assert_eq!((answer.status, answer.header("content-range")), (206, said.as_str()), "{range}");
        assert_eq!(answer.header("content-length"), expected.len().to_string(), "{range}");
        assert!(answer.body == whole[expected], "{range}");
    }
    for range in ["bytes=0-1,5-6", "bytes=5-4", "bytes=", "bytes=x-y", "seconds=1-2", "0-5"] {
        let answer = asked(range, &[]);
        assert_eq!((answer.status, answer.body.len(), answer.header("content-range")), (200, length, ""), "{range}");
    }
    for range in [&format!("bytes={length}-"), "bytes=99999999999999999999-", "bytes=-0"] {
        let answer = asked(range, &[]);
        assert_eq!(
            (answer.status, answer.header("content-range")),
            (416, format!("bytes */{length}").as_str()),
            "{range}"
        );
    }
    let etag = served.get(target).header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.len() > 20, "{etag}");
    assert_eq!(asked("bytes=0-0", &[("If-Range", &etag)]).status, 206);
    for other in ["\"other\"", &format!("W/{etag}"), "Mon, 30 Nov 2026 00:00:00 GMT"] {
        assert_eq!(asked("bytes=0-0", &[("If-Range", other)]).status, 200, "{other}");
    }
    let bearer = format!("Bearer {}", served.token);
    let head = served.ask("HEAD", target, &[("Authorization", &bearer), ("Range", "bytes=0-0")]);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, length.to_string().as_str(), 0));
}

#[test]
fn the_picture_of_the_sound_is_small_and_shows_both_sides() {
    let site = Site::new();
    let served = site.serve(&[]);
    let svg = served.get("/waveform/plain").text();
    assert!(svg.starts_with("<svg ") && svg.matches("<path").count() == 2, "{svg}");
    assert!(svg.len() < 200_000 && svg.matches("h1V").count() <= 2_400, "{}", svg.len());
    let page = served.get("/calls/plain").page();
    assert!(page.contains("src=\"/audio/plain.wav\"") && page.contains("id=\"player\""), "{page}");
    assert!(!served.get("/calls/words").text().contains("<audio"));
}

#[test]
fn fifty_readers_at_once_all_get_the_right_bytes() {
    let site = Site::new();
    let served = site.serve(&[]);
    let (plain, strange) = (site.bytes("in/a/plain.wav"), site.bytes("in/strange.wav"));
    let strange_path = format!("/audio/{}.wav", encoded(STRANGE_ID));
    std::thread::scope(|scope| {
        for reader in 0..50_usize {
            let (served, strange_path, plain, strange) = (&served, &strange_path, &plain, &strange);
            scope.spawn(move || {
                let (target, bytes) =
                    if reader % 2 == 0 { ("/audio/plain.wav", plain) } else { (strange_path.as_str(), strange) };
                let (first, last) = (reader * 1_000, bytes.len() - 1 - reader * 7);
                let answer = served.get_with(target, &[("Range", &format!("bytes={first}-{last}"))]);
                assert_eq!(answer.status, 206, "{reader}");
                assert!(answer.body == bytes[first..=last], "{reader}");
            });
        }
    });
}

#[test]
fn no_name_and_no_link_leads_out_and_a_changed_recording_is_refused() {
    let site = Site::new();
    let served = site.serve(&[]);
    let refused = |target: &str| {
        let answer = served.get(target);
        (answer.status, answer.text())
    };
    let outside = site.path().join("outside.wav");
    let absolute = encoded(outside.to_str().expect("UTF-8"));
    let targets = [
        "/audio/..%2f..%2fetc%2fpasswd",
        "/audio/..%2f..%2fetc%2fpasswd.wav",
        "/audio/../outside.wav",
        "/audio/..%2foutside.wav",
        "/audio/%2e%2e/outside.wav",
        "/audio/plain/../../outside.wav",
        &format!("/audio/{absolute}"),
        "/calls/..%2f..%2fetc%2fpasswd",
        "/../outside.wav",
        "/audio/a%2fplain.wav",
        "/audio/a/plain.wav",
        "/audio/%00.wav",
        "/waveform/..%2foutside.wav",
    ];
    for target in targets {
        assert_eq!(refused(target).0, 404, "{target}");
    }
    let (status, text) = refused("/audio/outside.wav");
    assert!(status == 403 && text.contains("leads out of the folder"), "{status} {text}");
    let (status, text) = refused("/audio/words.wav");
    assert!(status == 404 && text.contains("no recording"), "{status} {text}");
    let mut bytes = site.bytes("in/a/plain.wav");
    bytes[5_000] ^= 1;
    site.put("in/a/plain.wav", bytes);
    let (status, text) = refused("/audio/plain.wav");
    assert!(status == 409 && text.contains("is not the recording that was inspected"), "{status} {text}");
    assert_eq!(refused("/waveform/plain").0, 409);
    std::fs::remove_file(site.path().join("in/strange.wav")).expect("removed");
    let (status, text) = refused(&format!("/audio/{}.wav", encoded(STRANGE_ID)));
    assert!(status == 404 && text.contains("is not below the folder"), "{status} {text}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, site.path().join("in/strange.wav")).expect("linked");
        let (status, text) = refused(&format!("/audio/{}.wav", encoded(STRANGE_ID)));
        assert!(status == 403 && text.contains("leads out of the folder"), "{status} {text}");
    }
}
