//! What of the drums is heard at a moment.

use super::curves::{Curve, Curves};
use super::tempogram::{HOP, middle, windows};

/// What rises by less than this is the ripple of a steady sound, in the curve's own unit; kicks rise by 0.1 and more.
const LEAST_RISE: f64 = 0.03;
/// An onset belongs to a moment when it is this near, in seconds.
pub(super) const NEAR: f64 = 0.025;
/// Half of the stretch that tells how high a clear kick is, in seconds.
const CLEAR_REACH: f64 = 16.0;
/// A clear kick is never lower than this share of what it is over the whole recording.
const FAINT: f64 = 0.5;
/// A low onset of half a clear kick's height counts as a kick of one half to this power: bass notes count little.
const CONTRAST: f64 = 2.5;
/// Hats sound in the band of snares too: this much of their own band's onset, both in their RMS, is taken away.
const HATS: f64 = 0.75;
/// What is left at a clear snare.
const CLEAR_SNARE: f64 = 1.4;
/// No kick and no snare counts for more than these, in clear ones.
const MOST: (f64, f64) = (1.5, 1.2);
/// How much snares count beside kicks as onsets.
const SNARE_WEIGHT: f32 = 0.5;

/// What is heard at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hit {
    /// In clear kicks.
    pub(super) kick: f64,
    /// In clear snares.
    pub(super) snare: f64,
    /// Onsets of all bands, each in units of its RMS.
    pub(super) bands: [f64; 4],
}

/// The drums of a recording.
pub(super) struct Drums<'a> {
    curves: &'a Curves,
    /// What brings each band's onsets to an RMS of 1: low, mid, snap, high.
    units: [f32; 4],
    /// Height of the onset of a clear kick around each window, in units of the low band.
    clear_kicks: Vec<f64>,
    /// Time of every onset of the low band, and the kicks up to and with it.
    kicks: Vec<(f64, f64)>,
}

impl<'a> Drums<'a> {
    /// `None` where nothing in the low band rises as kicks do.
    pub(super) fn new(curves: &'a Curves) -> Option<Self> {
        if clear(&curves.low.values, 1.0) < LEAST_RISE || curves.low.values.is_empty() {
            return None;
        }
        let units = [&curves.low, &curves.mid, &curves.snap, &curves.high].map(Curve::unit);
        let overall = clear(&curves.low.values, units[0]);
        let local = |window: usize| {
            let (_, values) = curves.low.between(middle(window) - CLEAR_REACH, middle(window) + CLEAR_REACH);
            clear(values, units[0]).max(FAINT * overall)
        };
        let clear_kicks = (0..windows(&curves.low).max(1)).map(local).collect();
        let mut drums = Self { curves, units, clear_kicks, kicks: Vec::new() };
        drums.kicks = drums.all_kicks();
        Some(drums)
    }

    fn all_kicks(&self) -> Vec<(f64, f64)> {
        let mut sum = 0.0;
        let top = |(at, near): (usize, &[f32])| {
            let time = self.curves.low.time((at + 1) as f64);
            let kick = self.kick(time, f64::from(self.units[0] * near[1]));
            (near[1] > near[0] && near[1] >= near[2]).then_some((time, kick))
        };
        let tops = self.curves.low.values.windows(3).enumerate().filter_map(top);
        tops.map(|(time, kick)| {
            sum += kick;
            (time, sum)
        })
        .collect()
    }

    /// All kicks between two times, in clear ones.
    pub(super) fn kicks_between(&self, from: f64, to: f64) -> f64 {
        let until = |time: f64| {
            let after = self.kicks.partition_point(|kick| kick.0 <= time);
            after.checked_sub(1).map_or(0.0, |at| self.kicks[at].1)
        };
        until(to) - until(from)
    }

    /// How much of a clear kick an onset of the low band is that is `height` high, in units of its RMS.
    fn kick(&self, time: f64, height: f64) -> f64 {
        let window = ((time / HOP).max(0.0) as usize).min(self.clear_kicks.len() - 1);
        (height / self.clear_kicks[window]).powf(CONTRAST).min(MOST.0)
    }

    /// Onsets of the low band.
    pub(super) fn low(&self) -> &Curve<f32> {
        &self.curves.low
    }

    /// Kicks and what sounds in the middle and above at once, in one curve.
    pub(super) fn onsets(&self) -> Curve<f32> {
        let [low, mid, _, high] = self.units;
        let both = |(mid_value, high_value): (&f32, &f32)| (mid * mid_value).min(high * high_value);
        let mut wide = Curve {
            values: self.curves.mid.values.iter().zip(&self.curves.high.values).map(both).collect(),
            step: self.curves.mid.step,
            start: self.curves.mid.start,
        };
        let unit = SNARE_WEIGHT * wide.unit();
        let kicks = &self.curves.low.values;
        wide.values.iter_mut().zip(kicks).for_each(|(value, kick)| *value = low * kick + unit * *value);
        wide
    }

    /// What is heard within `near` seconds of a time.
    pub(super) fn at(&self, time: f64, near: f64) -> Hit {
        let [low, mid, snap, high] = self.units;
        let bands = [
            peak(&self.curves.low, low, time, near),
            peak(&self.curves.mid, mid, time, near),
            peak(&self.curves.snap, snap, time, near),
            peak(&self.curves.high, high, time, near),
        ];
        let kick = self.kick(time, bands[0]);
        let snare = ((bands[2] - HATS * bands[3]) / CLEAR_SNARE).clamp(0.0, MOST.1);
        Hit { kick, snare, bands }
    }
}

/// The highest onset near a time.
fn peak(curve: &Curve<f32>, unit: f32, time: f64, near: f64) -> f64 {
    let (_, values) = curve.between(time - near, time + near);
    f64::from(unit * values.iter().copied().fold(0.0, f32::max))
}

/// The height of clear onsets: of all tops of a curve, weighted by their squares, the middle one.
fn clear(values: &[f32], unit: f32) -> f64 {
    let tops = values.windows(3).filter(|near| near[1] > near[0] && near[1] >= near[2]);
    let mut tops: Vec<f64> = tops.map(|near| f64::from(near[1] * unit)).collect();
    tops.sort_by(f64::total_cmp);
    let half = 0.5 * tops.iter().map(|top| top * top).sum::<f64>();
    let mut sum = 0.0;
    let middle = tops.iter().copied().find(|top| {
        sum += top * top;
        sum >= half
    });
    middle.unwrap_or(0.0).max(f64::MIN_POSITIVE)
}
