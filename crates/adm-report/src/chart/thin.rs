//! Fewer points that look the same.

/// Cuts points in order of x down to at most four a column of a drawing `columns` wide: the first, the lowest, the
/// highest and the last of each, so that neither spikes nor the line's path are lost.
pub(super) fn thin(points: &[(f64, f64)], columns: usize) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    if points.len() <= columns {
        return points.to_vec();
    }
    let width = (last.0 - first.0) / columns as f64;
    let column = |point: &(f64, f64)| ((point.0 - first.0) / width) as usize;
    points.chunk_by(|a, b| column(a) == column(b)).flat_map(extremes).collect()
}

/// The mean of every point and its neighbours, up to a fiftieth of all points together.
///
/// Towards either end the reach shrinks alike to both sides, so that the mean of a slope is not pulled inwards; it ends
/// where too few points are left to calm anything.
pub(super) fn running_mean(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sums = vec![0.0];
    sums.extend(points.iter().scan(0.0, |sum, point| {
        *sum += point.1;
        Some(*sum)
    }));
    let most = points.len() / 100;
    let mean = |index: usize| {
        let reach = most.min(index).min(points.len() - 1 - index);
        (sums[index + reach + 1] - sums[index - reach]) / (2 * reach + 1) as f64
    };
    (most / 3..points.len() - most / 3).map(|index| (points[index].0, mean(index))).collect()
}

/// The first, lowest, highest and last point, in their order, each once.
fn extremes(points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    let by_height = |a: &usize, b: &usize| points[*a].1.total_cmp(&points[*b].1);
    let (low, high) = ((0..points.len()).min_by(by_height), (0..points.len()).max_by(by_height));
    let mut kept: Vec<usize> = [Some(0), low, high, points.len().checked_sub(1)].into_iter().flatten().collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|index| points[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_ends_and_spikes() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|n| (f64::from(n), (f64::from(n) * 0.01).sin())).collect();
        points[54_321].1 = 9.0;
        points[12_345].1 = -9.0;
        let thinned = thin(&points, 500);
        assert!(thinned.len() <= 4 * 501, "{}", thinned.len());
        assert_eq!((thinned.first(), thinned.last()), (points.first(), points.last()));
        assert!(thinned.contains(&points[54_321]) && thinned.contains(&points[12_345]));
        assert!(thinned.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_running_mean_keeps_slopes_and_calms_noise() {
        let slope: Vec<_> = (0..500).map(|n| (f64::from(n), 3.0 * f64::from(n))).collect();
        let far = |a: &[(f64, f64)], b: &[(f64, f64)]| a.iter().zip(b).any(|(a, b)| (a.1 - b.1).abs() > 1e-9);
        assert!(!far(&running_mean(&slope), &slope[1..499]));
        let noise: Vec<_> = (0..500).map(|n| (f64::from(n), if n % 2 == 0 { 1.0 } else { -1.0 })).collect();
        assert!(running_mean(&noise)[10..490].iter().all(|point| point.1.abs() < 0.1));
        assert_eq!(running_mean(&noise[..1]), noise[..1]);
    }

    #[test]
    fn few_points_and_points_above_each_other_stay_sound() {
        assert_eq!(thin(&[], 10), []);
        assert_eq!(thin(&[(1.0, 2.0)], 10), [(1.0, 2.0)]);
        let column: Vec<_> = (0..100).map(|n| (3.0, f64::from(n))).collect();
        assert_eq!(thin(&column, 10), [(3.0, 0.0), (3.0, 99.0)]);
    }
}
