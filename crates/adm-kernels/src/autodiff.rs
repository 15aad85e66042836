//! Backward passes: each operation of [`Forward`] over any backend that has the others.

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, TensorMetadata};

use crate::dropout::Dropout;
use crate::ops::{Activation, Forward, Gradient, Window};

type Saved<B> = <B as burn::backend::BackendTypes>::FloatTensorPrimitive;

fn size_of<B: Backend>(big: &FloatTensor<B>) -> [usize; 2] {
    let shape = big.shape();
    [shape[2], shape[3]]
}

/// An operation `f(a, b)` that is linear in each of its two inputs.
macro_rules! bilinear {
    ($name:ident, $state:ty, |$a:ident, $b:ident, $grad:ident, $extra:ident| $to_a:expr, $to_b:expr) => {
        #[derive(Debug)]
        struct $name;

        impl<B: Forward + Gradient> Backward<B, 2> for $name {
            type State = (NodeId, NodeId, $state);

            fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, saved: &mut Checkpointer) {
                let [node_a, node_b] = ops.parents;
                let $grad = grads.consume::<B>(&ops.node);
                let (a_state, b_state, $extra) = ops.state;
                let $a = saved.retrieve_node_output::<Saved<B>>(a_state);
                let $b = saved.retrieve_node_output::<Saved<B>>(b_state);
                if let Some(node) = node_a {
                    let gradient = $to_a;
                    grads.register::<B>(node.id, gradient);
                }
                if let Some(node) = node_b {
                    let gradient = $to_b;
                    grads.register::<B>(node.id, gradient);
                }
            }
        }
    };
}

bilinear!(
    Conv,
    Window,
    |big, weight, grad, window| B::adm_conv_transpose(grad.clone(), weight.clone(), window, size_of::<B>(&big)),
    B::adm_conv_weight(big.clone(), grad.clone(), window)
);

bilinear!(
    ConvTranspose,
    Window,
    |small, weight, grad, window| B::adm_conv(grad.clone(), weight.clone(), window),
    B::adm_conv_weight(grad.clone(), small.clone(), window)
);

bilinear!(
    ConvWeight,
    Window,
    |big, small, grad, window| B::adm_conv_transpose(small.clone(), grad.clone(), window, size_of::<B>(&big)),
    B::adm_conv(big.clone(), grad.clone(), window)
);

bilinear!(
    Conv1d,
    usize,
    |big, weight, grad, dilation| B::adm_conv1d_transpose(grad.clone(), weight.clone(), dilation),
    B::adm_conv1d_weight(big.clone(), grad.clone(), dilation)
);

bilinear!(
    Conv1dTranspose,
    usize,
    |small, weight, grad, dilation| B::adm_conv1d(grad.clone(), weight.clone(), dilation),
    B::adm_conv1d_weight(grad.clone(), small.clone(), dilation)
);

bilinear!(
    Conv1dWeight,
    usize,
    |big, small, grad, dilation| B::adm_conv1d_transpose(small.clone(), grad.clone(), dilation),
    B::adm_conv1d(big.clone(), grad.clone(), dilation)
);

bilinear!(
    Linear,
    (),
    |x, weight, grad, _extra| B::float_matmul(grad.clone(), weight.clone()),
    B::float_matmul(B::float_transpose(grad.clone()), x.clone())
);

#[derive(Debug)]
struct BiasActivation;

impl<B: Forward + Gradient> Backward<B, 2> for BiasActivation {
    type State = (Saved<B>, Activation);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _saved: &mut Checkpointer) {
        let [node_x, node_bias] = ops.parents;
        let grad = grads.consume::<B>(&ops.node);
        let (y, activation) = ops.state;
        let (x_grad, bias_grad) = B::adm_bias_activation_backward(y, grad, activation);
        if let Some(node) = node_x {
            grads.register::<B>(node.id, x_grad);
        }
        if let Some(node) = node_bias {
            grads.register::<B>(node.id, bias_grad);
        }
    }
}

/// Linear in its input, and its own adjoint.
#[derive(Debug)]
struct Forget;

impl<B: Forward + Gradient> Backward<B, 1> for Forget {
    type State = Dropout;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _saved: &mut Checkpointer) {
        let [node] = ops.parents;
        let grad = grads.consume::<B>(&ops.node);
        if let Some(node) = node {
            grads.register::<B>(node.id, B::adm_dropout(grad, ops.state));
        }
    }
}

#[derive(Debug)]
struct AffineSilu;

