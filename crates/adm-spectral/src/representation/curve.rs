//! The founding document's curve from a tensor's bins to linear frequencies (document 000, formula 1).
//!
//! With `n` linear bins, `β` bins of the tensor and the slope `α`, bin `x` of the tensor (0 to `β`) lies at
//!
//! ```text
//! y(x) = (n − α·x + 1)^(x/β) + α·x − 1
//! ```
//!
//! linear bins: `y(0) = 0` and `y(β) = n`. (The document calls `x` the input bin and `y` the output; read that way the
//! curve would leave the range at once.) The power alone, `α = 0`, is exponential all the way, and its first bins are
//! hundredths of a linear one wide; `α·x` lays a straight line under it, so that no bin is narrower than about `α`. The
//! curve rises for every `α` from 0 to `n / β`, where it ends flat. Above some half of that its widths no longer grow all
//! the way up, since the base shrinks as `x` grows. With the base held at its last value,
//!
//! ```text
//! y(x) = (n − α·β + 1)^(x/β) + α·x − 1
//! ```
//!
//! has the same ends, widths that grow all the way, and is a straight line at `α = n / β`.

/// A curve from bins of a tensor to linear bins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    /// `n`.
    pub linear: f64,
    /// `β`.
    pub bins: f64,
    /// `α`, 0 to `n / β`.
    pub slope: f64,
}

impl Curve {
    /// The document's curve at `x`, 0 to `bins`.
    pub fn founding(self, x: f64) -> f64 {
        let straight = self.slope * x;
        (self.linear - straight + 1.0).powf(x / self.bins) + straight - 1.0
    }

    /// The curve with its base held, at `x`, 0 to `bins`.
    pub fn growing(self, x: f64) -> f64 {
        let base = (self.linear - self.slope * self.bins).max(0.0) + 1.0;
        base.powf(x / self.bins) + self.slope * x - 1.0
    }
}

/// The edges of bands of at least one whole bin each: `at(x)` bins, for `x` from 0 to `bands`, of `linear` in all.
pub(super) fn edges(bands: usize, linear: usize, at: impl Fn(f64) -> f64) -> Vec<usize> {
    let mut edges = vec![0; bands + 1];
    for band in 1..=bands {
        let (least, most) = (edges[band - 1] + 1, linear - (bands - band));
        edges[band] = (at(band as f64).round() as usize).clamp(least, most);
    }
    edges[bands] = linear;
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curves() -> Vec<Curve> {
        let sizes = [(8_192.0, 256.0), (8_192.0, 128.0), (300.0, 256.0), (64.0, 64.0), (32_768.0, 4.0)];
        let of = |(linear, bins): (f64, f64)| {
            [0.0, 0.1, 0.5, 0.9, 1.0].map(|share| Curve { linear, bins, slope: share * linear / bins })
        };
        sizes.into_iter().flat_map(of).collect()
    }

    #[test]
    fn both_curves_rise_from_nothing_to_all() {
        for curve in curves() {
            for y in [Curve::founding, Curve::growing] {
                assert!(y(curve, 0.0).abs() < 1e-9 && (y(curve, curve.bins) / curve.linear - 1.0).abs() < 1e-9);
                let points: Vec<f64> = (0..=4_000).map(|i| y(curve, curve.bins * f64::from(i) / 4_000.0)).collect();
                assert!(points.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9), "{curve:?}");
            }
        }
    }

    #[test]
    fn widths_grow_all_the_way_where_the_base_is_held() {
        for curve in curves() {
            let width = |i: usize| curve.growing(i as f64 + 1.0) - curve.growing(i as f64);
            let widths: Vec<f64> = (0..curve.bins as usize).map(width).collect();
            assert!(widths.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9), "{curve:?}");
            assert!(widths.iter().all(|width| *width >= curve.slope - 1e-9), "{curve:?}");
        }
    }
}
