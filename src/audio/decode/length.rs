//! How long a recording is, as its header says.

use super::{DecodeOptions, RATES_HZ};
use crate::audio::wave::{self, Found, Hints, Stored};
use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;

/// The length of the recording at `path` in ms, at most [`DecodeOptions::max_duration_ms`], as its header says, or its size where the
/// samples have one; `None` where only decoding tells, or it cannot be read. Reads a few KB.
#[must_use]
pub fn length_ms(path: &Path, options: &DecodeOptions) -> Option<i64> {
    let mut file = File::open(path).ok()?;
    let bytes = file.metadata().ok()?.len();
    let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    match wave::find(&mut file, bytes, &Hints { extension: extension.as_deref(), raw: options.raw }).ok()? {
        Found::Samples(stored) => of_stored(&stored).map(|ms| ms.min(options.max_duration_ms)),
        Found::Other(_) | Found::Broken(_) => None,
    }
}

fn of_stored(stored: &Stored) -> Option<i64> {
    // A stream of MPEG frames tells only when it is decoded.
    let frames = Some(stored.frames()).filter(|frames| *frames > 0 && RATES_HZ.contains(&stored.rate_hz))?;
    i64::try_from(u128::from(frames) * 1_000 / u128::from(stored.rate_hz)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::wave::write::header;

    #[test]
    fn a_header_says_it_and_other_files_do_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let frames = 12_000_u64;
        let whole: Vec<u8> = header(8_000, 2, frames).into_iter().chain(vec![0; frames as usize * 4]).collect();
        let cases = [
            ("whole.wav", whole.clone(), Some(1_500)),
            ("cut.wav", whole[..44 + 16_000].to_vec(), Some(500)),
            ("headerless.ul", vec![0xff; 4_000], Some(500)),
            ("empty.wav", Vec::new(), None),
            ("text.wav", b"a letter".to_vec(), None),
        ];
        for (name, bytes, expected) in cases {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            assert_eq!(length_ms(&path, &DecodeOptions::default()), expected, "{name}");
        }
        let short = DecodeOptions { max_duration_ms: 1_000, ..DecodeOptions::default() };
        assert_eq!(length_ms(&folder.path().join("whole.wav"), &short), Some(1_000));
        assert_eq!(length_ms(&folder.path().join("gone.wav"), &short), None);
    }
}
