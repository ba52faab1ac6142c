//! Takes samples in blocks, and keeps of them what is still needed.

use super::activity::{Activity, Clues};
use super::anger::Piece;
use super::dispatch;
use super::frame::{self, BEFORE, FRAME, Frame, Gate};
use super::leak::Leak;
use super::spectrum::{Spectrum, WINDOW};
use super::stretches::{self, Judged, Part};
use super::summary::Summary;
use super::track::Track;
use super::{Acoustics, ChannelAcoustics, FRAME_MS, FrameMeasure, Tone, syllables};
use crate::audio::{ANALYSIS_RATE_HZ, FULL_SCALE_16_BIT};
use crate::units::{Dbfs, Hz, Span};

/// Measures one recording at [`ANALYSIS_RATE_HZ`], a block at a time.
///
/// The result depends on the samples alone, not on how they were cut into blocks. Memory does not grow with them,
/// but for what is measured of each stretch of speech and each tone, and two bytes a voiced frame while one stretch
/// goes on: frames are kept for some two minutes, and for a minute and a half more where somebody speaks without a
/// pause.
///
/// ```
/// use callsift::acoustics::Measurer;
/// use callsift::units::Dbfs;
/// let mut measurer = Measurer::new(1);
/// measurer.push(&[&[0.5, -0.5, 0.5, -0.5]]);
/// let level = measurer.finish().channels[0].level_dbfs;
/// assert!((level.0 - -6.02).abs() < 0.01);
/// ```
pub struct Measurer {
    spectrum: Spectrum,
    channels: Vec<Channel>,
    /// How alike the two channels' frames are, in hundredths; empty without two channels.
    correlation: Track<i8>,
    leak: Leak,
    /// Samples in the windows, the zeros before the recording counted.
    filled: usize,
    frames: usize,
    samples: u64,
    full_scale: f32,
}

/// What is kept of each channel beside its measures, for a closer look or to fit a model; it grows with the recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Nothing.
    #[default]
    Nothing,
    /// What each frame shows.
    Frames,
    /// What the net of activity sees of each two frames.
    Clues,
    /// The pieces of speech as the model of anger sees them.
    Pieces,
    /// What the syllables of each stretch are estimated from.
    Syllables,
}

/// What was kept of a channel; what was not asked for is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// What each frame shows.
    pub frames: Vec<FrameMeasure>,
    /// What the net of activity sees of each two frames.
    pub clues: Vec<Clues>,
    /// The pieces of speech as the model of anger sees them.
    pub pieces: Vec<Piece>,
    /// What the syllables of each stretch are estimated from.
    pub syllables: Vec<(Span, Vec<syllables::Clues>)>,
}

/// Frames after which what is known of them is summed up: 10 s.
const BLOCK: usize = 1_000;

impl Measurer {
    /// For recordings of `channels` channels.
    #[must_use]
    pub fn new(channels: usize) -> Self {
        Self::keeping(channels, Keep::Nothing)
    }

    /// For recordings of `channels` channels; [`Measurer::finish_with_kept`] gives what is to be kept.
    #[must_use]
    pub fn keeping(channels: usize, keep: Keep) -> Self {
        Self {
            spectrum: Spectrum::new(),
            channels: (0..channels).map(|_| Channel::new(keep)).collect(),
            correlation: Track::new(),
            leak: Leak::default(),
            filled: BEFORE,
            frames: 0,
            samples: 0,
            full_scale: FULL_SCALE_16_BIT,
        }
    }

    /// Sets the magnitude from which a sample counts as clipped; 32767/32768 where it is not set.
    #[must_use]
    pub fn clipping_at(mut self, full_scale: f32) -> Self {
        self.full_scale = full_scale;
        self
    }

    /// Takes the next samples: one slice a channel, all of one length, any length. Channels that are
    /// missing read 0.
    pub fn push(&mut self, channels: &[&[f32]]) {
        let samples = channels.first().map_or(0, |samples| samples.len());
        self.samples += samples as u64;
        let mut taken = 0;
        while taken < samples {
            let end = samples.min(taken + WINDOW - self.filled);
            for (n, channel) in self.channels.iter_mut().enumerate() {
                match channels.get(n) {
                    Some(samples) => channel.take(&samples[taken..end], self.filled, self.full_scale),
                    None => channel.window[self.filled..self.filled + end - taken].fill(0.0),
                }
            }
            self.filled += end - taken;
            taken = end;
            if self.filled == WINDOW {
                self.measure_frame();
                if self.frames.is_multiple_of(BLOCK) {
                    self.sum_up(false);
                }
            }
        }
    }

