//! A page and its sections.

use crate::assets::Assets;
use crate::html::Html;
use crate::{Block, ReportError};
use adm_core::persist;
use std::path::{Path, PathBuf};

const STYLE: &str = include_str!("page.css");
/// Nothing is loaded but what lies beside the page or in it. `file:` is for pages that are opened from disk, which
/// some browsers count as no origin at all.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file: data:; \
                      media-src 'self' file: data:; base-uri 'none'; form-action 'none'";
/// From this many sections on, a page begins with links to them.
const SECTIONS_WORTH_LINKS: usize = 4;

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    heading: String,
    blocks: Vec<Block>,
}

impl Section {
    /// An empty section.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), blocks: Vec::new() }
    }

    /// The same section with one more block.
    #[must_use]
    pub fn with(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    fn render(&self, id: &str, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        let heading = format!("{id}-heading");
        html.element("section", &[("id", id), ("aria-labelledby", &heading)], |html| {
            html.leaf("h2", &[("id", &heading)], &self.heading);
            self.blocks.iter().try_for_each(|block| block.render(html, assets))
        })
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    title: String,
    summary: String,
    sections: Vec<Section>,
    footer: String,
}

impl Page {
    /// A page without sections.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), summary: String::new(), sections: Vec::new(), footer: String::new() }
    }

    /// The same page with a sentence or two under its title.
    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = summary.into();
        self
    }

    /// The same page with one more section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The same page with small print at its end: what wrote it and when.
    #[must_use]
    pub fn footer(mut self, footer: impl Into<String>) -> Self {
        self.footer = footer.into();
        self
    }

    /// Writes the files of the page and then `index.html` into `folder`, which is made where it is missing; returns the
    /// path of `index.html`.
    ///
    /// A report that is there already is replaced file by file, its `index.html` last. On an error the old one stays.
    ///
    /// # Errors
    /// [`ReportError::Missing`], [`ReportError::NotRelative`] or [`ReportError::WrongKind`] for a sound or picture that
    /// cannot be shown, [`ReportError::Write`] where the folder does not take a file.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, ReportError> {
        self.write_as(folder, "index.html")
    }

    /// [`Page::write`] under another name than `index.html`.
    ///
    /// # Errors
    /// See [`Page::write`].
    pub fn write_as(&self, folder: &Path, name: &str) -> Result<PathBuf, ReportError> {
        std::fs::create_dir_all(folder).map_err(ReportError::writing(folder))?;
        let html = self.render(&mut Assets::new(folder))?;
        let index = folder.join(name);
        persist::write_bytes(&index, html.as_bytes()).map_err(ReportError::writing(&index))?;
        Ok(index)
    }

    fn render(&self, assets: &mut Assets<'_>) -> Result<String, ReportError> {
        let mut html = Html::default();
        html.trusted("<!doctype html>\n");
        html.element("html", &[("lang", "en")], |html| {
            html.element("head", &[], |html| self.render_head(html));
            html.element("body", &[], |html| self.render_body(html, assets))
        })?;
        Ok(html.into_string())
    }

    fn render_head(&self, html: &mut Html) {
        html.void("meta", &[("charset", "utf-8")]);
        html.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
        html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        html.leaf("title", &[], &self.title);
        html.element("style", &[], |html| html.trusted(STYLE));
    }

    fn render_body(&self, html: &mut Html, assets: &mut Assets<'_>) -> Result<(), ReportError> {
        html.element("header", &[], |html| {
            html.leaf("h1", &[], &self.title);
            if !self.summary.is_empty() {
                html.leaf("p", &[], &self.summary);
            }
            self.render_links(html);
        });
        html.element("main", &[], |html| {
            let numbered = (1..).zip(&self.sections);
            numbered.into_iter().try_for_each(|(number, section)| section.render(&id(number), html, assets))
        })?;
        if !self.footer.is_empty() {
            html.element("footer", &[], |html| html.leaf("p", &[], &self.footer));
        }
        Ok(())
    }

    fn render_links(&self, html: &mut Html) {
        if self.sections.len() < SECTIONS_WORTH_LINKS {
            return;
        }
        html.element("nav", &[("aria-label", "Sections")], |html| {
            for (number, section) in (1..).zip(&self.sections) {
                html.leaf("a", &[("href", &format!("#{}", id(number)))], &section.heading);
            }
        });
    }
}

fn id(number: usize) -> String {
    format!("section-{number}")
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// Relative luminance of a colour of the style sheet (WCAG 2.2), in the light scheme or the dark one.
    fn luminance(dark: bool, name: &str) -> f64 {
        let scheme = STYLE.split("@media (prefers-color-scheme: dark)").nth(usize::from(dark)).unwrap();
        let hex = scheme.split(&format!("--{name}: #")).nth(1).unwrap().get(..6).unwrap();
        let linear = |channel: usize| {
            let value = f64::from(u8::from_str_radix(&hex[2 * channel..2 * channel + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2)
    }

    #[test]
    fn contrasts_are_those_of_level_aa() {
        let text = ["ink", "soft", "accent"].map(|name| (name, 4.5));
        let lines = ["series-1", "series-2", "series-3", "series-4"].map(|name| (name, 3.0));
        for dark in [false, true] {
            for (name, least) in text.into_iter().chain(lines) {
                for ground in ["paper", "raised"] {
                    let (a, b) = (luminance(dark, name), luminance(dark, ground));
                    let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                    assert!(contrast >= least, "{name} on {ground}, dark {dark}: {contrast}");
                }
            }
        }
    }
}
