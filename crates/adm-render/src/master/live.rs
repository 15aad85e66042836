//! A master for sound that is heard as it comes.
//!
//! ```text
//! block ─remove DC→ ─gain→ limit → the block of 2.2 ms ago
//! ```
//!
//! Music that has no end has no loudness to search for, so the gain is fixed: given, or measured on the first material.
//! The limiter is that of files. As many frames come out of every block as went in.

use super::dc::DcBlocker;
use super::gauge::Gauge;
use super::limiter::Limiter;
use super::{MARGIN, MasterSettings, Plan, linear};
use crate::RenderError;
use crate::error::within;
use adm_core::{Frames, SampleRate, Seconds};

/// Frames that pass the limiter together; its buffers never grow beyond this, whatever the blocks.
const CHUNK: usize = 512;

/// Brings a stream under a ceiling block by block.
///
/// Once it has seen a block as long as the longest to come, it allocates nothing more.
#[derive(Debug)]
pub struct LiveMaster {
    rate: SampleRate,
    channels: usize,
    gain: f32,
    dc: DcBlocker,
    limiter: Limiter,
    chunk: Vec<f32>,
    limited: Vec<f32>,
    out: Vec<f32>,
}

impl LiveMaster {
    /// A master for 1 or 2 channels with a gain in dB, -60 to 60, and a ceiling of the true peak in dBTP, -20 to 0.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for a value outside its range.
    pub fn new(rate: SampleRate, channels: usize, gain_db: f64, ceiling: f64) -> Result<Self, RenderError> {
        within(("the number of channels", None), 1.0..=2.0, "1 or 2", channels as f64)?;
        within(("the gain in dB", None), -60.0..=60.0, "from -60 to 60", gain_db)?;
        within(("the ceiling in dBTP", None), -20.0..=0.0, "from -20 to 0", ceiling)?;
        Ok(Self {
            rate,
            channels,
            gain: linear(gain_db),
            dc: DcBlocker::new(rate, channels),
            limiter: Limiter::new(rate, channels, linear(ceiling - MARGIN)),
            chunk: Vec::with_capacity(CHUNK * channels),
            limited: Vec::with_capacity(2 * CHUNK * channels),
            out: Vec::new(),
        })
    }

    /// The same with the gain that brings `material` to the loudness of `settings`, or as near as its limiting allows.
    /// A bar or two are enough; of silence the gain is 0 dB.
    ///
    /// # Errors
    /// As [`new`](Self::new), or [`RenderError::Loudness`].
    pub fn measured(
        rate: SampleRate,
        channels: usize,
        settings: &MasterSettings,
        material: &[f32],
    ) -> Result<Self, RenderError> {
        settings.validate()?;
        within(("the number of channels", None), 1.0..=2.0, "1 or 2", channels as f64)?;
        let mut material = material.to_vec();
        DcBlocker::new(rate, channels).process(&mut material);
        let mut gauge = Gauge::new(rate, channels)?;
        gauge.add(&material)?;
        let gain = Plan::first(gauge.finish()?, settings).gain;
        Self::new(rate, channels, if gain.is_finite() { gain.clamp(-60.0, 60.0) } else { 0.0 }, settings.ceiling)
    }

    /// The gain in dB.
    pub fn gain_db(&self) -> f64 {
        20.0 * f64::from(self.gain).log10()
    }

    /// Frames by which the sound leaves later than it came: 99 at 44.1 kHz.
    pub fn latency(&self) -> Frames {
        Frames(self.limiter.latency() as u64)
    }

    /// The same as a time: 2.2 ms at 44.1 kHz.
    pub fn delay(&self) -> Seconds {
        self.latency().seconds(self.rate)
    }

    /// Most that was taken from a peak so far, in dB.
    pub fn limited_db(&self) -> f64 {
        self.limiter.limited_db()
    }

    /// Takes interleaved samples, shape `[frames, channels]`, of any length, and gives out as many: first silence for as
    /// long as the [latency](Self::latency), then the sound. A sample that is no finite number counts as silence, because
    /// one would be heard for ever; a part of a frame at the end is left out.
    pub fn push(&mut self, block: &[f32]) -> &[f32] {
        self.out.clear();
        self.out.reserve(block.len());
        for part in block[..block.len() - block.len() % self.channels].chunks(CHUNK * self.channels) {
            self.chunk.clear();
            self.chunk.extend(part.iter().map(|sample| if sample.is_finite() { *sample } else { 0.0 }));
            self.dc.process(&mut self.chunk);
            self.chunk.iter_mut().for_each(|sample| *sample *= self.gain);
            self.limited.clear();
            self.limiter.process(&self.chunk, &mut self.limited);
            let silence = self.chunk.len() - self.limited.len();
            self.out.resize(self.out.len() + silence, 0.0);
            self.out.extend_from_slice(&self.limited);
        }
        &self.out
    }

