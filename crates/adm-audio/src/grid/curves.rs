//! A recording boiled down to a few curves while it streams by: all that grows with its length.

use super::bands::Band;
use adm_core::SampleRate;

/// Kicks are between these frequencies, in Hz; hats, claps and voices are above them.
const LOW_BAND: (f64, f64) = (35.0, 160.0);
/// Bodies of snares and claps, and chords, in Hz.
const MID_BAND: (f64, f64) = (180.0, 1_500.0);
/// The noise of snares and claps fills the gap between chords and hats, in Hz.
const SNAP_BAND: (f64, f64) = (3_500.0, 6_000.0);
/// The low bands are filtered at about this rate, in Hz: high enough that a plain average will do to get down to it.
const LOW_FILTER_RATE: f64 = 4_000.0;
/// The snap band is filtered at this rate at least, where the recording has it.
const SNAP_FILTER_RATE: f64 = 20_000.0;
/// Values of the band curves a second: 10 MiB each for a recording of seven hours.
const BAND_RATE: f64 = 100.0;
/// Values of the level curve a second.
const LEVEL_RATE: f64 = 1000.0;
/// Steps of the level curve in one decibel.
pub(super) const STEPS_PER_DB: f32 = 2.0;
/// The level that the curve calls 0, in dBFS.
const FLOOR_DB: f32 = -120.0;
/// The unit of amplitudes whose logarithm is taken, in RMS of the recording. A larger one compresses less.
const UNIT: f32 = 3.3;
/// No sample counts for more, in full scales.
const LOUDEST: f32 = 1e4;
/// What is this far below the loudest moment of a recording is silence, in dB.
const SILENCE_DB: f32 = 60.0;

/// Numbers at equal distances in time.
pub(super) struct Curve<T> {
    pub(super) values: Vec<T>,
    /// Seconds from one value to the next.
    pub(super) step: f64,
    /// Time of the first value in seconds.
    pub(super) start: f64,
}

impl Curve<f32> {
    /// What brings the curve's RMS to 1; 0 where there is nothing to bring there.
    pub(super) fn unit(&self) -> f32 {
        let power = self.values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
        let rms = (power / self.values.len().max(1) as f64).sqrt() as f32;
        if rms > 0.0 { 1.0 / rms } else { 0.0 }
    }
}

impl<T> Curve<T> {
    /// Position of a time among the values; it may lie outside.
    pub(super) fn position(&self, time: f64) -> f64 {
        (time - self.start) / self.step
    }

    /// Time of a position.
    pub(super) fn time(&self, position: f64) -> f64 {
        self.start + position * self.step
    }

    /// The values between two times and the index of the first of them.
    pub(super) fn between(&self, from: f64, to: f64) -> (usize, &[T]) {
        let index = |time: f64| (self.position(time).ceil().max(0.0) as usize).min(self.values.len());
        let (from, to) = (index(from), index(to));
        (from, &self.values[from..to.max(from)])
    }
}

/// What the tracker knows of a recording.
pub(super) struct Curves {
    /// How much the low band's level rises from one value to the next; falling counts as 0.
    ///
    /// The level is `ln(1 + amplitude)` with [`UNIT`]: hardly compressed, so that a kick counts for more than the bass note
    /// before it, while the loudest track does not drown all others.
    pub(super) low: Curve<f32>,
    /// The same of the middle.
    pub(super) mid: Curve<f32>,
    /// The same of the noise of snares.
    pub(super) snap: Curve<f32>,
    /// The same of the signal's first difference, which hats are loudest in.
    pub(super) high: Curve<f32>,
    /// Level of the first difference, which lifts attacks out of the bass, in [`STEPS_PER_DB`].
    pub(super) level: Curve<u8>,
}

impl Curves {
    /// From when to when anything sounds, in seconds.
    pub(super) fn sounding(&self) -> (f64, f64) {
        let loudest = self.level.values.iter().copied().max().unwrap_or(0);
        let heard = |&level: &u8| f32::from(level) > f32::from(loudest) - SILENCE_DB * STEPS_PER_DB && level > 0;
        let at = |index: Option<usize>| index.map_or(0.0, |index| self.level.time(index as f64));
        (at(self.level.values.iter().position(heard)), at(self.level.values.iter().rposition(heard)))
    }
}

/// The curves of a recording, being made.
pub(super) struct Listener {
    channels: usize,
    low: Band,
    mid: Band,
    snap: Band,
    level: Curve<u8>,
    /// The sample before, the squares of first differences so far, how many they are and how many make a level.
    last: f32,
    energy: f32,
    count: usize,
    level_hop: usize,
}

