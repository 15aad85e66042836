//! What a section is made of.

mod audio;
mod cards;
mod facts;
mod image;
mod table;

pub use audio::Audio;
pub use cards::{Card, Cards};
pub use facts::Facts;
pub use image::Image;
pub use table::Table;

use crate::assets::Assets;
use crate::html::Html;
use crate::{Bars, Chart, ReportError};

/// One piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Prose; blank lines separate paragraphs.
    Text(String),
    /// Names and values.
    Facts(Facts),
    /// Rows and columns.
    Table(Table),
    /// A player.
    Audio(Audio),
    /// A picture.
    Image(Image),
    /// Lines over an axis.
    Chart(Chart),
    /// Bars with intervals.
    Bars(Bars),
    /// Pieces side by side.
    Cards(Cards),
}

impl Block {
    pub(crate) fn render(&self, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        match self {
            Self::Text(text) => paragraphs(text, html),
            Self::Facts(facts) => facts.render(html),
            Self::Table(table) => table.render(html),
            Self::Bars(bars) => bars.render(html),
            Self::Audio(audio) => return audio.render(html, assets),
            Self::Image(image) => return image.render(html, assets),
            Self::Chart(chart) => return chart.render(html),
            Self::Cards(cards) => return cards.render(html, assets),
        }
        Ok(())
    }
}

fn paragraphs(text: &str, html: &mut Html) {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.for_each(|paragraph| html.leaf("p", &[], paragraph));
}

impl From<&str> for Block {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Every kind of block is a block as it stands.
macro_rules! blocks {
    ($($kind:ident($from:ty)),*) => {
        $(impl From<$from> for Block {
            fn from(block: $from) -> Self {
                Self::$kind(block)
            }
        })*
    };
}

blocks!(Text(String), Facts(Facts), Table(Table), Audio(Audio), Image(Image), Chart(Chart), Bars(Bars), Cards(Cards));