    /// What was heard.
    #[must_use]
    pub fn finish(self) -> Acoustics {
        self.finish_with_kept().0
    }

    /// What was heard, and what was kept of each channel.
    #[must_use]
    pub fn finish_with_kept(mut self) -> (Acoustics, Vec<Kept>) {
        self.drain();
        self.sum_up(true);
        let (rate_hz, samples) = (u64::from(ANALYSIS_RATE_HZ), self.samples);
        let duration_ms = ((samples * 1_000 + rate_hz / 2) / rate_hz) as i64;
        let (channels, kept) = self.channels.into_iter().map(|channel| channel.finish(samples)).unzip();
        (Acoustics { duration_ms, channels }, kept)
    }

    /// The best candidate of a frame of the first channel, for tests of sounds that are no speech.
    #[cfg(test)]
    pub(super) fn candidate_hz(&self, frame: usize) -> f32 {
        f32::from(self.channels[0].frames[frame].candidate.centi_hz) / 100.0
    }

    /// How many frames of a channel are kept at most, for tests of what is let go.
    #[cfg(test)]
    pub(super) fn kept_frames(&self) -> usize {
        self.channels.iter().map(|channel| channel.frames.kept()).max().unwrap_or(0)
    }

    /// Measures the frame in the middle of the windows and moves them on by one.
    fn measure_frame(&mut self) {
        if let [left, right] = self.channels.as_slice() {
            self.correlation.push(correlation(left.middle(), right.middle()));
        }
        for channel in &mut self.channels {
            channel.measure_frame(&mut self.spectrum);
        }
        self.frames += 1;
        self.filled -= FRAME;
    }

    /// Measures the whole frames that still wait for samples behind them; a last part of a frame
    /// counts for levels alone.
    fn drain(&mut self) {
        let whole = (self.samples / FRAME as u64) as usize;
        while self.frames < whole && !self.channels.is_empty() {
            for channel in &mut self.channels {
                channel.window[self.filled..].fill(0.0);
            }
            self.filled = WINDOW;
            self.measure_frame();
        }
    }

    /// Judges the frames that can be judged by now, all if the recording has `ended`, and sums up the stretches that end in
    /// them.
    fn sum_up(&mut self, ended: bool) {
        for channel in &mut self.channels {
            channel.activity.hear(&channel.frames, ended);
        }
        let mut needed = usize::MAX;
        if let [left, right] = self.channels.as_mut_slice() {
            let judged = [&mut left.activity.judged, &mut right.activity.judged];
            self.leak.clear([&left.frames, &right.frames], &self.correlation, judged, ended);
            needed = self.leak.needs();
            self.correlation.forget(needed);
        }
        let cleared = (self.channels.len() == 2).then_some(self.leak.cleared);
        for channel in &mut self.channels {
            channel.sum_up(cleared, ended);
            channel.forget(needed);
        }
    }
}

/// One channel: its last samples, the frames that are still needed, and what is known of it.
struct Channel {
    window: [f32; WINDOW],
    gate: Gate,
    frames: Track<Frame>,
    activity: Activity,
    finder: stretches::Finder,
    summary: Summary,
    clipped: u64,
    /// Mean squares of all frames.
    mean_squares: f64,
    /// What each frame shows, where that is kept.
    shown: Option<Vec<FrameMeasure>>,
}

impl Channel {
    fn new(keep: Keep) -> Self {
        Self {
            window: [0.0; WINDOW],
            gate: Gate::new(),
            frames: Track::new(),
            activity: Activity::new(keep == Keep::Clues),
            finder: stretches::Finder::default(),
            summary: Summary::new(keep),
            clipped: 0,
            mean_squares: 0.0,
            shown: (keep == Keep::Frames).then(Vec::new),
        }
    }

    fn take(&mut self, samples: &[f32], at: usize, full_scale: f32) {
        self.window[at..at + samples.len()].copy_from_slice(samples);
        self.clipped += samples.iter().filter(|sample| sample.abs() >= full_scale).count() as u64;
    }

