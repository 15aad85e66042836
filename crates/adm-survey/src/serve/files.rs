//! The bundle's files as they were at the start.

use crate::SurveyError;
use crate::digest::hex;
use crate::manifest::Manifest;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// One file.
#[derive(Debug)]
pub(super) struct BundleFile {
    path: PathBuf,
    /// Bytes.
    pub length: u64,
    /// Its content type.
    pub kind: &'static str,
    /// What tells one content from another, in quotes as `ETag` has it.
    pub tag: String,
    changed: Option<SystemTime>,
}

impl BundleFile {
    fn read(path: PathBuf, kind: &'static str) -> Result<Self, SurveyError> {
        let read = || -> io::Result<_> {
            let mut file = File::open(&path)?;
            Ok((hash(&mut file)?, file.metadata()?))
        };
        match read() {
            Ok((hash, known)) => {
                // Half of it tells them apart as well.
                let tag = format!("\"{}\"", &hash[..32]);
                Ok(Self { length: known.len(), changed: time(&known), path, kind, tag })
            }
            Err(source) => Err(SurveyError::Read { path, source }),
        }
    }

    /// Opens it again.
    ///
    /// # Errors
    /// A file that is no longer what it was: half of one bundle and half of another would be worse than none.
    pub(super) fn open(&self) -> Result<File, SurveyError> {
        let failed = |source| SurveyError::Read { path: self.path.clone(), source };
        let file = File::open(&self.path).map_err(failed)?;
        let known = file.metadata().map_err(failed)?;
        if known.len() == self.length && time(&known) == self.changed {
            return Ok(file);
        }
        let reason = "it is no longer what it was when serving began".to_owned();
        Err(SurveyError::Damaged { path: self.path.clone(), reason })
    }
}

fn time(known: &Metadata) -> Option<SystemTime> {
    known.modified().ok()
}

fn hash(file: &mut File) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

/// Files by the path that they are asked for, such as `/page/main.js`. What is not in here does not exist, so there are no other
/// spellings of a path, no folders and no way out.
pub(super) type Files = BTreeMap<String, BundleFile>;

/// All that a bundle has; and that it is all there.
pub(super) fn files(bundle: &Path, manifest: &Manifest) -> Result<Files, SurveyError> {
    let mut paths =
        vec![("/study.js".to_owned(), bundle.join("study.js")), ("/index.html".to_owned(), bundle.join("index.html"))];
    for folder in ["page", "audio"] {
        paths.extend(within(bundle, folder)?);
    }
    let known: BTreeSet<_> = paths.iter().map(|(name, _)| name.clone()).collect();
    if let Some(name) = manifest.sounds().into_iter().find(|name| !known.contains(&format!("/audio/{name}.js"))) {
        let path = bundle.join("audio").join(format!("{name}.js"));
        return Err(SurveyError::Damaged { path, reason: "the study needs it, and it is not there".to_owned() });
    }
    let read = |(name, path): (String, PathBuf)| {
        let kind = kind(&name);
        BundleFile::read(path, kind).map(|file| (name, file))
    };
    paths.into_par_iter().map(read).collect()
}

/// Plain files with plain names in a folder. Links may lead anywhere, so they are left out.
fn within(bundle: &Path, folder: &str) -> Result<Vec<(String, PathBuf)>, SurveyError> {
    let path = bundle.join(folder);
    let failed = |source| SurveyError::Read { path: path.clone(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(&path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().map_err(failed)?.is_file() && is_plain(&name) {
            found.push((format!("/{folder}/{name}"), entry.path()));
        }
    }
    Ok(found)
}

/// Whether a name is spelt the same in a folder and in an address, and is not hidden.
fn is_plain(name: &str) -> bool {
    !name.starts_with('.') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
