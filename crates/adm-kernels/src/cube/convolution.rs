//! Convolutions as matrix products, which GPUs are built for: burn's own direct kernel reads each pixel once for every weight.
//!
//! ```text
//! conv            small = W · columns(big)          [small, lines] · [batch, lines, places]
//! conv_transpose  big = fold(Wᵀ · small)            [lines, small] · [batch, small, places]
//! conv_weight     W = Σ small · columns(big)ᵀ       [batch, small, places] · [batch, places, lines]
//! ```
//!
//! Columns are `kernel²/stride²` times as large as the picture, and a weight's gradient has a product for every picture, so a batch
//! is taken in parts of at most [`MOST_BYTES`], or of one picture where that alone is larger.

use std::ops::Range;

use burn::backend::ops::FloatTensorOps;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::{Shape, Slice};
use burn_cubecl::tensor::CubeTensor;

use super::columns::{fold, unfold};
use crate::ops::Window;

/// Most that columns, or the products made of them, take at once: what every WebGPU device can bind.
const MOST_BYTES: usize = 128 << 20;

/// Even parts of a batch, so that there are few shapes to tune for.
fn parts(batch: usize, bytes_each: usize) -> impl Iterator<Item = Range<usize>> {
    let most = (MOST_BYTES / bytes_each.max(1)).max(1);
    let at_once = batch.div_ceil(batch.div_ceil(most).max(1)).max(1);
    // A batch of none still has a shape.
    (0..batch.max(1)).step_by(at_once).map(move |first| first..batch.min(first + at_once))
}

/// Some pictures of a batch.
fn some_of(tensor: &CubeTensor, part: &Range<usize>) -> CubeTensor {
    let shape = tensor.shape();
    if part.len() == shape[0] {
        return tensor.clone();
    }
    let whole = (1..shape.num_dims()).map(|axis| Slice::from(0..shape[axis]));
    let slices: Vec<Slice> = [Slice::from(part.clone())].into_iter().chain(whole).collect();
    Cube::float_slice(tensor.clone(), &slices)
}

/// Parts of a batch to a whole one.
fn joined(mut parts: Vec<CubeTensor>) -> CubeTensor {
    if parts.len() == 1 { parts.remove(0) } else { Cube::float_cat(parts, 0) }
}

/// The weight as a matrix `[1, small_channels, lines]`, for every picture of a batch.
fn matrix(weight: CubeTensor) -> CubeTensor {
    let shape = weight.shape();
    Cube::float_reshape(weight, Shape::new([1, shape[0], shape[1] * shape[2] * shape[3]]))
}

/// `[batch, channels, rows, columns]` with its places in one line.
fn flat(small: CubeTensor) -> CubeTensor {
    let shape = small.shape();
    Cube::float_reshape(small, Shape::new([shape[0], shape[1], shape[2] * shape[3]]))
}

/// Bytes of one picture's matrix of so many columns for every line.
fn bytes(channels: usize, window: Window, columns: usize, of: &CubeTensor) -> usize {
    channels * window.kernel * window.kernel * columns * of.dtype.size()
}

/// Refuses pictures and a weight that do not go together.
fn fitting(channels: usize, weight: usize) {
    assert_eq!(channels, weight, "channels of a picture and of its weight");
}

/// # Shapes
/// As [`crate::conv`].
pub(super) fn conv(big: CubeTensor, weight: CubeTensor, window: Window) -> CubeTensor {
    let shape = big.shape();
    fitting(shape[1], weight.shape()[1]);
    let [rows, columns] = [shape[2], shape[3]].map(|side| window.small_side(side));
    let small_channels = weight.shape()[0];
    let weight = matrix(weight);
    let made = parts(shape[0], bytes(shape[1], window, rows * columns, &big)).map(|part| {
        let product = Cube::float_matmul(weight.clone(), unfold(some_of(&big, &part), window));
        Cube::float_reshape(product, Shape::new([part.len(), small_channels, rows, columns]))
    });
    joined(made.collect())
}

/// # Shapes
/// As [`crate::conv_transpose`], `size` being the height and width of the output.
pub(super) fn conv_transpose(small: CubeTensor, weight: CubeTensor, window: Window, size: [usize; 2]) -> CubeTensor {
    let (shape, channels) = (small.shape(), weight.shape()[1]);
    fitting(shape[1], weight.shape()[0]);
    let small = flat(small);
    let weight = Cube::float_swap_dims(matrix(weight), 1, 2);
    let made = parts(shape[0], bytes(channels, window, shape[2] * shape[3], &small))
        .map(|part| fold(Cube::float_matmul(weight.clone(), some_of(&small, &part)), window, size));
    joined(made.collect())
}

/// # Shapes
/// `big` and `small` as for [`crate::conv`]; output: that of its weight.
pub(super) fn conv_weight(big: CubeTensor, small: CubeTensor, window: Window) -> CubeTensor {
    let (shape, small_shape) = (big.shape(), small.shape());
    let sides = [shape[2], shape[3]].map(|side| window.small_side(side));
    assert_eq!(
        (shape[0], sides),
        (small_shape[0], [small_shape[2], small_shape[3]]),
        "a small picture of each big one"
    );
    let small = flat(small);
    // The products of one part are as many weights as it has pictures.
    let most = small_shape[1].max(sides[0] * sides[1]);
    let made = parts(shape[0], bytes(shape[1], window, most, &big)).map(|part| {
        let columns = Cube::float_swap_dims(unfold(some_of(&big, &part), window), 1, 2);
        Cube::float_sum_dim(Cube::float_matmul(some_of(&small, &part), columns), 0)
    });
    let shape = Shape::new([small_shape[1], shape[1], window.kernel, window.kernel]);
    match made.reduce(Cube::float_add) {
        Some(sum) => Cube::float_reshape(sum, shape),
        None => Cube::float_zeros(shape, &big.device, big.dtype.into()),
    }
}
