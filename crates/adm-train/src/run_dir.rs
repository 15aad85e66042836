//! The layout of a run directory.
//!
//! ```text
//! config.toml      the resolved configuration; reloads as it is
//! dataset.json     which dataset it was trained on
//! metrics.jsonl    numbers by step
//! log.txt          what happened when
//! sittings.jsonl   when it was trained, on what machine, how far it got
//! samples/         previews on a fixed noise vector
//! checkpoints/     step-00000200/ …
//! latest, best     the name of a checkpoint
//! lock             held while a process trains it
//! report/          index.html: what all this says, in words and curves
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::TrainError;

/// A training's directory.
#[derive(Debug, Clone)]
pub struct RunDir {
    root: PathBuf,
}

impl RunDir {
    /// Starts a run in a new or empty directory.
    ///
    /// # Errors
    /// The directory holds a run or anything else, or cannot be made.
    pub fn create(root: &Path, config: &str, dataset: &str) -> Result<Self, TrainError> {
        Self::create_with(root, config, dataset, |_| Ok(()))
    }

    /// The same with what else a family keeps in its runs, put there by `fill`.
    ///
    /// # Errors
    /// As for [`create`](Self::create), and those of `fill`.
    pub fn create_with<E: From<TrainError>>(
        root: &Path,
        config: &str,
        dataset: &str,
        fill: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Self, E> {
        Self::refuse_existing(root)?;
        let run = Self { root: root.to_owned() };
        for folder in [run.samples(), run.checkpoints()] {
            fs::create_dir_all(&folder).map_err(TrainError::io("create", folder))?;
        }
        fill(root)?;
        run.write(&run.dataset(), dataset)?;
        // Last: a directory with a configuration is a run.
        run.write(&run.config(), config)?;
        Ok(run)
    }

    /// Says early what [`create`](Self::create) would say: before any work is put into a run that cannot be made.
    ///
    /// # Errors
    /// There is a run already, or something else: a dataset has a `dataset.json` of its own.
    pub fn refuse_existing(root: &Path) -> Result<(), TrainError> {
        let run = Self { root: root.to_owned() };
        if run.config().exists() {
            return Err(TrainError::RunExists { path: root.to_owned() });
        }
        match fs::read_dir(root).map(|mut entries| entries.next().is_none()) {
            Ok(true) => Ok(()),
            Ok(false) => Err(TrainError::NotEmpty { path: root.to_owned() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(TrainError::io("read", root)(error)),
        }
    }

    /// Opens an existing run.
    ///
    /// # Errors
    /// There is none.
    pub fn open(root: &Path) -> Result<Self, TrainError> {
        let run = Self { root: root.to_owned() };
        if run.config().is_file() { Ok(run) } else { Err(TrainError::NoRun { path: root.to_owned() }) }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `config.toml`
    pub fn config(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    /// `dataset.json`
    pub fn dataset(&self) -> PathBuf {
        self.root.join("dataset.json")
    }

    /// `metrics.jsonl`
    pub fn metrics(&self) -> PathBuf {
        self.root.join("metrics.jsonl")
    }

    /// `sittings.jsonl`
    pub fn sittings(&self) -> PathBuf {
        self.root.join("sittings.jsonl")
    }

    /// `samples/`
    pub fn samples(&self) -> PathBuf {
        self.root.join("samples")
    }

    /// `checkpoints/`
    pub fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints")
    }

    /// `report/`
    pub fn report(&self) -> PathBuf {
        self.root.join("report")
    }

    pub(crate) fn pointer(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Keeps other processes from training this run until the file is dropped.
    ///
    /// # Errors
    /// One is at it, or the directory cannot be written to.
    pub fn lock(&self) -> Result<File, TrainError> {
        let path = self.root.join("lock");
        let held = adm_core::lock::lock(&path).map_err(TrainError::io("create", &path))?;
        held.ok_or_else(|| TrainError::InUse { path: self.root.clone() })
    }

    /// Adds a line to `log.txt`, with seconds since 1970 before it.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn log(&self, line: &str) -> Result<(), TrainError> {
        let path = self.root.join("log.txt");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .and_then(|mut file| writeln!(file, "{now} {line}"))
            .map_err(TrainError::io("write", path))
    }

    pub(crate) fn write(&self, path: &Path, text: &str) -> Result<(), TrainError> {
        adm_core::persist::write_bytes(path, text.as_bytes()).map_err(TrainError::io("write", path))
    }
}
