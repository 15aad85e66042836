//! The labels of a dataset's slices, which come from outside, and how often each is trained on.
//!
//! ```text
//! token book's transcript ─(binary)→ Labels, one a slice ─training split→ Shares ─┬→ a run's config.toml
//!                                      │ batch                                    └→ labels of samples that nobody asked for
//!                                      └→ networks                                   one by one: previews, the judge
//! ```

use std::path::PathBuf;

use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};
use adm_dataset::{Dataset, Split};
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::ModelError;

/// Positions in a bar: its four beats.
pub const POSITIONS: usize = 4;

/// What one beat is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its token, below the number of the book's tokens.
    pub token: u32,
    /// The position of its first beat in the bar, 0 to 3; ignored by a network that is not told of positions.
    pub position: u8,
}

/// Labels as a network takes them: `[batch, 2]`, token and position.
pub fn label_tensor(labels: &[Label], device: &Device) -> Tensor<2, Int> {
    let values = labels.iter().flat_map(|label| [label.token as i32, i32::from(label.position)]).collect();
    Tensor::from_data(TensorData::new::<i32, _>(values, [labels.len(), 2]), device)
}

/// Token and position in the bar of every slice of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The token of each slice, in the order of the dataset's slices; each below `tokens`.
    pub token_of: Vec<u32>,
    /// The position in the bar of each slice's first beat, 0 to 3.
    pub position_of: Vec<u8>,
    /// Number of tokens of the book.
    pub tokens: usize,
    /// Fingerprint of the token book.
    pub book: String,
    /// Fingerprint of the dataset whose slices these are.
    pub dataset: String,
}

impl Labels {
    /// Of made-up slices: so many tokens, one after another.
    pub(crate) fn made_up(slices: usize, tokens: usize) -> Self {
        Self {
            token_of: (0..slices).map(|slice| (slice % tokens) as u32).collect(),
            position_of: (0..slices).map(|slice| (slice % POSITIONS) as u8).collect(),
            tokens,
            book: String::new(),
            dataset: String::new(),
        }
    }

    /// Checks that every slice of a dataset has a label, and that each is one.
    ///
    /// # Errors
    /// Labels of another dataset, too few or too many of them, or one out of range.
    pub fn check(&self, dataset: &Dataset) -> Result<(), ModelError> {
        let slices = dataset.len();
        let other = self.dataset != dataset.manifest().fingerprint;
        if other || self.token_of.len() != slices || self.position_of.len() != slices {
            let (dataset, labels) = (dataset.dir().to_owned(), self.token_of.len().min(self.position_of.len()));
            return Err(ModelError::OtherLabels { dataset, slices, labels });
        }
        (0..slices).try_for_each(|slice| check_label(self.of(slice), self.tokens))
    }

    /// The label of a slice.
    pub(crate) fn of(&self, slice: usize) -> Label {
        Label { token: self.token_of[slice], position: self.position_of[slice] }
    }
}

/// Whether a label is one of so many tokens.
pub(crate) fn check_label(label: Label, tokens: usize) -> Result<(), ModelError> {
    if label.token as usize >= tokens {
        return Err(ModelError::TokenRange { token: label.token, vocabulary: tokens });
    }
    if usize::from(label.position) >= POSITIONS {
        let (key, allowed) = ("the position in a bar", format!("0 to {}", POSITIONS - 1));
        return Err(ModelError::Setting { key, allowed, got: label.position.to_string() });
    }
    Ok(())
}

/// What a conditional run knows of its labels, as its `config.toml` holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// Fingerprint of the token book.
    pub book: String,
    /// Slices of the training split with each label, `[tokens][positions]`.
    pub counts: Vec<[u32; POSITIONS]>,
}

impl Shares {
    /// Of the training split of a dataset.
    ///
    /// # Errors
    /// Labels that are not this dataset's.
    pub fn of(labels: &Labels, dataset: &Dataset) -> Result<Self, ModelError> {
        labels.check(dataset)?;
        let mut counts = vec![[0; POSITIONS]; labels.tokens];
        for label in dataset.indices(Split::Train).into_iter().map(|slice| labels.of(slice)) {
            counts[label.token as usize][usize::from(label.position)] += 1;
        }
        let shares = Self { book: labels.book.clone(), counts };
        shares.validate()?;
        Ok(shares)
    }

    /// Of made-up slices: every label of so many tokens as often as any other.
    pub(crate) fn made_up(tokens: usize) -> Self {
        Self { book: String::new(), counts: vec![[1; POSITIONS]; tokens] }
    }

    /// Number of tokens of the book.
    pub fn tokens(&self) -> usize {
        self.counts.len()
    }

    /// Slices of the training split with this token; few of them teach a generator little about it.
    pub fn trained_on(&self, token: u32) -> u64 {
        self.counts.get(token as usize).map_or(0, |counts| counts.iter().copied().map(u64::from).sum())
    }

    /// A label as the generator knows its token best: where the training split has the token, but never at this position, at the
    /// one where it has it most. What was never heard together would be made as anything.
    pub fn nearest_heard(&self, label: Label) -> Label {
        let Some(counts) = self.counts.get(label.token as usize) else { return label };
        let here = counts.get(usize::from(label.position)).is_some_and(|&count| count > 0);
        let most = (0..POSITIONS as u8).rev().max_by_key(|&position| counts[usize::from(position)]);
        match most {
            Some(position) if !here && counts[usize::from(position)] > 0 => Label { position, ..label },
            _ => label,
        }
    }

