//! The files beside a page.

use crate::{Media, ReportError};
use adm_core::persist;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Cursor};
use std::path::{Component, Path};

/// The folder of a page's own files, inside the report's.
const FOLDER: &str = "assets";
/// Longest file name, well under what any file system takes.
const LONGEST_NAME: usize = 80;

/// Puts media where the page can reach them.
pub(crate) struct Assets<'a> {
    report: &'a Path,
    taken: BTreeSet<String>,
}

impl<'a> Assets<'a> {
    pub(crate) fn new(report: &'a Path) -> Self {
        Self { report, taken: BTreeSet::new() }
    }

    /// Makes a WAV file reachable; returns its URL.
    pub(crate) fn sound(&mut self, media: &Media) -> Result<String, ReportError> {
        let is_wav = match media {
            Media::Written { bytes, .. } | Media::Embedded(bytes) => is_wav(&**bytes),
            Media::Copied(path) => is_wav(open(path)?),
            Media::Linked(path) => is_wav(open(&self.report.join(path))?),
        };
        match is_wav {
            true => self.place(media, "audio/wav"),
            false => Err(ReportError::WrongKind { name: name_of(media), expected: "WAV" }),
        }
    }

    /// Makes a PNG file reachable; returns its URL, width and height in pixels.
    pub(crate) fn picture(&mut self, media: &Media) -> Result<(String, u32, u32), ReportError> {
        let size = match media {
            Media::Written { bytes, .. } | Media::Embedded(bytes) => size_of_png(Cursor::new(bytes)),
            Media::Copied(path) => size_of_png(open(path)?),
            Media::Linked(path) => size_of_png(open(&self.report.join(path))?),
        };
        let (width, height) = size.ok_or_else(|| ReportError::WrongKind { name: name_of(media), expected: "PNG" })?;
        Ok((self.place(media, "image/png")?, width, height))
    }

    fn place(&mut self, media: &Media, kind: &str) -> Result<String, ReportError> {
        match media {
            Media::Written { name, bytes } => self.write(name, |path| persist::write_bytes(path, bytes)),
            Media::Copied(from) => {
                let mut file = open(from)?;
                self.write(&name_of(media), |path| {
                    persist::write_file(path, |to| io::copy(&mut file, to).map(|_bytes| ()))
                })
            }
            Media::Linked(path) => self.link(path),
            Media::Embedded(bytes) => Ok(format!("data:{kind};base64,{}", STANDARD.encode(bytes))),
        }
    }

    fn write(&mut self, name: &str, put: impl FnOnce(&Path) -> io::Result<()>) -> Result<String, ReportError> {
        let name = self.free_name(&file_name(name));
        let path = self.report.join(FOLDER).join(&name);
        put(&path).map_err(ReportError::writing(&path))?;
        Ok(format!("{FOLDER}/{name}"))
    }

    /// The name itself, or with the first number that makes it unique. Some file systems know no upper case.
    fn free_name(&mut self, name: &str) -> String {
        let (stem, extension) = name.rsplit_once('.').map_or((name, String::new()), |(a, b)| (a, format!(".{b}")));
        let mut free = name.to_owned();
        let mut number = 2;
        while !self.taken.insert(free.to_ascii_lowercase()) {
            free = format!("{stem}-{number}{extension}");
            number += 1;
        }
        free
    }

    fn link(&self, path: &Path) -> Result<String, ReportError> {
        let parts: Option<Vec<String>> = path.components().map(url_part).collect();
        let parts = parts.ok_or_else(|| ReportError::NotRelative { path: path.to_owned() })?;
        open(&self.report.join(path))?;
        Ok(parts.join("/"))
    }
}

fn open(path: &Path) -> Result<BufReader<File>, ReportError> {
    let file = File::open(path).map_err(ReportError::missing(path))?;
    match file.metadata().map_err(ReportError::missing(path))?.is_dir() {
        true => Err(ReportError::missing(path)(io::ErrorKind::IsADirectory.into())),
        false => Ok(BufReader::new(file)),
    }
}