impl<B: Forward + Gradient> Backward<B, 3> for AffineSilu {
    type State = [NodeId; 3];

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, saved: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let [x, gain, shift] = ops.state.map(|node| saved.retrieve_node_output::<Saved<B>>(node));
        let (x_grad, gain_grad, shift_grad) = B::adm_affine_silu_backward(x, gain, shift, grad);
        for (node, gradient) in ops.parents.into_iter().zip([x_grad, gain_grad, shift_grad]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

#[derive(Debug)]
struct NormActivation;

/// What the backward pass of [`NormActivation`] needs from the forward pass.
#[derive(Debug, Clone)]
struct Normed<T> {
    x: NodeId,
    gamma: NodeId,
    y: T,
    mean: T,
    variance: T,
    epsilon: f32,
    activation: Activation,
}

impl<B: Forward + Gradient> Backward<B, 3> for NormActivation {
    type State = Normed<Saved<B>>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, saved: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let Normed { x, gamma, y, mean, variance, epsilon, activation } = ops.state;
        let x = saved.retrieve_node_output::<Saved<B>>(x);
        let gamma = saved.retrieve_node_output::<Saved<B>>(gamma);
        let (x_grad, gamma_grad, beta_grad) =
            B::adm_norm_activation_backward(x, y, gamma, mean, variance, grad, epsilon, activation);
        for (node, gradient) in ops.parents.into_iter().zip([x_grad, gamma_grad, beta_grad]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

impl<B: Forward + Gradient, C: CheckpointStrategy> Forward for Autodiff<B, C> {
    fn adm_conv(big: FloatTensor<Self>, weight: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        match Conv.prepare::<C>([big.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&big), prep.checkpoint(&weight), window);
                prep.finish(state, B::adm_conv(big.into_primitive(), weight.into_primitive(), window))
            }
            OpsKind::UnTracked(prep) => prep.finish(B::adm_conv(big.into_primitive(), weight.into_primitive(), window)),
        }
    }

    fn adm_conv_transpose(
        small: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        size: [usize; 2],
    ) -> FloatTensor<Self> {
        match ConvTranspose.prepare::<C>([small.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&small), prep.checkpoint(&weight), window);
                let big = B::adm_conv_transpose(small.into_primitive(), weight.into_primitive(), window, size);
                prep.finish(state, big)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::adm_conv_transpose(small.into_primitive(), weight.into_primitive(), window, size))
            }
        }
    }

    fn adm_conv_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        match ConvWeight.prepare::<C>([big.node(), small.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&big), prep.checkpoint(&small), window);
                prep.finish(state, B::adm_conv_weight(big.into_primitive(), small.into_primitive(), window))
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::adm_conv_weight(big.into_primitive(), small.into_primitive(), window))
            }
        }
    }

    fn adm_conv1d(big: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        match Conv1d.prepare::<C>([big.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&big), prep.checkpoint(&weight), dilation);
                prep.finish(state, B::adm_conv1d(big.into_primitive(), weight.into_primitive(), dilation))
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::adm_conv1d(big.into_primitive(), weight.into_primitive(), dilation))
            }
        }
    }

    fn adm_conv1d_transpose(small: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        match Conv1dTranspose.prepare::<C>([small.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&small), prep.checkpoint(&weight), dilation);
                prep.finish(state, B::adm_conv1d_transpose(small.into_primitive(), weight.into_primitive(), dilation))
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::adm_conv1d_transpose(small.into_primitive(), weight.into_primitive(), dilation))
            }
        }
    }

    fn adm_conv1d_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        match Conv1dWeight.prepare::<C>([big.node(), small.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&big), prep.checkpoint(&small), dilation);
                prep.finish(state, B::adm_conv1d_weight(big.into_primitive(), small.into_primitive(), dilation))
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::adm_conv1d_weight(big.into_primitive(), small.into_primitive(), dilation))
            }
        }
    }

    fn adm_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        match Linear.prepare::<C>([x.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&x), prep.checkpoint(&weight), ());
                prep.finish(state, B::adm_linear(x.into_primitive(), weight.into_primitive()))
            }
            OpsKind::UnTracked(prep) => prep.finish(B::adm_linear(x.into_primitive(), weight.into_primitive())),
        }
    }

    fn adm_bias_activation(x: FloatTensor<Self>, bias: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let prepared = BiasActivation.prepare::<C>([x.node(), bias.node()]).compute_bound().stateful();
        let y = B::adm_bias_activation(x.into_primitive(), bias.into_primitive(), activation);
        match prepared {
            OpsKind::Tracked(prep) => prep.finish((y.clone(), activation), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn adm_dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self> {
        match Forget.prepare::<C>([x.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(dropout, B::adm_dropout(x.into_primitive(), dropout)),
            OpsKind::UnTracked(prep) => prep.finish(B::adm_dropout(x.into_primitive(), dropout)),
        }
    }

    fn adm_affine_silu(x: FloatTensor<Self>, gain: FloatTensor<Self>, shift: FloatTensor<Self>) -> FloatTensor<Self> {
        let forward = |x: FloatTensor<Self>, gain: FloatTensor<Self>, shift: FloatTensor<Self>| {
            B::adm_affine_silu(x.into_primitive(), gain.into_primitive(), shift.into_primitive())
        };
        match AffineSilu.prepare::<C>([x.node(), gain.node(), shift.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = [prep.checkpoint(&x), prep.checkpoint(&gain), prep.checkpoint(&shift)];
                prep.finish(state, forward(x, gain, shift))
            }
            OpsKind::UnTracked(prep) => prep.finish(forward(x, gain, shift)),
        }
    }

    fn adm_norm_activation(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let prepared = NormActivation.prepare::<C>([x.node(), gamma.node(), beta.node()]).compute_bound().stateful();
        let forward = |x: FloatTensor<Self>, gamma: FloatTensor<Self>| {
            B::adm_norm_activation(
                x.into_primitive(),
                gamma.into_primitive(),
                beta.into_primitive(),
                epsilon,
                activation,
            )
        };
        let (y, mean, variance) = match prepared {
            OpsKind::Tracked(mut prep) => {
                let (x_state, gamma_state) = (prep.checkpoint(&x), prep.checkpoint(&gamma));
                let (y, mean, variance) = forward(x, gamma);
                let state = Normed {
                    x: x_state,
                    gamma: gamma_state,
                    y: y.clone(),
                    mean: mean.clone(),
                    variance: variance.clone(),
                    epsilon,
                    activation,
                };
                (prep.finish(state, y), mean, variance)
            }
            OpsKind::UnTracked(prep) => {
                let (y, mean, variance) = forward(x, gamma);
                (prep.finish(y), mean, variance)
            }
        };
        (y, Self::from_inner(mean), Self::from_inner(variance))
    }
}