    fn middle(&self) -> &[f32] {
        &self.window[BEFORE..BEFORE + FRAME]
    }

    fn measure_frame(&mut self, spectrum: &mut Spectrum) {
        let frame = dispatch::measure(&self.window, spectrum, &mut self.gate);
        self.mean_squares += f64::from(frame.mean_square);
        self.frames.push(frame);
        self.window.copy_within(FRAME.., 0);
    }

    /// Sums up the stretches of the frames that are `cleared` of leaks, or of all that are judged.
    fn sum_up(&mut self, cleared: Option<usize>, ended: bool) {
        let Self { frames: all, activity: Activity { judged, .. }, finder, summary, shown, .. } = self;
        let end = cleared.unwrap_or(judged.end());
        if let Some(shown) = shown {
            shown.extend((shown.len()..end).map(|n| show(&all[n], judged[n])));
        }
        finder.find(judged, end, ended, &mut |part: Part| {
            let (frames, judged) = (all.slice(part.frames.clone()), judged.slice(part.frames.clone()));
            summary.hear(&part, frames, judged);
            if let Some(shown) = shown {
                for ((shown, judged), &pitch) in shown[part.frames].iter_mut().zip(judged).zip(&summary.path) {
                    shown.speaking = judged.stands_out;
                    shown.pitch = (pitch > 0).then(|| Hz(f32::from(pitch) / 100.0));
                }
            }
        });
    }

    /// Lets go of what nobody needs: of frames, what is before `needed` by others.
    fn forget(&mut self, needed: usize) {
        let needed = needed.min(self.finder.needs());
        self.frames.forget(needed.min(self.activity.needs()));
        self.activity.judged.forget(needed);
    }

    fn finish(mut self, samples: u64) -> (ChannelAcoustics, Kept) {
        let syllables: f32 = self.summary.stretches.iter().map(|stretch| stretch.syllables).sum();
        let speech_ms: i64 = self.summary.stretches.iter().map(|stretch| stretch.span.length_ms()).sum();
        let tones = self.activity.tones.found.iter().map(|tone| Tone {
            span: Span::new(tone.frames.start as i64 * FRAME_MS, tone.frames.end as i64 * FRAME_MS),
            repeats: tone.repeats(),
        });
        let acoustics = ChannelAcoustics {
            level_dbfs: self.level(samples),
            speech_dbfs: self.summary.speech_dbfs(),
            clipping: if samples > 0 { self.clipped as f64 / samples as f64 } else { 0.0 },
            pitch: self.summary.pitch(),
            syllables,
            articulation_syllables_per_s: (speech_ms > 0).then(|| 1_000.0 * syllables / speech_ms as f32),
            tones: tones.collect(),
            anger: self.summary.anger(),
            stretches: std::mem::take(&mut self.summary.stretches),
        };
        let (frames, clues) = (self.shown.unwrap_or_default(), self.activity.kept.unwrap_or_default());
        let syllables = self.summary.syllable_clues.take().unwrap_or_default();
        (acoustics, Kept { frames, clues, pieces: self.summary.into_pieces(), syllables })
    }

    /// The level of all samples, those after the last whole frame too.
    fn level(&self, samples: u64) -> Dbfs {
        let rest = (samples % FRAME as u64) as usize;
        let rest: f64 = self.middle()[..rest].iter().map(|&sample| f64::from(sample).powi(2)).sum();
        let sum = self.mean_squares * FRAME as f64 + rest;
        if samples > 0 { Dbfs::from_mean_square(sum / samples as f64) } else { Dbfs::SILENCE }
    }
}

fn show(frame: &Frame, judged: Judged) -> FrameMeasure {
    let level_dbfs = Dbfs::from_mean_square(f64::from(frame.mean_square));
    FrameMeasure { level_dbfs, speech: judged.speech, speaking: false, pitch: None }
}

/// Correlation of two frames in hundredths, 0 where one is silent.
fn correlation(a: &[f32], b: &[f32]) -> i8 {
    let energies = frame::sum_of_squares(a) * frame::sum_of_squares(b);
    if energies > 0.0 { (100.0 * frame::dot(a, b) / energies.sqrt()).round() as i8 } else { 0 }
}
