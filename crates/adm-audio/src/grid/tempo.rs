//! The one tempo that explains a recording best.
//!
//! A regular beat at frequency `f` puts the energy of the onset curve `o` at `f` and its multiples. With its Fourier
//! transform `X`, the comb score is
//!
//! ```text
//! S(f) = Σ_h |X(h·f)|² / h          h = 1 … 4
//! ```
//!
//! over the whole recording at once: two hours tell frequencies 1/7200 Hz apart, and the top of the peak is found to a
//! small part of that. The weights 1/h let `f` win over `f/2`, which has the same lines as its second and fourth.

use super::envelope::Curve;
use realfft::RealFftPlanner;
use std::f64::consts::TAU;

/// The tempi that are looked at, in BPM.
const RANGE: (f64, f64) = (60.0, 200.0);
/// Where a tempo is expected, in BPM.
const EXPECTED: (f64, f64) = (90.0, 180.0);
/// Weight of the score of a slower tempo: its double has to explain less than this much of it to lose.
const SLOWER: f64 = 0.6;
/// A faster tempo is believed when its even and odd beats sound alike, or else it is the double of another: this many
/// times the power of the lines at half its frequency are taken from its score.
const FASTER: f64 = 10.0;
/// Harmonics in the comb.
const HARMONICS: u32 = 4;
/// Four harmonics of 200 BPM lie below 14 Hz, so the curve is searched at about this many values a second.
const SEARCH_RATE: f64 = 33.0;
/// An onset belongs to a beat when it is this near, in seconds.
const NEAR: f64 = 0.03;
/// What rises by less than this at a beat, on average over the recording, is the ripple of a steady sound; in natural
/// logarithms of energy.
const LEAST_RISE: f64 = 0.2;

/// A beat frequency with its phase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tempo {
    /// Beats a second.
    pub(super) frequency: f64,
    /// Time of one of the beats in seconds, by the middle of its low-band rise.
    pub(super) through: f64,
    /// See [`Grid::confidence`](super::Grid::confidence).
    pub(super) confidence: f64,
}

/// Fits one tempo to a curve of onsets; `None` where the curve is flat.
pub(super) fn search(onsets: &Curve<f32>) -> Option<Tempo> {
    let curve = decimated(onsets);
    let rough = rough_frequency(&curve)?;
    let frequency = refined(&curve, rough);
    let through = phase(&curve, frequency);
    let confidence = confidence(onsets, frequency, through);
    Some(Tempo { frequency, through, confidence })
}

/// Averages neighbours down to [`SEARCH_RATE`] and takes the mean away, which is no rhythm.
fn decimated(curve: &Curve<f32>) -> Curve<f32> {
    let factor = (1.0 / (curve.step * SEARCH_RATE)).round().max(1.0) as usize;
    let averages = curve.values.chunks_exact(factor).map(|chunk| chunk.iter().sum::<f32>() / factor as f32);
    let mut values: Vec<f32> = averages.collect();
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64;
    values.iter_mut().for_each(|value| *value -= mean as f32);
    Curve { values, step: curve.step * factor as f64, start: curve.start + curve.step * (factor - 1) as f64 / 2.0 }
}

/// The best frequency on a raster of half the recording's resolution.
fn rough_frequency(curve: &Curve<f32>) -> Option<f64> {
    let size = (2 * curve.values.len()).next_power_of_two();
    let transform = RealFftPlanner::<f32>::new().plan_fft_forward(size);
    let mut padded = curve.values.clone();
    padded.resize(size, 0.0);
    let mut spectrum = transform.make_output_vec();
    transform.process(&mut padded, &mut spectrum).ok()?;
    let raster = 1.0 / (size as f64 * curve.step);
    let power = |bin: usize| spectrum.get(bin).map_or(0.0, |value| f64::from(value.norm_sqr()));
    // Between two multiples of the raster a harmonic's line may be half a bin off, so its neighbours count too.
    let line = |bin: usize| power(bin).max(power(bin - 1)).max(power(bin + 1));
    let score = |bin: usize| -> f64 {
        let comb: f64 = (1..=HARMONICS).map(|h| line(h as usize * bin) / f64::from(h)).sum();
        match 60.0 * raster * bin as f64 {
            bpm if bpm < EXPECTED.0 => SLOWER * comb,
            bpm if bpm > EXPECTED.1 => comb - FASTER * (line(bin / 2) + line(3 * bin / 2)),
            _ => comb,
        }
    };
    let bins = (RANGE.0 / 60.0 / raster).ceil().max(1.0) as usize..=(RANGE.1 / 60.0 / raster).floor() as usize;
    let best = bins.map(|bin| (bin, score(bin))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 > 0.0).then_some(raster * best.0 as f64)
}

