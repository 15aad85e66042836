//! What every launch of a kernel needs.

use burn::backend::TensorMetadata;
use burn::tensor::Shape;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::calculate_cube_count_elemwise;
use cubecl::client::Client;
use cubecl::ir::ElemType;
use cubecl::prelude::{CubeCount, CubeDim};
use cubecl::std::tensor::TensorHandle;

/// One unit for every value of an output.
pub(super) struct Launch {
    pub client: Client,
    pub cubes: CubeCount,
    pub cube: CubeDim,
    /// Values of the output; units beyond it do nothing.
    pub count: usize,
    /// Element type of all tensors.
    pub kind: ElemType,
}

impl Launch {
    /// For an output that [`beside`] made. Indices have 32 bits.
    pub(super) fn over(out: &CubeTensor) -> Self {
        let count = out.shape().num_elements();
        assert!(u32::try_from(count).is_ok(), "a tensor of {count} values is too large for one launch");
        let client = out.client.clone();
        let cube = CubeDim::new(&client, count);
        let cubes = calculate_cube_count_elemwise(&client, count, cube);
        Self { client, cubes, cube, count, kind: TensorHandle::from(out.clone()).dtype }
    }
}

/// A tensor without values, contiguous, on the device of another and of its element type.
pub(super) fn beside(tensor: &CubeTensor, shape: Shape) -> CubeTensor {
    empty_device_contiguous_dtype(tensor.client.clone(), tensor.device.clone(), shape, tensor.dtype)
}

/// Refuses tensors that a kernel cannot read in step.
pub(super) fn same(a: &CubeTensor, b: &CubeTensor) {
    assert_eq!((a.shape(), a.dtype), (b.shape(), b.dtype), "tensors of one shape and element type");
}
