//! Loudness and peaks of the finished sound.
//!
//! ```text
//! pass 1    frames → spool, ─remove DC→ measure
//! trials    spool ─remove DC, gain→ limit → measure           until loudness and peak are right
//! last      spool ─remove DC, gain→ limit → the caller's sink
//! ```
//!
//! Loudness is the integrated loudness of EBU R 128, peaks are true peaks. The first trial applies the gain that leads
//! from the measured loudness to the one asked for. Where peaks have to be limited, which costs loudness, further trials
//! raise the gain, up to the most limiting that the settings allow; most sounds need none. The trials do exactly what
//! the last pass does, so what is reported is what was written. Memory does not grow with the length: between the passes
//! the sound waits in a temporary file.
//!
//! A loop is mastered as it will be heard, with a turn before it and one after: each pass sets out a second before the loop's
//! start, in its end, by when the DC filter and the limiter have forgotten that they began, and goes on into its start for
//! as long as the limiter looks ahead. What is given out is exactly the turn between.
//!
//! Sounds that lie under the gate of -70 LUFS throughout have no loudness and are left at their level; silence stays
//! silence.

mod dc;
mod gauge;
mod limiter;
mod live;
mod settings;
mod smoothing;
mod spool;
mod true_peak;

pub(crate) use dc::DcBlocker;
pub(crate) use spool::Spool;

pub use live::LiveMaster;
pub use settings::{Level, MasterReport, MasterSettings};

use crate::RenderError;
use crate::error::within;
use adm_core::{Observer, SampleRate};
use gauge::Gauge;
use limiter::Limiter;
use std::ops::Range;
use std::path::Path;

/// Trials at most; three are usual where there is something to limit.
const TRIALS: usize = 8;
/// How near the loudness must come, in LU.
const CLOSE_ENOUGH: f64 = 0.1;
/// What the limiter stays under the ceiling at first, in dB: a moving gain lets a peak rise a little between the samples.
const MARGIN: f64 = 0.03;

/// Seconds of a loop that pass before its start: 25 time constants of the limiter's way back, and more of the DC filter.
pub(crate) const TURN: f64 = 1.0;

/// Takes a sound frame by frame and gives it back mastered.
pub struct Master {
    rate: SampleRate,
    channels: usize,
    settings: MasterSettings,
    looped: bool,
    dc: DcBlocker,
    gauge: Gauge,
    spool: Spool,
    frames: u64,
    block: Vec<f32>,
}

impl Master {
    /// A master for 1 or 2 channels that keeps its temporary file in `folder`.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for other channels or a setting outside its range.
    pub fn new(
        rate: SampleRate,
        channels: usize,
        settings: MasterSettings,
        folder: &Path,
    ) -> Result<Self, RenderError> {
        settings.validate()?;
        within(("the number of channels", None), 1.0..=2.0, "1 or 2", channels as f64)?;
        let (dc, gauge) = (DcBlocker::new(rate, channels), Gauge::new(rate, channels)?);
        Ok(Self {
            rate,
            channels,
            settings,
            looped: false,
            dc,
            gauge,
            spool: Spool::new(folder),
            frames: 0,
            block: Vec::new(),
        })
    }

    /// The same for a sound whose end goes on at its start, or for one that ends.
    #[must_use]
    pub fn with_loop(self, looped: bool) -> Self {
        Self { looped, ..self }
    }

