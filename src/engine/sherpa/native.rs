//! Calls into sherpa-onnx's C interface; all of this crate's unsafe code.
//!
//! It is read against `c-api.h` of 2.0.1: configurations are copied in the call, null stands for what is not given, and every
//! result is freed by the function of its name. C++ exceptions may leave the library and end the process, which is a child.

#![expect(unsafe_code, reason = "sherpa-onnx has a C interface, and its safe crate drops language, emotion and event")]

use super::options::SherpaKind;
use super::protocol::Open;
use sherpa_onnx_sys as sys;
use std::ffi::{CStr, CString, c_char};
use std::path::Path;

/// The versions of the library that have the interface which this was built against.
const VERSIONS: &str = "2.0.";

/// A loaded model.
pub(super) struct Recognizer {
    /// Never null.
    recognizer: *const sys::OfflineRecognizer,
}

impl Recognizer {
    /// Loads a model. The library may end the process instead.
    pub(super) fn load(open: &Open) -> Result<Self, String> {
        let version = Self::version();
        if !version.starts_with(VERSIONS) {
            return Err(format!(
                "sherpa-onnx is version {version:?}, and callsift was built for {VERSIONS}x; install one of these"
            ));
        }
        let text = |text: &str| CString::new(text).map_err(|_| "an option of the engine sherpa holds a NUL".to_owned());
        let file = |path: &Path| {
            let told = path
                .to_str()
                .ok_or_else(|| "the path of the model is not UTF-8; the engine sherpa cannot open it".to_owned());
            told.and_then(text)
        };
        let (model, tokens) = (file(&open.model)?, file(&open.tokens)?);
        let (provider, language) = (text(&open.provider)?, text(&open.language)?);
        let mut config = empty();
        if open.kind == SherpaKind::Paraformer.name() {
            config.model_config.paraformer.model = model.as_ptr();
        } else {
            config.model_config.sense_voice.model = model.as_ptr();
            config.model_config.sense_voice.language = language.as_ptr();
            config.model_config.sense_voice.use_itn = i32::from(open.use_itn);
        }
        config.model_config.tokens = tokens.as_ptr();
        config.model_config.num_threads = i32::try_from(open.num_threads).unwrap_or(1);
        config.model_config.provider = provider.as_ptr();
        // SAFETY: every pointer is null or a string that ends in NUL and outlives the call, which copies it.
        let recognizer = unsafe { sys::SherpaOnnxCreateOfflineRecognizer(&raw const config) };
        if recognizer.is_null() {
            Err("the engine sherpa cannot load the model".to_owned())
        } else {
            Ok(Self { recognizer })
        }
    }

    /// The library's version.
    pub(super) fn version() -> String {
        // SAFETY: it returns a constant.
        unsafe { copied(sys::SherpaOnnxGetVersionStr()) }.unwrap_or_default()
    }

    /// The result of each clip, as the library's JSON: a rate in Hz, and samples from -1 to 1.
    pub(super) fn hear(&self, clips: &[(u32, &[f32])]) -> Vec<Option<String>> {
        let streams: Vec<Stream> = clips.iter().map(|&(rate_hz, samples)| self.stream(rate_hz, samples)).collect();
        let pointers: Vec<*const sys::OfflineStream> = streams.iter().map(|stream| stream.0).collect();
        if !pointers.is_empty() {
            let count = i32::try_from(pointers.len()).unwrap_or(i32::MAX);
            // SAFETY: the recogniser lives, and so do the `count` streams, which it made.
            unsafe { sys::SherpaOnnxDecodeMultipleOfflineStreams(self.recognizer, pointers.as_ptr(), count) };
        }
        streams.iter().map(Stream::result).collect()
    }

    fn stream(&self, rate_hz: u32, samples: &[f32]) -> Stream {
        let (rate_hz, count) =
            (i32::try_from(rate_hz).unwrap_or(16_000), i32::try_from(samples.len()).unwrap_or(i32::MAX));
        // SAFETY: the recogniser lives.
        let stream = Stream(unsafe { sys::SherpaOnnxCreateOfflineStream(self.recognizer) });
        // SAFETY: the stream is new, and `count` samples are there; they are copied.
        unsafe { sys::SherpaOnnxAcceptWaveformOffline(stream.0, rate_hz, samples.as_ptr(), count) };
        stream
    }
}

impl Drop for Recognizer {
    fn drop(&mut self) {
        // SAFETY: it was created, is destroyed once, and no stream outlives `hear`.
        unsafe { sys::SherpaOnnxDestroyOfflineRecognizer(self.recognizer) };
    }
}

/// A clip in the library.
struct Stream(*const sys::OfflineStream);

impl Stream {
    fn result(&self) -> Option<String> {
        // SAFETY: the stream lives; what is returned is null or a string of its own, freed once, after it is copied.
        unsafe {
            let json = sys::SherpaOnnxGetOfflineStreamResultAsJson(self.0);
            let text = copied(json);
            if !json.is_null() {
                sys::SherpaOnnxDestroyOfflineStreamResultJson(json);
            }
            text
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: it was created, and is destroyed once.
        unsafe { sys::SherpaOnnxDestroyOfflineStream(self.0) };
    }
}

/// A configuration in which nothing is given.
fn empty() -> sys::OfflineRecognizerConfig {
    // SAFETY: it holds numbers and pointers alone, for which all bits 0 are a value: 0 and null.
    unsafe { std::mem::zeroed() }
}

/// A copy of a C string; nothing for null.
///
/// # Safety
/// `text` is null or ends in NUL.
unsafe fn copied(text: *const c_char) -> Option<String> {
    // SAFETY: as the caller says.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}
