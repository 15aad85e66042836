//! What every launch of a kernel needs.

use burn::tensor::Shape;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::calculate_cube_count_elemwise;
use cubecl::client::Client;
use cubecl::ir::ElemType;
use cubecl::prelude::{CubeCount, CubeDim};
use cubecl::std::tensor::TensorHandle;

/// A tensor without values, beside another.
pub(super) fn empty_like(tensor: &CubeTensor, shape: Shape) -> CubeTensor {
    empty_device_contiguous_dtype(tensor.client.clone(), tensor.device.clone(), shape, tensor.dtype)
}

/// Groups of units for so many places, one each.
pub(super) fn grid(client: &Client, count: usize) -> (CubeCount, CubeDim) {
    let cube = CubeDim::new(client, count);
    (calculate_cube_count_elemwise(client, count, cube), cube)
}

/// What the values are to a kernel.
pub(super) fn kind(tensor: &CubeTensor) -> ElemType {
    TensorHandle::from(tensor.clone()).dtype
}
