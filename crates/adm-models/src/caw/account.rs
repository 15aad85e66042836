//! What a checkpoint says of its scales: `caw.json`, and a generator of each beside it.

use std::path::{Path, PathBuf};

use adm_train::{TrainError, weights};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::ladder::Rung;
use super::stage::start;
use super::{CawError, Resolved};
use crate::ModelError;

const ACCOUNT: &str = "caw.json";

/// Which scales are done, and the one in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Account {
    /// The step at which each finished scale ended.
    pub ends: Vec<u64>,
    /// Deviation of the noise of each of them and of the one in training.
    pub noise: Vec<f32>,
}

/// A scale's generator with the statistics of the reconstruction, and with those of what it makes up.
fn files(folder: &Path, scale: usize) -> [PathBuf; 2] {
    ["", "-free"].map(|kind| folder.join(format!("scale-{scale:02}{kind}.safetensors")))
}

impl Account {
    /// Writes it with all scales, the one in training included.
    pub fn save(ends: &[u64], rungs: &[Rung], folder: &Path) -> Result<(), TrainError> {
        for (scale, rung) in rungs.iter().enumerate() {
            for (generator, file) in [&rung.generator, &rung.free].into_iter().zip(files(folder, scale)) {
                weights::save(&weights::collect(generator), &file)?;
            }
        }
        let account = Self { ends: ends.to_vec(), noise: rungs.iter().map(|rung| rung.noise).collect() };
        let (path, text) = (folder.join(ACCOUNT), serde_json::to_string_pretty(&account).unwrap_or_default());
        adm_core::persist::write_bytes(&path, text.as_bytes()).map_err(TrainError::io("write", path))
    }

    /// Reads it with all scales, the one in training included.
    pub fn load(resolved: &Resolved, folder: &Path, device: &Device) -> Result<(Self, Vec<Rung>), TrainError> {
        let path = folder.join(ACCOUNT);
        let text = std::fs::read_to_string(&path).map_err(TrainError::io("read", &path))?;
        let damaged = |reason: String| TrainError::Damaged { path: path.clone(), reason };
        let account: Self = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        let rates = &resolved.sound.rates;
        if account.noise.len() != account.ends.len() + 1 || account.noise.len() > rates.len() {
            return Err(damaged(CawError::Account { scales: account.ends.len(), most: rates.len() }.to_string()));
        }
        let rung = |(scale, (&rate, &noise)): (usize, (&u32, &f32))| {
            let fresh = || start(&resolved.caw, scale, resolved.sound.channels, device);
            let [generator, free] = files(folder, scale).map(|file| weights::apply(fresh(), &weights::load(&file)?));
            Ok(Rung { rate, noise, generator: generator?, free: free? })
        };
        let rungs = rates.iter().zip(&account.noise).enumerate().map(rung).collect::<Result<_, TrainError>>()?;
        Ok((account, rungs))
    }
}

/// A family's error as one of the loop's.
pub(super) fn failed(action: &'static str) -> impl FnOnce(ModelError) -> TrainError {
    move |error| TrainError::family(action)(Box::new(error))
}
