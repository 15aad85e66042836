//! What two channels are, as magnitudes and as signals.

use serde::{Deserialize, Serialize};
use std::f32::consts::FRAC_1_SQRT_2;

/// What the channels of magnitudes are. Signals are always left and right, or mono.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelLayout {
    /// One channel.
    #[default]
    Mono,
    /// Left, then right.
    LeftRight,
    /// Mid, then side: the magnitudes of `(left + right)/√2` and `(left - right)/√2`.
    MidSide,
}

impl ChannelLayout {
    /// 1 or 2.
    pub fn channels(self) -> usize {
        if self == Self::Mono { 1 } else { 2 }
    }
}

/// Mid and side, one after the other, become left and right.
pub(super) fn to_left_and_right(signals: &mut [f32]) {
    let (mid, side) = signals.split_at_mut(signals.len() / 2);
    for (mid, side) in mid.iter_mut().zip(side) {
        (*mid, *side) = (FRAC_1_SQRT_2 * (*mid + *side), FRAC_1_SQRT_2 * (*mid - *side));
    }
}
