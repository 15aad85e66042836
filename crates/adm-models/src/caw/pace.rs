//! How long every scale is trained: so many steps, or its share of the time.

use std::time::Instant;

/// What says when a scale has had its turn.
#[derive(Debug, Clone)]
pub(super) enum Pace {
    /// After so many steps of its own.
    Steps(u64),
    /// After its share of what is left of this sitting.
    Minutes(Clock),
}

/// A sitting's time, shared over the scales that are left in it.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    seconds: f64,
    /// What a step of each scale costs beside the others.
    costs: Vec<f64>,
    /// When the first step began, and at which scale.
    began: Option<(Instant, usize)>,
}

impl Clock {
    pub fn new(minutes: f64, costs: Vec<f64>) -> Self {
        Self { seconds: 60.0 * minutes, costs, began: None }
    }

    /// When a scale's turn begins and ends, in seconds of a sitting that began with scale `first`.
    fn turn(&self, first: usize, scale: usize) -> [f64; 2] {
        let all: f64 = self.costs[first..].iter().sum();
        let until = |scale: usize| self.seconds * self.costs[first..scale.max(first)].iter().sum::<f64>() / all;
        [until(scale), until(scale + 1)]
    }
}

impl Pace {
    /// How much of its turn a scale has had after `steps` steps of its own; 1 and more where it is over.
    pub fn progress(&mut self, scale: usize, steps: u64) -> f64 {
        match self {
            Self::Steps(all) => steps as f64 / *all as f64,
            Self::Minutes(clock) => {
                let (began, first) = *clock.began.get_or_insert_with(|| (Instant::now(), scale));
                let [from, to] = clock.turn(first, scale);
                (began.elapsed().as_secs_f64() - from) / (to - from).max(1e-9)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_as_much_time_as_they_cost_and_share_what_is_left() {
        let clock = Clock::new(1.0, vec![1.0, 2.0, 3.0]);
        assert_eq!([0, 1, 2].map(|scale| clock.turn(0, scale)), [[0.0, 10.0], [10.0, 30.0], [30.0, 60.0]]);
        assert_eq!([1, 2].map(|scale| clock.turn(1, scale)), [[0.0, 24.0], [24.0, 60.0]]);
        let mut pace = Pace::Steps(8);
        assert_eq!([0, 4, 8, 9].map(|steps| pace.progress(2, steps)), [0.0, 0.5, 1.0, 1.125]);
    }
}
