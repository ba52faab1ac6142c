//! Means and quantiles of values that weigh by how long they last.

/// The mean of weighted values; `None` where nothing weighs.
pub(super) fn mean(weighted: impl Iterator<Item = (f64, i64)>) -> Option<f64> {
    let (sum, weight) =
        weighted.fold((0.0, 0), |(sum, total), (value, weight)| (sum + value * weight as f64, total + weight));
    (weight > 0).then(|| sum / weight as f64)
}

/// The smallest value at or under which at least the share `q` of the weight lies; `None` where nothing weighs.
pub(super) fn quantile(weighted: &[(f64, i64)], q: f64) -> Option<f64> {
    let total: i64 = weighted.iter().map(|&(_, weight)| weight).sum();
    let mut sorted = weighted.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut below = 0;
    sorted.into_iter().filter(|&(_, weight)| weight > 0).find_map(|(value, weight)| {
        below += weight;
        (below as f64 >= q * total as f64).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_go_by_weight() {
        let weighted = [(-20.0, 1_000), (-30.0, 8_000), (-10.0, 1_000)];
        assert_eq!(quantile(&weighted, 0.1), Some(-30.0));
        assert_eq!(quantile(&weighted, 0.5), Some(-30.0));
        assert_eq!(quantile(&weighted, 0.9), Some(-20.0));
        assert_eq!(quantile(&weighted, 0.95), Some(-10.0));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[(1.0, 0)], 0.5), None);
    }
}
