//! `adm inspect`: what a file or folder is, and its picture.

pub mod book;
mod checkpoint;
mod dataset;
mod export;
mod json;
mod npy;
mod picture;
mod recording;
mod run;
mod survey;
mod tempo;

use super::{Outcome, refuse_existing};
use crate::cli::InspectArgs;
use crate::output::{Hinted, Output};
use adm_core::persist;
use adm_dataset::exchange::SIDECAR_FILE;
use adm_dataset::manifest::MANIFEST_FILE;
use anyhow::Context;
use std::io::Read;
use std::path::Path;

/// Says what a path is.
///
/// # Errors
/// Nothing there, nothing that is known, or something damaged; a picture that exists or has nothing to show.
pub fn run(args: &InspectArgs, output: &Output) -> anyhow::Result<Outcome> {
    let path = &args.path;
    let kind = Kind::of(path)?;
    args.plot.as_deref().map_or(Ok(()), refuse_existing)?;
    if args.page.is_some() && kind != Kind::Book {
        let message = format!("{} has no page", path.display());
        anyhow::bail!(Hinted::new(message, "--page shows token books; --plot draws other things"));
    }
    let drawn = args.plot.as_ref().map(|_| Drawn::of(kind, path)).transpose()?;
    match kind {
        Kind::Book => book::show(path, args.page.as_deref(), output).map(|_| ()),
        Kind::Dataset => output.printer.print(&dataset::look(path)?),
        Kind::Run => output.printer.print(&run::look(path)?),
        Kind::Checkpoint => output.printer.print(&checkpoint::look(path)?),
        Kind::Export => output.printer.print(&export::look(path)?),
        Kind::Bundle => output.printer.print(&survey::bundle(path)?),
        Kind::Json => json::print(path, output),
        Kind::Npy => output.printer.print(&npy::look(path)?),
        Kind::Recording => output.printer.print(&recording::look(path, output)?),
    }?;
    if let (Some(plot), Some(drawn)) = (&args.plot, drawn) {
        let what = drawn.draw(plot)?;
        output.progress.note(&format!("drew {what} into {}", plot.display()));
    }
    Ok(Outcome::Done)
}

/// What a picture shows: what can be heard, or how the tempo moves.
enum Drawn {
    Sounds(picture::Sounds),
    Tempi(tempo::Tempi),
    Tokens(Vec<u8>),
}

impl Drawn {
    fn of(kind: Kind, path: &Path) -> anyhow::Result<Self> {
        match kind {
            Kind::Json => tempo::of_json(path).map(Self::Tempi),
            Kind::Book => book::Opened::open(path)?.picture().map(Self::Tokens).ok_or_else(|| picture::nothing(path)),
            kind => picture::sounds(kind, path).map(Self::Sounds),
        }
    }

    /// Draws it, and says in words what it is.
    fn draw(self, plot: &Path) -> anyhow::Result<String> {
        match self {
            Self::Sounds(sounds) => sounds.draw(plot).map(|()| sounds.what),
            Self::Tempi(tempi) => write_png(plot, &tempi.png).map(|()| tempi.what),
            Self::Tokens(png) => write_png(plot, &png).map(|()| "its tokens in order".to_owned()),
        }
    }
}

fn write_png(plot: &Path, png: &[u8]) -> anyhow::Result<()> {
    persist::write_bytes(plot, png).with_context(|| format!("cannot write {}", plot.display()))
}

/// What there is to be inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Book,
    Dataset,
    Run,
    Checkpoint,
    Export,
    Bundle,
    Json,
    Npy,
    Recording,
}

impl Kind {
    fn of(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() { Self::of_folder(path) } else { Self::of_file(path) }
    }

    fn of_folder(path: &Path) -> anyhow::Result<Self> {
        let has = |name: &str| path.join(name).exists();
        let marks = [
            // A run keeps a note of its dataset under the manifest's name, so runs come first.
            (Self::Run, has("config.toml")),
            (Self::Book, book::is_one(path)),
            (Self::Dataset, has(MANIFEST_FILE)),
            (Self::Checkpoint, has(checkpoint::MANIFEST_FILE)),
            (Self::Export, has(SIDECAR_FILE)),
            (Self::Bundle, has(survey::BUNDLE_FILE)),
        ];
        let unknown = || {
            let message = format!(
                "{} is a folder, but no dataset, token book, run, checkpoint, export or bundle",
                path.display()
            );
            Hinted::new(message, "to make a dataset of the recordings in a folder: adm prepare FOLDER -o DATASET")
        };
        Ok(marks.into_iter().find(|(_, found)| *found).map(|(kind, _)| kind).ok_or_else(unknown)?)
    }

    /// By the first bytes, as names lie.
    fn of_file(path: &Path) -> anyhow::Result<Self> {
        let unreadable = || format!("cannot read {}", path.display());
        let mut start = Vec::new();
        adm_core::regular::open(path)
            .and_then(|file| file.take(512).read_to_end(&mut start))
            .with_context(unreadable)?;
        let text = start.iter().find(|byte| !byte.is_ascii_whitespace());
        let named_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        Ok(match text {
            _ if start.starts_with(b"\x93NUMPY") => Self::Npy,
            Some(b'{') => Self::Json,
            _ if named_json => Self::Json,
            _ if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy")) => Self::Npy,
            _ => Self::Recording,
        })
    }
}
