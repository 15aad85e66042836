//! Fused network operations, registered with burn as a backend extension.
//!
//! burn's CPU backend (flex) multiplies matrices at the speed of the machine, but spends most of a GAN step elsewhere: a
//! convolution's weight gradient becomes a convolution with a huge kernel, and batch norm, activations and Adam are a
//! chain of passes over memory. Here each of these is one operation:
//!
//! ```text
//! operation             meaning                                             backward
//! conv                  small = W · columns(big)                            conv_transpose, conv_weight
//! conv_transpose        big = fold(Wᵀ · small)                              conv, conv_weight
//! conv_weight           W = small · columns(big)ᵀ                           conv_transpose, conv
//! conv1d                small = Σ Wₖ · big moved, dilated                   conv1d_transpose, conv1d_weight; closed like conv
//! linear                y = x · Wᵀ                                          two products
//! bias_activation       y = f(x + b)                                        from y alone
//! norm_activation       y = f(γ·(x − mean)/σ + β)                           from x and y
//! affine_silu           y = silu(gain·x + shift)                            from x
//! dropout               y = x·mask/(1 − share)                              dropout with the same mask
//! adam_update           one pass over weight, gradient and both moments     none
//! approach              average + share·(live − average)                    none
//! ```
//!
//! The first three are matrix products with the same *columns* matrix; they are closed under differentiation,
//! so an input gradient written as a forward operation (a gradient penalty) can itself be differentiated once.
//!
//! On flex (`flex/`) they are written out over `gemm` and rayon. On wgpu and CUDA (`cube/`) convolutions are burn's
//! matrix products between kernels of ours, norms are a few launches around sums over channels, activations, dropout, averages and
//! Adam are one each, and the rest is burn's own. `autodiff.rs` holds the backward passes, the same for both.
//!
//! Shapes: `big` is `[batch, big_channels, height, width]`, `small` is `[batch, small_channels, rows, columns]` and a
//! weight is `[small_channels, big_channels, kernel, kernel]`, which is PyTorch's layout of `Conv2d` (in: big, out: small)
//! and of `ConvTranspose2d` (in: small, out: big) alike.

mod adam;
mod autodiff;
mod cube;
mod dropout;
mod flex;
mod ops;
mod tensor;

pub use adam::{Adam, AdamState};
pub use dropout::Dropout;
pub use ops::{Activation, Window};
pub use tensor::{
    Normalised, affine_silu, approach, bias_activation, conv, conv_transpose, conv1d, conv1d_transpose, dropout,
    linear, norm_activation,
};
