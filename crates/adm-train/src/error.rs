//! What can go wrong in training.

use std::path::PathBuf;

use adm_core::Hint;

/// An error of the training loop or of a run directory.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A file of a run could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// "read", "write", "create".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of a run holds something else than it should.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The run directory already holds a run.
    #[error("{} already holds a run", path.display())]
    RunExists {
        /// The directory.
        path: PathBuf,
    },
    /// The directory for a new run is not empty.
    #[error("{} is not empty and holds no run", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// Another process trains the run.
    #[error("another process is training {}", path.display())]
    InUse {
        /// The run directory.
        path: PathBuf,
    },
    /// The directory holds no run.
    #[error("{} holds no run", path.display())]
    NoRun {
        /// The directory.
        path: PathBuf,
    },
    /// None of a run's checkpoints could be loaded.
    #[error("{} holds no usable checkpoint", path.display())]
    NoCheckpoint {
        /// The run directory.
        path: PathBuf,
        /// Why the newest could not be used, if there was one.
        #[source]
        newest: Option<Unusable>,
    },
    /// A loss or gradient is not a number, or exploded.
    #[error("training diverged at step {step}: {name} is {value}")]
    Diverged {
        /// The step.
        step: u64,
        /// The metric.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// A network holds something that is no number.
    #[error("training diverged: {name} holds values that are not finite")]
    NotFinite {
        /// Path of the parameter in the module.
        name: String,
    },
    /// A saved tensor does not fit the network.
    #[error("{name} has shape {got:?} in the checkpoint but {expected:?} in the network")]
    Shape {
        /// Path of the parameter in the module.
        name: String,
        /// Shape in the network.
        expected: Vec<usize>,
        /// Shape in the file.
        got: Vec<usize>,
    },
    /// A parameter of the network is not in the checkpoint.
    #[error("{name} is missing from the checkpoint")]
    Missing {
        /// Path of the parameter in the module.
        name: String,
    },
    /// The device that was asked for is not there.
    #[error("there is no {wanted} on this machine{found}")]
    NoDevice {
        /// What was asked for.
        wanted: String,
        /// What there is, as a clause.
        found: String,
    },
    /// The GPU has not the memory that the work needs.
    #[error("{device} ran out of memory: {reason}")]
    OutOfMemory {
        /// What it calls itself.
        device: String,
        /// What its driver said.
        reason: String,
    },
    /// The GPU or its driver gave up.
    #[error("{device} failed: {reason}")]
    DeviceFailed {
        /// What it calls itself.
        device: String,
        /// What its driver said.
        reason: String,
    },
    /// The words after `--device` mean nothing.
    #[error("{given:?} is not a device")]
    UnknownDevice {
        /// What was given.
        given: String,
    },
    /// A batch or preview could not be made.
    #[error("{action} failed")]
    Family {
        /// What was being done.
        action: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl TrainError {
    /// An error of the file system at `path`.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// An error of a family's own work.
    pub fn family(action: &'static str) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> Self {
        move |source| Self::Family { action, source }
    }
}

/// Why a checkpoint could not be used, with its causes.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

impl Hint for TrainError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::RunExists { .. } => Some("use --resume to continue it, or give --run another directory".into()),
            Self::NotEmpty { .. } => Some("give --run a new or empty directory".into()),
            Self::InUse { .. } => Some("wait until it is done, or give --run another directory".into()),
            Self::NoRun { .. } => Some("give --run a directory that `adm train` made".into()),
            Self::NoCheckpoint { newest: None, .. } => Some(
                "wait for its first checkpoint, or go on with it: adm train FAMILY --run RUN --resume".into(),
            ),
            Self::NoCheckpoint { newest: Some(_), .. } => Some(
                "if its config.toml was edited, put it back as it was; otherwise train another --run, as nothing in this one can be \
                 continued"
                    .into(),
            ),
            Self::Diverged { .. } | Self::NotFinite { .. } => Some(
                "the last checkpoint is kept; start another --run with a lower --set optimizer.rate=…, or of a GAN with lower \
                 --set optimizer.generator_rate=… --set optimizer.discriminator_rate=…"
                    .into(),
            ),
            Self::Shape { .. } | Self::Missing { .. } => {
                Some("the run's config.toml was edited after training; put it back as it was".into())
            }
            Self::OutOfMemory { .. } => Some(
                "start again in another --run with a smaller --set training.batch=N, or a narrower \
                 network; or use --device cpu"
                    .into(),
            ),
            Self::DeviceFailed { .. } => {
                Some("use --resume to continue from the last checkpoint, or --device cpu to do without it".into())
            }
            Self::NoDevice { .. } | Self::UnknownDevice { .. } => {
                Some("use --device auto, cpu, gpu or gpu:N; `adm devices` lists what there is".into())
            }
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                Some("free some space and use --resume to continue from the last checkpoint".into())
            }
            Self::Io { .. } | Self::Damaged { .. } | Self::Family { .. } => None,
        }
    }
}
