//! The multipart form, made while it is sent.

use super::options::HttpOptions;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

/// How the form ends the file's name; the clip's own is nobody's business.
const FILE_HEAD: &str =
    "Content-Disposition: form-data; name=\"file\"; filename=\"clip.wav\"\r\nContent-Type: audio/wav\r\n\r\n";

/// The fields of the form besides the file, in order. `language` is a BCP 47 tag, of which the first part is sent, for that
/// is all that Whisper's servers know.
pub(super) fn fields(options: &HttpOptions, language: Option<&str>) -> Vec<(String, String)> {
    let granularity = "timestamp_granularities[]";
    let language = language.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_ascii_lowercase);
    let ours = [
        ("model", options.model.clone()),
        ("language", language),
        ("response_format", Some("verbose_json".to_owned())),
        (granularity, Some("word".to_owned())),
        (granularity, Some("segment".to_owned())),
        ("prompt", options.prompt.clone()),
        ("temperature", options.temperature.map(|temperature| temperature.to_string())),
    ];
    let ours = ours.into_iter().filter(|(name, _)| !options.fields.contains_key(*name));
    let ours = ours.filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)));
    let more = options.fields.iter().filter(|(_, value)| !value.is_empty());
    ours.chain(more.map(|(name, value)| (name.clone(), value.clone()))).collect()
}

type HeadAndFile = io::Chain<Cursor<Vec<u8>>, Whole>;

/// A form that is read once, from the file as it goes.
pub(super) struct Form {
    parts: io::Chain<HeadAndFile, Cursor<Vec<u8>>>,
    /// Its length, bytes.
    pub(super) len: u64,
    /// What its `Content-Type` is to say.
    pub(super) content_type: String,
}

impl Form {
    /// The form of `fields` and the file at `wav`, its parts divided by `boundary`.
    ///
    /// Errors: the file cannot be opened.
    pub(super) fn open(fields: &[(String, String)], wav: &Path, boundary: &str) -> io::Result<Self> {
        let file = File::open(wav)?;
        let file_len = file.metadata()?.len();
        let mut head = String::new();
        for (name, value) in fields {
            head.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        head.push_str(&format!("--{boundary}\r\n{FILE_HEAD}"));
        let tail = format!("\r\n--{boundary}--\r\n");
        let len = head.len() as u64 + file_len + tail.len() as u64;
        let file = Whole { file, left: file_len };
        let parts = Cursor::new(head.into_bytes()).chain(file).chain(Cursor::new(tail.into_bytes()));
        Ok(Self { parts, len, content_type: format!("multipart/form-data; boundary={boundary}") })
    }
}

impl Read for Form {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.parts.read(buffer)
    }
}

/// The clip's file cannot be read to its end; told from what is wrong with the connection by its type.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the clip: {0}")]
pub(super) struct ClipFault(pub(super) io::ErrorKind);

/// A file of a length that is promised: no longer, and an error where it is shorter.
struct Whole {
    file: File,
    left: u64,
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.file.read(&mut buffer[..most]).map_err(|error| io::Error::other(ClipFault(error.kind())))?;
        if read == 0 && most > 0 {
            return Err(io::Error::other(ClipFault(io::ErrorKind::UnexpectedEof)));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(options: &HttpOptions, language: Option<&str>) -> Vec<String> {
        fields(options, language).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn fields_of_the_options_take_the_place_of_ours() {
        let mut options = HttpOptions::new("http://h/v1/audio/transcriptions");
        let plain =
            ["response_format=verbose_json", "timestamp_granularities[]=word", "timestamp_granularities[]=segment"];
        assert_eq!(names(&options, None), plain);
        options.model = Some("m".into());
        options.temperature = Some(0.0);
        for (name, value) in [("timestamp_granularities[]", ""), ("response_format", "json"), ("vad", "1")] {
            options.fields.insert(name.into(), value.into());
        }
        assert_eq!(
            names(&options, Some("zh-CN")),
            ["model=m", "language=zh", "temperature=0", "response_format=json", "vad=1"]
        );
    }

    #[test]
    fn a_form_is_as_long_as_it_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let wav = folder.path().join("secret name.wav");
        std::fs::write(&wav, b"RIFF").expect("a file");
        let mut form = Form::open(&[("model".into(), "m".into())], &wav, "B").expect("a form");
        let mut text = String::new();
        form.read_to_string(&mut text).expect("text");
        let expected = "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--B\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"clip.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--B--\r\n";
        assert_eq!(text, expected);
        assert_eq!(form.len, expected.len() as u64);
    }

    #[test]
    fn a_file_that_shrinks_is_an_error_and_one_that_grows_is_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let wav = folder.path().join("clip");
        for (now, read) in [("12", None), ("1234", Some("1234")), ("123456", Some("1234"))] {
            std::fs::write(&wav, now).expect("a file");
            let mut whole = Whole { file: File::open(&wav).expect("a file"), left: 4 };
            let mut text = String::new();
            assert_eq!(whole.read_to_string(&mut text).ok().map(|_| text.as_str()), read, "{now}");
        }
    }
}
