//! A mixture density network in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::{Split, Vectors};
use adm_train::{Judgement, Learner, StepContext, TrainError, Trainee};
use burn::module::Module;
use burn::tensor::Device;

use super::evaluate::batch_loss;
use super::resolved::{Resolved, RowConfig};
use super::{
    Dream, Dreamer, Frames, MdnConfig, Network, RowBatch, Sampling, Series, Stretches, change, doubt, held_out_loss,
};
use crate::ModelError;
use crate::nn::Gaussian;

/// Any error of a caller's own.
type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Writes rows of the network's own, for a preview: the rows, and the path without extension.
pub type WriteRows = Box<dyn Fn(&Vectors, &Path) -> Result<(), AnyError>>;

const NAME: &str = "mdn";
/// The file of the weights within a checkpoint.
pub(super) const WEIGHTS: &str = "mdn.safetensors";

/// Rows that previews and the network's own rows go on from, at most.
const PRIMED: usize = 256;

/// Rows of its own that a judgement looks at.
const DREAMED: usize = 256;

/// The network and what it learns from.
pub struct MdnTrainee {
    resolved: Resolved,
    series: Arc<Series>,
    stretches: Stretches,
    learner: Learner<Network>,
    /// For tensors that need gradients.
    device: Device,
    /// For those that need none.
    plain: Device,
    /// Rows of a preview, and how they are written.
    write_preview: Option<(usize, WriteRows)>,
}

/// A network with starting weights, for a checkpoint to be put into.
pub(super) fn start(resolved: &Resolved, device: &Device) -> Result<Network, ModelError> {
    let config = &resolved.mdn;
    Network::init(config, resolved.rows.columns, &mut Gaussian::new(Seeds::new(config.seed), NAME, device))
}

impl MdnTrainee {
    /// A network with starting weights for a series, which is one of `frames` of sound where there are any, on `device` (without
    /// autodiff).
    ///
    /// # Errors
    /// A setting out of range; passages no longer than what is only heard; copies at other pitches of what is no sound.
    pub fn new(
        config: MdnConfig,
        series: Series,
        frames: Option<&Frames>,
        device: &Device,
    ) -> Result<Self, ModelError> {
        config.validate()?;
        let training = device.clone().autodiff();
        let series = Arc::new(series);
        let stretches = Stretches::new(&series, &config)?.with_versions(config.augment.versions(frames)?);
        let optimizer = config.optimizer;
        let resolved = Resolved { rows: RowConfig::of(&series, frames), mdn: config };
        let learner = optimizer.learner(start(&resolved, &training)?);
        Ok(Self { resolved, series, stretches, learner, device: training, plain: device.clone(), write_preview: None })
    }

    /// Has previews of so many rows written in training.
    #[must_use]
    pub fn with_preview(self, rows: usize, write: WriteRows) -> Self {
        Self { write_preview: Some((rows, write)), ..self }
    }

    /// The run's `config.toml`: every setting as it was resolved, which reloads as it is.
    ///
    /// # Errors
    /// None that a valid configuration can cause.
    pub fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&self.resolved)
    }

    /// What its batches are made of.
    pub fn stretches(&self) -> Stretches {
        self.stretches.clone()
    }

    /// Whether enough is held out to judge by.
    pub fn is_judged(&self) -> bool {
        Stretches::all_over(&self.series, Split::Validation, &self.resolved.mdn).is_some()
    }

    /// Number of weights.
    pub fn parameter_count(&self) -> usize {
        self.learner.module().num_params()
    }

    /// The rows that its own ones go on from: the first that it learns from, which a run keeps.
    pub fn primer(&self) -> Option<Vectors> {
        let longer = |first: &Vectors, other: &Vectors| other.len().min(PRIMED) > first.len().min(PRIMED);
        let rows = self.series.of_split(Split::Train).reduce(|a, b| if longer(a, b) { b } else { a })?;
        let columns = rows.columns();
        Vectors::new(columns, rows.values()[..rows.len().min(PRIMED) * columns].to_vec())
    }

    /// The network as it is now, without gradients.
    ///
    /// # Errors
    /// Weights that cannot be read back.
    pub fn network(&self) -> Result<Network, TrainError> {
        let arrays = adm_train::weights::collect(self.learner.module());
        let fresh = start(&self.resolved, &self.plain).map_err(failed("building the network"))?;
        adm_train::weights::apply(fresh, &arrays)
    }

    /// Rows of its own; `None` where they are not finite.
    fn dream(&self, network: Network, rows: usize) -> Result<Option<Vectors>, TrainError> {
        let Some(primer) = self.primer() else { return Ok(None) };
        let dreamer = Arc::new(Dreamer::of(network, self.resolved.clone(), self.plain.clone()));
        let seeds = Seeds::new(self.resolved.mdn.seed);
        let dream = Dream::primed(dreamer, &primer, Sampling::usual(self.resolved.rows.sound.is_some()), seeds);
        Ok(dream.map_err(failed("going on from what was learned"))?.rows(rows))
    }
}

fn failed(action: &'static str) -> impl FnOnce(ModelError) -> TrainError {
    move |error| TrainError::family(action)(Box::new(error))
}

impl Trainee for MdnTrainee {
    type Batch = RowBatch;

    fn metric_names(&self) -> &'static [&'static str] {
        &["mdn_loss", "mdn_norm"]
    }

    fn step(&mut self, context: StepContext, batch: RowBatch) -> Result<Vec<f64>, TrainError> {
        let (network, config) = (self.learner.module(), &self.resolved.mdn);
        let loss = batch_loss(network, &batch, config, &self.device);
        Ok(config.optimizer.descend(&mut self.learner, loss, context))
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        let Some((rows, write)) = &self.write_preview else { return Ok(()) };
        // A network that is still wild has nothing to be shown.
        let Some(rows) = self.dream(self.network()?, *rows)? else { return Ok(()) };
        write(&rows, &folder.join(format!("step-{step:06}"))).map_err(TrainError::family("writing a preview"))
    }

    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        let (network, config) = (self.network()?, &self.resolved.mdn);
        let Some(loss) = held_out_loss(&network, &self.series, Split::Validation, config, &self.plain) else {
            return Ok(None);
        };
        let standard = self.series.standard();
        let own = self.dream(network, DREAMED)?.map_or(f64::INFINITY, |rows| change(&rows, standard));
        let details = vec![("held_out_loss", loss), ("own_change", own / self.resolved.rows.change)];
        let distance = doubt(loss, self.resolved.rows.columns, &config.mixture);
        Ok(Some(Judgement { distance, details, enough: None }))
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.learner.save(folder, NAME)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.learner.load(folder, NAME, &self.plain)
    }
}
