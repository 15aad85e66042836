//! A dense layer's product where the weight is much larger than the batch.
//!
//! A general product may take another way for another batch, and what a beat is must not depend on those that are made beside it. Here
//! a sample's sums run in one order, whatever their number: the ways differ by the length of rows alone.

mod long;
mod short;

/// Values of a row from which on its sums run along it. Shorter ones end before what is left in a register's lanes is worth adding up.
const LONG: usize = 1 << 11;

/// `x · Wᵀ`: `[batch, inputs]`, `[outputs, inputs]` to `[batch, outputs]`.
pub(super) fn forward(x: &[f32], weight: &[f32], inputs: usize) -> Vec<f32> {
    let outputs = weight.len() / inputs.max(1);
    let mut out = vec![0.0; x.len() / inputs.max(1) * outputs];
    match inputs {
        _ if out.is_empty() => {}
        LONG.. => long::forward(x, weight, inputs, &mut out),
        _ => short::forward(x, weight, inputs, &mut out),
    }
    out
}
