//! Blocks that families share, one a file: configuration, module, `init`, `forward`.

mod batch_norm;
mod conv;
mod conv_transpose;
mod init;
mod linear;
mod spectral_norm;

pub use batch_norm::{BatchNorm, BatchStatistics};
pub use conv::Conv;
pub use conv_transpose::ConvTranspose;
pub use init::Gaussian;
pub(crate) use init::normal_pair;
pub use linear::Linear;
pub use spectral_norm::SpectralNorm;
