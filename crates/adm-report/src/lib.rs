//! One-page HTML reports that open from disk, and pictures of tempi and of tokens.
//!
//! A [`Page`] is a list of [`Section`]s, a section a list of [`Block`]s: prose, [`Facts`], a [`Table`], [`Audio`], an
//! [`Image`], a [`Chart`], [`Bars`] or [`Cards`] side by side. All are plain data; [`Page::write`] alone touches the disk. It puts
//! the sounds and pictures into `assets/` and `index.html` last, so a page never points at what is not there yet.
//!
//! The page needs no network, no script and no server. A content security policy in its head forbids everything but
//! files of its own, so even a mistake here could not load anything from elsewhere. All text is escaped; it follows the
//! reader's light or dark scheme and works from a phone's width up. Charts are drawn twice, wide and narrow, and the
//! style sheet shows the one whose letters stay legible.
//!
//! ```
//! use adm_report::{Audio, Chart, Facts, Media, Page, Section};
//!
//! # fn main() -> Result<(), adm_report::ReportError> {
//! # let folder = std::env::temp_dir().join(format!("adm-report-doc-{}", std::process::id()));
//! let losses = Chart::new("Loss", "step", "loss").series("generator", [(0.0, 1.2), (100.0, 0.8)]);
//! let page = Page::new("A run").section(
//!     Section::new("Training").with("Two minutes on a laptop.").with(Facts::new().fact("Steps", 100)).with(losses),
//! );
//! let index = page.write(&folder)?;
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok(())
//! # }
//! ```

mod assets;
mod bars;
mod blocks;
mod chart;
mod error;
mod html;
mod media;
mod page;
mod raster;
mod tempo;
mod tokens;

pub use bars::{Bar, Bars};
pub use blocks::{Audio, Block, Card, Cards, Facts, Image, Table};
pub use chart::Chart;
pub use error::ReportError;
pub use media::Media;
pub use page::{Page, Section};
pub use tempo::{TempoPanel, TempoStretch, tempo_picture};
pub use tokens::{TokenCell, token_picture};