/// A path's part as part of a URL; `None` for what only absolute paths have.
fn url_part(part: Component<'_>) -> Option<String> {
    match part {
        Component::Normal(name) => Some(percent_encode(name.as_encoded_bytes())),
        Component::ParentDir => Some("..".to_owned()),
        Component::CurDir => Some(".".to_owned()),
        Component::RootDir | Component::Prefix(_) => None,
    }
}

fn percent_encode(name: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.iter().map(|byte| if plain(*byte) { char::from(*byte).into() } else { format!("%{byte:02X}") }).collect()
}

/// A file name that every file system takes and that needs no escaping in a URL.
fn file_name(wish: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "._".contains(letter) { letter } else { '-' };
    let mut name: String = wish.chars().map(plain).collect();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = name.trim_matches(['.', '-']);
    // The end holds the extension.
    let name = name[name.len().saturating_sub(LONGEST_NAME)..].trim_start_matches(['.', '-']);
    let stem = name.split('.').next().unwrap_or_default();
    match stem.is_empty() || is_reserved(stem) {
        true => format!("file-{name}"),
        false => name.to_owned(),
    }
}

/// Names that Windows keeps for devices, whatever their extension.
fn is_reserved(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or(stem.strip_prefix("lpt")).is_some_and(|end| end.len() == 1);
    numbered || ["con", "prn", "aux", "nul"].contains(&stem.as_str())
}

fn name_of(media: &Media) -> String {
    match media {
        Media::Written { name, .. } => name.clone(),
        Media::Copied(path) | Media::Linked(path) => {
            path.file_name().unwrap_or_default().to_string_lossy().into_owned()
        }
        Media::Embedded(_) => "an embedded file".to_owned(),
    }
}

fn is_wav(mut reader: impl io::Read) -> bool {
    let mut head = [0; 12];
    reader.read_exact(&mut head).is_ok() && head.starts_with(b"RIFF") && head.ends_with(b"WAVE")
}

fn size_of_png(reader: impl io::BufRead + io::Seek) -> Option<(u32, u32)> {
    let mut decoder = png::Decoder::new(reader);
    decoder.read_header_info().ok().map(|info| (info.width, info.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_become_file_names() {
        for (wish, name) in [
            ("step-100.wav", "step-100.wav"),
            ("../../etc/passwd", "etc-passwd"),
            ("a b\"c<d>.png", "a-b-c-d-.png"),
            ("Müller & Söhne.wav", "M-ller-S-hne.wav"),
            ("con.wav", "file-con.wav"),
            ("LPT1.png", "file-LPT1.png"),
            (".hidden", "hidden"),
            ("", "file-"),
            ("///", "file-"),
        ] {
            assert_eq!(file_name(wish), name, "{wish:?}");
        }
        let long = file_name(&format!("{}.wav", "x".repeat(500)));
        assert!(long.len() == LONGEST_NAME && long.ends_with("x.wav"), "{long}");
    }

    #[test]
    fn equal_names_are_told_apart_even_without_upper_case() {
        let mut assets = Assets::new(Path::new("report"));
        let names = ["a.png", "A.png", "a.png", "a-2.png", "b"].map(|name| assets.free_name(name));
        assert_eq!(names, ["a.png", "A-2.png", "a-3.png", "a-2-2.png", "b"]);
    }

    #[test]
    fn links_stay_relative_and_plain() {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("report");
        std::fs::create_dir(&report).unwrap();
        std::fs::write(folder.path().join("a b#1:%.wav"), b"").unwrap();
        let assets = Assets::new(&report);
        assert_eq!(assets.link(Path::new("../a b#1:%.wav")).unwrap(), "../a%20b%231%3A%25.wav");
        let error = assets.link(Path::new("/etc/passwd")).unwrap_err().to_string();
        assert_eq!(error, "the report can link to /etc/passwd only by a path relative to its folder");
        let error = assets.link(Path::new("gone.wav")).unwrap_err().to_string();
        assert!(error.ends_with("gone.wav, which cannot be read"), "{error}");
        assert!(assets.link(Path::new("..")).is_err(), "a folder is no sound");
        let url = assets.link(Path::new("http://a.example/x.wav")).unwrap_err().to_string();
        assert!(url.contains("cannot be read"), "{url}");
    }
}
