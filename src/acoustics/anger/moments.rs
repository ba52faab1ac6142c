//! Means, deviations and slopes of values that come one by one.

/// Count, sum and sum of squares of some values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    /// How many there are.
    pub count: f32,
    sum: f64,
    squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, value: f32) {
        self.count += 1.0;
        self.sum += f64::from(value);
        self.squares += f64::from(value) * f64::from(value);
    }

    pub(super) fn add_some(&mut self, value: Option<f32>) {
        if let Some(value) = value {
            self.add(value);
        }
    }

    /// Their mean; 0 of none.
    pub(super) fn mean(&self) -> f32 {
        (self.sum / f64::from(self.count.max(1.0))) as f32
    }

    /// Their standard deviation; 0 of none.
    pub(super) fn deviation(&self) -> f32 {
        (self.about_mean() / f64::from(self.count.max(1.0))).sqrt() as f32
    }

    /// Mean and standard deviation.
    pub(super) fn both(&self) -> [f32; 2] {
        [self.mean(), self.deviation()]
    }

    fn about_mean(&self) -> f64 {
        (self.squares - self.sum * self.sum / f64::from(self.count.max(1.0))).max(0.0)
    }
}

/// Moments of pairs of values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Joint {
    /// The first of each pair.
    pub x: Moments,
    /// The second of each pair.
    pub y: Moments,
    products: f64,
}

impl Joint {
    pub(super) fn add(&mut self, x: f32, y: f32) {
        self.x.add(x);
        self.y.add(y);
        self.products += f64::from(x) * f64::from(y);
    }

    /// By how much `y` rises per unit of `x`, drawn towards 0 where `x` hardly varies.
    pub(super) fn slope(&self) -> f32 {
        let count = f64::from(self.x.count.max(1.0));
        let covariance = self.products - self.x.sum * self.y.sum / count;
        (covariance / (self.x.about_mean() + RIDGE * count)) as f32
    }
}

/// Variance of `x` that counts as none, dB squared.
const RIDGE: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_worked_out_on_paper() {
        let (mut moments, mut joint) = (Moments::default(), Joint::default());
        assert_eq!((moments.both(), joint.slope()), ([0.0, 0.0], 0.0));
        for (x, y) in [(1.0, 2.0), (3.0, 5.0), (5.0, 8.0)] {
            moments.add(x);
            joint.add(x, y);
        }
        // Variance 8/3; covariance 4 with a sum of squares of 8, and three times the ridge.
        assert_eq!(moments.mean(), 3.0);
        assert!((moments.deviation() - 1.632_993).abs() < 1e-5);
        assert!((joint.slope() - 12.0 / 9.5).abs() < 1e-6);
    }
}
