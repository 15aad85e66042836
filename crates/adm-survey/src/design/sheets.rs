//! Sheets: who sees what in which order.

use super::rounds::{Rounds, strew};
use super::slots::{Places, Unknown, wishes};
use crate::manifest::Shown;
use crate::study::Order;
use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng, shuffle};
use std::collections::BTreeMap;

/// Most sheets for the sake of balance; past them, orders are balanced as well as the number of participants lets them.
const MOST_EVEN: usize = 2000;

/// What of a block decides its sheets: nothing that is hidden.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockShape {
    /// The block.
    pub id: String,
    /// Its trials; in the order of their names, which says nothing, or as the study gives them.
    pub trials: Vec<TrialShape>,
    /// How many of those that are not always heard each participant hears.
    pub heard: usize,
    /// How many of those come again at the end.
    pub repeats: usize,
    /// Whether trials and samples stay as they are given.
    pub order: Order,
}

/// What of a trial decides its sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialShape {
    /// Its name.
    pub name: String,
    /// How many samples are on the page.
    pub samples: usize,
    /// Whether one of two candidates is X.
    pub has_x: bool,
    /// Whether every participant hears it: it asks for attention.
    pub always: bool,
}

/// Draws the sheets of all blocks for at least `participants`; the same seed and shapes give the same sheets.
///
/// There are as many more as it takes for every order to come out even, where that are at most 2,000 in all; otherwise
/// [`come_out_even`] says no.
pub fn sheets(blocks: &[BlockShape], participants: usize, seeds: Seeds) -> Vec<BTreeMap<String, Vec<Shown>>> {
    let count = even(blocks, participants.max(1));
    let mut sheets = vec![BTreeMap::new(); count];
    for (number, block) in blocks.iter().enumerate() {
        let mut drawer = Drawer::new(block, seeds.stream("sheets", number as u64));
        sheets.iter_mut().for_each(|sheet| {
            sheet.insert(block.id.clone(), drawer.next());
        });
    }
    sheets
}

/// Whether over so many sheets every trial is heard equally often, and every sample at every place equally often.
pub fn come_out_even(blocks: &[BlockShape], sheets: usize) -> bool {
    sheets.is_multiple_of(together(blocks))
}

/// The smallest number of sheets from `participants` up with which all blocks come out even.
fn even(blocks: &[BlockShape], participants: usize) -> usize {
    let rounded = participants.next_multiple_of(together(blocks));
    if rounded <= MOST_EVEN.max(participants) { rounded } else { participants }
}

/// Sheets after which all blocks have come out even.
fn together(blocks: &[BlockShape]) -> usize {
    blocks.iter().fold(1, |together, block| least_common_multiple(together, block.period()))
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).saturating_mul(b)
}

impl BlockShape {
    fn chosen(&self) -> usize {
        self.trials.iter().filter(|trial| !trial.always).count()
    }

    /// Sheets after which trials and places have come out even.
    fn period(&self) -> usize {
        let trials = self.chosen();
        // Of a given order all rows are the same, unless each has a part.
        let still = self.order == Order::AsGiven && self.heard == trials;
        let rows = if still { 1 } else { Rounds::length(trials, self.heard) };
        // In a round each trial is heard so often; its places need a multiple of its turn.
        let heard = (rows * self.heard).checked_div(trials).unwrap_or(1).max(1);
        least_common_multiple(rows * least_common_multiple(self.turn(false), heard) / heard, self.turn(true))
    }

    /// How often the trials that are always heard, or the others, are heard until each of their samples, and X, was at every place
    /// equally often.
    fn turn(&self, always: bool) -> usize {
        let turn = |trial: &TrialShape| match self.order {
            _ if trial.has_x => 4,
            Order::AsGiven => 1,
            Order::Random => trial.samples.max(1),
        };
        self.trials.iter().filter(|trial| trial.always == always).map(turn).fold(1, least_common_multiple)
    }
}

