//! Whether there is time for what a source does between bars.

use std::time::Duration;

/// How many times longer than last it may take.
const CAUTION: u32 = 2;

/// What did not fit is taken to be shorter by one part in so many with each bar, so that a machine that was busy once is
/// tried again: what took all the time that there was after 22 bars, what took ten times as long after 95.
const FORGETTING: u32 = 32;

/// What is known of it: how long it took last.
#[derive(Default)]
pub(crate) struct Spare {
    last: Option<Duration>,
}

impl Spare {
    /// Whether it fits into the time that is `left`. As long as it was never done, it is taken to last as long as `making`,
    /// the making of the bar before it.
    pub(crate) fn fits(&mut self, left: Duration, making: Duration) -> bool {
        let fits = self.last.map_or(making, |last| last.saturating_mul(CAUTION)) <= left;
        if !fits {
            self.last = self.last.map(|last| last - last / FORGETTING);
        }
        fits
    }

    /// It took so long.
    pub(crate) fn learn(&mut self, took: Duration) {
        self.last = Some(took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn what_was_never_done_is_taken_to_last_as_long_as_a_bars_making() {
        let mut spare = Spare::default();
        assert!(!spare.fits(ms(99), ms(100)) && spare.fits(ms(100), ms(100)));
        spare.learn(ms(300));
        assert!(spare.fits(ms(600), ms(100)));
    }

    #[test]
    fn what_did_not_fit_is_tried_again_the_later_the_slower_it_was() {
        let skipped = |took| {
            let mut spare = Spare::default();
            spare.learn(took);
            (0..).find(|_| spare.fits(ms(1_000), ms(0)))
        };
        assert_eq!([ms(500), ms(550), ms(1_000), ms(10_000)].map(skipped), [0, 4, 22, 95].map(Some));
    }
}
