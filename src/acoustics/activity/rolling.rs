//! Percentiles of the levels around one step after another.

use super::super::track::Track;

/// Percentiles of levels that come one a step, over so many steps to each side.
pub(super) struct Percentiles {
    percent: u32,
    reach: usize,
    levels: Track<u8>,
    by_level: [u16; 256],
    /// How many there are in `by_level`.
    counted: u32,
    /// The percentile around each step, as far as it is known.
    pub around: Track<u8>,
}

impl Percentiles {
    /// The level that `percent` of the levels lie under, `reach` steps to each side; nothing was heard yet.
    pub(super) const fn new(percent: u32, reach: usize) -> Self {
        Self { percent, reach, levels: Track::new(), by_level: [0; 256], counted: 0, around: Track::new() }
    }

    pub(super) fn push(&mut self, level: u8) {
        self.levels.push(level);
        self.by_level[usize::from(level)] += 1;
        self.counted += 1;
        if self.levels.end() > self.reach {
            self.tell();
        }
    }

    /// No more levels come.
    pub(super) fn finish(&mut self) {
        while self.around.end() < self.levels.end() {
            self.tell();
        }
    }

    fn tell(&mut self) {
        let step = self.around.end();
        if step > self.reach {
            let gone = self.levels[step - self.reach - 1];
            self.by_level[usize::from(gone)] -= 1;
            self.counted -= 1;
            self.levels.forget(step - self.reach);
        }
        self.around.push(self.percentile());
    }

    fn percentile(&self) -> u8 {
        let rank = self.counted * self.percent / 100;
        let mut below = 0;
        let level = self.by_level.iter().position(|&count| {
            below += u32::from(count);
            below > rank
        });
        level.map_or(u8::MAX, |level| level as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_steps_around() {
        let levels: Vec<u8> = (0..95).map(|n| (n * 37 % 101) as u8).collect();
        let mut percentiles = Percentiles::new(30, 8);
        levels.iter().for_each(|&level| percentiles.push(level));
        assert_eq!(percentiles.around.end(), 95 - 8);
        percentiles.finish();
        for n in 0..95_usize {
            let mut around = levels[n.saturating_sub(8)..95.min(n + 9)].to_vec();
            around.sort_unstable();
            assert_eq!(percentiles.around[n], around[around.len() * 30 / 100], "step {n}");
        }
    }
}
