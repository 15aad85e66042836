//! The numbers that are measured, and how bad it is that one tells truths apart.

use super::rank::Ranked;
use super::{Found, Leak, Severity};
use crate::study::Bandwidth;
use std::fmt;

/// Frequencies in Hz above which levels are measured.
pub(super) const ABOVE: [u32; 4] = [4_000, 8_000, 12_000, 16_000];
/// Frequencies in Hz below which levels are measured: around the lowest notes, where a high-pass would lie.
pub(super) const BELOW: [u32; 3] = [20, 30, 40];
/// What takes all stereo width away.
pub(super) const ONE_CHANNEL: &str = "sound.channels = 1";
/// What gives other beginnings and ends.
pub(super) const OTHERWISE: &str =
    "take other passages with file.start or other recordings, or a shorter sound.seconds";

/// By how much truths may differ, without being parted, in what should have been matched.
mod gap {
    /// In dB of levels and slopes at the end of the spectrum.
    pub const END: f64 = 4.0;
    /// In Hz of bandwidth: two bands.
    pub const BANDWIDTH: f64 = 170.0;
    /// In dB of levels below the lowest notes: a high-pass, and not another bass.
    pub const LOW: f64 = 12.0;
    /// In dB of stereo width: mixes differ by less, and by as much hardly.
    pub const WIDTH: [f64; 2] = [6.0, 20.0];
    /// In ms of quiet at either end.
    pub const QUIET: f64 = 5.0;
}

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Feature {
    /// Bytes.
    Size,
    /// Milliseconds below −80 dBFS at the beginning.
    QuietStart,
    /// The same at the end.
    QuietEnd,
    /// Mean in steps of 16 bits.
    Constant,
    /// LUFS.
    Loudness,
    /// dBFS.
    Peak,
    /// Peak above the root mean square, in dB.
    Crest,
    /// Hz.
    Bandwidth,
    /// dB by which the last sixth of an octave lies above the one before it.
    Slope,
    /// dBFS of the quietest band.
    Floor,
    /// dBFS of all above so many Hz.
    Above(u32),
    /// dBFS of all below so many Hz.
    Below(u32),
    /// dB of the sides over the middle.
    Width,
    /// dB of the left over the right.
    Balance,
    /// dB of what a passage differs by from the one that is most like it, over the passage.
    Repeat,
}

/// What bandwidth was asked for, and the highest that any stimulus has in Hz.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub bandwidth: Bandwidth,
    pub highest: f64,
}

impl Feature {
    pub const ALL: [Self; 20] = [
        Self::Size,
        Self::QuietStart,
        Self::QuietEnd,
        Self::Constant,
        Self::Loudness,
        Self::Peak,
        Self::Crest,
        Self::Bandwidth,
        Self::Slope,
        Self::Floor,
        Self::Above(ABOVE[0]),
        Self::Above(ABOVE[1]),
        Self::Above(ABOVE[2]),
        Self::Above(ABOVE[3]),
        Self::Below(BELOW[0]),
        Self::Below(BELOW[1]),
        Self::Below(BELOW[2]),
        Self::Width,
        Self::Balance,
        Self::Repeat,
    ];

    /// Says what was found.
    pub fn leak(self, ranked: Ranked, context: Context) -> Leak {
        let (severity, mend) = (self.severity(&ranked, context), self.mend(&ranked, context));
        let Ranked { ranges, share, p, .. } = ranked;
        let found = Found::Apart { feature: self.to_string(), unit: self.unit(), ranges, share, p };
        Leak { severity, found, mend }
    }

