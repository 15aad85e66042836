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
        self.measure(slice, scratch)?;
        let exemplars = (0..self.measures.len() as Token).map(|token| self.exemplar(&token));
        // A book has at least one token.
        let (nearest, distance) = nearest(&self.on_tokens, &scratch.row, exemplars).unwrap_or((0, 1.0));
        Ok(Recognition { token: self.voted(&scratch.row), nearest, distance })
    }

    /// The same, with the mean distance to the exemplar of every token, whatever the vote says.
    ///
    /// # Errors
    /// As for [`Self::recognise`].
    pub fn survey(&self, slice: &[f32], scratch: &mut Scratch) -> Result<Survey, TokenError> {
        self.measure(slice, scratch)?;
        let to = |token: usize| self.on_tokens.distance(&scratch.row, self.measures.row(token));
        let distances: Vec<f32> = (0..self.measures.len()).map(to).collect();
        // The first of equals, as `recognise` says.
        let of_two = |a: (Token, f32), b: (Token, f32)| if b.1 < a.1 { b } else { a };
        let (nearest, distance) = (0..).zip(distances.iter().copied()).reduce(of_two).unwrap_or((0, 1.0));
        Ok(Survey { recognition: Recognition { token: self.voted(&scratch.row), nearest, distance }, distances })
    }

    /// Checks a slice and measures it into the scratch's row.
    fn measure(&self, slice: &[f32], scratch: &mut Scratch) -> Result<(), TokenError> {
        let (expected, actual) = (self.analyser.samples(), slice.len());
        if actual != expected {
            return Err(TokenError::WrongSlice { expected, actual });
        }
        let is_sound = |sample: f32| sample.abs() <= measures::LOUDEST;
        if let Some((index, &value)) = slice.iter().enumerate().find(|&(_, &sample)| !is_sound(sample)) {
            return Err(TokenError::NotSound { index, value });
        }
        self.analyser.measure(slice, &mut scratch.row, &mut scratch.analyser);
        Ok(())
    }

    /// A token and the measures of its exemplar.
    fn exemplar(&self, token: &Token) -> (Token, &[f32]) {
        (*token, self.measures.row(*token as usize))
    }

    /// The token of a row by the vote.
    fn voted(&self, row: &[f32]) -> Option<Token> {
        let class = match &self.on_classes {
            None => 0,
            Some(jury) => {
                let exemplars = self.class_tokens.iter().map(|&token| self.measures.row(token as usize));
                best(jury, row, (0..).zip(exemplars), None)?.0
            }
        };
        let candidates = self.groups.get(class as usize)?.iter().map(|token| self.exemplar(token));
        best(&self.on_tokens, row, candidates, None).map(|(token, _)| token)
    }
}