    /// Takes finite interleaved samples, shape `[frames, channels]`.
    ///
    /// # Errors
    /// [`RenderError::Spool`] where the temporary file has no room.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), RenderError> {
        self.frames += (samples.len() / self.channels) as u64;
        self.block.clear();
        self.block.extend_from_slice(samples);
        self.dc.process(&mut self.block);
        self.gauge.add(&self.block)?;
        self.spool.write(samples)
    }

    /// Gives the mastered sound to `sink` in blocks of interleaved samples, as many frames as came.
    ///
    /// The observer sees each pass as a stage of as many units as there are frames.
    ///
    /// # Errors
    /// [`RenderError::Spool`], [`RenderError::Interrupted`] where the observer asks to stop, or whatever the sink returns.
    pub fn finish(
        &mut self,
        observer: &dyn Observer,
        mut sink: impl FnMut(&[f32]) -> Result<(), RenderError>,
    ) -> Result<MasterReport, RenderError> {
        let gauge = std::mem::replace(&mut self.gauge, Gauge::new(self.rate, self.channels)?);
        let before = gauge.finish()?;
        let (plan, trial) = self.search(before, observer)?;
        self.stage("write", plan, observer, &mut sink)?;
        let on_target = (trial.level.integrated_lufs - self.settings.loudness).abs() <= 0.2;
        Ok(MasterReport { before, after: trial.level, gain_db: plan.gain, limited_db: trial.limited_db, on_target })
    }

    /// The sound as it came.
    pub(crate) fn unmastered(&mut self) -> &mut Spool {
        &mut self.spool
    }

    /// Tries plans until one is right, or as good as the settings allow.
    fn search(&mut self, before: Level, observer: &dyn Observer) -> Result<(Plan, Trial), RenderError> {
        let mut plan = Plan::first(before, &self.settings);
        for _ in 1..TRIALS {
            let trial = self.try_out(plan, observer)?;
            match plan.better(&trial.level, before, &self.settings) {
                Some(better) => plan = better,
                None => return Ok((plan, trial)),
            }
        }
        let trial = self.try_out(plan, observer)?;
        Ok((plan, trial))
    }

    fn try_out(&mut self, plan: Plan, observer: &dyn Observer) -> Result<Trial, RenderError> {
        let mut gauge = Gauge::new(self.rate, self.channels)?;
        let limited_db = self.stage("master", plan, observer, &mut |block| gauge.add(block))?;
        Ok(Trial { level: gauge.finish()?, limited_db })
    }

    /// One pass over the spool under the observer's eyes; returns the most that was taken from a peak, in dB.
    fn stage(
        &mut self,
        name: &str,
        plan: Plan,
        observer: &dyn Observer,
        sink: &mut dyn FnMut(&[f32]) -> Result<(), RenderError>,
    ) -> Result<f64, RenderError> {
        let channels = self.channels;
        observer.begin(name, Some(self.frames));
        let limited_db = self.apply(plan, &mut |block| {
            if observer.stop_requested() {
                return Err(RenderError::Interrupted);
            }
            observer.advance((block.len() / channels) as u64);
            sink(block)
        });
        observer.end();
        limited_db
    }

    fn apply(
        &mut self,
        plan: Plan,
        sink: &mut dyn FnMut(&[f32]) -> Result<(), RenderError>,
    ) -> Result<f64, RenderError> {
        let gain = linear(plan.gain);
        let mut dc = DcBlocker::new(self.rate, self.channels);
        let mut limiter = Limiter::new(self.rate, self.channels, linear(plan.ceiling));
        let after = limiter.latency() * self.channels;
        let before = if self.looped { (TURN * self.rate.as_f64()) as usize * self.channels } else { 0 };
        let (mut early, mut raised, mut out) = (before, Vec::new(), Vec::new());
        let mut pass = |block: &[f32]| {
            raised.clear();
            raised.extend_from_slice(block);
            dc.process(&mut raised);
            raised.iter_mut().for_each(|sample| *sample *= gain);
            out.clear();
            limiter.process(&raised, &mut out);
            let unheard = early.min(out.len());
            early -= unheard;
            sink(&out[unheard..])
        };
        for range in turn(self.spool.samples(), before as u64, if self.looped { after as u64 } else { 0 }) {
            self.spool.read_back(range, &mut pass)?;
        }
        if !self.looped {
            out.clear();
            limiter.finish(&mut out);
            sink(&out)?;
        }
        Ok(limiter.limited_db())
    }
}

/// What to read of a loop of `length` samples so that `before` samples of its end come first and `after` of its start last.
fn turn(length: u64, before: u64, after: u64) -> Vec<Range<u64>> {
    let (mut at, end, mut ranges) = (0, before + length + after, Vec::new());
    while at < end && length > 0 {
        let start = (at + length - before % length) % length;
        let count = (length - start).min(end - at);
        ranges.push(start..start + count);
        at += count;
    }
    ranges
}

/// What one pass does, in dB.
#[derive(Debug, Clone, Copy)]
struct Plan {
    gain: f64,
    ceiling: f64,
    /// A gain that has been measured, and the loudness that came of it.
    known: (f64, f64),
}

/// What came of a plan.
struct Trial {
    level: Level,
    limited_db: f64,
}

impl Plan {
    fn first(before: Level, settings: &MasterSettings) -> Self {
        let wanted = settings.loudness - before.integrated_lufs;
        let gain = if wanted.is_finite() { wanted } else { 0.0 }.min(most_gain(before, settings));
        Self { gain, ceiling: settings.ceiling - MARGIN, known: (0.0, before.integrated_lufs) }
    }

    /// A plan that should come nearer, or `None` where nothing is left to mend.
    fn better(self, reached: &Level, before: Level, settings: &MasterSettings) -> Option<Self> {
        let over = reached.true_peak_dbtp - settings.ceiling;
        if over > 0.0 {
            return Some(Self { ceiling: self.ceiling - over - MARGIN, ..self });
        }
        let missing = settings.loudness - reached.integrated_lufs;
        let step = missing / self.slope(reached.integrated_lufs);
        let gain = (self.gain + step).min(most_gain(before, settings));
        let worth_it = missing.is_finite() && missing.abs() > CLOSE_ENOUGH && (gain - self.gain).abs() > 1e-6;
        worth_it.then_some(Self { gain, known: (self.gain, reached.integrated_lufs), ..self })
    }

    /// How much loudness a dB of gain brings: 1 where nothing is limited, less where peaks do not grow with it.
    fn slope(&self, reached: f64) -> f64 {
        let slope = (reached - self.known.1) / (self.gain - self.known.0);
        if slope.is_finite() { slope.clamp(0.3, 1.0) } else { 1.0 }
    }
}

/// The gain at which the highest peak needs all the limiting that is allowed.
fn most_gain(before: Level, settings: &MasterSettings) -> f64 {
    match before.integrated_lufs.is_finite() {
        true => settings.ceiling + settings.most_limiting - before.true_peak_dbtp,
        // Without a loudness to reach there is no reason to limit anything.
        false => settings.ceiling - MARGIN - before.true_peak_dbtp,
    }
}

pub(crate) fn linear(decibels: f64) -> f32 {
    10f64.powf(decibels / 20.0) as f32
}

#[cfg(test)]
mod tests;