    /// What sounds were made alike in may not differ; what music differs in may, unless by more than music does.
    fn severity(self, ranked: &Ranked, context: Context) -> Severity {
        let more_than = |gap: f64| ranked.parted() || ranked.gap >= gap;
        let matched = |gap: f64| if more_than(gap) { Severity::Error } else { Severity::Warning };
        let musical = |gap: f64| if more_than(gap) { Severity::Warning } else { Severity::Note };
        match self {
            Self::Size | Self::Constant | Self::Loudness => Severity::Error,
            Self::Bandwidth | Self::Slope | Self::Floor if context.bandwidth == Bandwidth::AsItIs => Severity::Warning,
            Self::Bandwidth => matched(gap::BANDWIDTH),
            Self::Slope if ranked.gap < gap::END => Severity::Warning,
            Self::Floor | Self::Slope => matched(gap::END),
            Self::Above(hz) if f64::from(hz) >= context.highest => matched(gap::END),
            Self::Above(_) => musical(f64::INFINITY),
            // Basses differ by a few dB without exception, and nothing mends it.
            Self::Below(_) if ranked.gap < gap::LOW => Severity::Note,
            Self::Below(_) => Severity::Warning,
            Self::QuietStart | Self::QuietEnd => musical(gap::QUIET),
            Self::Width if ranked.gap >= gap::WIDTH[1] => Severity::Error,
            Self::Width => musical(gap::WIDTH[0]),
            Self::Balance | Self::Peak | Self::Crest | Self::Repeat => Severity::Note,
        }
    }

    fn mend(self, ranked: &Ranked, context: Context) -> Option<String> {
        let ends_at = |hz: f64| Some(format!("sound.bandwidth = {{ hz = {:.0} }}", rounded_down(hz)));
        match self {
            Self::Size => Some("sound.seconds, sound.sample_rate or sound.channels".to_owned()),
            Self::QuietStart | Self::QuietEnd => Some(OTHERWISE.to_owned()),
            Self::Loudness => Some("sound.loudness, not as low".to_owned()),
            Self::Bandwidth | Self::Slope | Self::Floor if context.bandwidth == Bandwidth::AsItIs => {
                Some("sound.bandwidth = \"lowest\"".to_owned())
            }
            Self::Bandwidth => ends_at(ranked.ranges[0].1[0].min(context.highest)),
            Self::Slope => ends_at(0.8 * context.highest),
            Self::Floor => ends_at(context.highest),
            Self::Above(hz) => ends_at(f64::from(hz).min(context.highest)),
            Self::Width | Self::Balance => Some(ONE_CHANNEL.to_owned()),
            Self::Constant | Self::Peak | Self::Crest | Self::Below(_) | Self::Repeat => None,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Size => "bytes",
            Self::QuietStart | Self::QuietEnd => "ms",
            Self::Constant => "steps of 16 bits",
            Self::Loudness => "LUFS",
            Self::Peak | Self::Floor | Self::Above(_) | Self::Below(_) => "dBFS",
            Self::Bandwidth => "Hz",
            Self::Crest | Self::Slope | Self::Width | Self::Balance | Self::Repeat => "dB",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size => f.write_str("size"),
            Self::QuietStart => f.write_str("quiet at the beginning"),
            Self::QuietEnd => f.write_str("quiet at the end"),
            Self::Constant => f.write_str("mean"),
            Self::Loudness => f.write_str("loudness"),
            Self::Peak => f.write_str("sample peak"),
            Self::Crest => f.write_str("crest"),
            Self::Bandwidth => f.write_str("bandwidth"),
            Self::Slope => f.write_str("slope where spectra end"),
            Self::Floor => f.write_str("noise floor"),
            Self::Above(hz) => write!(f, "level above {hz} Hz"),
            Self::Below(hz) => write!(f, "level below {hz} Hz"),
            Self::Width => f.write_str("stereo width"),
            Self::Balance => f.write_str("left over right"),
            Self::Repeat => f.write_str("difference between repeats"),
        }
    }
}

/// A frequency a little below, in hundreds of Hz, and no lower than a study may ask for.
fn rounded_down(hz: f64) -> f64 {
    (hz * 0.95 / 100.0).floor().max(5.0) * 100.0
}
