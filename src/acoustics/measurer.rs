//! Takes samples in blocks, keeps a few bytes a frame, and sums them up at the end.

use super::activity::{self, Activity, Clues};
use super::anger::{Judge, Piece, sound};
use super::dispatch;
use super::frame::{self, BEFORE, FRAME, Frame, Gate};
use super::pitch::{self, Tracker};
use super::spectrum::{Spectrum, WINDOW};
use super::stretches::{self, Run};
use super::syllables;
use super::{Acoustics, ChannelAcoustics, FRAME_MS, FrameMeasure, Pitch, Stretch, Tone, leak};
use crate::audio::{ANALYSIS_RATE_HZ, FULL_SCALE_16_BIT};
use crate::units::{Dbfs, Hz, Span};
use std::ops::Range;

/// Measures one recording at [`ANALYSIS_RATE_HZ`], a block at a time.
///
/// The result depends on the samples alone, not on how they were cut into blocks. Memory grows by
/// 33 bytes a frame of 10 ms and channel; samples are not kept.
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
    correlation: Vec<i8>,
    /// Samples in the windows, the zeros before the recording counted.
    filled: usize,
    samples: u64,
    full_scale: f32,
}

impl Measurer {
    /// For recordings of `channels` channels.
    #[must_use]
    pub fn new(channels: usize) -> Self {
        Self {
            spectrum: Spectrum::new(),
            channels: (0..channels).map(|_| Channel::new()).collect(),
            correlation: Vec::new(),
            filled: BEFORE,
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
            for (channel, samples) in self.channels.iter_mut().zip(channels) {
                channel.take(&samples[taken..end], self.filled, self.full_scale);
            }
            self.filled += end - taken;
            taken = end;
            if self.filled == WINDOW {
                self.measure_frame();
            }
        }
    }

    /// What was heard.
    #[must_use]
    pub fn finish(mut self) -> Acoustics {
        self.drain();
        let activities = self.activities();
        let duration_ms = self.duration_ms();
        let samples = self.samples;
        let channels = self.channels.iter().zip(&activities);
        Acoustics { duration_ms, channels: channels.map(|(channel, active)| channel.sum_up(active, samples)).collect() }
    }

    /// What was heard, and what each frame of each channel shows.
    #[must_use]
    pub fn finish_with_frames(mut self) -> (Acoustics, Vec<Vec<FrameMeasure>>) {
        self.drain();
        let activities = self.activities();
        let frames = self.channels.iter().zip(&activities).map(|(channel, active)| channel.show(active)).collect();
        (self.finish(), frames)
    }

    /// The best candidate of a frame of the first channel, for tests of sounds that are no speech.
    #[cfg(test)]
    pub(super) fn candidate_hz(&self, frame: usize) -> f32 {
        f32::from(self.channels[0].frames[frame].candidate.centi_hz) / 100.0
    }

    /// The pieces of speech of each channel as the model of anger sees them, to fit it.
    #[must_use]
    pub fn finish_with_pieces(mut self) -> Vec<Vec<Piece>> {
        self.drain();
        let activities = self.activities();
        self.channels.iter().zip(&activities).map(|(channel, active)| channel.pieces(active)).collect()
    }

    /// What the models of activity see of each frame of each channel, to fit them.
    #[must_use]
    pub fn finish_with_clues(mut self) -> Vec<Vec<Clues>> {
        self.drain();
        self.channels.iter().map(|channel| activity::all_clues(&channel.frames)).collect()
    }

    fn duration_ms(&self) -> i64 {
        let rate_hz = u64::from(ANALYSIS_RATE_HZ);
        ((self.samples * 1_000 + rate_hz / 2) / rate_hz) as i64
    }

