//! The gradient of a dilated convolution's weight: a matrix product for each place of the kernel.

use burn::backend::ops::FloatTensorOps;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::{Shape, Slice};
use burn_cubecl::tensor::CubeTensor;

/// # Shapes
/// `big`: `[batch, big_channels, length]`; `small`: `[batch, small_channels, shorter]`; output: `[small_channels, big_channels, kernel]`
pub(super) fn conv1d_weight(big: CubeTensor, small: CubeTensor, dilation: usize) -> CubeTensor {
    let (shape, small_shape) = (big.shape(), small.shape());
    let kernel = (shape[2] - small_shape[2]) / dilation + 1;
    let places = (0..kernel).map(|place| {
        let (from, length) = (place * dilation, small_shape[2]);
        let moved = [0..shape[0], 0..shape[1], from..from + length].map(Slice::from);
        let moved = Cube::float_swap_dims(Cube::float_slice(big.clone(), &moved), 1, 2);
        let sum = Cube::float_sum_dim(Cube::float_matmul(small.clone(), moved), 0);
        Cube::float_reshape(sum, Shape::new([small_shape[1], shape[1], 1]))
    });
    Cube::float_cat(places.collect(), 2)
}
