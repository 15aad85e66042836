//! What a conditional GAN is told beside its noise: which token, and where in the bar.

use burn::module::Module;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::labels::POSITIONS;
use crate::nn::{Embedding, Gaussian};

/// How labels say what is made; a GAN without this table takes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConditionConfig {
    /// Values that a label becomes before a network sees it, 0 to 1024. More of them tell more tokens apart, and take more
    /// beats of each to learn. With 0 the networks are not told: a token only says which beats' codes noise recalls, so that a
    /// discriminator cannot learn the few beats of a token by heart; needs codes.
    pub width: usize,
    /// Whether networks that are told anything are told the position in the bar, too, or the token alone.
    pub positions: bool,
}

impl Default for ConditionConfig {
    fn default() -> Self {
        Self { width: 128, positions: true }
    }
}

impl ConditionConfig {
    /// Itself, where networks are told; nothing where tokens choose among codes alone.
    pub(super) fn told(self) -> Option<Self> {
        (self.width > 0).then_some(self)
    }

    /// Whether another position makes another beat.
    pub(super) fn tells_positions(self) -> bool {
        self.width > 0 && self.positions
    }
}

/// A learned vector for each label: that of its token, plus that of its position.
#[derive(Module, Debug)]
pub struct LabelEmbedding {
    tokens: Embedding,
    positions: Option<Embedding>,
}

impl LabelEmbedding {
    /// For labels of `tokens` tokens; vectors start normally distributed with this deviation.
    pub fn init(
        config: &ConditionConfig,
        tokens: usize,
        deviation: f64,
        spectral: bool,
        init: &mut Gaussian<'_>,
    ) -> Self {
        let mut table = |things: usize| {
            let table = Embedding::init([things, config.width], deviation, init);
            if spectral { table.with_spectral_norm(init) } else { table }
        };
        Self { tokens: table(tokens), positions: config.positions.then(|| table(POSITIONS)) }
    }

    /// # Shapes
    /// `labels`: `[batch, 2]`, token and position; output: `[batch, width]`
    pub fn forward(&self, labels: Tensor<2, Int>) -> Tensor<2> {
        let token = self.tokens.forward(labels.clone().narrow(1, 0, 1)).flatten(1, 2);
        match &self.positions {
            None => token,
            Some(positions) => token + positions.forward(labels.narrow(1, 1, 1)).flatten(1, 2),
        }
    }

    /// Follows the tables with the spectral norms' estimates, once after every optimiser step.
    pub fn refresh(self) -> Self {
        Self { tokens: self.tokens.refresh(), positions: self.positions.map(Embedding::refresh) }
    }
}
