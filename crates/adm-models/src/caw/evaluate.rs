//! How near made sound is to recorded sound.

use super::signal::Signal;
use super::spectral::Spectra;
use burn::tensor::Device;

/// Below the loudest place of a spectrum by this, in dB, nothing is told apart.
const FLOOR: f64 = 80.0;

/// Energy of the error as a share of the recording's, over what `shown` shows.
pub fn error_share(real: &Signal, made: &Signal, shown: Option<&[f32]>) -> f64 {
    let weights = |at: usize| shown.map_or(1.0, |shown| f64::from(shown[at % shown.len()]));
    let pairs = real.values.iter().zip(&made.values).enumerate();
    let [error, energy] = pairs.fold([0.0, 0.0], |[error, energy], (at, (&real, &made))| {
        let weight = weights(at);
        [error + weight * f64::from(real - made).powi(2), energy + weight * f64::from(real).powi(2)]
    });
    error / energy.max(f64::MIN_POSITIVE)
}

/// Signal-to-noise ratio in dB, over what `shown` shows.
pub fn snr(real: &Signal, made: &Signal, shown: Option<&[f32]>) -> f64 {
    -10.0 * error_share(real, made, shown).max(f64::MIN_POSITIVE).log10()
}

/// Distance of two long-term spectra in dB: the root of the mean square, over all bins, of the difference of mean powers in decibels. Where
/// and when things sound does not count.
pub fn spectral_distance(a: &Signal, b: &Signal) -> f64 {
    let mean = |signal: &Signal| {
        let (powers, bins) = powers(signal);
        let frames = (powers.len() / bins).max(1) as f64;
        let sum = |bin: usize| powers.iter().skip(bin).step_by(bins).sum::<f64>() / frames;
        (0..bins).map(sum).collect::<Vec<f64>>()
    };
    decibel_distance(&mean(a), &mean(b))
}

/// The same frame by frame, in the mean: what sounds when counts.
pub fn framewise_distance(a: &Signal, b: &Signal) -> f64 {
    let ((a, bins), (b, _)) = (powers(a), powers(b));
    let loudest = a.iter().chain(&b).fold(0.0f64, |most, &power| most.max(power));
    let frames = a.chunks(bins).zip(b.chunks(bins)).map(|(a, b)| apart(a, b, loudest));
    let (count, sum) = frames.fold((0.0, 0.0), |(count, sum), distance| (count + 1.0, sum + distance));
    sum / f64::max(count, 1.0)
}

fn decibel_distance(a: &[f64], b: &[f64]) -> f64 {
    apart(a, b, a.iter().chain(b).fold(0.0f64, |most, &power| most.max(power)))
}

fn apart(a: &[f64], b: &[f64], loudest: f64) -> f64 {
    let smallest = loudest * 10f64.powf(-FLOOR / 10.0) + f64::MIN_POSITIVE;
    let decibels = |power: f64| 10.0 * power.max(smallest).log10();
    let squares = a.iter().zip(b).map(|(&a, &b)| (decibels(a) - decibels(b)).powi(2));
    (squares.sum::<f64>() / a.len().max(1) as f64).sqrt()
}

/// Powers of all frames of all channels, and how many bins a frame has.
fn powers(signal: &Signal) -> (Vec<f64>, usize) {
    let device = Device::flex();
    let magnitudes = Spectra::new(&device).middle(signal.tensor(&device));
    let bins = magnitudes.dims()[2];
    (magnitudes.into_data().iter::<f64>().map(|magnitude| magnitude * magnitude).collect(), bins)
}

/// The largest correlation of two signals over all places that one can be moved to within the other, −1 to 1: 1 where one is a copy of
/// the other. At least half of the shorter overlaps.
pub fn largest_correlation(a: &Signal, b: &Signal) -> f64 {
    let (a, b) = (&a.values[..a.length()], &b.values[..b.length()]);
    let most = (a.len().min(b.len()) / 2) as isize;
    let (from, to) = (most - a.len() as isize, b.len() as isize - most);
    (from..=to).map(|moved| correlation(a, b, moved)).fold(-1.0, f64::max)
}

/// Correlation of `a[t]` with `b[t + moved]` where both are.
fn correlation(a: &[f32], b: &[f32], moved: isize) -> f64 {
    let (a, b) = match moved {
        0.. => (a, &b[(moved as usize).min(b.len())..]),
        _ => (&a[moved.unsigned_abs().min(a.len())..], b),
    };
    let count = a.len().min(b.len());
    let (a, b) = (&a[..count], &b[..count]);
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        let blocks = a.chunks(256).zip(b.chunks(256));
        blocks.map(|(a, b)| f64::from(a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>())).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(phase: f32, level: f32) -> Signal {
        let sample = |at: usize| level * ((at as f32 * 0.3 + phase).sin() + 0.3 * (at as f32 * at as f32 * 1e-4).sin());
        Signal { values: (0..3_000).map(sample).collect(), channels: 1 }
    }

    #[test]
    fn an_error_of_a_tenth_is_twenty_decibels_below_and_holes_do_not_count() {
        let real = wave(0.0, 1.0);
        let mut made = Signal { values: real.values.iter().map(|value| 1.1 * value).collect(), channels: 1 };
        assert!((snr(&real, &made, None) - 20.0).abs() < 1e-3);
        made.values[..1_000].fill(7.0);
        let shown: Vec<f32> = (0..3_000).map(|at| if at < 1_000 { 0.0 } else { 1.0 }).collect();
        assert!((snr(&real, &made, Some(&shown)) - 20.0).abs() < 1e-3 && snr(&real, &made, None) < 0.0);
    }

    #[test]
    fn twice_as_loud_is_six_decibels_apart() {
        let louder = 20.0 * 2f64.log10();
        let noise = super::super::noise::gaussian(adm_core::Seeds::new(1), "test", 0, [1, 3_000]);
        let twice = noise.with(&noise, |a, b| a + b);
        for distance in [spectral_distance, framewise_distance] {
            assert!(distance(&noise, &noise) < 1e-6);
            let got = distance(&noise, &twice);
            assert!((got - louder).abs() < 0.01, "{got}");
        }
    }

    #[test]
    fn a_copy_is_found_wherever_it_stands() {
        let real = wave(0.0, 1.0);
        let moved = Signal { values: real.values[700..2_700].iter().map(|value| 0.5 * value).collect(), channels: 1 };
        assert!((largest_correlation(&real, &moved) - 1.0).abs() < 1e-5);
        assert!((largest_correlation(&moved, &real) - 1.0).abs() < 1e-5);
        let noise = super::super::noise::gaussian(adm_core::Seeds::new(1), "test", 0, [1, 3_000]);
        assert!(largest_correlation(&real, &noise) < 0.2);
    }
}
