//! Checkpoints: everything needed to continue bit-exactly, whole or absent, and recognised when damaged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{RunDir, TrainError, Trainee, Unusable};

/// What `checkpoint.json` says of the files beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Layout of the folder.
    pub format: u32,
    /// Steps done.
    pub step: u64,
    /// Training time until then.
    pub seconds: f64,
    /// What the judge said at the best step so far; lower is better.
    pub best: Option<f64>,
    /// The step of that word; 0 where there was none.
    #[serde(default)]
    pub best_step: u64,
    /// BLAKE3 hash of every other file.
    pub files: BTreeMap<String, String>,
}

const FORMAT: u32 = 1;
const MANIFEST: &str = "checkpoint.json";
const LATEST: &str = "latest";
const BEST: &str = "best";

fn folder_name(step: u64) -> String {
    format!("step-{step:08}")
}

fn hash(path: &Path) -> Result<String, TrainError> {
    let mut hasher = blake3::Hasher::new();
    let file = fs::File::open(path).map_err(TrainError::io("read", path))?;
    hasher.update_reader(file).map_err(TrainError::io("read", path))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// What has become of a file of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// It is as it was saved.
    Whole,
    /// Its content is another, or cannot be read.
    Changed,
    /// It is gone.
    Missing,
}

impl Checkpoint {
    /// What has become of each file in the checkpoint's folder.
    pub fn states(&self, folder: &Path) -> BTreeMap<String, FileState> {
        let state = |(name, expected): (&String, &String)| {
            let path = folder.join(name);
            let state = match hash(&path) {
                Ok(found) if found == *expected => FileState::Whole,
                Err(_) if !path.exists() => FileState::Missing,
                _ => FileState::Changed,
            };
            (name.clone(), state)
        };
        // A name with a separator in it would reach outside the folder.
        let within =
            |(name, _): &(&String, &String)| Path::new(name).file_name().is_some_and(|file| file == name.as_str());
        self.files.iter().filter(within).map(state).collect()
    }
}

fn hashes(folder: &Path) -> Result<BTreeMap<String, String>, TrainError> {
    let entries = fs::read_dir(folder).map_err(TrainError::io("read", folder))?;
    entries
        .map(|entry| {
            let path = entry.map_err(TrainError::io("read", folder))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok((name, hash(&path)?))
        })
        .collect()
}

/// Where a training stands when it is saved; see [`Checkpoint`] for the fields.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At {
    /// Steps done.
    pub step: u64,
    /// Training time until then.
    pub seconds: f64,
    /// The judge's best word so far.
    pub best: Option<f64>,
    /// Its step.
    pub best_step: u64,
}

/// Saves a trainee and points `latest` at it.
///
/// # Errors
/// Whatever the file system or the trainee returns.
pub fn save(run: &RunDir, trainee: &mut impl Trainee, at: At) -> Result<(), TrainError> {
    let At { step, seconds, best, best_step } = at;
    let path = run.checkpoints().join(folder_name(step));
    let replaced = set_aside(&path)?;
    fill_folder(&path, |folder| {
        trainee.save(folder)?;
        let checkpoint = Checkpoint { format: FORMAT, step, seconds, best, best_step, files: hashes(folder)? };
        let text = serde_json::to_string_pretty(&checkpoint)
            .map_err(|error| TrainError::Damaged { path: folder.join(MANIFEST), reason: error.to_string() })?;
        run.write(&folder.join(MANIFEST), &text)
    })?;
    run.write(&run.pointer(LATEST), &folder_name(step))?;
    replaced.map_or(Ok(()), |old| fs::remove_dir_all(&old).map_err(TrainError::io("delete", old)))
}

/// Moves a checkpoint of the same step out of the way: one that was damaged and is now reached again.
fn set_aside(path: &Path) -> Result<Option<PathBuf>, TrainError> {
    if !path.exists() {
        return Ok(None);
    }
    let aside = path.with_extension("replaced");
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(TrainError::io("delete", &aside))?;
    }
    fs::rename(path, &aside).map_err(TrainError::io("replace", path))?;
    Ok(Some(aside))
}

/// [`adm_core::persist::write_dir`] with this crate's errors.
fn fill_folder(path: &Path, fill: impl FnOnce(&Path) -> Result<(), TrainError>) -> Result<(), TrainError> {
    struct Wrapped(TrainError);
    impl From<std::io::Error> for Wrapped {
        fn from(source: std::io::Error) -> Self {
            Self(TrainError::Io { action: "write", path: PathBuf::from("a checkpoint"), source })
        }
    }
    adm_core::persist::write_dir(path, |folder| fill(folder).map_err(Wrapped)).map_err(|Wrapped(error)| match error {
        TrainError::Io { action, source, .. } => TrainError::Io { action, path: path.to_owned(), source },
        other => other,
    })
}

