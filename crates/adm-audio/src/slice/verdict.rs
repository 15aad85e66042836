//! Whether a slice is worth learning from.
//!
//! What counts as clipped is public: whoever judges sounds elsewhere judges them alike.

/// What becomes of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is worth learning from.
    Keep,
    /// Its RMS over all channels is below −60 dBFS.
    Silent,
    /// Half a percent or more of its samples lie in flat runs at full scale: the recording was overdriven.
    ///
    /// A flat run is eight or more samples of one channel in a row, all at 0.999 or above or all at −0.999 or below, that
    /// differ by no more than 0.0005. A limiter touches full scale for a sample or three at a time and a loud master for
    /// runs that stay well below this share. Floats beyond full scale count as what a dataset's 16 bits make of them: the
    /// round peaks of a lossy codec, a decibel or so over it, hardly become flat, those far above it do.
    Clipped,
    /// The recording ends before 95 % of its sound.
    TooShort,
    /// The grid is not sure enough of its beats; for whoever holds the grid to say.
    Uncertain,
}

/// Mean square of −60 dBFS.
const SILENCE: f64 = 1e-6;
/// Least magnitude of a clipped sample.
pub const FULL_SCALE: f32 = 0.999;
/// Largest difference within a flat run: 16 steps of 16 bits.
pub const FLATNESS: f32 = 0.0005;
/// Least samples in a flat run: 0.18 ms at 44,100 Hz.
pub const SHORTEST_RUN: usize = 8;
/// Least share of clipped samples, in 0 to 1, in a slice that is thrown away.
pub const CLIPPED_SHARE: f64 = 0.005;

/// Judges interleaved samples, shape `[frames, channels]`, as they were before any fade.
pub(super) fn judge(samples: &[f32], channels: usize) -> Verdict {
    let (energy, peak) = energy_and_peak(samples);
    if energy < SILENCE * samples.len() as f64 {
        return Verdict::Silent;
    }
    // Most slices never reach full scale and are spared the slower look.
    let clipped = if peak < FULL_SCALE { 0 } else { (0..channels).map(|c| clipped(samples, channels, c)).sum() };
    if clipped as f64 >= CLIPPED_SHARE * samples.len() as f64 { Verdict::Clipped } else { Verdict::Keep }
}

/// The sum of squares and the largest magnitude.
///
/// Overlapping windows look at every sample thirty times, so the sums run side by side in lanes that fill a vector
/// register; blocks keep each of them short enough for `f32`.
fn energy_and_peak(samples: &[f32]) -> (f64, f32) {
    const LANES: usize = 16;
    let (mut energy, mut peak) = (0.0f64, 0.0f32);
    for block in samples.chunks(64 * LANES) {
        let (mut sums, mut peaks) = ([0.0f32; LANES], [0.0f32; LANES]);
        let (chunks, rest) = block.as_chunks::<LANES>();
        let mut take = |lane: usize, sample: f32| {
            sums[lane] += sample * sample;
            peaks[lane] = if sample.abs() > peaks[lane] { sample.abs() } else { peaks[lane] };
        };
        chunks.iter().for_each(|chunk| (0..LANES).for_each(|lane| take(lane, chunk[lane])));
        rest.iter().enumerate().for_each(|(lane, &sample)| take(lane, sample));
        energy += sums.iter().map(|&sum| f64::from(sum)).sum::<f64>();
        peak = peaks.into_iter().fold(peak, f32::max);
    }
    (energy, peak)
}

