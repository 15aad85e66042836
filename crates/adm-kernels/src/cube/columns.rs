//! Pixels laid out so that a convolution is a matrix product, and back again.
//!
//! *Columns* are `[batch, big_channels·kernel², rows·columns]`: for every pixel of `small` the pixels of `big` that its window sees.

use burn::backend::TensorMetadata;
use burn::tensor::Shape;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::launch::{Launch, beside};
use crate::ops::Window;

/// The sides of both pictures, and how the window slides.
#[derive(CubeLaunch, CubeType)]
struct Sides {
    height: usize,
    width: usize,
    rows: usize,
    columns: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
}

/// Of a big picture of this height and width.
fn sides(window: Window, [height, width]: [usize; 2]) -> SidesLaunch {
    let [rows, columns] = [height, width].map(|side| window.small_side(side));
    SidesLaunch::new(height, width, rows, columns, window.kernel, window.stride, window.padding)
}

/// One place of the columns a unit.
#[cube(launch_unchecked)]
fn unfold_kernel<E: Numeric>(
    big: &[E],
    columns: &mut [E],
    sides: &Sides,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    let place = ABSOLUTE_POS;
    if place >= count {
        terminate!();
    }
    let column = place % sides.columns;
    let above = place / sides.columns;
    let row = above % sides.rows;
    let above = above / sides.rows;
    let kernel_x = above % sides.kernel;
    let above = above / sides.kernel;
    let kernel_y = above % sides.kernel;
    let channel = above / sides.kernel;
    // Padding is added to both sides of the comparison: indices have no sign.
    let y = row * sides.stride + kernel_y;
    let x = column * sides.stride + kernel_x;
    let mut value = E::from_int(0);
    if y >= sides.padding && x >= sides.padding {
        let y = y - sides.padding;
        let x = x - sides.padding;
        if y < sides.height && x < sides.width {
            value = big[(channel * sides.height + y) * sides.width + x];
        }
    }
    columns[place] = value;
}

/// One pixel of the big picture a unit: the sum of all places of the columns that see it.
#[cube(launch_unchecked)]
fn fold_kernel<E: Numeric>(
    columns: &[E],
    big: &mut [E],
    sides: &Sides,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    let place = ABSOLUTE_POS;
    if place >= count {
        terminate!();
    }
    let x = place % sides.width + sides.padding;
    let above = place / sides.width;
    let y = above % sides.height + sides.padding;
    let channel = above / sides.height;
    let mut value = E::from_int(0);
    // The kernel's places that meet this pixel: those that leave whole steps.
    let mut kernel_y = y % sides.stride;
    while kernel_y < sides.kernel && kernel_y <= y {
        let row = (y - kernel_y) / sides.stride;
        if row < sides.rows {
            let mut kernel_x = x % sides.stride;
            while kernel_x < sides.kernel && kernel_x <= x {
                let column = (x - kernel_x) / sides.stride;
                if column < sides.columns {
                    let line = (channel * sides.kernel + kernel_y) * sides.kernel + kernel_x;
                    value += columns[(line * sides.rows + row) * sides.columns + column];
                }
                kernel_x += sides.stride;
            }
        }
        kernel_y += sides.stride;
    }
    big[place] = value;
}

/// `[batch, big_channels, height, width]` to columns.
pub(super) fn unfold(big: CubeTensor, window: Window) -> CubeTensor {
    let shape = big.shape();
    let [rows, columns] = [shape[2], shape[3]].map(|side| window.small_side(side));
    let lines = shape[1] * window.kernel * window.kernel;
    let big = into_contiguous(big);
    let out = beside(&big, Shape::new([shape[0], lines, rows * columns]));
    let launch = Launch::over(&out);
    // SAFETY: both buffers are contiguous; the kernel writes below `count`, which is what `out` holds, and reads inside `big`,
    // since every picture, channel, row and column is below its own count.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        unfold_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            big.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            sides(window, [shape[2], shape[3]]),
            launch.count,
            launch.kind,
        );
    }
    out
}

/// Columns to `[batch, big_channels, height, width]`, `size` being the last two, where places that see the same pixel add up.
pub(super) fn fold(columns: CubeTensor, window: Window, size: [usize; 2]) -> CubeTensor {
    let shape = columns.shape();
    let places: usize = size.map(|side| window.small_side(side)).iter().product();
    assert_eq!(shape[2], places, "places of the columns of a picture of {size:?}");
    let channels = shape[1] / (window.kernel * window.kernel);
    let columns = into_contiguous(columns);
    let out = beside(&columns, Shape::new([shape[0], channels, size[0], size[1]]));
    let launch = Launch::over(&out);
    // SAFETY: as in `unfold`, the other way round; the columns have the places that the kernel counts with.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        fold_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            columns.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            sides(window, size),
            launch.count,
            launch.kind,
        );
    }
    out
}
