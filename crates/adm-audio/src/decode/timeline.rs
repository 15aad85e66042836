//! Where decoded frames belong, so that damage and padding never shift the beats behind them.

use adm_core::SampleRate;
use symphonia::core::units::TimeBase;

/// Stretches lost in the middle of a file are filled with silence up to this many seconds altogether; what jumps further
/// is a fault of the timestamps.
const MOST_SILENCE: u64 = 600;
/// Timestamps in ticks coarser than frames are rounded; jumps of less than 1/200 s are taken for that.
const SHORTEST_GAP: u64 = 200;

/// Places packets one after the other by their timestamps.
#[derive(Debug)]
pub(super) struct Timeline {
    rate: u64,
    ticks: TimeBase,
    /// Frames handed out so far.
    position: u64,
    /// The timestamp, in frames, of the frame at `position` when nothing is lost.
    next: Option<i64>,
    /// Frames still to leave out at the start: the encoder's priming.
    priming: u64,
    /// Frames of silence that may still be put in.
    silence: u64,
    /// Length of the recording, where it must end.
    end: Option<u64>,
}

/// What to do with the frames of one packet: silence before them, some skipped, some used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) silence: u64,
    pub(super) skip: u64,
    pub(super) take: u64,
}

impl Timeline {
    /// A timeline that leaves out `priming` frames and ends after `end`.
    pub(super) fn new(rate: SampleRate, ticks: Option<TimeBase>, priming: u64, end: Option<u64>) -> Self {
        let ticks = ticks.or(TimeBase::try_new(1, rate.hz())).unwrap_or_default();
        let rate = u64::from(rate.hz());
        Self { rate, ticks, position: 0, next: None, priming, silence: MOST_SILENCE * rate, end }
    }

    /// Frames handed out so far.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Whether everything that belongs to the recording has been handed out.
    pub(super) fn is_over(&self) -> bool {
        self.end.is_some_and(|end| self.position >= end)
    }

    /// A count of ticks in frames, rounded.
    pub(super) fn frames(&self, ticks: i64) -> i64 {
        let numerator = i128::from(ticks) * i128::from(self.rate) * i128::from(self.ticks.numer.get());
        let denominator = i128::from(self.ticks.denom.get());
        let frames = (numerator + denominator / 2).div_euclid(denominator);
        frames.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
    }

    /// The stream starts over with timestamps of its own.
    pub(super) fn restart(&mut self, ticks: Option<TimeBase>) {
        self.ticks = ticks.unwrap_or(self.ticks);
        self.next = None;
    }

    /// Places `count` frames whose first has the timestamp `at` (in frames).
    pub(super) fn place(&mut self, at: i64, count: u64) -> Place {
        if self.next.is_none() && self.position == 0 {
            // Frames before time zero are the encoder's, whether or not a header counts them.
            self.priming = self.priming.max(at.min(0).unsigned_abs());
        }
        let (from, gap) = self.follow(at);
        self.next = from.checked_add_unsigned(count);
        let silence = if self.priming > 0 { 0 } else { gap.min(self.room()) };
        self.silence -= silence;
        self.position += silence;
        let skip = self.priming.min(count);
        self.priming -= skip;
        let take = (count - skip).min(self.room());
        self.position += take;
        Place { silence, skip, take }
    }

    /// The timestamp that a packet really has, and the gap before it. Small differences are kept rather than forgotten,
    /// so that they are made up for once they have grown to a gap.
    fn follow(&self, at: i64) -> (i64, u64) {
        let next = self.next.unwrap_or(at);
        let jump = at.saturating_sub(next);
        match jump.unsigned_abs() {
            size if size < self.rate / SHORTEST_GAP => (next, 0),
            size if jump > 0 && size <= self.silence => (at, size),
            _ => (at, 0),
        }
    }

    fn room(&self) -> u64 {
        self.end.map_or(u64::MAX, |end| end.saturating_sub(self.position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(priming: u64, end: Option<u64>) -> Timeline {
        Timeline::new(SampleRate::CD, None, priming, end)
    }

    fn place(silence: u64, skip: u64, take: u64) -> Place {
        Place { silence, skip, take }
    }

    #[test]
    fn priming_is_skipped_and_the_end_is_kept() {
        let mut mp4 = timeline(1500, Some(1000));
        let places = [0, 1024, 2048].map(|at| mp4.place(at, 1024));
        assert_eq!(places, [place(0, 1024, 0), place(0, 476, 548), place(0, 0, 452)]);
        assert!(mp4.is_over());
        let mut ogg = timeline(0, None);
        assert_eq!(ogg.place(-100, 64), place(0, 64, 0), "time before zero is priming");
        assert_eq!(ogg.place(-36, 64), place(0, 36, 28));
    }

    #[test]
    fn what_was_lost_is_silent_and_what_was_rounded_is_not() {
        let mut stream = timeline(0, None);
        stream.place(5000, 1000);
        assert_eq!(stream.place(6000 + 4096, 1000), place(4096, 0, 1000), "a lost packet");
        assert_eq!(stream.position(), 6096);
        for (at, silence) in [(11_200, 0), (12_300, 0), (13_400, 304)] {
            // Losses of about a hundred frames each: none is a gap by itself, but they are not forgotten.
            assert_eq!(stream.place(at, 1000), place(silence, 0, 1000), "{at}");
        }
        assert_eq!(stream.place(0, 1000), place(0, 0, 1000), "timestamps that start over");
        assert_eq!(stream.place(i64::MAX, 1000), place(0, 0, 1000), "nonsense");
        assert_eq!(stream.place(i64::MIN, u64::MAX / 2).silence, 0);
    }

    #[test]
    fn silence_is_bounded() {
        let mut stream = timeline(0, None);
        let silence: u64 = (1..2000).map(|n| stream.place(n * 44_100 * 10, 1).silence).sum();
        assert!(silence <= MOST_SILENCE * 44_100, "{silence} frames");
    }

    #[test]
    fn ticks_become_frames() {
        let milliseconds = Timeline::new(SampleRate::CD, TimeBase::try_new(1, 1000), 0, None);
        assert_eq!([0, 1, 10, -10, 1000].map(|ticks| milliseconds.frames(ticks)), [0, 44, 441, -441, 44_100]);
        assert_eq!(milliseconds.frames(i64::MAX), i64::MAX, "what is too large saturates");
    }
}
