//! The vote on one pair of slices.

use super::settings::{Levels, PerMeasure, Thresholds};
use crate::measures::{Detail, Measure};
use std::cmp::Ordering;

/// Two slices are the same where more measures than this agree (document 000, section 5.8).
const NOT_ENOUGH: usize = 3;

/// Measures from the cheapest to the dearest, so that most pairs are told apart after a few numbers.
const BY_COST: [Measure; 7] = [
    Measure::Level,
    Measure::Flatness,
    Measure::Tuning,
    Measure::Fft,
    Measure::Fundamentals,
    Measure::Onsets,
    Measure::Stft,
];

/// Compares rows of measures at one level of detail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Jury {
    detail: Detail,
    thresholds: PerMeasure,
    /// Whether the FFT decides alone.
    alone: bool,
}

/// The outcome for two slices that are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ballot {
    /// Measures that agree.
    pub votes: usize,
    /// Mean distance of all measures that were asked.
    pub mean: f32,
}

impl Ballot {
    /// More votes are better, then a smaller mean distance.
    pub fn better_than(&self, other: &Self) -> bool {
        match self.votes.cmp(&other.votes) {
            Ordering::Equal => self.mean < other.mean,
            order => order == Ordering::Greater,
        }
    }
}

impl Jury {
    /// The vote on tokens.
    pub fn on_tokens(levels: Levels, thresholds: &Thresholds) -> Self {
        Self { detail: Detail::Fine, thresholds: thresholds.fine, alone: levels == Levels::One }
    }

    /// The vote on classes.
    pub fn on_classes(thresholds: &Thresholds) -> Self {
        Self { detail: Detail::Coarse, thresholds: thresholds.coarse, alone: false }
    }

    /// The ballot of two rows, `None` where they are not the same.
    pub fn ballot(&self, a: &[f32], b: &[f32]) -> Option<Ballot> {
        if self.alone {
            let mean = Measure::Fft.distance(self.detail, a, b);
            return (mean <= self.thresholds.fft).then_some(Ballot { votes: 1, mean });
        }
        let (mut votes, mut sum, mut spectrum) = (0, 0.0, false);
        for (asked, measure) in BY_COST.into_iter().enumerate() {
            if votes + BY_COST.len() - asked <= NOT_ENOUGH {
                return None;
            }
            let distance = measure.distance(self.detail, a, b);
            sum += distance;
            if distance <= self.thresholds.get(measure) {
                votes += 1;
                spectrum |= matches!(measure, Measure::Fft | Measure::Stft);
            }
        }
        (votes > NOT_ENOUGH && spectrum).then_some(Ballot { votes, mean: sum / BY_COST.len() as f32 })
    }

    /// The mean distance of all measures that are asked, whatever they say, 0 to 1; `None` where it is not below `limit`,
    /// which is known before all are asked most of the time.
    pub fn distance_below(&self, a: &[f32], b: &[f32], limit: f32) -> Option<f32> {
        let (measures, count) =
            if self.alone { (&[Measure::Fft][..], 1.0) } else { (&BY_COST[..], BY_COST.len() as f32) };
        let mut sum = 0.0;
        for measure in measures {
            sum += measure.distance(self.detail, a, b);
            if sum / count >= limit {
                return None;
            }
        }
        Some(sum / count)
    }

    /// The mean distance of all measures that are asked, whatever they say, 0 to 1.
    pub fn distance(&self, a: &[f32], b: &[f32]) -> f32 {
        self.distance_below(a, b, f32::INFINITY).unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::VALUES;

    /// A row that is at distance 0 or 1 from `reference()` in each measure.
    fn row(same: [bool; 7]) -> Vec<f32> {
        let mut row = reference();
        for (measure, same) in Measure::ALL.into_iter().zip(same) {
            let values = measure.values(Detail::Fine);
            match measure {
                _ if same => {}
                Measure::Flatness | Measure::Level => row[values].fill(-60.0),
                Measure::Tuning => row[values.start] = -1.0,
                _ => row[values].iter_mut().rev().zip(0..).for_each(|(value, n)| *value = (n % 2) as f32),
            }
        }
        row
    }

    fn reference() -> Vec<f32> {
        let mut row = vec![0.0; VALUES];
        for measure in Measure::ALL {
            let values = measure.values(Detail::Fine);
            match measure {
                Measure::Flatness | Measure::Level => row[values].fill(-10.0),
                Measure::Tuning => row[values.start] = 1.0,
                _ => row[values].iter_mut().zip(0..).for_each(|(value, n)| *value = (n % 2) as f32),
            }
        }
        row
    }

    #[test]
    fn more_than_three_of_seven_with_a_spectrum_among_them() {
        let jury = Jury::on_tokens(Levels::Two, &Thresholds::default());
        for mask in 0..128u32 {
            let same: [bool; 7] = std::array::from_fn(|measure| mask >> measure & 1 == 1);
            let votes = same.iter().filter(|same| **same).count();
            let expected = votes > 3 && (same[0] || same[1]);
            let ballot = jury.ballot(&row(same), &reference());
            assert_eq!(ballot.map(|ballot| ballot.votes), expected.then_some(votes), "{same:?}");
            let mean = (7 - votes) as f32 / 7.0;
            assert!((jury.distance(&row(same), &reference()) - mean).abs() < 1e-6, "{same:?}");
            assert!(ballot.is_none_or(|ballot| ballot.mean == jury.distance(&row(same), &reference())));
        }
    }

    #[test]
    fn one_level_asks_the_fft_alone() {
        let jury = Jury::on_tokens(Levels::One, &Thresholds::default());
        let only = |measure: usize| std::array::from_fn(|other| other == measure);
        assert_eq!(jury.ballot(&row(only(0)), &reference()), Some(Ballot { votes: 1, mean: 0.0 }));
        assert!((1..7).all(|measure| jury.ballot(&row(only(measure)), &reference()).is_none()));
    }

    #[test]
    fn votes_come_before_distances() {
        let ballot = |votes, mean| Ballot { votes, mean };
        assert!(ballot(5, 0.9).better_than(&ballot(4, 0.1)) && !ballot(4, 0.1).better_than(&ballot(5, 0.9)));
        assert!(ballot(5, 0.1).better_than(&ballot(5, 0.2)) && !ballot(5, 0.2).better_than(&ballot(5, 0.2)));
    }
}
