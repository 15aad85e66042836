//! Noise that generators make variety of, a function of the seed, a name and a number.

use adm_core::Seeds;
use adm_core::seeds::RngExt;

use super::signal::Signal;
use crate::nn::normal_pair;

/// Independent standard normal samples of the stream `name` at `index`.
pub(super) fn gaussian(seeds: Seeds, name: &str, index: u64, [channels, length]: [usize; 2]) -> Signal {
    let (mut random, count) = (seeds.stream(name, index), channels * length);
    let pairs = (0..count.div_ceil(2)).flat_map(|_| normal_pair(random.random::<f64>(), random.random::<f64>()));
    Signal { values: pairs.take(count).map(|value| value as f32).collect(), channels }
}

/// Where the noise of every scale comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// New at every scale.
    Free { seeds: Seeds, name: &'a str, index: u64 },
    /// That of the reconstruction: the run's own noise at the first scale and none above it, but within holes.
    Fixed(Seeds),
    /// That of the reconstruction outside of holes and new within them.
    Filling { fixed: Seeds, seeds: Seeds },
}

impl Source<'_> {
    /// Whether what comes of it is new throughout.
    pub fn is_free(self) -> bool {
        matches!(self, Self::Free { .. })
    }

    /// The noise of scale `scale`, of which holes are where `shown` is 0; none where there is none.
    pub fn draw(self, scale: usize, shape: [usize; 2], shown: Option<&[f32]>) -> Option<Signal> {
        let of = |seeds: Seeds, name: &str, index: u64| gaussian(seeds, &format!("{name} {scale}"), index, shape);
        let fixed = |seeds: Seeds| of(seeds, "fixed noise", 0);
        match (self, shown) {
            (Self::Free { seeds, name, index }, _) => Some(of(seeds, name, index)),
            (Self::Fixed(seeds), _) if scale == 0 => Some(fixed(seeds)),
            (Self::Fixed(seeds), Some(shown)) => Some(masked(&fixed(seeds), shown, 0.0)),
            (Self::Fixed(_) | Self::Filling { .. }, None) => None,
            (Self::Filling { fixed: own, seeds }, Some(shown)) => {
                let inside = masked(&of(seeds, "filling noise", 0), shown, 0.0);
                if scale > 0 {
                    return Some(inside);
                }
                Some(masked(&fixed(own), shown, 1.0).with(&inside, |outside, inside| outside + inside))
            }
        }
    }
}

/// A signal where `shown` is this, silence elsewhere.
fn masked(signal: &Signal, shown: &[f32], this: f32) -> Signal {
    let values = signal.values.iter().zip(shown.iter().cycle());
    let value = |(&value, &shown): (&f32, &f32)| if shown == this { value } else { 0.0 };
    Signal { values: values.map(value).collect(), channels: signal.channels }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: [f32; 6] = [1.0, 1.0, 0.0, 0.0, 1.0, 1.0];

    #[test]
    fn a_reconstruction_has_noise_at_the_first_scale_and_within_holes() {
        let seeds = Seeds::new(4);
        let fixed = Source::Fixed(seeds);
        let first = fixed.draw(0, [1, 6], Some(&SHOWN)).unwrap();
        assert!(first.values.iter().all(|&value| value != 0.0));
        assert_eq!(fixed.draw(0, [1, 6], None).unwrap(), first);
        assert_eq!(fixed.draw(1, [1, 6], None), None);
        let above = fixed.draw(1, [2, 6], Some(&SHOWN)).unwrap().values;
        let inside: Vec<bool> = above.iter().map(|&value| value != 0.0).collect();
        assert_eq!(inside, SHOWN.repeat(2).iter().map(|&shown| shown == 0.0).collect::<Vec<bool>>());
    }

    #[test]
    fn a_filling_keeps_the_reconstruction_s_noise_outside() {
        let seeds = Seeds::new(4);
        let first = Source::Fixed(seeds).draw(0, [1, 6], Some(&SHOWN)).unwrap();
        let filling =
            |seed| Source::Filling { fixed: seeds, seeds: Seeds::new(seed) }.draw(0, [1, 6], Some(&SHOWN)).unwrap();
        for (at, shown) in SHOWN.iter().enumerate() {
            assert_eq!(filling(1).values[at] == first.values[at], *shown == 1.0);
            assert_eq!(filling(1).values[at] == filling(2).values[at], *shown == 1.0);
        }
    }

    #[test]
    fn noise_is_standard_normal() {
        let values = gaussian(Seeds::new(1), "test", 0, [1, 40_000]).values;
        let mean = values.iter().sum::<f32>() / 40_000.0;
        let power = values.iter().map(|value| value * value).sum::<f32>() / 40_000.0;
        // Five standard errors.
        assert!(mean.abs() < 0.025 && (power - 1.0).abs() < 0.036, "{mean} {power}");
    }
}
