//! Players.

use crate::assets::Assets;
use crate::html::Html;
use crate::{Media, ReportError};

/// A sound that the reader can play.
#[derive(Debug, Clone, PartialEq)]
pub struct Audio {
    label: String,
    detail: String,
    media: Media,
}

impl Audio {
    /// A WAV file and what it is.
    pub fn new(label: impl Into<String>, media: Media) -> Self {
        Self { label: label.into(), detail: String::new(), media }
    }

    /// The same sound with a word beside its label: duration, tempo, step.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(super) fn render(&self, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        let url = assets.sound(&self.media)?;
        html.element("figure", &[("class", "audio")], |html| {
            html.element("figcaption", &[], |html| {
                html.leaf("span", &[], &self.label);
                if !self.detail.is_empty() {
                    html.leaf("span", &[("class", "detail")], &self.detail);
                }
            });
            let player = [("controls", ""), ("preload", "metadata"), ("aria-label", &*self.label), ("src", &*url)];
            html.element("audio", &player, |html| {
                // A sound within the page would be there twice, and browsers open no such links.
                if !url.starts_with("data:") {
                    html.element("a", &[("href", &*url)], |html| html.text("Open the sound"));
                }
            });
        });
        Ok(())
    }
}