/// Draws one block's sheets, one after the other.
struct Drawer<'a> {
    block: &'a BlockShape,
    chosen: Vec<usize>,
    always: Vec<usize>,
    rounds: Rounds,
    places: Vec<Places>,
    unknowns: Vec<Unknown>,
    random: StreamRng,
}

impl<'a> Drawer<'a> {
    fn new(block: &'a BlockShape, random: StreamRng) -> Self {
        let (always, chosen): (Vec<usize>, Vec<usize>) =
            (0..block.trials.len()).partition(|&trial| block.trials[trial].always);
        Self {
            block,
            rounds: Rounds::new(chosen.len(), block.heard),
            chosen,
            always,
            places: block.trials.iter().map(|trial| Places::new(trial.samples)).collect(),
            unknowns: block.trials.iter().map(|_| Unknown::new()).collect(),
            random,
        }
    }

    fn next(&mut self) -> Vec<Shown> {
        if self.block.order == Order::AsGiven {
            return self.as_given();
        }
        let mut row: Vec<usize> = match self.chosen.len() {
            0 => Vec::new(),
            _ => self.rounds.next(&mut self.random).into_iter().map(|number| self.chosen[number]).collect(),
        };
        let again = self.repeated(&row);
        strew(&mut row, self.always.iter().copied(), &mut self.random);
        let mut shown = self.placed(&row);
        let repeats: Vec<Shown> = again.iter().filter_map(|&trial| self.turned(trial, &shown)).collect();
        shown.extend(repeats);
        shown
    }

    /// The trials as they are given; with a subset, the window of them that comes next.
    fn as_given(&mut self) -> Vec<Shown> {
        let row: Vec<usize> = match self.block.heard == self.chosen.len() {
            true => (0..self.block.trials.len()).collect(),
            false => {
                let numbers = self.rounds.next(&mut self.random);
                let mut row: Vec<usize> =
                    numbers.into_iter().map(|number| self.chosen[number]).chain(self.always.iter().copied()).collect();
                row.sort_unstable();
                row
            }
        };
        let still = |trial: usize, unknown: &mut Unknown, random: &mut StreamRng| {
            let shape = &self.block.trials[trial];
            let x = shape.has_x.then(|| unknown.next(random));
            Shown { trial: shape.name.clone(), slots: (0..shape.samples).collect(), x }
        };
        let mut shown: Vec<Shown> =
            row.iter().map(|&trial| still(trial, &mut self.unknowns[trial], &mut self.random)).collect();
        let of_row = row.iter().zip(&shown).filter(|(trial, _)| !self.block.trials[**trial].always);
        let again: Vec<Shown> = of_row.take(self.block.repeats).map(|(_, shown)| shown.clone()).collect();
        shown.extend(again);
        shown
    }

    /// The trials that come again: of the first half, so that something lies between.
    fn repeated(&mut self, row: &[usize]) -> Vec<usize> {
        let early = row.len().div_ceil(2).max(self.block.repeats).min(row.len());
        let mut again = row[..early].to_vec();
        shuffle(&mut again, &mut self.random);
        again.truncate(self.block.repeats);
        again
    }

    /// The row with every sample at its place.
    fn placed(&mut self, row: &[usize]) -> Vec<Shown> {
        let pairs: Vec<usize> = row.iter().copied().filter(|&trial| self.block.trials[trial].samples == 2).collect();
        let (free, fixed): (Vec<usize>, Vec<usize>) = pairs.iter().partition(|&&trial| self.places[trial].is_free());
        let flipped = fixed.iter().filter(|&&trial| self.places[trial].is_flipped()).count();
        let wishes = wishes(free.len(), flipped, fixed.len(), &mut self.random);
        let wished: BTreeMap<usize, bool> = free.into_iter().zip(wishes).collect();
        row.iter().map(|&trial| self.shown(trial, wished.get(&trial).copied())).collect()
    }

