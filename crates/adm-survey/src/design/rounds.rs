//! Which trials each sheet has, and in which order.

use adm_core::seeds::{RngExt, StreamRng, shuffle};

/// Rows of trials for sheet after sheet: each row has `heard` of `trials`, and over a round of rows every trial comes equally often
/// at every place.
///
/// Where every trial is heard, a round is a Williams square (E. J. Williams, Aust. J. Sci. Res. A 2, 1949), in which every trial also
/// follows every other equally often. Where only some are, it is every window of a circle of all trials.
pub(super) struct Rounds {
    trials: usize,
    heard: usize,
    rows: Vec<Vec<usize>>,
}

impl Rounds {
    /// `heard` of `trials`, which must not be 0 nor more than `trials`.
    pub(super) fn new(trials: usize, heard: usize) -> Self {
        Self { trials, heard, rows: Vec::new() }
    }

    /// Rows after which all comes out even.
    pub(super) fn length(trials: usize, heard: usize) -> usize {
        match trials {
            0 | 1 => 1,
            _ if heard == trials && trials % 2 == 1 => 2 * trials,
            _ => trials,
        }
    }

    /// The next sheet's trials, in order.
    pub(super) fn next(&mut self, random: &mut StreamRng) -> Vec<usize> {
        if self.rows.is_empty() {
            let mut names: Vec<usize> = (0..self.trials).collect();
            shuffle(&mut names, random);
            let square =
                if self.heard == self.trials { williams(self.trials) } else { windows(self.trials, self.heard) };
            self.rows = square.iter().map(|row| row.iter().map(|&place| names[place]).collect()).collect();
            // Neighbouring sheets would have nearly the same trials.
            shuffle(&mut self.rows, random);
        }
        self.rows.pop().unwrap_or_default()
    }
}

/// Puts each of `extra` at a random place among `row`.
pub(super) fn strew<T>(row: &mut Vec<T>, extra: impl IntoIterator<Item = T>, random: &mut StreamRng) {
    for one in extra {
        let place = random.random_range(0..=row.len());
        row.insert(place, one);
    }
}

/// A square in which every number is at every place once and follows every other once; twice, for odd sizes.
fn williams(size: usize) -> Vec<Vec<usize>> {
    if size < 2 {
        return vec![(0..size).collect()];
    }
    // 0, 1, n−1, 2, n−2, …: its neighbours' differences are all different.
    let first: Vec<usize> =
        (0..size).map(|place| if place % 2 == 1 { place.div_ceil(2) } else { (size - place / 2) % size }).collect();
    let rows: Vec<Vec<usize>> =
        (0..size).map(|shift| first.iter().map(|number| (number + shift) % size).collect()).collect();
    let mirrored = rows.iter().map(|row| row.iter().rev().copied().collect());
    if size.is_multiple_of(2) { rows } else { rows.iter().cloned().chain(mirrored).collect() }
}

/// Every window of `heard` neighbours of a circle.
fn windows(size: usize, heard: usize) -> Vec<Vec<usize>> {
    (0..size).map(|start| (0..heard).map(|place| (start + place) % size).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use std::collections::BTreeMap;

    fn round(trials: usize, heard: usize, seed: u64) -> Vec<Vec<usize>> {
        let mut random = Seeds::new(seed).stream("test", 0);
        let mut rounds = Rounds::new(trials, heard);
        (0..Rounds::length(trials, heard)).map(|_| rounds.next(&mut random)).collect()
    }

    #[test]
    fn over_a_round_every_trial_is_at_every_place_equally_often() {
        for trials in 1..=12 {
            for heard in 1..=trials {
                let rows = round(trials, heard, 7);
                let mut count = BTreeMap::new();
                for row in &rows {
                    assert_eq!(row.len(), heard);
                    row.iter().enumerate().for_each(|at| *count.entry(at).or_insert(0) += 1);
                }
                assert_eq!(count.len(), trials * heard, "{trials} {heard}");
                assert!(count.values().all(|times| times * trials == rows.len()), "{trials} {heard}: {count:?}");
            }
        }
    }

    #[test]
    fn where_all_is_heard_every_trial_follows_every_other_equally_often() {
        for trials in 2..=12 {
            let rows = round(trials, trials, 7);
            let mut count = BTreeMap::new();
            rows.iter()
                .flat_map(|row| row.windows(2))
                .for_each(|pair| *count.entry([pair[0], pair[1]]).or_insert(0) += 1);
            assert_eq!(count.len(), trials * (trials - 1));
            assert!(count.values().all(|times| times * trials == rows.len()), "{trials}: {count:?}");
        }
    }

    #[test]
    fn what_is_strewn_can_be_anywhere() {
        let mut random = Seeds::new(1).stream("test", 0);
        let mut places = [0; 4];
        for _ in 0..400 {
            let mut row = vec![0, 0, 0];
            strew(&mut row, [1], &mut random);
            places[row.iter().position(|&one| one == 1).unwrap()] += 1;
        }
        assert!(places.iter().all(|&count| (60..140).contains(&count)), "{places:?}");
    }
}