    /// Gives out the sound that is still on its way.
    pub fn finish(&mut self) -> &[f32] {
        self.out.clear();
        self.limiter.finish(&mut self.out);
        &self.out
    }
}

#[cfg(test)]
mod tests {
    use super::super::true_peak::TruePeak;
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    fn noise(frames: usize, level: f32) -> Vec<f32> {
        let mut random = Seeds::new(4).stream("test", 0);
        (0..2 * frames).map(|_| level * random.random_range(-1.0..1.0)).collect()
    }

    fn through(master: &mut LiveMaster, samples: &[f32], block: usize) -> Vec<f32> {
        let mut out = Vec::new();
        for block in samples.chunks(2 * block) {
            let given = master.push(block);
            assert_eq!(given.len(), block.len());
            out.extend_from_slice(given);
        }
        out.extend_from_slice(master.finish());
        out
    }

    #[test]
    fn blocks_do_not_matter_and_peaks_stay_under_the_ceiling() {
        let samples = noise(20_000, 1.0);
        let live = || LiveMaster::new(SampleRate::CD, 2, 6.0, -1.0).unwrap();
        let whole = through(&mut live(), &samples, 20_000);
        for block in [1, 7, 98, 99, 100, 512, 513, 4_096] {
            assert!(through(&mut live(), &samples, block) == whole, "blocks of {block}");
        }
        assert_eq!(whole.len(), samples.len() + 2 * live().latency().0 as usize);
        let mut peaks = Vec::new();
        TruePeak::new(SampleRate::CD, 2).scan(&whole, &mut peaks);
        let peak = 20.0 * peaks.iter().copied().fold(0.0f32, f32::max).log10();
        assert!(peak <= -0.95, "{peak} dBTP");
    }

    #[test]
    fn quiet_sounds_leave_late_and_otherwise_as_they_came() {
        let samples: Vec<f32> = (0..20_000).flat_map(|n| [0.1 * (n as f32 * 0.3).sin(); 2]).collect();
        let mut live = LiveMaster::new(SampleRate::CD, 2, 0.0, -1.0).unwrap();
        let (out, late) = (through(&mut live, &samples, 300), 2 * live.latency().0 as usize);
        assert!(out[..late].iter().all(|sample| *sample == 0.0));
        // The filter that removes DC turns this tone of 2.1 kHz by 0.14 degrees.
        let worst = out[late..].iter().zip(&samples).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "{worst}");
        assert_eq!(live.limited_db(), 0.0);
        for hz in [22_050, 44_100, 48_000, 96_000] {
            let delay = LiveMaster::new(SampleRate::new(hz).unwrap(), 1, 0.0, -1.0).unwrap().delay();
            assert!((0.002..0.0026).contains(&delay.0), "{hz} Hz: {delay:?}");
        }
    }

    #[test]
    fn the_gain_is_that_of_the_first_material() {
        let (settings, material) = (MasterSettings::default(), noise(88_200, 0.02));
        let mut live = LiveMaster::measured(SampleRate::CD, 2, &settings, &material).unwrap();
        let out = through(&mut live, &material, 1_024);
        let mut gauge = Gauge::new(SampleRate::CD, 2).unwrap();
        gauge.add(&out).unwrap();
        let level = gauge.finish().unwrap();
        assert!((level.integrated_lufs + 14.0).abs() < 0.3, "{level:?}");
        for silent in [vec![], vec![0.0; 88_200]] {
            let live = LiveMaster::measured(SampleRate::CD, 2, &settings, &silent).unwrap();
            assert_eq!(live.gain_db(), 0.0);
        }
    }

    #[test]
    fn one_bad_sample_is_not_heard_for_ever() {
        let mut live = LiveMaster::new(SampleRate::CD, 2, 0.0, -1.0).unwrap();
        let mut samples = noise(10_000, 0.5);
        (samples[501], samples[700], samples[900]) = (f32::NAN, f32::INFINITY, 1e30);
        assert!(through(&mut live, &samples, 256).iter().all(|sample| sample.abs() <= 1.0));
        assert_eq!(live.push(&[0.5; 3]).len(), 2);
    }

    #[test]
    fn settings_outside_their_ranges_are_refused() {
        for (channels, gain, ceiling) in [(3, 0.0, -1.0), (2, f64::NAN, -1.0), (2, 61.0, -1.0), (2, 0.0, 1.0)] {
            assert!(LiveMaster::new(SampleRate::CD, channels, gain, ceiling).is_err());
        }
    }
}
