//! From memory to disk: the folder and, beside it, the key.

use super::assemble::Assembled;
use super::page::PAGE;
use crate::SurveyError;
use crate::digest::sha256;
use adm_core::persist;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use std::fs;
use std::io;
use std::path::Path;

impl Assembled {
    /// The bundle's id.
    pub fn id(&self) -> String {
        sha256(self.manifest.as_bytes())
    }

    /// Writes the bundle to the folder `bundle` and the key to the file `key`; either both are there in the end, or neither.
    ///
    /// # Errors
    /// [`SurveyError::Write`].
    pub fn write(&self, bundle: &Path, key: &Path) -> Result<(), SurveyError> {
        let writing = |path: &Path| {
            let path = path.to_owned();
            move |source| SurveyError::Write { path, source }
        };
        persist::write_bytes(key, self.key.as_bytes()).map_err(writing(key))?;
        persist::write_dir(bundle, |folder| self.fill(folder)).map_err(|source| {
            // A key without a bundle opens nothing.
            let _ = fs::remove_file(key);
            writing(bundle)(source)
        })
    }

    fn fill(&self, folder: &Path) -> io::Result<()> {
        for (name, text) in PAGE {
            let path = folder.join(name);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, text)?;
        }
        let audio = folder.join("audio");
        fs::create_dir_all(&audio)?;
        self.prepared.stimuli.par_iter().try_for_each(|stimulus| {
            let script = format!("adm.sound(\"{}\",\"{}\");\n", stimulus.name, STANDARD.encode(&stimulus.wav));
            fs::write(audio.join(format!("{}.js", stimulus.name)), script)
        })?;
        fs::write(folder.join("study.js"), self.study_script().map_err(io::Error::other)?)
    }

    /// The manifest as a script: JSON within a string, so that the page sees the very bytes that its id is of.
    pub(super) fn study_script(&self) -> serde_json::Result<String> {
        let text = serde_json::to_string(&self.manifest)?;
        // Within a string of JavaScript these two would end the line.
        let text = text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        Ok(format!("adm.study({text},\"{}\");\n", self.id()))
    }
}
