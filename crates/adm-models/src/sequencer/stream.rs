//! From a run to tokens that go on for as long as they are asked for.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_train::checkpoint::{self, Which};
use adm_train::{RunDir, TrainError, weights};
use burn::tensor::Device;

use super::resolved::Resolved;
use super::sample::RECENT;
use super::trainee::{WEIGHTS, start};
use super::{Counting, Network, SamplingSettings, State, draw};
use crate::ModelError;

/// A trained sequencer.
#[derive(Debug)]
pub struct Composer {
    network: Network,
    counting: Option<Counting>,
    resolved: Resolved,
    device: Device,
    /// One sentence for each damaged checkpoint that was passed over.
    pub skipped: Vec<String>,
    /// Steps of the checkpoint that was loaded.
    pub step: u64,
}

impl Composer {
    /// Loads the best checkpoint of a run (the newest, where nothing was judged).
    ///
    /// # Errors
    /// A damaged configuration, one of another family, or no usable checkpoint.
    pub fn open(run: &RunDir, device: &Device) -> Result<Self, ModelError> {
        let resolved = Resolved::load(&run.config())?;
        let mut parts = None;
        let mut load = |folder: &Path| {
            let arrays = weights::load(&folder.join(WEIGHTS))?;
            let network = weights::apply(start(&resolved, device), &arrays)?;
            let counting = |[vocabulary, longest]: [usize; 2]| Counting::load_fitted(folder, vocabulary, longest);
            parts = Some((network, resolved.counted().map(counting).transpose()?));
            Ok(())
        };
        let loaded = checkpoint::load(run, Which::Best, &mut load)?;
        let none = || TrainError::NoCheckpoint { path: run.root().to_owned(), newest: None };
        let (loaded, (network, counting)) = loaded.zip(parts).ok_or_else(none)?;
        let (skipped, step) = (loaded.skipped, loaded.checkpoint.step);
        Ok(Self { network, counting, resolved, device: device.clone(), skipped, step })
    }

    /// A composer of a network at hand, and of what is mixed with it.
    pub(super) fn of(network: Network, counting: Option<Counting>, resolved: Resolved, device: Device) -> Self {
        Self { network, counting, resolved, device, skipped: Vec::new(), step: 0 }
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Where it computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// What is mixed with what the network says; none where that is left alone.
    pub fn counting(&self) -> Option<&Counting> {
        self.counting.as_ref()
    }

    /// Number of tokens.
    pub fn vocabulary(&self) -> usize {
        self.network.vocabulary()
    }

    /// The class of each token.
    pub fn class_of(&self) -> &[u32] {
        &self.resolved.tokens.class_of
    }

    /// Fingerprint of the token book that the tokens come from.
    pub fn book(&self) -> &str {
        &self.resolved.tokens.book
    }
}

/// Tokens that follow one another.
///
/// The draw of every beat comes from the seed and the beat's number, and the clock from the number alone.
#[derive(Debug, Clone)]
pub struct TokenStream {
    composer: Arc<Composer>,
    seeds: Seeds,
    state: Option<State>,
    previous: u32,
    recent: VecDeque<u32>,
    clock: u64,
    drawn: u64,
}

impl TokenStream {
    /// A stream that begins with nothing before it.
    pub fn new(composer: Arc<Composer>, seeds: Seeds) -> Self {
        let previous = composer.vocabulary() as u32;
        Self { composer, seeds, state: None, previous, recent: VecDeque::new(), clock: 0, drawn: 0 }
    }

    /// A stream that goes on from these tokens, the first of which has this clock.
    ///
    /// # Errors
    /// A token outside the vocabulary.
    pub fn primed(composer: Arc<Composer>, seeds: Seeds, tokens: &[u32], clock: u64) -> Result<Self, ModelError> {
        let vocabulary = composer.vocabulary();
        if let Some(&token) = tokens.iter().find(|&&token| token as usize >= vocabulary) {
            return Err(ModelError::TokenRange { token, vocabulary });
        }
        let mut stream = Self { clock, ..Self::new(composer, seeds) };
        for &token in tokens {
            stream.listen();
            stream.heard(token);
        }
        Ok(stream)
    }

    /// From here on draws from other seeds; what was heard stays.
    pub fn reseed(&mut self, seeds: Seeds) {
        (self.seeds, self.drawn) = (seeds, 0);
    }

    /// The next token. `bias` is added to the logarithms of the probabilities; see [`draw`].
    pub fn next(&mut self, settings: &SamplingSettings, bias: Option<&[f32]>) -> u32 {
        let log_probabilities = self.listen();
        let uniform = self.seeds.stream("tokens", self.drawn).random::<f64>();
        self.drawn += 1;
        let token = draw(&log_probabilities, bias, self.recent.make_contiguous(), settings, uniform);
        self.heard(token);
        token
    }

    /// Tells the network of the beat before; what it thinks of the next, counting included.
    fn listen(&mut self) -> Vec<f32> {
        let Composer { network, counting, device, .. } = &*self.composer;
        let (logs, state) = network.forward(&[self.previous], [1, 1], self.clock, self.state.take(), device);
        self.state = Some(state);
        let mut logs: Vec<f32> = logs.into_data().iter::<f32>().collect();
        if let Some(counting) = counting {
            counting.mix(&mut logs, self.recent.make_contiguous());
        }
        logs
    }

    fn heard(&mut self, token: u32) {
        self.previous = token;
        self.clock += 1;
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(token);
    }
}
