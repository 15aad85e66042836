//! A sequencer in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::Split;
use adm_train::{Judgement, Learner, StepContext, TrainError, Trainee};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use super::evaluate::likeliest;
use super::resolved::{Resolved, TokenConfig};
use super::{
    Balance, Composer, Corpus, Counting, Foretold, Network, SamplingSettings, SequencerConfig, TokenStream,
    WindowBatch, Windows, negative_log_likelihood,
};
use crate::ModelError;
use crate::nn::Gaussian;

const NAME: &str = "sequencer";
/// The file of the weights within a checkpoint.
pub(super) const WEIGHTS: &str = "sequencer.safetensors";

/// The file of what was foretold since the last judgement, so that a resumed run ends where an undisturbed one would.
const LATELY: &str = "lately.json";

/// Beats of a preview, and of the sequence that the balance is taken of.
const PREVIEWED: usize = 256;

/// The network, what it learns from, and how it has done lately.
pub struct SequencerTrainee {
    resolved: Resolved,
    corpus: Corpus,
    counting: Option<Counting>,
    learner: Learner<Network>,
    /// For tensors that need gradients.
    device: Device,
    /// For those that need none.
    plain: Device,
    /// Beats foretold rightly since the last judgement, and all.
    lately: [f64; 2],
}

/// A network with starting weights, for a checkpoint to be put into.
pub(super) fn start(resolved: &Resolved, device: &Device) -> Network {
    let config = &resolved.sequencer;
    Network::init(config, &resolved.tokens.class_of, &mut Gaussian::new(Seeds::new(config.seed), NAME, device))
}

impl SequencerTrainee {
    /// A network with starting weights for a corpus of tokens from the token book with the fingerprint `book`, on `device`
    /// (without autodiff).
    ///
    /// # Errors
    /// A setting out of range, or a preset of both levels for a book with one.
    pub fn new(config: SequencerConfig, corpus: Corpus, book: &str, device: &Device) -> Result<Self, ModelError> {
        config.validate()?;
        let class_of = corpus.class_of().to_vec();
        let classes = class_of.iter().max().map_or(0, |&last| last as usize + 1);
        if config.input.classes && (classes < 2 || classes == class_of.len()) {
            return Err(ModelError::NoClasses);
        }
        let training = device.clone().autodiff();
        let optimizer = config.optimizer;
        let counting = Counting::learn(&corpus, config.counting.longest);
        let resolved = Resolved { sequencer: config, tokens: TokenConfig { book: book.to_owned(), class_of } };
        let learner = optimizer.learner(start(&resolved, &training));
        Ok(Self { resolved, corpus, counting, learner, device: training, plain: device.clone(), lately: [0.0; 2] })
    }

    /// The run's `config.toml`: every setting as it was resolved, which reloads as it is.
    ///
    /// # Errors
    /// None that a valid configuration can cause.
    pub fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&self.resolved)
    }

    /// What its batches are made of.
    pub fn windows(&self) -> Windows {
        let config = &self.resolved.sequencer;
        let shape = [config.training.batch, config.training.time_steps];
        Windows::new(&self.corpus, shape, config.input.forget, Seeds::new(config.seed))
    }

    /// Number of weights.
    pub fn parameter_count(&self) -> usize {
        self.learner.module().num_params()
    }

    /// What it learns from.
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The network as it is now, without gradients.
    ///
    /// # Errors
    /// Weights that cannot be read back.
    pub fn network(&self) -> Result<Network, TrainError> {
        let arrays = adm_train::weights::collect(self.learner.module());
        adm_train::weights::apply(start(&self.resolved, &self.plain), &arrays)
    }

    /// A sequence of its own of so many beats, drawn from the stream of the run's seed.
    fn dream(&self, network: Network, beats: usize) -> Vec<u32> {
        let composer = Composer::of(network, self.counting.clone(), self.resolved.clone(), self.plain.clone());
        let mut stream = TokenStream::new(Arc::new(composer), Seeds::new(self.resolved.sequencer.seed));
        (0..beats).map(|_| stream.next(&SamplingSettings::default(), None)).collect()
    }

    fn count_hits(&mut self, log_probabilities: Tensor<3>, batch: &WindowBatch) {
        let logs: Vec<f32> = log_probabilities.into_data().iter::<f32>().collect();
        let rows = logs.chunks_exact(self.corpus.vocabulary()).zip(&batch.targets).zip(&batch.weights);
        for ((row, &target), &weight) in rows {
            let hit = if likeliest(row) == target as usize { f64::from(weight) } else { 0.0 };
            self.lately[0] += hit;
            self.lately[1] += f64::from(weight);
        }
    }

    fn accuracy(&self) -> f64 {
        self.lately[0] / self.lately[1].max(1.0)
    }

    fn enough(&self) -> Option<String> {
        let wanted = self.resolved.sequencer.training.stop_accuracy;
        let reached = wanted > 0.0 && self.lately[1] > 0.0 && self.accuracy() >= wanted;
        reached.then(|| format!("an accuracy of {:.3} on the training split, and {wanted} is enough", self.accuracy()))
    }
}

