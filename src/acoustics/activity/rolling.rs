//! Percentiles and means over the frames around one frame after another.

/// The level that `percent` of the levels around lie under, for each step of `step` levels; around are
/// `reach` steps to each side.
pub(super) fn percentiles(levels: &[u8], step: usize, reach: usize, percent: u32) -> Vec<u8> {
    let steps: Vec<&[u8]> = levels.chunks(step).collect();
    let mut counts = Counts { levels: 0, by_level: [0; 256] };
    steps.iter().take(reach).for_each(|step| counts.add(step));
    (0..steps.len())
        .map(|n| {
            if let Some(step) = steps.get(n + reach) {
                counts.add(step);
            }
            if n > reach {
                counts.remove(steps[n - reach - 1]);
            }
            counts.percentile(percent)
        })
        .collect()
}

/// How often each level occurs.
struct Counts {
    levels: u32,
    by_level: [u32; 256],
}

impl Counts {
    fn add(&mut self, step: &[u8]) {
        self.levels += step.len() as u32;
        step.iter().for_each(|&level| self.by_level[usize::from(level)] += 1);
    }

    fn remove(&mut self, step: &[u8]) {
        self.levels -= step.len() as u32;
        step.iter().for_each(|&level| self.by_level[usize::from(level)] -= 1);
    }

    fn percentile(&self, percent: u32) -> u8 {
        let rank = (u64::from(self.levels) * u64::from(percent) / 100) as u32;
        let mut below = 0;
        let level = self.by_level.iter().position(|&count| {
            below += count;
            below > rank
        });
        level.map_or(u8::MAX, |level| level as u8)
    }
}

/// Means of the values around one index after another; fewer values at the ends.
pub(super) struct Around<'a, const N: usize> {
    values: &'a [[i32; N]],
    reach: usize,
    next: usize,
    sums: [i32; N],
}

impl<'a, const N: usize> Around<'a, N> {
    /// Means over `reach` values to each side; the first is that around `first`.
    pub(super) fn new(values: &'a [[i32; N]], reach: usize, first: usize) -> Self {
        let mut around = Self { values, reach, next: first, sums: [0; N] };
        (first.saturating_sub(reach + 1)..values.len().min(first + reach)).for_each(|n| around.add(n, 1));
        around
    }

    pub(super) fn next_means(&mut self) -> [f32; N] {
        let (n, reach) = (self.next, self.reach);
        self.next += 1;
        if n + reach < self.values.len() {
            self.add(n + reach, 1);
        }
        if n > reach {
            self.add(n - reach - 1, -1);
        }
        let count = (n + reach + 1).min(self.values.len()) - n.saturating_sub(reach);
        self.sums.map(|sum| sum as f32 / count as f32)
    }

    fn add(&mut self, n: usize, times: i32) {
        self.sums.iter_mut().zip(self.values[n]).for_each(|(sum, value)| *sum += times * value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_steps_around() {
        let levels: Vec<u8> = (0..95).map(|n| (n * 37 % 101) as u8).collect();
        for (n, found) in percentiles(&levels, 10, 2, 30).into_iter().enumerate() {
            let mut around = levels[(n * 10).saturating_sub(20)..levels.len().min(n * 10 + 30)].to_vec();
            around.sort_unstable();
            assert_eq!(found, around[around.len() * 30 / 100], "step {n}");
        }
        assert!(percentiles(&[], 10, 2, 30).is_empty());
    }

    #[test]
    fn means_are_those_of_the_values_around() {
        let values: Vec<[i32; 2]> = (0..30).map(|n| [n * n, -n]).collect();
        for first in [0, 3, 12] {
            let mut around = Around::new(&values, 5, first);
            for n in first..values.len() {
                let near = &values[n.saturating_sub(5)..values.len().min(n + 6)];
                let mean = |of: usize| near.iter().map(|value| value[of]).sum::<i32>() as f32 / near.len() as f32;
                assert_eq!(around.next_means(), [mean(0), mean(1)], "from {first}, at {n}");
            }
        }
    }
}