/// `X(frequency)` of the curve, with time counted from its middle so that frequency and phase hardly depend on another.
fn fourier(curve: &Curve<f32>, frequency: f64) -> (f64, f64) {
    let turn = TAU * frequency * curve.step;
    let (mut re, mut im) = (0.0, 0.0);
    // The angle is set anew for each block, so that the recurrence within it cannot drift.
    for (block, values) in curve.values.chunks(256).enumerate() {
        let first = (block * 256) as f64 - middle(curve);
        let (mut sine, mut cosine) = (turn * first).sin_cos();
        let (turn_sine, turn_cosine) = turn.sin_cos();
        for &value in values {
            re += f64::from(value) * cosine;
            im -= f64::from(value) * sine;
            (sine, cosine) = (sine * turn_cosine + cosine * turn_sine, cosine * turn_cosine - sine * turn_sine);
        }
    }
    (re, im)
}

/// Position of the middle of a curve, in values.
fn middle(curve: &Curve<f32>) -> f64 {
    (curve.values.len() as f64 - 1.0) / 2.0
}

fn comb(curve: &Curve<f32>, frequency: f64) -> f64 {
    let power = |h: u32| {
        let (re, im) = fourier(curve, f64::from(h) * frequency);
        (re * re + im * im) / f64::from(h)
    };
    (1..=HARMONICS).map(power).sum()
}

/// The top of the comb's peak near `rough`, by golden sections of one bin of the raster to either side.
fn refined(curve: &Curve<f32>, rough: f64) -> f64 {
    /// Sections; each narrows the interval to 62 %, all together to 1e-7 of it.
    const SECTIONS: usize = 34;
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let reach = 1.0 / (2.0 * curve.values.len() as f64 * curve.step);
    let (mut low, mut high) = (rough - reach, rough + reach);
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_a, mut at_b) = (comb(curve, a), comb(curve, b));
    for _ in 0..SECTIONS {
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - golden * (high - low);
            at_a = comb(curve, a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + golden * (high - low);
            at_b = comb(curve, b);
        }
    }
    (low + high) / 2.0
}

/// The time of a beat near the middle of the recording: where the comb's lines add up to the highest pulse.
fn phase(curve: &Curve<f32>, frequency: f64) -> f64 {
    const STEPS: u32 = 2000;
    let lines: Vec<_> = (1..=HARMONICS).map(|h| (f64::from(h), fourier(curve, f64::from(h) * frequency))).collect();
    let pulse = |shift: f64| -> f64 {
        let line = |&(h, (re, im)): &(f64, (f64, f64))| {
            let (sine, cosine) = (TAU * h * shift).sin_cos();
            (re * cosine - im * sine) / h
        };
        lines.iter().map(line).sum()
    };
    let shifts = (0..STEPS).map(|step| f64::from(step) / f64::from(STEPS));
    let best = shifts.map(|shift| (shift, pulse(shift))).max_by(|a, b| a.1.total_cmp(&b.1));
    curve.start + middle(curve) * curve.step + best.map_or(0.0, |(shift, _)| shift) / frequency
}

fn confidence(onsets: &Curve<f32>, frequency: f64, through: f64) -> f64 {
    let (mut near, mut all) = (0.0, 0.0);
    for (n, &value) in onsets.values.iter().enumerate() {
        let turns = (onsets.start + n as f64 * onsets.step - through) * frequency;
        let distance = (turns - turns.round()).abs() / frequency;
        all += f64::from(value);
        near += if distance <= NEAR { f64::from(value) } else { 0.0 };
    }
    let beats = onsets.values.len() as f64 * onsets.step * frequency;
    if near < LEAST_RISE * beats {
        return 0.0;
    }
    let chance = 2.0 * NEAR * frequency;
    ((near / all - chance) / (1.0 - chance)).clamp(0.0, 1.0)
}