impl Trainee for SequencerTrainee {
    type Batch = WindowBatch;

    fn metric_names(&self) -> &'static [&'static str] {
        &["sequencer_loss", "sequencer_norm"]
    }

    fn step(&mut self, context: StepContext, batch: WindowBatch) -> Result<Vec<f64>, TrainError> {
        let network = self.learner.module();
        let (logs, _) = network.forward(&batch.previous, batch.shape, batch.clock, None, &self.device);
        let targets = TensorData::new(batch.targets.iter().map(|&token| token as i32).collect::<Vec<_>>(), batch.shape);
        let weights = TensorData::new(batch.weights.clone(), batch.shape);
        let on = &self.device;
        let loss =
            negative_log_likelihood(logs.clone(), Tensor::from_data(targets, on), Tensor::from_data(weights, on));
        if context.measure {
            self.count_hits(logs, &batch);
        }
        Ok(self.resolved.sequencer.optimizer.descend(&mut self.learner, loss, context))
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        let tokens = self.dream(self.network()?, PREVIEWED);
        let bars: Vec<String> =
            tokens.chunks(4).map(|bar| bar.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")).collect();
        let path = folder.join(format!("step-{step:06}.txt"));
        let text = bars.join("\n") + "\n";
        adm_core::persist::write_bytes(&path, text.as_bytes()).map_err(TrainError::io("write", &path))
    }

    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        let network = self.network()?;
        let foretold = Foretold::of_split(&network, &self.corpus, Split::Validation, &self.plain);
        if let Some(counting) = &mut self.counting {
            counting.fit(&foretold);
        }
        let (scores, alone) = (foretold.scores(self.counting.as_ref()), foretold.scores(None));
        let balance = Balance::of(&self.dream(network, PREVIEWED), &self.corpus);
        let details = vec![
            ("training_accuracy", self.accuracy()),
            ("held_out_accuracy", scores.accuracy),
            ("held_out_perplexity", scores.perplexity),
            ("network_accuracy", alone.accuracy),
            ("network_perplexity", alone.perplexity),
            ("network_share", self.counting.as_ref().map_or(1.0, |counting| counting.shares().network)),
            ("repeated", balance.repeated),
            ("new_figures", balance.new),
        ];
        let enough = self.enough();
        self.lately = [0.0; 2];
        Ok(Some(Judgement { distance: scores.perplexity, details, enough }))
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        let path = folder.join(LATELY);
        let refused = |error: serde_json::Error| TrainError::io("write", &path)(error.into());
        let text = serde_json::to_vec(&self.lately).map_err(refused)?;
        adm_core::persist::write_bytes(&path, &text).map_err(TrainError::io("write", &path))?;
        if let Some(counting) = &self.counting {
            counting.save(folder)?;
        }
        self.learner.save(folder, NAME)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        let path = folder.join(LATELY);
        let text = std::fs::read(&path).map_err(TrainError::io("read", &path))?;
        self.lately =
            serde_json::from_slice(&text).map_err(|error| TrainError::Damaged { path, reason: error.to_string() })?;
        let counted = self.resolved.counted();
        self.counting = counted.map(|[vocabulary, longest]| Counting::load(folder, vocabulary, longest)).transpose()?;
        self.learner.load(folder, NAME, &self.plain)
    }
}