impl Listener {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Self {
        let hz = rate.as_f64();
        let level_hop = (hz / LEVEL_RATE).round().max(1.0) as usize;
        let step = level_hop as f64 / hz;
        // A value is loud as soon as anything in its stretch is, so an attack shows at the stretch's end on average.
        let level = Curve { values: Vec::new(), step, start: step };
        let decimation = (hz / LOW_FILTER_RATE).floor().max(1.0) as usize;
        // All bands have a value for the same stretches of the recording.
        let hop = decimation * (hz / decimation as f64 / BAND_RATE).round().max(1.0) as usize;
        let little = (1..=(hz / SNAP_FILTER_RATE) as usize).rev().find(|by| hop.is_multiple_of(*by)).unwrap_or(1);
        Self {
            channels,
            low: Band::new(LOW_BAND, hz, hop, decimation),
            mid: Band::new(MID_BAND, hz, hop, decimation),
            snap: Band::new(SNAP_BAND, hz, hop, little),
            level,
            last: 0.0,
            energy: 0.0,
            count: 0,
            level_hop,
        }
    }

    /// Takes interleaved samples, shape `[frames, channels]`.
    pub(super) fn add(&mut self, samples: &[f32]) {
        let scale = 1.0 / self.channels as f32;
        for frame in samples.chunks_exact(self.channels) {
            let mono = frame.iter().sum::<f32>() * scale;
            // One broken sample would ring in the filters for ever.
            let mono = if mono.is_finite() { mono.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
            self.add_level(mono);
            self.low.add(mono);
            self.mid.add(mono);
            self.snap.add(mono);
        }
    }

    fn add_level(&mut self, sample: f32) {
        let change = sample - self.last;
        self.last = sample;
        self.energy += change * change;
        self.count += 1;
        if self.count == self.level_hop {
            let decibels = 10.0 * (self.energy / self.count as f32).max(1e-30).log10();
            // The conversion saturates: whatever is out of range becomes the nearest level there is.
            self.level.values.push(((decibels - FLOOR_DB) * STEPS_PER_DB) as u8);
            (self.energy, self.count) = (0.0, 0);
        }
    }

    pub(super) fn finish(self) -> Curves {
        let mid = self.mid.into_curve();
        let high = energy_of(&self.level, &mid);
        let [low, snap] = [self.low, self.snap].map(Band::into_curve);
        let [low, mid, snap, high] = [low, mid, snap, high].map(rises);
        Curves { low, mid, snap, high, level: self.level }
    }
}

/// The energy that a level curve stands for, at the times of another curve.
fn energy_of<T>(level: &Curve<u8>, like: &Curve<T>) -> Curve<f32> {
    let energies: Vec<f32> =
        (0..=255u8).map(|step| 10f32.powf(0.1 * (f32::from(step) / STEPS_PER_DB + FLOOR_DB))).collect();
    let value = |n: usize| {
        let middle = like.time(n as f64);
        let (_, levels) = level.between(middle - 0.5 * like.step, middle + 0.5 * like.step);
        levels.iter().map(|&level| energies[usize::from(level)]).sum::<f32>() / levels.len().max(1) as f32
    };
    Curve { values: (0..like.values.len()).map(value).collect(), step: like.step, start: like.start }
}

/// See [`Curves::low`].
fn rises(curve: Curve<f32>) -> Curve<f32> {
    let Curve { mut values, step, start } = curve;
    let mean = values.iter().map(|&energy| f64::from(energy)).sum::<f64>() / values.len().max(1) as f64;
    let unit = 1.0 / (UNIT * UNIT * mean as f32).max(f32::MIN_POSITIVE);
    values.iter_mut().for_each(|value| *value = (unit * *value).sqrt().ln_1p());
    smooth(&mut values);
    for n in 1..values.len() {
        values[n - 1] = (values[n] - values[n - 1]).max(0.0);
    }
    values.pop();
    // A difference belongs between the two values it is made of.
    Curve { values, step, start: start + step / 2.0 }
}

/// A Hann window of 60 ms evens out the cycles of the band itself; being symmetric it moves nothing.
fn smooth(values: &mut [f32]) {
    const REACH: usize = 2;
    const WEIGHTS: [f32; 2 * REACH + 1] = [1.0 / 12.0, 0.25, 1.0 / 3.0, 0.25, 1.0 / 12.0];
    let mut window = [0.0; 2 * REACH + 1];
    for n in 0..values.len() + REACH {
        window.rotate_left(1);
        window[2 * REACH] = values.get(n).copied().unwrap_or(0.0);
        if let Some(value) = n.checked_sub(REACH).and_then(|n| values.get_mut(n)) {
            *value = window.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        }
    }
}