/// Points `best` at the checkpoint of `step`.
///
/// # Errors
/// Whatever the file system returns.
pub fn mark_best(run: &RunDir, step: u64) -> Result<(), TrainError> {
    run.write(&run.pointer(BEST), &folder_name(step))
}

fn pointed(run: &RunDir, pointer: &str) -> Option<PathBuf> {
    let name = fs::read_to_string(run.pointer(pointer)).ok()?;
    let path = run.checkpoints().join(name.trim());
    (named_so(name.trim()) && path.is_dir()).then_some(path)
}

fn named_so(name: &str) -> bool {
    name.starts_with("step-") && !name.contains(['/', '\\'])
}

/// All checkpoint folders, newest first.
fn folders(run: &RunDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(run.checkpoints()).into_iter().flatten().flatten();
    let is_checkpoint =
        |path: &PathBuf| path.is_dir() && path.file_name().is_some_and(|name| named_so(&name.to_string_lossy()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_checkpoint).collect();
    folders.sort_unstable_by(|a, b| b.cmp(a));
    folders
}

/// Deletes all checkpoints but the best and the newest `keep` up to `step`, which was saved last. Those beyond it were passed
/// over as damaged when the run went on from an earlier one.
///
/// # Errors
/// Whatever the file system returns.
pub fn prune(run: &RunDir, step: u64, keep: usize) -> Result<(), TrainError> {
    let (best, newest) = (pointed(run, BEST), run.checkpoints().join(folder_name(step)));
    let (past, mut gone): (Vec<_>, Vec<_>) = folders(run).into_iter().partition(|path| *path <= newest);
    gone.extend(past.into_iter().skip(keep.max(1)).filter(|path| Some(path) != best.as_ref()));
    gone.into_iter().try_for_each(|path| fs::remove_dir_all(&path).map_err(TrainError::io("delete", path)))
}

fn verify(folder: &Path) -> Result<Checkpoint, TrainError> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(TrainError::io("read", &path))?;
    let checkpoint: Checkpoint = serde_json::from_str(&text)
        .map_err(|error| TrainError::Damaged { path: path.clone(), reason: error.to_string() })?;
    if checkpoint.format != FORMAT {
        let reason = format!("its format is {} and this version reads {FORMAT}", checkpoint.format);
        return Err(TrainError::Damaged { path, reason });
    }
    for (name, expected) in &checkpoint.files {
        // A name with a separator in it would reach outside the folder.
        let safe = Path::new(name).file_name().is_some_and(|file| file == name.as_str());
        if !safe || &hash(&folder.join(name))? != expected {
            return Err(TrainError::Damaged { path: folder.join(name), reason: "its content has changed".into() });
        }
    }
    Ok(checkpoint)
}

/// Which checkpoint to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The newest, to continue training.
    Latest,
    /// The one the judge liked best, to generate; the newest where nothing was judged.
    Best,
}

/// A checkpoint that was loaded, and what had to be passed over to get to it.
#[derive(Debug)]
pub struct Loaded {
    /// What it says of itself.
    pub checkpoint: Checkpoint,
    /// One sentence for each damaged checkpoint that was skipped.
    pub skipped: Vec<String>,
}

/// Loads a checkpoint through `load`, falling back to older ones where one is damaged; `None` if there is none at all.
///
/// # Errors
/// None can be used, though there were some.
pub fn load(
    run: &RunDir,
    which: Which,
    mut load: impl FnMut(&Path) -> Result<(), TrainError>,
) -> Result<Option<Loaded>, TrainError> {
    let preferred = (which == Which::Best).then(|| pointed(run, BEST)).flatten();
    let mut candidates: Vec<PathBuf> = preferred.into_iter().collect();
    candidates.extend(folders(run));
    let mut skipped = Vec::new();
    if which == Which::Best && preferred_is_lost(run) {
        skipped.push(format!("the one that {} names is gone", run.pointer(BEST).display()));
    }
    for folder in candidates {
        match verify(&folder).and_then(|checkpoint| load(&folder).map(|()| checkpoint)) {
            Ok(checkpoint) => return Ok(Some(Loaded { checkpoint, skipped })),
            Err(error) => skipped.push(with_causes(&error)),
        }
    }
    match skipped.into_iter().next() {
        // Where one was saved once, starting afresh would throw away what is left of the run.
        None if !run.pointer(LATEST).exists() => Ok(None),
        newest => Err(TrainError::NoCheckpoint { path: run.root().to_owned(), newest: newest.map(Unusable) }),
    }
}

fn preferred_is_lost(run: &RunDir) -> bool {
    run.pointer(BEST).exists() && pointed(run, BEST).is_none()
}

fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |error| error.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