    /// Checks that labels can be drawn.
    pub(crate) fn validate(&self) -> Result<(), ModelError> {
        if self.weigh(|_| true) > 0 && u32::try_from(self.tokens()).is_ok() {
            return Ok(());
        }
        let allowed = "the labels of one training slice or more".to_owned();
        Err(ModelError::Setting { key: "labels.counts", allowed, got: "none".into() })
    }

    /// Checks that labels are of the book that the run began with.
    ///
    /// # Errors
    /// Labels of another book.
    pub fn check(&self, labels: &Labels) -> Result<(), ModelError> {
        if self.book == labels.book && self.tokens() == labels.tokens {
            return Ok(());
        }
        Err(ModelError::OtherBook { expected: self.book.clone(), got: labels.book.clone() })
    }

    /// `count` labels as often as the training split has them, of the stream `name` at `index`.
    pub fn draw(&self, count: usize, seeds: Seeds, name: &str, index: u64) -> Vec<Label> {
        let mut rng = seeds.stream(name, index);
        (0..count).map(|_| self.pick(&mut rng, |_| true)).collect()
    }

    /// One label at this position in the bar, its token as often as the training split has it there; of the stream `name` at
    /// `index`. Any position does where the training split has no slice at this one.
    pub fn draw_at(&self, position: u8, seeds: Seeds, name: &str, index: u64) -> Label {
        let here = |at: usize| at == usize::from(position);
        let mut rng = seeds.stream(name, index);
        let token = if self.weigh(here) > 0 { self.pick(&mut rng, here) } else { self.pick(&mut rng, |_| true) }.token;
        Label { token, position }
    }

    /// Slices at the positions that count.
    fn weigh(&self, counts: impl Fn(usize) -> bool) -> u64 {
        self.entries().filter(|(label, _)| counts(usize::from(label.position))).map(|(_, count)| count).sum()
    }

    fn pick(&self, rng: &mut StreamRng, counts: impl Fn(usize) -> bool) -> Label {
        let mut place = rng.random_range(0..self.weigh(&counts).max(1));
        let mut labels = self.entries().filter(|(label, _)| counts(usize::from(label.position)));
        let found = labels.find(|&(_, count)| {
            let here = place < count;
            place = place.saturating_sub(count);
            here
        });
        found.map_or(Label { token: 0, position: 0 }, |(label, _)| label)
    }

    fn entries(&self) -> impl Iterator<Item = (Label, u64)> + '_ {
        self.counts.iter().zip(0..).flat_map(|(counts, token)| {
            counts.iter().zip(0..).map(move |(&count, position)| (Label { token, position }, u64::from(count)))
        })
    }
}

/// Labels where a configuration wants them, and none where it does not.
///
/// # Errors
/// The wrong one of the two.
pub(crate) fn wanted(
    conditional: bool,
    labels: Option<&Labels>,
    dataset: &Dataset,
) -> Result<Option<Shares>, ModelError> {
    match (conditional, labels) {
        (false, None) => Ok(None),
        (false, Some(_)) => Err(ModelError::Unconditional),
        (true, None) => Err(ModelError::NoLabels { dataset: PathBuf::from(dataset.dir()) }),
        (true, Some(labels)) => Shares::of(labels, dataset).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares() -> Shares {
        Shares { book: "b".into(), counts: vec![[4, 0, 0, 0], [0, 0, 0, 0], [2, 6, 0, 4]] }
    }

    #[test]
    fn labels_are_drawn_as_often_as_they_were_trained_on() {
        let drawn = shares().draw(16_000, Seeds::new(1), "test", 0);
        for (label, count) in shares().entries() {
            let share = drawn.iter().filter(|&&one| one == label).count() as f64 / 1_000.0;
            // Five standard deviations of the count of 16,000 draws.
            assert!((share - count as f64).abs() < 0.32, "{label:?}: {share} of {count}");
        }
        assert_eq!(shares().draw(9, Seeds::new(1), "test", 4), shares().draw(9, Seeds::new(1), "test", 4));
        assert_ne!(shares().draw(9, Seeds::new(1), "test", 4), shares().draw(9, Seeds::new(1), "test", 5));
        assert_eq!((shares().trained_on(2), shares().trained_on(1), shares().trained_on(9)), (12, 0, 0));
    }

    #[test]
    fn a_label_is_drawn_at_a_position() {
        for index in 0..100 {
            let at = |position: u8| shares().draw_at(position, Seeds::new(2), "test", index);
            assert_eq!((at(1), at(3).token), (Label { token: 2, position: 1 }, 2));
            assert!(at(2).position == 2 && at(2).token != 1, "elsewhere than any slice: a token that there is");
        }
    }

    #[test]
    fn a_token_moves_to_where_it_was_heard_most_if_it_never_was_where_it_is_asked_for() {
        let moved = |token, position| shares().nearest_heard(Label { token, position }).position;
        assert_eq!((moved(0, 0), moved(0, 3), moved(2, 2), moved(2, 3)), (0, 0, 1, 3));
        assert_eq!((moved(1, 2), moved(7, 2)), (2, 2), "never heard at all");
        let even = Shares { book: String::new(), counts: vec![[0, 3, 3, 0]] };
        assert_eq!(even.nearest_heard(Label { token: 0, position: 3 }).position, 1, "the first of equals");
    }

    #[test]
    fn what_was_never_trained_on_cannot_be_drawn() {
        assert!(Shares { book: String::new(), counts: vec![[0; 4]; 3] }.validate().is_err());
        assert!(Shares { book: String::new(), counts: Vec::new() }.validate().is_err());
        assert!(shares().validate().is_ok());
    }
}
