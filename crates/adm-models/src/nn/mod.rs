//! Blocks that families share, one a file: configuration, module, `init`, `forward`.

mod attention;
mod batch_norm;
mod conv;
mod conv1d;
mod conv_transpose;
mod embedding;
mod group_norm;
mod init;
mod linear;
mod lstm;
mod pixel_attention;
mod recurrent;
mod spectral_norm;

pub use attention::{Attention, KeyValueCache};
pub use batch_norm::{BatchNorm, BatchStatistics};
pub use conv::Conv;
pub use conv_transpose::ConvTranspose;
pub use conv1d::{Conv1d, Reach};
pub use embedding::Embedding;
pub use group_norm::GroupNorm;
pub(crate) use init::normal_pair;
pub use init::{Gaussian, redraw};
pub use linear::Linear;
pub use lstm::{Lstm, LstmState};
pub use pixel_attention::PixelAttention;
pub use recurrent::Recurrent;
pub use spectral_norm::SpectralNorm;
