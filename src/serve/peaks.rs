//! A picture of sound in few columns, whatever its length, drawn while the sound goes by.

use std::fmt::Write as _;

/// The most columns of a channel; where there would be more, two and two are joined.
const MOST_COLUMNS: usize = 1_200;

/// Height of a channel in the picture, in its own units.
const HEIGHT: u32 = 100;

/// The softest and the loudest sample of each column, 16 bit, by channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Peaks {
    channels: Vec<Vec<(i16, i16)>>,
    /// Samples of a channel in a column; the last column may have fewer.
    column_frames: u64,
    frames: u64,
}

impl Peaks {
    pub(super) fn new(channels: usize) -> Self {
        Self { channels: vec![Vec::with_capacity(MOST_COLUMNS); channels], column_frames: 1, frames: 0 }
    }

    /// Takes one sample of each channel; of more channels than there are, none is looked at.
    pub(super) fn push(&mut self, samples: impl Iterator<Item = i16>) {
        if self.frames == MOST_COLUMNS as u64 * self.column_frames {
            self.halve();
        }
        let is_new = self.frames.is_multiple_of(self.column_frames);
        for (columns, sample) in self.channels.iter_mut().zip(samples) {
            match columns.last_mut() {
                Some((low, high)) if !is_new => (*low, *high) = ((*low).min(sample), (*high).max(sample)),
                _ => columns.push((sample, sample)),
            }
        }
        self.frames += 1;
    }

    fn halve(&mut self) {
        let joined = |pair: &[(i16, i16)]| {
            let (first, last) = (pair[0], pair[pair.len() - 1]);
            (first.0.min(last.0), first.1.max(last.1))
        };
        for columns in &mut self.channels {
            *columns = columns.chunks(2).map(joined).collect();
        }
        self.column_frames *= 2;
    }

    /// The picture, as wide as the sound is long: a band for each channel, one above the other.
    pub(super) fn svg(&self) -> String {
        let width = self.frames as f64 / self.column_frames.max(1) as f64;
        let height = HEIGHT * self.channels.len().max(1) as u32;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.3} {height}\" preserveAspectRatio=\"none\" \
             role=\"img\">"
        );
        for (at, columns) in self.channels.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(svg, "<path fill=\"{}\" d=\"{}\"/>", COLOURS[at % 2], band(columns, at as f64));
        }
        svg + "</svg>"
    }
}

/// Read on white and on black: those of the left and of the right channel.
const COLOURS: [&str; 2] = ["#3b78c4", "#c4743b"];

/// One bar a column, in the band number `at`; silence is a thin line.
fn band(columns: &[(i16, i16)], at: f64) -> String {
    let y = |sample: i16| f64::from(HEIGHT) * (at + 0.5 - f64::from(sample) / 65_536.0);
    let mut path = String::new();
    for (x, (low, high)) in columns.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(path, "M{x} {:.1}h1V{:.1}h-1z", y(*high) - 0.3, y(*low) + 0.3);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaks(frames: u64, sample: impl Fn(u64) -> i16) -> Peaks {
        let mut peaks = Peaks::new(2);
        (0..frames).for_each(|frame| peaks.push([sample(frame), -1].into_iter()));
        peaks
    }

    #[test]
    fn no_peak_is_lost_and_columns_are_few() {
        for (frames, column_frames, columns) in
            [(1, 1, 1), (1_200, 1, 1_200), (1_201, 2, 601), (9_600, 8, 1_200), (9_601, 16, 601)]
        {
            let loud = frames / 3;
            let peaks = peaks(frames, |frame| if frame == loud { 30_000 } else { 7 });
            assert_eq!((peaks.column_frames, peaks.channels[0].len()), (column_frames, columns), "{frames}");
            for (column, (low, high)) in peaks.channels[0].iter().enumerate() {
                let is_there = column as u64 == loud / column_frames;
                assert_eq!(*high, if is_there { 30_000 } else { 7 }, "{frames}: {column}");
                assert!(*low == 7 || (is_there && column_frames == 1), "{frames}: {column}");
            }
            assert!(peaks.channels[1].iter().all(|column| *column == (-1, -1)), "{frames}");
        }
    }

    #[test]
    fn the_picture_is_as_wide_as_the_sound_is_long() {
        let svg = peaks(1_201, |_| 32_767).svg();
        assert!(svg.contains("viewBox=\"0 0 600.500 200\""), "{svg}");
        assert_eq!(svg.matches("h1V").count(), 2 * 601);
        assert!(svg.contains("M0 -0.3h1V0.3h-1z") && svg.contains("M600 "), "{svg}");
        assert!(Peaks::new(1).svg().ends_with("</svg>"));
    }
}