/// Samples of one channel in flat runs at full scale.
fn clipped(samples: &[f32], channels: usize, channel: usize) -> usize {
    let (mut count, mut run, mut level) = (0, 0, 0.0f32);
    let mut close = |run: usize| {
        if run >= SHORTEST_RUN {
            count += run
        }
    };
    for sample in samples.iter().skip(channel).step_by(channels).map(|sample| sample.clamp(-1.0, 1.0)) {
        if sample.abs() < FULL_SCALE {
            close(run);
            run = 0;
        } else if run > 0 && (sample - level).abs() <= FLATNESS {
            run += 1;
        } else {
            close(run);
            (run, level) = (1, sample);
        }
    }
    close(run);
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    /// A beat at 130 BPM: a kick under a chord, in stereo.
    fn beat() -> Vec<f32> {
        let frame = |n: usize| {
            let t = n as f32 / 44_100.0;
            let kick = (TAU * (50.0 * t - 4.0 * (-t * 40.0).exp())).sin() * (-t * 9.0).exp();
            let chord: f32 = [220.0, 277.2, 329.6].iter().map(|hz| 0.1 * (TAU * hz * t).sin()).sum();
            [kick * 0.8 + chord, kick * 0.8 - chord]
        };
        (0..20_354).flat_map(frame).collect()
    }

    fn driven(decibels: f32, shape: fn(f32) -> f32) -> Vec<f32> {
        let gain = 10f32.powf(decibels / 20.0);
        beat().iter().map(|sample| shape(sample * gain)).collect()
    }

    #[test]
    fn overdriving_is_told_from_loud_mastering() {
        let hard = |sample: f32| sample.clamp(-1.0, 1.0);
        let limited = |sample: f32| sample.tanh();
        assert_eq!(judge(&driven(0.0, hard), 2), Verdict::Keep);
        assert_eq!(judge(&driven(1.5, hard), 2), Verdict::Keep, "a master that is clipped for loudness");
        assert_eq!(judge(&driven(6.0, limited), 2), Verdict::Keep, "a limited master");
        assert_eq!(judge(&driven(6.0, hard), 2), Verdict::Clipped, "a recorder driven 6 dB too hard");
        assert_eq!(judge(&driven(6.0, |sample| sample.clamp(-0.9, 0.9)), 2), Verdict::Keep, "not at full scale");
        assert_eq!(judge(&driven(1.5, |sample| sample), 2), Verdict::Keep, "round peaks over full scale");
        assert_eq!(judge(&driven(6.0, |sample| sample), 2), Verdict::Clipped, "floats that 16 bits cut off");
    }

    #[test]
    fn energy_and_peak_are_those_of_every_sample() {
        for length in (0..70).chain([1023, 1024, 1025, 5000]) {
            let samples: Vec<f32> = (0..length).map(|n| ((n * 37 % 101) as f32 - 50.0) / 50.0).collect();
            let (energy, peak) = energy_and_peak(&samples);
            let expected: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
            assert!((energy - expected).abs() <= 1e-6 * expected, "{length}: {energy} and {expected}");
            assert_eq!(peak, samples.iter().fold(0.0, |peak, sample| sample.abs().max(peak)), "{length}");
        }
    }

    #[test]
    fn silence_is_below_minus_60_dbfs() {
        let square = |level: f32| (0..1000).map(|n| if n % 2 == 0 { level } else { -level }).collect::<Vec<_>>();
        assert_eq!(judge(&square(0.000_99), 1), Verdict::Silent);
        assert_eq!(judge(&square(0.001_01), 1), Verdict::Keep);
    }

    #[test]
    fn a_run_must_be_long_flat_and_in_one_channel() {
        let count = |samples: &[f32]| clipped(samples, 1, 0);
        assert_eq!(count(&[1.0; 7]), 0);
        assert_eq!(count(&[1.0; 8]), 8);
        assert_eq!(count(&[[1.0; 4], [-1.0; 4]].concat()), 0);
        assert_eq!(count(&[0.999, 0.9996, 0.999, 0.9996, 0.999, 0.9996, 0.999, 0.9996, 0.999]), 0);
        let left: Vec<f32> = (0..10).flat_map(|_| [1.0, 0.0]).collect();
        assert_eq!((clipped(&left, 2, 0), clipped(&left, 2, 1)), (10, 0));
    }
}
