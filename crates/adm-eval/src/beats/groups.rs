//! What is counted in each group of beats; the figures of a passage are those of all its groups together.

use super::seams::Seams;
use crate::robust::median_and_distance;

/// Beats of a group: two bars, within which music repeats itself too much to be independent.
pub(super) const GROUP_BEATS: usize = 8;

/// Loudest and quietest side that is told apart, over the mid, in dB.
const SIDE_LIMIT_DB: f64 = 120.0;

/// Part of a channel's power below which its changes are rounding.
const CONSTANT: f64 = 1e-12;

/// The counts of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) beats: usize,
    pub(super) clipped: usize,
    pub(super) onsets: usize,
    pub(super) matched: usize,
    /// Low-band onset minus grid time in seconds, one for each match.
    pub(super) deviations: Vec<f64>,
    pub(super) moments: Moments,
    pub(super) seams: Seams,
}

/// Sums over frames of a stereo signal.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    frames: f64,
    sums: [f64; 2],
    squares: [f64; 2],
    product: f64,
    mid: f64,
    side: f64,
}

/// The figures that groups add up to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    pub(super) f1: f64,
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) phase_ms: Option<f64>,
    pub(super) spread_ms: Option<f64>,
    pub(super) correlation: f64,
    pub(super) side_to_mid_db: Option<f64>,
    pub(super) clipped_share: f64,
    pub(super) seam_flux: f64,
}

impl Figures {
    pub(super) fn of<'a>(groups: impl Iterator<Item = &'a Group>) -> Self {
        let mut all = Group::default();
        groups.for_each(|group| all.add(group));
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let (phase, spread) = all.phase();
        Self {
            f1: share(2 * all.matched, all.onsets + all.beats),
            precision: share(all.matched, all.onsets),
            recall: share(all.matched, all.beats),
            phase_ms: phase,
            spread_ms: spread,
            correlation: all.moments.correlation(),
            side_to_mid_db: all.moments.side_to_mid_db(),
            clipped_share: share(all.clipped, all.beats),
            seam_flux: all.seams.flux(),
        }
    }
}

impl Group {
    fn add(&mut self, other: &Self) {
        self.beats += other.beats;
        self.clipped += other.clipped;
        self.onsets += other.onsets;
        self.matched += other.matched;
        self.deviations.extend(&other.deviations);
        self.moments.add(&other.moments);
        self.seams.add(&other.seams);
    }

    /// Median deviation and median distance from it, in milliseconds.
    fn phase(&self) -> (Option<f64>, Option<f64>) {
        if self.deviations.is_empty() {
            return (None, None);
        }
        let (middle, distance) = median_and_distance(&self.deviations);
        (Some(1_000.0 * middle), Some(1_000.0 * distance))
    }
}

impl Moments {
    /// The sums over interleaved stereo `samples`; one channel has none.
    pub(super) fn of(samples: &[f32], channels: usize) -> Self {
        let frames = if channels == 2 { samples.as_chunks::<2>().0 } else { &[] };
        let mut moments = Self { frames: frames.len() as f64, ..Self::default() };
        for &[left, right] in frames {
            let (left, right) = (f64::from(left), f64::from(right));
            moments.sums = [moments.sums[0] + left, moments.sums[1] + right];
            moments.squares = [moments.squares[0] + left * left, moments.squares[1] + right * right];
            moments.product += left * right;
            moments.mid += (left + right).powi(2);
            moments.side += (left - right).powi(2);
        }
        moments
    }

    fn add(&mut self, other: &Self) {
        self.frames += other.frames;
        for channel in 0..2 {
            self.sums[channel] += other.sums[channel];
            self.squares[channel] += other.squares[channel];
        }
        self.product += other.product;
        self.mid += other.mid;
        self.side += other.side;
    }

    /// As [`crate::checks::stereo::correlation`].
    fn correlation(&self) -> f64 {
        let frames = self.frames.max(1.0);
        let spread = |channel: usize| {
            let spread = self.squares[channel] - self.sums[channel].powi(2) / frames;
            if spread > CONSTANT * self.squares[channel] { spread } else { 0.0 }
        };
        let both = (spread(0) * spread(1)).sqrt();
        let product = self.product - self.sums[0] * self.sums[1] / frames;
        if both > 0.0 { (product / both).clamp(-1.0, 1.0) } else { 1.0 }
    }

    /// As [`crate::checks::stereo::side_to_mid_db`], within bounds, and nothing for mono.
    fn side_to_mid_db(&self) -> Option<f64> {
        let ratio = 10.0 * (self.side / self.mid).log10();
        (self.side > 0.0).then(|| ratio.clamp(-SIDE_LIMIT_DB, SIDE_LIMIT_DB))
    }
}
