//! What answers, with the library.

use crate::audio::codec::plain::Plain;
use crate::audio::wave::{Coding, Found, riff};
use crate::engine::sherpa::native::Recognizer;
use crate::engine::sherpa::protocol::{Answer, Outcome, Request};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The longest clip, bytes: ten minutes at 48 kHz. What is cut for the engine has under 1 MiB.
const MOST_BYTES: u64 = 64 << 20;

/// The shortest sound, ms, that the library is given; silence makes up what is missing. From less than seven frames of features
/// (85 ms) it makes one of what lies behind them in memory.
const LEAST_MS: usize = 200;

/// The model, once it is loaded.
#[derive(Default)]
pub(super) struct Hearing {
    recognizer: Option<Recognizer>,
}

impl Hearing {
    pub(super) fn answer(&mut self, request: Request) -> Answer {
        match (request, &self.recognizer) {
            (Request::Open(open), None) => match Recognizer::load(&open) {
                Ok(recognizer) => {
                    self.recognizer = Some(recognizer);
                    Answer::Open(Recognizer::version())
                }
                Err(message) => Answer::Failed("model_unusable".to_owned(), message),
            },
            (Request::Hear(wavs), Some(recognizer)) => Answer::Heard(hear(recognizer, &wavs)),
            _ => Answer::Failed("engine_failed".to_owned(), "the engine sherpa is asked out of turn".to_owned()),
        }
    }
}

/// One outcome for each clip; those that can be read are heard together.
fn hear(recognizer: &Recognizer, wavs: &[std::path::PathBuf]) -> Vec<Outcome> {
    let sounds: Vec<Result<Sound, String>> = wavs.iter().map(|wav| read(wav)).collect();
    let readable: Vec<&Sound> = sounds.iter().filter_map(|sound| sound.as_ref().ok()).collect();
    let clips: Vec<(u32, &[f32])> = readable.iter().map(|sound| (sound.rate_hz, sound.samples.as_slice())).collect();
    let mut results = recognizer.hear(&clips).into_iter();
    let outcome = |sound: &Result<Sound, String>| match sound {
        Err(message) => Outcome::Failed(message.clone()),
        Ok(_) => match results.next().flatten() {
            Some(json) => Outcome::Result(json),
            None => Outcome::Failed("the engine sherpa gives no result".to_owned()),
        },
    };
    sounds.iter().map(outcome).collect()
}

/// A clip's samples, -1 to 1.
struct Sound {
    rate_hz: u32,
    samples: Vec<f32>,
}

fn read(wav: &Path) -> Result<Sound, String> {
    let failed = |error: io::Error| format!("the engine sherpa cannot read its clip: {}", error.kind());
    let mut file = File::open(wav).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let Found::Samples(stored) = riff::read(&mut file, 0, bytes).map_err(failed)? else {
        return Err("the engine sherpa is given a clip that is no WAV file".to_owned());
    };
    let is_ours = stored.coding == Coding::Plain(Plain::S16) && stored.channels == 1;
    if !is_ours || stored.data_bytes > MOST_BYTES {
        return Err("the engine sherpa is given a clip that is not short and mono with 16 bits a sample".to_owned());
    }
    let mut data = Vec::new();
    file.seek(SeekFrom::Start(stored.data_start)).map_err(failed)?;
    file.take(stored.data_bytes).read_to_end(&mut data).map_err(failed)?;
    let samples = data.as_chunks::<2>().0.iter().map(|sample| f32::from(i16::from_le_bytes(*sample)) / 32_768.0);
    let mut samples: Vec<f32> = samples.collect();
    samples.resize(samples.len().max(stored.rate_hz as usize * LEAST_MS / 1_000), 0.0);
    Ok(Sound { rate_hz: stored.rate_hz, samples })
}
