//! What there is to say about a stream.

use serde::Serialize;
use std::time::Duration;

/// How a stream went.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct LiveReport {
    /// Frames that were sent, silence of pauses included.
    pub frames: u64,
    /// Bars that were heard, repeats included.
    pub bars: u64,
    /// Bars that were repeated because that was asked for.
    pub held: u64,
    /// Bars that were repeated because the next one was not made in time.
    pub repeats: u64,
    /// Seconds from the start of the engine to the first frame.
    pub first_sound: f64,
    /// The longest time in seconds from a change of the controls to the first frame made with it.
    pub slowest_change: f64,
    /// Seconds by which the latest chunk missed its time: what the system's scheduler, or a slow sink, cost at worst.
    pub latest_chunk: f64,
    /// Seconds that the making of a bar took on average. The first, in which a model may warm up, counts only where there is no
    /// other.
    pub making_mean: f64,
    /// Seconds that the making of one of these bars took at most.
    pub making_worst: f64,
    /// Bars that were made.
    pub made: u64,
}

impl LiveReport {
    pub(crate) fn made(&mut self, took: Duration) {
        let took = took.as_secs_f64();
        if self.made < 2 {
            (self.making_mean, self.making_worst) = (took, took);
        } else {
            self.making_worst = self.making_worst.max(took);
            self.making_mean += (took - self.making_mean) / self.made as f64;
        }
        self.made += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bar_counts_only_where_there_is_no_other() {
        let mut report = LiveReport::default();
        let mut after = |seconds| {
            report.made(Duration::from_secs(seconds));
            [report.making_mean, report.making_worst]
        };
        assert_eq!([after(9), after(2), after(4), after(3)], [[9.0, 9.0], [2.0, 2.0], [3.0, 4.0], [3.0, 4.0]]);
    }
}