    /// Measures the frame in the middle of the windows and moves them on by one.
    fn measure_frame(&mut self) {
        if let [left, right] = self.channels.as_slice() {
            self.correlation.push(correlation(left.middle(), right.middle()));
        }
        for channel in &mut self.channels {
            channel.frames.push(dispatch::measure(&channel.window, &mut self.spectrum, &mut channel.gate));
            channel.window.copy_within(FRAME.., 0);
        }
        self.filled -= FRAME;
    }

    /// Measures the whole frames that still wait for samples behind them; a last part of a frame
    /// counts for levels alone.
    fn drain(&mut self) {
        let whole = (self.samples / FRAME as u64) as usize;
        while self.channels.first().is_some_and(|channel| channel.frames.len() < whole) {
            for channel in &mut self.channels {
                channel.window[self.filled..].fill(0.0);
            }
            self.filled = WINDOW;
            self.measure_frame();
        }
    }

    fn activities(&self) -> Vec<Activity> {
        let mut activities: Vec<Activity> =
            self.channels.iter().map(|channel| activity::judge(&channel.frames)).collect();
        if let ([left, right], [on_left, on_right]) = (self.channels.as_slice(), activities.as_mut_slice()) {
            let frames = [left.frames.as_slice(), right.frames.as_slice()];
            leak::clear(frames, &self.correlation, [&mut on_left.speech, &mut on_right.speech]);
        }
        activities
    }
}

/// One channel: its last samples and all its frames.
struct Channel {
    window: [f32; WINDOW],
    frames: Vec<Frame>,
    gate: Gate,
    clipped: u64,
}

impl Channel {
    fn new() -> Self {
        Self { window: [0.0; WINDOW], frames: Vec::new(), gate: Gate::new(), clipped: 0 }
    }

    fn take(&mut self, samples: &[f32], at: usize, full_scale: f32) {
        self.window[at..at + samples.len()].copy_from_slice(samples);
        self.clipped += samples.iter().filter(|sample| sample.abs() >= full_scale).count() as u64;
    }

    fn middle(&self) -> &[f32] {
        &self.window[BEFORE..BEFORE + FRAME]
    }

    fn sum_up(&self, active: &Activity, samples: u64) -> ChannelAcoustics {
        let (mut tracker, mut path) = (Tracker::default(), Vec::new());
        let mut pitches = Vec::new();
        let mut speech = Energy::default();
        let (mut judge, mut judge_of_all, mut sounds) = (Judge::new(), Judge::new(), Vec::new());
        let stretches: Vec<Stretch> = stretches::find(&active.speech, &active.stands_out)
            .into_iter()
            .map(|run| {
                let energy = self.energy(&run, active);
                speech.add(energy.sum, energy.frames);
                let frames = &self.frames[run.frames.clone()];
                tracker.path(frames, &mut path);
                let start = pitches.len();
                pitches.extend(path.iter().filter(|&&pitch| pitch > 0));
                pitches[start..].sort_unstable();
                let pitch = pitch::percentile(&pitches[start..], 50);
                sound::of_run(frames, &path, &active.stands_out[run.frames.clone()], &mut sounds);
                judge.hear(&sounds);
                judge_of_all.hear(&sounds);
                let (syllables, anger) = (syllables::count(frames, &path), judge.finish());
                Stretch { span: span(&run), loudness_dbfs: energy.level(), pitch, syllables, anger }
            })
            .collect();
        pitches.sort_unstable();
        let syllables: f32 = stretches.iter().map(|stretch| stretch.syllables).sum();
        let speech_ms: i64 = stretches.iter().map(|stretch| stretch.span.length_ms()).sum();
        ChannelAcoustics {
            stretches,
            level_dbfs: self.level(samples),
            speech_dbfs: (speech.frames > 0).then(|| speech.level()),
            clipping: if samples > 0 { self.clipped as f64 / samples as f64 } else { 0.0 },
            pitch: range(&pitches),
            syllables,
            articulation_syllables_per_s: (speech_ms > 0).then(|| 1_000.0 * syllables / speech_ms as f32),
            tones: active.tones.iter().map(|tone| self.tone(tone)).collect(),
            anger: judge_of_all.finish(),
        }
    }