    fn shown(&mut self, trial: usize, flipped: Option<bool>) -> Shown {
        let shape = &self.block.trials[trial];
        let slots = self.places[trial].next(flipped, &mut self.random);
        let x = shape.has_x.then(|| self.unknowns[trial].next(&mut self.random));
        Shown { trial: shape.name.clone(), slots, x }
    }

    /// A trial as it comes again: its samples at other places, X drawn anew.
    fn turned(&mut self, trial: usize, shown: &[Shown]) -> Option<Shown> {
        let name = &self.block.trials[trial].name;
        let mut again = shown.iter().find(|shown| shown.trial == *name)?.clone();
        let turn = 1.min(again.slots.len());
        again.slots.rotate_left(turn);
        again.x = again.x.map(|_| self.random.random_range(0..2));
        Some(again)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(trials: usize, samples: usize, heard: usize) -> BlockShape {
        let trial = |number| TrialShape { name: format!("t{number:02}"), samples, has_x: false, always: false };
        BlockShape {
            id: "pairs".into(),
            trials: (0..trials).map(trial).collect(),
            heard,
            repeats: 0,
            order: Order::Random,
        }
    }

    fn rows(block: BlockShape, participants: usize, seed: u64) -> Vec<Vec<Shown>> {
        let sheets = sheets(&[block], participants, Seeds::new(seed));
        sheets.into_iter().map(|mut sheet| sheet.remove("pairs").unwrap()).collect()
    }

    #[test]
    fn everything_comes_out_even_over_all_sheets() {
        for (trials, samples, heard) in [(10, 2, 10), (3, 2, 3), (12, 2, 5), (6, 1, 4), (5, 3, 5), (7, 4, 3), (1, 2, 1)]
        {
            let rows = rows(shape(trials, samples, heard), 20, 9);
            let mut count: BTreeMap<(usize, String), usize> = BTreeMap::new();
            let mut places: BTreeMap<(String, usize, usize), usize> = BTreeMap::new();
            for row in &rows {
                assert_eq!(row.len(), heard);
                for (position, shown) in row.iter().enumerate() {
                    *count.entry((position, shown.trial.clone())).or_default() += 1;
                    for (slot, &sample) in shown.slots.iter().enumerate() {
                        *places.entry((shown.trial.clone(), slot, sample)).or_default() += 1;
                    }
                }
            }
            let expected = (rows.len() / trials, rows.len() * heard / trials / samples);
            assert!(count.len() == trials * heard && count.values().all(|&times| times == expected.0), "{count:?}");
            assert!(places.values().all(|&times| times == expected.1), "{trials} {samples} {heard} {places:?}");
        }
    }

    #[test]
    fn half_of_every_sheet_is_turned_around() {
        for row in rows(shape(10, 2, 10), 60, 4) {
            assert_eq!(row.iter().filter(|shown| shown.slots == [1, 0]).count(), 5);
        }
        // Of a part, what an earlier sheet began must be completed, so some sheets lean to a side.
        let rows = rows(shape(12, 2, 5), 60, 4);
        let leaning = |row: &&Vec<Shown>| !(1..=4).contains(&row.iter().filter(|shown| shown.slots == [1, 0]).count());
        assert!(rows.iter().filter(leaning).count() * 10 <= rows.len());
    }

    #[test]
    fn the_same_seed_gives_the_same_sheets_and_another_gives_others() {
        assert_eq!(rows(shape(10, 2, 6), 30, 1), rows(shape(10, 2, 6), 30, 1));
        assert_ne!(rows(shape(10, 2, 6), 30, 1), rows(shape(10, 2, 6), 30, 2));
    }

    #[test]
    fn attention_is_always_asked_and_repeats_come_last_with_places_changed() {
        let mut block = shape(8, 2, 4);
        block.trials[3].always = true;
        block.repeats = 2;
        for row in rows(block, 14, 5) {
            assert_eq!(row.len(), 4 + 1 + 2);
            assert!(row.iter().any(|shown| shown.trial == "t03"));
            for again in &row[5..] {
                let first = row[..5].iter().find(|shown| shown.trial == again.trial).unwrap();
                assert_ne!(first.slots, again.slots);
                assert_ne!(again.trial, "t03");
            }
        }
    }

    #[test]
    fn given_orders_stay() {
        let mut block = shape(4, 2, 4);
        block.order = Order::AsGiven;
        for row in rows(block, 5, 5) {
            let names: Vec<_> = row.iter().map(|shown| shown.trial.as_str()).collect();
            assert_eq!(names, ["t00", "t01", "t02", "t03"]);
            assert!(row.iter().all(|shown| shown.slots == [0, 1]));
        }
    }

    #[test]
    fn parts_of_given_orders_come_out_even_too() {
        for (trials, heard, has_x) in [(4, 2, false), (5, 3, true), (3, 3, true), (6, 1, true)] {
            let mut block = shape(trials, 2, heard);
            (block.order, block.trials[1].always) = (Order::AsGiven, true);
            block.heard = heard.min(trials - 1);
            block.trials.iter_mut().for_each(|trial| trial.has_x = has_x);
            let mut count: BTreeMap<_, usize> = BTreeMap::new();
            let rows = rows(block, 7, 5);
            rows.iter().flatten().for_each(|shown| *count.entry((&*shown.trial, shown.x)).or_default() += 1);
            assert_eq!(count.len(), trials * if has_x { 2 } else { 1 });
            let chosen = |(trial, _): &&(&str, Option<usize>)| *trial != "t01";
            let times: Vec<usize> = count.iter().filter(|(at, _)| chosen(at)).map(|(_, times)| *times).collect();
            assert!(times.iter().all(|other| *other == times[0]), "{count:?}");
        }
    }

    #[test]
    fn what_is_always_heard_comes_out_even_too() {
        let mut block = shape(4, 2, 2);
        block.trials[3].always = true;
        // Of three trials two are heard: in three sheets each is heard twice, at each place once, but the fourth three times.
        let rows = rows(block, 3, 5);
        let flipped = rows.iter().flatten().filter(|shown| shown.trial == "t03" && shown.slots == [1, 0]).count();
        assert_eq!((rows.len(), flipped), (6, 3));
    }

    #[test]
    fn what_would_take_too_many_sheets_does_not_come_out_even() {
        let blocks = [shape(7, 2, 3), shape(11, 2, 4), shape(13, 2, 5)];
        assert_eq!(sheets(&blocks, 60, Seeds::new(1)).len(), 60);
        assert!(!come_out_even(&blocks, 60) && come_out_even(&blocks, 2 * 7 * 11 * 13));
        assert!(come_out_even(&blocks[..1], 70));
    }

    #[test]
    fn attention_is_never_repeated_in_a_given_order() {
        let mut block = shape(4, 2, 3);
        (block.order, block.repeats, block.trials[0].always) = (Order::AsGiven, 2, true);
        for row in rows(block, 5, 5) {
            let names: Vec<_> = row.iter().map(|shown| shown.trial.as_str()).collect();
            assert_eq!(names, ["t00", "t01", "t02", "t03", "t01", "t02"]);
        }
    }

    #[test]
    fn x_is_each_candidate_equally_often_in_each_order() {
        let mut block = shape(3, 2, 3);
        block.trials.iter_mut().for_each(|trial| trial.has_x = true);
        let rows = rows(block, 24, 5);
        let mut count: BTreeMap<_, usize> = BTreeMap::new();
        rows.iter().flatten().for_each(|shown| *count.entry((&shown.trial, &shown.slots, shown.x)).or_default() += 1);
        assert_eq!(count.len(), 12);
        assert!(count.values().all(|&times| times * 4 == rows.len()), "{count:?}");
    }
}
