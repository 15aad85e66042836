//! Statistics that a few wild values do not move.

/// The middle value, or the mean of the two in the middle; NaN of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.get(middle) {
        None => f64::NAN,
        Some(&upper) if sorted.len() % 2 == 1 => upper,
        Some(&upper) => (sorted[middle - 1] + upper) / 2.0,
    }
}

/// The median, and the median distance from it; NaN of none.
pub(crate) fn median_and_distance(values: &[f64]) -> (f64, f64) {
    let middle = median(values);
    (middle, median(&values.iter().map(|value| (value - middle).abs()).collect::<Vec<f64>>()))
}

/// The median of the slopes between all pairs of evenly spaced values, per place (Theil 1950, Sen 1968); NaN of fewer than two.
pub(crate) fn slope(values: &[f64]) -> f64 {
    let pairs = values.iter().enumerate().flat_map(|(a, from)| {
        let later = values.iter().enumerate().skip(a + 1);
        later.map(move |(b, to)| (to - from) / (b - a) as f64)
    });
    median(&pairs.collect::<Vec<f64>>())
}

/// What the median absolute deviation of normal values is multiplied by to be their standard deviation.
const NORMAL: f64 = 1.4826;

/// Standard deviation of values around a line of that slope, by their median absolute deviation.
pub(crate) fn spread_around(values: &[f64], slope: f64) -> f64 {
    let level: Vec<f64> = values.iter().enumerate().map(|(at, value)| value - slope * at as f64).collect();
    NORMAL * median_and_distance(&level).1
}

/// Standard deviation of values around whatever smooth curve they lie along, by the median of steps between neighbours.
pub(crate) fn spread_of_neighbours(values: &[f64]) -> f64 {
    let steps: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    NORMAL * median(&steps) / std::f64::consts::SQRT_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_the_middle() {
        assert!(median(&[]).is_nan());
        assert_eq!(median_and_distance(&[5.0, 900.0, 1.0]), (5.0, 4.0));
        assert_eq!((median(&[3.0]), median(&[9.0, 1.0]), median(&[5.0, 900.0, 1.0])), (3.0, 5.0, 5.0));
    }

    #[test]
    fn a_wild_value_moves_neither_slope_nor_spread() {
        let mut values: Vec<f64> =
            (0..21).map(|at| 7.0 - 0.25 * f64::from(at) + [0.1, -0.1, 0.04, -0.05, 0.0][at as usize % 5]).collect();
        let calm = [slope(&values), spread_around(&values, -0.25), spread_of_neighbours(&values)];
        assert!((calm[0] + 0.25).abs() < 0.01 && (0.03..0.15).contains(&calm[1]), "{calm:?}");
        values[10] = 1e6;
        let wild = [slope(&values), spread_around(&values, -0.25), spread_of_neighbours(&values)];
        assert!(calm.iter().zip(wild).all(|(calm, wild)| (calm - wild).abs() < 0.05), "{calm:?} {wild:?}");
        assert!(slope(&[1.0]).is_nan());
    }
}
