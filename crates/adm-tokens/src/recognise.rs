//! The token of any beat.

use crate::Token;
use crate::book::Book;
use crate::error::TokenError;
use crate::measures::{self, Analyser, Table, VALUES};
use crate::vote::{Jury, Levels, best, nearest};

/// What a book says to a slice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recognition {
    /// The token that it has by the vote; `None` where it would be a new one.
    pub token: Option<Token>,
    /// The token whose exemplar is at the smallest mean distance, whatever the vote says.
    pub nearest: Token,
    /// That distance, 0 (the same) to 1 (nothing in common).
    pub distance: f32,
}

/// What a book says to a slice, token by token.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The token.
    pub recognition: Recognition,
    /// Mean distance to each token's exemplar, 0 (the same) to 1 (nothing in common), one a token.
    pub distances: Vec<f32>,
}

/// Compares slices with a book's exemplars, as [`crate::tokenize`] does; shared by all threads, each with a [`Scratch`].
pub struct Recognizer {
    analyser: Analyser,
    on_classes: Option<Jury>,
    on_tokens: Jury,
    measures: Table,
    /// The tokens whose exemplars stand for the classes, in the order of the classes.
    class_tokens: Vec<Token>,
    /// The tokens of each class; one group of all where there is one level.
    groups: Vec<Vec<Token>>,
}

/// One thread's buffers.
pub struct Scratch {
    analyser: measures::Scratch,
    row: Vec<f32>,
}

impl Recognizer {
    /// A recogniser of the book's tokens.
    pub fn new(book: &Book) -> Self {
        let two = book.levels() == Levels::Two;
        let mut groups: Vec<Vec<Token>> = vec![Vec::new(); if two { book.classes() } else { 1 }];
        for token in 0..book.len() as Token {
            groups[if two { book.class_of(token) as usize } else { 0 }].push(token);
        }
        Self {
            analyser: Analyser::new(book.rate(), book.channels(), book.slice_frames()),
            on_classes: two.then(|| Jury::on_classes(book.thresholds())),
            on_tokens: Jury::on_tokens(book.levels(), book.thresholds()),
            measures: book.measures().clone(),
            class_tokens: groups.iter().filter_map(|tokens| tokens.first().copied()).collect(),
            groups,
        }
    }

    /// Buffers for one thread.
    pub fn scratch(&self) -> Scratch {
        Scratch { analyser: self.analyser.scratch(), row: vec![0.0; VALUES] }
    }

    /// What the book says to a slice, `[frames, channels]` interleaved, of its own rate, channels and length.
    ///
    /// # Errors
    /// Another number of samples, or one that is not finite or more than a million.
    pub fn recognise(&self, slice: &[f32], scratch: &mut Scratch) -> Result<Recognition, TokenError> {
        let (expected, actual) = (self.analyser.samples(), slice.len());
        if actual != expected {
            return Err(TokenError::WrongSlice { expected, actual });
        }
        let is_sound = |sample: f32| sample.abs() <= measures::LOUDEST;
        if let Some((index, &value)) = slice.iter().enumerate().find(|&(_, &sample)| !is_sound(sample)) {
            return Err(TokenError::NotSound { index, value });
        }
        self.analyser.measure(slice, &mut scratch.row, &mut scratch.analyser);
        Ok(self.compare(&scratch.row))
    }

    /// The same, with the mean distance to the exemplar of every token, whatever the vote says.
    ///
    /// # Errors
    /// As for [`Self::recognise`].
    pub fn survey(&self, slice: &[f32], scratch: &mut Scratch) -> Result<Survey, TokenError> {
        let recognition = self.recognise(slice, scratch)?;
        let to = |token: usize| {
            let distance = self.on_tokens.distance_below(&scratch.row, self.measures.row(token), f32::INFINITY);
            distance.unwrap_or(1.0)
        };
        Ok(Survey { recognition, distances: (0..self.measures.len()).map(to).collect() })
    }

    fn compare(&self, row: &[f32]) -> Recognition {
        let of = |token: &Token| (*token, self.measures.row(*token as usize));
        let all = (0..self.measures.len() as Token).map(|token| of(&token));
        // A book has at least one token.
        let (nearest, distance) = nearest(&self.on_tokens, row, all).unwrap_or((0, 1.0));
        let class = match &self.on_classes {
            None => Some(0),
            Some(jury) => {
                let candidates = self.class_tokens.iter().map(of).zip(0..).map(|((_, row), class)| (class, row));
                best(jury, row, candidates, None).map(|(class, _)| class)
            }
        };
        let tokens = class.and_then(|class: u32| self.groups.get(class as usize));
        let token = tokens.and_then(|tokens| best(&self.on_tokens, row, tokens.iter().map(of), None));
        Recognition { token: token.map(|(token, _)| token), nearest, distance }
    }
}
