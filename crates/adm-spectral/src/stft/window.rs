//! The window and how well its overlaps can be undone.

/// The least sum of squared windows over a sample at which the inverse counts as well conditioned: there it multiplies
/// errors by at most 1/√0.01, 20 dB. A Hann window reaches it at a hop of five sixths of the FFT size.
const LEAST_OVERLAP: f64 = 0.01;

/// The periodic Hann window: `sin²(π·i/size)`, of which copies half a window apart add up to exactly 1.
pub(crate) fn hann(size: usize) -> Vec<f64> {
    (0..size).map(|i| (std::f64::consts::PI * i as f64 / size as f64).sin().powi(2)).collect()
}

/// The longest hop from which a centred transform of `size` samples a frame can be inverted with good conditioning.
pub fn longest_hop(size: usize) -> usize {
    let window = hann(size);
    (1..size).rev().find(|&hop| weakest_pair(&window, hop) >= LEAST_OVERLAP).unwrap_or(1)
}

/// The least sum of the two nearest squared windows over all samples between two frames' centres.
fn weakest_pair(window: &[f64], hop: usize) -> f64 {
    let centre = window.len() / 2;
    let squared = |index: usize| window.get(index).map_or(0.0, |value| value * value);
    let pair = |offset: usize| squared(centre + offset) + squared((centre + offset).wrapping_sub(hop));
    (0..hop).map(pair).fold(f64::INFINITY, f64::min)
}

/// The sum of squared windows over each of `samples` samples, with frames centred on 0, `hop`, 2·`hop` …
pub(crate) fn overlaps(window: &[f64], hop: usize, samples: usize) -> Vec<f64> {
    let mut sums = vec![0.0; samples + window.len()];
    for start in (0..=samples).step_by(hop) {
        for (sum, value) in sums[start..].iter_mut().zip(window) {
            *sum += value * value;
        }
    }
    sums.drain(..window.len() / 2);
    sums.truncate(samples);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_half_a_size_apart_add_up_to_one() {
        for size in [2, 4, 6, 64, 510, 512] {
            let window = hann(size);
            let half = size / 2;
            assert!((0..half).all(|i| (window[i] + window[i + half] - 1.0).abs() < 1e-15), "{size}");
        }
    }

    #[test]
    fn overlaps_equal_the_sum_over_all_frames() {
        for (size, hop, samples) in [(8, 2, 31), (8, 7, 29), (16, 16, 64), (6, 1, 1), (64, 13, 200)] {
            let window = hann(size);
            let sums = overlaps(&window, hop, samples);
            assert_eq!(sums.len(), samples);
            for (sample, sum) in sums.iter().enumerate() {
                let covering = (0..=samples / hop).filter_map(|t| (sample + size / 2).checked_sub(t * hop));
                let slow: f64 = covering.filter_map(|i| window.get(i)).map(|w| w * w).sum();
                assert!((sum - slow).abs() < 1e-12, "size {size}, hop {hop}, sample {sample}: {sum} and {slow}");
            }
        }
    }

    #[test]
    fn the_longest_hop_is_the_last_good_one() {
        for size in [8, 16, 64, 256, 512, 1024] {
            let (window, hop) = (hann(size), longest_hop(size));
            let weakest = |hop| overlaps(&window, hop, 4 * hop).into_iter().fold(f64::INFINITY, f64::min);
            assert!(weakest(hop) >= LEAST_OVERLAP && weakest(hop + 1) < LEAST_OVERLAP, "size {size}, hop {hop}");
        }
        assert_eq!(longest_hop(512), 424);
    }
}
