//! Pieces side by side.

use super::Block;
use crate::ReportError;
use crate::assets::Assets;
use crate::html::Html;

/// A titled box: a sound with its spectrogram, say.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    title: String,
    blocks: Vec<Block>,
}

impl Card {
    /// An empty card.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// The same card with one more block.
    #[must_use]
    pub fn with(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    fn render(&self, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        html.element("article", &[("class", "card")], |html| {
            html.leaf("h3", &[], &self.title);
            self.blocks.iter().try_for_each(|block| block.render(html, assets))
        })
    }
}

/// Cards in a row, as many beside each other as there is room for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cards(Vec<Card>);

impl Cards {
    /// No cards yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same row with one more card.
    #[must_use]
    pub fn card(mut self, card: Card) -> Self {
        self.0.push(card);
        self
    }

    pub(super) fn render(&self, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        html.element("div", &[("class", "cards")], |html| self.0.iter().try_for_each(|card| card.render(html, assets)))
    }
}

impl FromIterator<Card> for Cards {
    fn from_iter<I: IntoIterator<Item = Card>>(cards: I) -> Self {
        Self(cards.into_iter().collect())
    }
}
