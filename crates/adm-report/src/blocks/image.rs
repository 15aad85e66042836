//! Pictures.

use crate::assets::Assets;
use crate::html::Html;
use crate::{Media, ReportError};

/// A PNG picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    alt: String,
    caption: String,
    media: Media,
}

impl Image {
    /// A picture and what it shows, in words, for those who do not see it.
    pub fn new(alt: impl Into<String>, media: Media) -> Self {
        Self { alt: alt.into(), caption: String::new(), media }
    }

    /// The same picture with a line under it.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = caption.into();
        self
    }

    pub(super) fn render(&self, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        let (url, width, height) = assets.picture(&self.media)?;
        let (width, height) = (width.to_string(), height.to_string());
        html.element("figure", &[], |html| {
            // With its size known, the page does not jump when the picture arrives.
            let size = [("width", &*width), ("height", &*height)];
            html.void("img", &[("src", &*url), ("alt", &*self.alt), size[0], size[1], ("loading", "lazy")]);
            if !self.caption.is_empty() {
                html.leaf("figcaption", &[], &self.caption);
            }
        });
        Ok(())
    }
}