    fn pieces(&self, active: &Activity) -> Vec<Piece> {
        let (mut tracker, mut path) = (Tracker::default(), Vec::new());
        let (mut judge, mut sounds) = (Judge::keeping(), Vec::new());
        for run in stretches::find(&active.speech, &active.stands_out) {
            let frames = &self.frames[run.frames.clone()];
            tracker.path(frames, &mut path);
            sound::of_run(frames, &path, &active.stands_out[run.frames.clone()], &mut sounds);
            judge.hear(&sounds);
        }
        judge.into_pieces()
    }

    fn tone(&self, frames: &Range<usize>) -> Tone {
        let middle = &self.frames[(frames.start + frames.end) / 2];
        let span = Span::new(frames.start as i64 * FRAME_MS, frames.end as i64 * FRAME_MS);
        Tone { span, repeats: Hz(f32::from(middle.candidate.centi_hz) / 100.0) }
    }

    fn show(&self, active: &Activity) -> Vec<FrameMeasure> {
        let shown = |(frame, &speech): (&Frame, &u8)| FrameMeasure {
            level_dbfs: Dbfs::from_mean_square(f64::from(frame.mean_square)),
            speech,
            speaking: false,
            pitch: None,
        };
        let mut measures: Vec<FrameMeasure> = self.frames.iter().zip(&active.speech).map(shown).collect();
        let (mut tracker, mut path) = (Tracker::default(), Vec::new());
        for run in stretches::find(&active.speech, &active.stands_out) {
            tracker.path(&self.frames[run.frames.clone()], &mut path);
            for (n, &pitch) in run.frames.zip(&path) {
                measures[n].speaking = active.stands_out[n];
                measures[n].pitch = (pitch > 0).then(|| Hz(f32::from(pitch) / 100.0));
            }
        }
        measures
    }

    /// The energy of those frames of a run that stand out of the noise.
    fn energy(&self, run: &Run, active: &Activity) -> Energy {
        let mut energy = Energy::default();
        for n in run.frames.clone().filter(|&n| active.stands_out[n]) {
            energy.add(f64::from(self.frames[n].mean_square), 1);
        }
        energy
    }

    /// The level of all samples, those after the last whole frame too.
    fn level(&self, samples: u64) -> Dbfs {
        let whole: f64 = self.frames.iter().map(|frame| f64::from(frame.mean_square) * FRAME as f64).sum();
        let rest = (samples % FRAME as u64) as usize;
        let rest: f64 = self.middle()[..rest].iter().map(|&sample| f64::from(sample).powi(2)).sum();
        if samples > 0 { Dbfs::from_mean_square((whole + rest) / samples as f64) } else { Dbfs::SILENCE }
    }
}

/// Mean squares added up.
#[derive(Clone, Copy, Default)]
struct Energy {
    sum: f64,
    frames: u64,
}

impl Energy {
    fn add(&mut self, sum: f64, frames: u64) {
        self.sum += sum;
        self.frames += frames;
    }

    fn level(self) -> Dbfs {
        Dbfs::from_mean_square(self.sum / self.frames.max(1) as f64)
    }
}

fn span(run: &Run) -> Span {
    Span::new(run.frames.start as i64 * FRAME_MS, run.frames.end as i64 * FRAME_MS)
}

fn range(sorted: &[u16]) -> Option<Pitch> {
    Some(Pitch {
        median: pitch::percentile(sorted, 50)?,
        low: pitch::percentile(sorted, 10)?,
        high: pitch::percentile(sorted, 90)?,
    })
}

/// Correlation of two frames in hundredths, 0 where one is silent.
fn correlation(a: &[f32], b: &[f32]) -> i8 {
    let energies = frame::sum_of_squares(a) * frame::sum_of_squares(b);
    if energies > 0.0 { (100.0 * frame::dot(a, b) / energies.sqrt()).round() as i8 } else { 0 }
}
